//! The board of the dispatcher and the load of both IT teams: who has what, who has too much, and what nobody has yet.
//!
//! The **board** shows one team: what nobody works on yet, then a column for each of its people with what they work on first, what is due first
//! on top; or the same by status. A **card** is a ticket on it. Moving a card is the verb of the ticket, so what holds for that holds here: only the
//! party that holds a ticket moves it, and whoever is late learns what it is now. What was moved can be moved back as long as nothing else has
//! happened to it.
//!
//! The **load** says for each team within reach what it has to do, and for each of its people. Each figure is counted to a limit and leads to its
//! list: none is kept.
//!
//! For people of both IT teams. Internal IT sees its own teams, and of a team of the provider what it holds for them alone: neither its other
//! tickets nor those of its people who have nothing of theirs.

mod load;
mod moving;
mod shown;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod web;

use remit_core::Id;
use remit_db::Tx;

pub(crate) use load::{COUNTED, Load, TeamBurden, load};
pub(crate) use moving::{Move, Spot, shift};
pub(crate) use shown::{By, Column, Shown, shown};

use crate::act::Act;
use crate::people::{self, PartyKind, Permission, Team, TeamSummary};
use crate::refused::Refused;
use crate::tickets;

/// A team of an IT team, and what it is to the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The team.
    pub team: TeamSummary,
    /// Whether the caller is in it.
    pub own: bool,
    /// Whether it is of the caller's party; whoever is above the parties is of all.
    pub ours: bool,
}

/// The teams of both IT teams that the caller sees, those that they are in first.
pub(crate) fn teams(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<Seen>, Refused> {
    act.require(Permission::ReadLoad)?;
    let party = act.caller.party;
    let own: Vec<Id<Team>> = tickets::own_teams(tx, act)?;
    let internal = act.caller.role.party() == PartyKind::Internal;
    let active = if internal { tickets::active_teams(tx, act)? } else { Vec::new() };
    let mut all: Vec<Seen> = Vec::new();
    for team in people::teams(tx, act)?.into_iter().filter(|team| team.kind != PartyKind::Vendor) {
        let seen =
            Seen { own: own.contains(&team.id), ours: party.is_none_or(|party| party == team.party), team };
        if seen.ours || !internal || active.contains(&seen.team.id) {
            all.push(seen);
        }
    }
    // What is the same in both keeps its order: the provider before the clients, and each by name.
    all.sort_by_key(|seen| (!seen.own, !seen.ours));
    Ok(all)
}

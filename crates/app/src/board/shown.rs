//! The board of one team: its columns, and the cards on top of each.

use remit_core::Id;
use remit_db::Tx;

use super::moving::Spot;
use super::{Seen, teams};
use crate::act::Act;
use crate::people::{Membership, PartyKind, Team};
use crate::refused::Refused;
use crate::tickets::{Pile, Stack, Status, people_load, stacks};

/// Cards in a column.
const CARDS: usize = 20;
/// How far a column is counted.
pub(crate) const COUNTED: u16 = 100;
/// People who have a column.
const PEOPLE: usize = 40;
/// The caller's own teams that are looked at for the one that is shown first.
const OWN: usize = 8;
/// The most people of a team who are looked at.
const MOST: u16 = 500;

/// What the columns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Who works on it first.
    Person,
    /// Where the work stands.
    Status,
}

impl By {
    /// In addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Status => "status",
        }
    }

    /// The one with this key, by person without one.
    pub fn from_key(key: &str) -> Self {
        if key == Self::Status.key() { Self::Status } else { Self::Person }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// What a card becomes that is moved here.
    pub spot: Spot,
    /// What stands above it.
    pub name: String,
    /// The list of all that is in it.
    pub pile: Pile,
    /// What is in it.
    pub stack: Stack,
}

/// The board of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Teams that can be chosen.
    pub teams: Vec<Seen>,
    /// The one that is shown; none where there is none.
    pub team: Option<Seen>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Behind whom the people of the next page are.
    pub more: Option<Id<Membership>>,
}

/// The board of a team; without one, of the busiest that the caller is in.
pub(crate) fn shown(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (team, by, after): (Option<Id<Team>>, By, Option<Id<Membership>>),
) -> Result<Shown, Refused> {
    let mut teams = teams(tx, act)?;
    let seen = match team {
        Some(id) => match teams.iter().find(|seen| seen.team.id == id) {
            Some(seen) => Some(seen.clone()),
            None => Some(foreign(tx, act, id)?),
        },
        None => busiest(tx, act, &teams)?,
    };
    let Some(seen) = seen else {
        return Ok(Shown { teams, team: None, columns: Vec::new(), more: None });
    };
    // Whom nobody looks for is not in the way: teams of clients are many, and their load leads to each.
    teams.retain(|one| {
        one.ours || act.caller.role.party() == PartyKind::Internal || one.team.id == seen.team.id
    });
    let (heads, more) = match by {
        By::Person => people(tx, act, (&seen, after))?,
        By::Status => (statuses(seen.team.id), None),
    };
    let piles: Vec<Pile> = heads.iter().map(|(.., pile)| *pile).collect();
    let filled = stacks(tx, act, &piles, (CARDS, COUNTED))?;
    let column = |((spot, name, pile), stack)| Column { spot, name, pile, stack };
    let columns = heads.into_iter().zip(filled).map(column).collect();
    Ok(Shown { teams, team: Some(seen), columns, more })
}

/// The one of the caller's teams that holds most; the first of all where they are in none.
fn busiest(tx: &mut Tx<'_, '_>, act: &Act, teams: &[Seen]) -> Result<Option<Seen>, Refused> {
    let own: Vec<&Seen> = teams.iter().filter(|seen| seen.own).take(OWN).collect();
    let piles: Vec<Pile> = own.iter().map(|seen| Pile::Held(seen.team.id)).collect();
    let counts = stacks(tx, act, &piles, (1, COUNTED))?.into_iter().map(|stack| stack.count);
    let mut most: Option<(usize, &Seen)> = None;
    for (seen, count) in own.into_iter().zip(counts) {
        if most.is_none_or(|(before, _)| count > before) {
            most = Some((count, seen));
        }
    }
    Ok(most.map(|(_, seen)| seen).or(teams.first()).cloned())
}

/// A team within reach that holds nothing of the caller's: its board is there, and empty. That of a vendor is not.
fn foreign(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Team>) -> Result<Seen, Refused> {
    let team = crate::people::team(tx, act, id)?;
    if team.kind == PartyKind::Vendor {
        return Err(Refused::NotFound);
    }
    Ok(Seen { team, own: false, ours: false })
}

type Heads = Vec<(Spot, String, Pile)>;

/// Nobody, and then the people of the team by name. Of a team of another company those alone who have something within reach.
fn people(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (seen, after): (&Seen, Option<Id<Membership>>),
) -> Result<(Heads, Option<Id<Membership>>), Refused> {
    let mut all = people_load(tx, act, seen.team.id, (1, MOST))?;
    all.retain(|person| seen.ours || person.works > 0);
    let begin = after.and_then(|after| all.iter().position(|person| person.id == after));
    let begin = begin.map_or(0, |place| place + 1);
    let more = all.len() > begin + PEOPLE;
    let page: Vec<_> = all.into_iter().skip(begin).take(PEOPLE).collect();
    let next = page.last().filter(|_| more).map(|person| person.id);
    let nobody = (Spot::Worker(None), "Nobody yet".to_owned(), Pile::Nobody(seen.team.id));
    let each = page.into_iter().map(|one| (Spot::Worker(Some(one.id)), one.name, Pile::Works(one.id)));
    Ok((std::iter::once(nobody).chain(each).collect(), next))
}

/// Every status but the last: what is closed is on no board.
fn statuses(team: Id<Team>) -> Heads {
    let open = Status::ALL.iter().filter(|status| **status != Status::Closed);
    open.map(|status| (Spot::Status(*status), status.name().to_owned(), Pile::Status(team, *status)))
        .collect()
}

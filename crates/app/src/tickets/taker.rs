//! Whether somebody can take a ticket, and why not: asked by whoever wonders why it does not move.

use remit_core::{At, Id};
use remit_db::{Tx, sql};

use super::ticket::hand;
use super::visibility::Sight;
use super::{Hand, Ticket, store};
use crate::act::Act;
use crate::clients::Client;
use crate::people::{self, Member, Membership, Party, Permission, State};
use crate::refused::Refused;

/// The most people who are looked at.
const MOST: u16 = 20;

/// What stands between somebody and a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// It is closed: nobody takes it.
    Closed,
    /// They have not come in yet, were suspended, or have left.
    Standing(State),
    /// Their role does not work on tickets.
    Role(people::Role),
    /// They do not reach the client.
    Reach,
    /// Their party neither holds it nor is asked: whoever holds it has to offer it to them.
    Held(Hand),
}

impl Hindrance {
    /// In a sentence that says what would help.
    pub fn words(&self) -> String {
        match self {
            Self::Closed => "it is closed: whoever held it last can open it again".to_owned(),
            Self::Standing(State::Invited) => "they were invited and have not come in yet".to_owned(),
            Self::Standing(State::Suspended) => "they are suspended: reinstate them first".to_owned(),
            Self::Standing(_) => "they have left: invite them again first".to_owned(),
            Self::Role(role) => {
                format!("{} does not work on tickets: give them a role that does", role.name())
            }
            Self::Reach => "they do not reach this client: add it to their clients first".to_owned(),
            Self::Held(holder) => format!(
                "{} of {} holds it and has not offered it to their party: ask there for it",
                holder.team_name, holder.party_name
            ),
        }
    }
}

/// How somebody can take a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taking {
    /// Their party holds it: whoever has it can say that they work on it.
    Assigned,
    /// It is offered to their party: they accept it, until then.
    Accepted {
        /// To which team.
        to: Hand,
        /// When the offer runs out.
        until: Option<At>,
    },
    /// Not, for all of these reasons.
    Not(Vec<Hindrance>),
}

/// Whether somebody of the client, of the provider or of a vendor can take it. All that hinders is said at once, not one thing after the other.
pub fn taking(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    who: Id<Membership>,
) -> Result<(Member, Taking), Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    let member = people::known(tx, who)?;
    // A vendor learns of its own people alone.
    if let Sight::Vendor(party) = Sight::of(act)?
        && member.party != party
    {
        return Err(Refused::NotFound);
    }
    let mut against = Vec::new();
    if ticket.closed_at.is_some() {
        against.push(Hindrance::Closed);
    }
    if member.state != State::Active {
        against.push(Hindrance::Standing(member.state));
    }
    if !member.role.may(Permission::WorkTickets) {
        against.push(Hindrance::Role(member.role));
    }
    if !reaches(tx, &member, ticket.client)? {
        against.push(Hindrance::Reach);
    }
    let way = way(tx, &ticket, member.party)?;
    let taking = match way {
        Ok(way) if against.is_empty() => way,
        Ok(_) => Taking::Not(against),
        Err(hindrance) => {
            against.push(hindrance);
            Taking::Not(against)
        }
    };
    Ok((member, taking))
}

/// How a party comes to it.
fn way(tx: &mut Tx<'_, '_>, ticket: &Ticket, party: Id<Party>) -> Result<Result<Taking, Hindrance>, Refused> {
    if party == ticket.party {
        return Ok(Ok(Taking::Assigned));
    }
    if let Some(offer) = ticket.custody.offer() {
        let to = hand(tx, offer.to)?;
        if to.party == party {
            return Ok(Ok(Taking::Accepted { to, until: ticket.answer_by }));
        }
    }
    Ok(Err(Hindrance::Held(hand(tx, ticket.team)?)))
}

fn reaches(tx: &mut Tx<'_, '_>, member: &Member, client: Id<Client>) -> Result<bool, Refused> {
    if member.everywhere || member.client.is_some() {
        return Ok(member.everywhere || member.client == Some(client));
    }
    let find = sql!(
        "SELECT client_id FROM reach WHERE provider_id = $1 AND {reach: client_id} AND membership_id = $2 AND client_id = $3"
    );
    Ok(tx.find::<(Id<Client>,), _>(find, (member.id, client))?.is_some())
}

/// People whose names begin like that, who could be asked about: those of the client, the provider and its vendors.
pub fn candidates(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    begins: &str,
) -> Result<Vec<Member>, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    let only = match Sight::of(act)? {
        Sight::Vendor(party) => Some(party),
        Sight::Working(_) | Sight::Reading | Sight::Own(_) => None,
    };
    people::named_like(tx, (ticket.client, only), begins, MOST)
}

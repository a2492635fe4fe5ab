//! Who else is at a ticket just now, and whether they write: so that two do not answer at once. It is heard from the pages of those who work on
//! tickets and forgotten after a minute; nobody who only asked for help is watched, and nothing of it is noted.

use remit_core::{Id, Millis};
use remit_db::{Tx, sql};

use super::visibility::Sight;
use super::{Ticket, store};
use crate::act::Act;
use crate::keyed::keyed;
use crate::people::Membership;
use crate::refused::Refused;

/// How long somebody is there after they were heard last.
pub const LASTS: Millis = Millis::from_millis(60_000);
/// Who is heard again within this is not written down again.
const COARSE: Millis = Millis::from_millis(20_000);
/// The most who are shown.
const MOST: u16 = 20;

keyed! {
    /// What somebody does at a ticket.
    Doing as "Doing" {
        /// Has it open.
        Looks = "looks", "is looking at it";
        /// Has begun an answer.
        Writes = "writes", "is writing";
    }
}

/// Somebody who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub who: Id<Membership>,
    /// Their name.
    pub name: String,
    /// What they do.
    pub doing: Doing,
}

/// The caller is at a ticket. Those who are there too hear of it where it is news.
pub fn heard(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, doing: Doing) -> Result<(), Refused> {
    let ticket = store::find(tx, act, id)?;
    let Some(own) = act.caller.membership.filter(|_| is_seen(act)) else { return Ok(()) };
    let set = sql!(
        "INSERT INTO ticket_presence (provider_id, ticket_id, membership_id, client_id, doing, heard_at) \
         VALUES ($1, $2, $3, {client: $4}, $5, $6) ON CONFLICT (provider_id, ticket_id, membership_id) \
         DO UPDATE SET doing = excluded.doing, heard_at = excluded.heard_at"
    );
    let news = is_news(tx, act, id, (own, doing))?;
    tx.exec(set, (id, own, ticket.client, doing, act.at))?;
    if news {
        tx.announce(format!("at {id}"));
    }
    Ok(())
}

/// Whether it is worth writing down: who is there is not written down with each page.
pub(super) fn is_due(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<bool, Refused> {
    let Some(own) = act.caller.membership.filter(|_| is_seen(act)) else { return Ok(false) };
    let find = sql!(
        "SELECT doing, heard_at FROM ticket_presence WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 \
         AND membership_id = $3 AND heard_at > $4"
    );
    Ok(tx.find::<(Doing, remit_core::At), _>(find, (id, own, act.at - COARSE))?.is_none())
}

fn is_news(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    (own, doing): (Id<Membership>, Doing),
) -> Result<bool, Refused> {
    let find = sql!(
        "SELECT doing FROM ticket_presence WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND membership_id = $3 \
         AND heard_at > $4"
    );
    let before: Option<(Doing,)> = tx.find(find, (id, own, act.at - LASTS))?;
    Ok(before != Some((doing,)))
}

/// Who else is there, by name. A vendor sees those of its own party.
pub fn present(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Vec<Present>, Refused> {
    store::find(tx, act, id)?;
    if !is_seen(act) {
        return Ok(Vec::new());
    }
    let party = match Sight::of(act)? {
        Sight::Vendor(party) => Some(party),
        Sight::Working(_) | Sight::Reading | Sight::Own(_) => None,
    };
    let list = sql!(
        "SELECT m.id, m.name, a.doing FROM ticket_presence a JOIN membership m ON m.provider_id = a.provider_id AND m.id = a.membership_id \
         WHERE a.provider_id = $1 AND {reach: a.client_id} AND a.ticket_id = $2 AND a.heard_at > $3 \
         AND (m.party_id = $4 OR $4 IS NULL) ORDER BY m.folded, m.id LIMIT $5"
    );
    let own = act.caller.membership;
    let found: Vec<(Id<Membership>, String, Doing)> = tx.rows(list, (id, act.at - LASTS, party, MOST))?;
    let others = found.into_iter().filter(|(who, ..)| Some(*who) != own);
    Ok(others.map(|(who, name, doing)| Present { who, name, doing }).collect())
}

/// Whether the caller is one of those who work on tickets.
fn is_seen(act: &Act) -> bool {
    matches!(Sight::of(act), Ok(Sight::Working(_) | Sight::Vendor(_)))
}

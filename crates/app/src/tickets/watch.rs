//! Who follows a ticket besides those whose it is.

use remit_core::Id;
use remit_db::{Tx, sql};

use super::event::Happened;
use super::ticket::Change;
use super::visibility::Sight;
use super::{Ticket, store};
use crate::act::Act;
use crate::people::Membership;
use crate::refused::{Field, Refused};

/// The most who can follow one ticket.
const MOST: u16 = 100;

/// Those who follow a ticket, by name.
pub fn watchers(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: &Ticket,
) -> Result<Vec<(Id<Membership>, String)>, Refused> {
    match Sight::of(act)? {
        Sight::Working(_) | Sight::Reading => watched_by(tx, ticket.id),
        Sight::Vendor(_) | Sight::Own(_) => Ok(Vec::new()),
    }
}

pub(super) fn watched_by(
    tx: &mut Tx<'_, '_>,
    id: Id<Ticket>,
) -> Result<Vec<(Id<Membership>, String)>, Refused> {
    let list = sql!(
        "SELECT m.id, m.name FROM ticket_watcher w JOIN membership m ON m.provider_id = w.provider_id AND m.id = w.membership_id \
         WHERE w.provider_id = $1 AND {reach: w.client_id} AND w.ticket_id = $2 ORDER BY m.folded, m.id LIMIT $3"
    );
    Ok(tx.rows(list, (id, MOST))?)
}

/// Whether somebody follows it.
pub(super) fn watches(tx: &mut Tx<'_, '_>, id: Id<Ticket>, who: Id<Membership>) -> Result<bool, Refused> {
    let find = sql!(
        "SELECT membership_id FROM ticket_watcher WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND membership_id = $3"
    );
    Ok(tx.find::<(Id<Membership>,), _>(find, (id, who))?.is_some())
}

/// Lets somebody follow a ticket: the caller, or, by whoever works on tickets, anybody of the client or the provider.
pub fn watch(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    who: Option<Id<Membership>>,
) -> Result<Ticket, Refused> {
    let ticket = store::find(tx, act, id)?;
    let who = of(tx, act, &ticket, who)?;
    if watched_by(tx, id)?.len() >= usize::from(MOST) {
        return Err(Refused::Conflict(format!("{MOST} people follow it already")));
    }
    let name = store::name_of(tx, who)?;
    if !keep(tx, &ticket, who)? {
        return Ok(ticket);
    }
    let mut change = Change::of(ticket);
    change.happened(act, Happened::Watched { name, follows: true });
    change.keep(tx, act)
}

/// Ends that.
pub fn unwatch(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    who: Option<Id<Membership>>,
) -> Result<Ticket, Refused> {
    let ticket = store::find(tx, act, id)?;
    let who = of(tx, act, &ticket, who)?;
    let name = store::name_of(tx, who)?;
    let cut = sql!(
        "DELETE FROM ticket_watcher WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND membership_id = $3"
    );
    if tx.exec(cut, (id, who))? == 0 {
        return Ok(ticket);
    }
    let mut change = Change::of(ticket);
    change.happened(act, Happened::Watched { name, follows: false });
    change.keep(tx, act)
}

/// Who is meant: the caller, or somebody of the client or of the provider.
fn of(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: &Ticket,
    who: Option<Id<Membership>>,
) -> Result<Id<Membership>, Refused> {
    let wrong = |why: &str| Refused::Invalid(vec![Field::new("who", why)]);
    let who = who.or(act.caller.membership).ok_or_else(|| wrong("say who: the command line is nobody"))?;
    if Some(who) == act.caller.membership {
        return Ok(who);
    }
    if !matches!(Sight::of(act)?, Sight::Working(_)) {
        return Err(wrong("you can follow it yourself"));
    }
    // A vendor reads what it holds or is offered, and nothing by following.
    let find = sql!(
        "SELECT m.id FROM membership m JOIN party p ON p.provider_id = m.provider_id AND p.id = m.party_id \
         WHERE m.provider_id = $1 AND {reach?: m.client_id} AND m.id = $2 AND (m.client_id IS NULL OR m.client_id = $3) \
         AND p.kind <> 'vendor' AND m.state <> 'left'"
    );
    let found: Option<(Id<Membership>,)> = tx.find(find, (who, ticket.client))?;
    found.map(|(id,)| id).ok_or_else(|| wrong("choose somebody of the client or the provider"))
}

/// Notes that somebody follows it; says whether they did not before.
pub(super) fn keep(tx: &mut Tx<'_, '_>, ticket: &Ticket, who: Id<Membership>) -> Result<bool, Refused> {
    let add = sql!(
        "INSERT INTO ticket_watcher (provider_id, ticket_id, membership_id, client_id) VALUES ($1, $2, $3, {client: $4}) \
         ON CONFLICT DO NOTHING"
    );
    Ok(tx.exec(add, (ticket.id, who, ticket.client))? == 1)
}

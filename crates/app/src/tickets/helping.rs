//! Who works on a ticket besides whoever works on it first. One team holds it, and one of its people works on it first; people of either IT team
//! **help**: it is on their list of what they work on, and they are told what whoever works on it first is told. Helping moves nothing: the
//! holder stays the holder, and its clocks run on.

use remit_core::Id;
use remit_db::{Tx, sql};

use super::event::Happened;
use super::ticket::Change;
use super::visibility::Sight;
use super::{Ticket, store};
use crate::act::Act;
use crate::people::{Membership, Party, PartyKind, Permission, Role};
use crate::refused::{Field, Refused};

/// The most who help with one ticket.
const MOST: u16 = 10;

/// Those who help with a ticket, by name; nobody for whoever is of neither IT team.
pub fn helpers(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: &Ticket,
) -> Result<Vec<(Id<Membership>, String)>, Refused> {
    if !Sight::of(act)?.reads_teams() {
        return Ok(Vec::new());
    }
    let all = helping(tx, ticket.id)?;
    Ok(all.into_iter().map(|(id, name, _)| (id, name)).collect())
}

/// Who, what they are called, and of which party.
type Helper = (Id<Membership>, String, Id<Party>);

/// The same for whatever has to be told, with their parties.
pub(super) fn helping(tx: &mut Tx<'_, '_>, id: Id<Ticket>) -> Result<Vec<Helper>, Refused> {
    let list = sql!(
        "SELECT m.id, m.name, m.party_id FROM ticket_helper h JOIN membership m ON m.provider_id = h.provider_id AND m.id = h.membership_id \
         WHERE h.provider_id = $1 AND {reach: h.client_id} AND h.ticket_id = $2 AND m.state <> 'left' ORDER BY m.folded, m.id LIMIT $3"
    );
    Ok(tx.rows(list, (id, MOST))?)
}

/// An open ticket, for those of both IT teams.
fn open_one(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Ticket, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    if !Sight::of(act)?.reads_teams() {
        return Err(Refused::Conflict("who helps is said by both IT teams".to_owned()));
    }
    if ticket.closed_at.is_some() {
        return Err(Refused::Conflict("it is closed: nobody works on it any more".to_owned()));
    }
    Ok(ticket)
}

/// Lets somebody of either IT team help: by themselves, or by whoever is of one. Whoever helps already goes on.
pub fn help(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, who: Id<Membership>) -> Result<Ticket, Refused> {
    let ticket = open_one(tx, act, id)?;
    let wrong = |why: &str| Refused::Invalid(vec![Field::new("helper", why)]);
    if ticket.worker == Some(who) {
        return Err(wrong("they work on it first already"));
    }
    let find = sql!(
        "SELECT m.name, m.role FROM membership m WHERE m.provider_id = $1 AND {reach?: m.client_id} AND m.id = $2 \
         AND (m.client_id IS NULL OR m.client_id = $3) AND m.state IN ('active', 'invited')"
    );
    let found: Option<(String, String)> = tx.find(find, (who, ticket.client))?;
    let found = found.filter(|(_, role)| {
        let role = Role::from_key(role);
        role.is_some_and(|role| role.may(Permission::WorkTickets) && role.party() != PartyKind::Vendor)
    });
    let (name, _) = found.ok_or_else(|| wrong("choose somebody of either IT team"))?;
    let there = helping(tx, id)?;
    if there.iter().any(|(one, ..)| *one == who) {
        return Ok(ticket);
    }
    if there.len() >= usize::from(MOST) {
        return Err(wrong("ten people help with it already"));
    }
    keep(tx, &ticket, who)?;
    let mut change = Change::of(ticket);
    change.happened(act, Happened::Helped { who, name, helps: true });
    change.keep(tx, act)
}

/// Ends that.
pub fn end_help(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    who: Id<Membership>,
) -> Result<Ticket, Refused> {
    let ticket = open_one(tx, act, id)?;
    let cut = sql!(
        "DELETE FROM ticket_helper WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND membership_id = $3"
    );
    if tx.exec(cut, (id, who))? == 0 {
        return Ok(ticket);
    }
    let name = store::name_of(tx, who)?;
    let mut change = Change::of(ticket);
    change.happened(act, Happened::Helped { who, name, helps: false });
    change.keep(tx, act)
}

/// Notes that somebody helps.
pub(super) fn keep(tx: &mut Tx<'_, '_>, ticket: &Ticket, who: Id<Membership>) -> Result<(), Refused> {
    let add = sql!(
        "INSERT INTO ticket_helper (provider_id, ticket_id, membership_id, client_id, open) VALUES ($1, $2, $3, {client: $4}, TRUE) \
         ON CONFLICT DO NOTHING"
    );
    tx.exec(add, (ticket.id, who, ticket.client))?;
    Ok(())
}

/// Notes whether the ticket is open, where that has changed.
pub(super) fn turned(tx: &mut Tx<'_, '_>, (before, now): (&Ticket, &Ticket)) -> Result<(), Refused> {
    if before.closed_at.is_some() == now.closed_at.is_some() {
        return Ok(());
    }
    let set = sql!(
        "UPDATE ticket_helper SET open = $3 WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2"
    );
    tx.exec(set, (now.id, now.closed_at.is_none()))?;
    Ok(())
}

//! Taking a checklist off a ticket that it was put on by mistake, or that needs it no longer.

use remit_core::Id;
use remit_db::{Tx, sql};

use super::super::Ticket;
use super::super::event::Happened;
use super::super::ticket::Change;
use super::super::visibility::Visibility;
use super::given::{ItemState, TicketChecklist, on, reason_for, worked};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::{Faults, Field, Refused};

/// Takes a checklist off a ticket, by its number there, and says why. Whoever holds the ticket does: what was still to be done then need not be
/// done, as if all of it were skipped. What was required and is done stays, for the ticket is the proof of it.
pub fn take_off(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, number): (Id<Ticket>, i64),
    reason: &str,
) -> Result<Ticket, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = worked(tx, act, id)?;
    let mut faults = Faults::default();
    let reason = faults.take("reason", reason_for(reason, "write why it is taken off")).unwrap_or_default();
    faults.end()?;
    let list = on(tx, id)?.into_iter().find(|list| list.number == number);
    let gone = || Refused::Invalid(vec![Field::new("number", "choose a checklist that is on the ticket")]);
    let list = list.ok_or_else(gone)?;
    if act.caller.party.is_some_and(|party| party != ticket.party) {
        let words = format!("“{}” is taken off by whoever holds the ticket: ask them", list.name);
        return Err(Refused::Conflict(words));
    }
    if let Some(done) = list.proof() {
        let words = format!(
            "“{done}” was required and is done, and the ticket is the proof of it: if it was not done, say so first"
        );
        return Err(Refused::Conflict(words));
    }
    let items = sql!(
        "DELETE FROM ticket_item WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND part_of = $3"
    );
    tx.exec(items, (id, number))?;
    let lists = sql!(
        "DELETE FROM ticket_checklist WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND number = $3"
    );
    tx.exec(lists, (id, number))?;
    let open = list.open().map(|item| item.text.clone()).collect();
    let mut change = Change::of(ticket);
    change.wrote(act, Visibility::Teams, Happened::Unlisted { list: list.name, open }, &reason);
    change.keep(tx, act)
}

impl TicketChecklist {
    /// The first of its items that was required and is done.
    pub fn proof(&self) -> Option<&str> {
        let done = |item: &&super::Item| item.required && item.state == ItemState::Done;
        self.items.iter().find(done).map(|item| item.text.as_str())
    }
}

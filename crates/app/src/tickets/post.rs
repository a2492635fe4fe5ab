//! Replies and notes.

use remit_core::Id;
use remit_db::Tx;

use super::change::moved;
use super::event::Happened;
use super::kind::Status;
use super::ticket::Change;
use super::visibility::{Sight, Visibility};
use super::{Ticket, custody, draft, open, relation, store};
use crate::act::Act;
use crate::refused::{Faults, Field, Refused};

/// Writes into a ticket. What the requester writes into one that waits for them, or that was called solved, sets it to work again.
pub fn write(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    visibility: Visibility,
    text: &str,
) -> Result<Ticket, Refused> {
    let mut faults = Faults::default();
    let text = faults.take(
        "text",
        open::prose(text).and_then(|text| {
            if text.trim().is_empty() { Err("write something first".to_owned()) } else { Ok(text) }
        }),
    );
    let sight = Sight::of(act)?;
    let ticket = store::find(tx, act, id)?;
    if !sight.writes().contains(&visibility) {
        faults
            .take::<(), _>("visibility", Err("what you write here is read by everybody who sees the ticket"));
    }
    faults.end()?;
    if ticket.status == Status::Closed {
        let why = match relation::goes_on_in(tx, id)? {
            Some(number) => format!("it was merged: write into #{number}"),
            None => "it is closed; open a new one, and name this one in it".to_owned(),
        };
        return Err(Refused::Invalid(vec![Field::new("text", why)]));
    }
    let mut change = Change::of(ticket);
    change.wrote(act, visibility, Happened::Wrote, &text.unwrap_or_default());
    let asked = act.caller.membership == Some(change.ticket.requester);
    if asked && matches!(change.ticket.status, Status::WaitingRequester | Status::Solved) {
        moved(tx, act, &mut change, Status::Working)?;
    }
    custody::settled(tx, act, &mut change)?;
    draft::sent(tx, act, id)?;
    change.keep(tx, act)
}

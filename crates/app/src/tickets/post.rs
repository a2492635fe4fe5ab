//! Replies and notes.

use remit_core::Id;
use remit_db::Tx;

use super::change::moved;
use super::event::{Happened, Line};
use super::kind::Status;
use super::ticket::Change;
use super::visibility::{Sight, Visibility};
use super::{Ticket, custody, draft, open, relation, store};
use crate::act::Act;
use crate::attachments::{self, Attachment, Received};
use crate::ratings::Grade;
use crate::refused::{Faults, Field, Refused};

/// Writes into a ticket. What the requester writes into one that waits for them, or that was called solved, sets it to work again.
pub fn write(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    visibility: Visibility,
    text: &str,
) -> Result<Ticket, Refused> {
    write_with(tx, act, id, (visibility, text, &[]))
}

/// Whether somebody can write into a ticket so that those read it: asked before files are taken for it.
pub(crate) fn may_write(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    visibility: Visibility,
) -> Result<(), Refused> {
    let mut faults = Faults::default();
    let sight = Sight::of(act)?;
    let ticket = store::find(tx, act, id)?;
    if !sight.writes().contains(&visibility) {
        faults
            .take::<(), _>("visibility", Err("what you write here is read by everybody who sees the ticket"));
    }
    faults.end()?;
    is_open(tx, &ticket)
}

/// The same with files that come with it; then there need be no text.
pub fn write_with(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    (visibility, text, files): (Visibility, &str, &[Received]),
) -> Result<Ticket, Refused> {
    let (ticket, text) = sound(tx, act, id, (visibility, text, files))?;
    let named = attachments::named(act, files);
    let mut change = Change::of(ticket);
    change.wrote(act, visibility, Happened::Wrote { files: named.clone() }, &text);
    let seq = change.ticket.lines;
    let asked = act.caller.membership == Some(change.ticket.requester);
    if asked && matches!(change.ticket.status, Status::WaitingRequester | Status::Solved) {
        moved(tx, act, &mut change, Status::Working)?;
    }
    custody::settled(tx, act, &mut change)?;
    draft::sent(tx, act, id)?;
    let ticket = change.keep(tx, act)?;
    attachments::add(tx, act, (&ticket, seq), (&named, files))?;
    Ok(ticket)
}

/// Refuses what cannot be written into it; the text as it is written.
pub(super) fn sound(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    (visibility, text, files): (Visibility, &str, &[Received]),
) -> Result<(Ticket, String), Refused> {
    let mut faults = Faults::default();
    let text = faults.take(
        "text",
        open::prose(text).and_then(|text| {
            let empty = text.trim().is_empty() && files.is_empty();
            if empty { Err("write something first".to_owned()) } else { Ok(text) }
        }),
    );
    let sight = Sight::of(act)?;
    let ticket = store::find(tx, act, id)?;
    if !sight.writes().contains(&visibility) {
        faults
            .take::<(), _>("visibility", Err("what you write here is read by everybody who sees the ticket"));
    }
    faults.end()?;
    is_open(tx, &ticket)?;
    attachments::room(tx, id, files)?;
    Ok((ticket, text.unwrap_or_default()))
}

fn is_open(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<(), Refused> {
    if ticket.status != Status::Closed {
        return Ok(());
    }
    let why = match relation::goes_on_in(tx, ticket.id)? {
        Some(number) => format!("it was merged: write into #{number}"),
        None => "it is closed; open a new one, and name this one in it".to_owned(),
    };
    Err(Refused::Invalid(vec![Field::new("text", why)]))
}

/// Notes how it was, as whoever asked for it says: their words are for both IT teams.
pub(crate) fn rated(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    (grade, comment): (Grade, &str),
) -> Result<Ticket, Refused> {
    let mut change = Change::of(ticket);
    change.wrote(act, Visibility::Teams, Happened::Rated { grade }, comment);
    change.keep(tx, act)
}

/// Notes for both IT teams what was done about a bad rating, though the ticket may be closed.
pub(crate) fn followed_up(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    done: &str,
) -> Result<Ticket, Refused> {
    let mut change = Change::of(ticket);
    change.wrote(act, Visibility::Teams, Happened::Wrote { files: Vec::new() }, done);
    change.keep(tx, act)
}

/// Notes that an attachment was taken away, for whoever reads the line that it came with.
pub(crate) fn detached(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: Ticket,
    (line, one): (Line, Attachment),
) -> Result<Ticket, Refused> {
    let mut change = Change::of(ticket);
    change.wrote(act, line.visibility, Happened::Detached { file: one.about, line: line.seq }, "");
    change.keep(tx, act)
}

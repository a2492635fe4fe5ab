//! How tickets hang together: links, parent and child, merging and splitting. Nothing is lost by any of it: lines stay where they were written.

use remit_core::Id;
use remit_db::{Error, FromRow, Row, Tx, sql};

use super::change::moved;
use super::event::{Happened, Line, latest};
use super::kind::Status;
use super::ticket::Change;
use super::visibility::{Sight, Visibility};
use super::watch::watched_by;
use super::{NewTicket, Ticket, approval, custody, field, helping, store, tag, watch};
use crate::App;
use crate::act::{Act, Caller};
use crate::attachments;
use crate::keyed::keyed;
use crate::people::Permission;
use crate::refused::{Field, Refused};

keyed! {
    /// What a ticket is to another.
    LinkKind as "TicketLink" {
        /// They have something to do with each other.
        Related = "related", "is related to";
        /// It is a part of the other, which is not closed before it.
        Child = "child", "is a part of";
        /// Both are about the same.
        Duplicate = "duplicate", "is a duplicate of";
        /// The other is why it happened.
        Caused = "caused", "is caused by";
        /// It cannot go on before the other is solved.
        Blocked = "blocked", "waits for";
        /// It was a part of the other until somebody split it off.
        Split = "split", "was split from";
        /// It goes on in the other.
        Merged = "merged", "goes on in";
    }
}

/// How far up parents are followed, and how many links a ticket can have.
const DEEPEST: usize = 20;
const MOST: u16 = 200;

impl LinkKind {
    /// Those that somebody can say; the others follow from what was done.
    pub const SAID: &'static [Self] =
        &[Self::Related, Self::Child, Self::Duplicate, Self::Caused, Self::Blocked];

    /// The same read from the other end.
    pub const fn back(self) -> &'static str {
        match self {
            Self::Related => "is related to",
            Self::Child => "has the part",
            Self::Duplicate => "has the duplicate",
            Self::Caused => "is the cause of",
            Self::Blocked => "holds up",
            Self::Split => "has split off",
            Self::Merged => "has taken in",
        }
    }
}

/// A link as it is seen from one of its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// What the one is to the other.
    pub kind: LinkKind,
    /// Whether it is this one that the kind speaks of.
    pub ahead: bool,
    /// The other one.
    pub ticket: Id<Ticket>,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// Where its work stands.
    pub status: Status,
}

impl Linked {
    /// What this one is to the other.
    pub const fn words(&self) -> &'static str {
        if self.ahead { self.kind.name() } else { self.kind.back() }
    }
}

impl FromRow for Linked {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let ahead: i64 = row.get(1)?;
        Ok(Self {
            kind: row.get(0)?,
            ahead: ahead == 1,
            ticket: row.get(2)?,
            number: row.get(3)?,
            subject: row.get(4)?,
            status: row.get(5)?,
        })
    }
}

/// What a ticket is linked to, as far as the caller can see it.
pub fn links(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<Vec<Linked>, Refused> {
    if !matches!(Sight::of(act)?, Sight::Working(_) | Sight::Reading) {
        return Ok(Vec::new());
    }
    let ahead = sql!(
        "SELECT l.kind, CAST(1 AS BIGINT), t.id, t.number, t.subject, t.status FROM ticket_link l \
         JOIN ticket t ON t.provider_id = l.provider_id AND t.id = l.to_id \
         WHERE l.provider_id = $1 AND {reach: t.client_id} AND l.from_id = $2 ORDER BY l.kind, t.number LIMIT $3"
    );
    let back = sql!(
        "SELECT l.kind, CAST(0 AS BIGINT), t.id, t.number, t.subject, t.status FROM ticket_link l \
         JOIN ticket t ON t.provider_id = l.provider_id AND t.id = l.from_id \
         WHERE l.provider_id = $1 AND {reach: t.client_id} AND l.to_id = $2 ORDER BY l.kind, t.number LIMIT $3"
    );
    let mut all: Vec<Linked> = tx.rows(ahead, (ticket.id, MOST))?;
    all.extend(tx.rows::<Linked, _>(back, (ticket.id, MOST))?);
    Ok(all)
}

fn wrong(message: impl Into<String>) -> Refused {
    Refused::Invalid(vec![Field::new("number", message)])
}

/// The ticket with a number that the caller can see and work on.
fn other(tx: &mut Tx<'_, '_>, act: &Act, number: i64) -> Result<Ticket, Refused> {
    match store::find_number(tx, act, number) {
        Err(Refused::NotFound) => Err(wrong(format!("there is no #{number} that you can see"))),
        found => found,
    }
}

/// Says what a ticket is to another.
pub fn link(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    (kind, number): (LinkKind, i64),
) -> Result<Ticket, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    let to = other(tx, act, number)?;
    if !LinkKind::SAID.contains(&kind) {
        return Err(Refused::Invalid(vec![Field::new("kind", "choose one of the list")]));
    }
    if to.id == ticket.id {
        return Err(wrong("that is this ticket itself"));
    }
    if kind == LinkKind::Child {
        can_be_child(tx, &ticket, &to)?;
    }
    tie(tx, act, &ticket, (kind, &to))?;
    let mut change = Change::of(ticket);
    change.happened(act, Happened::Linked { kind, number });
    change.keep(tx, act)
}

/// A part is of the same client, has no other parent, and is not itself above.
fn can_be_child(tx: &mut Tx<'_, '_>, ticket: &Ticket, to: &Ticket) -> Result<(), Refused> {
    if to.client != ticket.client {
        return Err(wrong("a part is of the same client as the whole"));
    }
    if let Some(parent) = above(tx, ticket.id)? {
        let parent = store::get(tx, parent)?;
        return Err(wrong(format!("it is a part of #{} already; take that back first", parent.number)));
    }
    let mut at = to.id;
    for _ in 0..DEEPEST {
        match above(tx, at)? {
            None => return Ok(()),
            Some(up) if up == ticket.id => {
                return Err(wrong(format!("#{} is itself a part of this one", to.number)));
            }
            Some(up) => at = up,
        }
    }
    Err(wrong(format!("that would be a part of a part, more than {DEEPEST} deep")))
}

fn above(tx: &mut Tx<'_, '_>, id: Id<Ticket>) -> Result<Option<Id<Ticket>>, Refused> {
    let find = sql!(
        "SELECT to_id FROM ticket_link WHERE provider_id = $1 AND {reach: client_id} AND from_id = $2 AND kind = 'child' LIMIT 1"
    );
    Ok(tx.find::<(Id<Ticket>,), _>(find, (id,))?.map(|(id,)| id))
}

fn tie(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    from: &Ticket,
    (kind, to): (LinkKind, &Ticket),
) -> Result<(), Refused> {
    let add = sql!(
        "INSERT INTO ticket_link (provider_id, from_id, to_id, kind, client_id, created_at) \
         VALUES ($1, $2, $3, $4, {client: $5}, $6) ON CONFLICT DO NOTHING"
    );
    if tx.exec(add, (from.id, to.id, kind, from.client, act.at))? == 0 {
        return Err(wrong(format!("it says so already: it {} #{}", kind.name(), to.number)));
    }
    Ok(())
}

/// Takes a link back that was said.
pub fn unlink(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    (kind, number): (LinkKind, i64),
) -> Result<Ticket, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = store::find(tx, act, id)?;
    let to = other(tx, act, number)?;
    if !LinkKind::SAID.contains(&kind) {
        return Err(Refused::Conflict("what was merged or split stays so".to_owned()));
    }
    let cut = sql!(
        "DELETE FROM ticket_link WHERE provider_id = $1 AND {reach: client_id} AND from_id = $2 AND to_id = $3 AND kind = $4"
    );
    if tx.exec(cut, (ticket.id, to.id, kind))? == 0 {
        return Err(wrong("there is no such link: it may be said at the other one"));
    }
    let mut change = Change::of(ticket);
    change.happened(act, Happened::Unlinked { kind, number });
    change.keep(tx, act)
}

/// Parts of a ticket that are still open, the oldest first; the first of them. By id and not by number, for that is the order in which
/// links are found: else the tickets are gone through until enough of them have a link.
pub(super) fn open_parts(tx: &mut Tx<'_, '_>, id: Id<Ticket>) -> Result<Vec<i64>, Refused> {
    let list = sql!(
        "SELECT t.number FROM ticket_link l JOIN ticket t ON t.provider_id = l.provider_id AND t.id = l.from_id \
         WHERE l.provider_id = $1 AND {reach: l.client_id} AND l.to_id = $2 AND l.kind = 'child' AND t.closed_at IS NULL \
         AND t.status <> 'solved' ORDER BY l.from_id LIMIT 5"
    );
    Ok(tx.rows::<(i64,), _>(list, (id,))?.into_iter().map(|(number,)| number).collect())
}

/// The number of the ticket that one goes on in, where it was merged.
pub(super) fn goes_on_in(tx: &mut Tx<'_, '_>, id: Id<Ticket>) -> Result<Option<i64>, Refused> {
    let find = sql!(
        "SELECT t.number FROM ticket_link l JOIN ticket t ON t.provider_id = l.provider_id AND t.id = l.to_id \
         WHERE l.provider_id = $1 AND {reach: l.client_id} AND l.from_id = $2 AND l.kind = 'merged' LIMIT 1"
    );
    Ok(tx.find::<(i64,), _>(find, (id,))?.map(|(number,)| number))
}

/// Merges a ticket into another of the same client, which goes on with both: whoever asked for it follows the other from now on, its parts
/// are parts of the other, and what was written stays with it.
pub fn merge(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, into: i64) -> Result<Ticket, Refused> {
    let from = custody::held(tx, act, id)?;
    let to = other(tx, act, into)?;
    if to.id == from.id {
        return Err(wrong("a ticket cannot be merged into itself"));
    }
    if to.client != from.client {
        return Err(wrong("that one is another client's: tickets of two clients stay apart"));
    }
    let to = custody::held(tx, act, to.id)?;
    // What is asked is about what stands there: nothing is added to it, and nothing taken away.
    approval::none_open(tx, &from)?;
    approval::none_open(tx, &to)?;
    if !from.custody.may_close(&from.team) {
        return Err(Refused::Conflict(
            "merging closes it, and its owner is to do that: solve it, or hand it back first".to_owned(),
        ));
    }
    tie(tx, act, &from, (LinkKind::Merged, &to))?;
    let lift = sql!(
        "UPDATE ticket_link SET to_id = $3 WHERE provider_id = $1 AND {reach: client_id} AND to_id = $2 AND kind = 'child' AND from_id <> $3"
    );
    tx.exec(lift, (from.id, to.id))?;
    // Whoever waits for an answer waits for that of the other.
    watch::keep(tx, &to, from.requester)?;
    for (helps, ..) in helping::helping(tx, from.id)? {
        if to.worker != Some(helps) {
            helping::keep(tx, &to, helps)?;
        }
    }
    for (follower, _) in watched_by(tx, from.id)? {
        watch::keep(tx, &to, follower)?;
    }
    let (number, requester) = (from.number, from.requester);
    let mut change = Change::of(from);
    change.wrote(act, Visibility::Public, Happened::Merged { into }, "");
    moved(tx, act, &mut change, Status::Closed)?;
    custody::settled(tx, act, &mut change)?;
    let from = change.keep(tx, act)?;
    let mut change = Change::of(to);
    let name = store::name_of(tx, requester)?;
    change.happened(act, Happened::Absorbed { number, subject: from.subject.clone(), requester: name });
    tag::unite(tx, act, &mut change, from.id)?;
    field::unite(tx, act, &mut change, from.id)?;
    change.keep(tx, act)?;
    Ok(from)
}

/// Splits something off: a new ticket of the same client and requester that begins with some lines of this one and with what came
/// with them, which stay here too.
pub async fn split(
    app: &App,
    caller: &Caller,
    id: Id<Ticket>,
    (new, lines): (NewTicket, Vec<i64>),
) -> Result<Ticket, Refused> {
    let opening = prepare_split(app, caller, id, (new, lines)).await?;
    app.write(caller, move |tx, act| split_prepared(tx, act, id, &opening)).await
}

/// The longest list of lines that are split off at once.
const MOST_LINES: usize = 50;

/// What is done before the unit of work that splits it.
pub(crate) async fn prepare_split(
    app: &App,
    caller: &Caller,
    id: Id<Ticket>,
    (new, lines): (NewTicket, Vec<i64>),
) -> Result<super::open::Opening, Refused> {
    if lines.len() > MOST_LINES {
        return Err(Refused::Invalid(vec![Field::new(
            "lines",
            format!("choose at most {MOST_LINES} lines"),
        )]));
    }
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = custody::held(tx, act, id)?;
        approval::none_open(tx, &ticket)?;
        let files = attachments::of_lines(tx, act, (&ticket, &lines))?;
        let mut text = String::new();
        for seq in &lines {
            let found = latest(tx, act, &ticket, (seq.saturating_add(1), 1))?;
            let line = found.into_iter().find(|line| line.seq == *seq);
            let line = line.filter(Line::can_go_along);
            let line = line.ok_or_else(|| {
                Refused::Invalid(vec![Field::new(
                    "lines",
                    "choose lines of this ticket that everybody reads",
                )])
            })?;
            text.extend([&line.name, ", ", &line.at.to_string(), ":\n", &line.text, "\n\n"]);
        }
        Ok((ticket, text, files))
    };
    let (ticket, quoted, files) = app.read(caller, read).await?;
    let text = if quoted.is_empty() { new.text } else { format!("{quoted}{}", new.text) };
    let new = NewTicket { client: ticket.client, requester: Some(ticket.requester), text, ..new };
    Ok(super::open::prepare(app, caller, new).await?.with_files(files))
}

/// Splits it. Refused as stale where another matrix came into force meanwhile.
pub(crate) fn split_prepared(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    opening: &super::open::Opening,
) -> Result<Ticket, Refused> {
    let ticket = custody::held(tx, act, id)?;
    approval::none_open(tx, &ticket)?;
    let made = super::open::open_prepared(tx, act, opening)?;
    tie(tx, act, &made, (LinkKind::Split, &ticket))?;
    let mut change = Change::of(ticket);
    change.happened(act, Happened::Linked { kind: LinkKind::Split, number: made.number });
    change.keep(tx, act)?;
    Ok(made)
}

//! What somebody has sent and can still take back. For [`UNDO`] it is read by nobody else; then it goes into the ticket, whether a browser is open or
//! not. What would refuse it refuses it when it is sent. Where it can go in no longer when its time comes, it is a draft again, and whoever wrote
//! it is told: nothing that was typed is lost.

use remit_core::{At, Id, Kind as IdKind, Millis};
use remit_db::{Error, FromRow, Row, System, Tx, sql};
use remit_jobs::handlers::Policy;
use remit_jobs::{Failed, Handlers, Order, Task, Work, enqueue};
use serde::{Deserialize, Serialize};

use super::visibility::Visibility;
use super::{Macro, Ticket, draft, macros, post, store};
use crate::App;
use crate::act::{Act, Caller};
use crate::attachments::Received;
use crate::notices::{self, News, What};
use crate::people::{Membership, State};
use crate::refused::Refused;
use crate::sign_in;

/// How long it can be taken back.
pub const UNDO: Millis = Millis::from_millis(10_000);

/// What was sent and has not gone out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    id: Id<Sending>,
    /// Who will read it.
    pub visibility: Visibility,
    /// What they will read.
    pub text: String,
    files: Vec<Received>,
    /// When it goes out.
    pub goes_at: At,
    /// What else is done then.
    with: Option<Id<Macro>>,
}

impl IdKind for Sending {
    const PREFIX: &'static str = "sending";
}

impl FromRow for Sending {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let files: String = row.get(3)?;
        Ok(Self {
            id: row.get(0)?,
            visibility: row.get(1)?,
            text: row.get(2)?,
            // Written by the same release or an older one; a field that is new has a value of its own.
            files: serde_json::from_str(&files).unwrap_or_default(),
            goes_at: row.get(4)?,
            with: row.get(5)?,
        })
    }
}

impl Sending {
    /// The names of what comes with it.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }
}

/// What the caller has sent into a ticket and can take back.
pub fn sending(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Option<Sending>, Refused> {
    store::find(tx, act, id)?;
    act.caller.membership.map_or(Ok(None), |own| of(tx, (id, own)))
}

fn of(tx: &mut Tx<'_, '_>, (id, own): (Id<Ticket>, Id<Membership>)) -> Result<Option<Sending>, Refused> {
    let find = sql!(
        "SELECT id, visibility, text, files, goes_at, macro_id FROM ticket_sending WHERE provider_id = $1 AND {reach: client_id} \
         AND ticket_id = $2 AND membership_id = $3"
    );
    Ok(tx.find(find, (id, own))?)
}

fn cut(tx: &mut Tx<'_, '_>, (id, own): (Id<Ticket>, Id<Membership>)) -> Result<(), Refused> {
    let cut = sql!(
        "DELETE FROM ticket_sending WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND membership_id = $3"
    );
    tx.exec(cut, (id, own))?;
    tx.announce(format!("ticket {id}"));
    Ok(())
}

/// Sends it: it goes out after [`UNDO`] unless it is taken back. What they have sent before and could still take back goes out now.
pub(crate) fn send(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    (visibility, text, files): (Visibility, &str, &[Received]),
    with: Option<Id<Macro>>,
) -> Result<Ticket, Refused> {
    let (ticket, text) = post::sound(tx, act, id, (visibility, text, files))?;
    if let Some(with) = with {
        macros::may_carry_out(tx, act, (&ticket, with))?;
    }
    let own = draft::writer(act)?;
    if let Some(before) = of(tx, (id, own))? {
        go(tx, act, id, &before)?;
    }
    let (sending, goes_at): (Id<Sending>, At) = (act.id(), act.at + UNDO);
    let add = sql!(
        "INSERT INTO ticket_sending (provider_id, ticket_id, membership_id, client_id, id, visibility, text, files, goes_at, macro_id) \
         VALUES ($1, $2, $3, {client: $4}, $5, $6, $7, $8, $9, $10)"
    );
    let files = serde_json::to_string(files).expect("names and numbers are written");
    tx.exec(add, (id, own, ticket.client, sending, visibility, &text, files, goes_at, with))?;
    draft::sent(tx, act, id)?;
    let order = Order::new(sending.uuid(), act.at).due(goes_at).client(Some(ticket.client.uuid()));
    enqueue(tx, &GoOut { ticket: id, membership: own, sending }, order)?;
    tx.announce(format!("ticket {id}"));
    store::get(tx, id)
}

fn go(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, sending: &Sending) -> Result<Ticket, Refused> {
    cut(tx, (id, draft::writer(act)?))?;
    // Whoever goes on writing meanwhile keeps what they have.
    let begun = draft::of(tx, (id, draft::writer(act)?))?;
    let said = (sending.visibility, sending.text.as_str(), sending.files.as_slice());
    let ticket = write_and(tx, act, id, said, sending.with)?;
    if let Some(begun) = begun {
        draft::put(tx, (&ticket, draft::writer(act)?), &begun)?;
    }
    Ok(ticket)
}

/// Writes into a ticket, and does what a macro does besides.
pub(crate) fn write_and(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Ticket>,
    said: (Visibility, &str, &[Received]),
    with: Option<Id<Macro>>,
) -> Result<Ticket, Refused> {
    let ticket = post::write_with(tx, act, id, said)?;
    with.map_or(Ok(ticket), |with| macros::carry_out(tx, act, (id, with)))
}

fn gone() -> Refused {
    Refused::Conflict("it has gone out already: others may have read it".to_owned())
}

/// Sends what can still be taken back now.
pub fn send_now(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Ticket, Refused> {
    let sending = sending(tx, act, id)?.ok_or_else(gone)?;
    go(tx, act, id, &sending)
}

/// Takes it back: it is a draft again. Whether there were files, which have to be chosen again.
pub fn unsend(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<bool, Refused> {
    let (ticket, sending) = (store::find(tx, act, id)?, sending(tx, act, id)?.ok_or_else(gone)?);
    lay_back(tx, act, (&ticket, draft::writer(act)?), &sending)?;
    Ok(!sending.files.is_empty())
}

/// Makes it a draft again, before what was begun meanwhile.
fn lay_back(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, own): (&Ticket, Id<Membership>),
    sending: &Sending,
) -> Result<(), Refused> {
    cut(tx, (ticket.id, own))?;
    let mut text = sending.text.clone();
    if let Some(begun) = draft::of(tx, (ticket.id, own))?.filter(|begun| !begun.text.is_empty()) {
        text = if text.is_empty() { begun.text } else { format!("{text}\n\n{}", begun.text) };
    }
    if text.is_empty() {
        return Ok(());
    }
    let draft = draft::Draft { visibility: sending.visibility, text, kept_at: act.at };
    draft::put(tx, (ticket, own), &draft)
}

/// Lets it go out when its time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct GoOut {
    ticket: Id<Ticket>,
    membership: Id<Membership>,
    sending: Id<Sending>,
}

impl Work for GoOut {
    const KIND: &'static str = "tickets.send";
    const QUEUE: &'static str = "tickets";
}

/// Adds who does it.
pub(super) fn handlers(app: &App, handlers: Handlers) -> Handlers {
    let app = app.clone();
    handlers.add(Policy::USUAL, move |task: Task, work: GoOut| {
        let app = app.clone();
        async move { go_out(&app, &task, work).await }
    })
}

async fn go_out(app: &App, task: &Task, work: GoOut) -> Result<(), Failed> {
    let again = |refused: Refused| Failed::Again(refused.to_string());
    let Some(provider) = task.provider else {
        return Err(Failed::ForGood("a reply of no provider".to_owned()));
    };
    let GoOut { ticket, membership, sending } = work;
    let who = app.db.system_read("whoever has sent something", move |tx: &mut Tx<'_, '_, System>| {
        sign_in::mailed_member(tx, provider, membership)
    });
    let Some((provider, state, member)) = who.await.map_err(again)? else { return Ok(()) };
    if matches!(state, State::Invited | State::Active) {
        let caller = Caller::member(provider, None, &member);
        let done = app.write(&caller, move |tx, act| match of(tx, (ticket, membership))? {
            Some(there) if there.id == sending => go(tx, act, ticket, &there).map(drop),
            // Taken back, or sent before its time.
            _ => Ok(()),
        });
        match done.await {
            Err(Refused::Invalid(_) | Refused::Conflict(_) | Refused::NotFound | Refused::Forbidden(_)) => {}
            done => return done.map_err(again),
        }
    }
    let remit = Caller { name: "Remit, as time passes".to_owned(), ..Caller::operator(provider) };
    let back = app.write(&remit, move |tx, act| {
        let Some(there) = of(tx, (ticket, membership))?.filter(|there| there.id == sending) else {
            return Ok(());
        };
        let ticket = store::get(tx, ticket)?;
        lay_back(tx, act, (&ticket, membership), &there)?;
        let news = News {
            ticket: ticket.id,
            client: ticket.client,
            seq: ticket.lines,
            what: What::NotSent,
            urgent: false,
        };
        notices::tell(tx, act, membership, news)
    });
    back.await.map_err(again)
}

//! What people are told: in the product, and by mail where they want that.
//!
//! A **notice** says that something happened to a ticket, to somebody whom it concerns: who is asked to take it, whose it no longer is, who
//! waits for an answer, who is to approve something, who has to see that a promise breaks. It is kept with the event that causes it, or not at all.
//!
//! Rules: a notice holds no text. What was written is read when the notice is shown or mailed, as the one who is told, so that nobody ever
//! learns from a notice what they may not read. Nobody is told of what they did themselves.

#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::{At, Id, Kind as IdKind};
use remit_db::{Error, FromRow, Row, Tx, shared_sql, sql};
use uuid::Uuid;

use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::Client;
use crate::keyed::keyed;
use crate::mail::{self, Letter};
use crate::people::Membership;
use crate::refused::Refused;
use crate::tickets::Ticket;

/// Unread notices that are counted at most.
const MOST_UNREAD: u16 = 100;

keyed! {
    /// What somebody is told.
    What as "NoticeKind" {
        /// A critical ticket is with their team.
        Critical = "critical", "a critical ticket is with your team";
        /// They are to work on it.
        Assigned = "assigned", "you are to work on it";
        /// Their team is asked to take it.
        Asked = "asked", "your team is asked to take it";
        /// Somebody else holds it now.
        Displaced = "displaced", "somebody else has taken it over";
        /// Whoever was asked has not taken it.
        Refused = "refused", "whoever was asked has not taken it";
        /// Their own ticket was answered.
        Answered = "answered", "there is an answer";
        /// Somebody wrote into what they work on.
        Wrote = "wrote", "somebody has written";
        /// Their own ticket is solved.
        Solved = "solved", "it is solved";
        /// They are asked to approve something.
        Approve = "approve", "you are asked to approve something";
        /// Half of the time is over, and they have not said.
        ApproveSoon = "approve-soon", "you are still asked to approve something";
        /// What was to be approved is decided, or came to nothing.
        Decided = "decided", "an approval is over";
        /// Three quarters of what was promised are used up.
        Near = "near", "three quarters of what was promised are used";
        /// What was promised did not happen in time.
        Broken = "broken", "what was promised did not happen in time";
        /// Nobody that the matrix names took it.
        LastResort = "last-resort", "nobody that the matrix names has taken it";
        /// What they sent could not go out when its time came.
        NotSent = "not-sent", "what you wrote could not be sent: it is a draft again";
        /// Whoever asked for it was not content.
        Poor = "poor", "whoever asked for it says that it was not good";
        /// It goes to and fro.
        Bouncing = "bouncing", "it goes to and fro: the matrix lacks a row for it";
    }
}

keyed! {
    /// Which notices somebody wants by mail.
    Wish as "NoticeWish" {
        /// All of them.
        All = "all", "everything";
        /// What cannot wait.
        Urgent = "urgent", "what cannot wait, and answers to what I asked";
        /// None.
        None = "none", "nothing";
    }
}

/// Somebody was told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: Id<Notice>,
    /// Of which ticket.
    pub ticket: Id<Ticket>,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// Of which client.
    pub client: String,
    /// What.
    pub what: What,
    /// When.
    pub at: At,
    /// Whether it was read.
    pub read: bool,
    /// The line that it is about.
    pub seq: i64,
}

impl IdKind for Notice {
    const PREFIX: &'static str = "notice";
}

impl FromRow for Notice {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let read: Option<At> = row.get(7)?;
        Ok(Self {
            id: row.get(0)?,
            ticket: row.get(1)?,
            number: row.get(2)?,
            subject: row.get(3)?,
            client: row.get(4)?,
            what: row.get(5)?,
            at: row.get(6)?,
            read: read.is_some(),
            seq: row.get(8)?,
        })
    }
}

/// What is to be told, of which ticket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct News {
    /// The ticket.
    pub ticket: Id<Ticket>,
    /// Its client.
    pub client: Id<Client>,
    /// The line that it is about.
    pub seq: i64,
    /// What.
    pub what: What,
    /// Whether it cannot wait.
    pub urgent: bool,
}

/// Tells somebody, unless they did it themselves; by mail too where they want that.
pub(crate) fn tell(tx: &mut Tx<'_, '_>, act: &Act, who: Id<Membership>, news: News) -> Result<(), Refused> {
    if act.caller.membership == Some(who) {
        return Ok(());
    }
    let add = sql!(
        "INSERT INTO notice (provider_id, id, membership_id, client_id, ticket_id, seq, what, at) \
         VALUES ($1, $2, $3, {client: $4}, $5, $6, $7, $8)"
    );
    let id: Id<Notice> = act.id();
    let News { ticket, client, seq, what, urgent } = news;
    tx.exec(add, (id, who, client, ticket, seq, what, act.at))?;
    let by_mail = match wish(tx, who)? {
        Wish::All => true,
        Wish::Urgent => {
            let waited = matches!(what, What::Approve | What::ApproveSoon);
            urgent
                || waited
                || matches!(
                    what,
                    What::Answered
                        | What::Solved
                        | What::Broken
                        | What::LastResort
                        | What::NotSent
                        | What::Poor
                )
        }
        Wish::None => false,
    };
    if by_mail {
        mail::post(tx, act, Some(client), &Letter::Notice { notice: id, membership: who })?;
    }
    tx.announce(format!("notices {who}"));
    Ok(())
}

/// What somebody wants by mail; what cannot wait where they have not said.
pub fn wish(tx: &mut Tx<'_, '_>, who: Id<Membership>) -> Result<Wish, Refused> {
    let get = shared_sql!("SELECT mail FROM notice_wish WHERE provider_id = $1 AND membership_id = $2");
    Ok(tx.find::<(Wish,), _>(get, (who,))?.map_or(Wish::Urgent, |(wish,)| wish))
}

/// Says what the caller wants by mail.
pub fn set_wish(tx: &mut Tx<'_, '_>, act: &Act, wish: Wish) -> Result<(), Refused> {
    let Some(own) = act.caller.membership else { return Err(nobody()) };
    let set = shared_sql!(
        "INSERT INTO notice_wish (provider_id, membership_id, mail) VALUES ($1, $2, $3) \
         ON CONFLICT (provider_id, membership_id) DO UPDATE SET mail = excluded.mail"
    );
    tx.exec(set, (own, wish))?;
    let detail = wish.key();
    audit::note(tx, act, Event { action: "notice.wish", subject: own.to_string(), client: None, detail })
}

fn nobody() -> Refused {
    Refused::Conflict("only a person is told anything: the command line and keys are nobody".to_owned())
}

/// What the caller was told, the newest first, from before one on.
pub fn list(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    before: Option<Id<Notice>>,
    most: u16,
) -> Result<Vec<Notice>, Refused> {
    let list = sql!(
        "SELECT n.id, n.ticket_id, t.number, t.subject, c.name, n.what, n.at, n.read_at, n.seq FROM notice n \
         JOIN ticket t ON t.provider_id = n.provider_id AND t.id = n.ticket_id \
         JOIN client c ON c.provider_id = n.provider_id AND c.id = n.client_id \
         WHERE n.provider_id = $1 AND {reach: n.client_id} AND n.membership_id = $2 AND n.id < $3 ORDER BY n.id DESC LIMIT $4"
    );
    let before = before.map_or(Uuid::max(), Id::uuid);
    Ok(tx.rows(list, (act.caller.membership, before, most))?)
}

/// How much of it the caller has not read; counted to 100.
pub fn unread(tx: &mut Tx<'_, '_>, act: &Act) -> Result<i64, Refused> {
    act.caller.membership.map_or(Ok(0), |own| unread_by(tx, own, MOST_UNREAD))
}

/// The same for a membership, counted to another number.
pub(crate) fn unread_by(tx: &mut Tx<'_, '_>, who: Id<Membership>, most: u16) -> Result<i64, Refused> {
    let count = sql!(
        "SELECT COUNT(*) FROM (SELECT id FROM notice WHERE provider_id = $1 AND {reach: client_id} AND membership_id = $2 \
         AND read_at IS NULL LIMIT $3) k"
    );
    Ok(tx.find::<(i64,), _>(count, (who, most))?.map_or(0, |(count,)| count))
}

/// Whether there is something about a ticket that the caller has not read.
pub(crate) fn waits(tx: &mut Tx<'_, '_>, act: &Act, ticket: Id<Ticket>) -> Result<bool, Refused> {
    let find = sql!(
        "SELECT CAST(1 AS BIGINT) FROM notice WHERE provider_id = $1 AND {reach: client_id} AND membership_id = $2 AND ticket_id = $3 \
         AND read_at IS NULL LIMIT 1"
    );
    Ok(tx.find::<(i64,), _>(find, (act.caller.membership, ticket))?.is_some())
}

/// The caller has read all that they were told; of one ticket, where one is named.
pub fn read(tx: &mut Tx<'_, '_>, act: &Act, ticket: Option<Id<Ticket>>) -> Result<(), Refused> {
    let own = act.caller.membership;
    // Two statements: of one for both, no engine sees that a ticket has few.
    if let Some(ticket) = ticket {
        let set = sql!(
            "UPDATE notice SET read_at = $3 WHERE provider_id = $1 AND {reach: client_id} AND membership_id = $2 AND ticket_id = $4 \
             AND read_at IS NULL"
        );
        tx.exec(set, (own, act.at, ticket))?;
    } else {
        let set = sql!(
            "UPDATE notice SET read_at = $3 WHERE provider_id = $1 AND {reach: client_id} AND membership_id = $2 AND read_at IS NULL"
        );
        tx.exec(set, (own, act.at))?;
    }
    Ok(())
}

/// One notice of the caller.
pub(crate) fn find(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Notice>) -> Result<Option<Notice>, Refused> {
    let get = sql!(
        "SELECT n.id, n.ticket_id, t.number, t.subject, c.name, n.what, n.at, n.read_at, n.seq FROM notice n \
         JOIN ticket t ON t.provider_id = n.provider_id AND t.id = n.ticket_id \
         JOIN client c ON c.provider_id = n.provider_id AND c.id = n.client_id \
         WHERE n.provider_id = $1 AND {reach: n.client_id} AND n.membership_id = $2 AND n.id = $3"
    );
    Ok(tx.find(get, (act.caller.membership, id))?)
}

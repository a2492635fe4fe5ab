//! Approvals: before the work goes on, people say yes or no to a question in plain words.
//!
//! Whoever holds a ticket **asks for an approval**: of whom, how many of them must say yes, and until when. Each of those says yes, or no with a
//! reason, or names somebody in their own place, once. Enough yes **grant** it; as soon as enough cannot come any more it is **refused**; when
//! its time is up it has **lapsed**; whoever asked can **withdraw** it. Meanwhile the ticket waits for approval, and afterwards it is worked on
//! again.
//!
//! Rules: one approval at a time is open on a ticket. An answer stays as it is. Nobody approves their own request: neither for whom the ticket is,
//! nor who wrote it down, nor who asks; except where the client has no other approver, which is written down then. An answer is a person's: a
//! key gives none. Whoever is asked sees the ticket, and whoever sees the ticket sees what was asked and answered.

mod answer;
mod ask;
mod compare;
mod due;
mod rule;
mod tally;

use std::collections::BTreeMap;

use remit_core::{At, Id, Kind as IdKind, Zone};
use remit_db::{Error, FromRow, Row, Tx, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::named::{among, found_among};
use super::{Ticket, store};
use crate::act::Act;
use crate::clients::Client;
use crate::keyed::{keyed, texts};
use crate::people::{Membership, Permission};
use crate::refused::Refused;

pub use answer::{answer_approval, pass_approval, stand_ins};
pub(crate) use answer::{pass_asked, waiting_of};
pub use ask::{Candidate, LONGEST_TIME, MOST_ASKED, NewApproval, approvers, ask_approval, withdraw_approval};
pub(super) use ask::{is_stuck, none_open};
pub(crate) use compare::compare as compare_approvals;
pub use due::{Looked, look_due};
pub(super) use rule::ask_at_opening;
pub use rule::{ApprovalRule, approval_rules, remove_approval_rule, set_approval_rule};
pub use tally::{Tally, Verdict};

/// The most approvals of one ticket, over its life.
const MOST: u16 = 100;
/// The most that are listed as waiting for somebody.
const MOST_WAITING: u16 = 200;

keyed! {
    /// Where an approval stands.
    ApprovalState as "ApprovalState" {
        /// Answers are waited for.
        Open = "open", "open";
        /// Enough have said yes.
        Granted = "granted", "granted";
        /// Enough yes cannot come any more.
        Refused = "refused", "refused";
        /// Its time was up before it was decided.
        Lapsed = "lapsed", "lapsed";
        /// It was taken back.
        Withdrawn = "withdrawn", "withdrawn";
    }
}

keyed! {
    /// What somebody says to it.
    Answer as "ApprovalAnswer" {
        /// They approve it.
        Yes = "yes", "yes";
        /// They do not.
        No = "no", "no";
    }
}

/// Somebody who is asked, as a line of the ticket has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Approver {
    /// Who.
    #[schemars(with = "String")]
    pub who: Id<Membership>,
    /// Their name.
    pub name: String,
    /// Whether the request is their own: the client has no other approver.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
}

/// Somebody who is asked, and what they have said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Counted from 1 in each approval.
    pub place: i64,
    /// Whose word it is.
    pub who: Id<Membership>,
    /// Their name.
    pub name: String,
    /// Who was asked first and named them, with their name.
    pub instead_of: Option<(Id<Membership>, String)>,
    /// Whether the request is their own: the client has no other approver.
    pub own: bool,
    /// What they have said; none while they are waited for.
    pub answer: Option<Answer>,
    /// Why; may be empty.
    pub reason: String,
    /// When they said so.
    pub answered_at: Option<At>,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its id.
    pub id: Id<Approval>,
    /// Of which ticket.
    pub ticket: Id<Ticket>,
    /// Of which client.
    pub client: Id<Client>,
    /// Counted from 1 on each ticket.
    pub number: i64,
    /// What is asked, in plain words.
    pub question: String,
    /// What else there is to say; may be empty.
    pub text: String,
    /// Who asked; nobody where a rule of the provider did, or the operator.
    pub asker: Option<Id<Membership>>,
    /// What they are called.
    pub asker_name: String,
    /// When.
    pub asked_at: At,
    /// How many must say yes.
    pub needed: usize,
    /// Until when.
    pub until: At,
    /// Where it stands.
    pub state: ApprovalState,
    /// When that was decided.
    pub decided_at: Option<At>,
    /// Who is asked, in order.
    pub asked: Vec<Asked>,
}

impl IdKind for Approval {
    const PREFIX: &'static str = "approval";
}

impl Approval {
    /// The answers, counted.
    pub fn tally(&self) -> Tally {
        Tally::of(self.needed, self.asked.iter().map(|one| one.answer))
    }

    /// Who is asked and has not answered, by somebody.
    pub fn waits_for(&self, who: Option<Id<Membership>>) -> Option<&Asked> {
        let open = self.state == ApprovalState::Open;
        self.asked.iter().find(|one| open && Some(one.who) == who && one.answer.is_none())
    }
}

impl FromRow for Approval {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let needed: u32 = row.get(9)?;
        Ok(Self {
            id: row.get(0)?,
            ticket: row.get(1)?,
            client: row.get(2)?,
            number: row.get(3)?,
            question: row.get(4)?,
            text: row.get(5)?,
            asker: row.get(6)?,
            asker_name: row.get(7)?,
            asked_at: row.get(8)?,
            needed: usize::try_from(needed).unwrap_or(usize::MAX),
            until: row.get(10)?,
            state: row.get(11)?,
            decided_at: row.get(12)?,
            asked: Vec::new(),
        })
    }
}

/// Somebody who is asked, and in which approval.
struct Of(Id<Approval>, Asked);

impl FromRow for Of {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let (by, name): (Option<Id<Membership>>, String) = (row.get(4)?, row.get(5)?);
        let asked = Asked {
            place: row.get(1)?,
            who: row.get(2)?,
            name: row.get(3)?,
            instead_of: by.map(|by| (by, name)),
            own: row.get(6)?,
            answer: row.get(7)?,
            reason: row.get(8)?,
            answered_at: row.get(9)?,
        };
        Ok(Self(row.get(0)?, asked))
    }
}

/// An approval with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedApproval {
    /// It.
    pub approval: Approval,
    /// The number of its ticket.
    pub number: i64,
    /// The subject of its ticket.
    pub subject: String,
    /// The name of the client.
    pub client: String,
    /// The zone of the client.
    pub zone: Zone,
}

impl FromRow for ListedApproval {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let (number, subject, client) = (row.get(13)?, row.get(14)?, row.get(15)?);
        let zone: String = row.get(16)?;
        let zone = Zone::parse(&zone).unwrap_or_else(|_| Zone::utc());
        Ok(Self { approval: Approval::from_row(row)?, number, subject, client, zone })
    }
}

macro_rules! listed {
    ($from:literal, $($rest:expr),+) => {
        concat!(
            "SELECT v.id, v.ticket_id, v.client_id, v.number, v.question, v.text, v.asker_id, v.asker, v.asked_at, v.needed, v.until_at, \
             v.state, v.decided_at, t.number, t.subject, c.name, c.zone ",
            $from,
            " JOIN ticket t ON t.provider_id = v.provider_id AND t.id = v.ticket_id \
             JOIN client c ON c.provider_id = v.provider_id AND c.id = v.client_id ",
            $($rest),+
        )
    };
}

texts! {
    ASKED_OF = concat!(
        "SELECT approval_id, place, membership_id, name, passed_by, passed_name, own, answer, reason, answered_at FROM approval_asked \
         WHERE provider_id = $1 AND {reach: client_id} AND approval_id ", among!(), " ORDER BY approval_id, place LIMIT 2000"
    );
    WAITING_FOR = listed!(
        "FROM approval_asked a JOIN approval v ON v.provider_id = a.provider_id AND v.id = a.approval_id",
        "WHERE a.provider_id = $1 AND {reach: a.client_id} AND a.membership_id = $2 AND a.waits_until IS NOT NULL \
         ORDER BY a.waits_until, a.approval_id LIMIT $3"
    );
    ALL_APPROVALS = listed!(
        "FROM approval v",
        "WHERE v.provider_id = $1 AND {reach: v.client_id} AND v.id < $2 ORDER BY v.id DESC LIMIT $3"
    );
}

/// The approvals of a ticket that the caller may see, the newest first.
pub fn approvals(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Vec<Approval>, Refused> {
    store::find(tx, act, id)?;
    on(tx, id)
}

/// The approvals of a ticket, once it is known that the caller may see it.
fn on(tx: &mut Tx<'_, '_>, id: Id<Ticket>) -> Result<Vec<Approval>, Refused> {
    let list = sql!(
        "SELECT id, ticket_id, client_id, number, question, text, asker_id, asker, asked_at, needed, until_at, state, decided_at \
         FROM approval WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 ORDER BY number DESC LIMIT $3"
    );
    let mut all: Vec<Approval> = tx.rows(list, (id, MOST))?;
    filled(tx, all.iter_mut())?;
    Ok(all)
}

/// Puts those who are asked into approvals.
fn filled<'a>(tx: &mut Tx<'_, '_>, approvals: impl Iterator<Item = &'a mut Approval>) -> Result<(), Refused> {
    let approvals: Vec<&mut Approval> = approvals.collect();
    let ids: Vec<Id<Approval>> = approvals.iter().map(|one| one.id).collect();
    let mut asked: BTreeMap<Uuid, Vec<Asked>> = BTreeMap::new();
    for Of(of, one) in found_among::<Approval, Of>(tx, sql!(ASKED_OF), &ids)? {
        asked.entry(of.uuid()).or_default().push(one);
    }
    for approval in approvals {
        approval.asked = asked.remove(&approval.id.uuid()).unwrap_or_default();
    }
    Ok(())
}

/// One approval of a ticket.
fn one(tx: &mut Tx<'_, '_>, ticket: Id<Ticket>, id: Id<Approval>) -> Result<Approval, Refused> {
    let get = sql!(
        "SELECT id, ticket_id, client_id, number, question, text, asker_id, asker, asked_at, needed, until_at, state, decided_at \
         FROM approval WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND ticket_id = $3"
    );
    let mut found: Approval = tx.find(get, (id, ticket))?.ok_or(Refused::NotFound)?;
    filled(tx, std::iter::once(&mut found))?;
    Ok(found)
}

/// The question of the approval that is open on a ticket; none where none is.
fn open_on(tx: &mut Tx<'_, '_>, ticket: Id<Ticket>) -> Result<Option<String>, Refused> {
    let find = sql!(
        "SELECT question FROM approval WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND state = 'open' LIMIT 1"
    );
    Ok(tx.find::<(String,), _>(find, (ticket,))?.map(|(question,)| question))
}

/// Whether somebody is asked about a ticket, or was, be it that they named somebody else: so they see it.
pub(super) fn is_asked(
    tx: &mut Tx<'_, '_>,
    ticket: Id<Ticket>,
    who: Id<Membership>,
) -> Result<bool, Refused> {
    let find = sql!(
        "SELECT place FROM approval_asked WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 \
         AND (membership_id = $3 OR passed_by = $3) LIMIT 1"
    );
    Ok(tx.find::<(i64,), _>(find, (ticket, who))?.is_some())
}

/// What waits for the caller's word, what is up first before the rest; at most 200.
pub fn waiting_approvals(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<ListedApproval>, Refused> {
    let Some(own) = act.caller.membership else { return Ok(Vec::new()) };
    let mut all: Vec<ListedApproval> = tx.rows(sql!(WAITING_FOR), (own, MOST_WAITING))?;
    filled(tx, all.iter_mut().map(|one| &mut one.approval))?;
    Ok(all)
}

/// How many wait for somebody's word, counted to a number.
pub(crate) fn approvals_wait(tx: &mut Tx<'_, '_>, who: Id<Membership>, most: u16) -> Result<i64, Refused> {
    let count = sql!(
        "SELECT COUNT(*) FROM (SELECT approval_id FROM approval_asked WHERE provider_id = $1 AND {reach: client_id} \
         AND membership_id = $2 AND waits_until IS NOT NULL LIMIT $3) k"
    );
    Ok(tx.find::<(i64,), _>(count, (who, most))?.map_or(0, |(count,)| count))
}

/// All approvals within reach, the newest first, from before one on: for whoever sees the tickets of others.
pub fn all_approvals(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (before, most): (Option<Id<Approval>>, u16),
) -> Result<Vec<ListedApproval>, Refused> {
    act.require(Permission::ReadTickets)?;
    let before = before.map_or(Uuid::max(), Id::uuid);
    let mut all: Vec<ListedApproval> = tx.rows(sql!(ALL_APPROVALS), (before, most))?;
    filled(tx, all.iter_mut().map(|one| &mut one.approval))?;
    Ok(all)
}

/// An instant on the client's clock, which is named.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
pub(crate) fn on_clock(at: &At, zone: &Zone) -> String {
    format!("{} ({})", zone.local(*at).strftime("%Y-%m-%d %H:%M"), zone.name())
}

/// The clock of a client within reach.
pub(super) fn clock_of(tx: &mut Tx<'_, '_>, client: Id<Client>) -> Result<Zone, Refused> {
    let find = sql!("SELECT zone FROM client WHERE provider_id = $1 AND {reach: id} AND id = $2");
    let (zone,): (String,) = tx.find(find, (client,))?.ok_or(Refused::NotFound)?;
    Ok(Zone::parse(&zone).unwrap_or_else(|_| Zone::utc()))
}

//! What happened to a ticket: lines that are added and never changed. Clocks, custody and reports are functions of them.

use remit_core::{At, Id};
use remit_custody::Reason;
use remit_db::{Error, FromRow, IntoValue as _, Row, Tx, Value, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Ticket;
use super::approval::{Answer, Approval, ApprovalState, Approver};
use super::checklist::ItemState;
use super::field::Filled;
use super::kind::{Impact, Kind, Priority, Status, Tier, Urgency};
use super::relation::LinkKind;
use super::ticket::Hand;
use super::visibility::{Sight, Visibility};
use super::words;
use crate::act::Act;
use crate::attachments::Attached;
use crate::matrix::Targets;
use crate::people::{Membership, Party};
use crate::ratings::Grade;
use crate::refused::Refused;

/// Lines of a ticket that are read at once.
pub(super) const PAGE: u16 = 200;

/// Why a ticket was offered to a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "WhyOffered")]
pub enum Why {
    /// The holder hands it on.
    HandOff,
    /// It goes back to whoever handed it over.
    HandBack,
    /// The matrix names another owner now.
    Matrix,
    /// An offer before was declined or not answered.
    Escalation,
    /// It is solved, and its owner is to close it.
    Solved,
}

impl Why {
    pub(super) fn of(reason: Reason) -> Self {
        match reason {
            Reason::HandOff => Self::HandOff,
            Reason::HandBack => Self::HandBack,
            Reason::Matrix => Self::Matrix,
            Reason::Escalation(_) => Self::Escalation,
            Reason::Solved => Self::Solved,
        }
    }
}

/// A question of a hand-off form, and what was said to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Said {
    /// Which question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// What happened, as programs read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "what", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Happened {
    /// It was written down, and is with the team that the matrix names.
    Opened {
        /// What kind of work.
        kind: Kind,
        /// How pressing.
        priority: Priority,
        /// A service of the catalogue.
        service: String,
        /// How far up.
        tier: Tier,
        /// Who holds it.
        to: Hand,
        /// The number of the version of the matrix and the row that say so; none where nothing was agreed.
        row: Option<RowRef>,
        /// What came with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<Attached>,
    },
    /// Somebody wrote something.
    Wrote {
        /// What came with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<Attached>,
    },
    /// An attachment was taken away.
    Detached {
        /// What it was.
        file: Attached,
        /// The line that it had come with.
        line: i64,
    },
    /// Its status changed.
    Status {
        /// From.
        from: Status,
        /// To.
        to: Status,
    },
    /// It is more or less pressing than was thought.
    Weighed {
        /// How much it meets.
        impact: Impact,
        /// How soon.
        urgency: Urgency,
        /// The priority before.
        from: Priority,
        /// The priority that follows.
        to: Priority,
    },
    /// It is about something else than was thought.
    Classified {
        /// The service before.
        from: String,
        /// The service now.
        service: String,
        /// How far up.
        tier: Tier,
    },
    /// Its subject was changed.
    Renamed {
        /// The subject before.
        from: String,
    },
    /// Somebody of the holding team works on it first.
    Assigned {
        /// Their name; none when nobody does any more.
        to: Option<String>,
    },
    /// It was offered; the holder goes on holding it.
    Offered {
        /// The number of the offer.
        number: u32,
        /// To whom.
        to: Hand,
        /// Why.
        why: Why,
        /// Until when they are to answer.
        #[schemars(with = "String")]
        answer_by: At,
        /// What the next holder needs to know.
        said: Vec<Said>,
    },
    /// It changed hands.
    Accepted {
        /// The number of the offer.
        number: u32,
        /// Who held it.
        from: Hand,
        /// Who holds it now.
        to: Hand,
        /// Whether it went back to whoever had handed it over.
        back: bool,
    },
    /// It was not taken.
    Declined {
        /// The number of the offer.
        number: u32,
        /// Who did not take it.
        by: Hand,
    },
    /// Nobody answered in time.
    Expired {
        /// The number of the offer.
        number: u32,
        /// Who was asked.
        to: Hand,
    },
    /// The holder took the offer back.
    Recalled {
        /// The number of the offer.
        number: u32,
        /// Who had been asked.
        to: Hand,
    },
    /// The matrix names another owner.
    Routed {
        /// Whom.
        owner: Hand,
        /// By which row.
        row: Option<RowRef>,
    },
    /// Nobody that the matrix names was on duty or took it: the last resort was asked.
    LastResort {
        /// Whom.
        to: Hand,
    },
    /// It goes to and fro: the matrix lacks a row for it.
    Bouncing {
        /// Between whom.
        between: Vec<Hand>,
    },
    /// Somebody said what it is to another.
    Linked {
        /// What.
        kind: LinkKind,
        /// The number of the other.
        number: i64,
    },
    /// That was taken back.
    Unlinked {
        /// What it was.
        kind: LinkKind,
        /// The number of the other.
        number: i64,
    },
    /// It goes on in another.
    Merged {
        /// The number of the other.
        into: i64,
    },
    /// Another goes on in it.
    Absorbed {
        /// The number of the other.
        number: i64,
        /// Its subject.
        subject: String,
        /// Who had asked for it, and follows this one from now on.
        requester: String,
    },
    /// Somebody follows it, or does no longer.
    Watched {
        /// Who.
        name: String,
        /// Whether they do.
        follows: bool,
    },
    /// Somebody helps with it, or does no longer.
    Helped {
        /// Who.
        #[schemars(with = "String")]
        who: Id<Membership>,
        /// What they are called.
        name: String,
        /// Whether they do.
        helps: bool,
    },
    /// Colleagues of whoever asked for it read it, or do no longer.
    Shared {
        /// Whether they do.
        with: bool,
    },
    /// Whoever asked for it said how it was; the text of the line is in their words.
    Rated {
        /// How.
        grade: Grade,
    },
    /// Words were put on it or taken off it.
    Tagged {
        /// Those that it has since.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        added: Vec<String>,
        /// Those that it has no longer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        removed: Vec<String>,
    },
    /// A checklist was put on it.
    Listed {
        /// What it is called.
        list: String,
        /// How many items it has.
        items: u32,
        /// Whether it was there from the start.
        from_start: bool,
    },
    /// A checklist was taken off it.
    Unlisted {
        /// What it is called.
        list: String,
        /// What of it was still to be done.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        open: Vec<String>,
    },
    /// An item of a checklist stands elsewhere.
    Ticked {
        /// What the checklist is called.
        list: String,
        /// What is to be done.
        item: String,
        /// Where it stands.
        to: ItemState,
    },
    /// Fields of the provider's own were filled in, or emptied.
    Filled {
        /// Which.
        fields: Vec<Filled>,
    },
    /// People are asked to approve something; the text of the line says what else there is to say.
    ApprovalAsked {
        /// Which approval.
        #[schemars(with = "String")]
        approval: Id<Approval>,
        /// What is asked.
        question: String,
        /// Who is asked.
        people: Vec<Approver>,
        /// How many must say yes.
        needed: u32,
        /// Until when.
        #[schemars(with = "String")]
        until: At,
        /// Whether a rule of the provider asks, as the ticket is opened.
        by_rule: bool,
    },
    /// A rule asks for an approval, and the client has nobody who could give it.
    ApprovalMissing {
        /// What would have been asked.
        question: String,
    },
    /// Somebody answers in the place of another.
    ApprovalPassed {
        /// Which approval.
        #[schemars(with = "String")]
        approval: Id<Approval>,
        /// What is asked.
        question: String,
        /// Who was asked first.
        from: String,
        /// Who is asked now.
        to: Approver,
    },
    /// Somebody said yes or no; the text of the line says why.
    ApprovalAnswered {
        /// Which approval.
        #[schemars(with = "String")]
        approval: Id<Approval>,
        /// What was asked.
        question: String,
        /// What they said.
        answer: Answer,
        /// Whose place they took; none where they were asked themselves.
        instead_of: Option<String>,
        /// Whether the request is their own: the client has no other approver.
        own: bool,
    },
    /// Half of the time is over, and some have not answered.
    ApprovalReminded {
        /// Which approval.
        #[schemars(with = "String")]
        approval: Id<Approval>,
        /// What is asked.
        question: String,
        /// Who has not answered.
        people: Vec<Approver>,
    },
    /// An approval is over.
    ApprovalDecided {
        /// Which approval.
        #[schemars(with = "String")]
        approval: Id<Approval>,
        /// What was asked.
        question: String,
        /// How it ended.
        to: ApprovalState,
        /// How many said yes.
        yes: u32,
        /// How many said no.
        no: u32,
        /// How many had to say yes.
        needed: u32,
        /// How many were asked.
        of: u32,
        /// Who had asked; none where a rule had.
        #[schemars(with = "Option<String>")]
        asker: Option<Id<Membership>>,
    },
    /// Three quarters of what was promised are used up.
    Nearing {
        /// Which promise.
        promise: Promised,
        /// When it is up, if all goes on as now.
        #[schemars(with = "String")]
        due: At,
    },
    /// What was promised did not happen in time.
    Broken {
        /// Which promise.
        promise: Promised,
        /// When its time was up.
        #[schemars(with = "String")]
        due: At,
    },
}

/// One promise about a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Promised {
    /// To whom, and what, such as `SLA resolution`.
    pub promise: String,
    /// Whose; none of an SLA, which is the provider's.
    #[schemars(with = "Option<String>")]
    pub party: Option<Id<Party>>,
    /// What they are called.
    pub party_name: String,
    /// Of updates the round from 1, of hand-offs the offer, else 1.
    pub number: u32,
}

/// A row of a version of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct RowRef {
    /// The number of the version.
    pub version: i64,
    /// The id of the row.
    pub row: String,
    /// What it promises.
    #[serde(default, skip_serializing_if = "Targets::is_empty")]
    pub targets: Targets,
}

/// A line of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1, without a hole.
    pub seq: i64,
    /// When.
    pub at: At,
    /// Who; none for the operator and for what happened by itself.
    pub by: Option<Id<Membership>>,
    /// Their name at the time.
    pub name: String,
    /// For which party they spoke.
    pub party: Id<Party>,
    /// Who may read it.
    pub visibility: Visibility,
    /// What they wrote.
    pub text: String,
    /// What happened.
    pub happened: Happened,
}

impl FromRow for Line {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let facts: String = row.get(7)?;
        Ok(Self {
            seq: row.get(0)?,
            at: row.get(1)?,
            by: row.get(2)?,
            name: row.get(3)?,
            party: row.get(4)?,
            visibility: row.get(5)?,
            text: row.get(6)?,
            happened: serde_json::from_str(&facts)
                .map_err(|e| Error::Other(format!("a line of a ticket cannot be read: {e}")))?,
        })
    }
}

/// Adds a line.
pub(super) fn add(tx: &mut Tx<'_, '_>, ticket: &Ticket, line: &Line) -> Result<(), Refused> {
    let add = sql!(
        "INSERT INTO ticket_event (provider_id, ticket_id, seq, client_id, at, actor_id, actor, party_id, visibility, told_id, action, \
         text, facts) VALUES ($1, $2, $3, {client: $4}, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let facts = serde_json::to_string(&line.happened).expect("what happened is plain data");
    let own: Vec<Value> = vec![
        ticket.id.into_value(),
        line.seq.into_value(),
        ticket.client.into_value(),
        line.at.into_value(),
        line.by.into_value(),
        (&line.name).into_value(),
        line.party.into_value(),
        line.visibility.into_value(),
        line.happened.told().into_value(),
        line.happened.action().into_value(),
        (&line.text).into_value(),
        facts.into_value(),
    ];
    tx.exec(add, own)?;
    words::add(tx, ticket, line)
}

/// The lines of a ticket that the caller may read, oldest first, from behind a number on.
pub fn lines(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: &Ticket,
    (after, most): (i64, u16),
) -> Result<Vec<Line>, Refused> {
    let list = sql!(
        "SELECT seq, at, actor_id, actor, party_id, visibility, text, facts FROM ticket_event \
         WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND seq > $3 \
         AND (visibility = 'public' OR visibility = $4 OR told_id = $5 OR (visibility = 'party' AND party_id = $5)) \
         ORDER BY seq LIMIT $6"
    );
    let (teams, party) = read_by(act)?;
    Ok(tx.rows(list, (ticket.id, after, teams, party, most))?)
}

/// The newest of them from before a number, oldest first.
pub(super) fn latest(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    ticket: &Ticket,
    (before, most): (i64, u16),
) -> Result<Vec<Line>, Refused> {
    let list = sql!(
        "SELECT seq, at, actor_id, actor, party_id, visibility, text, facts FROM ticket_event \
         WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND seq < $3 \
         AND (visibility = 'public' OR visibility = $4 OR told_id = $5 OR (visibility = 'party' AND party_id = $5)) \
         ORDER BY seq DESC LIMIT $6"
    );
    let (teams, party) = read_by(act)?;
    let mut found: Vec<Line> = tx.rows(list, (ticket.id, before, teams, party, most))?;
    found.reverse();
    Ok(found)
}

/// When a ticket came to whom, from the first holder on: the last [`PAGE`] moves.
pub(super) fn moves(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<Vec<(At, Hand)>, Refused> {
    let list = sql!(
        "SELECT at, facts FROM ticket_event WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 \
         AND (action = 'ticket.open' OR action = 'ticket.accept') ORDER BY seq DESC LIMIT $3"
    );
    let found: Vec<(At, String)> = tx.rows(list, (ticket.id, PAGE))?;
    let held = found.into_iter().rev().filter_map(|(at, facts)| match serde_json::from_str(&facts).ok()? {
        Happened::Opened { to, .. } | Happened::Accepted { to, .. } => Some((at, to)),
        _ => None,
    });
    Ok(held.collect())
}

/// Which lines a caller reads besides the public ones: those between the teams, and those of a party or told to it.
pub(crate) fn read_by(act: &Act) -> Result<(Visibility, Option<Id<Party>>), Refused> {
    let sight = Sight::of(act)?;
    let teams = if sight.reads_teams() { Visibility::Teams } else { Visibility::Public };
    Ok((teams, sight.party()))
}

impl Line {
    /// Whether another ticket can begin with it: what not everybody reads does not become what everybody reads.
    pub(super) fn can_go_along(&self) -> bool {
        let says = !self.text.is_empty() || !self.happened.files().is_empty();
        self.visibility == Visibility::Public && says
    }
}

impl Happened {
    /// What came with it.
    pub fn files(&self) -> &[Attached] {
        match self {
            Self::Opened { files, .. } | Self::Wrote { files } => files,
            _ => &[],
        }
    }

    /// The party that it is told to besides those who read the line: whoever a ticket is offered to has to know what with.
    fn told(&self) -> Option<Id<Party>> {
        match self {
            Self::Offered { to, .. }
            | Self::Accepted { to, .. }
            | Self::Expired { to, .. }
            | Self::Recalled { to, .. }
            | Self::Declined { by: to, .. } => Some(to.party),
            _ => None,
        }
    }
}

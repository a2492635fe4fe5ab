//! A ticket as it stands, and a change of it.

use remit_core::Id;
use remit_db::{Error, FromRow, IntoValue as _, Row, Tx, Value, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clocks::{self, Reckoned};
use super::event::{self, Happened, Line};
use super::tell::tell;
use super::visibility::Visibility;
use super::{Ticket, figures, helping, outcome};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::{Party, PartyKind, Team};
use crate::refused::Refused;

/// A team and its party, as they were called at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Hand {
    /// The party.
    #[schemars(with = "String")]
    pub party: Id<Party>,
    /// Its name.
    pub party_name: String,
    /// What it is.
    pub kind: PartyKind,
    /// The team.
    #[schemars(with = "String")]
    pub team: Id<Team>,
    /// Its name.
    pub team_name: String,
}

/// The columns of a ticket, in the order in which they are read.
macro_rules! ticket_columns {
    () => {
        "t.id, t.client_id, t.number, t.kind, t.subject, t.status, t.impact, t.urgency, t.priority, t.service, t.tier, t.site_id, \
         t.asset_class, t.requester_id, t.submitter_id, t.worker_id, t.version_id, t.row_name, t.owner_party_id, t.owner_team_id, \
         t.owner_until, t.party_id, t.team_id, t.custody, t.answer_by, t.timer_at, t.due_at, t.version, t.opened_at, t.changed_at, \
         t.solved_at, t.closed_at, t.due_what"
    };
}
pub(super) use ticket_columns;

impl FromRow for Ticket {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let custody: String = row.get(23)?;
        let odd = |e: serde_json::Error| Error::Other(format!("the custody of a ticket cannot be read: {e}"));
        Ok(Self {
            id: row.get(0)?,
            client: row.get(1)?,
            number: row.get(2)?,
            kind: row.get(3)?,
            subject: row.get(4)?,
            status: row.get(5)?,
            impact: row.get(6)?,
            urgency: row.get(7)?,
            priority: row.get(8)?,
            service: row.get(9)?,
            tier: row.get(10)?,
            site: row.get(11)?,
            asset_class: row.get(12)?,
            requester: row.get(13)?,
            submitter: row.get(14)?,
            worker: row.get(15)?,
            version: row.get(16)?,
            row: row.get(17)?,
            owner: (row.get(18)?, row.get(19)?),
            owner_until: row.get(20)?,
            party: row.get(21)?,
            team: row.get(22)?,
            custody: serde_json::from_str(&custody).map_err(odd)?,
            answer_by: row.get(24)?,
            timer_at: row.get(25)?,
            due_at: row.get(26)?,
            lines: row.get(27)?,
            opened_at: row.get(28)?,
            changed_at: row.get(29)?,
            solved_at: row.get(30)?,
            closed_at: row.get(31)?,
            due_what: row.get(32)?,
        })
    }
}

/// A change of a ticket. What happens to it is kept together with it, or not at all.
pub(super) struct Change {
    /// As it is to be.
    pub ticket: Ticket,
    before: Ticket,
    lines: Vec<Line>,
    /// Its clocks are reckoned again though nothing happened.
    pub reckon: bool,
}

impl Change {
    /// Nothing yet.
    pub fn of(ticket: Ticket) -> Self {
        Self { before: ticket.clone(), ticket, lines: Vec::new(), reckon: false }
    }

    /// Something happened.
    pub fn happened(&mut self, act: &Act, happened: Happened) {
        // Between the teams, unless it tells the requester how the work goes on.
        let visibility = match happened {
            Happened::Opened { .. }
            | Happened::Status { .. }
            | Happened::Weighed { .. }
            | Happened::Renamed { .. }
            | Happened::ApprovalAsked { .. }
            | Happened::ApprovalPassed { .. }
            | Happened::ApprovalAnswered { .. }
            | Happened::ApprovalReminded { .. }
            | Happened::ApprovalDecided { .. } => Visibility::Public,
            _ => Visibility::Teams,
        };
        let by_time = matches!(happened, Happened::Nearing { .. } | Happened::Broken { .. });
        self.wrote(act, visibility, happened, "");
        // What time brings is nobody's doing, whoever was there when it was seen.
        if let Some(line) = self.lines.last_mut().filter(|_| by_time) {
            (line.by, line.party) = (None, self.ticket.party);
            "Remit, as time passes".clone_into(&mut line.name);
        }
    }

    /// The same in somebody's words.
    pub fn wrote(&mut self, act: &Act, visibility: Visibility, happened: Happened, text: &str) {
        self.ticket.lines += 1;
        self.lines.push(Line {
            seq: self.ticket.lines,
            at: act.at,
            by: act.caller.membership,
            name: act.caller.name.clone(),
            // Whoever is above the parties speaks for the one that holds it.
            party: act.caller.party.unwrap_or(self.ticket.party),
            visibility,
            text: text.to_owned(),
            happened,
        });
    }

    /// What is to be added to what happened.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many lines there were before.
    pub fn lines_before(&self) -> i64 {
        self.before.lines
    }

    /// Keeps it, with its lines and a line in the audit log for each.
    pub fn keep(mut self, tx: &mut Tx<'_, '_>, act: &Act) -> Result<Ticket, Refused> {
        let reckoned = clocks::reckoned(tx, act, &mut self)?;
        if self.ticket == self.before && reckoned.is_none() {
            return Ok(self.ticket);
        }
        if !self.lines.is_empty() {
            self.ticket.changed_at = act.at;
        }
        update(tx, (&self.ticket, &self.before), reckoned.as_ref())?;
        helping::turned(tx, (&self.before, &self.ticket))?;
        self.note(tx, act, reckoned.as_ref())
    }

    /// The same for a ticket that is new.
    pub fn keep_new(mut self, tx: &mut Tx<'_, '_>, act: &Act) -> Result<Ticket, Refused> {
        let reckoned = clocks::reckoned(tx, act, &mut self)?;
        insert(tx, &self.ticket, reckoned.as_ref())?;
        self.note(tx, act, reckoned.as_ref())
    }

    fn note(self, tx: &mut Tx<'_, '_>, act: &Act, reckoned: Option<&Reckoned>) -> Result<Ticket, Refused> {
        let Self { ticket, lines, before, .. } = self;
        // What is told of the past is nobody's to be told now.
        if !act.past {
            tell(tx, act, (&ticket, before.worker), &lines)?;
        }
        for line in &lines {
            event::add(tx, &ticket, line)?;
            figures::happened(&line.happened);
        }
        let details: Vec<String> =
            lines.iter().map(|line| format!("#{} line {}", ticket.number, line.seq)).collect();
        let events = lines.iter().zip(&details).map(|(line, detail)| Event {
            action: line.happened.action(),
            subject: ticket.id.to_string(),
            client: Some(ticket.client),
            detail,
        });
        audit::note_all(tx, act, events)?;
        if let Some(reckoned) = reckoned {
            outcome::keep(tx, &ticket, &reckoned.outcome)?;
        }
        tx.announce(format!("ticket {}", ticket.id));
        tx.announce("tickets");
        Ok(ticket)
    }
}

fn custody_of(ticket: &Ticket) -> String {
    serde_json::to_string(&ticket.custody).expect("a custody is plain data")
}

fn insert(tx: &mut Tx<'_, '_>, ticket: &Ticket, reckoned: Option<&Reckoned>) -> Result<(), Refused> {
    let add = sql!(
        "INSERT INTO ticket (provider_id, id, number, subject, impact, urgency, service, tier, version_id, row_name, \
         owner_party_id, owner_team_id, owner_until, custody, version, changed_at, due_what, clocks, clocked_at, clocked_by, \
         priority, worker_id, party_id, team_id, offered_team_id, answer_by, timer_at, due_at, closed_at, status, solved_at, \
         client_id, kind, site_id, asset_class, requester_id, submitter_id, opened_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
         $23, $24, $25, $26, $27, $28, $29, $30, $31, {client: $32}, $33, $34, $35, $36, $37, $38)"
    );
    let t = ticket;
    let mut own: Vec<Value> = vec![t.id.into_value(), t.number.into_value()];
    own.extend(told_by(t));
    own.extend([
        reckoned.map_or("[]", |reckoned| reckoned.clocks.as_str()).into_value(),
        reckoned.map(|reckoned| reckoned.at).into_value(),
        reckoned.map(|reckoned| reckoned.turn).into_value(),
    ]);
    own.extend(listed_by(t));
    own.extend([
        t.client.into_value(),
        t.kind.into_value(),
        t.site.into_value(),
        (&t.asset_class).into_value(),
        t.requester.into_value(),
        t.submitter.into_value(),
        t.opened_at.into_value(),
    ]);
    tx.exec(add, own)?;
    Ok(())
}

/// Writes it as it stands now, if nobody else has changed it since it had so many lines. Most of what happens leaves it where it stands in
/// every list: then what lists are ordered by is not written again, nor their indexes.
fn update(
    tx: &mut Tx<'_, '_>,
    (ticket, before): (&Ticket, &Ticket),
    reckoned: Option<&Reckoned>,
) -> Result<(), Refused> {
    let mut own: Vec<Value> = vec![ticket.id.into_value(), before.lines.into_value()];
    own.extend(told_by(ticket));
    // What was not reckoned again stays.
    own.extend([
        reckoned.map(|reckoned| reckoned.clocks.as_str()).into_value(),
        reckoned.map(|reckoned| reckoned.at).into_value(),
        reckoned.map(|reckoned| reckoned.turn).into_value(),
    ]);
    let set = if listed_by(ticket) == listed_by(before) {
        sql!(
            "UPDATE ticket SET subject = $4, impact = $5, urgency = $6, service = $7, tier = $8, version_id = $9, \
             row_name = $10, owner_party_id = $11, owner_team_id = $12, owner_until = $13, custody = $14, version = $15, \
             changed_at = $16, due_what = $17, \
             clocks = COALESCE($18, clocks), clocked_at = COALESCE($19, clocked_at), clocked_by = COALESCE($20, clocked_by) \
             WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND version = $3"
        )
    } else {
        own.extend(listed_by(ticket));
        sql!(
            "UPDATE ticket SET subject = $4, impact = $5, urgency = $6, service = $7, tier = $8, version_id = $9, \
             row_name = $10, owner_party_id = $11, owner_team_id = $12, owner_until = $13, custody = $14, version = $15, \
             changed_at = $16, due_what = $17, \
             clocks = COALESCE($18, clocks), clocked_at = COALESCE($19, clocked_at), clocked_by = COALESCE($20, clocked_by), \
             priority = $21, worker_id = $22, party_id = $23, team_id = $24, offered_team_id = $25, answer_by = $26, timer_at = $27, \
             due_at = $28, closed_at = $29, status = $30, solved_at = $31 \
             WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND version = $3"
        )
    };
    if tx.exec(set, own)? == 0 { Err(Refused::Stale) } else { Ok(()) }
}

/// What no index is made of, from `subject` to `due_what`.
fn told_by(t: &Ticket) -> [Value; 14] {
    [
        (&t.subject).into_value(),
        t.impact.into_value(),
        t.urgency.into_value(),
        (&t.service).into_value(),
        t.tier.into_value(),
        t.version.into_value(),
        (&t.row).into_value(),
        t.owner.0.into_value(),
        t.owner.1.into_value(),
        t.owner_until.into_value(),
        custody_of(t).into_value(),
        t.lines.into_value(),
        t.changed_at.into_value(),
        (&t.due_what).into_value(),
    ]
}

/// What indexes and references are made of, from `priority` to `solved_at`.
fn listed_by(t: &Ticket) -> [Value; 11] {
    [
        t.priority.into_value(),
        t.worker.into_value(),
        t.party.into_value(),
        t.team.into_value(),
        t.custody.offer().map(|offer| offer.to).into_value(),
        t.answer_by.into_value(),
        t.timer_at.into_value(),
        t.due_at.into_value(),
        t.closed_at.into_value(),
        t.status.into_value(),
        t.solved_at.into_value(),
    ]
}

/// A team by its id, as it is called now.
pub(super) fn hand(tx: &mut Tx<'_, '_>, team: Id<Team>) -> Result<Hand, Refused> {
    let get = sql!(
        "SELECT p.id, p.name, p.kind, t.name FROM team t JOIN party p ON p.provider_id = t.provider_id AND p.id = t.party_id \
         WHERE t.provider_id = $1 AND {reach?: t.client_id} AND t.id = $2"
    );
    let found: Option<(Id<Party>, String, String, String)> = tx.find(get, (team,))?;
    let (party, party_name, kind, team_name) = found.ok_or(Refused::NotFound)?;
    let kind = PartyKind::from_key(&kind).ok_or(Refused::NotFound)?;
    Ok(Hand { party, party_name, kind, team, team_name })
}

impl Happened {
    /// In the audit log.
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "ticket.open",
            Self::Wrote { .. } => "ticket.write",
            Self::Detached { .. } => "ticket.detach",
            Self::Status { .. } => "ticket.status",
            Self::Weighed { .. } => "ticket.weigh",
            Self::Classified { .. } => "ticket.classify",
            Self::Renamed { .. } => "ticket.rename",
            Self::Assigned { .. } => "ticket.assign",
            Self::Offered { .. } => "ticket.offer",
            Self::Accepted { .. } => "ticket.accept",
            Self::Declined { .. } => "ticket.decline",
            Self::Expired { .. } => "ticket.expire",
            Self::Recalled { .. } => "ticket.recall",
            Self::Routed { .. } => "ticket.route",
            Self::LastResort { .. } => "ticket.last-resort",
            Self::Bouncing { .. } => "ticket.bounce",
            Self::Linked { .. } => "ticket.link",
            Self::Unlinked { .. } => "ticket.unlink",
            Self::Merged { .. } => "ticket.merge",
            Self::Absorbed { .. } => "ticket.absorb",
            Self::Watched { .. } => "ticket.watch",
            Self::Helped { .. } => "ticket.help",
            Self::Shared { .. } => "ticket.share",
            Self::Rated { .. } => "ticket.rate",
            Self::Tagged { .. } => "ticket.tag",
            Self::Listed { .. } => "ticket.list",
            Self::Unlisted { .. } => "ticket.unlist",
            Self::Ticked { .. } => "ticket.tick",
            Self::Filled { .. } => "ticket.fill",
            Self::ApprovalAsked { .. } => "approval.ask",
            Self::ApprovalMissing { .. } => "approval.miss",
            Self::ApprovalPassed { .. } => "approval.pass",
            Self::ApprovalAnswered { .. } => "approval.answer",
            Self::ApprovalReminded { .. } => "approval.remind",
            Self::ApprovalDecided { .. } => "approval.decide",
            Self::Nearing { .. } => "ticket.near",
            Self::Broken { .. } => "ticket.break",
        }
    }
}

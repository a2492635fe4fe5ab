//! The report: plain data, ready for JSON, text and a page.

mod build;

use remit_draw::Hue;
use serde::Serialize;

use crate::event::{Line, State};
use crate::findings::Finding;
use crate::quantiles::Quantile;
use crate::trial::{Moves, Unowned};

/// What a log says. Durations are in milliseconds, instants RFC 3339 in UTC, hours of the week count from Monday 00:00 in
/// [`Source::zone`].
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The form of this report; it changes when a field changes its meaning or goes away.
    pub schema: &'static str,
    /// What was read.
    pub source: Source,
    /// Figures of the whole log.
    pub overall: Overall,
    /// By team, the one with most tickets first.
    pub teams: Vec<Holder>,
    /// By support line.
    pub lines: Vec<Holder>,
    /// By party, the one with most tickets first.
    pub parties: Vec<Holder>,
    /// Most frequent hand-offs between teams.
    pub hand_off_pairs: Vec<Pair>,
    /// Pairs of teams between which most tickets went A → B → A.
    pub ping_pong_pairs: Vec<Pair>,
    /// Hand-offs between lines.
    pub line_pairs: Vec<Pair>,
    /// Hand-offs between parties.
    pub party_pairs: Vec<Pair>,
    /// Every status, in the order of appearance.
    pub statuses: Vec<Status>,
    /// The stays with one team that took most working time.
    pub longest: Vec<Stay>,
    /// Opened tickets by hour of the week.
    pub arrivals: Vec<u64>,
    /// Opened tickets by month.
    pub months: Vec<Month>,
    /// The log under each matrix given.
    pub matrices: Vec<Tried>,
    /// What is odd about the log.
    pub findings: Vec<Finding>,
}

/// What was read.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Source {
    /// The file.
    pub file: String,
    /// What the mapping calls the log.
    pub log: String,
    /// Whom to credit.
    pub credit: Option<String>,
    /// Where dates without an offset were taken to be written, and whose hours the week shows.
    pub zone: String,
    /// What was assumed and is not in the log.
    pub assumptions: Vec<String>,
}

/// Figures of the whole log.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Overall {
    /// Events read.
    pub events: u64,
    /// Different tickets.
    pub tickets: u64,
    /// Most events of one ticket.
    pub most_events: u64,
    /// The first opening.
    pub first: String,
    /// The last event.
    pub last: String,
    /// Tickets that count as resolved: with a time of resolution where the log has such a column, else those whose last status
    /// is resolved or closed.
    pub resolved: u64,
    /// Tickets that were reopened after closing.
    pub reopened: u64,
    /// Promises, where the log tells.
    pub sla: Option<Sla>,
    /// From opening (or the first event) to the last event.
    pub life: Durations,
    /// Hand-offs and what became of them, by level.
    pub by_team: Moved,
    /// The same between support lines.
    pub by_line: Moved,
    /// The same between parties.
    pub by_party: Moved,
    /// Changes of person while the team stayed.
    pub passed_within_team: u64,
    /// Tickets by their number of hand-offs between teams; the last figure holds those with that many or more.
    pub tickets_by_hand_offs: Vec<u64>,
    /// Time of all tickets together.
    pub held: Time,
    /// Time before any team was known.
    pub unassigned: Time,
}

/// Promises kept and missed.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Sla {
    /// Resolved tickets whose promise was kept.
    pub kept: u64,
    /// Resolved tickets whose promise was missed, as their last event says.
    pub missed: u64,
    /// Kept, over all tickets whether resolved or not.
    pub kept_of_all: u64,
    /// Missed, over all tickets.
    pub missed_of_all: u64,
}

impl Sla {
    /// The share missed among the resolved, 0 to 1.
    pub fn missed_share(&self) -> f64 {
        share(self.missed, self.kept + self.missed)
    }
}

/// A mean and quantiles.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Durations {
    /// Mean, in milliseconds.
    pub mean: i64,
    /// Half are shorter.
    pub median: Option<Quantile>,
    /// Nine of ten are shorter.
    pub p90: Option<Quantile>,
}

/// Hand-offs at one level.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Moved {
    /// Changes of holder.
    pub hand_offs: u64,
    /// Those back to whoever handed over.
    pub hand_backs: u64,
    /// Those to somebody who had held it before.
    pub bounces: u64,
    /// Those that completed an A → B → A.
    pub ping_pongs: u64,
    /// Tickets with a bounce.
    pub bounced_tickets: u64,
    /// Tickets with three bounces or more.
    pub thrice_bounced: u64,
}

/// Time held, in milliseconds; the three add up to the life of the tickets.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Time {
    /// Somebody could work on it.
    pub working: i64,
    /// It waited for somebody outside.
    pub waiting: i64,
    /// It was solved and waited to be closed.
    pub done: i64,
}

/// What one team, line or party did.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Holder {
    /// Its name.
    pub name: String,
    /// The support line of a team.
    pub line: Option<Line>,
    /// The party of a team.
    pub party: Option<String>,
    /// Its hue on the page: that of the party.
    #[serde(skip)]
    pub hue: Hue,
    /// Tickets it held.
    pub tickets: u64,
    /// Tickets of which it was the first holder.
    pub first: u64,
    /// Tickets it held when they were resolved.
    pub resolved: u64,
    /// Hand-offs to it.
    pub hand_offs_in: u64,
    /// Hand-offs from it.
    pub hand_offs_out: u64,
    /// Those it gave back to whoever had handed over.
    pub hand_backs: u64,
    /// Those that came to it although it had held the ticket before.
    pub bounces: u64,
    /// Time held, all tickets together.
    pub held: Time,
    /// Working time per ticket, median and 90th percentile.
    pub working: (Option<Quantile>, Option<Quantile>),
    /// Waiting time per ticket, median and 90th percentile.
    pub waiting: (Option<Quantile>, Option<Quantile>),
    /// Of the tickets it resolved: promise kept.
    pub sla_kept: u64,
    /// Of the tickets it resolved: promise missed.
    pub sla_missed: u64,
}

/// Two names and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pair {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// How often.
    pub count: u64,
}

/// A status of the log.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Status {
    /// As written.
    pub status: String,
    /// What the mapping takes it for.
    pub means: State,
    /// Events with it.
    pub events: u64,
    /// Tickets that have it.
    pub tickets: u64,
    /// Tickets that begin with it.
    pub first: u64,
}

/// A long stay of a ticket with one team.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Stay {
    /// The ticket.
    pub ticket: String,
    /// The team.
    pub team: String,
    /// When it came.
    pub from: String,
    /// When it left.
    pub to: String,
    /// Working time in it, in milliseconds.
    pub working: i64,
}

/// Opened tickets of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Month {
    /// `2016-03`.
    pub month: String,
    /// How many.
    pub tickets: u64,
}

/// The log under one matrix.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Tried {
    /// What the matrix is called.
    pub matrix: String,
    /// How the hand-offs fare.
    pub moves: Moves,
    /// Tickets that came to a party other than the first to own them.
    pub tickets_across_parties: u64,
    /// What comes to each party.
    pub parties: Vec<Load>,
    /// How often work comes to each team.
    pub teams: Vec<(String, u64)>,
    /// What nobody owned.
    pub unowned: Vec<Unowned>,
    /// Tickets for which only the default service could be asked about.
    pub without_service: u64,
}

impl Tried {
    /// Hand-offs that there would have been: those that remain and those added.
    pub fn hand_offs(&self) -> u64 {
        self.moves.remain + self.moves.added
    }
}

/// What comes to one party under a matrix: times that work comes, by hour of the week.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Load {
    /// The party.
    pub party: String,
    /// Its hue on the page.
    #[serde(skip)]
    pub hue: Hue,
    /// All of it.
    pub total: u64,
    /// By line: L1, L2, L3; 168 hours each.
    pub lines: [Vec<u64>; 3],
}

impl Load {
    /// By hour of the week, all lines together.
    pub fn by_hour(&self) -> Vec<u64> {
        (0..168).map(|hour| self.lines.iter().map(|line| line[hour]).sum()).collect()
    }
}

/// `part` of `whole`, 0 to 1; 0 of nothing.
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

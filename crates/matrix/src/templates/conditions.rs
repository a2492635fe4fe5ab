//! Writing one row.

use super::plan::{OFFICE, Plan, SHIFT};
use super::team::{Side, Team};
use crate::catalogue::Arrangement;
use crate::draft::{Names, RowDraft};

/// Kinds of work that somebody waits for.
pub(super) const TICKETS: [&str; 4] = ["incident", "request", "problem", "alert"];
/// Kinds of work that are done of one's own accord: everything but [`TICKETS`].
pub(super) const PLANNED: [&str; 3] = ["change", "task", "other"];
/// The highest priority.
pub(super) const CRITICAL: [&str; 1] = ["P1"];
/// The second.
pub(super) const HIGH: [&str; 1] = ["P2"];
/// The last.
pub(super) const LOW: [&str; 1] = ["P4"];
/// All below [`HIGH`].
pub(super) const ROUTINE: [&str; 3] = ["P3", "P4", "other"];
/// All between [`HIGH`] and [`LOW`].
pub(super) const NORMAL: [&str; 2] = ["P3", "other"];
/// While the office is closed.
pub(super) const CLOSED: &str = "not office";
/// While the office is closed and somebody offshore works.
pub(super) const COVERED: &str = "not office and on-duty(offshore)";

/// A row in the making.
pub(super) struct Line<'p> {
    plan: &'p Plan<'p>,
    row: RowDraft,
}

impl<'p> Line<'p> {
    /// A row that covers everything, owned by `team`, with the usual stand-ins.
    pub(super) fn new(plan: &'p Plan<'_>, id: impl Into<String>, team: Team) -> Self {
        let row = RowDraft {
            id: id.into(),
            accountable: plan.party_id(team.side()),
            responsible: plan.team_id(team),
            fallback: plan.stand_ins(team).into_iter().map(|t| plan.team_id(t)).collect(),
            ..RowDraft::default()
        };
        Self { plan, row }
    }

    pub(super) fn services<S: Into<String>>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.row.service = ids.into_iter().collect();
        self
    }

    pub(super) fn kinds(mut self, kinds: &[&str]) -> Self {
        self.row.kind = kinds.iter().copied().collect();
        self
    }

    pub(super) fn tiers(mut self, tiers: &[&str]) -> Self {
        self.row.tier = tiers.iter().copied().collect();
        self
    }

    pub(super) fn priorities(mut self, priorities: &[&str]) -> Self {
        self.row.priority = priorities.iter().copied().collect();
        self
    }

    pub(super) fn when(mut self, time: &str) -> Self {
        self.row.time = Some(time.to_owned());
        self
    }

    /// Targets that count every minute.
    pub(super) fn promise(mut self, respond: &str, resolve: &str) -> Self {
        self.row.respond = Some(respond.to_owned());
        self.row.resolve = Some(resolve.to_owned());
        self
    }

    /// A time to the first answer.
    pub(super) fn respond(mut self, respond: &str) -> Self {
        self.row.respond = Some(respond.to_owned());
        self
    }

    /// The targets count office hours only.
    pub(super) fn in_office_hours(self) -> Self {
        self.clock(OFFICE)
    }

    /// The targets count the offshore shift only.
    pub(super) fn in_shift(self) -> Self {
        self.clock(SHIFT)
    }

    fn clock(mut self, calendar: &str) -> Self {
        self.row.clock = Some(calendar.to_owned());
        self
    }

    pub(super) fn consulted(mut self, teams: &[Team]) -> Self {
        self.row.consulted = self.others(teams);
        self
    }

    pub(super) fn informed(mut self, teams: &[Team]) -> Self {
        self.row.informed = self.others(teams);
        self
    }

    /// These teams stand in instead, in this order.
    pub(super) fn fallback(mut self, teams: &[Team]) -> Self {
        self.row.fallback = teams.iter().map(|&team| self.plan.team_id(team)).collect();
        self
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.row.note = Some(note.into());
        self
    }

    pub(super) fn done(self) -> RowDraft {
        self.row
    }

    /// The ids of teams, without the one that does the work itself.
    fn others(&self, teams: &[Team]) -> Names {
        teams.iter().map(|&team| self.plan.team_id(team)).filter(|id| *id != self.row.responsible).collect()
    }
}

impl Plan<'_> {
    pub(super) fn party_id(&self, side: Side) -> String {
        match side {
            Side::Provider => "provider".to_owned(),
            Side::Internal => "internal".to_owned(),
            Side::Client => "client".to_owned(),
            Side::Vendor(vendor) => self.options.vendors[vendor].id.clone(),
        }
    }

    pub(super) fn team_id(&self, team: Team) -> String {
        match team {
            Team::Vendor(vendor) => format!("{}-support", self.options.vendors[vendor].id),
            own => own.id().to_owned(),
        }
    }

    /// Who takes over while nobody of a team is on duty, in order. The last of them always is.
    fn stand_ins(&self, team: Team) -> Vec<Team> {
        match team {
            Team::OnCall | Team::InternalOnCall => Vec::new(),
            Team::Vendor(vendor) if self.options.vendors[vendor].always => Vec::new(),
            Team::Engineering | Team::Offshore => vec![Team::OnCall],
            Team::ServiceDesk | Team::Security | Team::Projects => vec![Team::Engineering, Team::OnCall],
            Team::Vcio => vec![Team::ServiceDesk, Team::OnCall],
            Team::Management => vec![Team::Vcio, Team::OnCall],
            Team::InternalIt if self.offshore() => {
                vec![Team::ServiceDesk, Team::Offshore, self.night_phone()]
            }
            Team::InternalIt => vec![Team::ServiceDesk, self.night_phone()],
            Team::ItLead => vec![Team::InternalIt, self.night_phone()],
            Team::Vendor(_) => vec![self.default_team(), self.night_phone()],
        }
    }

    /// Who can be called at any hour about what is the client's own.
    fn night_phone(&self) -> Team {
        if self.managed() || self.agreed(Arrangement::AfterHours) {
            Team::OnCall
        } else {
            Team::InternalOnCall
        }
    }
}

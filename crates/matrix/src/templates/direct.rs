//! Tickets of branches whose owner takes them at once, without the first line: security, monitoring, and what the
//! provider runs alone.

use super::conditions::{COVERED, CRITICAL, HIGH, Line, ROUTINE, TICKETS};
use super::plan::{Plan, Scope};
use super::team::Team;
use crate::draft::RowDraft;

/// The rows inside the row `base` of directly owned branches: what is urgent, and the nights where senior people
/// offshore help. None for other branches.
pub(super) fn rows(plan: &Plan<'_>, base: &str, team: Team, branches: &[&'static str]) -> Vec<RowDraft> {
    if branches.iter().any(|branch| plan.scope(branch) != Scope::Direct) {
        return Vec::new();
    }
    let line = |word: &str, team| {
        let row = Line::new(plan, format!("{base}.{word}"), team);
        row.services(branches.iter().copied()).kinds(&TICKETS).informed(watchers(plan))
    };
    let helped = !plan.managed() && plan.offshore() && team == Team::Engineering;
    let mut critical = line("critical", team).priorities(&CRITICAL).promise("15m", "4h");
    if helped {
        critical = critical.fallback(&[Team::Offshore, Team::OnCall]);
    }
    let note = "At any hour: the team by day, and when it is off duty the next in the chain.";
    let high = line("high", team).priorities(&HIGH).promise("1h", "8h");
    let high = if plan.provider_nights() { high } else { high.in_office_hours() };
    let mut rows = vec![critical.note(note).done(), high.done()];
    if helped {
        let night = line("after-hours", Team::Offshore).priorities(&ROUTINE).when(COVERED);
        rows.push(night.promise("1h", "24h").in_shift().done());
    }
    rows
}

fn watchers(plan: &Plan<'_>) -> &'static [Team] {
    if plan.managed() { &[Team::Management] } else { &[Team::ItLead, Team::InternalIt] }
}

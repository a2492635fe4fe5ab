//! Tickets of the everyday services: by priority first, then by hour, then by line.
//!
//! Rows of different priorities are apart; within one priority the rows after hours and those of tier 3 are kept
//! apart by time or by line. So the rows form a tree, whichever of them an agreement has.

use super::conditions::{CLOSED, COVERED, CRITICAL, HIGH, LOW, Line, NORMAL, ROUTINE, TICKETS};
use super::plan::{OFFICE, Plan, Scope};
use super::team::Team;
use crate::catalogue::Arrangement;
use crate::draft::RowDraft;

/// The lines that offshore people take: the first, and what nobody has given a line yet.
const FIRST_LINE: [&str; 2] = ["L1", "other"];
/// The lines that senior offshore people take.
const LOWER_LINES: [&str; 3] = ["L1", "L2", "other"];
const TIER_3: [&str; 1] = ["L3"];

/// The branches where specialists take tier 3 although it was not agreed for all.
const SPECIALISED: [&str; 7] =
    ["users", "devices", "m365", "network", "infrastructure", "backup", "incidents"];

/// The rows for tickets of everyday branches, a wider row before the rows in it.
pub(super) fn rows(plan: &Plan<'_>) -> Vec<RowDraft> {
    let mut rows = Vec::new();
    if plan.managed() {
        managed(plan, &mut rows);
    } else {
        tier_3(plan, &mut rows);
        after_hours(plan, &mut rows);
    }
    rows
}

/// A row on tickets of all everyday branches.
fn line<'p>(plan: &'p Plan<'_>, id: &str, team: Team) -> Line<'p> {
    Line::new(plan, id, team).services(plan.in_scope(Scope::Everyday)).kinds(&TICKETS)
}

fn managed(plan: &Plan<'_>, rows: &mut Vec<RowDraft>) {
    let desk = line(plan, "tickets", Team::ServiceDesk).promise("4h", "24h").in_office_hours();
    rows.push(
        desk.note("Whatever users and systems report starts at the service desk, which also solves tier 2.")
            .done(),
    );
    let low = line(plan, "tickets.low", Team::ServiceDesk).priorities(&LOW).tiers(&LOWER_LINES);
    rows.push(low.promise("8h", "40h").in_office_hours().done());
    let third = line(plan, "tickets.tier-3", Team::Engineering).tiers(&TIER_3).priorities(&ROUTINE);
    rows.push(third.promise("4h", "40h").in_office_hours().consulted(&[Team::ServiceDesk]).done());
    managed_urgent(plan, rows);
    if plan.offshore() {
        managed_offshore(plan, rows);
    }
}

fn managed_urgent(plan: &Plan<'_>, rows: &mut Vec<RowDraft>) {
    let high = line(plan, "high", Team::ServiceDesk).priorities(&HIGH).promise("1h", "8h").in_office_hours();
    rows.push(high.done());
    let third =
        office_only(plan, line(plan, "high.tier-3", Team::Engineering).priorities(&HIGH).tiers(&TIER_3));
    rows.push(third.promise("1h", "8h").in_office_hours().consulted(&[Team::ServiceDesk]).done());
    let critical = line(plan, "critical", Team::Engineering).priorities(&CRITICAL).promise("15m", "4h");
    let critical = critical.consulted(&[Team::Security]).informed(&[Team::Management, Team::Vcio]);
    rows.push(
        critical.note("Engineers take critical tickets at once; the desk keeps users informed.").done(),
    );
    if plan.has_nights {
        let critical = line(plan, "critical.after-hours", Team::OnCall).priorities(&CRITICAL).when(CLOSED);
        let critical = critical.promise("30m", "4h").informed(&[Team::Management, Team::Vcio]);
        rows.push(critical.note("Nights, weekends and holidays are part of the service.").done());
        let high = line(plan, "high.after-hours", Team::OnCall).priorities(&HIGH).when(CLOSED);
        rows.push(high.promise("1h", "8h").informed(&[Team::ServiceDesk]).done());
    }
}

fn managed_offshore(plan: &Plan<'_>, rows: &mut Vec<RowDraft>) {
    let desk =
        |id| line(plan, id, Team::Offshore).tiers(&FIRST_LINE).when(COVERED).informed(&[Team::ServiceDesk]);
    let night = desk("night-desk").priorities(&NORMAL).promise("1h", "24h").in_shift();
    rows.push(night.note(format!(
        "{} takes the first line while the office is closed. Its shift is kept in its own zone, so that the hours move \
         against the client's when only one of the two changes its clocks; when nobody is on duty there, the rows of \
         the wider hours hold.",
        offshore_name(plan),
    )).done());
    rows.push(desk("night-desk.low").priorities(&LOW).promise("4h", "40h").in_shift().done());
    let high = desk("night-desk.high").priorities(&HIGH).promise("30m", "8h").consulted(&[Team::OnCall]);
    rows.push(
        high.note("The first line answers; what it cannot solve goes to the on-call engineer as tier 2.")
            .done(),
    );
}

/// Tier 3 of what internal IT has in tiers 1 and 2.
fn tier_3(plan: &Plan<'_>, rows: &mut Vec<RowDraft>) {
    let everything = plan.agreed(Arrangement::Tier3Escalation) || plan.options.internal_helpdesk;
    if !everything && !plan.agreed(Arrangement::HybridExpertise) {
        return;
    }
    let mut branches = plan.in_scope(Scope::Everyday);
    branches.retain(|branch| everything || SPECIALISED.contains(branch));
    let third = |id| {
        let row = Line::new(plan, id, Team::Engineering).services(branches.iter().copied()).kinds(&TICKETS);
        row.tiers(&TIER_3).consulted(&[Team::InternalIt])
    };
    let routine = third("tier-3").priorities(&ROUTINE).promise("4h", "40h").in_office_hours();
    rows.push(routine.note(
        "Internal IT hands over with what was tried, access, impact and next step, and gets it back solved and written \
         down: engineers speak to engineers.",
    ).done());
    let high = third("tier-3.high").priorities(&HIGH).promise("1h", "8h").in_office_hours();
    rows.push(office_only(plan, high).done());
    let critical =
        third("tier-3.critical").priorities(&CRITICAL).promise("15m", "4h").informed(&[Team::ItLead]);
    // Without cover at night the promise ends with the office day.
    let critical = if plan.provider_nights() { critical } else { critical.in_office_hours() };
    rows.push(office_only(plan, critical).done());
}

/// What the provider takes of internal IT's tickets while internal IT is away.
fn after_hours(plan: &Plan<'_>, rows: &mut Vec<RowDraft>) {
    let nights = plan.provider_nights();
    if nights {
        let critical = line(plan, "after-hours.critical", Team::OnCall).priorities(&CRITICAL).when(CLOSED);
        let critical = critical.promise("30m", "4h").informed(&[Team::ItLead, Team::InternalIt]);
        rows.push(critical.note(
            "The provider's on-call engineer takes it and hands it back in the morning. What can wait stays with \
             internal IT.",
        ).done());
        let high = line(plan, "after-hours.high", Team::OnCall).priorities(&HIGH).when(CLOSED);
        rows.push(high.promise("1h", "8h").informed(&[Team::InternalIt]).done());
    }
    if !plan.offshore() {
        return;
    }
    let desk =
        |id| line(plan, id, Team::Offshore).tiers(&LOWER_LINES).when(COVERED).informed(&[Team::InternalIt]);
    let first = desk("first-response").note(format!(
        "{} answers while internal IT is away and nobody needs to wake up; its hours follow its own zone. When nobody \
         is on duty there, the rows of the wider hours hold.",
        offshore_name(plan),
    ));
    if nights {
        rows.push(first.priorities(&ROUTINE).promise("1h", "24h").in_shift().done());
        let high =
            desk("first-response.high").priorities(&HIGH).promise("30m", "8h").consulted(&[Team::OnCall]);
        rows.push(high.done());
    } else {
        rows.push(first.promise("30m", "24h").in_shift().done());
    }
}

/// Keeps a row out of the hours that rows after hours have.
fn office_only<'p>(plan: &Plan<'_>, line: Line<'p>) -> Line<'p> {
    if plan.provider_nights() { line.when(OFFICE) } else { line }
}

fn offshore_name(plan: &Plan<'_>) -> String {
    plan.options.offshore.as_ref().map_or_else(String::new, |there| there.place.clone())
}

#[cfg(test)]
mod tests {
    use super::super::plan::EVERYDAY;
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_branch_that_is_named_here_exists() {
        for branch in EVERYDAY.iter().chain(&SPECIALISED) {
            assert_eq!(Catalogue::builtin().get(branch).map(|node| node.depth), Some(0), "{branch}");
        }
    }
}

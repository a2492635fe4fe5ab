//! Planned work and standing duties, by service: a row for each branch that is not the default team's, and in it a row
//! for each other team's share.

use std::collections::BTreeMap;

use super::conditions::{Line, PLANNED};
use super::direct;
use super::owner;
use super::plan::{Plan, Scope};
use super::team::{Side, Team};
use super::wording;
use crate::draft::RowDraft;

/// The row that covers everything.
pub(super) fn default_row(plan: &Plan<'_>) -> RowDraft {
    let row = Line::new(plan, "default", plan.default_team());
    if plan.managed() {
        let note = "Whatever no other row names. The provider is the whole IT department.";
        row.respond("8h").in_office_hours().note(note).done()
    } else {
        row.note("Whatever no other row names. Internal IT runs the day; its targets are its own to set.")
            .done()
    }
}

/// A team's share of a branch, or of several branches that share a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Share {
    /// The row of the branch; empty for the default row.
    base: &'static str,
    theme: String,
    team: Team,
    planned_only: bool,
}

/// The rows by service, in the order of the catalogue.
pub(super) fn rows(plan: &Plan<'_>) -> Vec<RowDraft> {
    let mut bases: Vec<(&'static str, Team, Vec<&'static str>)> = Vec::new();
    let mut shares: Vec<(Share, Vec<u32>)> = Vec::new();
    for branch in plan.branches() {
        let team = plan.base(branch);
        let base = base_id(plan, branch, team);
        if !base.is_empty() {
            match bases.iter_mut().find(|(id, ..)| *id == base) {
                Some((_, _, branches)) => branches.push(branch),
                None => bases.push((base, team, vec![branch])),
            }
        }
        for leaf in plan.catalogue.leaves(branch).expect("a branch of the catalogue") {
            let owner = plan.team_of(leaf);
            if owner != team {
                let share = share(plan, base, leaf, owner);
                match shares.iter_mut().find(|(known, _)| *known == share) {
                    Some((_, leaves)) => leaves.push(leaf),
                    None => shares.push((share, vec![leaf])),
                }
            }
        }
    }
    let mut rows = Vec::new();
    let mut ids = Ids::default();
    for (id, team, branches) in &bases {
        rows.push(base_row(plan, ids.take((*id).to_owned()), *team, branches));
        rows.extend(direct::rows(plan, id, *team, branches));
        let inside = shares.iter().filter(|(share, _)| share.base == *id);
        rows.extend(inside.map(|(share, leaves)| share_row(plan, &mut ids, share, leaves)));
    }
    let alone = shares.iter().filter(|(share, _)| share.base.is_empty());
    rows.extend(alone.map(|(share, leaves)| share_row(plan, &mut ids, share, leaves)));
    rows
}

/// The id of the row of a branch; empty where the default row is enough. Branches that share the rows of their urgent
/// tickets share this one too: else those rows would cross it instead of lying in it.
fn base_id(plan: &Plan<'_>, branch: &'static str, team: Team) -> &'static str {
    let together = |other| plan.base(other) == team && plan.scope(other) == plan.scope(branch);
    match (branch, team) {
        _ if team == plan.default_team() => "",
        ("m365" | "network" | "monitoring" | "incidents", Team::Engineering) if plan.managed() => {
            "infrastructure"
        }
        ("network", Team::Engineering) if together("infrastructure") => "infrastructure",
        (_, Team::Engineering) if plan.scope(branch) == Scope::Direct && together("infrastructure") => {
            "infrastructure"
        }
        (_, Team::ItLead) => "it-lead",
        _ => branch,
    }
}

fn base_row(plan: &Plan<'_>, id: String, team: Team, branches: &[&'static str]) -> RowDraft {
    let words = wording::of_branch(plan, &id, team);
    let mut row = Line::new(plan, id, team).services(branches.iter().copied());
    if branches.iter().any(|branch| plan.scope(branch) == Scope::Everyday) {
        row = row.kinds(&PLANNED);
    }
    let direct = branches.iter().all(|branch| plan.scope(branch) == Scope::Direct);
    row = if direct { row.promise("4h", "24h").in_office_hours() } else { promised(plan, row, team) };
    words.apply(row).done()
}

fn share(plan: &Plan<'_>, base: &'static str, leaf: u32, team: Team) -> Share {
    let id = &*plan.leaf(leaf).id;
    let planned_only = plan.scope(owner::branch(id)) != Scope::Standing;
    Share { base, theme: theme(plan, id, team), team, planned_only }
}

/// What the services of a share have in common, as the id of its row.
fn theme(plan: &Plan<'_>, id: &str, team: Team) -> String {
    let branch = owner::branch(id);
    let word = match (id, team) {
        (_, Team::Vendor(vendor)) => return format!("vendor.{}", plan.options.vendors[vendor].id),
        (_, Team::ItLead) if plan.scope(branch) == Scope::Everyday => "decisions",
        (_, Team::OnCall) => "on-call",
        ("delivery.mentoring" | "delivery.it-training" | "delivery.knowledge", Team::Engineering) => {
            "mentoring"
        }
        ("delivery.vacation-cover" | "delivery.sick-cover", _) => "absence-cover",
        ("delivery.documentation", Team::Engineering) => "tools",
        _ if id.starts_with("delivery.tools") && team == Team::Engineering => "tools",
        _ if matches!(branch, "delivery" | "strategy") && team == Team::Vcio => "relationship",
        _ => return format!("{branch}.{}", team.word()),
    };
    word.to_owned()
}

fn share_row(plan: &Plan<'_>, ids: &mut Ids, share: &Share, leaves: &[u32]) -> RowDraft {
    let words = wording::of_share(plan, &share.theme, share.team);
    let mut row = Line::new(plan, ids.take(share.theme.clone()), share.team).services(nodes(plan, leaves));
    if share.planned_only {
        row = row.kinds(&PLANNED);
    }
    words.apply(promised(plan, row, share.team)).done()
}

/// What a team promises for work that can be planned: the provider an answer within a working day, internal IT what
/// it sets itself.
fn promised<'p>(plan: &Plan<'_>, row: Line<'p>, team: Team) -> Line<'p> {
    match team {
        Team::OnCall => row,
        Team::Offshore => row.respond("8h").in_shift(),
        Team::Vendor(vendor) => match &plan.options.vendors[vendor] {
            vendor if vendor.always => vendor.respond.iter().fold(row, |row, within| row.respond(within)),
            vendor => vendor.respond.iter().fold(row, |row, within| row.respond(within).in_office_hours()),
        },
        _ if team.side() == Side::Provider => row.respond("8h").in_office_hours(),
        _ => row,
    }
}

/// The widest services that are exactly these leaves.
fn nodes(plan: &Plan<'_>, leaves: &[u32]) -> Vec<String> {
    let runs = leaves.chunk_by(|a, b| a + 1 == *b);
    let nodes = runs.flat_map(|run| plan.catalogue.covering(run[0]..run[run.len() - 1] + 1));
    nodes.map(|node| node.id.to_string()).collect()
}

/// Gives each id once: a second share of the same name gets a number.
#[derive(Default)]
struct Ids(BTreeMap<String, u32>);

impl Ids {
    fn take(&mut self, id: String) -> String {
        let count = self.0.entry(id.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { id } else { format!("{id}.{count}") }
    }
}

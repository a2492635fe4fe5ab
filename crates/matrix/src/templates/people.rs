//! The teams and parties that the rows of a draft need, and no others.

use std::collections::{BTreeMap, BTreeSet};

use super::TemplateError;
use super::plan::{OFFICE, Plan, SHIFT};
use super::team::{Side, Team};
use crate::draft::{Names, PartyDraft, PartyKind, RowDraft, TeamDraft};

/// The team that gets what nobody on duty can take.
pub(super) const LAST_RESORT: &str = "duty-manager";

/// The teams that the rows name, with the last resort.
pub(super) fn teams(
    plan: &Plan<'_>,
    rows: &[RowDraft],
) -> Result<BTreeMap<String, TeamDraft>, TemplateError> {
    let lists = rows.iter().flat_map(|row| [&row.consulted, &row.informed, &row.fallback]);
    let mut named: BTreeSet<&str> = lists.flat_map(Names::as_slice).map(String::as_str).collect();
    named.extend(rows.iter().map(|row| row.responsible.as_str()));
    let vendors = (0..plan.options.vendors.len()).map(Team::Vendor);
    let mut teams = BTreeMap::new();
    for team in Team::OWN.into_iter().chain(vendors) {
        let id = plan.team_id(team);
        if named.contains(id.as_str()) {
            teams.insert(id, team_draft(plan, team));
        }
    }
    let manager = TeamDraft {
        name: Some("Duty manager".to_owned()),
        party: plan.party_id(Side::Provider),
        hours: "always".to_owned(),
    };
    teams.insert(LAST_RESORT.to_owned(), manager);
    for (id, name) in &plan.options.team_names {
        let Some(team) = teams.get_mut(id) else {
            let known: Vec<&str> = teams.keys().map(String::as_str).collect();
            return Err(TemplateError::UnknownTeam { id: id.clone(), teams: known.join(", ") });
        };
        team.name = Some(name.clone());
    }
    Ok(teams)
}

/// The parties that the teams belong to.
pub(super) fn parties(plan: &Plan<'_>, teams: &BTreeMap<String, TeamDraft>) -> BTreeMap<String, PartyDraft> {
    let options = plan.options;
    let named = |made: String| options.internal_name.clone().unwrap_or(made);
    let all = [Side::Provider, Side::Internal, Side::Client].into_iter();
    let all = all.chain((0..options.vendors.len()).map(Side::Vendor));
    let mut parties = BTreeMap::new();
    for side in all {
        let (name, kind) = match side {
            Side::Provider => (options.provider_name.clone(), PartyKind::Provider),
            Side::Internal => (named(format!("{} IT", options.client)), PartyKind::Internal),
            Side::Client => (named(format!("{} management", options.client)), PartyKind::Internal),
            Side::Vendor(vendor) => (options.vendors[vendor].name.clone(), PartyKind::Vendor),
        };
        let id = plan.party_id(side);
        if teams.values().any(|team| team.party == id) {
            parties.insert(id, PartyDraft { name, kind });
        }
    }
    parties
}

fn team_draft(plan: &Plan<'_>, team: Team) -> TeamDraft {
    let hours = match team {
        Team::OnCall | Team::InternalOnCall => "always",
        Team::Vendor(vendor) if plan.options.vendors[vendor].always => "always",
        Team::Offshore => SHIFT,
        _ => OFFICE,
    };
    TeamDraft { name: Some(name(plan, team)), party: plan.party_id(team.side()), hours: hours.to_owned() }
}

fn name(plan: &Plan<'_>, team: Team) -> String {
    let name = match team {
        Team::ServiceDesk => "Service desk",
        Team::Engineering => "Engineers for servers, network and cloud",
        Team::Security => "Security and compliance",
        Team::Projects => "Projects",
        Team::Vcio => "vCIO and account management",
        Team::OnCall => "On-call engineer",
        Team::InternalIt => "Internal IT",
        Team::ItLead => "Head of internal IT",
        Team::InternalOnCall => "Internal IT's phone at night",
        Team::Management => "Management",
        Team::Offshore => {
            return plan
                .options
                .offshore
                .as_ref()
                .map_or_else(String::new, |there| format!("{} desk", there.place));
        }
        Team::Vendor(vendor) => return format!("{} support", plan.options.vendors[vendor].name),
    };
    name.to_owned()
}

//! Who owns a service: the catalogue's typical side, then the team of that side.

use super::plan::Plan;
use super::team::{Side, Team};
use crate::catalogue::{Owner, Service};

/// The branches that the provider runs where internal IT only has the help desk.
pub(super) const RUN_BY_PROVIDER: [&str; 8] =
    ["network", "infrastructure", "monitoring", "backup", "patching", "incidents", "security", "strategy"];

/// The branches whose undecided services internal IT keeps there.
const KEPT_BY_HELPDESK: [&str; 5] = ["helpdesk", "users", "devices", "assets", "applications"];

/// Decisions that a client does not give away, even where the provider is its whole IT department.
const CLIENT_DECIDES: [&str; 3] =
    ["compliance.risk-acceptance", "projects.change-approval", "projects.acceptance"];

/// Decisions that the head of internal IT takes, beside the branches that are hers anyway.
const LEAD_DECIDES: [&str; 17] = [
    "backup.governance",
    "compliance.privacy",
    "compliance.risk-acceptance",
    "incidents.continuity-plan",
    "incidents.notification",
    "incidents.response-plan",
    "patching.approval",
    "patching.exceptions",
    "projects.acceptance",
    "projects.change-approval",
    "projects.change-calendar",
    "security.policies",
    "security.policy-changes",
    "strategy.budget",
    "strategy.business-relationship",
    "vendors.contracts",
    "vendors.hardware-purchase",
];

/// The branches of the head of internal IT, as far as they are internal.
const LEAD_BRANCHES: [&str; 5] = ["projects", "strategy", "compliance", "vendors", "delivery"];

/// Patching that a senior offshore team does for a co-managed client.
const PATCHED_OFFSHORE: [&str; 5] =
    ["patching.os", "patching.applications", "patching.firmware", "patching.emergency", "patching.failures"];

/// The provider's team for a service: the longest entry that the id starts with.
const PROVIDER_TEAMS: [(&str, Team); 43] = [
    ("helpdesk", Team::ServiceDesk),
    ("helpdesk.tier-3", Team::Engineering),
    ("helpdesk.recurring-issues", Team::Engineering),
    ("helpdesk.escalations", Team::Engineering),
    ("users", Team::ServiceDesk),
    ("users.access-reviews", Team::Security),
    ("users.mfa", Team::Security),
    ("users.identity-hardening", Team::Security),
    ("users.privileged-accounts", Team::Security),
    ("users.service-accounts", Team::Security),
    ("users.single-sign-on", Team::Security),
    ("devices", Team::ServiceDesk),
    ("devices.compliance", Team::Security),
    ("devices.policies", Team::Security),
    ("devices.encryption", Team::Security),
    ("devices.lost", Team::Security),
    ("assets", Team::ServiceDesk),
    ("assets.lifecycle", Team::Vcio),
    ("assets.data-inventory", Team::Security),
    ("applications", Team::ServiceDesk),
    ("patching", Team::Engineering),
    ("backup", Team::Engineering),
    ("m365", Team::Engineering),
    ("monitoring", Team::Engineering),
    ("network", Team::Engineering),
    ("infrastructure", Team::Engineering),
    ("incidents", Team::Engineering),
    ("incidents.after-hours", Team::OnCall),
    ("incidents.on-call", Team::OnCall),
    ("incidents.security-response", Team::Security),
    ("incidents.forensics", Team::Security),
    ("security", Team::Security),
    ("compliance", Team::Security),
    ("vendors", Team::Vcio),
    ("vendors.isp-cases", Team::Engineering),
    ("vendors.firewall-cases", Team::Engineering),
    ("vendors.microsoft-cases", Team::Engineering),
    ("vendors.escalations", Team::Engineering),
    ("projects", Team::Projects),
    ("strategy", Team::Vcio),
    ("delivery", Team::Vcio),
    ("other", Team::ServiceDesk),
    ("delivery.documentation", Team::Engineering),
];

/// Services of working together that are hands-on.
const DELIVERY_TEAMS: [(&str, Team); 7] = [
    ("delivery.tools", Team::Engineering),
    ("delivery.tools.exit", Team::Vcio),
    ("delivery.knowledge", Team::Engineering),
    ("delivery.mentoring", Team::Engineering),
    ("delivery.it-training", Team::Engineering),
    ("delivery.vacation-cover", Team::ServiceDesk),
    ("delivery.sick-cover", Team::ServiceDesk),
];

/// The team that owns a service's planned work, vendors apart.
pub(super) fn team(plan: &Plan<'_>, service: &Service) -> Team {
    let id = &*service.id;
    if plan.managed() {
        return if CLIENT_DECIDES.contains(&id) { Team::Management } else { provider_team(plan, id) };
    }
    match side(plan, service) {
        Side::Provider if plan.offshore() && PATCHED_OFFSHORE.contains(&id) => Team::Offshore,
        Side::Provider => provider_team(plan, id),
        _ if LEAD_DECIDES.contains(&id) || LEAD_BRANCHES.contains(&branch(id)) => Team::ItLead,
        _ => Team::InternalIt,
    }
}

/// The top-level branch of an id.
pub(super) fn branch(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

fn side(plan: &Plan<'_>, service: &Service) -> Side {
    let id = &*service.id;
    let by_arrangement = service.owner.in_arrangements(&plan.arrangements);
    let offshore = plan.offshore() && PATCHED_OFFSHORE.contains(&id);
    if by_arrangement == Owner::Provider || offshore {
        return Side::Provider;
    }
    if plan.options.internal_helpdesk {
        return beside_internal_helpdesk(service);
    }
    match by_arrangement {
        // A vendor's duty without a vendor: whoever has the rest of the branch sees to it.
        Owner::Vendor if !service.is_other() => plan.base(branch(id)).side(),
        _ => Side::Internal,
    }
}

/// The usual co-managed owner; what is undecided goes to internal IT in the branches of the help desk only.
fn beside_internal_helpdesk(service: &Service) -> Side {
    let id = &*service.id;
    let of_provider = match service.owner.co_managed {
        _ if LEAD_DECIDES.contains(&id) => false,
        _ if RUN_BY_PROVIDER.contains(&branch(id)) => true,
        Owner::Provider => true,
        Owner::Shared | Owner::Vendor => !KEPT_BY_HELPDESK.contains(&branch(id)) && id != "other",
        Owner::Internal | Owner::NotApplicable => false,
    };
    if of_provider { Side::Provider } else { Side::Internal }
}

fn provider_team(plan: &Plan<'_>, id: &str) -> Team {
    // Where nobody is to be mentored the duty rests with whoever looks after the relation.
    if plan.managed() && matches!(id, "delivery.mentoring" | "delivery.knowledge" | "delivery.it-training") {
        return Team::Vcio;
    }
    let inside =
        |prefix: &str| id.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let entries = PROVIDER_TEAMS.iter().chain(&DELIVERY_TEAMS);
    let best = entries.filter(|(prefix, _)| inside(prefix)).max_by_key(|(prefix, _)| prefix.len());
    best.map_or(Team::ServiceDesk, |&(_, team)| team)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_service_that_is_named_here_exists() {
        let named = PROVIDER_TEAMS.iter().chain(&DELIVERY_TEAMS).map(|(id, _)| *id);
        let named = named.chain(CLIENT_DECIDES).chain(LEAD_DECIDES).chain(LEAD_BRANCHES);
        for id in named.chain(PATCHED_OFFSHORE).chain(RUN_BY_PROVIDER).chain(KEPT_BY_HELPDESK) {
            assert!(Catalogue::builtin().get(id).is_some(), "{id}");
        }
    }

    #[test]
    fn every_branch_has_a_team_of_the_provider() {
        for branch in Catalogue::builtin().roots() {
            assert!(PROVIDER_TEAMS.iter().any(|(id, _)| *id == &*branch.id), "{}", branch.id);
        }
    }
}

//! Every duty that the two models divide has a service of its own.

use super::*;

/// A duty, and the service that names it.
const DUTIES: &[(&str, &str)] = &[
    ("help desk", "helpdesk"),
    ("help desk by phone", "helpdesk.intake.phone"),
    ("help desk by mail", "helpdesk.intake.email"),
    ("help desk by ticket", "helpdesk.intake.portal"),
    ("walk-up support", "helpdesk.intake.walk-up"),
    ("triage", "helpdesk.triage"),
    ("tier 1", "helpdesk.tier-1"),
    ("tier 2", "helpdesk.tier-2"),
    ("tier 3 escalation", "helpdesk.tier-3"),
    ("overflow of the internal team", "helpdesk.overflow"),
    ("recurring issues", "helpdesk.recurring-issues"),
    ("technical hand-off", "helpdesk.escalations"),
    ("password resets", "helpdesk.password-reset"),
    ("on-site visits", "helpdesk.on-site"),
    ("onboarding of users", "users.onboarding"),
    ("offboarding of users", "users.offboarding"),
    ("identity administration", "users.directory"),
    ("identity hardening", "users.identity-hardening"),
    ("access reviews", "users.access-reviews"),
    ("device compliance", "devices.compliance"),
    ("endpoint management", "devices"),
    ("printers", "devices.printers"),
    ("hardware asset management", "assets.hardware"),
    ("software asset management", "assets.software"),
    ("hardware life cycle", "assets.lifecycle"),
    ("patching", "patching"),
    ("patching of operating systems", "patching.os"),
    ("patching of applications", "patching.applications"),
    ("patching of firmware", "patching.firmware"),
    ("patch exceptions", "patching.exceptions"),
    ("backup monitoring", "backup.monitoring"),
    ("backup review", "backup.review"),
    ("tested recovery", "backup.restore-test"),
    ("recovery documentation", "backup.documentation"),
    ("backup governance", "backup.governance"),
    ("disaster recovery", "incidents.disaster-recovery"),
    ("business continuity", "incidents.continuity-plan"),
    ("Microsoft 365 administration", "m365.administration"),
    ("mail flow", "m365.mail-flow"),
    ("security software", "security.endpoint-protection"),
    ("security operations", "security.soc"),
    ("security escalations", "security.escalations"),
    ("security policy changes", "security.policy-changes"),
    ("vulnerability management", "security.vulnerabilities"),
    ("mail security", "security.email-security"),
    ("certificates", "security.certificates"),
    ("after-hours incidents", "incidents.after-hours"),
    ("on-call", "incidents.on-call"),
    ("critical incidents", "incidents.major"),
    ("security incident response", "incidents.security-response"),
    ("24/7 monitoring", "monitoring"),
    ("after-hours alerts", "monitoring.alerts"),
    ("preventive maintenance", "monitoring.maintenance"),
    ("remote access for technicians", "monitoring.remote-access"),
    ("remote access for staff", "monitoring.vpn"),
    ("firewalls", "network.firewall"),
    ("wireless troubleshooting", "network.wifi"),
    ("telephony", "network.telephony"),
    ("domain names", "network.domains"),
    ("name service", "network.dns"),
    ("cabling", "network.cabling"),
    ("servers", "infrastructure.servers"),
    ("virtualisation", "infrastructure.virtualisation"),
    ("cloud platforms", "infrastructure.cloud"),
    ("databases", "infrastructure.databases"),
    ("line-of-business applications", "applications"),
    ("proprietary application knowledge", "applications.specialist"),
    ("plant-floor workflows", "applications.plant"),
    ("vendor liaison", "vendors.liaison"),
    ("vendor escalations", "vendors.escalations"),
    ("internet provider cases", "vendors.isp-cases"),
    ("firewall vendor cases", "vendors.firewall-cases"),
    ("Microsoft cases", "vendors.microsoft-cases"),
    ("application vendor cases", "vendors.application-cases"),
    ("procurement", "vendors.procurement"),
    ("licence coordination", "vendors.licence-coordination"),
    ("vendor risk", "vendors.risk"),
    ("project work", "projects"),
    ("cloud migrations", "projects.cloud-migration"),
    ("server migrations", "projects.server-migration"),
    ("network replacement", "projects.network-replacement"),
    ("relocations", "projects.relocation"),
    ("new regions and time zones", "projects.new-site"),
    ("acquisition integration", "projects.acquisition"),
    ("change approval", "projects.change-approval"),
    ("strategic planning", "strategy.planning"),
    ("CIO function", "strategy.vcio"),
    ("roadmap", "strategy.roadmap"),
    ("budget", "strategy.budget"),
    ("quarterly reviews", "strategy.reviews"),
    ("risk reports", "strategy.risk-reports"),
    ("plain-language service reports", "strategy.service-reports"),
    ("architectural control", "strategy.architecture"),
    ("relationship with the business", "strategy.business-relationship"),
    ("growth", "strategy.growth"),
    ("joint measures of success", "strategy.satisfaction"),
    ("compliance support", "compliance.frameworks"),
    ("a named party per control", "compliance.controls"),
    ("compliance evidence", "compliance.evidence"),
    ("audits", "compliance.audits"),
    ("compliance reporting", "compliance.reporting"),
    ("insurers' controls", "compliance.insurance"),
    ("risk assessments", "compliance.risk-assessment"),
    ("tool ownership and licences", "delivery.tools.ownership"),
    ("tool access rights", "delivery.tools.access"),
    ("exit terms", "delivery.tools.exit"),
    ("documentation", "delivery.documentation"),
    ("shared knowledge", "delivery.knowledge"),
    ("mentoring", "delivery.mentoring"),
    ("training of internal staff", "delivery.it-training"),
    ("training of users", "delivery.user-training"),
    ("vacation cover", "delivery.vacation-cover"),
    ("sick cover", "delivery.sick-cover"),
    ("IT staffing", "delivery.staffing"),
    ("service levels", "delivery.service-levels"),
];

#[test]
fn every_duty_has_a_service() {
    let missing: Vec<_> = DUTIES.iter().filter(|(_, id)| Catalogue::builtin().get(id).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn no_two_duties_share_a_service() {
    let ids: HashSet<_> = DUTIES.iter().map(|(_, id)| id).collect();
    assert_eq!(ids.len(), DUTIES.len());
}

#[test]
fn what_a_flat_fee_usually_leaves_out_is_marked() {
    let outside: HashSet<&str> = Catalogue::builtin()
        .listed()
        .filter(|service| service.outside_fee)
        .map(|service| &*service.id)
        .collect();
    for id in [
        "vendors.hardware-purchase",
        "vendors.software-licences",
        "projects.relocation",
        "projects.cloud-migration",
        "projects.network-replacement",
        "network.cabling",
        "compliance.independent-audits",
    ] {
        assert!(outside.contains(id), "{id}");
    }
    for id in
        ["helpdesk", "patching.os", "vendors.procurement", "compliance.audits", "projects.change-approval"]
    {
        assert!(!outside.contains(id), "{id}");
    }
}

#[test]
fn who_leads_follows_the_table_of_the_two_models() {
    let leads = |id: &str| {
        let owner = &Catalogue::builtin().get(id).unwrap().owner;
        (owner.managed, owner.co_managed)
    };
    assert_eq!(leads("delivery.staffing"), (Owner::Provider, Owner::Shared));
    assert_eq!(leads("strategy"), (Owner::Provider, Owner::Shared));
    assert_eq!(leads("delivery.tools.ownership"), (Owner::Provider, Owner::Shared));
    assert_eq!(leads("delivery.mentoring"), (Owner::NotApplicable, Owner::Provider));
    assert_eq!(leads("delivery.vacation-cover"), (Owner::Provider, Owner::Provider));
    assert_eq!(leads("delivery.sick-cover"), (Owner::Provider, Owner::Provider));
    assert_eq!(leads("helpdesk.tier-1"), (Owner::Provider, Owner::Internal));
    assert_eq!(leads("users.onboarding"), (Owner::Provider, Owner::Internal));
    assert_eq!(leads("incidents.after-hours"), (Owner::Provider, Owner::Provider));
}

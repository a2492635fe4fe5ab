//! Names as they stand in providers' spreadsheets find their services.

use super::*;

fn best(text: &str) -> String {
    Catalogue::builtin().find(text).first().map_or_else(String::new, |found| found.service.id.to_string())
}

/// What a spreadsheet says, and the service it means.
const NAMES: &[(&str, &str)] = &[
    ("Helpdesk / end user support", "helpdesk"),
    ("Service Desk L1", "helpdesk.tier-1"),
    ("Level 3 escalations", "helpdesk.tier-3"),
    ("Password Resets", "helpdesk.password-reset"),
    ("New hire onboarding", "users.onboarding"),
    ("User provisioning", "users.onboarding"),
    ("Employee offboarding / terminations", "users.offboarding"),
    ("MFA", "users.mfa"),
    ("Active Directory user administration", "users.directory"),
    ("Printers", "devices.printers"),
    ("Endpoint management", "devices"),
    ("Asset Inventory", "assets"),
    ("Hardware lifecycle / refresh", "assets.lifecycle"),
    ("Patch Mgmt", "patching"),
    ("Patching (OS)", "patching.os"),
    ("3rd party patching", "patching.applications"),
    ("Backups", "backup"),
    ("Data backup & disaster recovery", "backup"),
    ("Backup Review", "backup.review"),
    ("Microsoft 365 admin", "m365.administration"),
    ("Email / mail flow issues", "m365.mail-flow"),
    ("Mail delivery problems", "m365.mail-flow"),
    ("Antivirus/EDR", "security.endpoint-protection"),
    ("SOC / MDR", "security.soc"),
    ("Vuln mgmt", "security.vulnerabilities"),
    ("Firewall rule changes", "security.policy-changes"),
    ("Vulnerability scanning & remediation", "security.vulnerabilities"),
    ("SSL certs", "security.certificates"),
    ("DR testing", "incidents.disaster-exercise"),
    ("Incident Response", "incidents.security-response"),
    ("Server monitoring (24x7)", "monitoring.servers"),
    ("Remote access (VPN)", "monitoring.vpn"),
    ("Wi-Fi", "network.wifi"),
    ("VoIP phones", "network.telephony"),
    ("Teams calling", "network.telephony"),
    ("SQL Server", "infrastructure.databases"),
    ("Vendor Management", "vendors"),
    ("ISP / carrier issues", "vendors.isp-cases"),
    ("Licensing (software)", "vendors.software-licences"),
    ("Hardware procurement", "vendors.procurement"),
    ("Change Control / CAB", "projects.change-approval"),
    ("Office move", "projects.relocation"),
    ("vCIO / IT Strategy", "strategy.vcio"),
    ("QBRs", "strategy.reviews"),
    ("Compliance reporting (HIPAA)", "compliance.reporting"),
    ("Cyber insurance questionnaire", "compliance.insurance"),
    ("Documentation", "delivery.documentation"),
    ("PTO coverage", "delivery.vacation-cover"),
];

#[test]
fn names_from_spreadsheets_find_the_service_they_mean() {
    let wrong: Vec<_> =
        NAMES.iter().map(|(text, id)| (text, id, best(text))).filter(|(_, id, found)| *id != found).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_id_and_every_name_finds_itself_first() {
    for service in Catalogue::builtin().nodes() {
        let found = Catalogue::builtin().find(&service.id);
        assert_eq!((&found[0].service.id, found[0].how), (&service.id, How::Id));
    }
    for service in Catalogue::builtin().listed() {
        for name in service.also.iter().chain([&service.name]) {
            let found = Catalogue::builtin().find(name)[0];
            assert_eq!((&found.service.id, found.score), (&service.id, 1.0), "{name}");
        }
    }
}

#[test]
fn the_end_of_an_id_is_enough() {
    let found = Catalogue::builtin().find("restore-test")[0];
    assert_eq!(found.service.id.as_ref(), "backup.restore-test");
    assert_eq!(best("BACKUP.Restore-Test"), "backup.restore-test");
}

#[test]
fn a_slip_of_the_fingers_still_finds_it() {
    assert_eq!(best("pathcing"), "patching");
    assert_eq!(best("helpdsk"), "helpdesk");
    assert_eq!(best("backup.restore-tst"), "backup.restore-test");
    assert_eq!(best("patching.exeptions"), "patching.exceptions");
    assert_eq!(best("vulnerabilty managment"), "security.vulnerabilities");
}

#[test]
fn a_word_that_the_catalogue_knows_is_not_taken_for_a_slip() {
    assert_eq!(best("Mentoring"), "delivery.mentoring");
    assert_eq!(best("Monitoring"), "monitoring");
}

#[test]
fn what_means_nothing_finds_nothing() {
    for text in ["", " ", "lawn mowing", "/", "???", "\u{1f600}", "the and of"] {
        assert!(Catalogue::builtin().find(text).is_empty(), "{text}");
    }
}

#[test]
fn at_most_ten_are_found_best_first_and_long_texts_are_cut() {
    let found = Catalogue::builtin().find("vendor security support management");
    assert!(found.len() <= 10);
    assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
    assert!(found.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
    assert!(Catalogue::builtin().find(&"backup ".repeat(1_000_000)).len() <= 10);
}

#[test]
fn a_clients_own_service_is_found_by_its_other_names() {
    let added = NewNode { also: vec!["Milking robots".to_owned()], name: "Dairy".to_owned(), ..node("farm") };
    let catalogue = Catalogue::builtin().extended(vec![added]).unwrap();
    assert_eq!(catalogue.find("milking robot")[0].service.id.as_ref(), "farm");
}

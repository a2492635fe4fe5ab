//! Everybody finds their way around.

use remit_browser::page::View;

use super::World;

/// The roles of the demo, and what their menu leads to.
const ROLES: [(&str, &[&str]); 10] = [
    (
        "Owner",
        &["Tickets", "Approvals", "Notices", "Clients", "Promises", "Report", "People", "Audit", "Settings"],
    ),
    (
        "Service manager",
        &["Tickets", "Approvals", "Notices", "Clients", "Promises", "Report", "People", "Audit"],
    ),
    ("Technician", &["Tickets", "Approvals", "Notices", "Clients", "Promises", "Report", "People"]),
    ("Offshore technician", &["Tickets", "Approvals", "Notices", "Clients", "Promises", "Report", "People"]),
    ("Billing", &["Tickets", "Approvals", "Notices", "Clients", "Promises", "Report", "People"]),
    (
        "Internal IT",
        &["Get help", "Tickets", "Approvals", "Notices", "Clients", "Promises", "Report", "People", "Audit"],
    ),
    (
        "Approver",
        &["Get help", "Tickets", "Approvals", "Notices", "Clients", "Promises", "Report", "People", "Audit"],
    ),
    ("Leadership", &["Get help", "Tickets", "Approvals", "Notices", "Clients", "Promises", "Report"]),
    ("Requester", &["Get help", "Tickets", "Approvals", "Notices"]),
    ("Vendor contact", &["Tickets", "Approvals", "Notices"]),
];

#[test]
fn each_role_signs_in_with_its_link_and_every_entry_of_its_menu_leads_somewhere() {
    let Some(world) = World::demo() else { return };
    for (role, menu) in ROLES {
        let mut page = world.somebody();
        page.open(&world.product.link(role));
        page.is_sound(&world.means.axe, &[View::DESK]);
        page.follow("Sign in");
        let entries = page.eval("return [...document.querySelectorAll('.menu a')].map(named);");
        assert_eq!(entries, serde_json::json!(menu), "{role}");
        for entry in menu {
            page.follow(entry);
            page.says(entry);
            page.is_sound(&world.means.axe, &[View::DESK]);
        }
        page.follow_first(".viewer");
        assert_eq!(page.address(), "/me");
        page.says("What each role may do");
        page.is_sound(&world.means.axe, &[View::DESK]);
        page.follow("Sign out");
        page.open("/me");
        assert!(page.address().starts_with("/sign-in"), "{role} is still signed in");
    }
}

#[test]
fn a_page_that_is_not_there_and_one_that_is_not_ones_own_are_calm_and_alike() {
    let Some(world) = World::demo() else { return };
    let mut page = world.sign_in("Technician");
    page.open("/nowhere");
    page.says("404");
    world.check(&mut page);
    page.open("/audit");
    page.says("Your role may not read the audit log.");
    world.check(&mut page);
}

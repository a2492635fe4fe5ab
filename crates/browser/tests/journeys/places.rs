//! What is kept about a client and about the provider: sites, contacts, teams, settings.

use remit_browser::page::Page;

use super::World;

#[test]
fn a_site_a_contact_and_a_team_are_added_and_changed() {
    let Some(world) = World::demo() else { return };
    let mut manager = world.sign_in("Service manager");
    manager.follow("Harbor Dental");
    manager.follow("Add a site");
    manager.fill("Name", "Harbor Street practice");
    manager.follow("Add site");
    manager.says("has a site harbor-street-practice already");
    world.check(&mut manager);
    manager.fill("Name", "Sterile store");
    manager.follow("Add site");
    manager.says("sterile-store");
    manager.follow("Add a contact");
    manager.fill("Address", "nils@harbor-dental.example");
    manager.follow("Add contact");
    manager.says("write a name");
    let kept = manager.eval("return field('Address').value");
    assert_eq!(kept, "nils@harbor-dental.example", "what was typed stays");
    world.check(&mut manager);
    manager.fill("Name", "Nils Brandt");
    manager.follow("Add contact");
    manager.follow("Nils Brandt");
    world.check(&mut manager);
    manager.follow("Take Nils Brandt out of the contacts");
    assert!(!manager.text().contains("Nils Brandt"));
    team(&world, &mut manager);
}

fn team(world: &World, manager: &mut Page) {
    manager.follow("People");
    manager.follow("Teams");
    world.check(manager);
    manager.follow("New team");
    world.check(manager);
    manager.fill("Name", "Project desk");
    manager.follow("Found team");
    manager.says("Nobody is in this team yet.");
    world.check(manager);
    manager.eval("field('Add somebody').selectedIndex = 1;");
    manager.follow("Add");
    manager.says("Take out");
    world.check(manager);
}

#[test]
fn settings_are_changed_by_an_owner_who_saw_the_last_ones_and_read_by_everybody() {
    let Some(world) = World::demo() else { return };
    let (mut one, mut other) = (world.sign_in("Owner"), world.sign_in("Requester"));
    other.open("/settings");
    other.says("An owner of the provider can change this.");
    world.check(&mut other);
    one.follow("Settings");
    world.check(&mut one);
    one.fill("Time zone", "Mars/Base");
    one.follow("Save");
    one.says("Mars/Base");
    world.check(&mut one);
    one.fill("Time zone", "America/Denver");
    one.follow("Save");
    other.open("/settings");
    other.says("America/Denver");
}

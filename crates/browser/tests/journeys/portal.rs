//! Somebody asks for help, and says how it was.

use remit_browser::page::{Page, View};
use serde_json::Value;

use super::World;
use super::tickets::{hand_on, hand_to, sides};

/// Presses the button that leads a ticket to a status.
fn to_status(page: &mut Page, key: &str) {
    page.follow_first(&format!("form[action$='/status'] button[value='{key}']"));
}

/// Whoever asked says that it was not good, and somebody does something about it.
fn how_it_was(world: &World, requester: &mut Page, it: &mut Page, ticket: &str) {
    requester.open("/portal");
    requester.says("The laptop stays dark");
    requester.open(ticket);
    requester.says("It is solved. How was it?");
    requester.fill("In your words (as you like)", "Nobody told me that it was ready.");
    requester.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    requester.follow("not good");
    requester.says("You said how it was");

    it.open("/ratings?which=to-follow");
    it.says("Nobody told me that it was ready.");
    it.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    it.follow_first("main tbody a");
    it.fill("What was done", "Rang, and said sorry.");
    it.follow("Followed up");
    it.open("/ratings?which=to-follow");
    it.says("Nothing is to be followed up");
}

#[test]
fn a_request_goes_through_both_companies_and_the_night_and_whoever_asked_says_how_it_was() {
    let Some(world) = World::demo() else { return };
    let mut requester = world.sign_in("Requester");
    requester.look(View::PHONE);
    requester.open("/");
    assert_eq!(requester.address(), "/portal", "who asks for help begins where it is asked for");
    requester.says("Right now");
    world.check(&mut requester);
    requester.look(View::PHONE);
    requester.follow("My computer or phone is broken");
    requester.says("Repair, or another one meanwhile.");
    requester.fill("What is it about?", "The laptop stays dark");
    requester.fill("What should we know?", "It fell off the table this morning.");
    requester.follow("Open ticket");
    requester.says("The laptop stays dark");
    let ticket = requester.address();
    requester.is_sound(&world.means.axe, &[View::PHONE, View::PHONE.dark()]);

    // Internal IT has it, by day at once and by night once the desk gives it back.
    let (mut holder, other, party) =
        sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &ticket);
    let mut it = if party == "Internal IT" {
        hand_on(&mut holder, party);
        holder.follow("Offer it");
        let mut it = other;
        it.open(&ticket);
        it.follow("Accept");
        it
    } else {
        holder
    };
    it.open(&ticket);
    it.follow("Hand on");
    hand_to(&it, "Manila desk");
    it.follow("Offer it");
    it.says("Offered to");

    let mut night = world.sign_in("Offshore technician");
    night.open(&ticket);
    night.says("Your side is asked to take it.");
    night.follow("Accept");
    night.says("accepted it");
    night.fill("Write", "It starts again: the battery had come loose.");
    night.follow("Send");
    night.follow("Send now");
    to_status(&mut night, "solved");
    night.says("Solved");

    it.open(&ticket);
    it.says("the battery had come loose");
    // Whose it is by the matrix takes it back, and closes it.
    it.follow("Accept");
    to_status(&mut it, "closed");
    it.says("Closed");
    how_it_was(&world, &mut requester, &mut it, &ticket);
    for page in [&mut requester, &mut it, &mut night] {
        world.check(page);
    }
}

#[test]
fn what_people_can_ask_for_is_written_by_whoever_plans_and_asked_without_scripts() {
    let Some(world) = World::demo() else { return };
    let mut it = world.sign_in("Internal IT");
    it.open("/requests");
    it.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    it.open("/requests/new");
    it.fill("Name", "A seat at another desk");
    it.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    it.follow_first("main form button");
    it.says("A seat at another desk");

    it.open("/clients");
    it.follow("Ardent Manufacturing");
    it.follow("What people share");
    it.set("Who reads what is shared", "everyone");
    it.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    it.follow("Save");
    let mut requester = world.sign_in("Requester");
    requester.without_scripts();
    requester.open("/portal");
    requester.follow("A seat at another desk");
    requester.fill("What is it about?", "By the window");
    requester.says("Colleagues may read it");
    requester.follow("Open ticket");
    requester.says("By the window");
    requester.says("may read it.");
    requester.follow("Do not share it any more");
    requester.says("Colleagues do not read it.");
    world.check(&mut it);
}

#[test]
fn the_portal_can_be_installed() {
    let Some(world) = World::demo() else { return };
    let page = world.sign_in("Requester");
    let manifest = page.eval(
        "const from = document.querySelector('link[rel=manifest]').href; \
         const ask = new XMLHttpRequest(); ask.open('GET', from, false); ask.send(); \
         const read = JSON.parse(ask.responseText); \
         return { start: read.start_url, display: read.display, sizes: read.icons.map((icon) => icon.sizes) };",
    );
    assert_eq!(manifest["start"], "/");
    assert_eq!(manifest["display"], "standalone");
    let sizes = manifest["sizes"].as_array().expect("it has icons");
    assert!(sizes.contains(&Value::from("192x192")) && sizes.contains(&Value::from("512x512")), "{sizes:?}");
}

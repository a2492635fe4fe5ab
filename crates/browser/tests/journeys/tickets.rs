//! A ticket on its way: asked for, handed on, taken, written into.

use remit_browser::page::{Page, View};

use super::World;

/// What the next holder needs to know.
const WARM: [(&str, &str); 4] = [
    ("What was tried, and what came of it", "Changed the toner and the cable; the light stays red."),
    ("How to get in", "Reception opens the room until six."),
    ("Who cannot work meanwhile", "Nobody: the one on the first floor prints."),
    ("What is to be done next", "Read its log, then the spooler's."),
];

/// Opens a ticket as whoever is signed in. Says its address.
pub fn ask(page: &mut Page, subject: &str) -> String {
    page.follow("Tickets");
    page.follow("New ticket");
    page.fill("What is it about?", subject);
    page.fill("What should we know?", "The light is red since nine, and nothing comes out.");
    page.follow("Open ticket");
    page.says(subject);
    page.address()
}

/// Hands a ticket on to a team of the other party. The page is that of whoever holds it.
pub fn hand_on(page: &mut Page, party: &str) {
    page.follow("Hand on");
    hand_to(page, party);
}

/// Says to whom, and what they need to know.
pub fn hand_to(page: &Page, party: &str) {
    let to = page.eval(&format!(
        "return [...document.querySelectorAll('#field-to option')].find((at) => at.textContent.includes('{party}')).value;"
    ));
    page.set("To whom", to.as_str().expect("there is such a team"));
    for (question, answer) in WARM {
        page.fill(question, answer);
    }
}

/// Internal IT and a technician at a ticket, whoever holds it first. By day and by night the matrix names another.
pub fn sides(mut it: Page, mut technician: Page, ticket: &str) -> (Page, Page, &'static str) {
    it.open(ticket);
    technician.open(ticket);
    if it.text().contains("Hand on") {
        (it, technician, "Lanternworks")
    } else {
        (technician, it, "Internal IT")
    }
}

#[test]
fn a_ticket_goes_from_one_company_to_the_other_and_its_requester_reads_what_is_meant_for_them() {
    let Some(world) = World::demo() else { return };
    let mut requester = world.sign_in("Requester");
    let ticket = ask(&mut requester, "The printer on the second floor is dark");
    requester.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    let (mut holder, mut other, party) =
        sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &ticket);
    holder.is_sound(&world.means.axe, &[View::DESK, View::DESK.dark(), View::PHONE]);
    hand_on(&mut holder, party);
    holder.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    holder.follow("Offer it");
    holder.says("Offered to");
    other.open(&ticket);
    other.says("Your side is asked to take it.");
    other.says("Reception opens the room until six.");
    other.follow("Accept");
    other.says("accepted it");
    other.eval("document.querySelector('#visibility-teams').click();");
    other.fill("Write", "Between us: it is the drum, and it is old.");
    other.follow("Send");
    other.says("On its way.");
    other.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    other.follow("Send now");
    other.says("Between us: it is the drum");
    other.is_sound(&world.means.axe, &[View::DESK]);
    requester.open(&ticket);
    assert!(!requester.text().contains("the drum"), "what is between the teams stays there");
    assert!(!requester.text().contains("Reception opens"), "so does what was said for the hand-over");
    holder.open("/tickets?view=open");
    holder.says("The printer on the second floor is dark");
    holder.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    for page in [&mut requester, &mut holder, &mut other] {
        world.check(page);
    }
}

#[test]
fn a_ticket_says_why_it_is_due_when_it_is_and_its_open_page_follows_what_others_do() {
    let Some(world) = World::demo() else { return };
    let mut manager = world.sign_in("Service manager");
    manager.follow("Promises");
    manager.says("SLA: first answer");
    manager.is_sound(&world.means.axe, &[View::DESK, View::DESK.dark(), View::PHONE]);
    manager.set("What", "sla.update");
    manager.fill("Tier", "gold");
    manager.fill("Within", "two moons");
    manager.follow("Promise it");
    manager.says("write an amount and a unit");
    manager.fill("Within", "2d");
    manager.follow("Promise it");
    manager.says("SLA: next word");
    let mut requester = world.sign_in("Requester");
    let ticket = ask(&mut requester, "The scanner sends nothing");
    let (mut holder, mut other, _) =
        sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &ticket);
    holder.says("SLA response in");
    holder.follow("Why?");
    holder.says("Said by");
    holder.says("Whose time was used");
    holder.is_sound(&world.means.axe, &[View::DESK, View::DESK.dark(), View::PHONE]);
    other.open(&ticket);
    holder.open(&ticket);
    holder.fill("Write", "We have a look at it this morning.");
    holder.follow("Send");
    // The page of the other one is not loaded again; it asks for its parts.
    other.until_text("We have a look at it this morning.");
    other.until_text("OLA resolution in");
    let heads = other.eval("return document.querySelectorAll('h1').length;");
    assert_eq!(heads.as_i64(), Some(1), "a part of the page took the whole page in");
    requester.follow("Notices");
    requester.says("there is an answer");
    requester.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    for page in [&mut requester, &mut holder, &mut other, &mut manager] {
        world.check(page);
    }
}

#[test]
fn two_tickets_about_the_same_become_one() {
    let Some(world) = World::demo() else { return };
    let mut requester = world.sign_in("Requester");
    let first = ask(&mut requester, "No sound in the meeting room");
    let second = ask(&mut requester, "Meeting room is silent");
    let (mut holder, ..) = sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &second);
    let number = first.rsplit('/').next().expect("an address ends in a number").to_owned();
    holder.eval("for (const more of document.querySelectorAll('details')) more.open = true;");
    holder.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    holder.fill("Number of the one that goes on", &number);
    holder.follow("Merge");
    holder.says("merged it");
    requester.open(&second);
    requester.says("it goes on in");
    holder.open(&first);
    holder.says("Meeting room is silent");
    world.check(&mut holder);
    world.check(&mut requester);
}

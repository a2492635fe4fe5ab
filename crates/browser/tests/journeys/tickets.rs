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

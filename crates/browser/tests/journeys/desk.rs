//! What happens around a ticket: what is not sent yet, what is to be approved, what comes again and again, and what it adds up to.

use remit_browser::page::{Page, View};

use super::World;
use super::tickets::{ask, sides};

#[test]
fn what_was_typed_is_there_again_and_the_other_side_sees_that_somebody_writes() {
    let Some(world) = World::demo() else { return };
    let mut requester = world.sign_in("Requester");
    let ticket = ask(&mut requester, "The badge reader beeps and stays shut");
    let (mut holder, mut other, _) =
        sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &ticket);
    other.open(&ticket);
    holder.fill("Write", "We have looked at the reader and");
    // Kept as it is typed, and told to whoever has the ticket open too.
    other.until_text("is writing");
    other.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    holder.open(&ticket);
    let kept = holder.eval("return field('Write').value;");
    assert_eq!(kept.as_str(), Some("We have looked at the reader and"));
    requester.open(&ticket);
    assert!(!requester.text().contains("We have looked at"), "what is not sent is nobody else's");
    holder.fill("Write", "We have looked at the reader and ordered a new one.");
    holder.follow("Send");
    holder.follow("Send now");
    holder.says("ordered a new one");
    assert_eq!(holder.eval("return field('Write').value;").as_str(), Some(""), "what is sent is no draft");
    for page in [&mut holder, &mut other, &mut requester] {
        world.check(page);
    }
}

/// The number beside an entry of the menu; none where nothing waits.
fn waiting(page: &Page, entry: &str) -> Option<String> {
    let count = page.eval(&format!(
        "return [...document.querySelectorAll('.menu a')].find((at) => named(at) === '{entry}').querySelector('.count')?.firstChild.textContent ?? null;"
    ));
    count.as_str().map(str::to_owned)
}

#[test]
fn an_approval_is_asked_for_answered_on_a_phone_and_the_work_goes_on() {
    let Some(world) = World::demo() else { return };
    let mut approver = world.sign_in("Approver");
    let before = waiting(&approver, "Approvals");
    let mut requester = world.sign_in("Requester");
    let ticket = ask(&mut requester, "The projector of the board room is dying");
    let (mut holder, ..) = sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &ticket);
    holder.follow("Ask for an approval");
    holder.fill("What is to be approved?", "May we order a projector for 900 USD?");
    holder.eval(
        "for (const more of document.querySelectorAll('#field-people details')) more.open = true; \
         document.querySelectorAll('#field-people input').forEach((one) => one.checked = false);",
    );
    let name = approver.eval("return document.querySelector('.viewer .name').textContent;");
    let name = name.as_str().expect("they have a name").to_owned();
    holder.click(&choice(&holder, &name));
    holder.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    holder.follow("Ask them");
    holder.says("asked for an approval");
    holder.says("Waiting for approval");

    approver.look(View::PHONE);
    approver.open("/approvals");
    assert_ne!(waiting(&approver, "Approvals"), before, "the menu counts it");
    approver.says("May we order a projector for 900 USD?");
    approver.is_sound(&world.means.axe, &[View::PHONE, View::PHONE.dark()]);
    approver.look(View::PHONE);
    approver.follow("May we order a projector for 900 USD?");
    approver.is_sound(&world.means.axe, &[View::PHONE]);
    approver.look(View::PHONE);
    // A no needs a reason, and says so where it is missing.
    approver.follow("No");
    approver.says("May we order a projector for 900 USD?");
    approver.is_sound(&world.means.axe, &[View::PHONE]);
    approver.look(View::PHONE);
    approver.follow("Yes, approve it");
    approver.says("approved");
    assert_eq!(waiting(&approver, "Approvals"), before);
    holder.open(&ticket);
    holder.says("the approval is granted");
    requester.open(&ticket);
    requester.says("May we order a projector for 900 USD?");
    for page in [&mut holder, &mut approver, &mut requester] {
        world.check(page);
    }
}

/// The whole label of a choice that begins with a name.
fn choice(page: &Page, name: &str) -> String {
    let label = page.eval(&format!(
        "return named([...document.querySelectorAll('label')].find((at) => shown(at) && named(at).startsWith('{name}')));"
    ));
    label.as_str().expect("they can be asked").to_owned()
}

#[test]
fn a_plan_shows_its_next_days_before_it_is_kept() {
    let Some(world) = World::demo() else { return };
    let mut manager = world.sign_in("Service manager");
    manager.follow("Clients");
    manager.follow_first("#main table th a");
    manager.follow("Planned tickets");
    manager.is_sound(&world.means.axe, &[View::DESK]);
    manager.follow("New plan");
    manager.fill("What is it about?", "Try the restore of a file");
    manager.set("How often", "month-nth");
    manager.set("Which one of the month", "-1");
    manager.set("Weekday", "FR");
    manager.fill("At", "0900");
    manager.eval("field('At').value = '09:00';");
    manager.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    manager.look(View::DESK);
    manager.follow("Look at the dates");
    manager.says("Is this when?");
    manager.says("on its last Friday");
    manager.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    manager.look(View::DESK);
    manager.follow("Plan it");
    manager.says("Due next");
    world.check(&mut manager);
}

#[test]
fn the_report_leads_from_its_numbers_to_the_tickets() {
    let Some(world) = World::demo() else { return };
    ask(&mut world.sign_in("Requester"), "The clock of the lobby is slow");
    let mut manager = world.sign_in("Service manager");
    manager.follow("Report");
    manager.says("Twelve months");
    world.check(&mut manager);
    manager.look(View::DESK);
    manager.follow_first("#main table td.num a");
    manager.says("Opened");
    world.check(&mut manager);
    // Somebody who leads a client sees that client alone.
    let mut leader = world.sign_in("Leadership");
    leader.follow("Report");
    leader.says("Twelve months");
    assert!(!leader.text().contains("all within reach"));
    world.check(&mut leader);
}

#[test]
fn a_picture_is_pasted_a_file_is_dropped_and_somebody_of_the_other_side_helps() {
    let Some(world) = World::demo() else { return };
    let mut requester = world.sign_in("Requester");
    let ticket = ask(&mut requester, "The labels come out blank");
    let (mut holder, mut other, _) =
        sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &ticket);
    holder.fill("Write", "This is what it prints.");
    // What a clipboard and a drag hand over: their dialogs are the system's.
    holder.eval(
        "const files = (name, text) => { const data = new DataTransfer(); data.items.add(new File([text], name)); return data; };
         const at = field('Write');
         at.dispatchEvent(new ClipboardEvent('paste', { clipboardData: files('blank.txt', 'blank'), bubbles: true, cancelable: true }));
         at.dispatchEvent(new DragEvent('drop', { dataTransfer: files('label.txt', 'label'), bubbles: true, cancelable: true }));
         return true;",
    );
    holder.says("blank.txt, 1 kB; label.txt, 1 kB");
    world.check(&mut holder);
    holder.follow("Send");
    holder.follow("Send now");
    for name in ["blank.txt", "label.txt"] {
        holder.says(name);
    }

    other.open(&ticket);
    other.follow("Help with it");
    other.says("helps");
    other.open("/tickets?view=mine");
    other.says("The labels come out blank");
    holder.open(&ticket);
    holder.says("with ");
    for page in [&mut holder, &mut other] {
        world.check(page);
    }
}

//! The day of a dispatcher: who has what, who could take more, and handing it out.

use remit_browser::page::{Page, View};
use serde_json::Value;

use super::World;
use super::tickets::{ask, sides};

/// The id of a ticket's card.
fn card(ticket: &str) -> String {
    format!("card-{}", ticket.rsplit('/').next().expect("an address ends in a number"))
}

/// Opens the board on which a ticket is. Says its address.
pub fn board_with(page: &mut Page, ticket: &str) -> String {
    page.open("/board");
    let teams =
        page.eval("return [...document.querySelectorAll('#board-team option')].map((at) => at.value);");
    let teams: Vec<String> = serde_json::from_value(teams).expect("they are ids");
    let boards =
        std::iter::once("/board".to_owned()).chain(teams.iter().map(|id| format!("/board?team={id}")));
    for board in boards {
        page.open(&board);
        let there = page.eval(&format!("return Boolean(document.getElementById('{}'));", card(ticket)));
        if there == Value::Bool(true) {
            return board;
        }
    }
    panic!("{ticket} is on no board of theirs:\n{}", page.text());
}

/// Goes to a card by the keys of the board.
pub fn walk_to(page: &Page, ticket: &str) {
    let focused = || page.eval("return document.activeElement.id;");
    page.key("j");
    for _ in 0..50 {
        if focused().as_str() == Some(card(ticket).as_str()) {
            return;
        }
        page.key("ArrowDown");
    }
    panic!("the keys do not lead to {ticket}, but to {}", focused());
}

/// Which column a card is in.
fn column_of(ticket: &str) -> String {
    format!("document.getElementById('{}').closest('[data-column]').dataset.column", card(ticket))
}

#[test]
fn a_dispatcher_hands_work_out_takes_it_back_and_sees_what_others_move() {
    let Some(world) = World::demo() else { return };
    let mut requester = world.sign_in("Requester");
    let first = ask(&mut requester, "The label printer prints upside down");
    let second = ask(&mut requester, "The scanner at the dock is slow");
    let (mut holder, mut other, _) = sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &first);
    let board = board_with(&mut holder, &first);
    holder.says("Nobody yet");
    world.check(&mut holder);
    // By the keyboard alone.
    walk_to(&holder, &first);
    holder.keys_lead("v");
    holder.is_sound(&world.means.axe, &[View::DESK, View::PHONE]);
    assert_eq!(holder.eval("return document.activeElement.name;"), "to");
    holder.key("Tab");
    holder.enter();
    holder.says("works on it first");
    assert_eq!(
        holder.eval("return document.activeElement.id;"),
        Value::from(card(&first)),
        "it keeps the focus"
    );
    assert_ne!(holder.eval(&format!("return {};", column_of(&first))), "");
    world.check(&mut holder);
    // Somebody else looks at the same board, with the focus on another card.
    let mut watcher = world.sign_in("Service manager");
    let team = holder.eval("return document.querySelector('#moves').elements.team.value;");
    watcher.open(&format!("/board?team={}", team.as_str().expect("it is an id")));
    watcher.eval(&format!("document.getElementById('{}').focus();", card(&second)));
    holder.keys_lead("u");
    holder.says("nobody works on it yet");
    assert_eq!(holder.eval(&format!("return {};", column_of(&first))), "");
    watcher.until(&format!("{} === ''", column_of(&first)));
    assert_eq!(watcher.eval("return document.activeElement.id;"), Value::from(card(&second)));
    // Dropped on the column of a person: by the mouse.
    holder.open(&board);
    holder.drag(&format!("[data-card]:has(#{})", card(&second)), "[data-column]:not([data-column=\"\"])");
    holder.says("works on it first");
    // By status, where not everything goes.
    holder.follow("By status");
    world.check(&mut holder);
    let to = |status: &str| format!("[data-column=\"{status}\"]");
    holder.drag(&format!("[data-card]:has(#{})", card(&first)), &to("working"));
    holder.says("it is in the status “In progress”");
    assert!(!holder.text().contains("Undo"), "nothing becomes new again");
    holder.drag(&format!("[data-card]:has(#{})", card(&first)), &to("waiting-approval"));
    holder.says("was not moved: that follows from an approval");
    world.check(&mut holder);
    holder.drag(&format!("[data-card]:has(#{})", card(&first)), &to("solved"));
    // Far to the right, and no page wider for it.
    world.check(&mut holder);
    holder.follow("Undo");
    assert_eq!(holder.eval(&format!("return {};", column_of(&first))), "working");
    holder.follow("Load");
    holder.says("Works on first");
    world.check(&mut holder);
    // The other company looks on, and moves nothing.
    other.open("/load");
    world.check(&mut other);
    other.follow("Board");
    world.check(&mut other);
    world.check(&mut watcher);
}

#[test]
fn work_is_handed_out_without_scripts() {
    let Some(world) = World::demo() else { return };
    let mut requester = world.sign_in("Requester");
    let ticket = ask(&mut requester, "The turnstile counts twice");
    let (mut holder, ..) = sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &ticket);
    board_with(&mut holder, &ticket);
    holder.without_scripts();
    let move_it = format!("#{}", card(&ticket).replace("card", "move"));
    holder.follow_first(&move_it);
    holder.follow("Move");
    holder.says("works on it first");
    holder.follow("Undo");
    holder.says("nobody works on it yet");
    holder.is_sound("", &[View::PHONE]);
}

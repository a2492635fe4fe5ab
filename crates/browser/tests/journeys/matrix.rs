//! A draft with a hole becomes a matrix that both sides have signed.

use remit_browser::page::Page;

use super::World;

const HOLE: &str = "not office and not holidays(office)";
const MENDED: &str = "not office";

/// Writes one thing over another in the text of the draft, as somebody who selects it and types.
fn write_over(page: &Page, old: &str, new: &str) {
    let (old, length) = (serde_json::Value::from(old), old.len());
    let found = page.eval(&format!(
        "const text = field('Text'), at = text.value.indexOf({old}); text.focus(); text.setSelectionRange(at, at + {length}); return at;"
    ));
    assert_ne!(found, -1);
    page.type_text(new);
}

/// To the draft of the client, past everything about it.
fn to_the_draft(world: &World, page: &mut Page) {
    page.follow("Clients");
    page.follow("Ardent Manufacturing");
    world.check(page);
    page.follow("Draft");
}

#[test]
fn a_hole_is_seen_where_it_is_mended_proposed_and_signed_by_both_sides() {
    let Some(world) = World::demo() else { return };
    let mut it = world.sign_in("Internal IT");
    to_the_draft(&world, &mut it);
    it.says("nobody owns");
    world.check(&mut it);

    it.follow("Add this row");
    it.says("Proved: every duty has exactly one owner");
    it.follow("Undo the last change");
    it.says("nobody owns");
    write_over(&it, HOLE, MENDED);
    it.until_text("Proved: every duty has exactly one owner");
    it.follow("Save and check");
    it.says("What changes against version 1");
    world.check(&mut it);
    it.follow("What changes against version 1, which is in force");
    world.check(&mut it);
    it.follow("Draft");
    it.follow("Propose to both sides");
    it.says("Hash that is signed");
    world.check(&mut it);

    let version = it.address();
    let (mut manager, mut approver) = (world.sign_in("Service manager"), world.sign_in("Approver"));
    approver.open(&version);
    world.check(&mut approver);
    manager.open(&version);
    manager.follow("Sign for the provider");
    approver.until_text("The other side has signed it.");
    approver.follow("Sign for the client");
    approver.says("signed by both");
    world.check(&mut approver);
    it.until_text("Both sides have signed it.");
    world.check(&mut manager);
}

#[test]
fn the_matrix_in_force_is_asked_drawn_and_looked_back_at() {
    let Some(world) = World::demo() else { return };
    let it = &mut world.sign_in("Internal IT");
    it.follow("Ardent Manufacturing");
    it.follow("Who owns what");
    world.check(it);
    it.fill("Who owns", "failed backup");
    it.follow("Ask");
    it.says("Takes it then");
    world.check(it);
    it.set("at", "2027-01-03T02:00");
    it.follow("Ask");
    it.says("2027-01-03 02:00");
    let client = it.address().split("/matrix").next().unwrap_or_default().to_owned();
    for tab in ["week", "history", "who?service=zzz&at=never", "?open=all"] {
        it.open(&format!("{client}/matrix{}{tab}", if tab.starts_with('?') { "" } else { "/" }));
        world.check(it);
    }
    it.open(&format!("{client}/matrix/history"));
    it.set("Which version held on", "2020-01-01");
    it.follow("Show");
    it.says("no matrix was in force");
    world.check(it);
}

#[test]
fn a_draft_that_cannot_be_read_says_where_and_keeps_what_was_typed() {
    let Some(world) = World::demo() else { return };
    let mut it = world.sign_in("Internal IT");
    to_the_draft(&world, &mut it);
    write_over(&it, HOLE, "not office and");
    it.until_text("line ");
    it.follow("Save and check");
    assert_eq!(it.eval("return field('Text').value.includes('not office and')"), true);
    world.check(&mut it);
}

#[test]
fn without_scripts_the_same_matrix_is_mended_signed_and_asked() {
    let Some(world) = World::demo() else { return };
    let people = ["Internal IT", "Service manager", "Approver"].map(|role| {
        let mut page = world.somebody();
        page.without_scripts();
        page.open(&world.product.link(role));
        page.follow("Sign in");
        page
    });
    let [mut it, mut manager, mut approver] = people;
    it.follow("Ardent Manufacturing");
    it.follow("Draft");
    it.says("nobody owns");
    it.follow("Add this row");
    it.says("Proved: every duty has exactly one owner");
    it.follow("Propose to both sides");
    let version = it.address();
    manager.open(&version);
    manager.follow("Sign for the provider");
    approver.open(&version);
    approver.follow("Sign for the client");
    approver.says("signed by both");
    it.follow("Clients");
    it.follow("Ardent Manufacturing");
    it.follow("Who owns what");
    it.fill("Who owns", "failed backup");
    it.follow("Ask");
    it.says("Takes it then");
    for page in [&mut it, &mut manager, &mut approver] {
        page.is_sound("", &[]);
    }
}

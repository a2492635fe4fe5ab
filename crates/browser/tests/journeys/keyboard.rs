//! Without a pointer.

use std::collections::BTreeSet;

use remit_browser::page::Page;

use super::World;
use super::board::{board_with, walk_to};
use super::tickets::{ask, hand_to, sides};

/// Presses keys and notes which.
struct Pressed(BTreeSet<String>);

impl Pressed {
    /// A key that leads to a page whose address begins so.
    fn leads(&mut self, page: &mut Page, (id, keys): (&str, &str), to: &str) {
        page.keys_lead(keys);
        assert!(page.address().contains(to), "{keys} leads to {}", page.address());
        self.0.insert(id.to_owned());
    }

    /// A key after which something holds.
    fn does(&mut self, page: &Page, (id, key): (&str, &str), holds: &str) {
        page.key(key);
        assert_eq!(
            page.eval(&format!("return Boolean({holds});")),
            true,
            "{key}: {holds} at {}",
            page.address()
        );
        self.0.insert(id.to_owned());
    }
}

const FIRST: &str = "document.querySelector('main tbody tr').contains(document.activeElement)";
const SECOND: &str = "document.querySelectorAll('main tbody tr')[1].contains(document.activeElement)";

#[test]
fn every_key_of_the_list_does_what_the_list_says() {
    let Some(world) = World::demo() else { return };
    let mut pressed = Pressed(BTreeSet::new());
    let mut owner = world.sign_in("Owner");
    let listed = everywhere(&mut pressed, &mut owner);
    let mut requester = world.sign_in("Requester");
    let ticket = ask(&mut requester, "The scales of the warehouse weigh nothing");
    let (mut holder, mut other, party) =
        sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &ticket);
    on_a_ticket(&mut pressed, &mut holder, &ticket);
    to_the_other(&mut pressed, (&mut holder, &mut other), (&ticket, party));
    on_the_board(&mut pressed, &mut requester, &mut holder);
    assert_eq!(pressed.0, listed, "every key that is listed was pressed");
    for page in [&mut owner, &mut holder, &mut other] {
        world.check(page);
    }
}

/// Keys of every page and of lists; the names of all keys there are.
fn everywhere(pressed: &mut Pressed, owner: &mut Page) -> BTreeSet<String> {
    pressed.leads(owner, ("keys", "?"), "/me/preferences#keys".trim_end_matches("#keys"));
    let listed =
        owner.eval("return [...document.querySelectorAll('.keys input')].map((at) => at.name.slice(4));");
    for (id, keys, to) in [
        ("approvals", "g a", "/approvals"),
        ("notices", "g n", "/notices"),
        ("clients", "g c", "/clients"),
        ("promises", "g p", "/promises"),
        ("report", "g r", "/reports/desk"),
        ("people", "g h", "/people"),
        ("audit", "g l", "/audit"),
        ("settings", "g s", "/settings"),
        ("you", "g y", "/me"),
        ("tickets", "g t", "/tickets"),
    ] {
        pressed.leads(owner, (id, keys), to);
    }
    owner.open("/clients");
    pressed.does(owner, ("next", "j"), FIRST);
    pressed.does(owner, ("next", "j"), SECOND);
    pressed.does(owner, ("before", "k"), FIRST);
    owner.open("/tickets?view=open");
    pressed.does(owner, ("narrow", "f"), "document.querySelector('summary[data-key=f]').parentElement.open");
    pressed.does(owner, ("search", "/"), "document.activeElement.id === 'search'");
    owner.key("Escape");
    owner.open("/clients");
    pressed.leads(owner, ("new", "n"), "/clients/new");
    owner.open("/audit");
    pressed.leads(owner, ("more", "m"), "after=");
    serde_json::from_value(listed).expect("they are names")
}

/// Keys of whoever writes on a ticket.
fn on_a_ticket(pressed: &mut Pressed, holder: &mut Page, ticket: &str) {
    holder.open("/tickets?view=open");
    holder.key("j");
    pressed.does(
        holder,
        ("choose", "x"),
        "document.activeElement.closest('tr').querySelector('input').checked",
    );
    holder.open(ticket);
    let chosen = |who: &str| format!("document.querySelector('#visibility-{who}').checked");
    pressed.does(holder, ("teams", "2"), &chosen("teams"));
    pressed.does(holder, ("party", "3"), &chosen("party"));
    pressed.does(holder, ("public", "1"), &chosen("public"));
    pressed.does(holder, ("write", "r"), "document.activeElement.name === 'text'");
    holder.key("Escape");
    pressed.does(holder, ("macro", "i"), "document.activeElement.name === 'put'");
    let macro_of = "[...field('Macro').options].find((at) => at.text.startsWith('What I see')).value";
    holder.eval(&format!("field('Macro').value = {macro_of}; return true;"));
    holder.key("Enter");
    holder.until("field('Write').value.includes('Tried: ')");
    assert_eq!(holder.eval(&format!("return {};", chosen("teams"))), true, "who reads it comes with it");
    holder.key("Escape");
    holder.key("1");
    holder.fill("Write", "It weighs again, we hope.");
    holder.follow("Send");
    holder.says("On its way.");
    pressed.leads(holder, ("undo", "u"), ticket);
    assert_eq!(holder.eval("return field('Write').value;"), "It weighs again, we hope.");
    pressed.does(
        holder,
        ("status", "s"),
        "document.activeElement.closest('form').action.endsWith('/status')",
    );
    pressed.does(holder, ("worker", "p"), "document.querySelector('summary[data-key=p]').parentElement.open");
    pressed.does(holder, ("alike", "z"), "document.querySelector('summary[data-key=z]').parentElement.open");
    holder.until("!document.querySelector('#similar').innerText.includes('Look for them')");
    pressed.leads(holder, ("follow", "l"), ticket);
    holder.says("Do not follow it any more");
    for (id, key) in [("why", "w"), ("clocks", "c")] {
        pressed.leads(holder, (id, key), "/clocks");
        holder.open(ticket);
    }
}

/// Keys of the board.
fn on_the_board(pressed: &mut Pressed, requester: &mut Page, holder: &mut Page) {
    let asked = ["Nobody hears the bell", "The bell rings at night", "The bell is gone"]
        .map(|text| ask(requester, text));
    board_with(holder, &asked[0]);
    walk_to(holder, &asked[0]);
    pressed.leads(holder, ("move", "v"), "/move");
    holder.key("Tab");
    holder.enter();
    // It has the focus where it is now.
    let column =
        |column: &str| format!("document.activeElement.closest('[data-column]').dataset.column {column} ''");
    assert_eq!(holder.eval(&format!("return {};", column("!=="))), true);
    pressed.does(holder, ("left", "ArrowLeft"), &column("==="));
    (0..20).for_each(|_| holder.key("ArrowUp"));
    let row = |row: u8| {
        format!(
            "document.querySelectorAll('[data-column=\"\"] [data-card]')[{row}].contains(document.activeElement)"
        )
    };
    assert_eq!(holder.eval(&format!("return {};", row(0))), true);
    pressed.does(holder, ("down", "ArrowDown"), &row(1));
    pressed.does(holder, ("up", "ArrowUp"), &row(0));
    pressed.does(holder, ("right", "ArrowRight"), &column("!=="));
}

/// Keys that hand it on: what the other side answers, and what it gives back.
fn to_the_other(
    pressed: &mut Pressed,
    (holder, other): (&mut Page, &mut Page),
    (ticket, party): (&str, &str),
) {
    pressed.leads(holder, ("next-line", "e"), "/escalation");
    holder.open(ticket);
    pressed.leads(holder, ("hand-on", "o"), "/offer");
    hand_to(holder, party);
    holder.follow("Offer it");
    other.open(ticket);
    pressed.leads(other, ("decline", "d"), "/refusal");
    other.open(ticket);
    pressed.leads(other, ("accept", "a"), ticket);
    other.says("accepted it");
    pressed.leads(other, ("hand-back", "b"), "/hand-back");
}

#[test]
fn keys_are_changed_switched_off_and_told_where_they_are_in_each_others_way() {
    let Some(world) = World::demo() else { return };
    let mut page = world.sign_in("Technician");
    page.open("/me/preferences");
    world.check(&mut page);
    page.fill("a new one", "x");
    page.follow("Save");
    page.says("“x” is there already: choose it, or not");
    world.check(&mut page);
    page.fill("a new one", "t t");
    page.set("Colours", "dark");
    page.set("Density", "comfortable");
    page.follow("Save");
    assert_eq!(page.eval("return document.documentElement.dataset.theme;"), "dark");
    world.check(&mut page);
    page.open("/tickets");
    page.key("n");
    assert_eq!(page.address(), "/tickets", "the usual key does nothing any more");
    page.keys_lead("t t");
    assert_eq!(page.address(), "/tickets/new");
    page.open("/me/preferences");
    page.click("Keys without Ctrl do something");
    page.follow("Save");
    page.open("/tickets");
    page.key("t");
    page.key("t");
    assert_eq!(page.address(), "/tickets");
    world.check(&mut page);
}

#[test]
fn the_keyboard_alone_leads_from_the_link_to_an_answer() {
    let Some(world) = World::demo() else { return };
    let mut page = world.somebody();
    page.open(&world.product.link("Internal IT"));
    page.tab_to("Sign in");
    page.enter();
    page.tab_to("Ardent Manufacturing");
    page.enter();
    page.tab_to("Who owns what");
    page.enter();
    page.tab_to("open all");
    page.enter();
    assert_eq!(page.eval("return document.querySelectorAll('details.branch:not([open])').length"), 0);
    while page.eval("return document.activeElement.tagName") != "SUMMARY" {
        page.key("Tab");
        assert_eq!(page.eval("return document.hasFocus() && document.activeElement !== document.body"), true);
    }
    page.key("Space");
    assert_eq!(page.eval("return document.activeElement.parentElement.open"), false, "it closes");
    page.key("w");
    assert_eq!(page.eval("return document.activeElement.name"), "service", "w asks who");
    page.type_text("failed backup");
    page.enter();
    page.says("Takes it then");
    page.is_sound("", &[]);
}

#[test]
fn the_first_key_of_a_page_offers_to_skip_to_its_content() {
    let Some(world) = World::demo() else { return };
    let mut page = world.sign_in("Owner");
    page.key("Tab");
    assert_eq!(page.eval("return document.activeElement.textContent"), "Skip to content");
    page.key("Enter");
    page.until("document.activeElement.id === 'main'");
    page.is_sound("", &[]);
}

#[test]
fn a_few_letters_lead_to_a_page_a_ticket_or_a_deed() {
    let Some(world) = World::demo() else { return };
    let mut requester = world.sign_in("Requester");
    let ticket = ask(&mut requester, "The gate of the yard hangs crooked");
    let (mut holder, ..) = sides(world.sign_in("Internal IT"), world.sign_in("Technician"), &ticket);
    let open = |page: &Page| {
        page.eval("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }));");
        page.until("document.activeElement?.matches('dialog [data-go]')");
    };
    // The first entry is what was meant when it has these words.
    let first = |page: &Page, words: &str| {
        page.until(&format!("document.querySelector('dialog .ways li').textContent.includes('{words}')"));
    };
    open(&holder);
    holder.is_sound(&world.means.axe, &[]);
    holder.type_text("crooked");
    first(&holder, "The gate of the yard hangs crooked");
    holder.enter();
    assert_eq!(holder.address(), ticket);
    open(&holder);
    holder.type_text("hand");
    first(&holder, "Hand on");
    holder.is_sound(&world.means.axe, &[]);
    holder.enter();
    assert_eq!(holder.address(), format!("{ticket}/offer"));
    open(&holder);
    holder.type_text("notic");
    first(&holder, "Notices");
    holder.key("ArrowDown");
    holder.enter();
    assert_eq!(holder.address(), "/notices");
    open(&holder);
    holder.key("Escape");
    holder.until("!document.querySelector('dialog')");
    world.check(&mut holder);
    // The same without scripts.
    let mut approver = world.somebody();
    approver.without_scripts();
    approver.open(&world.product.link("Approver"));
    approver.follow("Sign in");
    approver.open("/go?q=crooked");
    approver.follow_first(".ways a");
    assert_eq!(approver.address(), ticket);
}

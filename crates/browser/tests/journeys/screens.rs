//! Pictures of the pages for `docs/screens`, when they are asked for.

use std::path::{Path, PathBuf};

use remit_browser::means::SCREENS;
use remit_browser::page::{Page, View};

use super::World;
use super::tickets::{ask, hand_on, sides};

/// Puts pictures of a page into a folder.
struct Album(PathBuf);

impl Album {
    /// One for each way to look at the page, from its top.
    fn take(&self, page: &Page, name: &str, views: &[View]) {
        self.take_at(page, name, "body", views);
    }

    /// The same from where an element begins.
    fn take_at(&self, page: &Page, name: &str, selector: &str, views: &[View]) {
        for view in views {
            page.look(*view);
            page.eval("document.activeElement?.blur();");
            page.eval(&format!(
                "document.querySelector(\"{selector}\").scrollIntoView({{ behavior: 'instant' }});"
            ));
            let phone = if view.width < View::DESK.width { "-phone" } else { "" };
            let dark = if view.dark { "-dark" } else { "" };
            let file = self.0.join(format!("{name}{phone}{dark}.png"));
            std::fs::write(&file, page.picture()).expect("there is room for a picture");
        }
        page.look(View::DESK);
    }
}

const DESK: &[View] = &[View::DESK];
const BOTH: &[View] = &[View::DESK, View::PHONE];
const MOST: &[View] = &[View::DESK, View::DESK.dark(), View::PHONE];

#[test]
fn pictures_are_taken_when_they_are_asked_for() {
    let Some(folder) = std::env::var_os(SCREENS) else { return };
    let Some(world) = World::demo() else { return };
    let album = Album(Path::new(&folder).to_owned());
    std::fs::create_dir_all(&album.0).expect("there is room for a folder");
    let mut page = world.somebody();
    page.open("/sign-in");
    album.take(&page, "sign-in", MOST);
    provider(&world, &album);
    let it = drafting(&world, &album);
    desk(&world, it, &album);
}

fn provider(world: &World, album: &Album) {
    let mut owner = world.sign_in("Owner");
    album.take(&owner, "clients", MOST);
    owner.follow("Ardent Manufacturing");
    album.take(&owner, "client", BOTH);
    let client = owner.address();
    owner.open("/clients");
    owner.follow("Northgate Schools");
    let shared = owner.address();
    owner.follow("Who owns what");
    album.take(&owner, "matrix", MOST);
    owner.open(&format!("{shared}/matrix/week?service=helpdesk&tier=L1"));
    owner.follow("week after →");
    album.take(&owner, "week", MOST);
    owner.open(&format!("{shared}/matrix/who?service=backup.operation&at=2027-01-03T02:00&tier=L3"));
    album.take(&owner, "who", MOST);
    owner.open(&format!("{client}/matrix/history"));
    album.take(&owner, "history", DESK);
    owner.open("/people");
    album.take(&owner, "people", DESK);
    owner.follow("Teams");
    owner.follow("Manila desk");
    album.take(&owner, "team", BOTH);
    owner.follow_first("main tbody a");
    album.take(&owner, "person", DESK);
    owner.open("/settings");
    album.take(&owner, "settings", BOTH);
    owner.open("/audit");
    album.take(&owner, "audit", BOTH);
    owner.open("/me");
    album.take(&owner, "me", DESK);
    owner.open("/me/keys");
    album.take(&owner, "keys", DESK);
}

/// Says the page of internal IT: its link is good once.
fn drafting(world: &World, album: &Album) -> Page {
    let (mut it, mut approver) = (world.sign_in("Internal IT"), world.sign_in("Approver"));
    it.follow("Ardent Manufacturing");
    it.follow("Draft");
    album.take(&it, "draft", &[View::DESK, View::DESK.dark()]);
    album.take_at(&it, "draft", "#findings", &[View::PHONE]);
    it.follow("Add this row");
    album.take(&it, "draft-proved", DESK);
    it.follow("What changes against version 1, which is in force");
    album.take(&it, "difference", DESK);
    it.follow("Draft");
    it.follow("Propose to both sides");
    approver.open(&it.address());
    album.take(&approver, "signing", BOTH);
    it
}

fn desk(world: &World, it: Page, album: &Album) {
    let mut requester = world.sign_in("Requester");
    requester.open("/tickets/new");
    album.take(&requester, "ticket-new", BOTH);
    ask(&mut requester, "No sound in the meeting room");
    let ticket = ask(&mut requester, "The printer on the second floor is dark");
    album.take(&requester, "ticket-asked", &[View::PHONE]);
    let (mut holder, mut other, party) = sides(it, world.sign_in("Technician"), &ticket);
    hand_on(&mut holder, party);
    album.take(&holder, "hand-on", BOTH);
    holder.follow("Offer it");
    other.open(&ticket);
    album.take(&other, "ticket-offered", MOST);
    other.follow("Accept");
    other.eval("document.querySelector('#visibility-teams').click();");
    other.fill("Write", "Between us: it is the drum, and it is old.");
    other.follow("Send");
    other.follow("Send now");
    album.take(&other, "ticket", MOST);
    other.follow("Why?");
    album.take(&other, "clocks", MOST);
    other.follow("Promises");
    album.take(&other, "promises", MOST);
    requester.open("/notices");
    album.take(&requester, "notices", BOTH);
    other.open("/tickets?view=open");
    album.take(&other, "tickets", MOST);
    other.open("/board");
    album.take(&other, "board", MOST);
    other.open("/board?by=status");
    album.take(&other, "board-status", BOTH);
    other.open("/load");
    album.take(&other, "load", MOST);
    other.open("/macros");
    album.take(&other, "macros", BOTH);
    other.follow_first("main tbody a");
    album.take(&other, "macro", BOTH);
    other.open(&format!("{ticket}#reply"));
    other.eval(
        "field('Macro').selectedIndex = 1; field('Macro').parentElement.querySelector('button').click();",
    );
    other.until("field('Write').value !== ''");
    album.take_at(&other, "reply", "#reply", MOST);
    other.open("/me/preferences");
    album.take(&other, "preferences", BOTH);
    other.open("/go?q=ard");
    album.take(&other, "go", BOTH);
    other.open("/styleguide");
    album.take(&other, "styleguide", MOST);
    other.open("/reports/desk");
    album.take(&other, "report", MOST);
    other.open("/approvals");
    album.take(&other, "approvals", DESK);
}

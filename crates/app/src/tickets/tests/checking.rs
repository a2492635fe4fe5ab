//! Checklists: which tickets have them, who ticks them, and what waits for them.

use remit_db::Tx;

use super::*;
use crate::Act;

fn to_do(text: &str, required: bool, side: Side) -> ToDo {
    ToDo { text: text.to_owned(), required, side }
}

fn text(name: &str, from_start: Option<FromStart>, items: Vec<ToDo>) -> ChecklistText {
    ChecklistText { name: name.to_owned(), from_start, items }
}

async fn made(test: &TestApp, says: ChecklistText) -> Result<Id<Checklist>, Refused> {
    test.app.write(&test.operator(), move |tx, act| create_checklist(tx, act, &says)).await
}

/// One that is put on tickets by hand.
async fn by_hand(test: &TestApp, name: &str, items: Vec<ToDo>) -> Id<Checklist> {
    made(test, text(name, None, items)).await.unwrap()
}

async fn put(
    test: &TestApp,
    by: &Caller,
    ticket: Id<Ticket>,
    list: Id<Checklist>,
) -> Result<Ticket, Refused> {
    test.app.write(by, move |tx, act| attach(tx, act, ticket, list)).await
}

async fn said(
    test: &TestApp,
    by: &Caller,
    item: (Id<Ticket>, i64),
    (to, reason): (ItemState, &'static str),
) -> Result<Ticket, Refused> {
    test.app.write(by, move |tx, act| tick(tx, act, item, (to, reason))).await
}

async fn on(test: &TestApp, by: &Caller, ticket: Id<Ticket>) -> Vec<TicketChecklist> {
    test.app.read(by, move |tx, act| ticket_checklists(tx, act, ticket)).await.unwrap()
}

async fn moved(
    test: &TestApp,
    by: &Caller,
    ticket: Id<Ticket>,
    step: (Status, Status),
) -> Result<Ticket, Refused> {
    test.app.write(by, move |tx, act| set_status(tx, act, ticket, step)).await
}

fn names(lists: &[TicketChecklist]) -> Vec<&str> {
    lists.iter().map(|list| list.name.as_str()).collect()
}

#[test]
fn a_ticket_has_the_checklists_of_its_kind_and_its_service_from_the_start() {
    on_each(async |test| {
        let world = world(test).await;
        for (name, kind, service) in [
            ("All", None, ""),
            ("Incidents", Some(Kind::Incident), ""),
            ("Requests", Some(Kind::Request), ""),
            ("Network", None, "network"),
            ("Help desk incidents", Some(Kind::Incident), "helpdesk"),
        ] {
            let from = FromStart { kind, service: service.to_owned() };
            made(test, text(name, Some(from), vec![to_do("Look", false, Side::Holder)])).await.unwrap();
        }
        by_hand(test, "By hand", vec![to_do("Look", false, Side::Holder)]).await;
        let first = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        assert_eq!(names(&on(test, &world.it, first.id).await), ["All", "Help desk incidents", "Incidents"]);
        let request = NewTicket {
            kind: Kind::Request,
            service: "network.wan".to_owned(),
            ..incident(world.client, "A line")
        };
        let line = open(&test.app, &world.requester, request).await.unwrap();
        assert_eq!(names(&on(test, &world.it, line.id).await), ["All", "Network", "Requests"]);
        let nothing = NewTicket { service: String::new(), ..incident(world.client, "Something") };
        let nothing = open(&test.app, &world.requester, nothing).await.unwrap();
        assert_eq!(names(&on(test, &world.technician, nothing.id).await), ["All", "Incidents"]);
        let there =
            |line: &Line| matches!(&line.happened, Happened::Listed { from_start: true, items: 1, .. });
        assert_eq!(told(test, &world.it, first.id).await.iter().filter(|line| there(line)).count(), 3);
        let all = on(test, &world.it, first.id).await;
        let numbers: Vec<(i64, i64)> =
            all.iter().flat_map(|list| list.items.iter().map(|item| (list.number, item.number))).collect();
        assert_eq!(numbers, [(1, 1), (2, 2), (3, 3)]);
    });
}

#[test]
fn a_ticket_that_waits_for_required_items_is_neither_solved_nor_closed() {
    on_each(async |test| {
        let world = world(test).await;
        let items = ["One", "Two", "Three", "Four"].map(|text| to_do(text, true, Side::Holder));
        let mut items = items.to_vec();
        items.push(to_do("If you like", false, Side::Holder));
        let list = by_hand(test, "New starter", items).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Anna")).await.unwrap().id;
        put(test, &world.it, ticket, list).await.unwrap();
        let solve = (Status::New, Status::Solved);
        let refused = moved(test, &world.it, ticket, solve).await.unwrap_err().to_string();
        assert!(refused.contains("“One”, “Two”, “Three” and 1 more"), "{refused}");
        let closed = moved(test, &world.it, ticket, (Status::New, Status::Closed)).await.unwrap_err();
        assert!(matches!(closed, Refused::Conflict(_)), "{closed}");
        for item in 1..=3 {
            said(test, &world.it, (ticket, item), (ItemState::Done, "")).await.unwrap();
        }
        let refused = moved(test, &world.it, ticket, solve).await.unwrap_err().to_string();
        assert!(refused.contains("“Four”;") && !refused.contains("like"), "{refused}");
        said(test, &world.it, (ticket, 4), (ItemState::Skipped, "There is only one.")).await.unwrap();
        moved(test, &world.it, ticket, solve).await.unwrap();
        // What is doubted is not closed either.
        said(test, &world.it, (ticket, 2), (ItemState::Open, "")).await.unwrap();
        let refused = moved(test, &world.it, ticket, (Status::Solved, Status::Closed)).await.unwrap_err();
        assert!(refused.to_string().contains("“Two”"), "{refused}");
        said(test, &world.it, (ticket, 2), (ItemState::Done, "")).await.unwrap();
        moved(test, &world.it, ticket, (Status::Solved, Status::Closed)).await.unwrap();
        let over = said(test, &world.it, (ticket, 2), (ItemState::Open, "")).await.unwrap_err().to_string();
        assert!(over.contains("open it again first"), "{over}");
    });
}

#[test]
fn each_side_ticks_its_own_and_the_holder_skips_with_a_reason() {
    on_each(async |test| {
        let world = world(test).await;
        let items = vec![
            to_do("Held", true, Side::Holder),
            to_do("Provided", true, Side::Provider),
            to_do("Inside", true, Side::Internal),
        ];
        let list = by_hand(test, "Sides", items).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        put(test, &world.technician, ticket.id, list).await.unwrap();
        let of = |number| (ticket.id, number);
        let done = (ItemState::Done, "");
        // Internal IT holds it.
        let refused = said(test, &world.technician, of(1), done).await.unwrap_err().to_string();
        assert!(refused.contains("for whoever holds it"), "{refused}");
        let refused = said(test, &world.it, of(2), done).await.unwrap_err().to_string();
        assert!(refused.contains("for the provider: ask them, or skip it"), "{refused}");
        let refused = said(test, &world.technician, of(3), (ItemState::Skipped, "x")).await.unwrap_err();
        assert!(refused.to_string().contains("for internal IT"), "{refused}");
        let before = said(test, &world.technician, of(2), done).await.unwrap();
        let again = said(test, &world.technician, of(2), done).await.unwrap();
        assert_eq!(before.lines, again.lines, "what is done already changes nothing");
        said(test, &world.it, of(1), done).await.unwrap();
        let refused = said(test, &world.it, of(3), (ItemState::Skipped, " ")).await.unwrap_err().to_string();
        assert!(refused.contains("why it need not be done"), "{refused}");
        let refused = said(test, &world.it, of(3), (ItemState::Done, "so")).await.unwrap_err().to_string();
        assert!(refused.contains("reason is for what is skipped"), "{refused}");
        said(test, &world.it, of(3), (ItemState::Skipped, "Nobody is there.")).await.unwrap();
        // Who holds it can have it done again, and its side does it.
        said(test, &world.it, of(2), (ItemState::Open, "")).await.unwrap();
        said(test, &world.technician, of(2), done).await.unwrap();
        let lists = on(test, &world.it, ticket.id).await;
        let stands = |at: usize| {
            let item = &lists[0].items[at];
            (item.state, item.by.as_str(), item.at, item.reason.as_str(), item.yours)
        };
        let now = Some(test.app.now());
        assert_eq!(stands(0), (ItemState::Done, world.it.name.as_str(), now, "", true));
        assert_eq!(stands(1), (ItemState::Done, world.technician.name.as_str(), now, "", false));
        assert_eq!(stands(2), (ItemState::Skipped, world.it.name.as_str(), now, "Nobody is there.", true));
        let lines = told(test, &world.technician, ticket.id).await;
        let shown = lines.iter().rfind(|line| line.text == "Nobody is there.").unwrap();
        let to = ItemState::Skipped;
        let skipped = Happened::Ticked { list: "Sides".to_owned(), item: "Inside".to_owned(), to };
        assert_eq!((&shown.happened, shown.visibility), (&skipped, Visibility::Teams));
        let none = said(test, &world.it, of(99), done).await.unwrap_err().to_string();
        assert!(none.contains("choose an item"), "{none}");
    });
}

#[test]
fn another_text_of_a_checklist_changes_no_ticket() {
    on_each(async |test| {
        let world = world(test).await;
        let list = by_hand(test, "Leaver", vec![to_do("Lock the account", true, Side::Provider)]).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Bob")).await.unwrap().id;
        put(test, &world.it, ticket, list).await.unwrap();
        let before = on(test, &world.it, ticket).await;
        let owner = test.caller(Role::Owner, None).await;
        let from = Some(FromStart { kind: None, service: String::new() });
        let new = text("Somebody leaves", from, vec![to_do("Take the badge", false, Side::Internal)]);
        let other = new.clone();
        test.app.write(&owner, move |tx, act| change_checklist(tx, act, (list, 1), &new)).await.unwrap();
        let late = test.app.write(&owner, move |tx, act| change_checklist(tx, act, (list, 1), &other)).await;
        assert_eq!(late, Err(Refused::Stale));
        assert_eq!(on(test, &world.it, ticket).await, before);
        let twice = put(test, &world.it, ticket, list).await.unwrap_err().to_string();
        assert!(twice.contains("on the ticket already"), "{twice}");
        let next = open(&test.app, &world.requester, incident(world.client, "Eve")).await.unwrap().id;
        assert_eq!(names(&on(test, &world.it, next).await), ["Somebody leaves"]);
        test.app.write(&owner, move |tx, act| retire_checklist(tx, act, list)).await.unwrap();
        let third = open(&test.app, &world.requester, incident(world.client, "Kim")).await.unwrap().id;
        assert!(on(test, &world.it, third).await.is_empty(), "what is retired is on no new ticket");
        let refused = put(test, &world.it, third, list).await.unwrap_err().to_string();
        assert!(refused.contains("retired"), "{refused}");
        assert_eq!(on(test, &world.it, ticket).await, before);
        let again = made(test, text("somebody LEAVES", None, vec![to_do("x", false, Side::Holder)])).await;
        assert!(matches!(&again, Err(Refused::Conflict(why)) if why.contains("retired")), "{again:?}");
        test.app.write(&owner, move |tx, act| restore_checklist(tx, act, list)).await.unwrap();
        put(test, &world.it, third, list).await.unwrap();
        for by in [&world.manager, &world.it, &world.requester] {
            let new = text("Mine", None, vec![to_do("x", false, Side::Holder)]);
            let refused = test.app.write(by, move |tx, act| create_checklist(tx, act, &new)).await;
            assert!(matches!(refused, Err(Refused::Forbidden(Permission::ManageSettings))), "{refused:?}");
            let refused = test.app.write(by, move |tx, act| retire_checklist(tx, act, list)).await;
            assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
        }
    });
}

#[test]
fn nobody_but_the_it_teams_knows_of_them() {
    on_each(async |test| {
        let world = world(test).await;
        let list = by_hand(test, "Inside matters", vec![to_do("Call the bank", true, Side::Internal)]).await;
        let new = NewTicket { service: "network.wan".to_owned(), ..incident(world.client, "Line down") };
        let ticket = open(&test.app, &world.requester, new).await.unwrap().id;
        put(test, &world.it, ticket, list).await.unwrap();
        for by in [&world.requester, &world.approver, &world.vendor] {
            assert!(on(test, by, ticket).await.is_empty(), "{}", by.name);
            let listed = told(test, by, ticket).await;
            assert!(listed.iter().all(|line| !matches!(line.happened, Happened::Listed { .. })));
            assert!(put(test, by, ticket, list).await.is_err());
            assert!(said(test, by, (ticket, 1), (ItemState::Done, "")).await.is_err());
        }
        let all = test.app.read(&world.vendor, checklists).await.unwrap();
        assert!(all.is_empty());
        let one = test.app.read(&world.vendor, move |tx, act| checklist(tx, act, list)).await;
        assert_eq!(one, Err(Refused::NotFound));
        // The vendor holds it, and is told that it waits, not for what.
        let refused = moved(test, &world.vendor, ticket, (Status::New, Status::Solved)).await.unwrap_err();
        let Refused::Conflict(why) = refused else { panic!("{refused}") };
        assert!(why.contains("hand it back") && !why.contains("bank"), "{why}");
        said(test, &world.it, (ticket, 1), (ItemState::Done, "")).await.unwrap();
        moved(test, &world.vendor, ticket, (Status::New, Status::Solved)).await.unwrap();
        let other = test.client("Other Client").await;
        let foreign = NewTicket { requester: world.manager.membership, ..incident(other, "Move") };
        let foreign = open(&test.app, &world.manager, foreign).await.unwrap().id;
        put(test, &world.manager, foreign, list).await.unwrap();
        let read = move |tx: &mut Tx<'_, '_>, act: &Act| ticket_checklists(tx, act, foreign);
        assert_eq!(test.app.read(&world.it, read).await, Err(Refused::NotFound));
        assert_eq!(put(test, &world.it, foreign, list).await, Err(Refused::NotFound));
        assert_eq!(said(test, &world.it, (foreign, 1), (ItemState::Done, "")).await, Err(Refused::NotFound));
    });
}

#[test]
fn what_is_merged_keeps_its_lists_and_what_is_split_off_takes_none() {
    on_each(async |test| {
        let world = world(test).await;
        let list = by_hand(test, "Printer", vec![to_do("Clean it", true, Side::Holder)]).await;
        let other = by_hand(test, "Toner", vec![to_do("Order it", true, Side::Holder)]).await;
        let first = open(&test.app, &world.requester, incident(world.client, "Printer")).await.unwrap();
        let again = open(&test.app, &world.requester, incident(world.client, "Again")).await.unwrap();
        put(test, &world.it, first.id, list).await.unwrap();
        put(test, &world.it, again.id, other).await.unwrap();
        let into = first.number;
        // Its required item is open: what was merged goes on in the other.
        test.app.write(&world.it, move |tx, act| merge(tx, act, again.id, into)).await.unwrap();
        assert_eq!(names(&on(test, &world.it, again.id).await), ["Toner"]);
        assert_eq!(names(&on(test, &world.it, first.id).await), ["Printer"]);
        let part = (incident(world.client, "The tray"), Vec::new());
        let part = split(&test.app, &world.it, first.id, part).await.unwrap();
        assert!(on(test, &world.it, part.id).await.is_empty());
        assert_eq!(names(&on(test, &world.it, first.id).await), ["Printer"]);
    });
}

#[test]
fn checklists_have_limits_and_the_message_names_them() {
    on_each(async |test| {
        let world = world(test).await;
        let item = |n: usize| to_do(&format!("Item {n}"), false, Side::Holder);
        let many = made(test, text("Long", None, (0..=MOST_ITEMS).map(item).collect())).await.unwrap_err();
        assert!(many.to_string().contains("at most 50 items, these are 51"), "{many}");
        let odd = text(
            " ",
            Some(FromStart { kind: None, service: "netwrok".to_owned() }),
            vec![
                item(1),
                to_do(&"x".repeat(201), true, Side::Holder),
                to_do("a\nb", true, Side::Holder),
                item(1),
            ],
        );
        let Refused::Invalid(fields) = made(test, odd).await.unwrap_err() else { panic!("it is odd") };
        let told: Vec<String> = fields.iter().map(ToString::to_string).collect();
        assert_eq!(
            fields.iter().map(|field| &*field.name).collect::<Vec<_>>(),
            ["name", "service", "items", "items", "items"]
        );
        assert!(
            told[2].contains("item 2: write at most 200") && told[4].contains("item 4: it is in"),
            "{told:?}"
        );
        let none = made(test, text("None", None, Vec::new())).await.unwrap_err().to_string();
        assert!(none.contains("at least one item"), "{none}");
        let most = by_hand(test, "Most", (0..MOST_ITEMS).map(item).collect()).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        put(test, &world.it, ticket, most).await.unwrap();
        let from = |service: &str| Some(FromStart { kind: Some(Kind::Task), service: service.to_owned() });
        for n in 0..20 {
            let service = if n % 2 == 0 { "network" } else { "network.wan" };
            let list = made(test, text(&format!("List {n}"), from(service), vec![item(1)])).await.unwrap();
            let put = put(test, &world.it, ticket, list).await;
            let full = matches!(&put, Err(Refused::Conflict(why)) if why.contains("at most 20"));
            assert!(put.is_ok() == (n < 19) && full == (n == 19), "{n}: {put:?}");
        }
        let more = made(test, text("One more", from(""), vec![item(1)])).await.unwrap_err().to_string();
        assert!(more.contains("20 checklists at most") && more.contains("network.wan"), "{more}");
        made(test, text("Elsewhere", from("helpdesk"), vec![item(1)])).await.unwrap();
        for n in 22..100 {
            by_hand(test, &format!("Other {n}"), vec![item(1)]).await;
        }
        let refused = made(test, text("The 101st", None, vec![item(1)])).await.unwrap_err().to_string();
        assert!(refused.contains("100 checklists are in use"), "{refused}");
        let changed = text("Most of all", None, vec![item(1)]);
        let by = test.operator();
        test.app.write(&by, move |tx, act| change_checklist(tx, act, (most, 1), &changed)).await.unwrap();
        test.app.write(&by, move |tx, act| retire_checklist(tx, act, most)).await.unwrap();
        by_hand(test, "In its place", vec![item(1)]).await;
        let back = test.app.write(&by, move |tx, act| restore_checklist(tx, act, most)).await;
        assert!(matches!(&back, Err(Refused::Conflict(why)) if why.contains("100")), "{back:?}");
        assert_eq!(on(test, &world.it, ticket).await.len(), 20);
    });
}

//! Checklists that are taken off again: who may, what stays in the lines, and that no number is given twice.

use remit_db::Tx;

use super::*;
use crate::Act;

async fn by_hand(test: &TestApp, name: &str, items: &[(&str, bool)]) -> Id<Checklist> {
    let to_do = |(text, required): &(&str, bool)| ToDo {
        text: (*text).to_owned(),
        required: *required,
        side: Side::Holder,
    };
    let says =
        ChecklistText { name: name.to_owned(), from_start: None, items: items.iter().map(to_do).collect() };
    test.app.write(&test.operator(), move |tx, act| create_checklist(tx, act, &says)).await.unwrap()
}

async fn off(
    test: &TestApp,
    by: &Caller,
    list: (Id<Ticket>, i64),
    reason: &'static str,
) -> Result<Ticket, Refused> {
    test.app.write(by, move |tx, act| take_off(tx, act, list, reason)).await
}

/// The number of each checklist on a ticket, and those of its items.
async fn numbers(test: &TestApp, by: &Caller, ticket: Id<Ticket>) -> Vec<(i64, Vec<i64>)> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| ticket_checklists(tx, act, ticket);
    let found = test.app.read(by, read).await.unwrap();
    let of = |list: &TicketChecklist| (list.number, list.items.iter().map(|item| item.number).collect());
    found.iter().map(of).collect()
}

#[test]
fn whoever_holds_the_ticket_takes_a_checklist_off_with_a_reason_that_stays() {
    on_each(async |test| {
        let world = world(test).await;
        let list = by_hand(test, "New starter", &[("Account", true), ("Badge", false)]).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Anna")).await.unwrap().id;
        let put = test.app.write(&world.technician, move |tx, act| attach(tx, act, ticket, list)).await;
        put.unwrap();
        let tick = |item, to| move |tx: &mut Tx<'_, '_>, act: &Act| tick(tx, act, (ticket, item), (to, ""));
        let solve =
            move |tx: &mut Tx<'_, '_>, act: &Act| set_status(tx, act, ticket, (Status::New, Status::Solved));
        assert!(test.app.write(&world.it, solve).await.is_err(), "it waits for the account");
        let says = |refused: Result<Ticket, Refused>| refused.unwrap_err().to_string();
        assert!(says(off(test, &world.technician, (ticket, 1), "Mine").await).contains("whoever holds"));
        assert!(says(off(test, &world.it, (ticket, 1), " ").await).contains("why it is taken off"));
        assert!(says(off(test, &world.it, (ticket, 7), "x").await).contains("on the ticket"));
        assert_eq!(off(test, &world.vendor, (ticket, 1), "x").await, Err(Refused::NotFound));
        assert_eq!(
            off(test, &world.requester, (ticket, 1), "x").await,
            Err(Refused::Forbidden(Permission::WorkTickets))
        );
        // What was required and is done is what the ticket proves.
        test.app.write(&world.it, tick(1, ItemState::Done)).await.unwrap();
        assert!(says(off(test, &world.it, (ticket, 1), "Wrong").await).contains("“Account” was required"));
        test.app.write(&world.it, tick(1, ItemState::Open)).await.unwrap();
        test.app.write(&world.it, tick(2, ItemState::Done)).await.unwrap();
        off(test, &world.it, (ticket, 1), "She is not new.").await.unwrap();
        assert!(numbers(test, &world.it, ticket).await.is_empty());
        let lines = told(test, &world.technician, ticket).await;
        let end = lines.last().unwrap();
        let open = vec!["Account".to_owned()];
        assert_eq!(end.happened, Happened::Unlisted { list: "New starter".to_owned(), open });
        assert_eq!((end.text.as_str(), end.visibility), ("She is not new.", Visibility::Teams));
        assert!(
            lines
                .iter()
                .any(|line| matches!(&line.happened, Happened::Ticked { item, .. } if item == "Badge")),
            "what was done stays in the lines"
        );
        let asked = told(test, &world.requester, ticket).await;
        assert!(asked.iter().all(|line| !matches!(line.happened, Happened::Unlisted { .. })), "{asked:?}");
        assert!(says(off(test, &world.it, (ticket, 1), "Again").await).contains("on the ticket"));
        test.app.write(&world.it, solve).await.unwrap();
        let close = move |tx: &mut Tx<'_, '_>, act: &Act| {
            attach(tx, act, ticket, list)?;
            take_off(tx, act, (ticket, 2), "Only a try.")?;
            set_status(tx, act, ticket, (Status::Solved, Status::Closed))
        };
        test.app.write(&world.it, close).await.unwrap();
        assert!(says(off(test, &world.it, (ticket, 2), "x").await).contains("closed"));
    });
}

#[test]
fn no_number_is_given_twice_on_a_ticket() {
    on_each(async |test| {
        let world = world(test).await;
        let first = by_hand(test, "First", &[("One", true), ("Two", false)]).await;
        let second = by_hand(test, "Second", &[("Three", true)]).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Anna")).await.unwrap().id;
        let put = async |list| {
            test.app.write(&world.it, move |tx, act| attach(tx, act, ticket, list)).await.unwrap();
        };
        put(first).await;
        put(second).await;
        assert_eq!(numbers(test, &world.it, ticket).await, [(1, vec![1, 2]), (2, vec![3])]);
        off(test, &world.it, (ticket, 2), "Not this one.").await.unwrap();
        put(second).await;
        assert_eq!(numbers(test, &world.it, ticket).await, [(1, vec![1, 2]), (3, vec![4])]);
        // A page that was opened before speaks of what is gone, and of nothing else.
        let late =
            test.app.write(&world.it, move |tx, act| tick(tx, act, (ticket, 3), (ItemState::Done, "")));
        assert!(late.await.unwrap_err().to_string().contains("choose an item"));
        off(test, &world.it, (ticket, 1), "Nor this one.").await.unwrap();
        off(test, &world.it, (ticket, 3), "None at all.").await.unwrap();
        put(first).await;
        assert_eq!(numbers(test, &world.it, ticket).await, [(4, vec![5, 6])]);
    });
}

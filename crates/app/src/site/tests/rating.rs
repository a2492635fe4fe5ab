//! How it was, said from the link of a letter: without signing in, for one ticket, and by whoever has the link alone.

use super::*;
use crate::ratings::{Grade, Slip, given};
use crate::tickets::Ticket;
use crate::tickets::tests::{World, incident, world};

/// A ticket, and the link with which whoever asked says how it was.
async fn linked(test: &TestApp, world: &World) -> (Id<Ticket>, String) {
    let ticket =
        tickets::open(&test.app, &world.requester, incident(world.client, "Slow <b>")).await.unwrap();
    let slip = Slip {
        provider: world.requester.provider.uuid(),
        ticket: ticket.id,
        membership: world.requester.membership.unwrap(),
    };
    (ticket.id, format!("/rate/{}", slip.write(&test.app)))
}

#[test]
fn a_link_says_how_it_was_without_signing_in_and_opening_it_says_nothing() {
    on_each(async |test| {
        let world = world(test).await;
        let browser = Browser::new(test);
        let (ticket, path) = linked(test, &world).await;
        let said = async || {
            let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| given(tx, act, ticket);
            test.app.read(&world.it, read).await.unwrap()
        };
        let early = browser.send(Method::GET, &format!("{path}?grade=good"), "", "").await;
        assert!(early.text.contains("It cannot be said any more: it is not solved"), "{}", early.text);
        let refused = browser.send(Method::POST, &path, "", "grade=good&comment=").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let solve = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            tickets::set_status(tx, act, ticket, (tickets::Status::New, tickets::Status::Solved))
        };
        test.app.write(&world.it, solve).await.unwrap();

        let page = browser.send(Method::GET, &format!("{path}?grade=poor"), "", "").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(
            page.text.contains("Slow &#60;b&#62;") && page.text.contains("data-at-once=\"poor\""),
            "{}",
            page.text
        );
        assert_eq!(said().await, None, "opening it says nothing: programs open what is in a mail");
        let odd = browser.send(Method::POST, &path, "", "grade=none&comment=Kept+as+it+is").await;
        assert!(
            odd.status == StatusCode::UNPROCESSABLE_ENTITY && odd.text.contains("Kept as it is"),
            "{}",
            odd.text
        );
        let done = browser.send(Method::POST, &path, "", "grade=poor&comment=Nobody+rang.").await;
        assert_eq!(
            (done.status, done.to.as_str()),
            (StatusCode::SEE_OTHER, format!("{path}?said=1").as_str())
        );
        assert_eq!(
            said().await.map(|one| (one.grade, one.comment)),
            Some((Grade::Poor, "Nobody rang.".to_owned()))
        );
        let thanks = browser.send(Method::GET, &done.to, "", "").await;
        assert!(
            thanks.text.contains("Thank you") && !thanks.text.contains("data-at-once"),
            "{}",
            thanks.text
        );
    });
}

#[test]
fn what_is_no_link_of_ours_leads_nowhere_and_neither_does_one_of_somebody_who_is_gone() {
    on_each(async |test| {
        let world = world(test).await;
        let browser = Browser::new(test);
        let (_, path) = linked(test, &world).await;
        let wrong = path.replacen("/rate/A", "/rate/B", 1);
        for path in [wrong.as_str(), "/rate/x", "/rate/%00"] {
            let none = browser.send(Method::GET, path, "", "").await;
            assert_eq!(none.status, StatusCode::NOT_FOUND, "{path}");
        }
        let gone = world.requester.membership.unwrap();
        browser.sign_in(test, &test.operator(), gone).await;
        test.app.write(&test.operator(), move |tx, act| people::suspend(tx, act, gone)).await.unwrap();
        for method in [Method::GET, Method::POST] {
            let none = browser.send(method, &path, "", "grade=good&comment=").await;
            assert_eq!(none.status, StatusCode::NOT_FOUND);
        }
    });
}

#[test]
fn on_the_page_of_a_ticket_whoever_asked_is_asked_and_both_teams_follow_it_up() {
    on_each(async |test| {
        let world = world(test).await;
        let browser = Browser::new(test);
        let operator = test.operator();
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let solve = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            tickets::set_status(tx, act, ticket.id, (tickets::Status::New, tickets::Status::Solved))
        };
        test.app.write(&world.it, solve).await.unwrap();
        let requester = browser.sign_in(test, &operator, world.requester.membership.unwrap()).await;
        let it = browser.sign_in(test, &operator, world.it.membership.unwrap()).await;
        let page = browser.send(Method::GET, "/tickets/1", &requester, "").await;
        assert!(page.text.contains("How was it?"), "{}", page.text);
        assert!(!browser.send(Method::GET, "/tickets/1", &it, "").await.text.contains("How was it?"));
        let done =
            browser.send(Method::POST, "/tickets/1/rating", &requester, "grade=poor&comment=No+call.").await;
        assert_eq!((done.status, done.to.as_str()), (StatusCode::SEE_OTHER, "/tickets/1#rating"));
        let page = browser.send(Method::GET, "/tickets/1", &it, "").await;
        assert!(
            page.text.contains("What was done about it?") && page.text.contains("No call."),
            "{}",
            page.text
        );
        let list = browser.send(Method::GET, "/ratings?which=to-follow", &it, "").await;
        assert!(list.text.contains("No call.") && list.text.contains("not yet"), "{}", list.text);
        let file = browser.send(Method::GET, "/ratings?format=csv", &it, "").await;
        assert!(file.text.contains("not good,No call."), "{}", file.text);
        browser.send(Method::POST, "/tickets/1/rating/follow-up", &it, "done=Rang+her.").await;
        let list = browser.send(Method::GET, "/ratings?which=to-follow", &it, "").await;
        assert!(list.text.contains("Nothing is to be followed up"), "{}", list.text);
    });
}

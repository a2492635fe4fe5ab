//! Who reads what a colleague shares, and what they never read.

use super::*;
use crate::act::Caller;
use crate::people::Role;
use crate::testing::{TestApp, on_each};
use crate::tickets::tests::{colleague, incident, world};
use crate::tickets::{
    Extra, Narrow, NewTicket, View, Visibility, by_words, list, narrowed, open_with, write,
};

async fn set(
    test: &TestApp,
    by: &Caller,
    (client, version): (Id<Client>, i64),
    (readers, addresses): (Readers, &[&str]),
) -> Result<(), Refused> {
    let addresses: Vec<String> = addresses.iter().map(|address| (*address).to_owned()).collect();
    let verb =
        move |tx: &mut Tx<'_, '_>, act: &Act| set_sharing(tx, act, (client, version), (readers, &addresses));
    test.app.write(by, verb).await
}

async fn opened(test: &TestApp, by: &Caller, new: NewTicket, shared: bool) -> Ticket {
    open_with(&test.app, by, (new, Extra { shared, ..Extra::default() })).await.unwrap()
}

async fn sees(test: &TestApp, by: &Caller, id: Id<Ticket>) -> bool {
    match test.app.read(by, move |tx, act| find(tx, act, id)).await {
        Ok(_) => true,
        Err(Refused::NotFound) => false,
        Err(other) => panic!("{other}"),
    }
}

async fn listed(test: &TestApp, by: &Caller, view: View) -> Vec<i64> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| list(tx, act, view, (None, None, 50));
    test.app.read(by, read).await.unwrap().into_iter().map(|one| one.ticket.number).collect()
}

async fn found(test: &TestApp, by: &Caller, words: &'static str) -> usize {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let query = remit_db::search::Query::read(words).unwrap();
        by_words(tx, act, &query, (None, 20))
    };
    test.app.read(by, read).await.unwrap().tickets.len()
}

#[test]
fn a_ticket_is_read_by_those_whom_the_client_lets_and_only_while_it_does() {
    on_each(async |test| {
        let world = world(test).await;
        let (other, it) = (colleague(test, world.client, "other").await, world.it.clone());
        let address = {
            let id = other.membership.unwrap();
            let read = move |tx: &mut Tx<'_, '_>, act: &Act| crate::people::member(tx, act, id);
            test.app.read(&it, read).await.unwrap().email
        };
        // Nobody has said anything: what is asked to be shared is not.
        let early = opened(test, &world.requester, incident(world.client, "Early walrus"), true).await;
        assert!(!sees(test, &other, early.id).await);
        set(test, &it, (world.client, 0), (Readers::Everyone, &[])).await.unwrap();
        assert!(!sees(test, &other, early.id).await, "what nobody has shared stays one's own");
        let ticket = opened(test, &world.requester, incident(world.client, "Green walrus"), true).await;
        let own = opened(test, &world.requester, incident(world.client, "Private walrus"), false).await;
        assert!(sees(test, &other, ticket.id).await && !sees(test, &other, own.id).await);
        assert_eq!(listed(test, &other, View::Shared).await, [ticket.number]);
        assert_eq!(
            listed(test, &world.requester, View::Shared).await,
            [0_i64; 0],
            "one's own are another list"
        );
        assert_eq!(found(test, &other, "walrus").await, 1);
        let narrow = Narrow { text: "walrus".to_owned(), ..Narrow::default() };
        let read =
            move |tx: &mut Tx<'_, '_>, act: &Act| narrowed(tx, act, (View::Shared, &narrow), (None, 20));
        assert_eq!(test.app.read(&other, read).await.unwrap().found.len(), 1);

        // Those who are named alone.
        set(test, &it, (world.client, 1), (Readers::Chosen, &["nobody@elsewhere.example"]))
            .await
            .unwrap_err();
        set(test, &it, (world.client, 1), (Readers::Chosen, &[])).await.unwrap_err();
        set(test, &it, (world.client, 1), (Readers::Chosen, &[&address.to_uppercase()])).await.unwrap();
        let third = colleague(test, world.client, "third").await;
        assert!(sees(test, &other, ticket.id).await && !sees(test, &third, ticket.id).await);
        assert_eq!(listed(test, &third, View::Shared).await, [0_i64; 0]);
        assert_eq!(found(test, &third, "walrus").await, 0);

        // From one instant to the other.
        assert_eq!(set(test, &it, (world.client, 1), (Readers::Nobody, &[])).await, Err(Refused::Stale));
        set(test, &it, (world.client, 2), (Readers::Nobody, &[])).await.unwrap();
        assert!(!sees(test, &other, ticket.id).await);
        assert_eq!(listed(test, &other, View::Shared).await, [0_i64; 0]);
    });
}

#[test]
fn whoever_asked_shares_it_and_takes_it_back_and_lines_of_the_teams_stay_theirs() {
    on_each(async |test| {
        let world = world(test).await;
        let other = colleague(test, world.client, "other").await;
        set(test, &world.it, (world.client, 0), (Readers::Everyone, &[])).await.unwrap();
        let ticket = opened(test, &world.requester, incident(world.client, "Blue heron"), false).await;
        let id = ticket.id;
        let say = |by: &Caller, with: bool| {
            let (app, by) = (test.app.clone(), by.clone());
            async move { app.write(&by, move |tx, act| share(tx, act, id, with)).await }
        };
        assert_eq!(
            say(&other, true).await.unwrap_err(),
            Refused::NotFound,
            "what one does not see is not there"
        );
        assert!(
            matches!(say(&world.approver, true).await, Err(Refused::Conflict(_))),
            "it is not theirs to share"
        );
        say(&world.requester, true).await.unwrap();
        let lines = ticket.lines;
        let again = say(&world.requester, true).await.unwrap();
        assert_eq!(again.lines, lines + 1, "twice is once");
        let note = move |tx: &mut Tx<'_, '_>, act: &Act| write(tx, act, id, Visibility::Teams, "kingfisher");
        test.app.write(&world.it, note).await.unwrap();
        assert_eq!(found(test, &other, "kingfisher").await, 0);
        assert_eq!(found(test, &world.it, "kingfisher").await, 1);
        let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let ticket = find(tx, act, id)?;
            crate::tickets::event::latest(tx, act, &ticket, (i64::MAX, 50))
        };
        let seen = test.app.read(&other, read).await.unwrap();
        assert!(seen.iter().all(|line| line.visibility == Visibility::Public), "{seen:?}");
        // A colleague says something, too; what is for the teams alone they cannot write.
        let answer =
            move |tx: &mut Tx<'_, '_>, act: &Act| write(tx, act, id, Visibility::Public, "I have it as well");
        test.app.write(&other, answer).await.unwrap();
        let aside = move |tx: &mut Tx<'_, '_>, act: &Act| write(tx, act, id, Visibility::Teams, "psst");
        assert!(test.app.write(&other, aside).await.is_err());
        say(&world.it, false).await.unwrap();
        assert!(!sees(test, &other, id).await);
        // People of another client never see any of it.
        let elsewhere = test.client("Elsewhere").await;
        let stranger = colleague(test, elsewhere, "stranger").await;
        say(&world.it, true).await.unwrap();
        set(test, &test.operator(), (elsewhere, 0), (Readers::Everyone, &[])).await.unwrap();
        assert!(!sees(test, &stranger, id).await);
        assert_eq!(listed(test, &stranger, View::Shared).await, [0_i64; 0]);
        assert_eq!(found(test, &stranger, "heron").await, 0);
        let refused = sharing;
        let client = world.client;
        assert_eq!(
            test.app
                .read(&test.caller(Role::ClientIt, Some(elsewhere)).await, move |tx, act| refused(
                    tx, act, client
                ))
                .await,
            Err(Refused::NotFound)
        );
    });
}

//! What people can ask for, who says so, and what becomes of what is asked.

use super::*;
use crate::act::Caller;
use crate::testing::{TestApp, on_each};
use crate::tickets::tests::{incident, world};
use crate::tickets::{NewTicket, View, find, open};

pub(crate) fn starter(client: Option<Id<Client>>) -> NewRequestType {
    NewRequestType {
        client,
        name: "New starter".to_owned(),
        about: "Account, mailbox and keys.".to_owned(),
        head: "People".to_owned(),
        kind: Kind::Request,
        service: "users.onboarding".to_owned(),
        urgency: Urgency::Medium,
        private: false,
    }
}

async fn add(test: &TestApp, by: &Caller, says: NewRequestType) -> Result<Id<RequestType>, Refused> {
    test.app.write(by, move |tx, act| add_request_type(tx, act, &says)).await
}

async fn seen(test: &TestApp, by: &Caller, client: Id<Client>) -> Vec<String> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| request_types(tx, act, Some(client));
    test.app.read(by, read).await.unwrap().into_iter().map(|one| one.says.name).collect()
}

#[test]
fn each_client_has_its_own_besides_those_of_all() {
    on_each(async |test| {
        let world = world(test).await;
        let other = test.client("Acme Legal").await;
        let elsewhere = test.caller(crate::people::Role::Requester, Some(other)).await;
        let of_all = NewRequestType { name: "New device".to_owned(), ..starter(None) };
        add(test, &test.operator(), of_all.clone()).await.unwrap();
        // Internal IT says it for its own people, and for nobody else's.
        let id = add(test, &world.it, starter(Some(world.client))).await.unwrap();
        assert!(matches!(add(test, &world.it, of_all).await, Err(Refused::Forbidden(_))));
        let foreign = add(test, &world.it, starter(Some(other))).await;
        assert!(foreign.is_err(), "{foreign:?}");
        assert!(matches!(
            add(test, &world.requester, starter(Some(world.client))).await,
            Err(Refused::Forbidden(_))
        ));
        assert_eq!(seen(test, &world.requester, world.client).await, ["New device", "New starter"]);
        assert_eq!(seen(test, &elsewhere, other).await, ["New device"]);
        assert_eq!(
            seen(test, &elsewhere, world.client).await,
            ["New device"],
            "not yours looks like not there"
        );
        let get = move |tx: &mut Tx<'_, '_>, act: &Act| request_type(tx, act, id);
        assert!(matches!(test.app.read(&elsewhere, get).await, Err(Refused::NotFound)));
    });
}

#[test]
fn what_is_written_is_checked_and_nothing_of_another_version_is_lost() {
    on_each(async |test| {
        let world = world(test).await;
        let id = add(test, &world.it, starter(Some(world.client))).await.unwrap();
        let wrong = [
            (NewRequestType { name: "  ".to_owned(), ..starter(Some(world.client)) }, "name"),
            (NewRequestType { name: "new STARTER".to_owned(), ..starter(Some(world.client)) }, "name"),
            (NewRequestType { head: "x".repeat(61), ..starter(Some(world.client)) }, "head"),
            (
                NewRequestType {
                    about: "x".repeat(501),
                    name: "A".to_owned(),
                    ..starter(Some(world.client))
                },
                "about",
            ),
            (
                NewRequestType {
                    service: "none".to_owned(),
                    name: "A".to_owned(),
                    ..starter(Some(world.client))
                },
                "service",
            ),
            (
                NewRequestType { kind: Kind::Problem, name: "A".to_owned(), ..starter(Some(world.client)) },
                "kind",
            ),
        ];
        for (says, field) in wrong {
            let Err(Refused::Invalid(fields)) = add(test, &world.it, says.clone()).await else {
                panic!("{says:?}")
            };
            assert_eq!(fields[0].name, field, "{fields:?}");
        }
        let change = |version: i64, name: &str| {
            let says = NewRequestType { name: name.to_owned(), ..starter(None) };
            let (app, by) = (test.app.clone(), world.it.clone());
            async move { app.write(&by, move |tx, act| change_request_type(tx, act, (id, version), &says)).await }
        };
        change(1, "Somebody begins").await.unwrap();
        assert!(matches!(change(1, "Lost").await, Err(Refused::Stale)));
        assert_eq!(seen(test, &world.requester, world.client).await, ["Somebody begins"]);
        let gone = test.app.write(&world.it, move |tx, act| remove_request_type(tx, act, id)).await.unwrap();
        assert_eq!((gone.says.client, gone.version), (Some(world.client), 2), "whose it is stays");
        assert_eq!(seen(test, &world.requester, world.client).await, [""; 0]);
        assert!(matches!(change(2, "Gone").await, Err(Refused::NotFound)));
    });
}

#[test]
fn whoever_asks_for_a_colleague_goes_on_seeing_it_and_nobody_asks_for_a_stranger() {
    on_each(async |test| {
        let world = world(test).await;
        let other = test.client("Acme Legal").await;
        let stranger = test.caller(crate::people::Role::Requester, Some(other)).await;
        let of = |who: &Caller| NewTicket {
            requester: who.membership,
            ..incident(world.client, "Her screen is dark")
        };
        let ticket = open(&test.app, &world.requester, of(&world.approver)).await.unwrap();
        assert_eq!(
            (ticket.requester, ticket.submitter),
            (world.approver.membership.unwrap(), world.requester.membership)
        );
        let id = ticket.id;
        test.app.read(&world.requester, move |tx, act| find(tx, act, id)).await.unwrap();
        let own = move |tx: &mut Tx<'_, '_>, act: &Act| tickets::list(tx, act, View::Own, (None, None, 10));
        assert_eq!(test.app.read(&world.requester, own).await.unwrap().len(), 0, "it is not theirs");
        assert_eq!(test.app.read(&world.approver, own).await.unwrap().len(), 1);
        for who in [&stranger, &world.technician, &world.vendor] {
            let refused = open(&test.app, &world.requester, of(who)).await;
            assert!(matches!(refused, Err(Refused::Invalid(_))), "{refused:?}");
        }
    });
}

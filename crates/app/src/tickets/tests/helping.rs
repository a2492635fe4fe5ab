//! Several work on one ticket: one holder, one who works on it first, and people of either IT team who help.

use remit_db::Tx;

use super::*;
use crate::act::Act;
use crate::notices::{self, What};

async fn on_list(test: &TestApp, by: &Caller, narrow: &Narrow) -> Vec<i64> {
    let narrow = narrow.clone();
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| narrowed(tx, act, (View::Mine, &narrow), (None, 50));
    let found = test.app.read(by, read).await.unwrap();
    found.found.into_iter().map(|listed| listed.ticket.number).collect()
}

async fn told(test: &TestApp, who: &Caller) -> Vec<What> {
    let read = |tx: &mut Tx<'_, '_>, act: &Act| notices::list(tx, act, None, 50);
    test.app.read(who, read).await.unwrap().into_iter().map(|one| one.what).collect()
}

#[test]
fn who_helps_has_it_on_their_list_and_is_told_and_whose_it_is_stays() {
    on_each(async |test| {
        let world = world(test).await;
        let new = open(&test.app, &world.requester, incident(world.client, "Zebra offline")).await.unwrap();
        let (id, it, technician) = (new.id, &world.it, &world.technician);
        let (both, vendor) = ([it, technician], world.vendor.membership.unwrap());
        let (plain, words) = (Narrow::default(), Narrow { text: "zebra".to_owned(), ..Narrow::default() });
        for who in both {
            assert_eq!(on_list(test, who, &plain).await, [0; 0]);
            let own = who.membership.unwrap();
            test.app.write(who, move |tx, act| help(tx, act, id, own)).await.unwrap();
            // Twice is once.
            let again = test.app.write(who, move |tx, act| help(tx, act, id, own)).await.unwrap();
            assert_eq!((again.team, again.worker), (new.team, None), "it moves nothing");
            for narrow in [&plain, &words] {
                assert_eq!(on_list(test, who, narrow).await, [new.number], "{narrow:?}");
            }
        }
        let there = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let ticket = find(tx, act, id)?;
            Ok((helpers(tx, act, &ticket)?.len(), ticket.lines))
        };
        assert_eq!(test.app.read(it, there).await.unwrap(), (2, new.lines + 2));
        assert_eq!(test.app.read(&world.requester, there).await.unwrap().0, 0, "for both IT teams alone");

        // What is for both teams is told to both, what is for one to its own.
        let write = |visibility| {
            move |tx: &mut Tx<'_, '_>, act: &Act| write(tx, act, id, visibility, "We look at the cable.")
        };
        let before = (told(test, technician).await.len(), told(test, it).await.len());
        test.app.write(it, write(Visibility::Party)).await.unwrap();
        assert_eq!(told(test, technician).await.len(), before.0);
        test.app.write(it, write(Visibility::Teams)).await.unwrap();
        assert_eq!(told(test, technician).await.len(), before.0 + 1);

        // Nobody else is asked to help, and nobody but both teams says so.
        for who in [vendor, world.requester.membership.unwrap()] {
            let refused = test.app.write(it, move |tx, act| help(tx, act, id, who)).await;
            assert!(matches!(refused, Err(Refused::Invalid(_))), "{refused:?}");
        }
        let own = world.requester.membership.unwrap();
        let refused = test.app.write(&world.requester, move |tx, act| help(tx, act, id, own)).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");

        // It leaves the list when it is over, and comes back when it is not.
        let close = move |to: [Status; 2]| {
            move |tx: &mut Tx<'_, '_>, act: &Act| set_status(tx, act, id, (to[0], to[1]))
        };
        test.app.write(&test.operator(), close([Status::New, Status::Solved])).await.unwrap();
        test.app.write(&test.operator(), close([Status::Solved, Status::Closed])).await.unwrap();
        assert_eq!(on_list(test, it, &plain).await, [0; 0]);
        let late =
            test.app.write(it, move |tx, act| end_help(tx, act, id, act.caller.membership.unwrap())).await;
        assert!(matches!(late, Err(Refused::Conflict(_))), "{late:?}");
        test.app.write(&test.operator(), close([Status::Closed, Status::Working])).await.unwrap();
        assert_eq!(on_list(test, it, &plain).await, [new.number]);
        test.app
            .write(it, move |tx, act| end_help(tx, act, id, act.caller.membership.unwrap()))
            .await
            .unwrap();
        assert_eq!(on_list(test, it, &plain).await, [0; 0]);

        // Whoever works on it first is on the list once.
        let own = technician.membership.unwrap();
        let holds = test.app.read(technician, move |tx, act| find(tx, act, id)).await.unwrap();
        if holds.party == technician.party.unwrap() {
            test.app.write(technician, move |tx, act| assign(tx, act, id, Some(own))).await.unwrap();
        }
        assert_eq!(on_list(test, technician, &plain).await, [new.number]);
    });
}

#[test]
fn who_helps_goes_along_when_a_ticket_goes_on_in_another() {
    on_each(async |test| {
        let world = world(test).await;
        let one = open(&test.app, &world.requester, incident(world.client, "One")).await.unwrap();
        let other = open(&test.app, &world.requester, incident(world.client, "Other")).await.unwrap();
        let own = world.it.membership.unwrap();
        let (id, into) = (one.id, other.number);
        test.app.write(&world.it, move |tx, act| help(tx, act, id, own)).await.unwrap();
        test.app.write(&test.operator(), move |tx, act| merge(tx, act, id, into)).await.unwrap();
        assert_eq!(on_list(test, &world.it, &Narrow::default()).await, [other.number]);
    });
}

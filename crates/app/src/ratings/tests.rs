//! Who says how it was, who is told, who reads it, and that the sums of a month are what was said.

use super::*;
use crate::act::{Act, Caller};
use crate::notices::{self, What};
use crate::testing::{TestApp, on_each};
use crate::tickets::tests::{World, incident, world};

/// A ticket that internal IT holds and has solved.
async fn solved(test: &TestApp, world: &World) -> Ticket {
    let new =
        tickets::open(&test.app, &world.requester, incident(world.client, "Zebra offline")).await.unwrap();
    let solve = move |tx: &mut Tx<'_, '_>, act: &Act| {
        tickets::set_status(tx, act, new.id, (Status::New, Status::Solved))
    };
    test.app.write(&world.it, solve).await.unwrap()
}

async fn say(test: &TestApp, by: &Caller, id: Id<Ticket>, said: (Grade, &str)) -> Result<Given, Refused> {
    let (grade, comment) = (said.0, said.1.to_owned());
    test.app.write(by, move |tx, act| rate(tx, act, id, (grade, &comment))).await
}

async fn told(test: &TestApp, who: &Caller) -> usize {
    let read = |tx: &mut Tx<'_, '_>, act: &Act| notices::list(tx, act, None, 50);
    test.app.read(who, read).await.unwrap().iter().filter(|one| one.what == What::Poor).count()
}

async fn sums(test: &TestApp, by: &Caller, client: Option<Id<Client>>) -> Vec<(String, Sums)> {
    let read = move |tx: &mut Tx<'_, '_>, _: &Act| {
        let (_, odd) = compare(tx)?;
        assert_eq!(odd, Vec::<String>::new());
        months(tx, ("2026-01", "2099-12"), client)
    };
    test.app.read(by, read).await.unwrap().into_iter().collect()
}

async fn all(test: &TestApp, by: &Caller, which: Which) -> Result<Vec<Listed>, Refused> {
    test.app.read(by, move |tx, act| list(tx, act, which, (None, 50))).await
}

#[test]
fn whoever_asked_for_it_says_how_it_was_and_the_last_time_counts() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = solved(test, &world).await;
        let before =
            say(test, &world.requester, ticket.id, (Grade::Poor, "  It took three days.  ")).await.unwrap();
        assert_eq!((before.comment.as_str(), before.times), ("It took three days.", 1));
        assert_eq!(sums(test, &world.manager, None).await[0].1, Sums { poor: 1, ..Sums::default() });
        // The same again is nothing.
        let again =
            say(test, &world.requester, ticket.id, (Grade::Poor, "It took three days.")).await.unwrap();
        assert_eq!(again, before);
        let now = say(test, &world.requester, ticket.id, (Grade::Good, "")).await.unwrap();
        assert_eq!((now.grade, now.times), (Grade::Good, 2));
        let [(_, kept)] = sums(test, &world.manager, Some(world.client)).await.try_into().unwrap();
        assert_eq!((kept, kept.content()), (Sums { good: 1, ..Sums::default() }, Some(100)));
        // In another month it counts there, and no longer in the one before.
        test.pass(Millis::from_hours(40 * 24));
        say(test, &world.requester, ticket.id, (Grade::Fair, "")).await.unwrap();
        let later = sums(test, &world.manager, None).await;
        assert_eq!(later.iter().map(|(_, sums)| sums.all()).collect::<Vec<_>>(), [0, 1], "{later:?}");
    });
}

#[test]
fn a_bad_one_is_told_to_both_sides_and_waits_until_somebody_has_followed_it_up() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = solved(test, &world).await;
        say(test, &world.requester, ticket.id, (Grade::Good, "")).await.unwrap();
        assert_eq!((told(test, &world.it).await, told(test, &world.manager).await), (0, 0));
        say(test, &world.requester, ticket.id, (Grade::Poor, "Nobody rang.")).await.unwrap();
        assert_eq!((told(test, &world.it).await, told(test, &world.manager).await), (1, 1));
        let open = Which { to_follow: true, ..Which::default() };
        assert_eq!(all(test, &world.it, open).await.unwrap().len(), 1);
        let follow = |by: &Caller, done: &str| {
            let (by, done, app) = (by.clone(), done.to_owned(), test.app.clone());
            async move { app.write(&by, move |tx, act| follow_up(tx, act, ticket.id, &done)).await }
        };
        assert!(matches!(follow(&world.it, "  ").await, Err(Refused::Invalid(_))));
        assert!(matches!(follow(&world.requester, "Rang her.").await, Err(Refused::Forbidden(_))));
        follow(&world.it, "Rang her.").await.unwrap();
        assert_eq!(all(test, &world.it, open).await.unwrap(), []);
        let found =
            all(test, &world.manager, Which { grade: Some(Grade::Poor), ..Which::default() }).await.unwrap();
        assert_eq!(found[0].followed.as_ref().unwrap().0, world.it.name);
        assert!(matches!(follow(&world.manager, "Again.").await, Err(Refused::Conflict(_))));
        // More to say opens it again.
        say(test, &world.requester, ticket.id, (Grade::Poor, "Nobody rang again.")).await.unwrap();
        assert_eq!(all(test, &world.it, open).await.unwrap().len(), 1);
    });
}

#[test]
fn nobody_else_says_it_and_nobody_before_it_is_solved_or_long_after() {
    on_each(async |test| {
        let world = world(test).await;
        let open = tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        assert!(matches!(
            say(test, &world.requester, open.id, (Grade::Good, "")).await,
            Err(Refused::Conflict(_))
        ));
        let ticket = solved(test, &world).await;
        for by in [&world.it, &world.manager, &world.technician, &world.approver] {
            let refused = say(test, by, ticket.id, (Grade::Good, "")).await;
            assert!(matches!(refused, Err(Refused::Conflict(_))), "{refused:?}");
        }
        let other = test.client("Acme Legal").await;
        let stranger = test.caller(crate::people::Role::Requester, Some(other)).await;
        assert!(matches!(say(test, &stranger, ticket.id, (Grade::Good, "")).await, Err(Refused::NotFound)));
        let long = "x".repeat(5000);
        assert!(matches!(
            say(test, &world.requester, ticket.id, (Grade::Good, &long)).await,
            Err(Refused::Invalid(_))
        ));
        for n in 0..MOST_TIMES {
            say(test, &world.requester, ticket.id, (Grade::Fair, &format!("{n}"))).await.unwrap();
        }
        let refused = say(test, &world.requester, ticket.id, (Grade::Good, "")).await;
        assert!(matches!(refused, Err(Refused::Conflict(_))), "{refused:?}");
        test.pass(Millis::from_hours(63 * 24));
        let other = solved(test, &world).await;
        say(test, &world.requester, other.id, (Grade::Good, "")).await.unwrap();
        assert!(matches!(
            say(test, &world.requester, ticket.id, (Grade::Good, "late")).await,
            Err(Refused::Conflict(_))
        ));
    });
}

#[test]
fn grades_are_for_whoever_sees_the_tickets_and_words_for_both_it_teams() {
    on_each(async |test| {
        let world = world(test).await;
        let other = test.client("Acme Legal").await;
        let stranger = test.caller(crate::people::Role::ClientIt, Some(other)).await;
        let ticket = solved(test, &world).await;
        say(test, &world.requester, ticket.id, (Grade::Poor, "Nobody rang me.")).await.unwrap();
        for (by, words) in
            [(&world.it, "Nobody rang me."), (&world.technician, "Nobody rang me."), (&world.approver, "")]
        {
            let found = all(test, by, Which::default()).await.unwrap();
            assert_eq!(found[0].comment, words, "{}", by.name);
        }
        assert_eq!(all(test, &stranger, Which::default()).await.unwrap(), []);
        let of_client = Which { client: Some(world.client), ..Which::default() };
        assert_eq!(all(test, &stranger, of_client).await.unwrap(), []);
        for by in [&world.requester, &world.vendor] {
            assert!(matches!(all(test, by, Which::default()).await, Err(Refused::Forbidden(_))));
        }
        // The line is one between the teams: whoever asked for it sees what they said, and no more.
        let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let ticket = tickets::find(tx, act, ticket.id)?;
            Ok((tickets::lines(tx, act, &ticket, (0, 50))?, given(tx, act, ticket.id)?))
        };
        let (lines, said) = test.app.read(&world.requester, read).await.unwrap();
        assert!(lines.iter().all(|line| !line.text.contains("rang")), "{lines:?}");
        assert_eq!(said.unwrap().comment, "Nobody rang me.");
        let (lines, _) = test.app.read(&world.it, read).await.unwrap();
        assert!(lines.iter().any(|line| line.text.contains("rang")));
    });
}

#[test]
fn a_slip_is_good_for_what_it_was_written_for_and_for_nothing_else() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = solved(test, &world).await;
        let membership = world.requester.membership.unwrap();
        let slip = Slip { provider: world.requester.provider.uuid(), ticket: ticket.id, membership };
        let text = slip.write(&test.app);
        assert_eq!((Slip::read(&test.app, &text), text.len()), (Some(slip), 86));
        let holder = slip.holder(&test.app).await.unwrap().unwrap();
        assert_eq!(holder.membership, Some(membership));
        let mut odd =
            vec![String::new(), "x".repeat(86), text[1..].to_owned(), format!("{text}A"), "é".repeat(43)];
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            odd.push(String::from_utf8(changed).unwrap());
        }
        for text in odd {
            assert_eq!(Slip::read(&test.app, &text), None, "{text}");
        }
    });
}

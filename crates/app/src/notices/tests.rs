//! Who is told what, in the product and by mail, and what they never learn.

use remit_core::{Id, Millis};
use remit_promise::{Promise, Term, Within};

use super::*;
use crate::act::Caller;
use crate::people;
use crate::promises::{NewRule, add_rule};
use crate::testing::{TestApp, on_each};
use crate::tickets::tests::{incident, world};
use crate::tickets::{self, Visibility};

async fn told(test: &TestApp, who: &Caller) -> Vec<What> {
    let read = test.app.read(who, |tx, act| list(tx, act, None, 50));
    read.await.unwrap().into_iter().map(|notice| notice.what).collect()
}

/// Puts somebody into a team that the ticket can be offered to.
async fn join(test: &TestApp, who: &Caller, ticket: Id<Ticket>, name: &'static str) {
    let (member, operator) = (who.membership.unwrap(), test.operator());
    let joined = test.app.write(&operator, move |tx, act| {
        let ticket = tickets::find(tx, act, ticket)?;
        let team = tickets::targets(tx, &ticket)?.into_iter().find(|hand| hand.team_name == name);
        people::join_team(tx, act, team.unwrap().team, member)
    });
    joined.await.unwrap();
}

#[test]
fn whom_it_concerns_is_told_and_nobody_of_what_they_did_themselves() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        join(test, &world.technician, ticket, "on-call").await;
        assert!(told(test, &world.requester).await.is_empty(), "what one did oneself");
        let own = world.it.membership;
        test.app.write(&world.it, move |tx, act| tickets::assign(tx, act, ticket, own)).await.unwrap();
        assert!(told(test, &world.it).await.is_empty());
        for (visibility, text) in [(Visibility::Teams, "Between us."), (Visibility::Public, "We look at it.")]
        {
            test.app
                .write(&world.technician, move |tx, act| tickets::write(tx, act, ticket, visibility, text))
                .await
                .unwrap();
        }
        assert_eq!(told(test, &world.requester).await, [What::Answered]);
        assert_eq!(told(test, &world.it).await, [What::Wrote], "an answer is the asker's to read");
        let said = || "nothing yet".to_owned();
        let warm = tickets::Warm {
            tried: said(),
            access: said(),
            impact: said(),
            next: said(),
            answers: Vec::new(),
        };
        test.app
            .write(&world.it, move |tx, act| {
                let ticket = tickets::find(tx, act, ticket)?;
                let to = tickets::targets(tx, &ticket)?.into_iter().find(|hand| hand.team_name == "on-call");
                tickets::offer(tx, act, ticket.id, to.unwrap().team, &warm)
            })
            .await
            .unwrap();
        assert_eq!(told(test, &world.technician).await, [What::Asked]);
        test.app.write(&world.technician, move |tx, act| tickets::accept(tx, act, ticket, 1)).await.unwrap();
        assert_eq!(told(test, &world.it).await[0], What::Displaced);
        let waiting = test.app.read(&world.it, unread).await.unwrap();
        assert_eq!(waiting, 2);
        test.app.write(&world.it, move |tx, act| read(tx, act, Some(ticket))).await.unwrap();
        assert_eq!(test.app.read(&world.it, unread).await.unwrap(), 0);
    });
}

#[test]
fn silence_and_broken_promises_reach_both_leads() {
    on_each(async |test| {
        let world = world(test).await;
        let rule = NewRule {
            promise: Promise::RESPONSE,
            client: None,
            tier: String::new(),
            service: String::new(),
            priority: None,
            party: None,
            from: None,
            term: Term::Within(Within::every_minute(Millis::from_hours(1))),
        };
        test.app.write(&world.manager, move |tx, act| add_rule(tx, act, &rule)).await.unwrap();
        tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        test.pass(Millis::from_hours(2));
        tickets::sweep(&test.app).await.unwrap();
        for lead in [&world.manager, &world.it] {
            assert!(told(test, lead).await.contains(&What::Broken), "{lead:?}");
        }
        assert!(told(test, &world.requester).await.is_empty());
        assert!(told(test, &world.vendor).await.is_empty());
    });
}

#[test]
fn what_one_wants_by_mail_is_ones_own_to_say() {
    on_each(async |test| {
        let world = world(test).await;
        let letters = async || crate::work::letters_waiting(&test.app).await.unwrap();
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        let before = letters().await;
        let say = async |text: &'static str| {
            let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
                tickets::write(tx, act, ticket, Visibility::Public, text)
            };
            test.app.write(&world.it, verb).await.unwrap();
        };
        say("An answer.").await;
        assert_eq!(letters().await, before + 1, "answers are mailed unless somebody does not want that");
        test.app.write(&world.requester, |tx, act| set_wish(tx, act, Wish::None)).await.unwrap();
        say("Another.").await;
        assert_eq!(letters().await, before + 1);
        let key = test.app.write(&test.operator(), |tx, act| set_wish(tx, act, Wish::All)).await;
        assert!(matches!(key, Err(Refused::Conflict(_))), "{key:?}");
    });
}

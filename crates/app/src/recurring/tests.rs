//! Plans: what they open, when, and once.

use remit_core::Millis;

use super::*;
use crate::act::Caller;
use crate::testing::{TestApp, on_each};
use crate::tickets::tests::{World, world};
use crate::tickets::{View, lines, list};

fn says(world: &World, rule: &str) -> NewPlan {
    NewPlan {
        template: Template {
            kind: Kind::Task,
            subject: "Check the backups".to_owned(),
            text: "Restore one file.".to_owned(),
            impact: Impact::Low,
            urgency: Urgency::Medium,
            service: "backup".to_owned(),
            tier: Tier::Unsaid,
            requester: world.requester.membership.unwrap(),
        },
        rule: rule.parse().unwrap(),
        starts_on: "2026-01-01".parse().unwrap(),
        time: "08:00".parse().unwrap(),
    }
}

async fn planned(
    test: &TestApp,
    by: &Caller,
    (client, says): (Id<Client>, NewPlan),
) -> Result<Plan, Refused> {
    test.app.write(by, move |tx, act| add_plan(tx, act, client, says)).await
}

async fn seen(test: &TestApp, by: &Caller, id: Id<Plan>) -> Plan {
    test.app.read(by, move |tx, act| plan(tx, act, id)).await.unwrap()
}

/// The subjects and first lines of the tickets of a client, the newest first.
async fn opened(test: &TestApp, world: &World) -> Vec<(i64, String)> {
    let client = world.client;
    let read = test.app.read(&world.it, move |tx, act| {
        let mut all = Vec::new();
        for listed in list(tx, act, View::Client(client), (None, None, 50))? {
            let first = lines(tx, act, &listed.ticket, (0, 1))?.remove(0);
            all.push((listed.ticket.number, first.text));
        }
        Ok(all)
    });
    read.await.unwrap()
}

/// Lets time pass until an instant.
fn until(test: &TestApp, at: At) {
    test.pass(at - test.app.now());
}

#[test]
fn each_instant_is_opened_once_and_routed_at_its_hour() {
    on_each(async |test| {
        let world = world(test).await;
        let plan =
            planned(test, &world.technician, (world.client, says(&world, "FREQ=DAILY"))).await.unwrap();
        assert_eq!(open_due(&test.app).await.unwrap(), Opened::default(), "nothing is due yet");
        until(test, plan.next_at.unwrap());
        let (one, other) = tokio::join!(open_due(&test.app), open_due(&test.app));
        assert_eq!(one.unwrap().tickets + other.unwrap().tickets, 1);
        assert_eq!(open_due(&test.app).await.unwrap(), Opened::default());
        assert_eq!(opened(test, &world).await, [(1, "Restore one file.".to_owned())]);
        let after = seen(test, &world.it, plan.id).await;
        assert_eq!((after.opened, after.last), (1, Some(1)));
        assert_eq!(after.next_at, Some(plan.next_at.unwrap() + Millis::from_hours(24)));
    });
}

#[test]
fn of_what_was_missed_the_latest_is_opened_and_says_how_many() {
    on_each(async |test| {
        let world = world(test).await;
        let plan = planned(test, &world.it, (world.client, says(&world, "FREQ=DAILY"))).await.unwrap();
        until(test, plan.next_at.unwrap() + Millis::from_hours(3 * 24 + 1));
        assert_eq!(open_due(&test.app).await.unwrap().tickets, 1);
        let text = opened(test, &world).await.remove(0).1;
        assert!(
            text.starts_with("Restore one file.\n\nPlanned for ")
                && text.contains("3 before it were not opened"),
            "{text}"
        );
        let after = seen(test, &world.it, plan.id).await;
        assert!(after.next_at.is_some_and(|at| at > test.app.now()));
        assert_eq!(after.opened, 1);
    });
}

#[test]
fn a_plan_rests_and_goes_on_from_now_and_ends() {
    on_each(async |test| {
        let world = world(test).await;
        let plan = planned(test, &world.it, (world.client, says(&world, "FREQ=DAILY"))).await.unwrap();
        let id = plan.id;
        let rest = |rests| test.app.write(&world.it, move |tx, act| rest_plan(tx, act, id, rests));
        assert_eq!(rest(true).await.unwrap().next_at, None);
        until(test, plan.next_at.unwrap() + Millis::from_hours(49));
        assert_eq!(open_due(&test.app).await.unwrap(), Opened::default());
        let next = rest(false).await.unwrap().next_at.unwrap();
        assert!(next > test.app.now(), "what would have been due meanwhile is not opened");
        let change =
            |version, new| test.app.write(&world.it, move |tx, act| change_plan(tx, act, (id, version), new));
        let monthly = says(&world, "FREQ=MONTHLY;BYDAY=1MO");
        assert_eq!(change(1, monthly.clone()).await.unwrap_err(), Refused::Stale);
        let changed = change(3, monthly).await.unwrap();
        assert_eq!(changed.says.rule.words(), "every month on its first Monday");
        test.app.write(&world.it, move |tx, act| end_plan(tx, act, id)).await.unwrap();
        let gone = test.app.read(&world.it, move |tx, act| super::plan(tx, act, id)).await;
        assert_eq!(gone, Err(Refused::NotFound));
    });
}

#[test]
fn what_cannot_be_opened_says_why_and_is_tried_again() {
    on_each(async |test| {
        let world = world(test).await;
        let plan = planned(test, &world.it, (world.client, says(&world, "FREQ=DAILY"))).await.unwrap();
        let (who, id) = (world.requester.membership.unwrap(), plan.id);
        let set = move |state: &'static str| {
            move |tx: &mut Tx<'_, '_>, _: &Act| {
                let set = sql!(
                    "UPDATE membership SET state = $3 WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
                );
                tx.exec(set, (who, state)).map(drop).map_err(Refused::from)
            }
        };
        test.app.write(&test.operator(), set("left")).await.unwrap();
        until(test, plan.next_at.unwrap());
        assert_eq!(open_due(&test.app).await.unwrap(), Opened { tickets: 0, failed: 1 });
        let after = seen(test, &world.it, id).await;
        assert!(after.trouble.contains("has not left") && after.next_at == plan.next_at, "{after:?}");
        assert_eq!(open_due(&test.app).await.unwrap(), Opened::default(), "not before an hour is over");
        test.app.write(&test.operator(), set("active")).await.unwrap();
        test.pass(Millis::from_hours(1));
        assert_eq!(open_due(&test.app).await.unwrap(), Opened { tickets: 1, failed: 0 });
        assert_eq!(seen(test, &world.it, id).await.trouble, "");
    });
}

#[test]
fn both_it_teams_plan_for_clients_within_reach_and_nobody_else_does() {
    on_each(async |test| {
        let world = world(test).await;
        let new = || says(&world, "FREQ=DAILY");
        for by in [&world.requester, &world.approver, &world.vendor] {
            let refused = planned(test, by, (world.client, new())).await;
            assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
        }
        let other = test.client("Other Client").await;
        assert_eq!(planned(test, &world.it, (other, new())).await.unwrap_err(), Refused::NotFound);
        let wrong = NewPlan { starts_on: "2026-01-01".parse().unwrap(), ..new() };
        let template =
            Template { subject: " ".to_owned(), service: "nothing-like-it".to_owned(), ..wrong.template };
        let wrong = NewPlan { template, ..says(&world, "FREQ=DAILY") };
        let refused = planned(test, &world.manager, (world.client, wrong)).await.unwrap_err().to_string();
        assert!(refused.contains("write a name") && refused.contains("no service"), "{refused}");
        let stranger = test.caller(crate::people::Role::Requester, Some(other)).await.membership.unwrap();
        let template = Template { requester: stranger, ..new().template };
        let refused =
            planned(test, &world.manager, (world.client, NewPlan { template, ..new() })).await.unwrap_err();
        assert!(refused.to_string().contains("somebody of this client"), "{refused}");
    });
}

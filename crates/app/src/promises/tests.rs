//! Rules from their first word to the clocks of tickets: what is written, what is refused, what a ticket is due by, and that it can be rebuilt.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use remit_core::{Id, Millis};
use remit_db::{Tx, sql};
use remit_matrix::draft::CalendarDraft;
use remit_promise::{Kind, Promise, Target, Term, Within};

use super::*;
use crate::act::{Act, Caller};
use crate::doctor;
use crate::people::{join_team, list_parties};
use crate::refused::Refused;
use crate::testing::{TestApp, on_each};
use crate::tickets::clocks::{Seen, clocks};
use crate::tickets::tests::{AFTER_HOURS, World, incident, world};
use crate::tickets::{self, Happened, Impact, Narrow, Priority, Status, Ticket, Urgency, View, Visibility};

const HOUR: Millis = Millis::from_hours(1);

fn rule(promise: Promise, within: Millis) -> NewRule {
    NewRule {
        promise,
        client: None,
        tier: String::new(),
        service: String::new(),
        priority: None,
        party: None,
        from: None,
        term: Term::Within(Within::every_minute(within)),
    }
}

async fn promise(test: &TestApp, new: NewRule) -> Result<Id<Rule>, Refused> {
    test.app.write(&test.operator(), move |tx, act| add_rule(tx, act, &new)).await
}

async fn seen(test: &TestApp, caller: &Caller, id: Id<Ticket>) -> Seen {
    test.app.read(caller, move |tx, act| clocks(tx, act, id)).await.unwrap().1
}

async fn now(test: &TestApp, id: Id<Ticket>) -> Ticket {
    test.app.read(&test.operator(), move |tx, act| tickets::find(tx, act, id)).await.unwrap()
}

async fn say(test: &TestApp, caller: &Caller, id: Id<Ticket>, visibility: Visibility) {
    let wrote = test.app.write(caller, move |tx, act| tickets::write(tx, act, id, visibility, "A word."));
    wrote.await.unwrap();
}

async fn turn_to(test: &TestApp, world: &World, id: Id<Ticket>, to: Status) {
    let from = now(test, id).await.status;
    let moved = test.app.write(&world.it, move |tx, act| tickets::set_status(tx, act, id, (from, to)));
    moved.await.unwrap();
}

async fn opened(test: &TestApp, world: &World) -> Ticket {
    tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap()
}

fn of<'s>(seen: &'s Seen, promise: &str) -> &'s tickets::clocks::ClockSeen {
    seen.clocks
        .iter()
        .rfind(|clock| clock.promise == promise)
        .unwrap_or_else(|| panic!("{promise}: {seen:?}"))
}

/// Every part follows the one before, and what counted adds up to what is used.
fn adds_up(seen: &Seen) {
    for clock in &seen.clocks {
        let counted: Millis = clock.parts.iter().map(|part| part.counted).sum();
        assert_eq!(counted, clock.consumed, "{clock:?}");
        assert!(clock.parts.windows(2).all(|two| two[0].to == two[1].from), "{clock:?}");
    }
    let frame = seen.clocks.iter().find(|clock| clock.promise == "sla.resolution");
    if let Some(frame) = frame {
        let shares: Millis = seen.shares.iter().map(|share| share.used).sum();
        assert_eq!(shares, frame.consumed, "{seen:?}");
    }
}

#[test]
fn what_is_due_within_the_hour_or_late_is_on_a_list_of_its_own() {
    on_each(async |test| {
        let world = world(test).await;
        promise(test, rule(Promise::RESOLUTION, Millis::from_hours(3))).await.unwrap();
        let Ticket { number: first, team, .. } = opened(test, &world).await;
        let own = world.it.membership.unwrap();
        test.app.write(&test.operator(), move |tx, act| join_team(tx, act, team, own)).await.unwrap();
        test.pass(HOUR);
        let second = opened(test, &world).await.number;
        let soon = async |caller: &Caller, narrow: Narrow| {
            let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
                tickets::narrowed(tx, act, (View::Soon, &narrow), (None, 1))
            };
            let page = test.app.read(caller, read).await.unwrap();
            let numbers: Vec<i64> = page.found.iter().map(|listed| listed.ticket.number).collect();
            (numbers, page.next.is_some())
        };
        let worded = || Narrow { text: "slow".to_owned(), ..Narrow::default() };
        assert_eq!(soon(&world.it, Narrow::default()).await, (vec![], false));
        test.pass(HOUR);
        assert_eq!(soon(&world.it, Narrow::default()).await, (vec![first], false), "in an hour");
        assert_eq!(soon(&world.it, worded()).await.0, [first]);
        test.pass(HOUR + HOUR);
        assert_eq!(soon(&world.it, Narrow::default()).await, (vec![first], true), "late, and in no time");
        let some = Narrow { priority: Some(Priority::P3), ..Narrow::default() };
        assert_eq!(soon(&world.it, some).await, (vec![first], true));
        assert_eq!(soon(&world.it, worded()).await.0, [second], "the newest first");
        assert_eq!(soon(&world.technician, Narrow::default()).await.0, [0; 0], "not of their teams");
    });
}

#[test]
fn a_ticket_is_due_by_what_is_promised_and_says_why() {
    on_each(async |test| {
        let world = world(test).await;
        promise(test, rule(Promise::RESPONSE, HOUR)).await.unwrap();
        promise(test, rule(Promise::RESOLUTION, Millis::from_hours(8))).await.unwrap();
        let ticket = opened(test, &world).await;
        assert_eq!((ticket.due_at, ticket.due_what.as_str()), (ticket.opened_at + HOUR, "SLA response"));
        test.pass(Millis::from_minutes(20));
        say(test, &world.it, ticket.id, Visibility::Teams).await;
        assert_eq!(now(test, ticket.id).await.due_what, "SLA response", "a note is no answer");
        say(test, &world.requester, ticket.id, Visibility::Public).await;
        assert_eq!(now(test, ticket.id).await.due_what, "SLA response", "nor is a word of whoever asks");
        say(test, &world.it, ticket.id, Visibility::Public).await;
        let answered = now(test, ticket.id).await;
        assert_eq!(
            (answered.due_at, answered.due_what.as_str()),
            (ticket.opened_at + Millis::from_hours(8), "SLA resolution")
        );
        let told = seen(test, &world.technician, ticket.id).await;
        let answer = of(&told, "sla.response");
        assert_eq!((answer.state, answer.consumed), ("met", Millis::from_minutes(20)));
        assert!(answer.said_by.contains("1 h"), "{answer:?}");
        adds_up(&told);
        turn_to(test, &world, ticket.id, Status::WaitingRequester).await;
        assert!(now(test, ticket.id).await.due_what.is_empty(), "it stands still");
        test.pass(Millis::from_hours(30));
        let paused = seen(test, &world.it, ticket.id).await;
        assert_eq!(of(&paused, "sla.resolution").consumed, Millis::from_minutes(20));
        say(test, &world.requester, ticket.id, Visibility::Public).await;
        let again = now(test, ticket.id).await;
        assert_eq!(again.due_at, ticket.opened_at + Millis::from_hours(38), "a pause never shortens");
        turn_to(test, &world, ticket.id, Status::Solved).await;
        assert!(now(test, ticket.id).await.due_what.is_empty());
        let over = seen(test, &world.it, ticket.id).await;
        assert_eq!(of(&over, "sla.resolution").state, "met");
        adds_up(&over);
    });
}

#[test]
fn what_is_near_and_what_was_broken_is_noted_once_each() {
    on_each(async |test| {
        let world = world(test).await;
        promise(test, rule(Promise::RESPONSE, HOUR)).await.unwrap();
        let ticket = opened(test, &world).await;
        let mut near = 0;
        let mut broken = 0;
        for _ in 0..8 {
            test.pass(Millis::from_minutes(15));
            tickets::sweep(&test.app).await.unwrap();
            let read = test.app.read(&world.it, move |tx, act| {
                let ticket = tickets::find(tx, act, ticket.id)?;
                tickets::lines(tx, act, &ticket, (0, 200))
            });
            let lines = read.await.unwrap();
            let count = |is: fn(&Happened) -> bool| lines.iter().filter(|line| is(&line.happened)).count();
            near = count(|happened| matches!(happened, Happened::Nearing { .. }));
            broken = count(|happened| matches!(happened, Happened::Broken { .. }));
            assert!(near <= 1 && broken <= 1);
        }
        assert_eq!((near, broken), (1, 1));
        let late = now(test, ticket.id).await;
        assert_eq!((late.due_at, late.due_what.as_str()), (ticket.opened_at + HOUR, "SLA response"));
        let asked = test.app.read(&world.requester, move |tx, act| {
            let ticket = tickets::find(tx, act, ticket.id)?;
            tickets::lines(tx, act, &ticket, (0, 200))
        });
        assert!(
            asked.await.unwrap().iter().all(|line| !matches!(line.happened, Happened::Broken { .. })),
            "that is between the teams"
        );
    });
}

#[test]
fn rows_of_the_matrix_promise_and_its_hours_count() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = opened(test, &world).await;
        assert!(ticket.due_what.is_empty(), "nothing was promised");
        let text = AFTER_HOURS.replace(
            "id = \"day\"",
            "id = \"day\"\nrespond = \"30m\"\nresolve = \"12h\"\nclock = \"office\"",
        );
        let operator = test.operator();
        let today = "2026-11-23".parse().unwrap();
        let (client, manager) = (world.client, world.manager.clone());
        let version = test
            .app
            .write(&operator, move |tx, act| {
                let draft = crate::matrix::draft(tx, act, client)?.expect("there is a draft");
                let version = crate::matrix::edit(tx, act, client, draft.version, &text)?;
                crate::matrix::propose(tx, act, client, version, &crate::matrix::check(&text, today))
            })
            .await
            .unwrap();
        for caller in [manager, world.approver.clone()] {
            let signed = test.app.write(&caller, move |tx, act| {
                let hash = crate::matrix::find(tx, act, version)?.hash;
                crate::matrix::sign(tx, act, version, &hash)
            });
            signed.await.unwrap();
        }
        tickets::sweep(&test.app).await.unwrap();
        let told = seen(test, &world.technician, ticket.id).await;
        let own = of(&told, "ola.response");
        assert_eq!(own.length, Some(Millis::from_minutes(30)));
        assert_eq!(own.said_by, "the row of the matrix that routed it");
        let solution = of(&told, "ola.resolution");
        // Nine hours are left of the day; the other three are of the next morning.
        assert_eq!(solution.due, Some(ticket.opened_at + Millis::from_hours(9 + 14 + 3)));
        let vendor = test.app.read(&world.vendor, move |tx, act| clocks(tx, act, ticket.id)).await;
        assert!(matches!(vendor, Err(Refused::NotFound)), "not theirs is not there");
        let asked = seen(test, &world.requester, ticket.id).await;
        assert!(
            asked.clocks.is_empty() && asked.shares.is_empty(),
            "what the teams promise each other is theirs"
        );
    });
}

#[test]
fn a_change_of_what_is_promised_keeps_what_was_used() {
    on_each(async |test| {
        let world = world(test).await;
        let first = promise(test, rule(Promise::RESOLUTION, Millis::from_hours(8))).await.unwrap();
        let ticket = opened(test, &world).await;
        test.pass(Millis::from_hours(2));
        let narrower =
            NewRule { priority: Some(Priority::P3), ..rule(Promise::RESOLUTION, Millis::from_hours(4)) };
        promise(test, narrower).await.unwrap();
        assert_eq!(tickets::sweep(&test.app).await.unwrap().seen, 1, "it is reckoned again at once");
        assert_eq!(now(test, ticket.id).await.due_at, ticket.opened_at + Millis::from_hours(4));
        let told = seen(test, &world.it, ticket.id).await;
        assert_eq!(of(&told, "sla.resolution").consumed, Millis::from_hours(2));
        test.pass(HOUR);
        let weighed =
            tickets::weigh(&test.app, &world.it, ticket.id, (Impact::Low, Urgency::Low)).await.unwrap();
        assert_eq!(weighed.priority, Priority::P4);
        assert_eq!(weighed.due_at, ticket.opened_at + Millis::from_hours(8), "the wider rule speaks again");
        test.app.write(&test.operator(), move |tx, act| end_rule(tx, act, first)).await.unwrap();
        tickets::sweep(&test.app).await.unwrap();
        assert!(now(test, ticket.id).await.due_what.is_empty());
        let twice = test.app.write(&test.operator(), move |tx, act| end_rule(tx, act, first)).await;
        assert!(matches!(twice, Err(Refused::Conflict(_))), "{twice:?}");
    });
}

#[test]
fn rules_that_cannot_stand_together_are_refused_with_the_one_that_would_decide() {
    on_each(async |test| {
        let client = test.client("Harbor Dental").await;
        let backup = NewRule { service: "backup".to_owned(), ..rule(Promise::RESPONSE, HOUR) };
        promise(test, backup).await.unwrap();
        let urgent =
            NewRule { priority: Some(Priority::P1), ..rule(Promise::RESPONSE, Millis::from_minutes(15)) };
        let refused = promise(test, urgent.clone()).await.unwrap_err().to_string();
        assert!(refused.contains("service backup, priority P1"), "{refused}");
        let own = NewRule { client: Some(client), ..urgent };
        let refused = promise(test, own).await.unwrap_err().to_string();
        assert!(refused.contains("neither is narrower"), "{refused}");
        let says = async |new: NewRule| promise(test, new).await.unwrap_err().to_string();
        let past = NewRule { from: Some(test.app.now() - HOUR), ..rule(Promise::UPDATE, HOUR) };
        assert!(says(past).await.contains("past"));
        assert!(says(rule(Promise::UPDATE, Millis::ZERO)).await.contains("more than nothing"));
        let sla = Promise { kind: Kind::Sla, target: Target::Acceptance };
        assert!(says(rule(sla, HOUR)).await.contains("hand-off"));
        let calendar = Term::Within(Within::calendar(HOUR, remit_core::Slug::parse("office").unwrap()));
        let hours = NewRule { term: calendar, ..rule(Promise::UPDATE, HOUR) };
        assert!(says(hours.clone()).await.contains("add a calendar of that name"));
        let parties = test.app.read(&test.operator(), |tx, _| list_parties(tx, None)).await.unwrap();
        let vendor = NewRule {
            party: parties.first().map(|(id, ..)| *id),
            ..rule(Promise { kind: Kind::Uc, target: Target::Response }, HOUR)
        };
        assert!(says(vendor).await.contains("a UC is a vendor's"));
        let week = BTreeMap::from([("mon-fri".to_owned(), "09:00-17:00".to_owned())]);
        let office = NewCalendar {
            client: None,
            party: None,
            name: "office".to_owned(),
            from: None,
            hours: CalendarDraft { zone: Some("Europe/Berlin".to_owned()), week, ..CalendarDraft::default() },
        };
        let count = async |new: NewCalendar| {
            test.app.write(&test.operator(), move |tx, act| add_calendar(tx, act, &new)).await
        };
        let odd = NewCalendar { name: "matrix.office".to_owned(), ..office.clone() };
        assert!(count(odd).await.unwrap_err().to_string().contains("matri"));
        let odd = NewCalendar {
            hours: CalendarDraft { zone: Some("Europe/Nowhere".to_owned()), ..office.hours.clone() },
            ..office.clone()
        };
        assert!(count(odd).await.unwrap_err().to_string().contains("zone"));
        count(office).await.unwrap();
        promise(test, hours).await.unwrap();
        let kept = test.app.read(&test.operator(), |tx, act| rules(tx, act, None)).await.unwrap();
        assert_eq!(kept.len(), 8 + 2, "what was refused left nothing behind");
    });
}

#[test]
fn what_others_are_promised_is_not_there() {
    on_each(async |test| {
        let (world, other) = (world(test).await, test.client("Other Client").await);
        let theirs = NewRule { client: Some(other), ..rule(Promise::RESPONSE, HOUR) };
        let id = promise(test, theirs.clone()).await.unwrap();
        let listed = test.app.read(&world.it, move |tx, act| rules(tx, act, Some(other))).await.unwrap();
        assert!(listed.iter().all(|rule| rule.client.is_none()));
        let added = test.app.write(&world.technician, move |tx, act| add_rule(tx, act, &theirs)).await;
        assert!(matches!(added, Err(Refused::Forbidden(_))), "{added:?}");
        let ended = test.app.write(&world.it, move |tx, act| end_rule(tx, act, id)).await;
        assert!(matches!(ended, Err(Refused::Forbidden(_))), "{ended:?}");
    });
}

#[test]
fn the_doctor_finds_a_clock_that_is_not_what_the_lines_say() {
    on_each(async |test| {
        let world = world(test).await;
        promise(test, rule(Promise::RESPONSE, HOUR)).await.unwrap();
        let ticket = opened(test, &world).await.id;
        let findings = async || {
            let looks = doctor::examine(&test.app, &mut |_| {}).await.unwrap();
            looks.into_iter().find(|look| look.what.contains("clocks")).unwrap().findings
        };
        assert!(findings().await.is_empty());
        let spoilt = |tx: &mut Tx<'_, '_>, _: &Act| {
            let set =
                sql!("UPDATE ticket SET due_at = due_at + 1 WHERE provider_id = $1 AND {reach: client_id}");
            tx.exec(set, ()).map_err(Refused::from)
        };
        test.app.write(&test.operator(), spoilt).await.unwrap();
        let found = findings().await;
        assert!(found.len() == 1 && found[0].contains("#1"), "{found:?}");
        assert!(ticket.to_string().starts_with("ticket_"));
    });
}

/// Something that happens to a ticket.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Pass(i64),
    Write(bool, Visibility),
    Status(usize),
    Weigh(usize, usize),
    HandOn,
    Answer(bool),
    Promise(i64),
    Sweep,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (1_i64..600).prop_map(Deed::Pass),
        (any::<bool>(), prop::sample::select(Visibility::ALL)).prop_map(|(it, who)| Deed::Write(it, who)),
        (0_usize..8).prop_map(Deed::Status),
        (0_usize..3, 0_usize..3).prop_map(|(impact, urgency)| Deed::Weigh(impact, urgency)),
        Just(Deed::HandOn),
        any::<bool>().prop_map(Deed::Answer),
        (30_i64..600).prop_map(Deed::Promise),
        Just(Deed::Sweep),
    ]
}

async fn doing(test: &TestApp, world: &World, id: Id<Ticket>, deed: Deed) {
    let ticket = now(test, id).await;
    // Whoever holds it at the moment; what is refused is refused.
    let holds = if Some(ticket.party) == world.it.party { &world.it } else { &world.technician };
    match deed {
        Deed::Pass(minutes) => test.pass(Millis::from_minutes(minutes)),
        Deed::Write(it, visibility) => {
            let caller = if it { &world.it } else { &world.requester };
            drop(test.app.write(caller, move |tx, act| tickets::write(tx, act, id, visibility, "So.")).await);
        }
        Deed::Status(n) => {
            let next: Vec<Status> = ticket.status.next().collect();
            let (from, to) = (ticket.status, next[n % next.len()]);
            drop(test.app.write(holds, move |tx, act| tickets::set_status(tx, act, id, (from, to))).await);
        }
        Deed::Weigh(impact, urgency) => {
            let to = (Impact::ALL[impact], Urgency::ALL[urgency]);
            drop(tickets::weigh(&test.app, holds, id, to).await);
        }
        Deed::HandOn => {
            let said = || "nothing yet".to_owned();
            let warm = tickets::Warm {
                tried: said(),
                access: said(),
                impact: said(),
                next: said(),
                answers: Vec::new(),
            };
            let handed = test.app.write(holds, move |tx, act| {
                let ticket = tickets::find(tx, act, id)?;
                let to = tickets::targets(tx, &ticket)?[0].team;
                tickets::offer(tx, act, id, to, &warm)
            });
            drop(handed.await);
        }
        Deed::Answer(yes) => {
            let Some(number) = ticket.custody.offer().map(|offer| offer.turn.0) else { return };
            for caller in [&world.it, &world.technician, &world.vendor] {
                let answer = test.app.write(caller, move |tx, act| {
                    if yes {
                        tickets::accept(tx, act, id, number)
                    } else {
                        tickets::decline(tx, act, (id, number), "Not now.")
                    }
                });
                drop(answer.await);
            }
        }
        Deed::Promise(minutes) => {
            let new = rule(Promise::RESOLUTION, Millis::from_minutes(minutes));
            let from = Some(test.app.now() + Millis::from_millis(1));
            drop(promise(test, NewRule { from, ..new }).await);
            test.pass(Millis::from_millis(2));
        }
        Deed::Sweep => {
            tickets::sweep(&test.app).await.unwrap();
        }
    }
}

#[test]
fn whatever_happens_the_clocks_can_be_rebuilt_and_add_up() {
    on_each(async |test| {
        let world = world(test).await;
        promise(test, rule(Promise::RESPONSE, HOUR)).await.unwrap();
        promise(test, rule(Promise::UPDATE, Millis::from_hours(6))).await.unwrap();
        let own = Promise { kind: Kind::Ola, target: Target::Resolution };
        promise(test, rule(own, Millis::from_hours(5))).await.unwrap();
        let operator = test.operator();
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for _ in 0..24 {
            let deeds = prop::collection::vec(deed(), 1..16).new_tree(&mut runner).unwrap().current();
            let ticket = opened(test, &world).await.id;
            for (n, deed) in deeds.iter().enumerate() {
                doing(test, &world, ticket, *deed).await;
                let read = test.app.read(&operator, move |tx, act| tickets::clocks::rebuilt(tx, act, ticket));
                assert_eq!(read.await.unwrap(), None, "after {:?}", &deeds[..=n]);
                adds_up(&seen(test, &world.technician, ticket).await);
                let kept = now(test, ticket).await;
                assert_eq!(kept.timer_at.is_none(), kept.status == Status::Closed, "{:?}", &deeds[..=n]);
            }
        }
    });
}

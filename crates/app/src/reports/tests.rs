//! The report against tickets that are counted one by one, after random stories; and who reads it.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use remit_core::{At, Millis};
use remit_promise::{Promise, Target, Term, Within};

use super::*;
use crate::act::Caller;
use crate::doctor;
use crate::people::Role;
use crate::promises::{NewRule, add_rule, promise_of};
use crate::testing::{TestApp, on_each};
use crate::tickets::clocks::{clocks, rebuilt};
use crate::tickets::outcome::{NOTHING, PROMISES, SolvedBy, compare, fill};
use crate::tickets::tests::{World, incident, world};
use crate::tickets::{self, NewTicket, Status, Ticket, Tier, Warm};

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

async fn promised(test: &TestApp) {
    let own = |kind, target| Promise { kind, target };
    let hours = [
        (Promise::RESPONSE, 2),
        (Promise::UPDATE, 30),
        (Promise::RESOLUTION, 40),
        (own(remit_promise::Kind::Ola, Target::Resolution), 9),
        (own(remit_promise::Kind::Ola, Target::Acceptance), 1),
        (own(remit_promise::Kind::Uc, Target::Resolution), 12),
    ];
    for (promise, hours) in hours {
        let new = NewRule {
            promise,
            client: None,
            tier: String::new(),
            service: String::new(),
            priority: None,
            party: None,
            from: None,
            term: Term::Within(Within::every_minute(Millis::from_hours(hours))),
        };
        test.app.write(&test.operator(), move |tx, act| add_rule(tx, act, &new)).await.unwrap();
    }
}

async fn report(test: &TestApp, by: &Caller, month: Month, client: Option<Id<Client>>) -> Report {
    test.app.read(by, move |tx, act| desk(tx, act, (Some(month), client))).await.unwrap()
}

async fn opened(test: &TestApp, by: &Caller, client: Id<Client>) -> Ticket {
    tickets::open(&test.app, by, incident(client, "Slow")).await.unwrap()
}

async fn now(test: &TestApp, id: Id<Ticket>) -> Ticket {
    test.app.read(&test.operator(), move |tx, act| tickets::find(tx, act, id)).await.unwrap()
}

/// Whoever may, moves it.
async fn turn(test: &TestApp, world: &World, id: Id<Ticket>, to: Status) -> bool {
    let from = now(test, id).await.status;
    for by in [&world.it, &world.technician, &world.vendor] {
        let moved = test.app.write(by, move |tx, act| tickets::set_status(tx, act, id, (from, to))).await;
        if moved.is_ok() {
            return true;
        }
    }
    false
}

fn until(test: &TestApp, at: &str) {
    test.pass(At::parse(at).unwrap() - test.app.now());
}

/// Nothing is kept otherwise than it adds up.
async fn sound(test: &TestApp) {
    let looks = doctor::examine(&test.app, &mut |_| {}).await.unwrap();
    let odd: Vec<&String> = looks
        .iter()
        .filter(|look| look.what.contains("desk") || look.what.contains("clocks"))
        .flat_map(|look| &look.findings)
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

/// Something that happens.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Pass(i64),
    Open(bool),
    Status(usize, usize),
    Offer(usize, usize),
    Answer(usize, bool),
    Classify(usize, usize),
    Merge(usize, usize),
    Sweep,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (1_i64..90).prop_map(Deed::Pass),
        1 => any::<bool>().prop_map(Deed::Open),
        4 => (0..6_usize, 0..Status::ALL.len()).prop_map(|(ticket, to)| Deed::Status(ticket, to)),
        2 => (0..6_usize, 0..8_usize).prop_map(|(ticket, to)| Deed::Offer(ticket, to)),
        3 => (0..6_usize, any::<bool>()).prop_map(|(ticket, takes)| Deed::Answer(ticket, takes)),
        1 => (0..6_usize, 0..Tier::ALL.len()).prop_map(|(ticket, to)| Deed::Classify(ticket, to)),
        1 => (0..6_usize, 0..6_usize).prop_map(|(from, into)| Deed::Merge(from, into)),
        1 => Just(Deed::Sweep),
    ]
}

/// Does it by whoever may; what nobody may is left.
async fn done(test: &TestApp, world: &World, all: &mut Vec<Id<Ticket>>, deed: Deed) {
    let anybody = [&world.it, &world.technician, &world.vendor];
    let at = |n: usize| all[n % all.len()];
    match deed {
        Deed::Pass(hours) => test.pass(Millis::from_hours(hours)),
        Deed::Open(network) => {
            let service = if network { "network" } else { "helpdesk" }.to_owned();
            let new = NewTicket { service, ..incident(world.client, "Slow") };
            all.push(tickets::open(&test.app, &world.requester, new).await.unwrap().id);
        }
        Deed::Status(ticket, to) => {
            turn(test, world, at(ticket), Status::ALL[to]).await;
        }
        Deed::Offer(ticket, to) => {
            let said = || "Said.".to_owned();
            let warm =
                Warm { tried: said(), access: said(), impact: said(), next: said(), answers: Vec::new() };
            let ticket = now(test, at(ticket)).await;
            for by in anybody {
                let (warm, ticket) = (warm.clone(), ticket.clone());
                let offer = move |tx: &mut Tx<'_, '_>, act: &Act| {
                    let to = tickets::targets(tx, &ticket)?.get(to).map(|hand| hand.team);
                    tickets::offer(tx, act, ticket.id, to.ok_or(Refused::NotFound)?, &warm)
                };
                let _ = test.app.write(by, offer).await;
            }
        }
        Deed::Answer(ticket, takes) => {
            let id = at(ticket);
            let Some(number) = now(test, id).await.custody.offer().map(|offer| offer.turn.0) else { return };
            for by in anybody {
                let answer = move |tx: &mut Tx<'_, '_>, act: &Act| {
                    if takes {
                        tickets::accept(tx, act, id, number)
                    } else {
                        tickets::decline(tx, act, (id, number), "Not ours.")
                    }
                };
                let _ = test.app.write(by, answer).await;
            }
        }
        Deed::Classify(ticket, to) => {
            let (ticket, tier) = (now(test, at(ticket)).await, Tier::ALL[to]);
            for by in anybody {
                let said = tickets::Classification { service: ticket.service.clone(), tier };
                let _ = tickets::classify(&test.app, by, ticket.id, said).await;
            }
        }
        Deed::Merge(from, into) => {
            let (from, into) = (at(from), now(test, at(into)).await.number);
            for by in anybody {
                let _ = test.app.write(by, move |tx, act| tickets::merge(tx, act, from, into)).await;
            }
        }
        Deed::Sweep => {
            tickets::sweep(&test.app).await.unwrap();
        }
    }
}

/// What a ticket is counted with, by another way than the product: by its columns and by its clocks as they are shown.
struct Counted {
    opened: Option<String>,
    solved: Option<String>,
    /// Of each promise how many were kept, how many missed, and how long those took.
    promises: Vec<(String, i64, i64, i64)>,
}

async fn counted(test: &TestApp, id: Id<Ticket>) -> Counted {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let (ticket, seen) = clocks(tx, act, id)?;
        let merged = tickets::lines(tx, act, &ticket, (0, 1000))?
            .iter()
            .any(|line| matches!(line.happened, tickets::Happened::Merged { .. }));
        Ok((ticket, seen, merged, rebuilt(tx, act, id)?))
    };
    let (ticket, seen, merged, odd) = test.app.read(&test.operator(), read).await.unwrap();
    assert_eq!(odd, None);
    let zone = remit_core::Zone::parse("America/Los_Angeles").unwrap();
    let of = |at: At| zone.local(at).strftime("%Y-%m").to_string();
    let mut promises: Vec<(String, i64, i64, i64)> = Vec::new();
    for clock in &seen.clocks {
        let (kept, missed) = (i64::from(clock.state == "met"), i64::from(clock.state == "breached"));
        promises.push((clock.promise.to_owned(), kept, missed, missed * clock.consumed.millis()));
    }
    let there = !merged;
    Counted {
        opened: there.then(|| of(ticket.opened_at)),
        solved: ticket.solved_at.filter(|_| there).map(of),
        promises,
    }
}

/// The report says of a month what its tickets add up to, and every number leads to its tickets.
async fn adds_up(test: &TestApp, world: &World, all: &[Counted], month: Month) -> i64 {
    let report = report(test, &world.manager, month, None).await;
    let (figures, said) = (*report.figures(), month.to_string());
    let is = |of: &Option<String>| of.as_deref() == Some(said.as_str());
    let solved: Vec<&Counted> = all.iter().filter(|one| is(&one.solved)).collect();
    let count = |number: usize| i64::try_from(number).unwrap();
    assert_eq!(figures.opened(), count(all.iter().filter(|one| is(&one.opened)).count()), "{month}");
    assert_eq!(figures.solved(), count(solved.len()), "{month}");
    let mut time = 0;
    for promise in PROMISES {
        let key = crate::promises::promise_key(promise);
        let of = solved.iter().flat_map(|one| &one.promises).filter(|(known, ..)| known == key);
        let sum = of.fold((0, 0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2, sum.2 + one.3));
        assert_eq!(figures.promise(promise), (sum.0, sum.1), "{month} {key}");
        let missed = report.missed.iter().find(|missed| missed.promise == promise);
        let shares = missed.map_or(0, |missed| missed.shares.iter().map(|share| share.millis).sum());
        assert_eq!((missed.map_or(0, |missed| missed.total), shares), (sum.2, sum.2), "{month} {key}");
        assert_eq!(promise_of(key), Some(promise));
        time += sum.2;
    }
    let client = Some(world.client);
    for which in
        [Which::Opened, Which::Solved].into_iter().chain(SolvedBy::ALL.iter().copied().map(Which::By))
    {
        let read =
            move |tx: &mut Tx<'_, '_>, act: &Act| tickets(tx, act, (month, client, which), (None, 100));
        let (listed, next) = test.app.read(&world.it, read).await.unwrap();
        let number = match which {
            Which::Opened => figures.opened(),
            Which::By(by) => figures.by(by),
            _ => figures.solved(),
        };
        assert_eq!((count(listed.len()), next), (number, None), "{month} {which:?}");
    }
    let read =
        move |tx: &mut Tx<'_, '_>, act: &Act| tickets(tx, act, (month, client, Which::Solved), (None, 100));
    let (listed, _) = test.app.read(&world.it, read).await.unwrap();
    let sum = |of: &dyn Fn(&tickets::outcome::Facts) -> i64| -> i64 {
        listed.iter().filter_map(|(_, outcome)| outcome.solved.as_ref()).map(|solved| of(&solved.facts)).sum()
    };
    assert_eq!(
        (figures.handed(), figures.bounced()),
        (sum(&|facts| facts.handed), sum(&|facts| facts.bounced))
    );
    time
}

#[test]
fn months_are_what_their_tickets_add_up_to_whatever_happened() {
    on_each(async |test| {
        let world = world(test).await;
        promised(test).await;
        let mut runner = TestRunner::deterministic();
        let (mut all, mut time) = (vec![opened(test, &world.requester, world.client).await.id], 0);
        for _ in 0..4 {
            let story = prop::collection::vec(deed(), 25..40).new_tree(&mut runner).unwrap().current();
            for deed in story {
                done(test, &world, &mut all, deed).await;
            }
            // What nobody finished is solved, so that there is something to count.
            for id in all.iter().skip(1).step_by(2) {
                turn(test, &world, *id, Status::Solved).await;
            }
            let mut each = Vec::new();
            for id in &all {
                each.push(counted(test, *id).await);
            }
            let zone = remit_core::Zone::parse("America/Los_Angeles").unwrap();
            let last = Month::of(&zone, test.app.now());
            for back in 0..12 {
                time += adds_up(test, &world, &each, last.back(back)).await;
            }
            sound(test).await;
        }
        assert!(time > 0 && all.len() > 5, "nothing was missed in {} tickets", all.len());
    });
}

#[test]
fn what_is_reopened_moves_to_the_month_in_which_it_is_solved_at_last() {
    on_each(async |test| {
        let world = world(test).await;
        promised(test).await;
        let id = opened(test, &world.requester, world.client).await.id;
        test.pass(Millis::from_hours(50));
        let (november, december) = (month("2026-11"), month("2026-12"));
        // Nobody has solved it: it is late now, and in no month yet.
        let other = test.client("Another").await;
        for (client, late) in [(None, 1), (Some(world.client), 1), (Some(other), 0)] {
            let now = report(test, &world.manager, november, client).await;
            assert_eq!((now.late, now.figures().promise(Promise::RESOLUTION)), (late, (0, 0)));
        }
        assert!(turn(test, &world, id, Status::Solved).await);
        let before = report(test, &world.manager, november, None).await;
        assert_eq!(before.late, 0);
        assert_eq!((before.figures().opened(), before.figures().solved()), (1, 1));
        assert_eq!(before.figures().promise(Promise::RESOLUTION), (0, 1));
        let used = before.missed.iter().find(|missed| missed.promise == Promise::RESOLUTION).unwrap();
        assert_eq!(used.total, Millis::from_hours(50).millis());
        until(test, "2026-12-02T18:00:00Z");
        assert!(turn(test, &world, id, Status::Working).await);
        let open = report(test, &world.manager, november, None).await;
        let mut only = NOTHING;
        only.0[0] = 1;
        assert_eq!(
            (*open.figures(), open.missed),
            (only, Vec::new()),
            "nothing is left but that it was opened"
        );
        assert!(turn(test, &world, id, Status::Solved).await);
        assert_eq!(report(test, &world.manager, november, None).await.figures().solved(), 0);
        assert_eq!(report(test, &world.manager, december, None).await.figures().solved(), 1);
        sound(test).await;
    });
}

#[test]
fn a_month_is_the_month_on_the_wall_clock_of_the_client() {
    on_each(async |test| {
        let world = world(test).await;
        // In Los Angeles it is still the last day of November.
        until(test, "2026-12-01T05:00:00Z");
        opened(test, &world.requester, world.client).await;
        assert_eq!(report(test, &world.manager, month("2026-11"), None).await.figures().opened(), 1);
        assert_eq!(report(test, &world.manager, month("2026-12"), None).await.figures().opened(), 0);
    });
}

#[test]
fn what_was_merged_is_counted_once() {
    on_each(async |test| {
        let world = world(test).await;
        let one = opened(test, &world.requester, world.client).await;
        let other = opened(test, &world.requester, world.client).await;
        let figures = async || *report(test, &world.manager, month("2026-11"), None).await.figures();
        assert_eq!(figures().await.opened(), 2);
        let (id, into) = (one.id, other.number);
        test.app.write(&world.it, move |tx, act| tickets::merge(tx, act, id, into)).await.unwrap();
        assert_eq!((figures().await.opened(), figures().await.solved()), (1, 0));
        assert!(turn(test, &world, other.id, Status::Solved).await);
        assert_eq!((figures().await.opened(), figures().await.solved()), (1, 1));
        assert_eq!(figures().await.by(SolvedBy::Internal), 1);
        sound(test).await;
    });
}

#[test]
fn a_client_sees_its_own_alone_and_who_sees_no_list_sees_no_report() {
    on_each(async |test| {
        let world = world(test).await;
        let other = test.client("Other Client").await;
        let elsewhere = test.caller(Role::Requester, Some(other)).await;
        opened(test, &world.requester, world.client).await;
        for _ in 0..2 {
            opened(test, &elsewhere, other).await;
        }
        let month = month("2026-11");
        let leads = test.caller(Role::ClientLeadership, Some(world.client)).await;
        let abroad = test.caller(Role::OffshoreTechnician, Some(other)).await;
        for (by, number) in
            [(&world.manager, 3), (&world.technician, 3), (&world.it, 1), (&leads, 1), (&abroad, 2)]
        {
            assert_eq!(report(test, by, month, None).await.figures().opened(), number, "{}", by.name);
            let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
                tickets(tx, act, (month, None, Which::Opened), (None, 9))
            };
            let (listed, _) = test.app.read(by, read).await.unwrap();
            assert_eq!(i64::try_from(listed.len()).unwrap(), number, "{}", by.name);
        }
        assert_eq!(report(test, &world.manager, month, Some(other)).await.figures().opened(), 2);
        for by in [&world.it, &leads] {
            let there = test.app.read(by, move |tx, act| desk(tx, act, (None, Some(other)))).await;
            assert_eq!(there.unwrap_err(), Refused::NotFound);
            let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
                tickets(tx, act, (month, Some(other), Which::Opened), (None, 9)).map(drop)
            };
            assert_eq!(test.app.read(by, read).await, Err(Refused::NotFound));
        }
        for by in [&world.requester, &world.vendor] {
            let refused = test.app.read(by, move |tx, act| desk(tx, act, (None, None))).await.unwrap_err();
            assert!(matches!(refused, Refused::Forbidden(Permission::ReadTickets)), "{refused:?}");
            let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
                tickets(tx, act, (month, None, Which::Opened), (None, 9)).map(drop)
            };
            assert!(matches!(test.app.read(by, read).await, Err(Refused::Forbidden(_))));
        }
    });
}

#[test]
fn tickets_of_before_there_was_a_report_are_filled_in_once() {
    on_each(async |test| {
        let world = world(test).await;
        promised(test).await;
        let mut all = Vec::new();
        for _ in 0..60 {
            all.push(opened(test, &world.requester, world.client).await.id);
        }
        test.pass(Millis::from_hours(50));
        for id in all.iter().take(20) {
            assert!(turn(test, &world, *id, Status::Solved).await);
        }
        let month = month("2026-11");
        let before = report(test, &world.manager, month, None).await;
        assert_eq!(fill(&test.app).await.unwrap(), 0, "all are there already");
        test.home().tamper("DELETE FROM ticket_outcome; DELETE FROM desk_month; DELETE FROM desk_used; DELETE FROM desk_fill");
        assert_eq!(*report(test, &world.manager, month, None).await.figures(), NOTHING);
        // What is not filled in yet is no fault, and a ticket that changes meanwhile has its row at once.
        sound(test).await;
        assert!(turn(test, &world, all[40], Status::Solved).await);
        assert_eq!(fill(&test.app).await.unwrap(), 59);
        assert_eq!(fill(&test.app).await.unwrap(), 0);
        let after = report(test, &world.manager, month, None).await;
        assert_eq!(after.figures().opened(), 60);
        assert_eq!(after.figures().solved(), before.figures().solved() + 1);
        sound(test).await;
    });
}

#[test]
fn the_doctor_finds_sums_that_are_not_those_of_the_tickets() {
    on_each(async |test| {
        let world = world(test).await;
        promised(test).await;
        let id = opened(test, &world.requester, world.client).await.id;
        test.pass(Millis::from_hours(50));
        assert!(turn(test, &world, id, Status::Solved).await);
        let odd = async || test.app.read(&test.operator(), |tx, _| compare(tx)).await.unwrap().1;
        assert_eq!(odd().await, Vec::<String>::new());
        test.home().tamper("UPDATE desk_month SET opened = opened + 1");
        assert_eq!(odd().await, ["2026-11: the sums of a client are kept otherwise than its tickets add up"]);
        test.home().tamper("UPDATE desk_month SET opened = opened - 1");
        test.home().tamper("UPDATE desk_used SET millis = millis + 1");
        assert!(
            odd().await.iter().any(|line| line.contains("whose time sla.resolution took")),
            "{:?}",
            odd().await
        );
        test.home().tamper("UPDATE desk_used SET millis = millis - 1");
        assert_eq!(odd().await, Vec::<String>::new());
        test.home().tamper("UPDATE ticket_outcome SET solved_by = 'l3'");
        assert_eq!(fill(&test.app).await.unwrap(), 0);
        let found = test.app.read(&test.operator(), move |tx, act| rebuilt(tx, act, id)).await.unwrap();
        assert!(found.as_ref().is_some_and(|found| found.contains("what became of it")), "{found:?}");
    });
}

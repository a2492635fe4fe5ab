//! Who has what, moved by hand, and counted.

use std::collections::BTreeSet;

use remit_core::{Id, Millis};

use super::*;
use crate::act::Caller;
use crate::people::{Role, Team};
use crate::promises::{NewRule, add_rule};
use crate::testing::{TestApp, on_each};
use crate::tickets::tests::{World, incident, world};
use crate::tickets::{Listed, Narrow, Pile, Status, Ticket, View, narrowed};

async fn opened(test: &TestApp, world: &World, subject: &str) -> Id<Ticket> {
    tickets::open(&test.app, &world.requester, incident(world.client, subject)).await.unwrap().id
}

/// A team by its name, with somebody in it.
pub(crate) async fn joined(test: &TestApp, name: &'static str, who: &Caller) -> Id<Team> {
    let member = who.membership.unwrap();
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let team =
            people::teams(tx, act)?.into_iter().find(|team| team.name == name).expect("it is there").id;
        people::join_team(tx, act, team, member)?;
        Ok(team)
    };
    test.app.write(&test.operator(), verb).await.unwrap()
}

/// Names of the columns that have cards, with their numbers.
async fn cards(test: &TestApp, caller: &Caller, team: Id<Team>, by: By) -> Vec<(String, Vec<i64>)> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| shown(tx, act, (Some(team), by, None));
    let board = test.app.read(caller, read).await.unwrap();
    let numbers = |top: &[Listed]| top.iter().map(|listed| listed.ticket.number).collect::<Vec<_>>();
    let all = board.columns.into_iter().map(|column| (column.name, numbers(&column.stack.top)));
    all.filter(|(_, numbers)| !numbers.is_empty()).collect()
}

async fn moved(test: &TestApp, caller: &Caller, one: Move) -> Result<Ticket, String> {
    let done = test.app.write(caller, move |tx, act| shift(tx, act, one)).await;
    done.map_err(|refused| refused.to_string())
}

#[test]
fn a_card_is_moved_from_where_it_was_seen_and_back_while_nothing_else_has_happened() {
    on_each(async |test| {
        let world = world(test).await;
        let first = opened(test, &world, "Slow").await;
        test.pass(Millis::from_minutes(1));
        opened(test, &world, "Slower").await;
        let team = joined(test, "it", &world.it).await;
        let column = |numbers: &[i64]| ("Nobody yet".to_owned(), numbers.to_vec());
        assert_eq!(cards(test, &world.it, team, By::Person).await, [column(&[1, 2])]);
        let (nobody, own) = (Spot::Worker(None), Spot::Worker(world.it.membership));
        let to_own = Move { ticket: first, from: nobody, to: own, back: None };
        let lines = moved(test, &world.it, to_own).await.unwrap().lines;
        let mine = (world.it.name.clone(), vec![1]);
        assert_eq!(cards(test, &world.it, team, By::Person).await, [column(&[2]), mine]);
        let again = moved(test, &world.it, to_own).await.unwrap_err();
        assert!(again.contains(&format!("somebody else has moved it: {} works", world.it.name)), "{again}");
        let other = moved(test, &world.manager, Move { from: own, to: nobody, ..to_own }).await.unwrap_err();
        assert!(other.contains(" holds it: "), "{other}");
        let back = Move { ticket: first, from: own, to: nobody, back: Some(lines) };
        let now = moved(test, &world.it, back).await.unwrap();
        assert_eq!((now.worker, now.lines), (None, lines + 1));
        assert_eq!(cards(test, &world.it, team, By::Person).await, [column(&[1, 2])]);
        let lines = moved(test, &world.it, to_own).await.unwrap().lines;
        let say = move |tx: &mut Tx<'_, '_>, act: &Act| {
            tickets::write(tx, act, first, tickets::Visibility::Public, "On it.")
        };
        test.app.write(&world.it, say).await.unwrap();
        let late = moved(test, &world.it, Move { back: Some(lines), ..back }).await.unwrap_err();
        assert!(late.contains("something else has happened"), "{late}");
    });
}

#[test]
fn a_board_by_status_moves_the_status_and_says_what_cannot_be() {
    on_each(async |test| {
        let world = world(test).await;
        let first = opened(test, &world, "Slow").await;
        let team = joined(test, "it", &world.it).await;
        let at = Spot::Status;
        let go = |from, to| Move { ticket: first, from: at(from), to: at(to), back: None };
        moved(test, &world.it, go(Status::New, Status::Scheduled)).await.unwrap();
        let scheduled = [("Scheduled".to_owned(), vec![1])];
        assert_eq!(cards(test, &world.it, team, By::Status).await, scheduled);
        let back = moved(test, &world.it, go(Status::Scheduled, Status::New)).await.unwrap_err();
        assert!(back.contains("what is scheduled cannot become new"), "{back}");
        let late = moved(test, &world.it, go(Status::New, Status::Working)).await.unwrap_err();
        assert!(late.contains("it is in the status “Scheduled”"), "{late}");
        assert_eq!(cards(test, &world.it, team, By::Status).await, scheduled);
    });
}

#[test]
fn internal_it_sees_of_the_provider_what_it_holds_for_them_and_nothing_of_other_clients() {
    on_each(async |test| {
        let world = world(test).await;
        let other = test.client("Canary Logistics").await;
        let stranger = test.caller(Role::Requester, Some(other)).await;
        let theirs = tickets::open(&test.app, &stranger, incident(other, "Canary")).await.unwrap();
        let their_party = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let parties = people::list_parties(tx, Some(other))?;
            let internal =
                parties.iter().find(|(_, kind, _)| *kind == PartyKind::Internal).expect("there is one");
            people::found_team(tx, act, internal.0, "Canary IT", "UTC")
        };
        let canary = test.app.write(&test.operator(), their_party).await.unwrap();
        test.pass(Millis::from_hours(12));
        let night = opened(test, &world, "Dark").await;
        let on_call = joined(test, "on-call", &world.technician).await;
        let desk = joined(test, "Service desk", &world.manager).await;
        joined(test, "it", &world.it).await;
        for (id, who) in [(night, &world.technician), (theirs.id, &world.manager)] {
            let worker = who.membership;
            test.app.write(who, move |tx, act| tickets::assign(tx, act, id, worker)).await.unwrap();
        }
        let load = test.app.read(&world.it, |tx, act| load(tx, act, (None, 50))).await.unwrap();
        let names: Vec<_> = load.teams.iter().map(|burden| burden.seen.team.name.as_str()).collect();
        assert_eq!(names, ["it", "on-call"]);
        assert_eq!(load.teams[1].figures.held, 1);
        assert_eq!(
            load.teams[1].people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
            ["Technician Test"]
        );
        // Its name is known to its clients; what it does for others is not.
        assert_eq!(cards(test, &world.it, desk, By::Person).await, []);
        assert_eq!(cards(test, &world.it, desk, By::Status).await, []);
        let manager = world.manager.membership.unwrap();
        for pile in [Pile::Held(desk), Pile::Works(manager), Pile::Helps(manager)] {
            let of = move |tx: &mut Tx<'_, '_>, act: &Act| {
                narrowed(tx, act, (View::Pile(pile), &Narrow::default()), (None, 50))
            };
            assert_eq!(test.app.read(&world.it, of).await.unwrap().found, [], "{pile:?}");
        }
        assert_eq!(
            cards(test, &world.it, on_call, By::Person).await,
            [("Technician Test".to_owned(), vec![2])]
        );
        for hidden in [canary, vendors(test).await] {
            let read = move |tx: &mut Tx<'_, '_>, act: &Act| shown(tx, act, (Some(hidden), By::Person, None));
            assert_eq!(test.app.read(&world.it, read).await, Err(Refused::NotFound));
        }
        for caller in [&world.vendor, &world.approver, &world.requester] {
            let refused = test.app.read(caller, teams).await;
            assert_eq!(refused, Err(Refused::Forbidden(Permission::ReadLoad)), "{}", caller.name);
            let pile = move |tx: &mut Tx<'_, '_>, act: &Act| {
                narrowed(tx, act, (View::Pile(Pile::Held(desk)), &Narrow::default()), (None, 50))
            };
            let refused = test.app.read(caller, pile).await.map(|page| page.found.len());
            assert_eq!(refused, Err(Refused::Forbidden(Permission::ReadLoad)), "{}", caller.name);
        }
        // The provider sees all of them, its own first.
        let all = test.app.read(&world.manager, teams).await.unwrap();
        assert_eq!((all[0].team.name.as_str(), all[0].own), ("Service desk", true));
        assert!(all.iter().any(|seen| seen.team.name == "Canary IT" && !seen.ours));
    });
}

async fn vendors(test: &TestApp) -> Id<Team> {
    let all = test.app.read(&test.operator(), people::teams).await.unwrap();
    all.into_iter().find(|team| team.kind == PartyKind::Vendor).expect("the matrix names one").id
}

/// Late, due within the hour, waiting, solved, offered, with somebody and with nobody.
pub(crate) async fn busy(test: &TestApp, world: &World) -> Id<Team> {
    let new = NewRule {
        promise: remit_promise::Promise::RESOLUTION,
        client: None,
        tier: String::new(),
        service: String::new(),
        priority: None,
        party: None,
        from: None,
        term: remit_promise::Term::Within(remit_promise::Within::every_minute(Millis::from_hours(2))),
    };
    test.app.write(&test.operator(), move |tx, act| add_rule(tx, act, &new)).await.unwrap();
    let late = [opened(test, world, "Thing late").await, opened(test, world, "Thing later").await];
    test.pass(Millis::from_minutes(90));
    opened(test, world, "Thing new").await;
    let waits = opened(test, world, "Thing that waits").await;
    let done = opened(test, world, "Thing that is solved").await;
    let team = joined(test, "it", &world.it).await;
    let (own, helper) = (world.it.membership, world.technician.membership.unwrap());
    let work = move |tx: &mut Tx<'_, '_>, act: &Act| {
        tickets::assign(tx, act, late[0], own)?;
        tickets::assign(tx, act, done, own)?;
        tickets::set_status(tx, act, waits, (Status::New, Status::WaitingVendor))?;
        tickets::set_status(tx, act, done, (Status::New, Status::Solved))?;
        tickets::help(tx, act, late[1], helper)
    };
    test.app.write(&world.it, work).await.unwrap();
    test.pass(Millis::from_minutes(40));
    team
}

#[test]
fn a_figure_counts_what_its_list_has_and_a_list_has_what_is_looked_at_one_by_one() {
    on_each(async |test| {
        let world = world(test).await;
        let team = busy(test, &world).await;
        let (it, helper) = (world.it.membership.unwrap(), world.technician.membership.unwrap());
        let statuses = [Status::New, Status::WaitingVendor, Status::Solved, Status::Scheduled];
        let mut piles = vec![
            (Pile::Held(team), 5),
            (Pile::Late(team), 2),
            (Pile::Soon(team), 0),
            (Pile::Nobody(team), 3),
            (Pile::Paused(team), 1),
            (Pile::Offered(team), 0),
            (Pile::Works(it), 2),
            (Pile::WorksLate(it), 1),
            (Pile::Helps(helper), 1),
        ];
        piles.extend(statuses.map(|status| Pile::Status(team, status)).into_iter().zip([3, 1, 1, 0]));
        for (pile, many) in piles {
            assert_eq!(numbers(test, &world.it, pile, "").await.len(), many, "{pile:?}");
            // By words, tickets are found and then looked at one by one.
            assert_eq!(
                numbers(test, &world.it, pile, "").await,
                numbers(test, &world.it, pile, "thing").await,
                "{pile:?}"
            );
        }
        let load = test.app.read(&world.it, |tx, act| load(tx, act, (None, 50))).await.unwrap();
        let figures = load.teams[0].figures;
        let counted =
            [figures.held, figures.late, figures.soon, figures.nobody, figures.paused, figures.offered];
        assert_eq!(counted, [5, 2, 0, 3, 1, 0]);
        let people = &load.teams[0].people;
        assert_eq!((people[0].works, people[0].late, people[0].helps), (2, 1, 0));
        // An hour before it is due, the third one is due soon.
        test.pass(Millis::from_minutes(25));
        let soon = numbers(test, &world.it, Pile::Soon(team), "").await;
        assert_eq!(soon, BTreeSet::from([3]));
        assert_eq!(soon, numbers(test, &world.it, Pile::Soon(team), "thing").await);
        let usual =
            test.app.read(&world.it, |tx, act| shown(tx, act, (None, By::Person, None))).await.unwrap();
        assert_eq!(usual.team.unwrap().team.id, team, "the team that the caller is in comes first");
    });
}

async fn numbers(test: &TestApp, caller: &Caller, pile: Pile, words: &str) -> BTreeSet<i64> {
    let narrow = Narrow { text: words.to_owned(), ..Narrow::default() };
    let read =
        move |tx: &mut Tx<'_, '_>, act: &Act| narrowed(tx, act, (View::Pile(pile), &narrow), (None, 50));
    let page = test.app.read(caller, read).await.unwrap();
    page.found.into_iter().map(|listed| listed.ticket.number).collect()
}

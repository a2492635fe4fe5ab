//! What is around approvals: who sees them, rules, departures, clocks.

use remit_core::At;
use remit_db::Tx;

use super::*;
use crate::Act;
use crate::people::Departure;
use crate::tickets::tests::colleague;

#[test]
fn whoever_is_asked_sees_the_ticket_and_what_is_public_in_it() {
    on_each(async |test| {
        let world = world(test).await;
        let head = colleague(test, world.client, "head").await;
        let other = colleague(test, world.client, "other").await;
        let id = ticket(test, &world).await;
        let between =
            move |tx: &mut Tx<'_, '_>, act: &Act| write(tx, act, id, Visibility::Teams, "Between us");
        test.app.write(&world.it, between).await.unwrap();
        let sees = async |by: &Caller| test.app.read(by, move |tx, act| find(tx, act, id)).await.is_ok();
        assert!(!sees(&head).await && !sees(&other).await);
        let approval = ask(test, &world.it, id, new(test, &[&head], None)).await.unwrap();
        assert!(sees(&head).await && !sees(&other).await);
        assert!(told(test, &head, id).await.iter().all(|line| line.visibility == Visibility::Public));
        assert_eq!(waits(test, &head).await, 1);
        // They do not see people: they can name an approver of their company, and nobody else.
        let others = test.app.read(&head, move |tx, act| stand_ins(tx, act, (id, approval))).await.unwrap();
        assert_eq!(others.iter().map(|one| one.who).collect::<Vec<_>>(), [who(&world.approver)]);
        pass(test, &head, (id, approval), &world.approver).await.unwrap();
        assert!(sees(&head).await, "what they were asked they can read again");
        let all = test.app.read(&head, |tx, act| all_approvals(tx, act, (None, 50))).await.unwrap_err();
        assert_eq!(all, Refused::Forbidden(Permission::ReadTickets));
        let all = test.app.read(&world.it, |tx, act| all_approvals(tx, act, (None, 50))).await.unwrap();
        assert_eq!((all.len(), all[0].zone.name()), (1, "America/Los_Angeles"));
        let away = test.client("Another").await;
        let away = test.caller(Role::ClientIt, Some(away)).await;
        let none = test.app.read(&away, |tx, act| all_approvals(tx, act, (None, 50))).await.unwrap();
        assert!(none.is_empty());
    });
}

#[test]
fn a_rule_asks_the_approvers_as_soon_as_such_a_ticket_is_opened() {
    on_each(async |test| {
        let world = world(test).await;
        let rule = |kind, service: &str, question: &str| ApprovalRule {
            kind,
            service: service.to_owned(),
            question: question.to_owned(),
            needed: 0,
            hours: 72,
            version: 0,
            changed_at: At::from_millis(0),
        };
        let set = async |rule: ApprovalRule| {
            test.app.write(&test.operator(), move |tx, act| set_approval_rule(tx, act, &rule)).await
        };
        let odd = set(rule(Kind::Incident, "", "May it be mended?")).await.unwrap_err().to_string();
        assert!(odd.contains("mended at once"), "{odd}");
        set(rule(Kind::Request, "", "May it be done?")).await.unwrap();
        let wide = set(rule(Kind::Request, "network", "May the network change?")).await.unwrap();
        assert_eq!(set(rule(Kind::Request, "network", "Twice")).await.unwrap_err(), Refused::Stale);
        let asked = async |by: &Caller, client, kind, service: &str| {
            let new = NewTicket { kind, service: service.to_owned(), ..incident(client, "Something") };
            let made = open(&test.app, by, new).await.unwrap();
            let all = test.app.read(&test.operator(), move |tx, act| approvals(tx, act, made.id)).await;
            (made.status, all.unwrap().pop())
        };
        let (status, none) = asked(&world.requester, world.client, Kind::Incident, "network").await;
        assert_eq!((status, none), (Status::New, None));
        let (status, narrow) = asked(&world.requester, world.client, Kind::Request, "network.wan").await;
        let narrow = narrow.unwrap();
        assert_eq!((status, narrow.question.as_str()), (Status::WaitingApproval, "May the network change?"));
        assert_eq!(narrow.asked.iter().map(|one| one.who).collect::<Vec<_>>(), [who(&world.approver)]);
        assert_eq!((narrow.asker, narrow.until), (None, test.app.now() + Millis::from_hours(72)));
        let (_, general) = asked(&world.approver, world.client, Kind::Request, "helpdesk").await;
        assert!(general.unwrap().asked[0].own, "they are all that there is");
        // Whoever holds it takes back what nobody asked.
        let id = narrow.ticket;
        let held = now(test, id).await;
        let holder = if held.party == world.it.party.unwrap() { &world.it } else { &world.vendor };
        withdraw(test, holder, (id, narrow.id)).await.unwrap();
        // A client without approvers.
        let bare = test.client("Nobody Approves").await;
        let somebody = test.caller(Role::Requester, Some(bare)).await;
        let (status, none) = asked(&somebody, bare, Kind::Request, "helpdesk").await;
        assert_eq!((status, none), (Status::New, None));
        let operator = test.operator();
        let all = test.app.read(&operator, move |tx, act| list(tx, act, View::Client(bare), (None, None, 5)));
        let lines = told(test, &operator, all.await.unwrap()[0].ticket.id).await;
        assert!(lines.iter().any(|line| matches!(line.happened, Happened::ApprovalMissing { .. })));
        let cut = move |tx: &mut Tx<'_, '_>, act: &Act| {
            remove_approval_rule(tx, act, (wide.kind, &wide.service))?;
            approval_rules(tx, act)
        };
        assert_eq!(test.app.write(&test.operator(), cut).await.unwrap().len(), 1);
        let refused = test.app.read(&world.technician, approval_rules).await.unwrap_err();
        assert_eq!(refused, Refused::Forbidden(Permission::ManageSettings));
    });
}

#[test]
fn the_word_of_somebody_who_leaves_goes_to_their_successor() {
    on_each(async |test| {
        let world = world(test).await;
        let leader = test.caller(Role::ClientLeadership, Some(world.client)).await;
        let id = ticket(test, &world).await;
        ask(test, &world.it, id, new(test, &[&world.approver], None)).await.unwrap();
        let (gone, heir) = (who(&world.approver), who(&leader));
        let leave = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let set = remit_db::sql!(
                "UPDATE membership SET state = 'active' WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
            );
            tx.exec(set, (heir,))?;
            let held = people::holds(tx, act, gone)?;
            let words: Vec<String> = held.iter().map(|held| held.what.clone()).collect();
            assert!(words.iter().any(|what| what.contains("approvals of #1 wait for")), "{words:?}");
            people::leave(tx, act, gone, &Departure { successor: Some(heir), seen: people::seen(&held) })
        };
        test.app.write(&test.operator(), leave).await.unwrap();
        let found = last(test, &world.it, id).await;
        assert_eq!((found.asked[0].who, found.state), (heir, ApprovalState::Open));
        say(test, &leader, (id, found.id), (Answer::Yes, "")).await.unwrap();
        assert_eq!(last(test, &world.it, id).await.state, ApprovalState::Granted);
    });
}

#[test]
fn the_clock_of_the_client_stands_still_meanwhile() {
    on_each(async |test| {
        let world = world(test).await;
        let rule = crate::promises::NewRule {
            promise: remit_promise::Promise::RESOLUTION,
            client: Some(world.client),
            tier: String::new(),
            service: String::new(),
            priority: None,
            party: None,
            from: None,
            term: remit_promise::Term::Within(remit_promise::Within::every_minute(Millis::from_hours(8))),
        };
        let add = move |tx: &mut Tx<'_, '_>, act: &Act| crate::promises::add_rule(tx, act, &rule).map(drop);
        test.app.write(&test.operator(), add).await.unwrap();
        let id = ticket(test, &world).await;
        let due = now(test, id).await.due_at;
        let approval = ask(test, &world.it, id, new(test, &[&world.approver], None)).await.unwrap();
        test.pass(Millis::from_hours(5));
        let after = say(test, &world.approver, (id, approval), (Answer::Yes, "")).await.unwrap();
        assert_eq!(after.due_at, due + Millis::from_hours(5));
    });
}

//! Approvals: asked, answered, passed on, withdrawn, lapsed; who may, who sees, and what waits meanwhile.

mod around;

use remit_db::Tx;

use super::*;
use crate::Act;
use crate::act::Access;
use crate::notices::{self, What};

fn who(caller: &Caller) -> Id<Membership> {
    caller.membership.expect("they are somebody")
}

fn new(test: &TestApp, people: &[&Caller], needed: Option<u32>) -> NewApproval {
    NewApproval {
        question: "May we order a laptop for 1,200 USD?".to_owned(),
        text: "Anna begins in January.".to_owned(),
        people: people.iter().map(|one| who(one)).collect(),
        needed,
        until: test.app.now() + Millis::from_hours(48),
    }
}

async fn ticket(test: &TestApp, world: &World) -> Id<Ticket> {
    open(&test.app, &world.requester, incident(world.client, "A laptop for Anna")).await.unwrap().id
}

async fn ask(
    test: &TestApp,
    by: &Caller,
    ticket: Id<Ticket>,
    new: NewApproval,
) -> Result<Id<Approval>, Refused> {
    let asked = test.app.write(by, move |tx, act| {
        ask_approval(tx, act, ticket, &new)?;
        Ok(approvals(tx, act, ticket)?[0].id)
    });
    asked.await
}

async fn say(
    test: &TestApp,
    by: &Caller,
    of: (Id<Ticket>, Id<Approval>),
    (answer, reason): (Answer, &'static str),
) -> Result<Ticket, Refused> {
    test.app.write(by, move |tx, act| answer_approval(tx, act, of, (answer, reason))).await
}

async fn withdraw(test: &TestApp, by: &Caller, of: (Id<Ticket>, Id<Approval>)) -> Result<Ticket, Refused> {
    test.app.write(by, move |tx, act| withdraw_approval(tx, act, of)).await
}

async fn pass(
    test: &TestApp,
    by: &Caller,
    of: (Id<Ticket>, Id<Approval>),
    to: &Caller,
) -> Result<Ticket, Refused> {
    let to = who(to);
    test.app.write(by, move |tx, act| pass_approval(tx, act, of, to)).await
}

async fn last(test: &TestApp, by: &Caller, ticket: Id<Ticket>) -> Approval {
    test.app.read(by, move |tx, act| approvals(tx, act, ticket)).await.unwrap().remove(0)
}

async fn now(test: &TestApp, ticket: Id<Ticket>) -> Ticket {
    test.app.read(&test.operator(), move |tx, act| find(tx, act, ticket)).await.unwrap()
}

async fn waits(test: &TestApp, by: &Caller) -> usize {
    test.app.read(by, waiting_approvals).await.unwrap().len()
}

async fn notices_of(test: &TestApp, by: &Caller) -> Vec<What> {
    let all = test.app.read(by, |tx, act| notices::list(tx, act, None, 100)).await.unwrap();
    all.into_iter().map(|notice| notice.what).collect()
}

#[test]
fn enough_yes_grant_it_and_the_ticket_is_worked_on_again() {
    on_each(async |test| {
        let world = world(test).await;
        let id = ticket(test, &world).await;
        let people = [&world.approver, &world.technician];
        let approval = ask(test, &world.it, id, new(test, &people, None)).await.unwrap();
        let waiting = now(test, id).await;
        assert_eq!(waiting.status, Status::WaitingApproval);
        assert_eq!((waits(test, &world.approver).await, waits(test, &world.requester).await), (1, 0));
        assert_eq!(notices_of(test, &world.approver).await, [What::Approve]);
        let of = (id, approval);
        say(test, &world.approver, of, (Answer::Yes, "")).await.unwrap();
        let lines = now(test, id).await.lines;
        let again = say(test, &world.approver, of, (Answer::Yes, "")).await.unwrap();
        assert_eq!((again.lines, again.status), (lines, Status::WaitingApproval), "it changes nothing");
        let other = say(test, &world.approver, of, (Answer::No, "Well")).await.unwrap_err().to_string();
        assert!(other.contains("an answer stays as it is"), "{other}");
        assert_eq!(last(test, &world.it, id).await.state, ApprovalState::Open);
        let done = say(test, &world.technician, of, (Answer::Yes, "It is in the budget.")).await.unwrap();
        assert_eq!(done.status, Status::Working);
        let found = last(test, &world.requester, id).await;
        assert_eq!((found.state, found.decided_at), (ApprovalState::Granted, Some(test.app.now())));
        assert_eq!(found.asked[1].reason, "It is in the budget.");
        assert_eq!((waits(test, &world.approver).await, waits(test, &world.technician).await), (0, 0));
        assert!(notices_of(test, &world.it).await.contains(&What::Decided), "whoever asked is told");
        // Whoever asked for it reads all of it.
        let read = told(test, &world.requester, id).await;
        let actions: Vec<&str> = read.iter().map(|line| line.happened.action()).collect();
        assert_eq!(
            actions,
            [
                "ticket.open",
                "approval.ask",
                "ticket.status",
                "approval.answer",
                "approval.answer",
                "approval.decide",
                "ticket.status"
            ]
        );
        assert_eq!(read[1].text, "Anna begins in January.");
        assert_eq!(read.iter().filter(|line| line.visibility == Visibility::Public).count(), read.len());
    });
}

#[test]
fn it_is_refused_as_soon_as_enough_yes_cannot_come_any_more() {
    on_each(async |test| {
        let world = world(test).await;
        let id = ticket(test, &world).await;
        let people = [&world.approver, &world.technician, &world.manager];
        let approval = ask(test, &world.it, id, new(test, &people, Some(2))).await.unwrap();
        let of = (id, approval);
        let silent = say(test, &world.approver, of, (Answer::No, " ")).await.unwrap_err();
        assert!(matches!(&silent, Refused::Invalid(all) if all[0].name == "reason"), "{silent}");
        say(test, &world.approver, of, (Answer::No, "Too dear.")).await.unwrap();
        assert_eq!(now(test, id).await.status, Status::WaitingApproval);
        say(test, &world.manager, of, (Answer::No, "Not now.")).await.unwrap();
        assert_eq!(now(test, id).await.status, Status::Working);
        assert_eq!(last(test, &world.it, id).await.state, ApprovalState::Refused);
        let late = say(test, &world.technician, of, (Answer::Yes, "")).await.unwrap_err().to_string();
        assert!(late.contains("refused already"), "{late}");
        // And then another one.
        let next = ask(test, &world.it, id, new(test, &people[..1], None)).await.unwrap();
        assert_eq!((last(test, &world.it, id).await.number, next == approval), (2, false));
    });
}

#[test]
fn nobody_approves_their_own_request_unless_there_is_nobody_else() {
    on_each(async |test| {
        let world = world(test).await;
        let id = ticket(test, &world).await;
        for own in [&world.requester, &world.it] {
            let refused = ask(test, &world.it, id, new(test, &[own], None)).await.unwrap_err().to_string();
            assert!(refused.contains("own: ask somebody else"), "{refused}");
        }
        // Whoever wrote it down, too.
        let written = NewTicket { requester: Some(who(&world.requester)), ..incident(world.client, "Two") };
        let written = open(&test.app, &world.technician, written).await.unwrap().id;
        let refused = ask(test, &world.it, written, new(test, &[&world.technician], None)).await.unwrap_err();
        assert!(refused.to_string().contains("own: ask somebody else"), "{refused}");
        // The only approver of the client asks for something.
        let theirs = open(&test.app, &world.approver, incident(world.client, "Three")).await.unwrap().id;
        let approval = ask(test, &world.it, theirs, new(test, &[&world.approver], None)).await.unwrap();
        assert!(last(test, &world.it, theirs).await.asked[0].own);
        say(test, &world.approver, (theirs, approval), (Answer::Yes, "")).await.unwrap();
        let own = told(test, &world.it, theirs).await.into_iter().any(|line| {
            matches!(line.happened, Happened::ApprovalAnswered { own: true, answer: Answer::Yes, .. })
        });
        assert!(own, "it is written down that it was their own");
        // As soon as there is another one, it is not theirs any more.
        test.caller(Role::ClientLeadership, Some(world.client)).await;
        let refused = ask(test, &world.it, theirs, new(test, &[&world.approver], None)).await.unwrap_err();
        assert!(refused.to_string().contains("own: ask somebody else"), "{refused}");
    });
}

#[test]
fn whoever_is_not_asked_does_not_answer_and_a_key_never_does() {
    on_each(async |test| {
        let world = world(test).await;
        let id = ticket(test, &world).await;
        let approval = ask(test, &world.it, id, new(test, &[&world.approver], None)).await.unwrap();
        let of = (id, approval);
        for other in [&world.it, &world.requester, &world.technician, &world.manager] {
            let refused = say(test, other, of, (Answer::Yes, "")).await.unwrap_err();
            assert!(matches!(&refused, Refused::Conflict(why) if why.contains("not asked")), "{refused}");
        }
        let key = Caller { access: Access::Key, ..world.approver.clone() };
        let refused = say(test, &key, of, (Answer::Yes, "")).await.unwrap_err();
        assert!(refused.to_string().contains("a key cannot"), "{refused}");
        let other = test.client("Another").await;
        let stranger = test.caller(Role::ClientApprover, Some(other)).await;
        for refused in [
            say(test, &stranger, of, (Answer::Yes, "")).await.unwrap_err(),
            say(test, &world.vendor, of, (Answer::Yes, "")).await.unwrap_err(),
            pass(test, &stranger, of, &world.it).await.unwrap_err(),
            withdraw(test, &Caller { role: Role::ClientIt, ..stranger.clone() }, of).await.unwrap_err(),
            ask(test, &world.it, id, new(test, &[&stranger], None))
                .await
                .err()
                .map_or(Refused::Stale, |_| Refused::NotFound),
        ] {
            assert_eq!(refused, Refused::NotFound);
        }
        let wrong = (id, Id::parse("approval_01890a5d-ac96-774b-bcce-b302099a8057").unwrap());
        assert_eq!(
            say(test, &world.approver, wrong, (Answer::Yes, "")).await.unwrap_err(),
            Refused::NotFound
        );
        // The party that does not hold it neither asks nor withdraws.
        let refused = withdraw(test, &world.technician, of).await.unwrap_err().to_string();
        assert!(refused.contains("holds it"), "{refused}");
        let refused =
            ask(test, &world.technician, id, new(test, &[&world.approver], None)).await.unwrap_err();
        assert!(refused.to_string().contains("holds it"), "{refused}");
        let refused = ask(test, &world.approver, id, new(test, &[&world.manager], None)).await.unwrap_err();
        assert_eq!(refused, Refused::Forbidden(Permission::WorkTickets));
    });
}

#[test]
fn what_is_asked_is_checked() {
    on_each(async |test| {
        let world = world(test).await;
        let id = ticket(test, &world).await;
        let good = new(test, &[&world.approver, &world.technician], Some(1));
        let now = test.app.now();
        let other = test.client("Another").await;
        let stranger = test.caller(Role::ClientLeadership, Some(other)).await;
        for (odd, name, words) in [
            (NewApproval { question: " ".to_owned(), ..good.clone() }, "question", "what is to be approved"),
            (NewApproval { question: "x".repeat(201), ..good.clone() }, "question", "200 characters"),
            (NewApproval { text: "x".repeat(3000), ..good.clone() }, "text", "at most 2 kB"),
            (NewApproval { people: Vec::new(), ..good.clone() }, "people", "at least one"),
            (NewApproval { people: vec![who(&stranger)], ..good.clone() }, "people", "people of the list"),
            (
                NewApproval { people: vec![who(&world.vendor)], ..good.clone() },
                "people",
                "people of the list",
            ),
            (NewApproval { needed: Some(3), ..good.clone() }, "needed", "from 1 to 2"),
            (NewApproval { needed: Some(0), ..good.clone() }, "needed", "from 1 to 2"),
            (NewApproval { until: now, ..good.clone() }, "until", "quarter of an hour"),
            (NewApproval { until: now + Millis::from_hours(24 * 91), ..good.clone() }, "until", "90 days"),
        ] {
            let refused = ask(test, &world.it, id, odd).await.unwrap_err();
            let Refused::Invalid(fields) = refused else { panic!("{refused}") };
            assert_eq!((fields.len(), &*fields[0].name), (1, name), "{fields:?}");
            assert!(fields[0].message.contains(words), "{fields:?}");
        }
        ask(test, &world.it, id, good.clone()).await.unwrap();
        let twice = ask(test, &world.it, id, good).await.unwrap_err().to_string();
        assert!(twice.contains("waits for an approval, “May we order"), "{twice}");
    });
}

#[test]
fn a_ticket_that_waits_for_approval_is_not_moved_by_hand_nor_solved_nor_merged_nor_split() {
    on_each(async |test| {
        let world = world(test).await;
        let (id, other) = (ticket(test, &world).await, ticket(test, &world).await);
        let step = async |id, from, to| {
            test.app.write(&world.it, move |tx, act| set_status(tx, act, id, (from, to))).await
        };
        let by_hand = step(other, Status::New, Status::WaitingApproval).await.unwrap_err().to_string();
        assert!(by_hand.contains("ask for one"), "{by_hand}");
        let approval = ask(test, &world.it, id, new(test, &[&world.approver], None)).await.unwrap();
        let number = now(test, id).await.number;
        for to in [Status::Working, Status::Solved, Status::Closed, Status::Scheduled] {
            let refused = step(id, Status::WaitingApproval, to).await.unwrap_err().to_string();
            assert!(refused.contains("withdraw that first"), "{to:?}: {refused}");
        }
        let into = now(test, other).await.number;
        let refused = test.app.write(&world.it, move |tx, act| merge(tx, act, id, into)).await.unwrap_err();
        assert!(refused.to_string().contains("withdraw that first"), "{refused}");
        let refused = test.app.write(&world.it, move |tx, act| merge(tx, act, other, number)).await;
        assert!(refused.unwrap_err().to_string().contains("withdraw that first"));
        let refused = split(&test.app, &world.it, id, (incident(world.client, "Part"), Vec::new())).await;
        assert!(refused.unwrap_err().to_string().contains("withdraw that first"));
        // What the requester writes does not set it to work.
        let wrote = move |tx: &mut Tx<'_, '_>, act: &Act| write(tx, act, id, Visibility::Public, "Well?");
        let wrote = test.app.write(&world.requester, wrote).await.unwrap();
        assert_eq!(wrote.status, Status::WaitingApproval);
        let back = withdraw(test, &world.it, (id, approval)).await.unwrap();
        assert_eq!(back.status, Status::Working);
        let again = withdraw(test, &world.it, (id, approval)).await.unwrap();
        assert_eq!(again.lines, back.lines, "what is withdrawn stays so");
        let late =
            say(test, &world.approver, (id, approval), (Answer::Yes, "")).await.unwrap_err().to_string();
        assert!(late.contains("withdrawn"), "{late}");
        step(id, Status::Working, Status::Solved).await.unwrap();
        let solved = ask(test, &world.it, id, new(test, &[&world.approver], None)).await.unwrap_err();
        assert!(solved.to_string().contains("open it again first"), "{solved}");
    });
}

#[test]
fn whoever_has_not_answered_is_reminded_once_half_way_and_then_it_lapses() {
    on_each(async |test| {
        let world = world(test).await;
        let letters = async || crate::work::letters_waiting(&test.app).await.unwrap();
        let id = ticket(test, &world).await;
        let before = letters().await;
        let people = [&world.approver, &world.technician];
        let approval = ask(test, &world.it, id, new(test, &people, None)).await.unwrap();
        assert_eq!(letters().await, before + 2, "who is asked is told by mail too");
        say(test, &world.technician, (id, approval), (Answer::Yes, "")).await.unwrap();
        assert_eq!(look_due(&test.app).await.unwrap(), Looked::default());
        test.pass(Millis::from_hours(24));
        assert_eq!(look_due(&test.app).await.unwrap(), Looked { seen: 1, failed: 0 });
        assert_eq!(look_due(&test.app).await.unwrap(), Looked::default(), "once");
        assert_eq!(letters().await, before + 3);
        assert_eq!(notices_of(test, &world.approver).await, [What::ApproveSoon, What::Approve]);
        assert!(!notices_of(test, &world.technician).await.contains(&What::ApproveSoon));
        test.pass(Millis::from_hours(24));
        // Nobody has looked yet, and it is too late all the same.
        let late =
            say(test, &world.approver, (id, approval), (Answer::Yes, "")).await.unwrap_err().to_string();
        assert!(late.contains("its time is up"), "{late}");
        assert_eq!(look_due(&test.app).await.unwrap(), Looked { seen: 1, failed: 0 });
        let found = last(test, &world.it, id).await;
        assert_eq!((found.state, now(test, id).await.status), (ApprovalState::Lapsed, Status::Working));
        assert!(notices_of(test, &world.it).await.contains(&What::Decided));
        let late =
            say(test, &world.approver, (id, approval), (Answer::Yes, "")).await.unwrap_err().to_string();
        assert!(late.contains("its time is up"), "{late}");
        let back = withdraw(test, &world.it, (id, approval)).await.unwrap_err().to_string();
        assert!(back.contains("it is lapsed already"), "{back}");
        assert_eq!(look_due(&test.app).await.unwrap(), Looked::default());
        // What fell due while nobody looked lapses without a reminder.
        ask(test, &world.it, id, new(test, &people[..1], None)).await.unwrap();
        test.pass(Millis::from_hours(50));
        look_due(&test.app).await.unwrap();
        assert_eq!(last(test, &world.it, id).await.state, ApprovalState::Lapsed);
        let reminded = notices_of(test, &world.approver).await;
        assert_eq!(reminded.iter().filter(|what| **what == What::ApproveSoon).count(), 1);
    });
}

#[test]
fn somebody_answers_in_the_place_of_who_was_asked_once() {
    on_each(async |test| {
        let world = world(test).await;
        let leader = test.caller(Role::ClientLeadership, Some(world.client)).await;
        let id = ticket(test, &world).await;
        let people = [&world.approver, &world.technician];
        let approval = ask(test, &world.it, id, new(test, &people, None)).await.unwrap();
        let of = (id, approval);
        for (by, to) in [
            (&world.approver, &world.requester),
            (&world.approver, &world.it),
            (&world.approver, &world.manager),
            (&world.approver, &world.approver),
            (&world.technician, &leader),
            (&world.technician, &world.vendor),
        ] {
            let refused = pass(test, by, of, to).await.unwrap_err();
            assert!(
                matches!(&refused, Refused::Invalid(all) if all[0].name == "to"),
                "{}: {refused}",
                to.name
            );
        }
        pass(test, &world.approver, of, &leader).await.unwrap();
        assert_eq!(notices_of(test, &leader).await, [What::Approve]);
        assert_eq!((waits(test, &world.approver).await, waits(test, &leader).await), (0, 1));
        let refused = say(test, &world.approver, of, (Answer::Yes, "")).await.unwrap_err().to_string();
        assert!(refused.contains("you have named Leadership Test"), "{refused}");
        let refused = pass(test, &leader, of, &world.approver).await.unwrap_err().to_string();
        assert!(refused.contains("not passed on again"), "{refused}");
        say(test, &leader, of, (Answer::No, "Not this year.")).await.unwrap();
        let found = last(test, &world.it, id).await;
        assert_eq!(found.state, ApprovalState::Refused);
        assert_eq!(found.asked[0].instead_of.as_ref().unwrap().1, "Approver Test");
        let refused = pass(test, &world.technician, of, &world.manager).await.unwrap_err().to_string();
        assert!(refused.contains("refused already"), "{refused}");
    });
}

#[test]
fn of_two_answers_at_once_exactly_one_decides() {
    on_each(async |test| {
        let world = world(test).await;
        for _ in 0..5 {
            let id = ticket(test, &world).await;
            let people = [&world.approver, &world.technician];
            let approval = ask(test, &world.it, id, new(test, &people, Some(1))).await.unwrap();
            let of = (id, approval);
            let (one, two) = tokio::join!(
                say(test, &world.approver, of, (Answer::Yes, "")),
                say(test, &world.technician, of, (Answer::No, "No."))
            );
            // Yes decides; no does not, and comes too late after it.
            assert!(one.is_ok(), "{one:?}");
            if let Err(why) = &two {
                assert!(matches!(why, Refused::Conflict(_) | Refused::Stale), "{why}");
            }
            let (twice, back) = tokio::join!(
                say(test, &world.approver, of, (Answer::Yes, "")),
                withdraw(test, &world.it, of)
            );
            assert!(twice.is_ok() && matches!(back, Err(Refused::Conflict(_))));
            let decided = |line: &&Line| matches!(line.happened, Happened::ApprovalDecided { .. });
            assert_eq!(told(test, &world.it, id).await.iter().filter(decided).count(), 1);
            assert_eq!(last(test, &world.it, id).await.state, ApprovalState::Granted);
        }
    });
}

use remit_core::Millis;

use super::super::collect::{Collected, GRACE, collect};
use super::*;
use crate::doctor;
use crate::refused::Refused;
use crate::testing::on_each;
use crate::tickets::tests::{World, incident, world};
use crate::tickets::{Happened, NewTicket};

async fn opened(test: &TestApp, world: &World) -> Ticket {
    tickets::open(&test.app, &world.requester, incident(world.client, "No network drive")).await.unwrap()
}

async fn there(test: &TestApp, caller: &Caller, ticket: Id<Ticket>) -> Vec<String> {
    let read = test.app.read(caller, move |tx, act| {
        let ticket = tickets::find(tx, act, ticket)?;
        Ok(of(tx, act, &ticket)?.into_iter().map(|one| one.about.name).collect::<Vec<_>>())
    });
    read.await.unwrap()
}

async fn take_away(
    test: &TestApp,
    caller: &Caller,
    of: (Id<Ticket>, Id<Attachment>),
) -> Result<Ticket, Refused> {
    test.app.write(caller, move |tx, act| detach(tx, act, of.0, of.1)).await
}

const PUBLIC: Visibility = Visibility::Public;

#[test]
fn whoever_sent_it_or_leads_takes_it_away_and_a_line_says_so() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = opened(test, &world).await.id;
        let own = attach(test, &world.requester, ticket, (PUBLIC, "own.txt", b"mine")).await;
        let other = attach(test, &world.technician, ticket, (PUBLIC, "other.txt", b"theirs")).await;
        let inner = attach(test, &world.technician, ticket, (Visibility::Teams, "inner.txt", b"inner")).await;
        assert!(matches!(
            take_away(test, &world.requester, (ticket, other)).await,
            Err(Refused::Conflict(_))
        ));
        assert_eq!(take_away(test, &world.requester, (ticket, inner)).await, Err(Refused::NotFound));
        assert!(
            matches!(take_away(test, &world.manager, (ticket, own)).await, Err(Refused::Conflict(_))),
            "the client holds it"
        );
        take_away(test, &world.requester, (ticket, own)).await.unwrap();
        assert_eq!(take_away(test, &world.requester, (ticket, own)).await, Err(Refused::NotFound));
        take_away(test, &world.it, (ticket, inner)).await.unwrap();
        assert_eq!(there(test, &world.it, ticket).await, ["other.txt"]);
        let lines = |caller: &Caller| {
            let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
                let ticket = tickets::find(tx, act, ticket)?;
                let lines = tickets::lines(tx, act, &ticket, (0, 100))?.into_iter();
                let gone = lines.filter_map(|line| match line.happened {
                    Happened::Detached { file, .. } => Some(file.name),
                    _ => None,
                });
                Ok(gone.collect::<Vec<_>>())
            };
            let (app, caller) = (test.app.clone(), caller.clone());
            async move { app.read(&caller, read).await.unwrap() }
        };
        assert_eq!(lines(&world.it).await, ["own.txt", "inner.txt"]);
        assert_eq!(lines(&world.requester).await, ["own.txt"]);
    });
}

#[test]
fn a_split_takes_along_what_came_with_its_lines_and_a_merge_leaves_it_where_it_is() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = opened(test, &world).await;
        attach(test, &world.requester, ticket.id, (PUBLIC, "one.txt", b"one")).await;
        attach(test, &world.requester, ticket.id, (PUBLIC, "two.txt", b"two")).await;
        let read = test.app.read(&world.it, move |tx, act| {
            let ticket = tickets::find(tx, act, ticket.id)?;
            of(tx, act, &ticket)
        });
        let seq = read.await.unwrap()[1].seq;
        let new = NewTicket { text: String::new(), ..incident(world.client, "Another thing") };
        let split = tickets::split(&test.app, &world.it, ticket.id, (new, vec![seq])).await.unwrap();
        assert_eq!(there(test, &world.requester, split.id).await, ["two.txt"]);
        assert_eq!(there(test, &world.requester, ticket.id).await, ["one.txt", "two.txt"]);
        assert_eq!(files(test), 2, "the bytes are where they were");
        let (from, into) = (split.id, ticket.number);
        test.app.write(&world.it, move |tx, act| tickets::merge(tx, act, from, into)).await.unwrap();
        assert_eq!(there(test, &world.requester, split.id).await, ["two.txt"]);
    });
}

#[test]
fn bytes_go_when_no_line_names_them_and_grace_is_over() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = opened(test, &world).await.id;
        let first = attach(test, &world.requester, ticket, (PUBLIC, "a.txt", b"shared")).await;
        let second = attach(test, &world.requester, ticket, (PUBLIC, "b.txt", b"shared")).await;
        // As if the machine had stopped before the line was kept.
        stored(test, &world.requester, ("c.txt", b"nobody's"));
        assert_eq!(files(test), 2);
        test.pass(GRACE - Millis::from_hours(1));
        assert_eq!(collect(&test.app).await, Ok(Collected::default()));
        test.pass(Millis::from_hours(2));
        assert_eq!(collect(&test.app).await, Ok(Collected { files: 1, bytes: 8 }));
        take_away(test, &world.requester, (ticket, first)).await.unwrap();
        assert_eq!(collect(&test.app).await, Ok(Collected::default()), "the other line has it still");
        take_away(test, &world.requester, (ticket, second)).await.unwrap();
        assert_eq!(collect(&test.app).await, Ok(Collected::default()), "a removal has its time of grace too");
        test.pass(GRACE + Millis::from_hours(1));
        assert_eq!(collect(&test.app).await, Ok(Collected { files: 1, bytes: 6 }));
        assert_eq!(files(test), 0);
    });
}

#[test]
fn what_is_missing_or_changed_is_found() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = opened(test, &world).await.id;
        for (name, bytes) in [("whole.txt", "whole"), ("missing.txt", "missing"), ("changed.txt", "changed")]
        {
            attach(test, &world.requester, ticket, (PUBLIC, name, bytes.as_bytes())).await;
        }
        let found = async || {
            let looks = doctor::examine(&test.app, &mut |_| {}).await.unwrap();
            let look = looks.into_iter().find(|look| look.what.starts_with("attachments of")).unwrap();
            (look.seen, look.findings)
        };
        assert_eq!(found().await, (3, Vec::new()));
        let place = |bytes: &str| {
            let (hash, provider) = (blake3::hash(bytes.as_bytes()).to_hex(), test.provider.uuid().simple());
            let folder = test.app.stored().unwrap().folder().to_owned();
            folder.join(provider.to_string()).join(&hash[..2]).join(hash.as_str())
        };
        std::fs::remove_file(place("missing")).unwrap();
        std::fs::write(place("changed"), "chanced").unwrap();
        let (seen, findings) = found().await;
        assert_eq!((seen, findings.len()), (3, 2), "{findings:?}");
        assert!(findings.iter().any(|why| why.contains("“missing.txt” of #1: its bytes are missing")));
        assert!(findings.iter().any(|why| why.contains("“changed.txt” of #1: its bytes are not as")));
    });
}

#[test]
fn a_ticket_has_room_for_so_much() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = opened(test, &world).await.id;
        let file = stored(test, &world.requester, ("a.txt", b"small"));
        let large = Received { size: OF_A_TICKET - 4, ..file.clone() };
        let write = |files: Vec<Received>| {
            let verb = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
                tickets::write_with(tx, act, ticket, (PUBLIC, "", &files))
            };
            let (app, caller) = (test.app.clone(), world.requester.clone());
            async move { app.write(&caller, verb).await }
        };
        let refused = write(vec![file.clone(), large]).await.unwrap_err().to_string();
        assert!(refused.contains("at most 500 MB together"), "{refused}");
        let refused = write(vec![file.clone(); 11]).await.unwrap_err().to_string();
        assert!(refused.contains("at most 10 attachments"), "{refused}");
        write(vec![file; 10]).await.unwrap();
        assert_eq!(there(test, &world.requester, ticket).await.len(), 10);
    });
}

#[test]
fn an_attachment_is_found_by_its_name() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = opened(test, &world).await;
        attach(test, &world.technician, ticket.id, (Visibility::Teams, "zanzibar-trace.txt", b"x")).await;
        let hits = async |caller: &Caller| {
            let query = remit_db::search::Query::read("zanzibar");
            let query = query.expect("it has a word");
            let found = test.app.read(caller, move |tx, act| tickets::by_words(tx, act, &query, (None, 10)));
            found.await.unwrap().tickets.len()
        };
        assert_eq!((hits(&world.it).await, hits(&world.requester).await), (1, 0));
    });
}

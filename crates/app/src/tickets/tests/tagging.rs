//! Words on tickets: who puts them there, who sees them, and what becomes of them.

use remit_db::shared_sql;

use super::*;

async fn tagged(
    test: &TestApp,
    by: &Caller,
    id: Id<Ticket>,
    (add, remove): (&[&str], &[&str]),
) -> Result<Ticket, Refused> {
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let (add, remove) = (own(add), own(remove));
    test.app.write(by, move |tx, act| tag(tx, act, id, (&add, &remove))).await
}

async fn on(test: &TestApp, by: &Caller, id: Id<Ticket>) -> Vec<String> {
    test.app.read(by, move |tx, act| tags(tx, act, id)).await.unwrap()
}

/// The numbers of the tickets that somebody finds by a word, page by page.
async fn found(test: &TestApp, by: &Caller, word: &'static str) -> Result<Vec<i64>, Refused> {
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        let view = View::Tagged(tag_named(tx, word)?);
        let (mut all, mut behind) = (Vec::new(), None);
        loop {
            let page = list(tx, act, view, (None, behind, 2))?;
            let Some(last) = page.last() else { return Ok(all) };
            behind = Some((last.ticket.due_at, last.ticket.id));
            all.extend(page.iter().map(|listed| listed.ticket.number));
            // All are opened at one instant here: which of them is the newest is left to chance.
            all.sort_unstable();
        }
    };
    test.app.read(by, read).await
}

#[test]
fn both_it_teams_find_tickets_by_their_words_and_nobody_else_knows_of_them() {
    on_each(async |test| {
        let world = world(test).await;
        let mut all = Vec::new();
        for n in 0..5 {
            let new = incident(world.client, &format!("Thing {n}"));
            all.push(open(&test.app, &world.requester, new).await.unwrap());
        }
        for ticket in &all {
            tagged(test, &world.technician, ticket.id, (&["Flood", "#Site-2"], &[])).await.unwrap();
        }
        tagged(test, &world.it, all[1].id, (&["roof"], &["FLOOD"])).await.unwrap();
        assert_eq!(on(test, &world.technician, all[1].id).await, ["roof", "site-2"]);
        let all_with: Vec<i64> = [0, 2, 3, 4].map(|n: usize| all[n].number).into();
        for by in [&world.manager, &world.technician, &world.it] {
            assert_eq!(found(test, by, "flood").await.unwrap(), all_with);
            assert_eq!(found(test, by, "nothing").await.unwrap(), [0_i64; 0]);
        }
        for by in [&world.approver, &world.requester] {
            assert!(on(test, by, all[0].id).await.is_empty());
            assert!(matches!(found(test, by, "flood").await, Err(Refused::Forbidden(_))));
            let refused = tagged(test, by, all[0].id, (&["mine"], &[])).await.unwrap_err();
            assert!(matches!(refused, Refused::Forbidden(_)), "{refused}");
            let told = test.app.read(by, {
                let ticket = all[0].clone();
                move |tx, act| lines(tx, act, &ticket, (0, 50))
            });
            let told = told.await.unwrap();
            assert!(told.iter().all(|line| !matches!(line.happened, Happened::Tagged { .. })));
        }
        assert!(matches!(found(test, &world.vendor, "flood").await, Err(Refused::Forbidden(_))));
        let client = world.client;
        let proposed = test.app.read(&world.it, move |tx, act| proposed_tags(tx, act, client)).await.unwrap();
        assert_eq!(proposed, ["flood", "roof", "site-2"]);
    });
}

#[test]
fn a_word_of_another_client_is_neither_found_nor_proposed() {
    on_each(async |test| {
        let world = world(test).await;
        let other = test.client("Other Client").await;
        let new = NewTicket { requester: world.manager.membership, ..incident(other, "Move") };
        let foreign = open(&test.app, &world.manager, new).await.unwrap();
        tagged(test, &world.manager, foreign.id, (&["insolvency"], &[])).await.unwrap();
        let own = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        tagged(test, &world.it, own.id, (&["slow"], &[])).await.unwrap();
        assert_eq!(found(test, &world.it, "insolvency").await.unwrap(), [0_i64; 0]);
        assert_eq!(found(test, &world.manager, "insolvency").await.unwrap(), [foreign.number]);
        for client in [world.client, other] {
            let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| proposed_tags(tx, act, client);
            let proposed = test.app.read(&world.it, read).await.unwrap();
            assert!(!proposed.contains(&"insolvency".to_owned()), "{proposed:?}");
        }
        let ids = [foreign.id, own.id];
        let of = test.app.read(&world.it, move |tx, act| tags_of(tx, act, &ids)).await.unwrap();
        assert_eq!(of, [Vec::new(), vec!["slow".to_owned()]]);
        let refused = tagged(test, &world.it, foreign.id, (&["x"], &[])).await.unwrap_err();
        assert_eq!(refused, Refused::NotFound);
    });
}

#[test]
fn what_is_there_already_changes_nothing_and_a_word_on_no_ticket_is_gone() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let first = tagged(test, &world.it, ticket.id, (&["slow", "SLOW", " slow "], &[])).await.unwrap();
        let again = tagged(test, &world.it, ticket.id, (&["Slow"], &["fast"])).await.unwrap();
        assert_eq!((first.lines, again.lines), (ticket.lines + 1, ticket.lines + 1));
        let known = || test.app.read(&world.it, |tx, _| tag_named(tx, "slow"));
        assert!(known().await.unwrap().is_some());
        tagged(test, &world.it, ticket.id, (&[], &["slow"])).await.unwrap();
        assert_eq!(known().await.unwrap(), None);
        let both = tagged(test, &world.it, ticket.id, (&["a"], &["A"])).await.unwrap_err().to_string();
        assert!(both.contains("not both"), "{both}");
        let none = tagged(test, &world.it, ticket.id, (&[], &[])).await.unwrap_err().to_string();
        assert!(none.contains("write a word"), "{none}");
    });
}

#[test]
fn words_have_limits_and_the_message_names_them() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let many: Vec<String> = (0..=MOST_TAGS).map(|n| format!("w{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let refused = tagged(test, &world.it, ticket.id, (&many, &[])).await.unwrap_err().to_string();
        assert!(refused.contains("at most 20"), "{refused}");
        tagged(test, &world.it, ticket.id, (&many[..MOST_TAGS], &[])).await.unwrap();
        let refused = tagged(test, &world.it, ticket.id, (&["more"], &[])).await.unwrap_err().to_string();
        assert!(refused.contains("at most 20"), "{refused}");
        // One for another is no more than there were.
        tagged(test, &world.it, ticket.id, (&["more"], &["w0"])).await.unwrap();
        let fill = |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            for n in 20..2000 {
                let add = shared_sql!("INSERT INTO tag (provider_id, id, name, uses) VALUES ($1, $2, $3, 1)");
                tx.exec(add, (act.id::<Tag>(), format!("other{n}")))?;
            }
            Ok(())
        };
        test.app.write(&world.manager, fill).await.unwrap();
        // The place of the one that went is free again.
        tagged(test, &world.it, ticket.id, (&["w0"], &["more"])).await.unwrap();
        let other = open(&test.app, &world.requester, incident(world.client, "Slow too")).await.unwrap();
        let refused = tagged(test, &world.it, other.id, (&["new"], &[])).await.unwrap_err().to_string();
        assert!(refused.contains("2000 words already"), "{refused}");
        tagged(test, &world.it, other.id, (&["other77"], &[])).await.unwrap();
    });
}

#[test]
fn what_is_merged_brings_its_words_along() {
    on_each(async |test| {
        let world = world(test).await;
        let first = open(&test.app, &world.requester, incident(world.client, "Printer")).await.unwrap();
        let other = open(&test.app, &world.requester, incident(world.client, "Printer again")).await.unwrap();
        tagged(test, &world.it, first.id, (&["printer", "floor-2"], &[])).await.unwrap();
        tagged(test, &world.it, other.id, (&["printer", "toner"], &[])).await.unwrap();
        let into = first.number;
        test.app.write(&world.it, move |tx, act| merge(tx, act, other.id, into)).await.unwrap();
        assert_eq!(on(test, &world.it, first.id).await, ["floor-2", "printer", "toner"]);
        assert_eq!(on(test, &world.it, other.id).await, ["printer", "toner"]);
        let told = test.app.read(&world.it, move |tx, act| lines(tx, act, &first, (0, 50))).await.unwrap();
        let last = &told.last().unwrap().happened;
        assert_eq!(*last, Happened::Tagged { added: vec!["toner".to_owned()], removed: Vec::new() });
    });
}

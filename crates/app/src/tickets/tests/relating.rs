//! Links, parts, merging, splitting, following: nothing is lost, nothing goes in circles, nobody sees more than they may.

use super::*;

async fn numbered(test: &TestApp, world: &World, subject: &str) -> Ticket {
    open(&test.app, &world.requester, incident(world.client, subject)).await.unwrap()
}

async fn tied(test: &TestApp, by: &Caller, id: Id<Ticket>, to: (LinkKind, i64)) -> Result<Ticket, Refused> {
    test.app.write(by, move |tx, act| link(tx, act, id, to)).await
}

async fn closed(test: &TestApp, world: &World, id: Id<Ticket>) -> Result<Ticket, Refused> {
    test.app.write(&world.it, move |tx, act| set_status(tx, act, id, (Status::New, Status::Closed))).await
}

#[test]
fn a_whole_is_not_closed_before_its_parts_and_parts_do_not_go_in_circles() {
    on_each(async |test| {
        let world = world(test).await;
        let (whole, part, third) = (
            numbered(test, &world, "Move").await,
            numbered(test, &world, "Desks").await,
            numbered(test, &world, "Wires").await,
        );
        tied(test, &world.it, part.id, (LinkKind::Child, whole.number)).await.unwrap();
        tied(test, &world.it, third.id, (LinkKind::Child, part.number)).await.unwrap();
        let says =
            async |id, to| tied(test, &world.it, id, (LinkKind::Child, to)).await.unwrap_err().to_string();
        assert!(says(whole.id, third.number).await.contains("itself a part"));
        assert!(says(part.id, third.number).await.contains("already"));
        assert!(says(part.id, part.number).await.contains("itself"));
        assert!(says(part.id, 4711).await.contains("no #4711"));
        let refused = closed(test, &world, whole.id).await.unwrap_err().to_string();
        assert!(refused.contains(&format!("#{}", part.number)), "{refused}");
        closed(test, &world, third.id).await.unwrap();
        closed(test, &world, part.id).await.unwrap();
        closed(test, &world, whole.id).await.unwrap();
        let seen = test.app.read(&world.it, move |tx, act| links(tx, act, &whole)).await.unwrap();
        assert_eq!((seen.len(), seen[0].words()), (1, "has the part"));
        let asked = test.app.read(&world.requester, move |tx, act| links(tx, act, &part)).await.unwrap();
        assert!(asked.is_empty(), "how tickets hang together is for those who work on them");
    });
}

#[test]
fn what_is_merged_goes_on_in_the_other_with_everybody_and_everything() {
    on_each(async |test| {
        let world = world(test).await;
        let other = open(&test.app, &world.approver, incident(world.client, "Printer again")).await.unwrap();
        let (first, part) = (numbered(test, &world, "Printer").await, numbered(test, &world, "Toner").await);
        tied(test, &world.it, part.id, (LinkKind::Child, other.number)).await.unwrap();
        let into = first.number;
        let merged =
            |id: Id<Ticket>, into: i64| test.app.write(&world.it, move |tx, act| merge(tx, act, id, into));
        let itself = merged(first.id, first.number).await.unwrap_err().to_string();
        assert!(itself.contains("itself"), "{itself}");
        let stranger = test.client("Other Client").await;
        let foreign = open(
            &test.app,
            &test.operator(),
            NewTicket { requester: world.technician.membership, ..incident(stranger, "Theirs") },
        )
        .await
        .unwrap();
        let across = test.app.write(&test.operator(), move |tx, act| merge(tx, act, foreign.id, into)).await;
        assert!(across.unwrap_err().to_string().contains("another client"));
        assert!(merged(other.id, foreign.number).await.is_err(), "not theirs is not there");
        let gone = merged(other.id, into).await.unwrap();
        assert_eq!(gone.status, Status::Closed);
        assert_eq!(
            told(test, &world.it, other.id).await.len() as i64,
            gone.lines,
            "all of it is still there"
        );
        // Who asked for the other one follows this one, and reads what its asker reads.
        let id = first.id;
        test.app
            .write(&world.it, move |tx, act| write(tx, act, id, Visibility::Public, "Fixed."))
            .await
            .unwrap();
        let read = told(test, &world.approver, first.id).await;
        assert!(read.iter().any(|line| line.text == "Fixed."));
        let parts = test.app.read(&world.it, move |tx, act| {
            let first = find(tx, act, id)?;
            links(tx, act, &first)
        });
        let kinds: Vec<_> = parts.await.unwrap().iter().map(|link| (link.number, link.words())).collect();
        assert_eq!(kinds, [(part.number, "has the part"), (other.number, "has taken in")]);
        let gone = other.id;
        let writes = test
            .app
            .write(&world.approver, move |tx, act| write(tx, act, gone, Visibility::Public, "Still?"));
        assert!(writes.await.unwrap_err().to_string().contains(&format!("#{into}")));
        let again = test
            .app
            .write(&world.it, move |tx, act| set_status(tx, act, gone, (Status::Closed, Status::Working)));
        assert!(again.await.unwrap_err().to_string().contains("goes on in"));
        assert!(merged(gone, into).await.is_err(), "once");
    });
}

#[test]
fn what_is_split_off_takes_its_words_along_and_leaves_them_too() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = numbered(test, &world, "Two things").await.id;
        for (visibility, text) in
            [(Visibility::Public, "And the phone."), (Visibility::Teams, "They always say that.")]
        {
            test.app.write(&world.it, move |tx, act| write(tx, act, ticket, visibility, text)).await.unwrap();
        }
        let new = || NewTicket { text: "See above.".to_owned(), ..incident(world.client, "The phone") };
        let inner = split(&test.app, &world.it, ticket, (new(), vec![3])).await.unwrap_err().to_string();
        assert!(inner.contains("everybody reads"), "{inner}");
        assert!(split(&test.app, &world.it, ticket, (new(), vec![99])).await.is_err());
        let made = split(&test.app, &world.it, ticket, (new(), vec![2])).await.unwrap();
        assert_eq!(made.requester, world.requester.membership.unwrap());
        let first = told(test, &world.requester, made.id).await.remove(0);
        assert!(
            first.text.contains("And the phone.") && first.text.ends_with("See above."),
            "{}",
            first.text
        );
        assert!(told(test, &world.requester, ticket).await.iter().any(|line| line.text == "And the phone."));
    });
}

#[test]
fn who_follows_a_ticket_reads_what_its_asker_reads_and_no_more() {
    on_each(async |test| {
        let world = world(test).await;
        let ticket = numbered(test, &world, "Slow").await.id;
        let operator = test.operator();
        let colleague = test.app.write(&operator, {
            let client = world.client;
            move |tx, act| {
                let parties = people::list_parties(tx, Some(client))?;
                let internal =
                    parties.iter().find(|(_, kind, _)| *kind == people::PartyKind::Internal).unwrap().0;
                let invitation = people::Invitation {
                    party: internal,
                    role: Role::Requester,
                    name: "A Colleague".to_owned(),
                    email: "colleague@test.example".to_owned(),
                    everywhere: true,
                    clients: Vec::new(),
                };
                let id = people::invite(tx, act, &invitation)?;
                people::member(tx, act, id)
            }
        });
        let colleague = Caller::member(test.provider, None, &colleague.await.unwrap());
        let (who, vendor) = (colleague.membership, world.vendor.membership);
        let own = test.app.write(&colleague, move |tx, act| watch(tx, act, ticket, None)).await;
        assert!(matches!(own, Err(Refused::NotFound)), "one does not follow what one does not see");
        test.app
            .write(&world.it, move |tx, act| write(tx, act, ticket, Visibility::Teams, "Between us."))
            .await
            .unwrap();
        test.app.write(&world.it, move |tx, act| watch(tx, act, ticket, who)).await.unwrap();
        let read = told(test, &colleague, ticket).await;
        assert!(
            !read.is_empty() && read.iter().all(|line| line.visibility == Visibility::Public),
            "{read:?}"
        );
        let bought = test.app.write(&world.it, move |tx, act| watch(tx, act, ticket, vendor)).await;
        assert!(matches!(bought, Err(Refused::Invalid(_))), "{bought:?}");
        test.app.write(&colleague, move |tx, act| unwatch(tx, act, ticket, None)).await.unwrap();
        let gone = test.app.read(&colleague, move |tx, act| find(tx, act, ticket)).await;
        assert!(matches!(gone, Err(Refused::NotFound)));
    });
}

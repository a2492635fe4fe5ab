//! What is not sent yet, who is at a ticket, who could take it.

use super::*;

async fn keeps(
    test: &TestApp,
    by: &Caller,
    id: Id<Ticket>,
    words: (Visibility, &str),
) -> Result<(), Refused> {
    let (visibility, said) = (words.0, words.1.to_owned());
    test.app.write(by, move |tx, act| keep_draft(tx, act, (id, None), (visibility, &said))).await
}

async fn begun(test: &TestApp, by: &Caller, id: Id<Ticket>) -> Option<(Visibility, String)> {
    let found = test.app.read(by, move |tx, act| draft(tx, act, id)).await.unwrap();
    found.map(|draft| (draft.visibility, draft.text))
}

async fn seen_by(test: &TestApp, by: &Caller, id: Id<Ticket>) -> Vec<(String, Doing)> {
    let found = test.app.read(by, move |tx, act| present(tx, act, id)).await.unwrap();
    found.into_iter().map(|present| (present.name, present.doing)).collect()
}

async fn comes(test: &TestApp, by: &Caller, id: Id<Ticket>, doing: Doing) {
    test.app.write(by, move |tx, act| heard(tx, act, id, doing)).await.unwrap();
}

#[test]
fn a_draft_is_its_writers_alone_and_gone_once_it_is_sent() {
    on_each(async |test| {
        let world = world(test).await;
        let id = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        keeps(test, &world.it, id, (Visibility::Teams, "It is thei")).await.unwrap();
        keeps(test, &world.it, id, (Visibility::Teams, "It is their switch")).await.unwrap();
        keeps(test, &world.technician, id, (Visibility::Public, "We are on it")).await.unwrap();
        assert_eq!(begun(test, &world.it, id).await.unwrap().1, "It is their switch");
        assert_eq!(begun(test, &world.technician, id).await.unwrap().1, "We are on it");
        assert_eq!(begun(test, &world.manager, id).await, None);
        // Whoever asked cannot keep what they could not send, and who does not see the ticket keeps nothing.
        let narrow = keeps(test, &world.requester, id, (Visibility::Teams, "x")).await;
        assert!(matches!(narrow, Err(Refused::Invalid(_))), "{narrow:?}");
        assert_eq!(keeps(test, &world.vendor, id, (Visibility::Public, "x")).await, Err(Refused::NotFound));
        let long = "x".repeat(10 * 1024 * 1024);
        let refused = keeps(test, &world.it, id, (Visibility::Public, &long)).await;
        assert!(matches!(&refused, Err(Refused::Invalid(_))));
        assert_eq!(
            begun(test, &world.it, id).await.unwrap().1,
            "It is their switch",
            "the last good one stays"
        );

        let seen = test.app.read(&world.it, move |tx, act| find(tx, act, id)).await.unwrap().lines;
        let send = test
            .app
            .write(&world.it, move |tx, act| write(tx, act, id, Visibility::Teams, "It is their switch"));
        send.await.unwrap();
        assert_eq!(begun(test, &world.it, id).await, None);
        // What was on its way when it was sent is no draft any more; what is begun after it is.
        let late = async |seen: i64| {
            let keep = test.app.write(&world.it, move |tx, act| {
                keep_draft(tx, act, (id, Some(seen)), (Visibility::Teams, "It is their switc"))
            });
            keep.await.unwrap();
            begun(test, &world.it, id).await.is_some()
        };
        assert!(!late(seen).await);
        assert!(late(seen + 1).await);
        keeps(test, &world.it, id, (Visibility::Teams, "  \n")).await.unwrap();
        assert_eq!(begun(test, &world.it, id).await, None, "nothing is nothing to keep");
        assert!(begun(test, &world.technician, id).await.is_some());
    });
}

#[test]
fn those_who_work_see_who_else_is_there_for_a_minute() {
    on_each(async |test| {
        let world = world(test).await;
        let id = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        comes(test, &world.it, id, Doing::Looks).await;
        comes(test, &world.technician, id, Doing::Writes).await;
        comes(test, &world.requester, id, Doing::Writes).await;
        let it = world.it.name.clone();
        assert_eq!(seen_by(test, &world.technician, id).await, [(it.clone(), Doing::Looks)]);
        assert_eq!(seen_by(test, &world.manager, id).await.len(), 2, "nobody watches whoever asked for help");
        assert!(seen_by(test, &world.requester, id).await.is_empty(), "nor do they watch the teams");
        comes(test, &world.it, id, Doing::Writes).await;
        assert_eq!(seen_by(test, &world.technician, id).await, [(it, Doing::Writes)]);
        test.pass(LASTS);
        assert!(seen_by(test, &world.technician, id).await.is_empty());
        let there = test.app.write(&world.vendor, move |tx, act| heard(tx, act, id, Doing::Looks)).await;
        assert_eq!(there, Err(Refused::NotFound), "what is not theirs is not there");
    });
}

#[test]
fn it_is_said_who_can_take_a_ticket_and_all_that_hinders_the_others() {
    on_each(async |test| {
        let world = world(test).await;
        let id = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        let asked = async |who: &Caller| {
            let who = who.membership.unwrap();
            let found =
                test.app.read(&world.manager, move |tx, act| taking(tx, act, id, who)).await.unwrap().1;
            match found {
                Taking::Not(why) => why.iter().map(Hindrance::words).collect::<Vec<_>>().join("; "),
                Taking::Assigned => "assigned".to_owned(),
                Taking::Accepted { to, .. } => format!("asked as {}", to.team_name),
            }
        };
        // People of a test are invited and not in yet: their parties are what differs.
        let invited = "they were invited and have not come in yet";
        test.home().tamper("UPDATE membership SET state = 'active'");
        assert_eq!(asked(&world.it).await, "assigned");
        let held = "it of Harbor IT holds it and has not offered it to their party: ask there for it";
        assert!(asked(&world.technician).await.contains("holds it and has not offered it"), "{held}");
        assert!(asked(&world.requester).await.contains("Requester does not work on tickets"));
        let to = test
            .app
            .read(&world.it, move |tx, act| {
                let ticket = find(tx, act, id)?;
                targets(tx, &ticket)
            })
            .await
            .unwrap()
            .into_iter()
            .find(|hand| hand.team_name == "isp-support")
            .unwrap();
        test.app.write(&world.it, move |tx, act| offer(tx, act, id, to.team, &warm())).await.unwrap();
        assert_eq!(asked(&world.vendor).await, "asked as isp-support");
        test.home().tamper("UPDATE membership SET state = 'invited' WHERE name LIKE 'Vendor%'");
        assert_eq!(asked(&world.vendor).await, invited);
        // Another client's people are not there; the provider's own who do not reach this client are, and are told so.
        let other = test.client("Other Client").await;
        let theirs = test.caller(Role::ClientIt, Some(other)).await.membership.unwrap();
        let unseen = test.app.read(&world.it, move |tx, act| taking(tx, act, id, theirs)).await;
        assert_eq!(unseen.map(drop), Err(Refused::NotFound));
        let far = test.app.read(&world.manager, move |tx, act| taking(tx, act, id, theirs)).await.unwrap().1;
        assert!(matches!(&far, Taking::Not(why) if why.contains(&Hindrance::Reach)), "{far:?}");
        let found =
            test.app.read(&world.it, move |tx, act| taker::candidates(tx, act, id, "vendor")).await.unwrap();
        assert_eq!(found.len(), 1);
        let none = test.app.read(&world.requester, move |tx, act| taker::candidates(tx, act, id, "")).await;
        assert!(matches!(none, Err(Refused::Forbidden(_))), "{none:?}");
    });
}

//! One deed for several tickets: what becomes of each, and what is too much.

use super::*;

async fn opened<const N: usize>(test: &TestApp, world: &World) -> [Ticket; N] {
    let mut all = Vec::new();
    for n in 0..N {
        all.push(
            open(&test.app, &world.requester, incident(world.client, &format!("Thing {n}"))).await.unwrap(),
        );
    }
    all.try_into().expect("there are as many")
}

fn why_not(all: &[Outcome]) -> Vec<Option<&str>> {
    all.iter().map(|one| one.why_not.as_deref()).collect()
}

#[test]
fn each_is_done_for_itself_and_says_what_became_of_it() {
    on_each(async |test| {
        let world = world(test).await;
        let [first, second, over] = opened::<3>(test, &world).await;
        let shut = over.id;
        test.app
            .write(&world.it, move |tx, act| set_status(tx, act, shut, (Status::New, Status::Closed)))
            .await
            .unwrap();
        let line = NewTicket { service: "network.wan".to_owned(), ..incident(world.client, "Line down") };
        let line = open(&test.app, &world.requester, line).await.unwrap();
        let nowhere: Id<Ticket> = Id::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        let ids = [first.id, line.id, over.id, nowhere, second.id, first.id];
        let deed = BulkDeed::Assign(world.it.membership);
        let all = bulk(&test.app, &world.it, &ids, &deed).await.unwrap();
        assert_eq!(all.iter().map(|one| one.ticket).collect::<Vec<_>>(), ids[..5]);
        let told = why_not(&all);
        assert_eq!((told[0], told[4]), (None, None));
        assert!(told[1].is_some_and(|why| why.contains("isp-support")), "{told:?}");
        assert!(told[2].is_some_and(|why| why.contains("closed")), "{told:?}");
        assert!(
            told[3].is_some_and(|why| why.contains("no such ticket")) && all[3].seen.is_none(),
            "{told:?}"
        );
        for (id, worker) in
            [(first.id, world.it.membership), (second.id, world.it.membership), (line.id, None)]
        {
            let now = test.app.read(&world.manager, move |tx, act| find(tx, act, id)).await.unwrap();
            assert_eq!(now.worker, worker);
        }
        let again = bulk(&test.app, &world.it, &ids[..1], &deed).await.unwrap();
        assert_eq!(why_not(&again), [None], "what is so already is done");
    });
}

#[test]
fn status_tags_following_and_merging_go_to_several() {
    on_each(async |test| {
        let world = world(test).await;
        let all = opened::<3>(test, &world).await;
        let ids = all.each_ref().map(|ticket| ticket.id);
        let tag = BulkDeed::Tag { add: vec!["flood".to_owned()], remove: Vec::new() };
        for deed in [tag, BulkDeed::Watch, BulkDeed::Status(Status::Working)] {
            let done = bulk(&test.app, &world.it, &ids, &deed).await.unwrap();
            assert_eq!(why_not(&done), [None; 3], "{deed:?}");
        }
        let wrong = BulkDeed::Tag { add: vec!["two words".to_owned()], remove: Vec::new() };
        let wrong = bulk(&test.app, &world.it, &ids, &wrong).await.unwrap();
        assert!(
            why_not(&wrong).iter().all(|why| why.is_some_and(|why| why.contains("not one word"))),
            "{wrong:?}"
        );
        let merged = bulk(&test.app, &world.it, &ids, &BulkDeed::Merge(all[0].number)).await.unwrap();
        assert!(why_not(&merged)[0].is_some_and(|why| why.contains("into itself")), "{merged:?}");
        assert_eq!(why_not(&merged)[1..], [None; 2]);
        for (id, status) in [(ids[0], Status::Working), (ids[1], Status::Closed), (ids[2], Status::Closed)] {
            let now = test.app.read(&world.it, move |tx, act| find(tx, act, id)).await.unwrap();
            assert_eq!(now.status, status);
        }
        let watches = test.app.read(&world.it, {
            let ticket = all[0].clone();
            move |tx, act| watchers(tx, act, &ticket)
        });
        assert!(watches.await.unwrap().iter().any(|(id, _)| Some(*id) == world.it.membership));
    });
}

#[test]
fn too_many_are_refused_whole_and_so_is_who_may_not() {
    on_each(async |test| {
        let world = world(test).await;
        let [ticket] = opened::<1>(test, &world).await;
        let deed = BulkDeed::Assign(world.it.membership);
        let many = vec![ticket.id; MOST_AT_ONCE + 1];
        for ids in [&many[..], &[]] {
            let refused = bulk(&test.app, &world.it, ids, &deed).await;
            assert!(
                matches!(&refused, Err(Refused::Invalid(fields)) if fields[0].name == "tickets"),
                "{refused:?}"
            );
        }
        let now = test.app.read(&world.it, move |tx, act| find(tx, act, ticket.id)).await.unwrap();
        assert_eq!((now.worker, now.lines), (None, ticket.lines));
        let refused = bulk(&test.app, &world.requester, &[ticket.id], &deed).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))), "{refused:?}");
        let follows = bulk(&test.app, &world.approver, &[ticket.id], &BulkDeed::Watch).await.unwrap();
        assert_eq!(why_not(&follows), [None]);
    });
}

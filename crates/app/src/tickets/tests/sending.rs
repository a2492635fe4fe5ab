//! What was sent goes out after a moment, once, and can be taken back until then; nothing that was typed is lost.

use remit_core::Millis;

use super::*;
use crate::notices;
use crate::work;

const HELD: &str = "We are on it.";

async fn sends(test: &TestApp, by: &Caller, id: Id<Ticket>, said: &'static str) -> Result<Ticket, Refused> {
    test.app.write(by, move |tx, act| send(tx, act, id, (Visibility::Public, said, &[]), None)).await
}

/// What the requester reads, as the moment passes.
async fn read(test: &TestApp, world: &World, id: Id<Ticket>) -> Vec<String> {
    let all = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        let ticket = find(tx, act, id)?;
        lines(tx, act, &ticket, (0, 100))
    };
    let lines = test.app.read(&world.requester, all).await.unwrap();
    // Without what it was opened with.
    lines.into_iter().skip(1).map(|line| line.text).filter(|text| !text.is_empty()).collect()
}

async fn moment(test: &TestApp, time: Millis) {
    test.pass(time);
    work::worker(&test.app, None).unwrap().run_due().await.unwrap();
}

async fn left(test: &TestApp, by: &Caller, id: Id<Ticket>) -> (Option<String>, Option<String>) {
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        Ok((sending(tx, act, id)?.map(|it| it.text), draft(tx, act, id)?.map(|it| it.text)))
    };
    test.app.read(by, read).await.unwrap()
}

#[test]
fn it_goes_out_when_its_moment_is_over_and_not_before() {
    on_each(async |test| {
        let world = world(test).await;
        let id = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        sends(test, &world.it, id, HELD).await.unwrap();
        moment(test, UNDO - Millis::from_millis(1000)).await;
        assert_eq!(read(test, &world, id).await, [""; 0], "nobody else reads it yet");
        assert_eq!(left(test, &world.technician, id).await, (None, None), "nor knows of it");
        moment(test, Millis::from_millis(2000)).await;
        assert_eq!(read(test, &world, id).await, [HELD]);
        moment(test, UNDO).await;
        assert_eq!(read(test, &world, id).await, [HELD], "once");
        assert_eq!(left(test, &world.it, id).await, (None, None));
    });
}

#[test]
fn it_is_taken_back_as_a_draft_or_sent_before_its_time() {
    on_each(async |test| {
        let world = world(test).await;
        let id = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        sends(test, &world.it, id, HELD).await.unwrap();
        test.app
            .write(&world.it, move |tx, act| keep_draft(tx, act, (id, None), (Visibility::Teams, "And")))
            .await
            .unwrap();
        test.app.write(&world.it, move |tx, act| unsend(tx, act, id)).await.unwrap();
        assert_eq!(left(test, &world.it, id).await, (None, Some(format!("{HELD}\n\nAnd"))));
        moment(test, UNDO).await;
        assert_eq!(read(test, &world, id).await, [""; 0]);
        sends(test, &world.it, id, HELD).await.unwrap();
        assert_eq!(left(test, &world.it, id).await, (Some(HELD.to_owned()), None));
        sends(test, &world.it, id, "And more.").await.unwrap();
        assert_eq!(read(test, &world, id).await, [HELD], "the first does not wait for the second");
        test.app.write(&world.it, move |tx, act| send_now(tx, act, id)).await.unwrap();
        moment(test, UNDO).await;
        assert_eq!(read(test, &world, id).await, [HELD, "And more."]);
        for late in [
            test.app.write(&world.it, move |tx, act| unsend(tx, act, id).map(drop)).await,
            test.app.write(&world.it, move |tx, act| send_now(tx, act, id).map(drop)).await,
        ] {
            assert!(matches!(&late, Err(Refused::Conflict(why)) if why.contains("gone out")), "{late:?}");
        }
        let empty = sends(test, &world.it, id, " ").await;
        assert!(matches!(empty, Err(Refused::Invalid(_))), "what is refused is refused at once");
    });
}

#[test]
fn what_can_go_in_no_longer_is_a_draft_again_and_its_writer_is_told() {
    on_each(async |test| {
        let world = world(test).await;
        let id = open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap().id;
        sends(test, &world.technician, id, HELD).await.unwrap();
        let close = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
            set_status(tx, act, id, (Status::New, Status::Closed))
        };
        test.app.write(&world.it, close).await.unwrap();
        moment(test, UNDO).await;
        assert_eq!(read(test, &world, id).await, [""; 0]);
        assert_eq!(left(test, &world.technician, id).await, (None, Some(HELD.to_owned())));
        let told = test.app.read(&world.technician, |tx, act| notices::list(tx, act, None, 9)).await.unwrap();
        assert!(told.iter().any(|notice| notice.what == notices::What::NotSent), "{told:?}");
    });
}

//! What is done again, and what is not.

use std::sync::Arc;
use std::time::Duration;

use remit_core::Millis;
use remit_db::{Error, Scope, system_sql};
use tokio::sync::{Notify, mpsc};

use super::{ACME, Bench, OTHER, POLICY, SCHEMA, Say, on_each};
use crate::lease::{self, Became, LEASE};
use crate::worker::{Ended, new_id};
use crate::{Handlers, Order, Task, enqueue, upkeep};

#[test]
fn a_job_is_done_once_and_its_payload_is_gone() {
    on_each(async |bench| {
        let id = bench.add(ACME, "hello").await;
        assert_eq!(bench.worker().run_due().await.unwrap(), 1);
        assert_eq!(bench.worker().run_due().await.unwrap(), 0);
        assert_eq!(bench.said(), ["hello"]);
        assert_eq!(bench.state(id).await, (Some("done".to_owned()), 1, None, None));
    });
}

#[test]
fn a_job_of_a_unit_of_work_that_fails_is_none() {
    on_each(async |bench| {
        let (id, now) = (new_id(&*bench.outside), bench.now());
        let failed = bench.db.write(Scope::all(ACME), move |tx| {
            enqueue(tx, &Say { word: "lost".to_owned() }, Order::new(id, now))?;
            Err::<(), Error>(Error::OutOfReach)
        });
        assert_eq!(failed.await, Err(Error::OutOfReach));
        assert_eq!(bench.worker().run_due().await.unwrap(), 0);
    });
}

#[test]
fn the_same_deed_twice_is_one_job_for_each_provider() {
    on_each(async |bench| {
        let order = |bench: &Bench| Order::new(new_id(&*bench.outside), bench.now()).deed("greet Ana");
        assert!(bench.add_as(ACME, "once", order(bench)).await);
        assert!(!bench.add_as(ACME, "twice", order(bench)).await);
        bench.worker().run_due().await.unwrap();
        assert!(!bench.add_as(ACME, "thrice", order(bench)).await, "also when it is done");
        assert!(bench.add_as(OTHER, "theirs", order(bench)).await);
        bench.worker().run_due().await.unwrap();
        assert_eq!(bench.said(), ["once", "theirs"]);
    });
}

#[test]
fn what_fails_comes_back_later_and_later_and_then_is_dead() {
    on_each(async |bench| {
        let id = bench.add(ACME, "later").await;
        let mut worker = bench.worker();
        for (attempt, minutes) in [(1, 1), (2, 2), (3, 4)] {
            assert_eq!(worker.run_due().await.unwrap(), 1);
            let (outcome, tries, payload, error) = bench.state(id).await;
            assert_eq!((outcome, tries, error.as_deref()), (None, attempt, Some("not now")));
            assert!(payload.is_some());
            bench.pass(Millis::from_minutes(minutes) - Millis::from_millis(5_000));
            assert_eq!(worker.run_due().await.unwrap(), 0, "too early after try {attempt}");
            bench.pass(Millis::from_millis(5_000));
        }
        assert_eq!(worker.run_due().await.unwrap(), 1);
        assert_eq!(bench.state(id).await.0.as_deref(), Some("dead"));
        bench.pass(Millis::from_hours(48));
        assert_eq!(worker.run_due().await.unwrap(), 0);
        let dead = upkeep::dead(&bench.db).await.unwrap();
        assert_eq!((dead.len(), dead[0].tries, dead[0].why.as_str()), (1, 4, "not now"));
        assert_eq!(upkeep::depths(&bench.db, bench.now()).await.unwrap()[0].dead, 1);
        assert!(upkeep::revive(&bench.db, id, bench.now()).await.unwrap());
        assert_eq!(worker.run_due().await.unwrap(), 1);
    });
}

#[test]
fn what_can_never_be_done_is_dead_at_once_and_a_panic_is_only_a_failure() {
    on_each(async |bench| {
        let (never, boom) = (bench.add(ACME, "never").await, bench.add(ACME, "boom").await);
        assert_eq!(bench.worker().run_due().await.unwrap(), 2);
        let (outcome, tries, payload, error) = bench.state(never).await;
        assert_eq!((outcome.as_deref(), tries, error.as_deref()), (Some("dead"), 1, Some("no such word")));
        assert!(payload.is_some(), "kept for whoever gives it another try");
        let (outcome, _, _, error) = bench.state(boom).await;
        assert_eq!((outcome, error.as_deref()), (None, Some("it ended unexpectedly")));
    });
}

#[test]
fn two_workers_never_have_one_job_and_a_lost_one_runs_again_after_its_lease() {
    on_each(async |bench| {
        let id = bench.add(ACME, "hello").await;
        let (one, two) = (new_id(&*bench.outside), new_id(&*bench.outside));
        let (first, second) = tokio::join!(
            lease::take(&bench.db, vec![id], one, bench.now()),
            lease::take(&bench.db, vec![id], two, bench.now())
        );
        let (mut taken, other) = (first.unwrap(), second.unwrap());
        assert_eq!(taken.len() + other.len(), 1, "one of them has it");
        let holder = if taken.is_empty() { two } else { one };
        taken.extend(other);
        bench.pass(LEASE - Millis::from_millis(1));
        assert_eq!(lease::renew(&bench.db, holder, bench.now()).await, Ok(1));
        bench.pass(LEASE - Millis::from_millis(1));
        assert_eq!(bench.worker().run_due().await.unwrap(), 0, "it was renewed");
        bench.pass(Millis::from_millis(1));
        assert_eq!(bench.worker().run_due().await.unwrap(), 1);
        // Whoever was taken for lost comes back, and is not heard.
        let dead = Became::Dead("late".to_owned());
        assert_eq!(lease::end(&bench.db, &taken[0], holder, dead, bench.now()).await, Ok(false));
        assert_eq!(bench.state(id).await, (Some("done".to_owned()), 2, None, None));
    });
}

#[test]
fn two_processes_on_one_database_do_each_job_once() {
    on_each(async |bench| {
        for number in 0..30 {
            bench.add(if number % 3 == 0 { ACME } else { OTHER }, &format!("{number}")).await;
        }
        let elsewhere = Arc::new(bench.home.open(SCHEMA));
        let (mut one, mut two) = (bench.worker(), bench.worker_on(elsewhere));
        let (first, second) = tokio::join!(one.run_due(), two.run_due());
        assert_eq!(first.unwrap() + second.unwrap(), 30);
        let mut said: Vec<u32> = bench.said().iter().map(|word| word.parse().unwrap()).collect();
        said.sort_unstable();
        assert_eq!(said, (0..30).collect::<Vec<_>>());
    });
}

#[test]
fn a_crash_between_effect_and_acknowledgement_repeats_the_effect_under_the_same_id() {
    on_each(async |bench| {
        let id = bench.add(ACME, "hello").await;
        let mut crashed = bench.worker();
        crashed.step().await.unwrap();
        while bench.said().is_empty() {
            tokio::task::yield_now().await;
        }
        // The effect is there, the word on it is not: the process is gone.
        drop(crashed);
        bench.pass(LEASE);
        assert_eq!(bench.worker().run_due().await.unwrap(), 1);
        let said = bench.said.lock().unwrap().clone();
        assert_eq!(said, [(id, "hello".to_owned()), (id, "hello".to_owned())]);
    });
}

#[test]
fn a_job_that_ends_every_worker_ends_itself() {
    on_each(async |bench| {
        let id = bench.add(ACME, "hello").await;
        for _ in 0..POLICY.backoff.tries {
            let taken = lease::take(&bench.db, vec![id], new_id(&*bench.outside), bench.now()).await.unwrap();
            assert_eq!(taken.len(), 1);
            bench.pass(LEASE);
        }
        bench.worker().run_due().await.unwrap();
        assert!(bench.said().is_empty(), "nobody is put at risk again");
        assert_eq!(bench.state(id).await.0.as_deref(), Some("dead"));
    });
}

/// A handler that says when it has begun and goes on when it is told to.
fn patient(bench: &Bench) -> (Handlers, mpsc::UnboundedReceiver<Task>, Arc<Notify>) {
    let (begun, seen) = mpsc::unbounded_channel();
    let go = Arc::new(Notify::new());
    let (wait, said) = (Arc::clone(&go), Arc::clone(&bench.said));
    let handler = move |task: Task, work: Say| {
        let (begun, wait, said) = (begun.clone(), Arc::clone(&wait), Arc::clone(&said));
        async move {
            begun.send(task.clone()).expect("the test listens");
            wait.notified().await;
            said.lock().expect("nobody panicked").push((task.id, work.word));
            Ok(())
        }
    };
    (Handlers::new().add(POLICY, handler), seen, go)
}

#[test]
fn a_sleeping_worker_wakes_at_once_and_finishes_what_it_began_when_it_stops() {
    on_each(async |bench| {
        let (handlers, mut seen, go) = patient(bench);
        let stop = Arc::new(Notify::new());
        let stopping = Arc::clone(&stop);
        let worker = bench.worker_with(handlers);
        let running =
            tokio::spawn(worker.run(async move { stopping.notified().await }, Duration::from_mins(1)));
        let id = bench.add(ACME, "hello").await;
        assert_eq!(seen.recv().await.unwrap().id, id);
        stop.notify_one();
        go.notify_one();
        assert_eq!(running.await.unwrap(), Ended::Finished);
        assert_eq!(bench.said(), ["hello"]);
    });
}

#[test]
fn what_is_cut_off_at_the_deadline_is_given_back_and_does_not_count_as_a_try() {
    on_each(async |bench| {
        let (handlers, mut seen, _go) = patient(bench);
        let id = bench.add(ACME, "hello").await;
        let mut worker = bench.worker_with(handlers);
        worker.step().await.unwrap();
        seen.recv().await.unwrap();
        assert_eq!(worker.stop(Duration::ZERO).await, Ended::GaveBack(1));
        assert_eq!(bench.state(id).await.1, 0);
        assert_eq!(bench.worker().run_due().await.unwrap(), 1, "another takes it at once");
        assert_eq!(bench.said(), ["hello"]);
    });
}

#[test]
fn what_ended_is_forgotten_in_its_time() {
    on_each(async |bench| {
        bench.add(ACME, "hello").await;
        bench.add(ACME, "never").await;
        bench.worker().run_due().await.unwrap();
        let count = system_sql!("SELECT COUNT(*) FROM job");
        let left = async || {
            upkeep::prune(&bench.db, bench.now()).await.unwrap();
            bench
                .db
                .system_read("a test", move |tx| tx.find::<(i64,), _>(count, ()))
                .await
                .unwrap()
                .unwrap()
                .0
        };
        assert_eq!(left().await, 2);
        bench.pass(upkeep::DONE);
        assert_eq!(left().await, 1, "the one that was done");
        bench.pass(upkeep::DEAD - upkeep::DONE);
        assert_eq!(left().await, 0);
    });
}

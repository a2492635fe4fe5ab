//! Whose turn it is, and who sees what.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use remit_core::Millis;
use remit_db::testing::{Written, statements};
use remit_db::{Engine, Error, Scope, Value};
use uuid::Uuid;

use super::{ACME, OTHER, POLICY, Say, on_each};
use crate::worker::new_id;
use crate::{Handlers, Order, Task, enqueue};

const CLIENT: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00C1);

#[test]
fn one_job_of_one_provider_does_not_wait_for_the_many_of_another() {
    on_each(async |bench| {
        for number in 0..20 {
            bench.add(ACME, &format!("acme {number}")).await;
            bench.pass(Millis::from_millis(1));
        }
        bench.add(OTHER, "other").await;
        let said = Arc::clone(&bench.said);
        let say = move |task: Task, work: Say| {
            said.lock().expect("nobody panicked").push((task.id, work.word));
            async { Ok(()) }
        };
        let mut worker = bench.worker_with(Handlers::new().add(POLICY, say).at_once("words", 1));
        assert_eq!(worker.run_due().await.unwrap(), 21);
        let said = bench.said();
        assert!(said.iter().position(|word| word == "other").unwrap() <= 1, "{said:?}");
        let acme: Vec<_> = said.into_iter().filter(|word| word != "other").collect();
        assert_eq!(acme, (0..20).map(|number| format!("acme {number}")).collect::<Vec<_>>());
    });
}

#[test]
fn no_more_jobs_of_a_queue_run_at_once_than_it_may() {
    on_each(async |bench| {
        for provider in [ACME, OTHER, Uuid::from_u128(3)] {
            for _ in 0..4 {
                bench.add(provider, "hello").await;
            }
        }
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (counted, seen) = (Arc::clone(&now), Arc::clone(&most));
        let count = move |_: Task, _: Say| {
            let (counted, seen) = (Arc::clone(&counted), Arc::clone(&seen));
            async move {
                seen.fetch_max(counted.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                counted.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
        };
        let mut worker = bench.worker_with(Handlers::new().add(POLICY, count).at_once("words", 3));
        assert_eq!(worker.run_due().await.unwrap(), 12);
        assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
    });
}

#[test]
fn whoever_reaches_one_client_adds_jobs_for_it_and_for_the_provider_and_for_no_other_client() {
    on_each(async |bench| {
        let scope = Scope::client(ACME, CLIENT);
        let add = async |client: Option<Uuid>| {
            let order =
                Order::new(new_id(&*bench.outside), bench.now()).client(client).deed(format!("{client:?}"));
            bench.db.write(scope, move |tx| enqueue(tx, &Say { word: "x".to_owned() }, order)).await
        };
        assert_eq!(add(Some(CLIENT)).await, Ok(true));
        assert_eq!(add(None).await, Ok(true));
        assert_eq!(add(None).await, Ok(false), "which it may not read");
        assert_eq!(add(Some(OTHER)).await, Err(Error::OutOfReach));
        if bench.db.engine() == Engine::Postgres {
            for sql in [
                "SELECT CAST(COUNT(*) AS BIGINT) FROM job",
                "WITH c AS (UPDATE job SET tries = 9 RETURNING id) SELECT CAST(COUNT(*) + 1 AS BIGINT) FROM c",
                "WITH c AS (DELETE FROM job RETURNING id) SELECT CAST(COUNT(*) + 1 AS BIGINT) FROM c",
            ] {
                let seen = bench.db.write(scope, move |tx| tx.raw(sql)).await;
                assert_eq!(seen, Ok(vec![Value::Int(1)]), "{sql}");
                let strange = bench.db.write(Scope::all(OTHER), move |tx| tx.raw(sql)).await.unwrap();
                assert!(strange == [Value::Int(0)] || sql.starts_with("WITH"), "{sql}: {strange:?}");
            }
        }
        assert_eq!(bench.worker().run_due().await.unwrap(), 2);
    });
}

#[test]
fn a_job_reaches_what_it_was_asked_for_and_no_more() {
    let task = |provider, client| Task { id: ACME, provider, client, attempt: 1, last: false };
    assert_eq!(task(None, None).scope(), None);
    assert_eq!(task(Some(ACME), None).scope(), Some(Scope::all(ACME)));
    assert_eq!(task(Some(ACME), Some(CLIENT)).scope(), Some(Scope::client(ACME, CLIENT)));
}

#[test]
fn a_job_that_is_too_long_is_refused() {
    on_each(async |bench| {
        let order = Order::new(new_id(&*bench.outside), bench.now());
        let work = Say { word: "x".repeat(enqueue::LONGEST) };
        let refused = bench.db.write(Scope::all(ACME), move |tx| enqueue(tx, &work, order)).await;
        assert!(matches!(refused, Err(Error::Check(why)) if why.contains("write an id instead")));
    });
}

#[test]
fn every_statement_can_be_prepared_on_every_engine() {
    let mut all: Vec<(Written, String)> = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            all.extend(statements(&fs::read_to_string(path).unwrap()));
        }
    }
    assert!(all.len() > 15, "only {} statements were found", all.len());
    on_each(async |bench| {
        let faults = bench.home.prepare(&all);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}

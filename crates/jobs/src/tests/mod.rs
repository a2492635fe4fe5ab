//! Jobs on both engines, with a clock that stands still until it is told to go on.

mod again;
mod schedules;
mod turns;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use remit_core::{At, Millis};
use remit_db::testing::{TestDb, engines};
use remit_db::{Db, Migration, Scope, system_sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::handlers::Policy;
use crate::{Backoff, Failed, Handlers, Order, Outside, Task, Work, Worker, enqueue};

pub(super) const SCHEMA: &[Migration] = &[
    Migration {
        number: 1,
        name: "reach",
        text: "CREATE TABLE reach (provider_id UUID NOT NULL, membership_id UUID NOT NULL, client_id UUID NOT NULL, \
               PRIMARY KEY (provider_id, membership_id, client_id)) {clustered}; {secure reach by-membership};",
    },
    Migration { number: 2, name: "jobs", text: crate::TABLES },
];

pub(super) const ACME: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_000A);
pub(super) const OTHER: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_000B);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Say {
    pub word: String,
}

impl Work for Say {
    const KIND: &'static str = "say";
    const QUEUE: &'static str = "words";
}

/// A clock that stands still, and random bits that are told apart.
pub(super) struct Standing {
    at: AtomicI64,
    count: AtomicU64,
}

impl Outside for Standing {
    fn now(&self) -> At {
        At::from_millis(self.at.load(Ordering::SeqCst))
    }

    fn bits(&self) -> u128 {
        let count = u128::from(self.count.fetch_add(1, Ordering::SeqCst));
        // Ids go up; waits are as long as they may be.
        (count << 80) | u128::from(u64::MAX)
    }
}

/// A database, a clock, and what was said.
pub(super) struct Bench {
    pub db: Arc<Db>,
    pub home: TestDb,
    pub outside: Arc<Standing>,
    pub said: Arc<Mutex<Vec<(Uuid, String)>>>,
}

#[expect(clippy::needless_pass_by_value, reason = "a test is written where it is passed")]
pub(super) fn on_each(test: impl AsyncFn(&Bench)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for engine in engines() {
        let home = TestDb::new(engine);
        let db = Arc::new(home.open(SCHEMA));
        let at = At::parse("2026-11-23T17:00:00Z").unwrap().millis();
        let outside = Arc::new(Standing { at: AtomicI64::new(at), count: AtomicU64::new(0) });
        let bench = Bench { db, home, outside, said: Arc::default() };
        runtime.block_on(test(&bench));
    }
}

pub(super) const POLICY: Policy = Policy {
    backoff: Backoff { first: Millis::from_minutes(1), longest: Millis::from_hours(1), tries: 4 },
    timeout: Millis::from_minutes(1),
};

impl Bench {
    pub fn now(&self) -> At {
        self.outside.now()
    }

    pub fn pass(&self, time: Millis) {
        self.outside.at.fetch_add(time.millis(), Ordering::SeqCst);
    }

    /// A worker that says what it is asked to, and fails as the word says.
    pub fn worker(&self) -> Worker {
        self.worker_on(Arc::clone(&self.db))
    }

    /// The same through another way to a database.
    pub fn worker_on(&self, db: Arc<Db>) -> Worker {
        let said = Arc::clone(&self.said);
        let say = move |task: Task, work: Say| {
            let said = Arc::clone(&said);
            async move {
                said.lock().unwrap().push((task.id, work.word.clone()));
                match work.word.as_str() {
                    "later" => Err(Failed::Again("not\nnow".to_owned())),
                    "never" => Err(Failed::ForGood("no such word".to_owned())),
                    "boom" => panic!("a handler that panics"),
                    _ => Ok(()),
                }
            }
        };
        Worker::new(db, Arc::<Standing>::clone(&self.outside), Handlers::new().add(POLICY, say))
    }

    pub fn worker_with(&self, handlers: Handlers) -> Worker {
        Worker::new(Arc::clone(&self.db), Arc::<Standing>::clone(&self.outside), handlers)
    }

    /// Adds a job; says its id.
    pub async fn add(&self, provider: Uuid, word: &str) -> Uuid {
        let id = crate::worker::new_id(&*self.outside);
        self.add_as(provider, word, Order::new(id, self.now())).await;
        id
    }

    pub async fn add_as(&self, provider: Uuid, word: &str, order: Order) -> bool {
        let said = Say { word: word.to_owned() };
        self.db.write(Scope::all(provider), move |tx| enqueue(tx, &said, order)).await.unwrap()
    }

    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().iter().map(|(_, word)| word.clone()).collect()
    }

    /// Outcome, tries, payload, last error.
    pub async fn state(&self, id: Uuid) -> (Option<String>, i64, Option<String>, Option<String>) {
        let get = system_sql!("SELECT outcome, tries, payload, last_error FROM job WHERE id = $1");
        self.db.system_read("a test", move |tx| tx.find(get, (id,))).await.unwrap().unwrap()
    }
}

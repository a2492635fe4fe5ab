//! Who runs units of work, and when they are acknowledged.
//!
//! One thread writes. It takes whatever waits, runs the units of work one after the other, each in a savepoint of its own, and
//! commits them together; only then is any of them acknowledged. So one wait for the disk serves many callers, no two units of
//! work interleave, and none needs to be tried again. On PostgreSQL, where other processes write too, the transaction
//! first takes an advisory lock for each provider it will write for, which gives the same order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use crate::error::Error;
use crate::scope::Scope;
use crate::statement::Engine;
use crate::tx::{Connection, Unit};
use crate::value::Value;

/// Units of work that may wait; more are turned away.
const WAITING: usize = 4096;
/// Units of work that are committed together at most.
const GROUP: usize = 256;
/// Advisory lock of PostgreSQL that every writing transaction shares, and units of work across providers have alone.
const EVERYBODY: i64 = 0x5265_6D69_7401;
/// Channel on which processes on one PostgreSQL tell each other what changed.
pub(crate) const CHANNEL: &str = "remit";

/// A unit of work. It is given its connection, or why there is none.
pub(crate) type Run = Box<dyn FnOnce(Result<&mut Unit<'_>, Error>) -> Ran + Send>;
/// Makes a connection; used again when one is lost.
pub(crate) type Connect = Box<dyn FnMut() -> Result<Box<dyn Connection>, Error> + Send>;
/// Is told what changed, after it was committed.
pub(crate) type Announce = Arc<dyn Fn(Vec<String>) + Send + Sync>;

/// What a unit of work left behind.
pub(crate) struct Ran {
    /// Whether it asks to be kept.
    pub keep: bool,
    /// Tells the caller, once it is known whether it was.
    pub finish: Box<dyn FnOnce(Result<(), Error>) + Send>,
}

/// A unit of work that waits.
pub(crate) struct Job {
    pub scope: Option<Scope>,
    pub run: Run,
}

/// Threads that run units of work, and the way to them.
pub(crate) struct Workers {
    queue: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// One thread that writes.
    pub fn writer(connect: Connect, announce: Announce) -> Result<Self, Error> {
        Self::start("db-write", vec![connect], move |jobs, link| write(jobs, link, &announce))
    }

    /// Threads that read, one for each way to connect.
    pub fn readers(connects: Vec<Connect>) -> Result<Self, Error> {
        Self::start("db-read", connects, read)
    }

    fn start(
        name: &str,
        connects: Vec<Connect>,
        work: impl Fn(&Receiver<Job>, &mut Link) + Clone + Send + 'static,
    ) -> Result<Self, Error> {
        let (queue, jobs) = bounded(WAITING);
        let mut this = Self { queue: Some(queue), threads: Vec::new() };
        for connect in connects {
            let (jobs, work) = (jobs.clone(), work.clone());
            let mut link = Link { connect, connection: None };
            let thread =
                std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&jobs, &mut link));
            this.threads.push(thread.map_err(|e| Error::Unusable(format!("cannot start a thread: {e}")))?);
        }
        Ok(this)
    }

    /// Puts a unit of work in the queue.
    pub fn submit(&self, job: Job) {
        let queue = self.queue.as_ref().expect("the queue is open until the workers are dropped");
        let (job, error) = match queue.try_send(job) {
            Ok(()) => return,
            Err(TrySendError::Full(job)) => (job, Error::Busy),
            Err(TrySendError::Disconnected(job)) => (job, Error::Gone("its thread ended".to_owned())),
        };
        refuse(job, error);
    }
}

impl Drop for Workers {
    /// What waits is still done.
    fn drop(&mut self) {
        self.queue = None;
        let own = std::thread::current().id();
        // A unit of work may hold the last of the database: its thread cannot wait for itself.
        for thread in self.threads.drain(..).filter(|thread| thread.thread().id() != own) {
            // A thread that panicked has told so already.
            let _ = thread.join();
        }
    }
}

/// A connection that is made when it is needed and again after it was lost.
struct Link {
    connect: Connect,
    connection: Option<Box<dyn Connection>>,
}

impl Link {
    fn get(&mut self) -> Result<&mut dyn Connection, Error> {
        if self.connection.is_none() {
            self.connection = Some((self.connect)()?);
        }
        Ok(&mut **self.connection.as_mut().expect("it was just made"))
    }

    /// Drops a connection that cannot be used any more.
    fn heed(&mut self, error: &Error) {
        if matches!(error, Error::Gone(_)) {
            self.connection = None;
        }
    }
}

fn refuse(job: Job, error: Error) {
    let ran = (job.run)(Err(error.clone()));
    (ran.finish)(Err(error));
}

fn write(jobs: &Receiver<Job>, link: &mut Link, announce: &Announce) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        match link.get().and_then(|connection| begin(connection, &group)) {
            Ok(()) => {
                let connection = link.get().expect("it has begun");
                let (ran, topics) = run_group(connection, group);
                let done = commit(connection, &topics);
                if let Err(error) = &done {
                    tracing::error!(%error, "a group of units of work was not kept");
                    link.heed(error);
                }
                if done.is_ok() && !topics.is_empty() {
                    announce(topics);
                }
                for (finish, own) in ran {
                    finish(own.and(done.clone()));
                }
            }
            Err(error) => {
                // Where it had begun and then not got its locks, it is over.
                let _ = link.get().and_then(|connection| connection.batch("ROLLBACK"));
                link.heed(&error);
                for job in group {
                    refuse(job, error.clone());
                }
            }
        }
    }
}

fn begin(connection: &mut dyn Connection, group: &[Job]) -> Result<(), Error> {
    if connection.engine() == Engine::Sqlite {
        return connection.batch("BEGIN IMMEDIATE");
    }
    connection.batch("BEGIN")?;
    if group.iter().any(|job| job.scope.is_none()) {
        return lock(connection, "SELECT pg_advisory_xact_lock($1)", EVERYBODY);
    }
    lock(connection, "SELECT pg_advisory_xact_lock_shared($1)", EVERYBODY)?;
    // The low bits of an id are random. Two providers with the same wait for each other in vain, and nothing worse.
    let low_bits = |job: &Job| Some(job.scope?.provider().as_u64_pair().1 as i64);
    let mut providers: Vec<i64> = group.iter().filter_map(low_bits).collect();
    // In one order everywhere, so that two processes cannot wait for each other.
    providers.sort_unstable();
    providers.dedup();
    providers.into_iter().try_for_each(|p| lock(connection, "SELECT pg_advisory_xact_lock($1)", p))
}

fn lock(connection: &mut dyn Connection, sql: &str, key: i64) -> Result<(), Error> {
    connection.rows(sql, &[Value::Int(key)], &mut |_| {})
}

type Finish = (Box<dyn FnOnce(Result<(), Error>) + Send>, Result<(), Error>);

/// Runs units of work that are committed together; says who is to be told, and what changed.
fn run_group(connection: &mut dyn Connection, group: Vec<Job>) -> (Vec<Finish>, Vec<String>) {
    let (mut ran, mut topics) = (Vec::with_capacity(group.len()), Vec::new());
    for job in group {
        match run_one(connection, job) {
            Some((finish, Ok(told))) => {
                topics.extend(told);
                ran.push((finish, Ok(())));
            }
            Some((finish, Err(error))) => ran.push((finish, Err(error))),
            // It panicked: whoever waits sees that nobody will answer.
            None => {}
        }
    }
    topics.sort_unstable();
    topics.dedup();
    (ran, topics)
}

type One = (Box<dyn FnOnce(Result<(), Error>) + Send>, Result<Vec<String>, Error>);

/// Runs one in its savepoint.
fn run_one(connection: &mut dyn Connection, job: Job) -> Option<One> {
    let refused = |error: Error, run: Run| Some((run(Err(error.clone())).finish, Err(error)));
    if let Err(error) = connection.batch("SAVEPOINT unit") {
        return refused(error, job.run);
    }
    let mut unit = Unit { connection: &mut *connection, scope: None, poisoned: false, topics: Vec::new() };
    if let Err(error) = unit.enter(job.scope) {
        // The group cannot be committed any more either, and will say so.
        return refused(error, job.run);
    }
    let ran = catch_unwind(AssertUnwindSafe(|| (job.run)(Ok(&mut unit))));
    let (poisoned, topics) = (unit.poisoned, unit.topics);
    let keep = matches!(&ran, Ok(ran) if ran.keep) && !poisoned;
    let ended = connection.batch(if keep { "RELEASE unit" } else { "ROLLBACK TO unit; RELEASE unit" });
    let ran = ran.ok()?;
    let outcome = match ended {
        Err(error) => Err(error),
        // It went on after a statement had failed, and asks to be kept.
        Ok(()) if ran.keep && poisoned => Err(Error::Poisoned),
        Ok(()) => Ok(if keep { topics } else { Vec::new() }),
    };
    Some((ran.finish, outcome))
}

fn commit(connection: &mut dyn Connection, topics: &[String]) -> Result<(), Error> {
    let mut done = Ok(());
    if connection.engine() == Engine::Postgres {
        for topic in topics {
            let values = [Value::Text(CHANNEL.to_owned()), Value::Text(topic.clone())];
            done = done.and_then(|()| connection.rows("SELECT pg_notify($1, $2)", &values, &mut |_| {}));
        }
    }
    let done = done.and_then(|()| connection.batch("COMMIT"));
    if done.is_err() {
        // After a failed commit there may be nothing to roll back, which is as well.
        let _ = connection.batch("ROLLBACK");
    }
    done
}

fn read(jobs: &Receiver<Job>, link: &mut Link) {
    while let Ok(job) = jobs.recv() {
        let connection = match link.get().and_then(|c| begin_reading(c).map(|()| c)) {
            Ok(connection) => connection,
            Err(error) => {
                link.heed(&error);
                refuse(job, error);
                continue;
            }
        };
        let mut unit =
            Unit { connection: &mut *connection, scope: None, poisoned: false, topics: Vec::new() };
        let entered = unit.enter(job.scope);
        let ran = catch_unwind(AssertUnwindSafe(|| match &entered {
            Ok(()) => (job.run)(Ok(&mut unit)),
            Err(error) => (job.run)(Err(error.clone())),
        }));
        let ended = connection.batch("ROLLBACK");
        if let Err(error) = &ended {
            link.heed(error);
        }
        if let Ok(ran) = ran {
            (ran.finish)(entered);
        }
    }
}

/// All statements of a unit of work see the same state.
fn begin_reading(connection: &mut dyn Connection) -> Result<(), Error> {
    connection.batch(match connection.engine() {
        Engine::Sqlite => "BEGIN",
        Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    })
}

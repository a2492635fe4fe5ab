//! How units of work that only read are run.
//!
//! What SQLite reads is in memory as a rule, and is there sooner than another thread would wake up: so whoever asks reads, on a connection
//! that is theirs meanwhile. A server is waited for, which threads of their own do.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::Receiver;

use crate::error::Error;
use crate::link::{Connect, Link};
use crate::statement::Engine;
use crate::tx::{Unit, settings};
use crate::work::{Job, Workers, refuse};

/// Connections to a server that read side by side.
const THREADS: usize = 4;

/// Runs units of work that only read.
pub(crate) enum Readers {
    /// On the thread that asks.
    Here(Arc<Here>),
    /// In threads of their own.
    Aside(Workers),
}

impl Readers {
    /// Those that suit an engine.
    pub fn new(engine: Engine, connect: impl Fn() -> Connect + Send + Sync + 'static) -> Result<Self, Error> {
        match engine {
            Engine::Sqlite => {
                Ok(Self::Here(Arc::new(Here { connect: Box::new(connect), idle: Mutex::default() })))
            }
            Engine::Postgres => {
                let connects = (0..THREADS).map(|_| connect()).collect();
                Workers::start("db-read", connects, read_all).map(Self::Aside)
            }
        }
    }

    /// Runs one that takes its time, beside the threads that answer requests. Within a runtime.
    pub fn submit_long(&self, job: Job) {
        match self {
            Self::Here(here) => {
                let here = Arc::clone(here);
                // It tells its caller itself how it went.
                drop(tokio::task::spawn_blocking(move || here.read(job)));
            }
            Self::Aside(workers) => workers.submit(job),
        }
    }

    /// Runs one, now or as soon as a thread is free.
    pub fn submit(&self, job: Job) {
        match self {
            Self::Here(here) => here.read(job),
            Self::Aside(workers) => workers.submit(job),
        }
    }
}

/// Connections of which each is used by one caller at a time: as many as have ever read at once.
pub(crate) struct Here {
    connect: Box<dyn Fn() -> Connect + Send + Sync>,
    idle: Mutex<Vec<Link>>,
}

impl Here {
    fn read(&self, job: Job) {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // The last that was given back: what it has read is still at hand.
        let taken = idle().pop();
        let mut link = taken.unwrap_or_else(|| Link::new((self.connect)()));
        read(&mut link, job, "BEGIN");
        end(&mut link);
        idle().push(link);
    }
}

/// Runs what waits, until nobody can hand anything in any more.
fn read_all(jobs: &Receiver<Job>, link: &mut Link) {
    const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    while let Ok(job) = jobs.recv() {
        let begin = format!("{BEGIN}; {}", settings(job.scope));
        read(link, job, &begin);
        // Each message is a way to the server and back: where somebody waits, the end goes with the next beginning.
        while let Ok(job) = jobs.try_recv() {
            let begin = format!("ROLLBACK; {BEGIN}; {}", settings(job.scope));
            read(link, job, &begin);
        }
        end(link);
    }
}

/// Runs one in a transaction, so that all its statements see the same state. The transaction is left open.
fn read(link: &mut Link, job: Job, begin: &str) {
    let connection = match link.begin(|connection| connection.batch(begin)) {
        Ok(connection) => connection,
        Err(error) => {
            tracing::error!(%error, "a unit of work that reads could not begin");
            return refuse(job, error);
        }
    };
    let mut unit = Unit::new(connection, job.scope);
    let ran = catch_unwind(AssertUnwindSafe(|| (job.run)(Ok(&mut unit))));
    let lost = unit.failed.filter(|error| matches!(error, Error::Gone(_)));
    if let Some(error) = lost {
        link.heed(&error);
    }
    if let Ok(ran) = ran {
        (ran.finish)(Ok(()));
    }
}

/// Ends the transaction, if there is one.
fn end(link: &mut Link) {
    if let Err(error) = link
        .with(|connection| if connection.in_transaction() { connection.batch("ROLLBACK") } else { Ok(()) })
    {
        link.heed(&error);
    }
}

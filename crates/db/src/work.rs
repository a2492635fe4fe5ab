//! Who runs units of work, and when they are acknowledged.
//!
//! One thread writes. It takes whatever waits, runs the units of work one after the other, each in a savepoint of its own, and
//! commits them together; only then is any of them acknowledged. So one wait for the disk serves many callers, no two units of
//! work interleave, and none needs to be tried again. On PostgreSQL, where other processes write too, the transaction
//! first takes an advisory lock for each provider it will write for, which gives the same order.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use crate::error::Error;
use crate::group::write;
use crate::link::{Connect, Link, Trouble};
use crate::scope::Scope;
use crate::tx::Unit;

/// Units of work that may wait; more are turned away.
const WAITING: usize = 4096;
/// Channel on which processes on one PostgreSQL tell each other what changed.
pub(crate) const CHANNEL: &str = "remit";

/// A unit of work. It is given its connection, or why there is none.
pub(crate) type Run = Box<dyn FnOnce(Result<&mut Unit<'_>, Error>) -> Ran + Send>;
/// Is told what changed, after it was committed.
pub(crate) type Announce = Arc<dyn Fn(Vec<String>) + Send + Sync>;

/// Tells the caller whether their unit of work was kept.
pub(crate) type Finish = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// What a unit of work left behind.
pub(crate) struct Ran {
    /// Whether it asks to be kept.
    pub keep: bool,
    /// Tells the caller, once it is known whether it was.
    pub finish: Finish,
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
    pub fn writer(connect: Connect, announce: Announce, trouble: Trouble) -> Result<Self, Error> {
        Self::start("db-write", vec![connect], move |jobs, link| write(jobs, link, &announce, &trouble))
    }

    /// Threads of a name, one for each way to connect.
    pub fn start(
        name: &str,
        connects: Vec<Connect>,
        work: impl Fn(&Receiver<Job>, &mut Link) + Clone + Send + 'static,
    ) -> Result<Self, Error> {
        let (queue, jobs) = bounded(WAITING);
        let mut this = Self { queue: Some(queue), threads: Vec::new() };
        for connect in connects {
            let (jobs, work) = (jobs.clone(), work.clone());
            let mut link = Link::new(connect);
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

/// Turns a unit of work away.
pub(crate) fn refuse(job: Job, error: Error) {
    let ran = (job.run)(Err(error.clone()));
    (ran.finish)(Err(error));
}

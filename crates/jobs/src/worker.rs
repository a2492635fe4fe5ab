//! How jobs get done, and how that ends.
//!
//! A worker sleeps until something is announced, until the next job, lease or schedule is due, or until it is time to renew its leases. It
//! takes no more jobs of a queue than may be done at once, and each job has a time to be done in.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use remit_core::{At, Millis};
use remit_db::{Db, Error};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{Id as TaskId, JoinError, JoinSet};
use tracing::Instrument;
use tracing::field::Empty;
use uuid::Uuid;

use crate::handlers::Handlers;
use crate::job::Failed;
use crate::lease::{Became, Taken};
use crate::{TOPIC, lease, schedule, turn, upkeep};

/// Three beats in the time of a lease: two may be missed.
const BEAT: Duration = Duration::from_secs(20);
/// How often what ended long ago is looked for.
const PRUNING: Millis = Millis::from_hours(1);
/// The shortest sleep.
const SHORTEST: Duration = Duration::from_millis(10);
/// Wait after the database did not answer.
const PAUSE: Duration = Duration::from_secs(2);

/// Time and random bits.
pub trait Outside: Send + Sync {
    /// The present instant.
    fn now(&self) -> At;
    /// 128 random bits.
    fn bits(&self) -> u128;
}

/// Does jobs. Each process has one; any number can share a database.
pub struct Worker {
    db: Arc<Db>,
    outside: Arc<dyn Outside>,
    handlers: Handlers,
    /// Its name in leases.
    holder: Uuid,
    running: JoinSet<Result<(), Failed>>,
    held: HashMap<TaskId, (Taken, At)>,
    /// The provider that had the last turn in each queue.
    turns: BTreeMap<&'static str, Uuid>,
    pruned: Option<At>,
}

/// How a worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All that it had begun is finished.
    Finished,
    /// So many jobs were cut off at the deadline, and given back.
    GaveBack(u64),
}

impl Worker {
    /// A worker that knows what `handlers` know.
    pub fn new(db: Arc<Db>, outside: Arc<dyn Outside>, handlers: Handlers) -> Self {
        let holder = uuid::Builder::from_random_bytes(outside.bits().to_be_bytes()).into_uuid();
        let (running, held) = (JoinSet::new(), HashMap::new());
        Self { db, outside, handlers, holder, running, held, turns: BTreeMap::new(), pruned: None }
    }

    /// Works until `stop`, then takes nothing more, gives what it has begun until `deadline` to finish, and gives the rest back.
    pub async fn run(mut self, stop: impl Future<Output = ()>, deadline: Duration) -> Ended {
        let mut changes = self.db.changes();
        let mut stop = std::pin::pin!(stop);
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let sleep = match self.step().await {
                Ok(next) => self.until(next),
                Err(error) => {
                    tracing::error!(%error, "the queue cannot be read");
                    PAUSE
                }
            };
            tokio::select! {
                () = &mut stop => break,
                () = announced(&mut changes) => {}
                () = tokio::time::sleep(sleep) => {}
                Some(ended) = self.running.join_next_with_id() => self.finish(ended).await,
                _ = beat.tick() => self.beat().await,
            }
        }
        self.stop(deadline).await
    }

    /// Does all that is due at the moment, and what becomes due through it; for tests and for `--once`. Says how many tries that were.
    pub async fn run_due(&mut self) -> Result<usize, Error> {
        let mut tries = 0;
        loop {
            self.step().await?;
            if self.running.is_empty() {
                return Ok(tries);
            }
            while let Some(ended) = self.running.join_next_with_id().await {
                self.finish(ended).await;
                tries += 1;
            }
        }
    }

    /// Moves schedules on and takes what is due, as far as there is room. Says when it is worth looking again.
    pub(crate) async fn step(&mut self) -> Result<Option<At>, Error> {
        let queues: Vec<(&'static str, usize)> = self.handlers.queues().collect();
        let now = self.outside.now();
        let scheduled = self.db.system_read("schedules serve all providers", schedule::next_due).await?;
        if scheduled.is_some_and(|at| at <= now) {
            let outside = Arc::clone(&self.outside);
            schedule::fire(&self.db, now, move || new_id(&*outside)).await?;
        }
        let mut next = self.db.system_read("schedules serve all providers", schedule::next_due).await?;
        for (queue, most) in queues {
            let due = self.fill(queue, most).await?;
            next = [next, due].into_iter().flatten().min();
        }
        Ok(next)
    }

    /// Takes from a queue what is due, as far as there is room. Says when more is due; nothing when there is no room, for then the end of a
    /// job is what to wait for.
    async fn fill(&mut self, queue: &'static str, most: usize) -> Result<Option<At>, Error> {
        loop {
            let now = self.outside.now();
            let busy = self.held.values().filter(|(taken, _)| taken.queue == queue).count();
            let (room, last) =
                (most.saturating_sub(busy), self.turns.get(queue).copied().unwrap_or_default());
            if room == 0 {
                return Ok(None);
            }
            let look = move |tx: &mut remit_db::Tx<'_, '_, remit_db::System>| {
                let next = turn::next_due(tx, queue)?;
                if next.is_none_or(|next| next > now) {
                    return Ok((next, Vec::new(), last));
                }
                let (ids, last) = turn::due(tx, queue, now, last, room)?;
                Ok::<_, Error>((next, ids, last))
            };
            let (next, ids, last) = self.db.system_read("workers serve all providers", look).await?;
            if ids.is_empty() {
                return Ok(next);
            }
            self.turns.insert(queue, last);
            for taken in lease::take(&self.db, ids, self.holder, now).await? {
                self.begin(taken, now);
            }
        }
    }

    fn begin(&mut self, mut taken: Taken, now: At) {
        let registered = self.handlers.get(&taken.kind);
        let backoff = registered.as_ref().map(|registered| registered.policy.backoff);
        let tries = backoff.map_or(u32::MAX, |backoff| backoff.tries);
        taken.task.last = taken.task.attempt >= tries;
        let (task, payload) = (taken.task.clone(), taken.payload.clone());
        tracing::debug!(id = %task.id, kind = taken.kind, attempt = task.attempt, "a job begins");
        // Jobs are asked for by many and belong to nobody who waits: each is the beginning of its own.
        let (kind, queue) = (taken.kind.as_str(), taken.queue.as_str());
        let attempt = i64::from(task.attempt);
        let span =
            tracing::info_span!(parent: None, "job", id = %task.id, kind, queue, attempt, failed = Empty);
        let doing = async move {
            let Some(registered) = registered else {
                return Err(Failed::Again("this Remit does not know this kind of job".to_owned()));
            };
            if task.attempt > tries {
                // Each try before ended with its worker: it may well be what ends them.
                return Err(Failed::ForGood("its worker was lost in every try".to_owned()));
            }
            let timeout = Duration::from_millis(registered.policy.timeout.millis().unsigned_abs());
            let done = tokio::time::timeout(timeout, (registered.handler)(task, &payload)).await;
            done.unwrap_or_else(|_| {
                Err(Failed::Again(format!("it took longer than {} s", timeout.as_secs())))
            })
        };
        let ended = span.clone();
        let doing = async move {
            let result = doing.await;
            if result.is_err() {
                ended.record("failed", true);
            }
            result
        };
        let handle = self.running.spawn(doing.instrument(span));
        self.held.insert(handle.id(), (taken, now));
    }

    /// Writes down how a try ended.
    async fn finish(&mut self, ended: Result<(TaskId, Result<(), Failed>), JoinError>) {
        let (id, result) = match ended {
            Ok((id, result)) => (id, result),
            Err(error) => (error.id(), Err(Failed::Again("it ended unexpectedly".to_owned()))),
        };
        let Some((taken, began)) = self.held.remove(&id) else { return };
        let now = self.outside.now();
        let became = self.became(&taken, result, now);
        note(&taken, &became, now - began);
        match lease::end(&self.db, &taken, self.holder, became, now).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!(id = %taken.task.id, kind = taken.kind, "a job was in other hands when it ended");
            }
            // Its lease ends, and it is done again.
            Err(error) => tracing::error!(id = %taken.task.id, %error, "how a job ended could not be kept"),
        }
    }

    fn became(&self, taken: &Taken, result: Result<(), Failed>, now: At) -> Became {
        let why = match result {
            Ok(()) => return Became::Done,
            Err(Failed::ForGood(why)) => return Became::Dead(why),
            Err(Failed::Again(why)) => why,
        };
        let usual = crate::handlers::Policy::USUAL.backoff;
        let known = self.handlers.get(&taken.kind).map(|registered| registered.policy.backoff);
        // A kind that nobody here knows waits for somebody who does.
        let backoff = known.unwrap_or(crate::Backoff { tries: u32::MAX, ..usual });
        match backoff.wait(taken.task.attempt, self.outside.bits() as u64) {
            Some(wait) => Became::Later(now + wait, why),
            None => Became::Dead(why),
        }
    }

    /// Renews leases, forgets old jobs, and counts.
    async fn beat(&mut self) {
        let now = self.outside.now();
        let failed = |error: Error, what| tracing::error!(%error, "{what}");
        if !self.held.is_empty()
            && let Err(error) = lease::renew(&self.db, self.holder, now).await
        {
            failed(error, "leases could not be renewed");
        }
        if self.pruned.is_none_or(|pruned| now - pruned >= PRUNING) {
            match upkeep::prune(&self.db, now).await {
                Ok(_) => self.pruned = Some(now),
                Err(error) => failed(error, "old jobs could not be forgotten"),
            }
        }
        match upkeep::depths(&self.db, now).await {
            Ok(depths) => self.count(depths, now),
            Err(error) => failed(error, "jobs could not be counted"),
        }
    }

    fn count(&self, depths: Vec<upkeep::Depth>, now: At) {
        let mut quiet: Vec<&'static str> = self.handlers.queues().map(|(queue, _)| queue).collect();
        for upkeep::Depth { queue, waiting, oldest, dead } in depths {
            quiet.retain(|known| *known != queue);
            let age = oldest.map_or(0.0, |oldest| (now - oldest).millis() as f64 / 1e3);
            metrics::gauge!("jobs_waiting", "queue" => queue.clone()).set(waiting as f64);
            metrics::gauge!("jobs_oldest_seconds", "queue" => queue.clone()).set(age);
            metrics::gauge!("jobs_dead", "queue" => queue).set(dead as f64);
        }
        for queue in quiet {
            for name in ["jobs_waiting", "jobs_oldest_seconds", "jobs_dead"] {
                metrics::gauge!(name, "queue" => queue).set(0.0);
            }
        }
    }

    /// Finishes what was begun, or gives it back.
    pub(crate) async fn stop(mut self, deadline: Duration) -> Ended {
        let cut = tokio::time::sleep(deadline);
        let mut cut = std::pin::pin!(cut);
        let mut beat = tokio::time::interval(BEAT);
        loop {
            tokio::select! {
                biased;
                ended = self.running.join_next_with_id() => match ended {
                    Some(ended) => self.finish(ended).await,
                    None => return Ended::Finished,
                },
                () = &mut cut => break,
                _ = beat.tick() => self.beat().await,
            }
        }
        // First the work ends, then the leases: nobody else begins while it still runs.
        self.running.shutdown().await;
        match lease::give_back(&self.db, self.holder, self.outside.now()).await {
            Ok(given) => Ended::GaveBack(given),
            Err(error) => {
                tracing::error!(%error, "jobs could not be given back; their leases will end");
                Ended::GaveBack(0)
            }
        }
    }

    /// How long until an instant; not long where nobody knows of one, for an announcement may be lost with a connection.
    fn until(&self, next: Option<At>) -> Duration {
        let wait = next.map_or(i64::MAX, |next| (next - self.outside.now()).millis().max(0));
        // Never no time at all: what is due may be in other hands by now.
        Duration::from_millis(wait.unsigned_abs()).clamp(SHORTEST, BEAT)
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker")
            .field("holder", &self.holder)
            .field("held", &self.held.len())
            .finish_non_exhaustive()
    }
}

/// Waits until there may be something to do.
async fn announced(changes: &mut Receiver<String>) {
    loop {
        match changes.recv().await {
            Ok(topic) if topic != TOPIC => {}
            // What was missed may have been for us.
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// Puts how a try ended into the log and the figures.
fn note(taken: &Taken, became: &Became, took: Millis) {
    let (id, kind, attempt) = (taken.task.id, taken.kind.as_str(), taken.task.attempt);
    let outcome = match became {
        Became::Done => {
            tracing::info!(%id, kind, attempt, "a job is done");
            "done"
        }
        Became::Later(due, why) => {
            tracing::warn!(%id, kind, attempt, why, %due, "a job failed and is tried again");
            "again"
        }
        Became::Dead(why) => {
            tracing::error!(%id, kind, attempt, why, "a job is dead");
            "dead"
        }
    };
    let labels =
        [("queue", taken.queue.clone()), ("kind", taken.kind.clone()), ("outcome", outcome.to_owned())];
    metrics::counter!("jobs_run_total", &labels).increment(1);
    let labels = [("queue", taken.queue.clone()), ("kind", taken.kind.clone())];
    metrics::histogram!("job_seconds", &labels).record(took.millis() as f64 / 1e3);
}

/// A new id of version 7.
pub(crate) fn new_id(outside: &dyn Outside) -> Uuid {
    let millis = outside.now().millis().max(0).unsigned_abs();
    let bits = outside.bits().to_be_bytes();
    let random: [u8; 10] = bits.first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

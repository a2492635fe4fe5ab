//! How waiting units of work that write are run: in groups that are kept together.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::Receiver;

use crate::error::Error;
use crate::link::{Link, Trouble};
use crate::statement::Engine;
use crate::tx::{Connection, Unit, settings};
use crate::value::Value;
use crate::work::{Announce, CHANNEL, Finish, Job, Run, refuse};

/// Units of work that are committed together at most.
const GROUP: usize = 256;
/// Advisory lock of PostgreSQL that every writing transaction shares, and units of work across providers have alone.
const EVERYBODY: i64 = 0x5265_6D69_7401;

/// Runs units of work that write, until nobody can hand one in any more.
pub(crate) fn write(jobs: &Receiver<Job>, link: &mut Link, announce: &Announce, trouble: &Trouble) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        let connection = match link.begin(|connection| begin(connection, &group)) {
            Ok(connection) => connection,
            Err(error) => {
                tracing::error!(%error, "a group of units of work could not begin");
                trouble.note(&error);
                for job in group {
                    refuse(job, error.clone());
                }
                continue;
            }
        };
        let mut group = run_group(connection, group);
        let done = match group.lost.take() {
            Some(error) => Err(error),
            None if group.over => Ok(()),
            None => commit(connection, &group.topics),
        };
        match (&done, &group.failed) {
            (Err(error), _) => {
                tracing::error!(%error, "a group of units of work was not kept");
                link.heed(error);
                trouble.note(error);
            }
            (Ok(()), Some(error)) => trouble.note(error),
            (Ok(()), None) if group.changed > 0 => trouble.is_over(),
            (Ok(()), None) => {}
        }
        if done.is_ok() && !group.topics.is_empty() {
            announce(group.topics);
        }
        for (finish, own) in group.ran {
            finish(own.and(done.clone()));
        }
    }
}

fn begin(connection: &mut dyn Connection, group: &[Job]) -> Result<(), Error> {
    if connection.engine() == Engine::Sqlite {
        return connection.batch("BEGIN IMMEDIATE");
    }
    // In one message: each costs a way to the server and back.
    let lock = |how: &str, key: i64| format!("; SELECT pg_advisory_xact_lock{how}({key})");
    if group.iter().any(|job| job.scope.is_none()) {
        return connection.batch(&format!("BEGIN{}", lock("", EVERYBODY)));
    }
    // The low bits of an id are random. Two providers with the same wait for each other in vain, and nothing worse.
    let low_bits = |job: &Job| Some(job.scope?.provider().as_u64_pair().1 as i64);
    let mut providers: Vec<i64> = group.iter().filter_map(low_bits).collect();
    // In one order everywhere, so that two processes cannot wait for each other.
    providers.sort_unstable();
    providers.dedup();
    let locks: String = providers.into_iter().map(|provider| lock("", provider)).collect();
    connection.batch(&format!("BEGIN{}{locks}", lock("_shared", EVERYBODY)))
}

/// Units of work that were run and are to be committed together.
#[derive(Default)]
struct Group {
    /// Who is to be told, and what stands against each already.
    ran: Vec<(Finish, Result<(), Error>)>,
    topics: Vec<String>,
    changed: u64,
    /// Why one of them could not be written, where that may meet the others too.
    failed: Option<Error>,
    /// Why their transaction is gone: nothing of any of them can be kept.
    lost: Option<Error>,
    /// Nothing is to be kept: there was one alone, and it was taken back.
    over: bool,
}

fn run_group(connection: &mut dyn Connection, jobs: Vec<Job>) -> Group {
    let mut group = Group::default();
    let mut jobs = jobs.into_iter();
    // Before the first there is nothing to go back to but the beginning. Most are alone: they are spared a savepoint, and the engine the
    // pages as they were before it.
    if let Some(job) = jobs.next() {
        let first = run_first(connection, job);
        let gone = first.outcome.as_ref().err().filter(|error| matches!(error, Error::Gone(_))).cloned();
        let (kept, rest) = (group.note(first), jobs.as_slice());
        group.over = !kept && rest.is_empty();
        if !kept {
            let begun = || if rest.is_empty() { None } else { begin(connection, rest).err() };
            group.lost = gone.or_else(begun);
        }
    }
    for job in jobs {
        if let Some(error) = &group.lost {
            // Whatever ran now would be outside of the transaction, and be kept while its caller is told that it is not.
            let ran = (job.run)(Err(error.clone()));
            group.ran.push((ran.finish, Err(error.clone())));
            continue;
        }
        let mut one = run_one(connection, job);
        if let (Err(error), false) = (&mut one.outcome, connection.in_transaction()) {
            // What says why is the statement that ended it; that there is no savepoint any more only follows.
            *error = one.failed.clone().unwrap_or_else(|| error.clone());
            group.lost = Some(error.clone());
        }
        group.note(one);
    }
    group.topics.sort_unstable();
    group.topics.dedup();
    group
}

impl Group {
    /// What has become of one; whether it is to be kept.
    fn note(&mut self, one: One) -> bool {
        self.changed += one.changed;
        let own = match one.outcome {
            Ok(topics) => {
                self.topics.extend(topics);
                Ok(())
            }
            Err(error) => Err(error),
        };
        self.ran.extend(one.finish.map(|finish| (finish, own)));
        if let Some(error) = one.failed.filter(|e| matches!(e, Error::Full | Error::ReadOnly(_))) {
            self.failed = Some(error);
        }
        one.kept
    }
}

struct One {
    /// Tells whoever waits; where it panicked, they see that nobody will answer.
    finish: Option<Finish>,
    outcome: Result<Vec<String>, Error>,
    changed: u64,
    /// Its first statement that failed.
    failed: Option<Error>,
    /// Whether it did all that it wanted, and wants to be kept.
    kept: bool,
}

/// Runs the first. Where it is not to be kept, the transaction is over.
fn run_first(connection: &mut dyn Connection, job: Job) -> One {
    let begin = match connection.engine() {
        Engine::Sqlite => String::new(),
        Engine::Postgres => settings(job.scope),
    };
    run_between(connection, job, &begin, |connection, keep| {
        // SQLite may have ended it already, and a server that is gone has too.
        if keep || !connection.in_transaction() { Ok(()) } else { connection.batch("ROLLBACK") }
    })
}

/// Runs one in its savepoint.
fn run_one(connection: &mut dyn Connection, job: Job) -> One {
    let begin = match connection.engine() {
        Engine::Sqlite => "SAVEPOINT unit".to_owned(),
        Engine::Postgres => format!("SAVEPOINT unit; {}", settings(job.scope)),
    };
    run_between(connection, job, &begin, |connection, keep| {
        connection.batch(if keep { "RELEASE unit" } else { "ROLLBACK TO unit; RELEASE unit" })
    })
}

fn run_between(
    connection: &mut dyn Connection,
    job: Job,
    begin: &str,
    end: impl FnOnce(&mut dyn Connection, bool) -> Result<(), Error>,
) -> One {
    let refused = |error: Error, run: Run| One {
        finish: Some(run(Err(error.clone())).finish),
        outcome: Err(error),
        changed: 0,
        failed: None,
        kept: false,
    };
    let started = if begin.is_empty() { Ok(()) } else { connection.batch(begin) };
    if let Err(error) = started {
        // Where that fails too, the group cannot be committed any more either, and will say so.
        let _ = end(connection, false);
        return refused(error, job.run);
    }
    let mut unit = Unit::new(connection, job.scope);
    let ran = catch_unwind(AssertUnwindSafe(|| (job.run)(Ok(&mut unit))));
    let Unit { failed, changed, topics, .. } = unit;
    let asks = matches!(&ran, Ok(ran) if ran.keep);
    let keep = asks && failed.is_none();
    let ended = end(connection, keep);
    let outcome = match ended {
        Err(error) => Err(error),
        // It went on after a statement had failed, and asks to be kept.
        Ok(()) if asks && !keep => Err(match &failed {
            Some(why @ (Error::Full | Error::ReadOnly(_))) => why.clone(),
            _ => Error::Poisoned,
        }),
        Ok(()) => Ok(if keep { topics } else { Vec::new() }),
    };
    let kept = keep && outcome.is_ok();
    One {
        finish: ran.ok().map(|ran| ran.finish),
        outcome,
        changed: if keep { changed } else { 0 },
        failed,
        kept,
    }
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

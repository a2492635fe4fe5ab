//! Who has a job, until when, and what became of it.
//!
//! A worker **takes** a job by writing its name and the end of its lease, and **renews** while it works. Whatever it writes later, it
//! writes only if the job is still in its hands in the same try; so of two that believe to have it, one is heard.

use remit_core::{At, Millis};
use remit_db::{Db, Error, FromRow, Row, Scope, System, Tx, system_sql};
use uuid::Uuid;

use crate::TOPIC;
use crate::job::Task;

/// How long a job stays with a worker that says no more.
pub const LEASE: Millis = Millis::from_minutes(1);
/// The longest that is kept of an error, in characters.
const LONGEST_ERROR: usize = 500;

/// A job that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub task: Task,
    pub queue: String,
    pub kind: String,
    pub payload: String,
    pub tries: i64,
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Became {
    Done,
    Later(At, String),
    Dead(String),
}

impl FromRow for Taken {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let (provider, tries): (Uuid, i64) = (row.get(0)?, row.get(6)?);
        let task = Task {
            id: row.get(1)?,
            provider: Some(provider).filter(|provider| !provider.is_nil()),
            client: row.get(2)?,
            attempt: u32::try_from(tries).unwrap_or(u32::MAX),
            last: false,
        };
        let payload: Option<String> = row.get(5)?;
        let payload = payload.unwrap_or_default();
        Ok(Self { task, queue: row.get(3)?, kind: row.get(4)?, payload, tries })
    }
}

/// Takes those of `ids` that are still to be had.
pub(crate) async fn take(db: &Db, ids: Vec<Uuid>, holder: Uuid, now: At) -> Result<Vec<Taken>, Error> {
    db.system("workers serve all providers", move |tx| {
        // What is asked again here is what another worker may have changed since it was looked for.
        let take = system_sql!(
            "UPDATE job SET holder = $2, due_at = $3, tries = tries + 1 \
             WHERE id = $1 AND ended_at IS NULL AND due_at <= $4 \
             RETURNING provider_id, id, client_id, queue, kind, payload, tries"
        );
        let mut taken = Vec::new();
        for id in ids {
            taken.extend(tx.find::<Taken, _>(take, (id, holder, now + LEASE, now))?);
        }
        Ok(taken)
    })
    .await
}

/// Keeps what a worker has with it for another lease. Says how many jobs that are.
pub(crate) async fn renew(db: &Db, holder: Uuid, now: At) -> Result<u64, Error> {
    let renew = system_sql!("UPDATE job SET due_at = $2 WHERE holder = $1 AND ended_at IS NULL");
    db.system("workers serve all providers", move |tx| tx.exec(renew, (holder, now + LEASE))).await
}

/// Writes down what became of a try. Says whether the job was still in the worker's hands.
pub(crate) async fn end(
    db: &Db,
    taken: &Taken,
    holder: Uuid,
    became: Became,
    now: At,
) -> Result<bool, Error> {
    let held = (taken.task.id, holder, taken.tries);
    let end = move |tx: &mut Tx<'_, '_, System>| write_end(tx, held, &became, now);
    match taken.task.provider {
        // As part of that provider's own line, where others need not wait for it.
        Some(provider) => {
            let scope = Scope::all(provider);
            db.write(scope, move |tx| tx.beyond("workers alone change jobs", end)).await
        }
        None => db.system("a job of the installation", end).await,
    }
}

fn write_end(
    tx: &mut Tx<'_, '_, System>,
    (id, holder, tries): (Uuid, Uuid, i64),
    became: &Became,
    now: At,
) -> Result<bool, Error> {
    let changed = match became {
        Became::Done => {
            let done = system_sql!(
                "UPDATE job SET holder = NULL, payload = NULL, last_error = NULL, ended_at = $4, outcome = 'done' \
                 WHERE id = $1 AND holder = $2 AND tries = $3"
            );
            tx.exec(done, (id, holder, tries, now))?
        }
        Became::Later(due, why) => {
            tx.announce(TOPIC);
            let later = system_sql!(
                "UPDATE job SET holder = NULL, due_at = $4, last_error = $5 WHERE id = $1 AND holder = $2 AND tries = $3"
            );
            tx.exec(later, (id, holder, tries, *due, one_line(why)))?
        }
        Became::Dead(why) => {
            let dead = system_sql!(
                "UPDATE job SET holder = NULL, ended_at = $4, outcome = 'dead', last_error = $5 \
                 WHERE id = $1 AND holder = $2 AND tries = $3"
            );
            tx.exec(dead, (id, holder, tries, now, one_line(why)))?
        }
    };
    Ok(changed == 1)
}

/// Gives back whatever a worker has, as if it had never been tried: being cut off is no fault of the job. Says how many.
pub(crate) async fn give_back(db: &Db, holder: Uuid, now: At) -> Result<u64, Error> {
    let give = system_sql!(
        "UPDATE job SET holder = NULL, due_at = $2, tries = tries - 1 WHERE holder = $1 AND ended_at IS NULL"
    );
    db.system("workers serve all providers", move |tx| {
        tx.announce(TOPIC);
        tx.exec(give, (holder, now))
    })
    .await
}

/// An error as it is kept: on one line, not too long.
fn one_line(why: &str) -> String {
    let line = |c: char| if c.is_control() { ' ' } else { c };
    why.chars().take(LONGEST_ERROR).map(line).collect()
}

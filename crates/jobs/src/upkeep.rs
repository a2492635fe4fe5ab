//! What is forgotten, what waits, what is dead.

use remit_core::{At, Millis};
use remit_db::{Db, Error, FromRow, Row, system_sql};
use uuid::Uuid;

use crate::TOPIC;

/// How long a job that was done is remembered, and with it its deed.
pub const DONE: Millis = Millis::from_hours(7 * 24);
/// How long a job that died is kept for the operator to look at.
pub const DEAD: Millis = Millis::from_hours(30 * 24);
/// Jobs that are forgotten in one unit of work.
const GROUP: i64 = 1000;

/// How a queue stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// Which.
    pub queue: String,
    /// Jobs that are due and in nobody's hands.
    pub waiting: i64,
    /// Since when the oldest of them has been due.
    pub oldest: Option<At>,
    /// Jobs that died and are still kept.
    pub dead: i64,
}

/// A job that died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// Its id.
    pub id: Uuid,
    /// Of which provider; the zero id is the installation.
    pub provider: Uuid,
    /// What it was.
    pub kind: String,
    /// When it died.
    pub at: At,
    /// After how many tries.
    pub tries: i64,
    /// Why.
    pub why: String,
}

impl FromRow for Depth {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        Ok(Self { queue: row.get(0)?, waiting: row.get(1)?, oldest: row.get(2)?, dead: row.get(3)? })
    }
}

impl FromRow for Dead {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let why: Option<String> = row.get(5)?;
        Ok(Self {
            id: row.get(0)?,
            provider: row.get(1)?,
            kind: row.get(2)?,
            at: row.get(3)?,
            tries: row.get(4)?,
            why: why.unwrap_or_default(),
        })
    }
}

/// Forgets jobs that ended long enough ago. Says how many.
pub async fn prune(db: &Db, now: At) -> Result<u64, Error> {
    let mut pruned = 0;
    for (outcome, until) in [("done", now - DONE), ("dead", now - DEAD)] {
        loop {
            let remove = system_sql!(
                "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE outcome = $1 AND ended_at <= $2 \
                 AND ended_at IS NOT NULL LIMIT $3)"
            );
            let gone =
                db.system("workers serve all providers", move |tx| tx.exec(remove, (outcome, until, GROUP)));
            let gone = gone.await?;
            pruned += gone;
            if gone < GROUP as u64 {
                break;
            }
        }
    }
    Ok(pruned)
}

/// How the queues stand that have anything waiting or dead.
pub async fn depths(db: &Db, now: At) -> Result<Vec<Depth>, Error> {
    let count = system_sql!(
        "SELECT queue, COUNT(CASE WHEN ended_at IS NULL AND holder IS NULL THEN 1 END), \
         MIN(CASE WHEN ended_at IS NULL AND holder IS NULL THEN due_at END), COUNT(CASE WHEN outcome = 'dead' THEN 1 END) \
         FROM job WHERE (ended_at IS NULL AND due_at <= $1) OR (ended_at IS NOT NULL AND outcome = 'dead') \
         GROUP BY queue ORDER BY queue LIMIT 100"
    );
    db.system_read("figures are those of all providers", move |tx| tx.rows(count, (now,))).await
}

/// The jobs that died, newest first, at most 200.
pub async fn dead(db: &Db) -> Result<Vec<Dead>, Error> {
    let list = system_sql!(
        "SELECT id, provider_id, kind, ended_at, tries, last_error FROM job \
         WHERE outcome = 'dead' AND ended_at IS NOT NULL ORDER BY ended_at DESC, id LIMIT 200"
    );
    db.system_read("the operator looks after all providers", move |tx| tx.rows(list, ())).await
}

/// Gives a job that died all its tries again. Says whether there is such a job.
pub async fn revive(db: &Db, id: Uuid, now: At) -> Result<bool, Error> {
    let revive = system_sql!(
        "UPDATE job SET ended_at = NULL, outcome = NULL, tries = 0, due_at = $2 WHERE id = $1 AND outcome = 'dead'"
    );
    db.system("the operator looks after all providers", move |tx| {
        tx.announce(TOPIC);
        Ok(tx.exec(revive, (id, now))? == 1)
    })
    .await
}

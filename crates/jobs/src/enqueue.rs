//! How a job gets into the queue.

use remit_db::{Error, Tx, shared_sql, sql};

use crate::TOPIC;
use crate::job::{Order, Work};

/// The longest that is written of a piece of work, in bytes. What is longer belongs into a table of its own, and its id here.
pub const LONGEST: usize = 64 * 1024;

/// Adds a job as part of a unit of work. Says whether it is new: a deed that is remembered is not done twice.
///
/// Without a client the job reaches the whole provider once it is done, whoever asked for it: what it holds must have been checked.
pub fn enqueue<W: Work>(tx: &mut Tx<'_, '_>, work: &W, order: Order) -> Result<bool, Error> {
    let payload = written(work)?;
    let Order { id, at, due, client, deed } = order;
    // Without a word on which key is in the way, for that would take the right to read it.
    let added = if let Some(client) = client {
        let add = sql!(
            "INSERT INTO job (provider_id, id, client_id, queue, kind, payload, deed, due_at, made_at) \
             VALUES ($1, $2, {client: $3}, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
        );
        tx.exec(add, (id, client, W::QUEUE, W::KIND, payload, deed, due, at))?
    } else {
        let add = shared_sql!(
            "INSERT INTO job (provider_id, id, queue, kind, payload, deed, due_at, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"
        );
        tx.exec(add, (id, W::QUEUE, W::KIND, payload, deed, due, at))?
    };
    tx.announce(TOPIC);
    Ok(added == 1)
}

/// A piece of work as it stands in the database.
pub(crate) fn written<W: Work>(work: &W) -> Result<String, Error> {
    let text =
        serde_json::to_string(work).map_err(|e| Error::Check(format!("a job cannot be written: {e}")))?;
    if text.len() > LONGEST {
        return Err(Error::Check(format!(
            "a job of {} bytes; at most {LONGEST} are kept: write an id instead",
            text.len()
        )));
    }
    Ok(text)
}

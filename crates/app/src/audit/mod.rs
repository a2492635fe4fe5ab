//! What was done, by whom: one line for each change and for each reading of something sensitive.
//!
//! Each line is **sealed**: a keyed hash over the line and the seal of the one before. The key is not in the database, so whoever can
//! write the database alone cannot make a line, change one, take one out, swap two, or cut the end off without it showing: the last seal
//! stands in `audit_head`, sealed by the same key. What it cannot show is the whole database put back to an earlier state; for that, keep
//! the head that [`verify`] reports somewhere else, and give it to the next check.

mod seal;
#[cfg(test)]
mod tests;
mod walk;
pub(crate) mod web;

use remit_core::{At, Id};
use remit_db::{FromRow, Reach, Row, Tx, Whole, shared_sql, sql, whole_sql};

use crate::act::Act;
use crate::clients::Client;
use crate::people::Permission;
use crate::refused::Refused;

pub use seal::Key;
use walk::Walk;

/// What is to be noted.
#[derive(Debug, Clone)]
pub struct Event<'e> {
    /// What was done: a noun and a verb, such as `client.create`.
    pub action: &'static str,
    /// On what: an id with its prefix, or a name.
    pub subject: String,
    /// For which client; none for what concerns the provider alone.
    pub client: Option<Id<Client>>,
    /// What changed, in words or as JSON. No secrets.
    pub detail: &'e str,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1, without a hole.
    pub seq: i64,
    /// When.
    pub at: At,
    /// The membership of whoever did it; none for the operator.
    pub actor_id: Option<uuid::Uuid>,
    /// Their name at the time.
    pub actor: String,
    /// What.
    pub action: String,
    /// On what.
    pub subject: String,
    /// For which client.
    pub client: Option<uuid::Uuid>,
    /// What changed.
    pub detail: String,
    /// The seal.
    pub seal: [u8; 32],
}

/// Where a log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of its last line.
    pub seq: i64,
    /// Seal of its last line.
    pub seal: [u8; 32],
}

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Tampered {
    /// A line is missing, or there twice.
    #[error("line {0} is not where it belongs")]
    Missing(i64),
    /// A line, or one before it, is not as it was written.
    #[error("line {0} is not as it was written")]
    Changed(i64),
    /// Lines at the end are missing, or were added without the key.
    #[error("the log does not end where it ended: line {0}")]
    Cut(i64),
    /// The log does not go through a head that was kept elsewhere.
    #[error("the log does not go through line {0} as it was kept elsewhere")]
    Replaced(i64),
}

impl FromRow for Line {
    fn from_row(mut row: Row) -> Result<Self, remit_db::Error> {
        Ok(Self {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor_id: row.get(2)?,
            actor: row.get(3)?,
            action: row.get(4)?,
            subject: row.get(5)?,
            client: row.get(6)?,
            detail: row.get(7)?,
            seal: row.get(8)?,
        })
    }
}

/// Notes what is being done; part of the unit of work that does it.
pub fn note(tx: &mut Tx<'_, '_>, act: &Act, event: Event<'_>) -> Result<(), Refused> {
    note_all(tx, act, [event])
}

/// The same for several things that are done at once, in their order.
pub(crate) fn note_all<'e>(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    events: impl IntoIterator<Item = Event<'e>>,
) -> Result<(), Refused> {
    let known = head(tx)?;
    let mut last = known.unwrap_or(Head { seq: 0, seal: seal::FIRST });
    for event in events {
        last = add(tx, act, event, last)?;
    }
    if last.seq == known.map_or(0, |head| head.seq) {
        return Ok(());
    }
    let set = shared_sql!(
        "INSERT INTO audit_head (provider_id, seq, last, seal) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (provider_id) DO UPDATE SET seq = excluded.seq, last = excluded.last, seal = excluded.seal"
    );
    tx.exec(set, (last.seq, last.seal, act.key.seal_head(last.seq, &last.seal)))?;
    tx.announce("audit");
    Ok(())
}

/// Adds a line behind the last. Says what is the last then.
fn add(tx: &mut Tx<'_, '_>, act: &Act, event: Event<'_>, before: Head) -> Result<Head, Refused> {
    let mut line = Line {
        seq: before.seq + 1,
        at: act.at,
        actor_id: act.caller.membership.map(Id::uuid),
        actor: act.caller.name.clone(),
        action: event.action.to_owned(),
        subject: event.subject,
        // Whoever reaches one client only, acts for it.
        client: event.client.map(Id::uuid).or(match act.caller.scope.reach() {
            Reach::Client(client) => Some(client),
            Reach::All | Reach::Listed(_) => None,
        }),
        detail: event.detail.to_owned(),
        seal: seal::FIRST,
    };
    line.seal = act.key.seal(&line, &before.seal);
    let add = shared_sql!(
        "INSERT INTO audit (provider_id, seq, at, actor_id, actor, action, subject, client_id, detail, seal) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let head = Head { seq: line.seq, seal: line.seal };
    tx.exec(
        add,
        (
            line.seq,
            line.at,
            line.actor_id,
            line.actor,
            line.action,
            line.subject,
            line.client,
            line.detail,
            line.seal,
        ),
    )?;
    Ok(head)
}

/// The newest lines, from before `before` on; those of clients within reach, and for callers that reach everything, all.
pub fn list(tx: &mut Tx<'_, '_>, act: &Act, before: Option<i64>, most: u16) -> Result<Vec<Line>, Refused> {
    act.require(Permission::ReadAudit)?;
    let list = sql!(
        "SELECT seq, at, actor_id, actor, action, subject, client_id, detail, seal FROM audit \
         WHERE provider_id = $1 AND {reach: client_id} AND seq < $2 ORDER BY seq DESC LIMIT $3"
    );
    Ok(tx.rows(list, (before.unwrap_or(i64::MAX), most))?)
}

/// Checks the whole log of the provider, and that it goes through a head that was kept elsewhere, if there is one. Says where it ends.
pub fn verify(
    tx: &mut Tx<'_, '_, Whole>,
    key: &Key,
    kept: Option<Head>,
) -> Result<Result<Head, Tampered>, Refused> {
    let mut walk = Walk::new(key, kept);
    loop {
        let lines = whole_sql!(
            "SELECT seq, at, actor_id, actor, action, subject, client_id, detail, seal FROM audit \
             WHERE provider_id = $1 AND seq > $2 ORDER BY seq LIMIT 1000"
        );
        let lines: Vec<Line> = tx.rows(lines, (walk.seq(),))?;
        if lines.is_empty() {
            break;
        }
        if let Err(tampered) = lines.iter().try_for_each(|line| walk.step(line)) {
            return Ok(Err(tampered));
        }
    }
    // Nobody but this log has a line before its first.
    let odd = whole_sql!("SELECT seq FROM audit WHERE provider_id = $1 AND seq < 1 LIMIT 1");
    if let Some((seq,)) = tx.find(odd, ())? {
        return Ok(Err(Tampered::Missing(seq)));
    }
    let noted = whole_sql!("SELECT seq, last, seal FROM audit_head WHERE provider_id = $1");
    Ok(walk.end(tx.find(noted, ())?))
}

/// Where the log ends. It stands beside the log because whoever may add a line need not be one who may read the last.
fn head(tx: &mut Tx<'_, '_>) -> Result<Option<Head>, Refused> {
    let find = shared_sql!("SELECT seq, last FROM audit_head WHERE provider_id = $1");
    Ok(tx.find::<(i64, [u8; 32]), _>(find, ())?.map(|(seq, seal)| Head { seq, seal }))
}

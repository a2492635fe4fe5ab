//! Work that comes again. Whichever node sees first that it is due moves the schedule on and adds the job, in one unit of work; the
//! others find it moved. What was missed while nobody looked is done once.

use remit_core::At;
use remit_db::{Db, Error, FromRow, Row, System, Tx, system_sql};
use uuid::Uuid;

use crate::TOPIC;
use crate::enqueue::written;
use crate::job::Work;
use crate::recurrence::Recurrence;

/// Schedules that are moved on in one unit of work.
const GROUP: i64 = 100;

/// Whose schedule it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Of which provider; none is the installation.
    pub provider: Option<Uuid>,
    /// For which client, if for one.
    pub client: Option<Uuid>,
    /// Names it within the provider.
    pub name: String,
    /// When it comes.
    pub recurrence: Recurrence,
}

struct Due {
    provider: Uuid,
    name: String,
    recurrence: String,
    next: At,
}

impl FromRow for Due {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        Ok(Self { provider: row.get(0)?, name: row.get(1)?, recurrence: row.get(2)?, next: row.get(3)? })
    }
}

/// Sets a schedule, or changes it. One that is set again as it was goes on as it was, so this can be called at every start.
pub fn set<W: Work>(
    tx: &mut Tx<'_, '_, System>,
    schedule: &Schedule,
    work: &W,
    now: At,
) -> Result<(), Error> {
    let set = system_sql!(
        "INSERT INTO schedule (provider_id, name, client_id, queue, kind, payload, recurrence, next_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (provider_id, name) DO UPDATE SET client_id = excluded.client_id, \
         queue = excluded.queue, kind = excluded.kind, payload = excluded.payload, recurrence = excluded.recurrence, \
         next_at = CASE WHEN schedule.recurrence = excluded.recurrence THEN schedule.next_at ELSE excluded.next_at END"
    );
    let (provider, next) = (schedule.provider.unwrap_or_default(), schedule.recurrence.after(now));
    let (name, rule) = (schedule.name.as_str(), schedule.recurrence.to_string());
    tx.exec(set, (provider, name, schedule.client, W::QUEUE, W::KIND, written(work)?, rule, next))?;
    tx.announce(TOPIC);
    Ok(())
}

/// Ends a schedule. Says whether there was one.
pub fn remove(tx: &mut Tx<'_, '_, System>, provider: Option<Uuid>, name: &str) -> Result<bool, Error> {
    let remove = system_sql!("DELETE FROM schedule WHERE provider_id = $1 AND name = $2");
    Ok(tx.exec(remove, (provider.unwrap_or_default(), name))? == 1)
}

/// When the next schedule is due.
pub(crate) fn next_due(tx: &mut Tx<'_, '_, System>) -> Result<Option<At>, Error> {
    let next = system_sql!("SELECT next_at FROM schedule ORDER BY next_at LIMIT 1");
    Ok(tx.find::<(At,), _>(next, ())?.map(|(at,)| at))
}

/// Adds the jobs of all schedules that are due. `ids` makes new ids. Says how many were added.
pub(crate) async fn fire(db: &Db, now: At, ids: impl Fn() -> Uuid + Send + 'static) -> Result<usize, Error> {
    db.system("schedules serve all providers", move |tx| {
        let due = system_sql!(
            "SELECT provider_id, name, recurrence, next_at FROM schedule WHERE next_at <= $1 ORDER BY next_at LIMIT $2"
        );
        let mut added = 0;
        for due in tx.rows::<Due, _>(due, (now, GROUP))? {
            added += usize::from(move_on(tx, &due, now, ids())?);
        }
        Ok(added)
    })
    .await
}

fn move_on(tx: &mut Tx<'_, '_, System>, due: &Due, now: At, id: Uuid) -> Result<bool, Error> {
    let next = match due.recurrence.parse::<Recurrence>() {
        // From now, not from when it was due: what was missed is not made up for one by one.
        Ok(recurrence) => recurrence.after(now),
        Err(error) => {
            tracing::error!(name = due.name, %error, "a schedule cannot be read and rests");
            At::MAX
        }
    };
    let moved =
        system_sql!("UPDATE schedule SET next_at = $4 WHERE provider_id = $1 AND name = $2 AND next_at = $3");
    if tx.exec(moved, (due.provider, due.name.as_str(), due.next, next))? == 0 || next == At::MAX {
        return Ok(false);
    }
    let add = system_sql!(
        "INSERT INTO job (provider_id, id, client_id, queue, kind, payload, deed, due_at, made_at) \
         SELECT s.provider_id, $3, s.client_id, s.queue, s.kind, s.payload, $4, $5, $6 FROM schedule s \
         WHERE s.provider_id = $1 AND s.name = $2 ON CONFLICT DO NOTHING"
    );
    let deed = format!("schedule {} {}", due.name, due.next);
    let added = tx.exec(add, (due.provider, due.name.as_str(), id, deed, due.next, now))?;
    tx.announce(TOPIC);
    Ok(added == 1)
}

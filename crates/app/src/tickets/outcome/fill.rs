//! Outcomes of tickets that were there before there was a report: some are filled in every minute, until all are there.

use remit_core::Id;
use remit_db::{System, Tx, shared_sql, sql, system_sql};
use remit_jobs::handlers::Policy;
use remit_jobs::schedule::{Schedule, set};
use remit_jobs::{Failed, Handlers, Recurrence, Task, Work};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::clocks::Story;
use super::{keep, stored};
use crate::App;
use crate::act::{Act, Caller};
use crate::people::Provider;
use crate::refused::Refused;
use crate::tickets::{Ticket, store};

/// Tickets that are looked at in one unit of work: others wait for no more than these.
const AT_ONCE: u16 = 50;
/// Units of work in one go.
const UNITS: usize = 100;

/// Fills some of what is missing, and says how many outcomes are there that were not.
pub(crate) async fn fill(app: &App) -> Result<usize, Refused> {
    let why = "tickets of all providers have their outcomes filled in";
    let begun = app.db.system_read(why, begun).await?;
    let mut filled = 0;
    for (provider, behind) in begun {
        let caller = Caller { name: "Remit, for the report".to_owned(), ..Caller::operator(provider) };
        let mut behind = behind.unwrap_or(Uuid::nil());
        for _ in 0..UNITS {
            let next = app.write(&caller, move |tx, act| some(tx, act, behind)).await?;
            filled += next.filled;
            behind = next.behind;
            if next.done {
                break;
            }
        }
    }
    Ok(filled)
}

/// A provider, and behind which of its tickets it goes on.
type Begun = (Id<Provider>, Option<Uuid>);

/// Providers of whose tickets not all were looked at.
fn begun(tx: &mut Tx<'_, '_, System>) -> Result<Vec<Begun>, Refused> {
    let list = system_sql!(
        "SELECT p.provider_id, f.behind FROM provider p LEFT JOIN desk_fill f ON f.provider_id = p.provider_id \
         WHERE f.done IS NULL OR f.done = FALSE ORDER BY p.provider_id"
    );
    Ok(tx.rows(list, ())?)
}

struct Next {
    filled: usize,
    behind: Uuid,
    done: bool,
}

fn some(tx: &mut Tx<'_, '_>, act: &Act, behind: Uuid) -> Result<Next, Refused> {
    let ids = store::ids(tx, Id::from_uuid(behind), AT_ONCE)?;
    let mut filled = 0;
    for id in &ids {
        filled += usize::from(one(tx, act, *id)?);
    }
    let behind = ids.last().map_or(behind, |id| id.uuid());
    let done = ids.len() < usize::from(AT_ONCE);
    let set = shared_sql!(
        "INSERT INTO desk_fill (provider_id, behind, done) VALUES ($1, $2, $3) \
         ON CONFLICT (provider_id) DO UPDATE SET behind = excluded.behind, done = excluded.done"
    );
    tx.exec(set, (behind, done))?;
    Ok(Next { filled, behind, done })
}

/// Fills one in, as of when its clocks were reckoned.
fn one(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<bool, Refused> {
    // Whoever changes it meanwhile waits.
    let hold =
        sql!("UPDATE ticket SET version = version WHERE provider_id = $1 AND {reach: client_id} AND id = $2");
    if stored(tx, id)?.is_some() || tx.exec(hold, (id,))? == 0 || stored(tx, id)?.is_some() {
        return Ok(false);
    }
    let ticket = store::get(tx, id)?;
    let story = Story::of(tx, act, &ticket)?;
    let at = super::super::clocks::reckoned_at(tx, id)?.unwrap_or(act.at);
    let outcome = story.outcome(&ticket, story.at(&ticket, at).as_ref());
    keep(tx, &ticket, &outcome)?;
    Ok(true)
}

/// Whether all tickets of a provider were looked at.
pub(crate) fn done(tx: &mut Tx<'_, '_>) -> Result<bool, Refused> {
    let get = shared_sql!("SELECT done FROM desk_fill WHERE provider_id = $1");
    Ok(tx.find::<(bool,), _>(get, ())?.is_some_and(|(done,)| done))
}

/// Fills some in; scheduled every minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Fill {}

impl Work for Fill {
    const KIND: &'static str = "tickets.outcomes";
    const QUEUE: &'static str = "outcomes";
}

/// Adds who does it.
pub(crate) fn handlers(app: &App, handlers: Handlers) -> Handlers {
    let app = app.clone();
    handlers.add(Policy::USUAL, move |_: Task, _: Fill| {
        let app = app.clone();
        async move { fill(&app).await.map(drop).map_err(|refused| Failed::Again(refused.to_string())) }
    })
}

/// Sees to it that it is done. Called at every start.
pub(crate) async fn schedule(app: &App) -> Result<(), Refused> {
    let now = app.now();
    let every_minute = Schedule {
        provider: None,
        client: None,
        name: "outcomes".to_owned(),
        recurrence: Recurrence::every(1),
    };
    let set = move |tx: &mut Tx<'_, '_, System>| set(tx, &every_minute, &Fill {}, now).map_err(Refused::from);
    app.db.system("schedules of the installation", set).await
}

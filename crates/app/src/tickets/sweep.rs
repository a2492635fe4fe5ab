//! What happens to tickets without anybody asking: offers run out, whoever is named next is asked, the hour comes at which the matrix names
//! another owner. Each ticket says itself when it is to be looked at.

use remit_core::{At, Id};
use remit_db::{System, Tx, system_sql};
use remit_jobs::handlers::Policy;
use remit_jobs::schedule::{Schedule, set};
use remit_jobs::{Failed, Handlers, Recurrence, Task, Work};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::route::{Matter, route};
use super::{Ticket, custody, figures, look_due, sending, store};
use crate::App;
use crate::act::Caller;
use crate::people::Provider;
use crate::refused::Refused;

/// Tickets that are looked at in one go.
const MOST: i64 = 500;

/// What a sweep has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sweep {
    /// Tickets that were looked at.
    pub seen: usize,
    /// Of those, the ones that could not be moved on; the log says why, and the next sweep tries again.
    pub failed: usize,
}

/// Looks at every ticket whose instant has come.
pub async fn sweep(app: &App) -> Result<Sweep, Refused> {
    let (now, mut done) = (app.now(), Sweep::default());
    let mut behind = (At::from_millis(i64::MIN), Uuid::nil());
    loop {
        let why = "tickets of all providers fall due";
        let due: Vec<Due> = app.db.system_read(why, move |tx| due(tx, now, behind)).await?;
        let Some((_, id, at)) = due.last() else {
            figures::swept(done, (now, app.now()));
            return Ok(done);
        };
        behind = (*at, id.uuid());
        done.seen += due.len();
        for (provider, id, _) in due {
            let caller = Caller { name: "Remit, by the matrix".to_owned(), ..Caller::operator(provider) };
            if let Err(refused) = look(app, &caller, id).await {
                tracing::error!(ticket = %id, %refused, "a ticket could not be moved on");
                done.failed += 1;
            }
        }
    }
}

type Due = (Id<Provider>, Id<Ticket>, At);

fn due(tx: &mut Tx<'_, '_, System>, now: At, (at, id): (At, Uuid)) -> Result<Vec<Due>, Refused> {
    let due = system_sql!(
        "SELECT provider_id, id, timer_at FROM ticket WHERE timer_at <= $1 AND (timer_at > $2 OR (timer_at = $2 AND id > $3)) \
         ORDER BY timer_at, id LIMIT $4"
    );
    Ok(tx.rows(due, (now, at, id, MOST))?)
}

async fn look(app: &App, caller: &Caller, id: Id<Ticket>) -> Result<(), Refused> {
    let matter =
        app.read(caller, move |tx, act| store::find(tx, act, id).map(|ticket| Matter::of(&ticket))).await?;
    let routed = route(app, caller, matter).await?;
    app.write(caller, move |tx, act| {
        let ticket = store::find(tx, act, id)?;
        if ticket.timer_at.is_none_or(|at| at > act.at) {
            return Ok(());
        }
        custody::moved_on(tx, act, ticket, &routed).map(drop)
    })
    .await
}

/// Looks at every ticket and every approval whose instant has come; scheduled every minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Look {}

impl Work for Look {
    const KIND: &'static str = "tickets.sweep";
    const QUEUE: &'static str = "tickets";
}

/// Adds who does it.
pub(crate) fn handlers(app: &App, handlers: Handlers) -> Handlers {
    let handlers = sending::handlers(app, handlers);
    let app = app.clone();
    handlers.add(Policy::USUAL, move |_: Task, _: Look| {
        let app = app.clone();
        async move {
            // One does not keep the other from being done.
            let (swept, looked) = (sweep(&app).await.map(drop), look_due(&app).await.map(drop));
            swept.and(looked).map_err(|refused| Failed::Again(refused.to_string()))
        }
    })
}

/// Sees to it that somebody looks. Called at every start.
pub(crate) async fn schedule(app: &App) -> Result<(), Refused> {
    let now = app.now();
    let every_minute = Schedule {
        provider: None,
        client: None,
        name: "tickets".to_owned(),
        recurrence: Recurrence::every(1),
    };
    let set = move |tx: &mut Tx<'_, '_, System>| set(tx, &every_minute, &Look {}, now).map_err(Refused::from);
    app.db.system("schedules of the installation", set).await
}

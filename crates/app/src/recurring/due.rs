//! Opening what falls due: each instant once.

use remit_core::{At, Id, Millis};
use remit_db::{System, Tx, sql, system_sql};
use remit_jobs::handlers::Policy;
use remit_jobs::schedule::{Schedule, set};
use remit_jobs::{Failed, Handlers, Recurrence, Task, Work};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Plan, find, zone_of};
use crate::App;
use crate::act::{Act, Caller};
use crate::people::Provider;
use crate::refused::Refused;
use crate::tickets::{NewTicket, Opening, open_prepared, prepare};

/// Plans that are looked at in one go.
const MOST: i64 = 200;
/// When a plan that could not be opened is tried again.
const AGAIN: Millis = Millis::from_hours(1);
/// The most missed instants that are counted.
const COUNTED: usize = 1000;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opened {
    /// Tickets that were opened.
    pub tickets: usize,
    /// Plans that could not be; each says why.
    pub failed: usize,
}

/// Opens all that has fallen due.
pub async fn open_due(app: &App) -> Result<Opened, Refused> {
    let (now, mut done) = (app.now(), Opened::default());
    let mut behind = (At::from_millis(i64::MIN), Uuid::nil());
    loop {
        let why = "plans of all providers fall due";
        let due: Vec<Due> = app.db.system_read(why, move |tx| due(tx, now, behind)).await?;
        let Some((_, id, at)) = due.last() else { return Ok(done) };
        behind = (*at, id.uuid());
        for (provider, id, _) in due {
            let caller = Caller { name: "Remit, as planned".to_owned(), ..Caller::operator(provider) };
            match one(app, &caller, id).await {
                Ok(opened) => done.tickets += usize::from(opened),
                Err(refused) => {
                    tracing::error!(plan = %id, %refused, "a planned ticket could not be opened");
                    done.failed += 1;
                    let why = refused.to_string();
                    app.write(&caller, move |tx, act| put_off(tx, act, id, &why)).await?;
                }
            }
        }
    }
}

type Due = (Id<Provider>, Id<Plan>, At);

fn due(tx: &mut Tx<'_, '_, System>, now: At, (at, id): (At, Uuid)) -> Result<Vec<Due>, Refused> {
    let due = system_sql!(
        "SELECT provider_id, id, look_at FROM recurring WHERE look_at <= $1 AND (look_at > $2 OR (look_at = $2 AND id > $3)) \
         ORDER BY look_at, id LIMIT $4"
    );
    Ok(tx.rows(due, (now, at, id, MOST))?)
}

/// What a plan opens just now, and when it falls due next.
fn now_due(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Plan>,
) -> Result<Option<(Plan, NewTicket, Option<At>)>, Refused> {
    let plan = find(tx, id)?;
    let Some(first) = plan.next_at.filter(|at| *at <= act.at) else { return Ok(None) };
    let zone = zone_of(tx, act, plan.client)?;
    let mut missed = 0;
    let (mut latest, mut next) = (first, plan.says.after(&zone, first));
    while let Some(at) = next.filter(|at| *at <= act.at && missed < COUNTED) {
        (latest, missed) = (at, missed + 1);
        next = plan.says.after(&zone, at);
    }
    // So many were missed that counting them all says nothing more.
    let next = next.filter(|at| *at > act.at).or_else(|| plan.says.after(&zone, act.at));
    let template = plan.says.template.clone();
    let mut text = template.text;
    if missed > 0 {
        let many =
            if missed == 1 { "one before it was".to_owned() } else { format!("{missed} before it were") };
        let day = zone.local(latest).strftime("%Y-%m-%d %H:%M");
        let said = format!("Planned for {day}; {many} not opened, because Remit did not run.");
        text = if text.is_empty() { said } else { format!("{text}\n\n{said}") };
    }
    let new = NewTicket {
        client: plan.client,
        kind: template.kind,
        subject: template.subject,
        text,
        impact: template.impact,
        urgency: template.urgency,
        service: template.service,
        tier: template.tier,
        site: None,
        asset_class: String::new(),
        requester: Some(template.requester),
    };
    Ok(Some((plan, new, next)))
}

async fn one(app: &App, caller: &Caller, id: Id<Plan>) -> Result<bool, Refused> {
    let Some((plan, new, next)) = app.read(caller, move |tx, act| now_due(tx, act, id)).await? else {
        return Ok(false);
    };
    let opening = prepare(app, caller, new).await?;
    app.write(caller, move |tx, act| opened(tx, act, (&plan, next), &opening)).await
}

/// Opens it and moves the plan on, in one unit of work: an instant that somebody else has opened meanwhile is not opened again.
fn opened(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (plan, next): (&Plan, Option<At>),
    opening: &Opening,
) -> Result<bool, Refused> {
    let set = sql!(
        "UPDATE recurring SET next_at = $4, look_at = $5, opened = opened + 1, trouble = '' \
         WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND next_at = $3"
    );
    if tx.exec(set, (plan.id, plan.next_at, next, next))? == 0 {
        return Ok(false);
    }
    let ticket = open_prepared(tx, act, opening)?;
    let set = sql!(
        "UPDATE recurring SET last_number = $3 WHERE provider_id = $1 AND {reach: client_id} AND id = $2"
    );
    tx.exec(set, (plan.id, ticket.number))?;
    Ok(true)
}

/// Tried again later, with why on its page.
fn put_off(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Plan>, why: &str) -> Result<(), Refused> {
    let set = sql!(
        "UPDATE recurring SET look_at = $3, trouble = $4 WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND look_at <= $5"
    );
    tx.exec(set, (id, act.at + AGAIN, why, act.at))?;
    Ok(())
}

/// Opens what falls due; scheduled every minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct OpenDue {}

impl Work for OpenDue {
    const KIND: &'static str = "recurring.open";
    const QUEUE: &'static str = "tickets";
}

/// Adds who does it.
pub(crate) fn handlers(app: &App, handlers: Handlers) -> Handlers {
    let app = app.clone();
    handlers.add(Policy::USUAL, move |_: Task, _: OpenDue| {
        let app = app.clone();
        async move { open_due(&app).await.map(drop).map_err(|refused| Failed::Again(refused.to_string())) }
    })
}

/// Sees to it that somebody looks. Called at every start.
pub(crate) async fn schedule(app: &App) -> Result<(), Refused> {
    let now = app.now();
    let every_minute = Schedule {
        provider: None,
        client: None,
        name: "recurring tickets".to_owned(),
        recurrence: Recurrence::every(1),
    };
    let set =
        move |tx: &mut Tx<'_, '_, System>| set(tx, &every_minute, &OpenDue {}, now).map_err(Refused::from);
    app.db.system("schedules of the installation", set).await
}

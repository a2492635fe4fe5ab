//! Planned tickets: what is opened again and again for a client.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use remit_core::{At, Date, Id, Time, Zone};
use remit_db::Tx;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, ROOT, Routes, Sample};
use super::wire::{Named, Nothing, day, id, instant, maybe_instant, sample_at, sample_day, sample_id};
use crate::act::Act;
use crate::clients::{self, Client};
use crate::people::Membership;
use crate::recurring::{self, NewPlan, Plan, Template};
use crate::refused::{Field, Refused};
use crate::site::Site;
use crate::tickets::{Impact, Kind, Tier, Urgency};

const GROUP: &str = "Planned tickets";
/// Instants that are shown ahead.
const AHEAD: usize = 10;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/clients/{client}/plans", "listPlans", GROUP, "List what is planned for a client")
                .about("For those who work on tickets in both IT teams.")
                .ok::<Vec<PlanOut>>("Plans, at most 200."),
            list,
        )
        .on(
            Operation::post("/clients/{client}/plans", "addPlan", GROUP, "Plan a ticket for a client")
                .about("Each due instant is opened once, and routed as any other ticket at that hour. Of what was missed, the latest is opened.")
                .body::<PlanIn>()
                .conflicts()
                .made::<PlanOut>("The plan."),
            add,
        )
        .on(Operation::get("/plans/{plan}", "getPlan", GROUP, "Show a plan").ok::<PlanOut>("The plan."), show)
        .on(
            Operation::post("/plans/{plan}", "changePlan", GROUP, "Say something else in a plan")
                .body::<PlanChange>()
                .conflicts()
                .ok::<PlanOut>("The plan as it is now."),
            change,
        )
        .on(
            Operation::post("/plans/{plan}/rest", "restPlan", GROUP, "Let a plan rest")
                .body::<Nothing>()
                .conflicts()
                .ok::<PlanOut>("The plan as it is now."),
            rest,
        )
        .on(
            Operation::post("/plans/{plan}/return", "resumePlan", GROUP, "Let a plan go on from now")
                .about("What would have been due meanwhile is not opened.")
                .body::<Nothing>()
                .conflicts()
                .ok::<PlanOut>("The plan as it is now."),
            resume,
        )
        .on(Operation::delete("/plans/{plan}", "endPlan", GROUP, "End a plan"), end)
}

/// What a plan says.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewPlan")]
pub(crate) struct PlanIn {
    /// The subject of each ticket.
    pub subject: String,
    /// What there is to do, at most 16 kB.
    #[serde(default)]
    pub text: String,
    /// What kind of work it is.
    pub kind: Kind,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// A service of the catalogue.
    #[serde(default)]
    pub service: String,
    /// How far up it has to go.
    #[serde(default = "unsaid")]
    pub tier: Tier,
    /// For whom.
    #[schemars(schema_with = "id::<Membership>")]
    pub requester: Id<Membership>,
    /// On which days, as RFC 5545 writes it: FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, UNTIL.
    pub rule: String,
    /// Counted from which day on.
    #[schemars(schema_with = "day")]
    pub starts_on: Date,
    /// At what time on the client's clock, such as `08:00`.
    pub time: String,
}

const fn unsaid() -> Tier {
    Tier::Unsaid
}

/// What is said anew in a plan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "PlanChange")]
pub(crate) struct PlanChange {
    /// The version that you saw; 412 where there is a newer one.
    pub version: i64,
    /// What it says from now on.
    pub plan: PlanIn,
}

/// A plan.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Plan")]
pub(crate) struct PlanOut {
    /// Its id.
    #[schemars(schema_with = "id::<Plan>")]
    pub id: Id<Plan>,
    /// For which client.
    #[schemars(schema_with = "id::<Client>")]
    pub client: Id<Client>,
    /// The subject of each ticket.
    pub subject: String,
    /// What there is to do.
    pub text: String,
    /// What kind of work it is.
    pub kind: Kind,
    /// How much it meets.
    pub impact: Impact,
    /// How soon it hurts.
    pub urgency: Urgency,
    /// A service of the catalogue; may be empty.
    pub service: String,
    /// How far up it has to go.
    pub tier: Tier,
    /// For whom.
    #[schemars(schema_with = "id::<Membership>")]
    pub requester: Id<Membership>,
    /// On which days.
    pub rule: String,
    /// The same in words.
    pub words: String,
    /// Counted from which day on.
    #[schemars(schema_with = "day")]
    pub starts_on: Date,
    /// At what time on the client's clock.
    pub time: String,
    /// When it falls due next; null while it rests.
    #[schemars(schema_with = "maybe_instant")]
    pub next_at: Option<At>,
    /// The next ten instants; none while it rests.
    #[schemars(schema_with = "instants")]
    pub ahead: Vec<At>,
    /// How many tickets it has opened.
    pub opened: i64,
    /// The number of the last one.
    pub last: Option<i64>,
    /// Why the next one could not be opened; empty where nothing is wrong.
    pub trouble: String,
    /// Its version, to be named when it is changed.
    pub version: i64,
}

fn instants(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let one = instant(generator);
    schemars::json_schema!({"type": "array", "items": one})
}

impl TryFrom<PlanIn> for NewPlan {
    type Error = Refused;

    fn try_from(new: PlanIn) -> Result<Self, Refused> {
        let wrong = |name: &'static str, why: String| Refused::Invalid(vec![Field::new(name, why)]);
        let rule = new.rule.parse().map_err(|odd: recurring::Odd| wrong("rule", odd.to_string()))?;
        let time = Time::strptime("%H:%M", &new.time)
            .map_err(|_| wrong("time", "write a time of day, such as 08:00".to_owned()))?;
        let template = Template {
            kind: new.kind,
            subject: new.subject,
            text: new.text,
            impact: new.impact,
            urgency: new.urgency,
            service: new.service,
            tier: new.tier,
            requester: new.requester,
        };
        Ok(Self { template, rule, starts_on: new.starts_on, time })
    }
}

impl PlanOut {
    fn of(plan: Plan, zone: &Zone, now: At) -> Self {
        let ahead = if plan.next_at.is_some() { plan.says.next(zone, now, AHEAD) } else { Vec::new() };
        let NewPlan { template, rule, starts_on, time } = plan.says;
        Self {
            id: plan.id,
            client: plan.client,
            subject: template.subject,
            text: template.text,
            kind: template.kind,
            impact: template.impact,
            urgency: template.urgency,
            service: template.service,
            tier: template.tier,
            requester: template.requester,
            rule: rule.to_string(),
            words: rule.words(),
            starts_on,
            time: time.strftime("%H:%M").to_string(),
            next_at: plan.next_at,
            ahead,
            opened: plan.opened,
            last: plan.last,
            trouble: plan.trouble,
            version: plan.version,
        }
    }

    fn shown(tx: &mut Tx<'_, '_>, act: &Act, plan: Plan) -> Result<Self, Refused> {
        let zone = clients::find(tx, act, plan.client)?.zone;
        Ok(Self::of(plan, &Zone::parse(&zone).unwrap_or_else(|_| Zone::utc()), act.at))
    }
}

impl Sample for PlanIn {
    fn sample() -> Self {
        Self {
            subject: "Check the backups".to_owned(),
            text: "Restore one file.".to_owned(),
            kind: Kind::Task,
            impact: Impact::Low,
            urgency: Urgency::Medium,
            service: "backup".to_owned(),
            tier: Tier::Unsaid,
            requester: sample_id(),
            rule: "FREQ=WEEKLY;BYDAY=MO".to_owned(),
            starts_on: sample_day(),
            time: "08:00".to_owned(),
        }
    }
}

impl Sample for PlanChange {
    fn sample() -> Self {
        Self { version: 1, plan: PlanIn::sample() }
    }
}

impl Sample for PlanOut {
    fn sample() -> Self {
        let plan = Plan {
            id: sample_id(),
            client: sample_id(),
            says: PlanIn::sample().try_into().expect("it is a plan"),
            next_at: Some(sample_at()),
            opened: 12,
            last: Some(48_213),
            trouble: String::new(),
            version: 1,
        };
        Self::of(plan, &Zone::utc(), sample_at())
    }
}

impl Sample for Vec<PlanOut> {
    fn sample() -> Self {
        vec![PlanOut::sample()]
    }
}

async fn list(State(site): State<Site>, who: Who, Named(id): Named<Id<Client>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let found = recurring::plans(tx, act, id)?;
        found.into_iter().map(|plan| PlanOut::shown(tx, act, plan)).collect::<Result<Vec<_>, _>>()
    };
    Ok(axum::Json(site.app.read(&who.caller, read).await?).into_response())
}

async fn show(State(site): State<Site>, who: Who, Named(id): Named<Id<Plan>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let plan = recurring::plan(tx, act, id)?;
        PlanOut::shown(tx, act, plan)
    };
    Ok(axum::Json(site.app.read(&who.caller, read).await?).into_response())
}

async fn add(Named(id): Named<Id<Client>>, once: Once<PlanIn>) -> Result<Response, Error> {
    once.make(move |tx, act, new| {
        // Who may, and whether the client is there, is said before what was sent.
        recurring::plans(tx, act, id)?;
        let plan = recurring::add_plan(tx, act, id, new.try_into()?)?;
        Ok(Made::at(format!("{ROOT}/plans/{}", plan.id), PlanOut::shown(tx, act, plan)?))
    })
    .await
}

async fn change(Named(id): Named<Id<Plan>>, once: Once<PlanChange>) -> Result<Response, Error> {
    once.make(move |tx, act, new| {
        recurring::plan(tx, act, id)?;
        let plan = recurring::change_plan(tx, act, (id, new.version), new.plan.try_into()?)?;
        Ok(Made::now(PlanOut::shown(tx, act, plan)?))
    })
    .await
}

async fn rest(Named(id): Named<Id<Plan>>, once: Once<Nothing>) -> Result<Response, Error> {
    once.make(move |tx, act, _| {
        let plan = recurring::rest_plan(tx, act, id, true)?;
        Ok(Made::now(PlanOut::shown(tx, act, plan)?))
    })
    .await
}

async fn resume(Named(id): Named<Id<Plan>>, once: Once<Nothing>) -> Result<Response, Error> {
    once.make(move |tx, act, _| {
        let plan = recurring::rest_plan(tx, act, id, false)?;
        Ok(Made::now(PlanOut::shown(tx, act, plan)?))
    })
    .await
}

async fn end(State(site): State<Site>, who: Who, Named(id): Named<Id<Plan>>) -> Result<Response, Error> {
    site.app.write(&who.caller, move |tx, act| recurring::end_plan(tx, act, id)).await?;
    Ok(super::wire::done())
}

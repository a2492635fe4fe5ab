//! What is promised: rules, the hours that count, and the clocks of a ticket.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use remit_core::{At, Id, Millis, Slug};
use remit_db::Tx;
use remit_matrix::draft::CalendarDraft;
use remit_promise::{Hours, Term, Wait, Waits, Within};
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, Routes, Sample};
use super::wire::{
    Asked, Named as InPath, Nothing, id, instant, maybe_id, maybe_instant, sample_at, sample_id,
};
use crate::act::Act;
use crate::clients::Client;
use crate::people::{Party, PartyKind, Permission};
use crate::promises::{
    self, Calendar, ListedCalendar, ListedRule, NewCalendar, NewRule, Rule, promise_key, promise_of,
};
use crate::refused::{Field, Refused};
use crate::site::Site;
use crate::tickets::clocks::{self, ClockSeen, Named, PartSeen, Seen, ShareSeen};
use crate::tickets::{Priority, Ticket};

const GROUP: &str = "Promises";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/promises", "listPromises", GROUP, "List the rules that can speak")
                .about("Everybody's, and a client's own where one is named; those that are over too, in the order of time.")
                .query::<Of>()
                .ok::<Vec<RuleOut>>("Rules, at most 4,097."),
            list,
        )
        .on(
            Operation::post("/promises", "promise", GROUP, "Add a rule")
                .about("The narrowest rule speaks. One that says something else about the same tickets as another, neither narrower, is refused.")
                .body::<RuleIn>()
                .conflicts()
                .ok::<RuleMade>("The rule."),
            add,
        )
        .on(
            Operation::post("/promises/{promise}/end", "endPromise", GROUP, "Take a rule back from now on")
                .about("A wider rule speaks again, if there is one. What was counted stays.")
                .conflicts()
                .ok::<RuleMade>("The rule that was taken back."),
            end,
        )
        .on(
            Operation::get("/promise-calendars", "listPromiseCalendars", GROUP, "List the hours that count")
                .query::<Of>()
                .ok::<Vec<CalendarOut>>("Hours, at most 2,000."),
            list_hours,
        )
        .on(
            Operation::post("/promise-calendars", "addPromiseCalendar", GROUP, "Add hours that count")
                .body::<CalendarIn>()
                .conflicts()
                .ok::<CalendarMade>("The hours."),
            add_hours,
        )
        .on(
            Operation::get("/tickets/{ticket}/clocks", "getTicketClocks", GROUP, "Explain what a ticket is due by")
                .about("A vendor sees its own promises, whoever asked those to the client.")
                .ok::<Seen>("Each clock, part by part."),
            explain,
        )
}

/// Of whom.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Of {
    /// Of which client besides everybody's.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
}

impl Sample for Of {
    fn sample() -> Self {
        Self { client: None }
    }
}

/// What a clock stands still for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Pause")]
pub(crate) enum Pause {
    /// An answer of the requester.
    Requester,
    /// A vendor that does not hold the ticket.
    Vendor,
    /// An agreed day.
    Window,
    /// Somebody's approval.
    Approval,
}

/// A rule to add.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewPromise")]
pub(crate) struct RuleIn {
    /// What is promised: `sla`, `ola` or `uc`, with `.response`, `.update`, `.resolution` or `.acceptance`.
    pub promise: String,
    /// To which client; to all when absent.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// For which tier of the agreement; empty for all.
    #[serde(default)]
    pub tier: String,
    /// For which service and all below it; empty for all.
    #[serde(default)]
    pub service: String,
    /// For which priority; for all when absent.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// Of an OLA or a UC by which party, of an SLA while which party holds; any when absent.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Party>")]
    pub party: Option<Id<Party>>,
    /// How long it may take, such as `4h`; absent where it is agreed that nothing is promised.
    #[serde(default)]
    pub within: Option<String>,
    /// The name of the hours that count; every minute when absent.
    #[serde(default)]
    pub hours: Option<String>,
    /// What the clock stands still for.
    #[serde(default)]
    pub paused_by: Vec<Pause>,
    /// From when on; now when absent.
    #[serde(default)]
    #[schemars(schema_with = "maybe_instant")]
    pub from: Option<At>,
}

impl Sample for RuleIn {
    fn sample() -> Self {
        Self {
            promise: "sla.response".to_owned(),
            client: None,
            tier: "gold".to_owned(),
            service: String::new(),
            priority: Some(Priority::P1),
            party: None,
            within: Some("30m".to_owned()),
            hours: None,
            paused_by: vec![Pause::Requester],
            from: None,
        }
    }
}

/// A rule that was added or taken back.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PromiseMade")]
pub(crate) struct RuleMade {
    /// Its id.
    #[schemars(schema_with = "id::<Rule>")]
    pub id: Id<Rule>,
}

impl Sample for RuleMade {
    fn sample() -> Self {
        Self { id: sample_id() }
    }
}

/// A rule.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Promise")]
pub(crate) struct RuleOut {
    /// Its id.
    #[schemars(schema_with = "id::<Rule>")]
    pub id: Id<Rule>,
    /// What is promised.
    pub promise: String,
    /// To which client; null for all.
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// For which tier; null for all.
    pub tier: Option<String>,
    /// For which service; null for all.
    pub service: Option<String>,
    /// For which priority; null for all.
    pub priority: Option<String>,
    /// How long it may take; null where nothing is promised.
    pub within: Option<String>,
    /// The hours that count; null for every minute.
    pub hours: Option<String>,
    /// Whether it takes an earlier rule back.
    pub withdraws: bool,
    /// From when on.
    #[schemars(schema_with = "instant")]
    pub from: At,
    /// Who wrote it.
    pub by: String,
}

impl From<ListedRule> for RuleOut {
    fn from(listed: ListedRule) -> Self {
        let ListedRule { rule, .. } = listed;
        let within = match &rule.term {
            Term::Within(within) => Some(within),
            Term::NoPromise | Term::Withdrawn => None,
        };
        let hours = within.and_then(|within| match &within.hours {
            Hours::Calendar(name) => Some(name.to_string()),
            Hours::EveryMinute => None,
        });
        Self {
            id: listed.id,
            promise: promise_key(rule.promise).to_owned(),
            client: listed.client,
            tier: rule.scope.tier,
            service: rule.scope.service.map(|service| service.to_string()),
            priority: rule.scope.priority,
            within: within.map(|within| within.length.compact()),
            hours,
            withdraws: rule.term == Term::Withdrawn,
            from: rule.from,
            by: listed.created_by,
        }
    }
}

/// Hours to add.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewPromiseCalendar")]
pub(crate) struct CalendarIn {
    /// The client whose SLAs are counted in them.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// The party whose promises are counted in them.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Party>")]
    pub party: Option<Id<Party>>,
    /// The name that rules use.
    pub name: String,
    /// From when on; now when absent.
    #[serde(default)]
    #[schemars(schema_with = "maybe_instant")]
    pub from: Option<At>,
    /// The hours, as in the text of a matrix; the zone must be named.
    pub hours: CalendarDraft,
}

impl Sample for CalendarIn {
    fn sample() -> Self {
        let week = [("mon-fri".to_owned(), "08:00-18:00".to_owned())];
        Self {
            client: None,
            party: None,
            name: "office".to_owned(),
            from: None,
            hours: CalendarDraft {
                zone: Some("America/Los_Angeles".to_owned()),
                week: week.into(),
                holidays: vec!["US-CA".to_owned()],
                ..CalendarDraft::default()
            },
        }
    }
}

/// Hours that were added.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PromiseCalendarMade")]
pub(crate) struct CalendarMade {
    /// Their id.
    #[schemars(schema_with = "id::<Calendar>")]
    pub id: Id<Calendar>,
}

impl Sample for CalendarMade {
    fn sample() -> Self {
        Self { id: sample_id() }
    }
}

/// Hours that count.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PromiseCalendar")]
pub(crate) struct CalendarOut {
    /// Their id.
    #[schemars(schema_with = "id::<Calendar>")]
    pub id: Id<Calendar>,
    /// The client whose SLAs are counted in them.
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// The party whose promises are counted in them.
    #[schemars(schema_with = "maybe_id::<Party>")]
    pub party: Option<Id<Party>>,
    /// The name that rules use.
    pub name: String,
    /// From when on.
    #[schemars(schema_with = "instant")]
    pub from: At,
    /// The hours.
    pub hours: CalendarDraft,
}

impl From<ListedCalendar> for CalendarOut {
    fn from(listed: ListedCalendar) -> Self {
        let ListedCalendar { id, client, party, name, from, hours } = listed;
        Self { id, client, party, name: name.to_string(), from, hours }
    }
}

impl Sample for Vec<RuleOut> {
    fn sample() -> Self {
        vec![RuleOut {
            id: sample_id(),
            promise: "sla.response".to_owned(),
            client: None,
            tier: Some("gold".to_owned()),
            service: None,
            priority: Some("P1".to_owned()),
            within: Some("30m".to_owned()),
            hours: None,
            withdraws: false,
            from: sample_at(),
            by: "Mara Quist".to_owned(),
        }]
    }
}

impl Sample for Vec<CalendarOut> {
    fn sample() -> Self {
        let CalendarIn { client, party, name, hours, .. } = CalendarIn::sample();
        vec![CalendarOut { id: sample_id(), client, party, name, from: sample_at(), hours }]
    }
}

impl Sample for Seen {
    fn sample() -> Self {
        let holder = Named { name: "Lanternworks IT".to_owned(), kind: PartyKind::Provider };
        let (length, consumed) = (Millis::from_hours(4), Millis::from_hours(1));
        let part = PartSeen {
            from: sample_at(),
            to: sample_at() + consumed,
            holder: holder.clone(),
            counted: consumed,
            why: "counted".to_owned(),
        };
        let clock = ClockSeen {
            promise: "sla.resolution",
            name: "",
            party: None,
            number: 1,
            state: "running",
            words: "runs",
            ended: false,
            length: Some(length),
            consumed,
            due: Some(sample_at() + length),
            met: None,
            breached: None,
            said_by: "SLA: solution, tier gold: 4 h, day and night".to_owned(),
            parts: vec![part],
        };
        let share = ShareSeen { party: holder, used: consumed, beyond: Millis::ZERO };
        Self { at: sample_at() + consumed, clocks: vec![clock], shares: vec![share] }
    }
}

impl RuleIn {
    fn read(self) -> Result<NewRule, Refused> {
        let wrong = |name, words: String| Refused::Invalid(vec![Field::new(name, words)]);
        let promise = promise_of(&self.promise);
        let promise = promise.ok_or_else(|| {
            wrong(
                "promise",
                "write sla, ola or uc, with .response, .update, .resolution or .acceptance".to_owned(),
            )
        })?;
        let hours = match &self.hours {
            None => Hours::EveryMinute,
            Some(name) => Hours::Calendar(Slug::parse(name).map_err(|e| wrong("hours", e.to_string()))?),
        };
        let waits = self.paused_by.iter().fold(Waits::NONE, |all, pause| {
            all.with(match pause {
                Pause::Requester => Wait::Requester,
                Pause::Vendor => Wait::Vendor,
                Pause::Window => Wait::Window,
                Pause::Approval => Wait::Approval,
            })
        });
        let term = match &self.within {
            None => Term::NoPromise,
            Some(text) => {
                let length = Millis::parse(text).map_err(|e| wrong("within", e.to_string()))?;
                Term::Within(Within { length, hours, paused_by: waits })
            }
        };
        Ok(NewRule {
            promise,
            client: self.client,
            tier: self.tier,
            service: self.service,
            priority: self.priority,
            party: self.party,
            from: self.from,
            term,
        })
    }
}

async fn list(State(site): State<Site>, who: Who, Asked(of): Asked<Of>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| promises::rules(tx, act, of.client);
    let found: Vec<RuleOut> =
        site.app.read(&who.caller, read).await?.into_iter().map(RuleOut::from).collect();
    Ok(Json(found).into_response())
}

async fn add(once: Once<RuleIn>) -> Result<Response, Error> {
    once.make(move |tx, act, body| {
        act.require(Permission::ManageClients)?;
        let id = promises::add_rule(tx, act, &body.read()?)?;
        Ok(Made::now(RuleMade { id }))
    })
    .await
}

async fn end(InPath(id): InPath<Id<Rule>>, once: Once<Nothing>) -> Result<Response, Error> {
    once.make(move |tx, act, _| {
        promises::end_rule(tx, act, id)?;
        Ok(Made::now(RuleMade { id }))
    })
    .await
}

async fn list_hours(State(site): State<Site>, who: Who, Asked(of): Asked<Of>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| promises::calendars(tx, act, of.client);
    let found: Vec<CalendarOut> =
        site.app.read(&who.caller, read).await?.into_iter().map(CalendarOut::from).collect();
    Ok(Json(found).into_response())
}

async fn add_hours(once: Once<CalendarIn>) -> Result<Response, Error> {
    once.make(move |tx, act, body| {
        let CalendarIn { client, party, name, from, hours } = body;
        let id = promises::add_calendar(tx, act, &NewCalendar { client, party, name, from, hours })?;
        Ok(Made::now(CalendarMade { id }))
    })
    .await
}

async fn explain(
    State(site): State<Site>,
    who: Who,
    InPath(id): InPath<Id<Ticket>>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| clocks::clocks(tx, act, id);
    let (_, seen) = site.app.read(&who.caller, read).await?;
    Ok(Json(seen).into_response())
}

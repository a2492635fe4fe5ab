//! One deed for several tickets.

use axum::response::Response;
use remit_core::Id;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GROUP;
use super::shown::words;
use crate::api::once::{Made, Once};
use crate::api::operation::{Operation, Routes, Sample};
use crate::api::wire::{id, ids, maybe_id, sample_id};
use crate::people::Membership;
use crate::tickets::{self, BulkDeed, Outcome, Status, Ticket};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.on(
        Operation::post("/tickets/bulk", "changeTickets", GROUP, "Do one thing to several tickets")
            .about("To at most 200, in their order. Each is a unit of work of its own: what cannot be done to one keeps nothing from the others, and the answer says what became of each. A request with an Idempotency-Key that broke off is done again from the start; what is done already changes nothing then.")
            .body::<BulkIn>()
            .conflicts()
            .ok::<BulkOut>("What became of each."),
        change,
    )
}

/// What is done to each of several tickets.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", deny_unknown_fields, rename_all = "kebab-case", rename_all_fields = "kebab-case")]
#[schemars(rename = "BulkDeed")]
pub(crate) enum DeedIn {
    /// Say who works on it first.
    Assign {
        /// Somebody of the party that holds it; null for nobody.
        #[serde(deserialize_with = "Option::deserialize")]
        #[schemars(schema_with = "maybe_id::<Membership>")]
        worker: Option<Id<Membership>>,
    },
    /// Move its status from wherever it stands.
    Status {
        /// Where it is to stand.
        to: Status,
    },
    /// Put words on it and take others off it.
    Tag {
        /// Words of at most 40 characters; those that it has already stay.
        #[serde(default)]
        add: Vec<String>,
        /// Words that it has no longer.
        #[serde(default)]
        remove: Vec<String>,
    },
    /// Follow it.
    Watch {},
    /// Merge it into another.
    Merge {
        /// The number of the ticket that goes on.
        into: i64,
    },
}

/// One deed for several tickets.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "BulkChange")]
pub(crate) struct BulkIn {
    /// Which; at most 200.
    #[schemars(schema_with = "ids::<Ticket>")]
    pub tickets: Vec<Id<Ticket>>,
    /// What is done to each.
    pub deed: DeedIn,
}

/// What became of several tickets.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "BulkResult")]
pub(crate) struct BulkOut {
    /// To how many it was done.
    pub done: usize,
    /// What became of each, in their order.
    pub tickets: Vec<OutcomeOut>,
}

/// What became of one of them.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "BulkOutcome")]
pub(crate) struct OutcomeOut {
    /// Which.
    #[schemars(schema_with = "id::<Ticket>")]
    pub ticket: Id<Ticket>,
    /// Whether it was done.
    pub done: bool,
    /// Why it was not; null where it was.
    pub why_not: Option<String>,
}

impl From<DeedIn> for BulkDeed {
    fn from(deed: DeedIn) -> Self {
        match deed {
            DeedIn::Assign { worker } => Self::Assign(worker),
            DeedIn::Status { to } => Self::Status(to),
            DeedIn::Tag { add, remove } => Self::Tag { add, remove },
            DeedIn::Watch {} => Self::Watch,
            DeedIn::Merge { into } => Self::Merge(into),
        }
    }
}

impl From<Vec<Outcome>> for BulkOut {
    fn from(all: Vec<Outcome>) -> Self {
        let out = |one: Outcome| OutcomeOut {
            ticket: one.ticket,
            done: one.why_not.is_none(),
            why_not: one.why_not,
        };
        let tickets: Vec<OutcomeOut> = all.into_iter().map(out).collect();
        Self { done: tickets.iter().filter(|one| one.done).count(), tickets }
    }
}

impl Sample for BulkIn {
    fn sample() -> Self {
        Self { tickets: vec![sample_id()], deed: DeedIn::Tag { add: vec![words("vpn")], remove: Vec::new() } }
    }
}

impl Sample for BulkOut {
    fn sample() -> Self {
        let why = words(
            "Internal IT of Mill Street Dental IT holds it: you can write into it, and ask for it there",
        );
        let of =
            |why_not: Option<String>| OutcomeOut { ticket: sample_id(), done: why_not.is_none(), why_not };
        Self { done: 1, tickets: vec![of(None), of(Some(why))] }
    }
}

async fn change(once: Once<BulkIn>) -> Result<Response, Error> {
    tickets::few(once.body.tickets.len())?;
    once.make_with(async |app, who, asked: BulkIn, known| {
        let before = known.clone();
        let found = app.write(&who.caller, move |tx, act| before.before(tx, act)).await?;
        if let Some(ended) = found {
            return Ok(ended);
        }
        let all = tickets::bulk(&app, &who.caller, &asked.tickets, &asked.deed.into()).await?;
        let made = Made::now(BulkOut::from(all));
        app.write(&who.caller, move |tx, act| known.keep(tx, act, &made, &made)).await
    })
    .await
}

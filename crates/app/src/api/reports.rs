//! Reports: sums over many tickets.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{Id, Millis};
use remit_db::Tx;
use remit_promise::Promise;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::operation::{Operation, Routes, Sample};
use super::wire::{Asked, hashed, id, maybe_id, sample_id, wrong_parameter};
use crate::act::Act;
use crate::clients::Client;
use crate::people::{Party, PartyKind};
use crate::promises::promise_key;
use crate::ratings::Sums;
use crate::refused::Refused;
use crate::reports::{Missed, Month, Report, Share, desk};
use crate::site::Site;
use crate::tickets::outcome::{Figures, PROMISES, SolvedBy};

const GROUP: &str = "Reports";

pub(super) fn routes(routes: Routes) -> Routes {
    routes.on(
        Operation::get("/reports/desk", "getDeskReport", GROUP, "Show what became of tickets, month by month")
            .about(
                "What is said of a ticket besides that it was opened is said in the month in which it was solved, on its client’s wall clock. \
                 What is reopened leaves that month; what was merged is counted once, where it goes on.",
            )
            .query::<DeskWanted>()
            .ok::<DeskOut>("The report."),
        show,
    )
}

/// Which report.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "DeskReportWanted")]
pub(crate) struct DeskWanted {
    /// The month that is looked at closely, such as `2027-01`; the present one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub month: Option<String>,
    /// Of one client; of all within reach when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "id::<Client>")]
    pub client: Option<Id<Client>>,
}

/// What became of tickets.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DeskReport")]
pub(crate) struct DeskOut {
    /// The month that is looked at closely.
    pub month: String,
    /// Of which client; null of all within reach.
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// Twelve months, the oldest first.
    pub months: Vec<MonthOut>,
    /// What was missed in the chosen month, and whose time that took.
    pub missed: Vec<MissedOut>,
    /// Open tickets whose next promise is past its time and still owed, now; counted to 1000. They come into a month once they are solved.
    pub late_now: i64,
}

/// What happened in a month.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DeskMonth")]
pub(crate) struct MonthOut {
    /// Which.
    pub month: String,
    /// Tickets that were opened.
    pub opened: i64,
    /// Tickets that were solved.
    pub solved: i64,
    /// The same by who solved them; adds up to it.
    pub solved_by: Vec<SolvedByOut>,
    /// How often those that were solved had been taken over.
    pub handed_over: i64,
    /// How often those came back to a team that had held them before.
    pub bounced: i64,
    /// Promises about them that were kept or missed.
    pub promises: Vec<PromiseOut>,
    /// How it was, as whoever asked for one said in that month.
    pub ratings: RatingsOut,
}

/// How it was, as whoever asked for a ticket said.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DeskRatings")]
pub(crate) struct RatingsOut {
    /// How many were content.
    pub good: i64,
    /// How many were neither.
    pub fair: i64,
    /// How many were not.
    pub poor: i64,
}

/// Tickets that somebody solved.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DeskSolvedBy")]
pub(crate) struct SolvedByOut {
    /// A line of the provider, or another company.
    pub by: SolvedBy,
    /// How many.
    pub tickets: i64,
}

/// How often a promise was kept.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DeskPromise")]
pub(crate) struct PromiseOut {
    /// Which, such as `sla.response`.
    pub promise: &'static str,
    /// How often it was kept.
    pub kept: i64,
    /// How often it was missed.
    pub missed: i64,
}

/// A promise that was missed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DeskMissed")]
pub(crate) struct MissedOut {
    /// Which.
    pub promise: &'static str,
    /// How often.
    pub times: i64,
    /// What its clocks have used.
    #[schemars(with = "String")]
    pub used: Millis,
    /// Whose time that was; adds up to it.
    pub shares: Vec<DeskShareOut>,
}

/// What one party used.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DeskShare")]
pub(crate) struct DeskShareOut {
    /// Who; null for all that are not named.
    #[schemars(schema_with = "maybe_id::<Party>")]
    pub party: Option<Id<Party>>,
    /// What they are called.
    pub name: String,
    /// What they are; null where they are not all the same.
    pub kind: Option<PartyKind>,
    /// What they used.
    #[schemars(with = "String")]
    pub used: Millis,
}

impl MonthOut {
    fn of((month, figures): (Month, &Figures), Sums { good, fair, poor }: Sums) -> Self {
        let by = |by: &SolvedBy| SolvedByOut { by: *by, tickets: figures.by(*by) };
        let promise = |promise: Promise| {
            let (kept, missed) = figures.promise(promise);
            (kept + missed > 0).then(|| PromiseOut { promise: promise_key(promise), kept, missed })
        };
        Self {
            month: month.to_string(),
            opened: figures.opened(),
            solved: figures.solved(),
            solved_by: SolvedBy::ALL.iter().map(by).collect(),
            handed_over: figures.handed(),
            bounced: figures.bounced(),
            promises: PROMISES.into_iter().filter_map(promise).collect(),
            ratings: RatingsOut { good, fair, poor },
        }
    }
}

impl From<Missed> for MissedOut {
    fn from(missed: Missed) -> Self {
        let share = |Share { party, name, kind, millis }| DeskShareOut {
            party,
            name,
            kind,
            used: Millis::from_millis(millis),
        };
        Self {
            promise: promise_key(missed.promise),
            times: missed.times,
            used: Millis::from_millis(missed.total),
            shares: missed.shares.into_iter().map(share).collect(),
        }
    }
}

impl From<Report> for DeskOut {
    fn from(report: Report) -> Self {
        let each = report.months.iter().map(|(month, of)| MonthOut::of((*month, of), report.rated(month)));
        Self {
            month: report.chosen.to_string(),
            months: each.collect(),
            client: report.client.map(|(id, _)| id),
            missed: report.missed.into_iter().map(MissedOut::from).collect(),
            late_now: report.late,
        }
    }
}

impl Sample for DeskWanted {
    fn sample() -> Self {
        Self { month: Some("2027-01".to_owned()), client: None }
    }
}

impl Sample for DeskOut {
    fn sample() -> Self {
        let solved_by = SolvedBy::ALL.iter().map(|by| SolvedByOut { by: *by, tickets: 1 }).collect();
        let month = MonthOut {
            month: "2027-01".to_owned(),
            opened: 7,
            solved: 6,
            solved_by,
            handed_over: 4,
            bounced: 1,
            promises: vec![PromiseOut { promise: "sla.resolution", kept: 5, missed: 1 }],
            ratings: RatingsOut { good: 3, fair: 1, poor: 0 },
        };
        let share = DeskShareOut {
            party: Some(sample_id()),
            name: "Northwind".to_owned(),
            kind: Some(PartyKind::Provider),
            used: Millis::from_minutes(330),
        };
        let missed = MissedOut {
            promise: "sla.resolution",
            times: 1,
            used: Millis::from_minutes(330),
            shares: vec![share],
        };
        Self {
            month: "2027-01".to_owned(),
            client: None,
            months: vec![month],
            missed: vec![missed],
            late_now: 2,
        }
    }
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Asked(wanted): Asked<DeskWanted>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let month = wanted.month.map(|text| text.parse::<Month>()).transpose();
    let month = month.map_err(|why| wrong_parameter("month", format!("{why}.")))?;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| desk(tx, act, (month, wanted.client));
    let report = match site.app.read(&who.caller, read).await {
        Err(Refused::NotFound) => {
            return Err(wrong_parameter("client", "There is no such client within your reach."));
        }
        other => other?,
    };
    hashed(&headers, &DeskOut::from(report))
}

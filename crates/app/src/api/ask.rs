//! Questions to the matrix: who owns a duty at an instant and through a week, what is in force.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use remit_core::Id;
use remit_matrix::Matrix;
use remit_matrix::ask::{self, Answer, Asker, Lane, Lanes, Unclear, Values};
use remit_matrix::model::Dimension;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::operation::{Operation, Routes, Sample};
use super::versions::{VersionOut, etag};
use super::wire::{Asked, Named, tagged, wrong_parameter};
use crate::Act;
use crate::clients::{self, Client};
use crate::matrix::{in_force, in_force_signed};
use crate::refused::Refused;
use crate::site::Site;

const GROUP: &str = "Ownership";
/// The longest text of a question.
const LONGEST: usize = 200;
type Tx<'u, 'c> = remit_db::Tx<'u, 'c>;

/// What is asked. What is not said is `other`, the kind an incident, and the instant now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Question")]
pub(crate) struct Question {
    /// A service of the catalogue, or words for it.
    #[schemars(length(min = 1, max = 200))]
    pub service: String,
    /// Wall time of the client, such as 2027-01-03T02:00, or an instant with its offset. Now if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// The support line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier: String,
    /// How urgent it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub priority: String,
    /// Where.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub site: String,
    /// On what kind of asset.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub asset_class: String,
    /// Who asks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub requester_group: String,
    /// What kind of work it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
}

/// Which week is drawn.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "WhichWeek")]
pub(crate) struct WhichWeek {
    /// A service, or words for it; all top-level services if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(length(max = 200))]
    pub service: String,
    /// A day of the week; today if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// The support line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier: String,
}

/// Who owns it through a week.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Week")]
pub(crate) struct WeekOut {
    /// The number of the version that holds in the last minute of the week.
    pub version: i64,
    /// Its first day.
    #[schemars(schema_with = "super::wire::day")]
    pub monday: remit_core::Date,
    /// The client's zone.
    pub zone: String,
    /// One lane for each service or tier.
    pub lanes: Vec<Lane>,
    /// What was assumed.
    pub notes: Vec<String>,
}

impl Sample for Question {
    fn sample() -> Self {
        let none = String::new;
        Self {
            service: "helpdesk".to_owned(),
            at: "2027-01-03T02:00".to_owned(),
            tier: none(),
            priority: none(),
            site: none(),
            asset_class: none(),
            requester_group: none(),
            kind: none(),
        }
    }
}

impl Sample for WhichWeek {
    fn sample() -> Self {
        Self { service: "helpdesk".to_owned(), from: "2027-01-04".to_owned(), tier: String::new() }
    }
}

/// An answer out of a matrix as it could be.
fn example() -> Arc<Matrix> {
    let options =
        remit_matrix::templates::TemplateOptions::fully_managed("Mill Street Dental", "America/Los_Angeles");
    let draft = remit_matrix::templates::draft(&options).expect("the template is one");
    Arc::new(Matrix::check(draft).expect("a template can be read"))
}

impl Sample for Answer {
    fn sample() -> Self {
        let matrix = example();
        let values = Values::new(&matrix, |_| None).expect("nothing is given");
        let at = super::wire::sample_at();
        let asker = Asker::new(&matrix, at).expect("it is an instant");
        asker
            .answer(matrix.services.get("helpdesk").expect("it is one of the catalogue"), &values, at)
            .expect("the service is one of the catalogue")
    }
}

impl Sample for WeekOut {
    fn sample() -> Self {
        let matrix = example();
        let values = Values::new(&matrix, |_| None).expect("nothing is given");
        let monday = "2027-01-04".parse().expect("it is a day");
        let lanes =
            Lanes::new(&matrix, monday, ask::week_around(monday, &matrix.zone)).expect("it is a week");
        let lanes = lanes.of_service("helpdesk", &values).expect("the service is one of the catalogue");
        Self { version: 1, monday, zone: matrix.zone.name().to_owned(), lanes, notes: Vec::new() }
    }
}

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get(
                "/clients/{client}/matrix",
                "getMatrix",
                GROUP,
                "Show the version that is in force",
            )
            .ok::<VersionOut>("The version.")
            .tagged(),
            show,
        )
        .on(
            Operation::get(
                "/clients/{client}/matrix/owner",
                "whoOwns",
                GROUP,
                "Say who owns a duty at an instant, and why",
            )
            .about("Asked of the version that was in force then. 404 when none was.")
            .query::<Question>()
            .ok::<Answer>("The answer."),
            who_owns,
        )
        .on(
            Operation::get(
                "/clients/{client}/matrix/week",
                "getWeek",
                GROUP,
                "Say who owns duties minute by minute through a week",
            )
            .query::<WhichWeek>()
            .ok::<WeekOut>("The week."),
            week,
        )
}

fn unclear(field: &str, why: &Unclear) -> Error {
    let hint = why.hint.as_ref().map_or_else(String::new, |hint| format!("; {hint}"));
    wrong_parameter(field, format!("{}{hint}.", why.message))
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Client>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let read =
        move |tx: &mut Tx<'_, '_>, act: &Act| in_force_signed(tx, act, id, act.at)?.ok_or(Refused::NotFound);
    let found = site.app.read(&who.caller, read).await?;
    let etag = etag(&found);
    Ok(tagged(&headers, &VersionOut::from(found), &etag))
}

async fn who_owns(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Client>>,
    Asked(question): Asked<Question>,
) -> Result<Response, Error> {
    if question.service.trim().is_empty() || question.service.chars().count() > LONGEST {
        return Err(wrong_parameter("service", format!("Write 1 to {LONGEST} characters.")));
    }
    let client = site.app.read(&who.caller, move |tx, act| clients::find(tx, act, id)).await?;
    let zone = client.wall_clock()?;
    let given = Some(question.at.as_str()).filter(|at| !at.is_empty());
    let instant = ask::instant(given, &zone, site.app.now()).map_err(|why| unclear("at", &why))?;
    let at = instant.at;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| in_force(tx, act, id, at)?.ok_or(Refused::NotFound);
    let version = site.app.read(&who.caller, read).await?;
    let shelf = site.app.shelf();
    let matrix = shelf.matrix(&version.text).await?;
    let values = Values::new(&matrix, |dimension| {
        let given = match dimension {
            Dimension::Tier => &question.tier,
            Dimension::Priority => &question.priority,
            Dimension::Site => &question.site,
            Dimension::AssetClass => &question.asset_class,
            Dimension::RequesterGroup => &question.requester_group,
            Dimension::Kind => &question.kind,
            Dimension::Service | Dimension::Time => return None,
        };
        Some(given.as_str()).filter(|text| !text.trim().is_empty())
    });
    let values = values.map_err(|why| Error::malformed(format!("{}.", why.message)))?;
    let meant = ask::meant(&matrix.services, &question.service).map_err(|why| unclear("service", &why))?;
    let asker = shelf.asker(&version.text, at).await?.map_err(|why| unclear("at", &why))?;
    let mut answer = asker.answer(meant.service, &values, at).map_err(|why| unclear("service", &why))?;
    answer.notes = meant.note.into_iter().chain(instant.note).chain(answer.notes).collect();
    Ok(Json(answer).into_response())
}

async fn week(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Client>>,
    Asked(wanted): Asked<WhichWeek>,
) -> Result<Response, Error> {
    if wanted.service.chars().count() > LONGEST {
        return Err(wrong_parameter("service", format!("Write at most {LONGEST} characters.")));
    }
    let client = site.app.read(&who.caller, move |tx, act| clients::find(tx, act, id)).await?;
    let zone = client.wall_clock()?;
    let day = match wanted.from.trim() {
        "" => zone.local(site.app.now()).date(),
        text => text.parse().map_err(|_| wrong_parameter("from", "Write a day such as 2027-01-31."))?,
    };
    let monday = ask::monday_of(day).map_err(|why| unclear("from", &why))?;
    let around = ask::week_around(monday, &zone);
    let last = around.end - remit_core::Millis::from_minutes(1);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| in_force(tx, act, id, last)?.ok_or(Refused::NotFound);
    let version = site.app.read(&who.caller, read).await?;
    let shelf = site.app.shelf();
    let matrix = shelf.matrix(&version.text).await?;
    let tier = Some(wanted.tier.as_str()).filter(|tier| !tier.is_empty());
    let values = Values::new(&matrix, |dimension| tier.filter(|_| dimension == Dimension::Tier));
    let values = values.map_err(|why| unclear("tier", &why))?;
    let lanes = shelf.week(&version.text, monday).await?.map_err(|why| unclear("from", &why))?;
    let mut notes = lanes.clock_notes();
    let lanes = if wanted.service.trim().is_empty() {
        lanes.of_all(&values)
    } else {
        let meant = ask::meant(&matrix.services, &wanted.service).map_err(|why| unclear("service", &why))?;
        notes.extend(meant.note);
        lanes.of_service(&meant.service.id, &values)
    };
    let lanes = lanes.map_err(|why| unclear("service", &why))?;
    let zone = zone.name().to_owned();
    Ok(Json(WeekOut { version: version.number, monday, zone, lanes, notes }).into_response())
}

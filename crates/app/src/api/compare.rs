//! What a version changes.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use remit_core::{Date, Horizon, Id};
use remit_matrix::diff::diff;
use remit_matrix::diff::plain::{Move, moves};
use remit_matrix::text;
use remit_matrix::verify::HORIZON_MONTHS;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::operation::{Operation, Routes, Sample};
use super::wire::{Asked, Named, wrong_parameter};
use crate::Act;
use crate::clients::{self, Client};
use crate::matrix::{draft, numbered};
use crate::refused::Refused;
use crate::site::Site;

const GROUP: &str = "Ownership";
type Tx<'u, 'c> = remit_db::Tx<'u, 'c>;

/// Which two are compared: a number of a version, or `draft`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Pair")]
pub(crate) struct Pair {
    /// The first.
    pub from: String,
    /// The second.
    pub to: String,
}

/// What changes from one version to another, over the 13 months of a proof.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Difference")]
pub(crate) struct DifferenceOut {
    /// Whether they say the same in every respect.
    pub same: bool,
    /// Duties that pass from one owner to another, the largest first.
    pub moves: Vec<MoveOut>,
    /// Ids of rows only in the second.
    pub added: Vec<String>,
    /// Ids of rows only in the first.
    pub removed: Vec<String>,
    /// Ids of rows in both that differ.
    pub changed: Vec<String>,
}

/// Duties that pass.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Move")]
pub(crate) struct MoveOut {
    /// The party and team before.
    pub from: String,
    /// The party and team after.
    pub to: String,
    /// What passes, and when.
    pub duties: Vec<DutyOut>,
    /// Duties beyond those listed.
    pub more: usize,
}

/// What passes, and when.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Duty")]
pub(crate) struct DutyOut {
    /// Services and conditions.
    pub what: String,
    /// When.
    pub when: String,
    /// How long that is in a week.
    pub weekly: String,
    /// For the first time.
    pub first: String,
}

impl From<Move> for MoveOut {
    fn from(found: Move) -> Self {
        let words = |side: remit_matrix::diff::plain::Side| {
            if side.team.is_empty() { side.party } else { format!("{} ({})", side.party, side.team) }
        };
        let duties = found.duties.into_iter().map(|duty| DutyOut {
            what: duty.what,
            when: duty.when,
            weekly: duty.weekly,
            first: duty.first,
        });
        Self { duties: duties.collect(), from: words(found.from), to: words(found.to), more: found.more }
    }
}

impl Sample for Pair {
    fn sample() -> Self {
        Self { from: "1".to_owned(), to: "draft".to_owned() }
    }
}

impl Sample for DifferenceOut {
    fn sample() -> Self {
        let duty = DutyOut {
            what: "Help desk; tier L3".to_owned(),
            when: "outside office hours".to_owned(),
            weekly: "128 h".to_owned(),
            first: "Fri 2027-01-01 00:00".to_owned(),
        };
        let (from, to) = ("Mill Street Dental IT (Desk)".to_owned(), "Northwind (Night desk)".to_owned());
        let moves = vec![MoveOut { from, to, duties: vec![duty], more: 0 }];
        Self {
            same: false,
            moves,
            added: vec!["nights".to_owned()],
            removed: Vec::new(),
            changed: Vec::new(),
        }
    }
}

pub(super) fn routes(routes: Routes) -> Routes {
    routes.on(
        Operation::get(
            "/clients/{client}/matrix/difference",
            "compare",
            GROUP,
            "Say what changes from one version to another",
        )
        .query::<Pair>()
        .conflicts()
        .ok::<DifferenceOut>("What changes."),
        difference,
    )
}

async fn difference(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Client>>,
    Asked(pair): Asked<Pair>,
) -> Result<Response, Error> {
    for (name, which) in [("from", &pair.from), ("to", &pair.to)] {
        if which != "draft" && which.parse::<i64>().is_err() {
            return Err(wrong_parameter(name, "Write the number of a version, or draft."));
        }
    }
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let client = clients::find(tx, act, id)?;
        let zone = client.wall_clock()?;
        let today = zone.local(act.at).date();
        let (old, new) = (written(tx, act, id, &pair.from)?, written(tx, act, id, &pair.to)?);
        Ok((old.0, new.0, new.1.map_or(today, |day| day.max(today))))
    };
    let (old, new, from) = site.app.read(&who.caller, read).await?;
    let compare = move || -> Result<DifferenceOut, String> {
        let read = |written: &str| {
            let read = text::read("matrix.toml", written).map(Arc::new);
            read.map_err(|_| "the draft cannot be read as a matrix yet".to_owned())
        };
        let (old, new) = (read(&old)?, read(&new)?);
        let horizon = Horizon::months(from, &new.zone, HORIZON_MONTHS);
        let found = diff(&old, &new, horizon).map_err(|error| error.to_string())?;
        Ok(DifferenceOut {
            same: found.before == found.after,
            moves: moves(&found, &old, &new).into_iter().map(MoveOut::from).collect(),
            added: found.rows.added,
            removed: found.rows.removed,
            changed: found.rows.changed,
        })
    };
    let found = tokio::task::spawn_blocking(compare).await.map_err(Error::internal)?;
    found.map(|found| Json(found).into_response()).map_err(Error::Conflict)
}

/// A text, and from when on it is to hold.
fn written(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    which: &str,
) -> Result<(String, Option<Date>), Refused> {
    if which == "draft" {
        return Ok((draft(tx, act, client)?.ok_or(Refused::NotFound)?.text, None));
    }
    let version = numbered(tx, act, client, which.parse().map_err(|_| Refused::NotFound)?)?;
    Ok((version.text, Some(version.starts_on)))
}

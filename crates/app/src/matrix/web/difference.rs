//! What changes from one version to another, in plain words.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{Date, Horizon, Id};
use remit_matrix::Matrix;
use remit_matrix::diff::plain::{Move, moves};
use remit_matrix::diff::{RowChanges, diff};
use remit_matrix::text;
use remit_matrix::verify::HORIZON_MONTHS;
use remit_web::Error;

use super::{Tabs, Tx, frame};
use crate::Act;
use crate::clients::{self, Client, Summary};
use crate::matrix::aside;
use crate::matrix::{draft, numbered};
use crate::refused::Refused;
use crate::site::{Signed, Site, shell};

/// Duties of one move that are shown.
pub(super) const DUTIES: usize = 12;

/// What changes between two matrices.
pub(super) struct Changes {
    pub moves: Vec<Move>,
    pub rows: RowChanges,
    /// Whether they say the same in every respect.
    pub same: bool,
}

impl Changes {
    /// Compares over the months that a proof covers, from a day on.
    pub(super) fn between(before: &Arc<Matrix>, after: &Arc<Matrix>, from: Date) -> Result<Self, String> {
        let horizon = Horizon::months(from, &after.zone, HORIZON_MONTHS);
        let found = diff(before, after, horizon).map_err(|error| error.to_string())?;
        let same = found.before == found.after;
        Ok(Self { moves: moves(&found, before, after), rows: found.rows, same })
    }
}

/// A list of changes as part of a page.
#[derive(Template)]
#[template(path = "matrix/changes.html")]
pub(super) struct ChangeList<'c> {
    pub changes: &'c Changes,
}

impl ChangeList<'_> {
    /// Rows by what happened to them.
    fn rows(&self) -> Vec<(&'static str, &[String])> {
        let rows = &self.changes.rows;
        let all: [(_, &[String]); 3] =
            [("added", &rows.added), ("removed", &rows.removed), ("changed", &rows.changed)];
        all.into_iter().filter(|(_, ids)| !ids.is_empty()).collect()
    }
}

impl askama::filters::HtmlSafe for ChangeList<'_> {}

/// Which two; a number, or `draft`.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[derive(Template)]
#[template(path = "matrix/difference.html")]
struct DifferencePage {
    tabs: Tabs,
    client: Summary,
    wanted: Wanted,
    names: [String; 2],
    changes: Result<Changes, String>,
}

impl DifferencePage {
    fn list(changes: &Changes) -> ChangeList<'_> {
        ChangeList { changes }
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let [from, to] = [wanted.from.clone(), wanted.to.clone()];
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let client = clients::find(tx, act, id)?;
        Ok((client, one(tx, act, id, &from)?, one(tx, act, id, &to)?))
    };
    let (client, old, new) = site.app.read(&signed.caller, read).await?;
    let today = client.wall_clock()?.local(site.app.now()).date();
    let first = new.starts_on.map_or(today, |day| day.max(today));
    let names = [old.name, new.name];
    let changes =
        aside(move || {
            let read = |written: &str| text::read("matrix.toml", written).map(Arc::new);
            match (read(&old.text), read(&new.text)) {
                (Ok(old), Ok(new)) => Changes::between(&old, &new, first),
                _ => Err("The draft cannot be read as a matrix yet; mend what the draft page shows first."
                    .to_owned()),
            }
        })
        .await?;
    let page = DifferencePage { tabs: Tabs::new(&client, "/history"), client, wanted, names, changes };
    Ok(shell(frame(&signed, &page.client, "difference"), &page).answer(&headers))
}

struct Side {
    name: String,
    text: String,
    starts_on: Option<Date>,
}

fn one(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>, which: &str) -> Result<Side, Refused> {
    if which == "draft" {
        let draft = draft(tx, act, client)?.ok_or(Refused::NotFound)?;
        return Ok(Side { name: "the draft".to_owned(), text: draft.text, starts_on: None });
    }
    let version = numbered(tx, act, client, which.parse().map_err(|_| Refused::NotFound)?)?;
    Ok(Side {
        name: format!("version {}", version.number),
        text: version.text,
        starts_on: Some(version.starts_on),
    })
}

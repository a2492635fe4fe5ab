//! The page that looks for something.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use remit_core::Zone;
use remit_db::Tx;
use remit_db::search::Place;
use remit_web::Error;
use remit_web::paging::Key;

use super::{Found, Further, Piece, excerpt, find};
use crate::act::Act;
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell};
use crate::tickets::{Hit, Line};

/// Tickets on a page.
const PAGE: usize = 20;
/// Lines of a ticket that are shown.
const LINES: usize = 3;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/search", get(show))
}

#[derive(Debug, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "search/found.html")]
struct FoundPage {
    /// What was typed.
    typed: String,
    found: Found,
    /// Why nothing could be looked for.
    wrong: Option<String>,
    more: Option<String>,
    /// Whether the page goes on from another.
    further: bool,
    zone: Zone,
}

impl FoundPage {
    fn nothing_asked(&self) -> bool {
        self.typed.trim().is_empty()
    }

    fn subject(&self, subject: &str) -> Vec<Piece> {
        let whole = || vec![Piece { text: subject.to_owned(), marked: false }];
        self.found.query.as_ref().and_then(|query| excerpt(subject, query)).unwrap_or_else(whole)
    }

    /// The first lines with the words in what somebody wrote.
    fn excerpts<'h>(&self, hit: &'h Hit) -> Vec<(&'h Line, Vec<Piece>)> {
        let Some(query) = &self.found.query else { return Vec::new() };
        let first = |line: &'h Line| {
            let pieces = line.texts().into_iter().find_map(|text| excerpt(text, query))?;
            Some((line, pieces))
        };
        hit.lines.iter().filter_map(first).take(LINES).collect()
    }
}

/// Names the list in cursors: what was asked, and by whom.
pub(crate) fn list_of(signed: &crate::Caller, typed: &str) -> String {
    let whom = signed.membership.map(|id| id.to_string()).unwrap_or_default();
    format!("search {whom}: {typed}")
}

/// Where a search goes on, as a cursor.
pub(crate) fn keys(further: Further) -> Vec<Key> {
    vec![
        Key::Int(further.before.number),
        Key::Int(further.before.part),
        Key::Int(i64::from(further.mistyped)),
    ]
}

/// The same out of a cursor.
pub(crate) fn further((number, part, mistyped): (i64, i64, i64)) -> Further {
    Further { before: Place { number, part }, mistyped: mistyped == 1 }
}

async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let name = list_of(&signed.caller, &asked.q);
    let after = asked.after.as_deref().filter(|after| !after.is_empty());
    let behind = after.map(|text| site.cursors.read(&name, text)).transpose()?.map(further);
    let typed = asked.q.clone();
    let done = if typed.trim().is_empty() {
        Ok(Found::default())
    } else {
        let read = move |tx: &mut Tx<'_, '_>, act: &Act| find(tx, act, &typed, (behind, PAGE));
        site.app.read(&signed.caller, read).await
    };
    let (found, wrong) = match done {
        Ok(found) => (found, None),
        Err(Refused::Invalid(fields)) => (
            Found::default(),
            Some(fields.into_iter().map(|field| field.message).collect::<Vec<_>>().join("; ")),
        ),
        Err(other) => return Err(other.into()),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = FoundPage {
        more: found.next.map(|next| site.cursors.write(&name, &keys(next))),
        // What is too long to be looked for is not shown again in full either.
        typed: asked.q.chars().take(super::LONGEST).filter(|c| !c.is_control()).collect(),
        further: behind.is_some(),
        zone: signed.caller.zone.clone(),
        found,
        wrong,
    };
    Ok(shell(chrome(&signed, "Search", "/search"), &page).status(status).answer(&headers))
}

//! Page: the audit log within reach.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use remit_web::Error;
use remit_web::layout::Shell;

use super::{Line, list};
use crate::site::{Signed, Site, chrome};

/// Lines on a page.
const PAGE: u16 = 100;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/audit", get(show_audit))
}

#[derive(serde::Deserialize)]
struct Before {
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage {
    lines: Vec<Line>,
    more: Option<i64>,
}

async fn show_audit(
    State(site): State<Site>,
    signed: Signed,
    Query(Before { before }): Query<Before>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let lines = site.app.read(&signed.caller, move |tx, act| list(tx, act, before, PAGE)).await?;
    let more = lines.last().filter(|_| lines.len() == usize::from(PAGE)).map(|line| line.seq);
    let body = ListPage { lines, more }.render().expect("a page is written to a text");
    Ok(Shell::new(chrome(&signed, "Audit", "/audit"), body).answer(&headers))
}

//! Page: the audit log within reach.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use remit_core::Zone;
use remit_web::Error;
use remit_web::paging::Key;

use super::{Line, list};
use crate::site::{After, Signed, Site, chrome, page_of, shell};

/// Names the list in cursors.
const LIST: &str = "audit";
/// Lines on a page.
const PAGE: u16 = 100;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/audit", get(show_audit))
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage {
    lines: Vec<Line>,
    zone: Zone,
    more: Option<String>,
}

async fn show_audit(
    State(site): State<Site>,
    signed: Signed,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let before: Option<(i64,)> = after.map(|text| site.cursors.read(LIST, &text)).transpose()?;
    let before = before.map(|(seq,)| seq);
    let lines = site.app.read(&signed.caller, move |tx, act| list(tx, act, before, PAGE + 1)).await?;
    let (lines, next) = page_of(lines, PAGE, |line| vec![Key::Int(line.seq)]);
    let more = next.map(|keys| site.cursors.write(LIST, &keys));
    let page = ListPage { lines, zone: signed.caller.zone.clone(), more };
    Ok(shell(chrome(&signed, "Audit", "/audit"), &page).answer(&headers))
}

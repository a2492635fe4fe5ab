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
use crate::export::{self, Cell, Form};
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
    Query(After { after, format }): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if let Some(form) = Form::asked(format.as_deref())? {
        return whole_log(&site, &signed, form).await;
    }
    let before: Option<(i64,)> = after.map(|text| site.cursors.read(LIST, &text)).transpose()?;
    let before = before.map(|(seq,)| seq);
    let lines = site.app.read(&signed.caller, move |tx, act| list(tx, act, before, PAGE + 1)).await?;
    let (lines, next) = page_of(lines, PAGE, |line| vec![Key::Int(line.seq)]);
    let more = next.map(|keys| site.cursors.write(LIST, &keys));
    let page = ListPage { lines, zone: signed.caller.zone.clone(), more };
    Ok(shell(chrome(&signed, "Audit", "/audit"), &page).answer(&headers))
}

/// The log within reach as a file, the newest line first.
async fn whole_log(site: &Site, signed: &Signed, form: Form) -> Result<Response, Error> {
    let columns = export::heads(&["Line", "When", "Who", "What", "On", "Detail", "Seal"]);
    let kept = export::List { name: "audit".to_owned(), action: "audit.export", columns };
    let zone = signed.caller.zone.clone();
    let page = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act, behind: Option<i64>, most| {
        let found = list(tx, act, behind, most)?;
        let row = |line: &Line| {
            vec![
                Cell::Number(line.seq),
                export::instant(line.at, &zone),
                line.actor.as_str().into(),
                line.action.as_str().into(),
                line.subject.as_str().into(),
                line.detail.as_str().into(),
                blake3::Hash::from(line.seal).to_hex().as_str().into(),
            ]
        };
        Ok(export::rows(&found, most, row, |line| line.seq))
    };
    export::file((site, signed), form, kept, page).await
}

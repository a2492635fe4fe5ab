//! Page: going somewhere.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use remit_db::Tx;
use remit_web::Error;

use super::{Ways, ways};
use crate::act::Act;
use crate::refused::Refused;
use crate::search::LONGEST;
use crate::site::{Signed, Site, chrome, shell};

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/go", get(show))
}

#[derive(Debug, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "go/page.html")]
struct Page {
    typed: String,
    ways: Ways,
    /// Why nothing could be looked for.
    wrong: Option<String>,
}

async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(Asked { q }): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let typed: String = q.chars().take(LONGEST + 1).collect();
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| ways(tx, act, &typed);
    let (ways, wrong) = match site.app.read(&signed.caller, read).await {
        Ok(ways) => (ways, None),
        Err(Refused::Invalid(fields)) => {
            let why: Vec<String> = fields.into_iter().map(|field| field.message).collect();
            (Ways::default(), Some(why.join("; ")))
        }
        Err(other) => return Err(other.into()),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let typed = q.chars().take(LONGEST).filter(|c| !c.is_control()).collect();
    let page = Page { typed, ways, wrong };
    Ok(shell(chrome(&signed, "Go to", "/go"), &page).status(status).answer(&headers))
}

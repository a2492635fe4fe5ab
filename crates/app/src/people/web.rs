//! Page: people within reach.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use remit_core::Id;
use remit_web::Error;
use remit_web::layout::Shell;

use super::{Member, Membership, State as Standing, list};
use crate::refused::folded;
use crate::site::{Signed, Site, chrome};

/// People on a page.
const PAGE: u16 = 50;

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/people", get(list_people))
}

#[derive(serde::Deserialize)]
struct After {
    name: Option<String>,
    id: Option<Id<Membership>>,
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct ListPage {
    people: Vec<Member>,
    more: Option<(String, Id<Membership>)>,
}

async fn list_people(
    State(site): State<Site>,
    signed: Signed,
    Query(after): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let after = after.name.zip(after.id).map(|(name, id)| (folded(&name), id));
    let mut people = site.app.read(&signed.caller, move |tx, act| list(tx, act, after, PAGE + 1)).await?;
    let more = people.len() > usize::from(PAGE);
    people.truncate(usize::from(PAGE));
    let more = people.last().filter(|_| more).map(|last| (last.name.clone(), last.id));
    let body = ListPage { people, more }.render().expect("a page is written to a text");
    Ok(Shell::new(chrome(&signed, "People", "/people"), body).answer(&headers))
}

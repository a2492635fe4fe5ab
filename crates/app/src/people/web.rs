//! Page: people within reach.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use remit_web::Error;
use remit_web::paging::Key;
use uuid::Uuid;

use super::invite_web::{invite_person, new_person};
use super::{Member, PartyKind, Permission, State as Standing, list};
use crate::refused::folded;
use crate::site::{After, Signed, Site, chrome, page_of, shell};

/// Names the list in cursors.
const LIST: &str = "people by name";
/// People on a page.
const PAGE: u16 = 50;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/people", get(list_people).post(invite_person))
        .route("/people/new", get(new_person))
        .merge(super::person_web::routes())
        .merge(super::team_web::routes())
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct ListPage {
    people: Vec<Member>,
    more: Option<String>,
    may_invite: bool,
}

async fn list_people(
    State(site): State<Site>,
    signed: Signed,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let after: Option<(String, Uuid)> = after.map(|text| site.cursors.read(LIST, &text)).transpose()?;
    let people = site.app.read(&signed.caller, move |tx, act| list(tx, act, after, PAGE + 1)).await?;
    let (people, next) =
        page_of(people, PAGE, |member| vec![Key::Text(folded(&member.name)), Key::Id(member.id.uuid())]);
    let more = next.map(|keys| site.cursors.write(LIST, &keys));
    let may_invite = signed.caller.may(Permission::ManageProviderPeople)
        || (signed.caller.may(Permission::ManageClientPeople)
            && signed.caller.role.party() == PartyKind::Internal);
    Ok(shell(chrome(&signed, "People", "/people"), &ListPage { people, more, may_invite }).answer(&headers))
}

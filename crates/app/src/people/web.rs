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
use crate::export::{self, Form};
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
    Query(After { after, format }): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if let Some(form) = Form::asked(format.as_deref())? {
        return whole_list(&site, &signed, form).await;
    }
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

/// Everybody within reach as a file.
async fn whole_list(site: &Site, signed: &Signed, form: Form) -> Result<Response, Error> {
    let columns = export::heads(&["Name", "Role", "Address", "State", "Side", "Id"]);
    let kept = export::List { name: "people".to_owned(), action: "person.export", columns };
    let page = |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act, behind: Option<(String, Uuid)>, most| {
        let found = list(tx, act, behind, most)?;
        let row = |member: &Member| {
            vec![
                member.name.as_str().into(),
                member.role.name().into(),
                member.email.as_str().into(),
                member.state.key().into(),
                member.role.party().key().into(),
                member.id.to_string().as_str().into(),
            ]
        };
        Ok(export::rows(&found, most, row, |member| (folded(&member.name), member.id.uuid())))
    };
    export::file((site, signed), form, kept, page).await
}

//! Pages: the list of clients, and one client.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use remit_core::{Id, Zone};
use remit_web::layout::{Link, Shell};
use remit_web::paging::Key;
use remit_web::{Error, Form};

use super::{
    Agreement, Client, ContactSummary, SiteSummary, Summary, contacts, create, find, list, next_agreement,
    sites,
};
use crate::act::Act;
use crate::export::{self, Form as Sheet};
use crate::matrix::{self, Signed as Version, Standing};
use crate::people::Permission;
use crate::site::{After, Signed, Site, chrome, page_of, shell, told};

/// Names the list in cursors.
const LIST: &str = "clients by name";
/// Clients on a page.
const PAGE: u16 = 50;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/clients", get(list_clients).post(create_client))
        .route("/clients/new", get(new_client))
        .route("/clients/{id}", get(show_client))
        .merge(super::change_web::routes())
        .merge(super::site_web::routes())
        .merge(super::contact_web::routes())
}

#[derive(Template)]
#[template(path = "clients/list.html")]
struct ListPage {
    clients: Vec<Summary>,
    more: Option<String>,
    may_manage: bool,
}

async fn list_clients(
    State(site): State<Site>,
    signed: Signed,
    Query(After { after, format }): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if let Some(form) = Sheet::asked(format.as_deref())? {
        return whole_list(&site, &signed, form).await;
    }
    let after: Option<(String,)> = after.map(|text| site.cursors.read(LIST, &text)).transpose()?;
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &Act| {
        list(tx, act, after.as_ref().map(|(name,)| name.as_str()), PAGE + 1)
    };
    let clients = site.app.read(&signed.caller, read).await?;
    let (clients, next) = page_of(clients, PAGE, |client| vec![Key::Text(client.name.clone())]);
    let more = next.map(|keys| site.cursors.write(LIST, &keys));
    let page = ListPage { clients, more, may_manage: signed.caller.may(Permission::ManageClients) };
    Ok(shell(chrome(&signed, "Clients", "/clients"), &page).answer(&headers))
}

/// All clients within reach as a file.
async fn whole_list(site: &Site, signed: &Signed, form: Sheet) -> Result<Response, Error> {
    let columns = export::heads(&["Client", "Served", "Since", "Zone", "Added", "Id"]);
    let kept = export::List { name: "clients".to_owned(), action: "client.export", columns };
    let page = |tx: &mut remit_db::Tx<'_, '_>, act: &Act, behind: Option<String>, most| {
        let found = list(tx, act, behind.as_deref(), most)?;
        let row = |client: &Summary| {
            let zone = client.wall_clock().unwrap_or_else(|_| Zone::utc());
            let since = client.agreement.as_ref().map(|agreement| agreement.starts_on.to_string());
            vec![
                client.name.as_str().into(),
                client.served().as_str().into(),
                since.as_deref().into(),
                client.zone.as_str().into(),
                export::instant(client.created_at, &zone),
                client.id.to_string().as_str().into(),
            ]
        };
        Ok(export::rows(&found, most, row, |client| client.name.clone()))
    };
    export::file((site, signed), form, kept, page).await
}

#[derive(Template)]
#[template(path = "clients/new.html")]
struct NewPage<'p> {
    form: &'p Form,
}

async fn new_client(signed: Signed) -> Result<Shell, Error> {
    signed.caller.require(Permission::ManageClients)?;
    Ok(new_page(&signed, &Form::default()))
}

fn new_page(signed: &Signed, form: &Form) -> Shell {
    shell(chrome(signed, "New client", "/clients"), &NewPage { form })
}

async fn create_client(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClients)?;
    form.only(&["name", "zone"])?;
    let (name, zone) = (form.value("name").to_owned(), form.value("zone").to_owned());
    match site.app.write(&signed.caller, move |tx, act| create(tx, act, &name, &zone)).await {
        Ok(id) => Ok(Redirect::to(&format!("/clients/{id}")).into_response()),
        Err(refused) => {
            told(&mut form, "name", refused)?;
            Ok(new_page(&signed, &form).status(form.status()).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "clients/show.html")]
struct ShowPage {
    client: Summary,
    next: Option<Agreement>,
    zone: Zone,
    in_force: Option<Version>,
    versions: Vec<Version>,
    has_draft: bool,
    sites: Vec<SiteSummary>,
    may_manage: bool,
    /// Further pages about its work that the caller may see: what they are called, and where they are.
    further: Vec<(&'static str, String)>,
    /// For those who may see people.
    contacts: Option<Vec<ContactSummary>>,
    may_manage_contacts: bool,
}

/// Versions of the matrix that the page of a client shows; all of them stand in its history.
const RECENT: u16 = 5;

fn further(act: &Act, client: Id<Client>) -> Vec<(&'static str, String)> {
    let all = [
        ("Planned tickets", format!("/clients/{client}/plans"), Permission::PlanTickets),
        ("What people share", format!("/clients/{client}/sharing"), Permission::ManageClientPeople),
    ];
    let allowed = all.into_iter().filter(|(.., needed)| act.caller.may(*needed));
    allowed.map(|(words, path, _)| (words, path)).collect()
}

async fn show_client(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &Act| {
        Ok(ShowPage {
            client: find(tx, act, id)?,
            next: next_agreement(tx, id, act.at)?,
            zone: act.caller.zone.clone(),
            in_force: matrix::in_force(tx, act, id, act.at)?,
            versions: matrix::signed_history(tx, act, id, None, RECENT)?,
            has_draft: matrix::draft(tx, act, id)?.is_some(),
            sites: sites(tx, act, id)?,
            may_manage: act.caller.may(Permission::ManageClients),
            further: further(act, id),
            contacts: act.caller.may(Permission::ReadPeople).then(|| contacts(tx, act, id)).transpose()?,
            may_manage_contacts: act.caller.may(Permission::ManageClientPeople),
        })
    };
    let page = site.app.read(&signed.caller, read).await?;
    let mut chrome = chrome(&signed, &page.client.name, "/clients");
    chrome.crumbs.push(Link::new("Clients", "/clients"));
    Ok(shell(chrome, &page).answer(&headers))
}

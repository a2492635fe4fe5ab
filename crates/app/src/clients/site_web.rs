//! Pages: a new site, and a site that is changed.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use remit_core::Id;
use remit_db::Tx;
use remit_web::etag::Etag;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::site::site as site_of;
use super::{Client, Site as Place, SiteSummary, Summary, add_site, change_site, find};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/clients/{id}/sites/new", get(new_site).post(create_site))
        .route("/sites/{id}", get(show_site).post(update_site))
}

#[derive(Template)]
#[template(path = "clients/site.html")]
struct SitePage<'p> {
    client: &'p Summary,
    known: Option<&'p SiteSummary>,
    form: &'p Form,
}

fn site_page(signed: &Signed, client: &Summary, known: Option<&SiteSummary>, form: &Form) -> Shell {
    let title = known.map_or("New site", |site| site.name.as_str());
    let mut chrome = chrome(signed, title, "/clients");
    chrome.crumbs.push(Link::new("Clients", "/clients"));
    chrome.crumbs.push(Link::new(client.name.as_str(), format!("/clients/{}", client.id)));
    shell(chrome, &SitePage { client, known, form }).status(form.status())
}

async fn client_of(site: &Site, signed: &Signed, id: Id<Client>) -> Result<Summary, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        act.require(Permission::ManageClients)?;
        find(tx, act, id)
    };
    Ok(site.app.read(&signed.caller, read).await?)
}

async fn new_site(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
) -> Result<Shell, Error> {
    let client = client_of(&site, &signed, id).await?;
    let filled = Form::filled([("zone", client.zone.clone())]);
    Ok(site_page(&signed, &client, None, &filled))
}

async fn create_site(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClients)?;
    form.only(&["name", "zone"])?;
    let (name, zone) = (form.value("name").to_owned(), form.value("zone").to_owned());
    match site.app.write(&signed.caller, move |tx, act| add_site(tx, act, id, &name, &zone)).await {
        Ok(_) => Ok(Redirect::to(&format!("/clients/{id}")).into_response()),
        Err(refused) => {
            told(&mut form, "name", refused)?;
            let client = client_of(&site, &signed, id).await?;
            Ok(site_page(&signed, &client, None, &form).into_response())
        }
    }
}

async fn known(site: &Site, signed: &Signed, id: Id<Place>) -> Result<(SiteSummary, Summary), Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        act.require(Permission::ManageClients)?;
        let known = site_of(tx, act, id)?;
        let client = find(tx, act, known.client)?;
        Ok((known, client))
    };
    Ok(site.app.read(&signed.caller, read).await?)
}

async fn show_site(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Place>>,
) -> Result<Response, Error> {
    let (known, client) = known(&site, &signed, id).await?;
    let version = known.version.to_string();
    let filled = Form::filled([("name", &known.name), ("zone", &known.zone), ("version", &version)]);
    Ok(Etag::version(known.version).on(site_page(&signed, &client, Some(&known), &filled)))
}

async fn update_site(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Place>>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClients)?;
    form.only(&["name", "zone", "version"])?;
    let version: i64 = form.given("version")?;
    let (name, zone) = (form.value("name").to_owned(), form.value("zone").to_owned());
    let change = move |tx: &mut Tx<'_, '_>, act: &Act| {
        change_site(tx, act, (id, version), &name, &zone)?;
        Ok(site_of(tx, act, id)?.client)
    };
    let status = match site.app.write(&signed.caller, change).await {
        Ok(client) => return Ok(Redirect::to(&format!("/clients/{client}")).into_response()),
        Err(Refused::Stale) => {
            form.wrong("name", CHANGED);
            StatusCode::PRECONDITION_FAILED
        }
        Err(refused) => {
            told(&mut form, "name", refused)?;
            form.status()
        }
    };
    let (known, client) = known(&site, &signed, id).await?;
    Ok(site_page(&signed, &client, Some(&known), &form).status(status).into_response())
}

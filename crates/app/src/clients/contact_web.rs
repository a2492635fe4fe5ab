//! Pages: a new contact, and a contact that is changed or taken out.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::Id;
use remit_db::Tx;
use remit_web::etag::Etag;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::{
    Client, Contact, ContactSummary, ContactText, SiteSummary, Summary, add_contact, change_contact, contact,
    find, remove_contact, sites,
};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};

/// What the form has.
const FIELDS: [&str; 6] = ["name", "about", "email", "phone", "site", "version"];

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/clients/{id}/contacts/new", get(new_contact).post(create_contact))
        .route("/contacts/{id}", get(show_contact).post(update_contact))
        .route("/contacts/{id}/removal", post(create_removal))
}

#[derive(Template)]
#[template(path = "clients/contact.html")]
struct ContactPage<'p> {
    client: &'p Summary,
    sites: Vec<(String, String)>,
    known: Option<&'p ContactSummary>,
    form: &'p Form,
}

impl ContactPage<'_> {
    /// The choices of the field.
    fn choices(&self) -> impl Iterator<Item = (&str, &str)> {
        std::iter::once(("", "Not said"))
            .chain(self.sites.iter().map(|(id, name)| (id.as_str(), name.as_str())))
    }
}

/// A client with its sites.
type Around = (Summary, Vec<SiteSummary>);

fn around(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Client>) -> Result<Around, Refused> {
    act.require(Permission::ManageClientPeople)?;
    Ok((find(tx, act, id)?, sites(tx, act, id)?))
}

fn contact_page(
    signed: &Signed,
    (client, sites): &Around,
    known: Option<&ContactSummary>,
    form: &Form,
) -> Shell {
    let title = known.map_or("New contact", |contact| contact.text.name.as_str());
    let mut chrome = chrome(signed, title, "/clients");
    chrome.crumbs.push(Link::new("Clients", "/clients"));
    chrome.crumbs.push(Link::new(client.name.as_str(), format!("/clients/{}", client.id)));
    let sites = sites.iter().map(|site| (site.id.to_string(), site.name.clone())).collect();
    shell(chrome, &ContactPage { client, sites, known, form }).status(form.status())
}

/// What was typed; none where that is no contact at all.
fn typed(form: &mut Form) -> Option<ContactText> {
    let site = form.parsed_optional("site")?;
    let line = |name: &str| form.value(name).to_owned();
    Some(ContactText {
        name: line("name"),
        about: line("about"),
        email: line("email"),
        phone: line("phone"),
        site,
    })
}

async fn new_contact(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
) -> Result<Shell, Error> {
    let around = site.app.read(&signed.caller, move |tx, act| around(tx, act, id)).await?;
    Ok(contact_page(&signed, &around, None, &Form::default()))
}

async fn create_contact(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClientPeople)?;
    form.only(&FIELDS[..5])?;
    if let Some(text) = typed(&mut form) {
        match site.app.write(&signed.caller, move |tx, act| add_contact(tx, act, id, &text)).await {
            Ok(_) => return Ok(Redirect::to(&format!("/clients/{id}")).into_response()),
            Err(refused) => told(&mut form, "name", refused)?,
        }
    }
    let around = site.app.read(&signed.caller, move |tx, act| around(tx, act, id)).await?;
    Ok(contact_page(&signed, &around, None, &form).into_response())
}

async fn known(site: &Site, signed: &Signed, id: Id<Contact>) -> Result<(ContactSummary, Around), Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        act.require(Permission::ManageClientPeople)?;
        let known = contact(tx, act, id)?;
        let around = around(tx, act, known.client)?;
        Ok((known, around))
    };
    Ok(site.app.read(&signed.caller, read).await?)
}

async fn show_contact(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Contact>>,
) -> Result<Response, Error> {
    let (known, around) = known(&site, &signed, id).await?;
    let text = known.text.clone();
    let filled = Form::filled([
        ("name", text.name),
        ("about", text.about),
        ("email", text.email),
        ("phone", text.phone),
        ("site", text.site.map(|site| site.to_string()).unwrap_or_default()),
        ("version", known.version.to_string()),
    ]);
    Ok(Etag::version(known.version).on(contact_page(&signed, &around, Some(&known), &filled)))
}

async fn update_contact(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Contact>>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClientPeople)?;
    form.only(&FIELDS)?;
    let version: i64 = form.given("version")?;
    let mut status = None;
    if let Some(text) = typed(&mut form) {
        let change = move |tx: &mut Tx<'_, '_>, act: &Act| change_contact(tx, act, (id, version), &text);
        match site.app.write(&signed.caller, change).await {
            Ok(client) => return Ok(Redirect::to(&format!("/clients/{client}")).into_response()),
            Err(Refused::Stale) => {
                form.wrong("name", CHANGED);
                status = Some(StatusCode::PRECONDITION_FAILED);
            }
            Err(refused) => told(&mut form, "name", refused)?,
        }
    }
    let (known, around) = known(&site, &signed, id).await?;
    let page = contact_page(&signed, &around, Some(&known), &form);
    Ok(page.status(status.unwrap_or(form.status())).into_response())
}

async fn create_removal(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Contact>>,
    form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClientPeople)?;
    form.only(&[])?;
    let client = site.app.write(&signed.caller, move |tx, act| remove_contact(tx, act, id)).await?;
    Ok(Redirect::to(&format!("/clients/{client}")).into_response())
}

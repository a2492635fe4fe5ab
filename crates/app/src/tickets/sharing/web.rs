//! Pages: how a client shares, and sharing a ticket.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::Id;
use remit_db::Tx;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::{Readers, set_sharing, share, sharing};
use crate::act::Act;
use crate::clients::{self, Client};
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};
use crate::tickets::find_number;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/clients/{id}/sharing", get(show).post(set))
        .route("/tickets/{number}/sharing", post(say))
}

#[derive(Template)]
#[template(path = "tickets/sharing/settings.html")]
struct SettingsPage<'p> {
    id: Id<Client>,
    client: &'p str,
    form: &'p Form,
}

async fn page(site: &Site, signed: &Signed, id: Id<Client>, form: &Form) -> Result<Shell, Error> {
    let client = site.app.read(&signed.caller, move |tx, act| clients::find(tx, act, id)).await?.name;
    let mut chrome = chrome(signed, "Sharing", "/clients");
    chrome.crumbs.push(Link::new("Clients", "/clients"));
    chrome.crumbs.push(Link::new(client.as_str(), format!("/clients/{id}")));
    Ok(shell(chrome, &SettingsPage { id, client: &client, form }).status(form.status()))
}

async fn show(State(site): State<Site>, signed: Signed, Path(id): Path<Id<Client>>) -> Result<Shell, Error> {
    signed.caller.require(Permission::ManageClientPeople)?;
    let found = site.app.read(&signed.caller, move |tx, act| sharing(tx, act, id)).await?;
    let addresses: Vec<String> = found.chosen.into_iter().map(|(_, address)| address).collect();
    let form = Form::filled([
        ("readers", found.readers.key().to_owned()),
        ("addresses", addresses.join("\n")),
        ("version", found.version.to_string()),
    ]);
    page(&site, &signed, id, &form).await
}

async fn set(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClientPeople)?;
    form.only(&["readers", "addresses", "version"])?;
    let version: i64 = form.given("version")?;
    let Some(readers) = Readers::from_key(form.value("readers")) else {
        form.wrong("readers", "Choose one of the list.");
        return Ok(page(&site, &signed, id, &form).await?.into_response());
    };
    let addresses = form.value("addresses").split([',', ';']).flat_map(str::split_whitespace);
    let addresses: Vec<String> = addresses.map(str::to_owned).collect();
    let verb =
        move |tx: &mut Tx<'_, '_>, act: &Act| set_sharing(tx, act, (id, version), (readers, &addresses));
    match site.app.write(&signed.caller, verb).await {
        Ok(()) => return Ok(Redirect::to(&format!("/clients/{id}")).into_response()),
        Err(Refused::Stale) => form.wrong("readers", CHANGED),
        Err(refused) => told(&mut form, "addresses", refused)?,
    }
    Ok(page(&site, &signed, id, &form).await?.into_response())
}

/// Shares a ticket, or takes that back.
async fn say(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::AskForHelp)?;
    form.only(&["with"])?;
    let with = match form.value("with") {
        "colleagues" => true,
        "nobody" => false,
        _ => {
            form.wrong("with", "Say with whom: colleagues, or nobody.");
            return Err(form.check().err().unwrap_or(Error::NotFound));
        }
    };
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let id = find_number(tx, act, number)?.id;
        share(tx, act, id, with)
    };
    site.app.write(&signed.caller, verb).await?;
    Ok((StatusCode::SEE_OTHER, [("location", format!("/tickets/{number}"))]).into_response())
}

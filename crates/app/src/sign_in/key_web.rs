//! Pages: one's own API keys.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::{Id, Zone};
use remit_web::{Error, Form};

use super::factor_web::{frame, secret};
use super::{ApiKey, LONGEST_DAYS, ListedKey, NewKey, USUAL_DAYS, create_key, list_keys, revoke_key};
use crate::clients;
use crate::people::Permission;
use crate::site::{Signed, Site, shell, told};

/// Clients that the form offers; a program for more of them is not limited to a list.
const OFFERED: u16 = 200;

/// Beside the field for days.
const DAYS: &str = "After so many it ends; at most 366.";
const _: () = assert!(LONGEST_DAYS == 366, "the hint says so");

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/me/keys", get(show_keys).post(make_key)).route("/me/keys/revoke", post(end_key))
}

#[derive(Template)]
#[template(path = "sign_in/keys.html")]
struct KeysPage<'p> {
    form: &'p Form,
    keys: Vec<(ListedKey, bool)>,
    clients: Vec<(String, String)>,
    /// The secret of a key that was made just now.
    made: Option<&'p str>,
    zone: &'p Zone,
}

async fn show_keys(State(site): State<Site>, signed: Signed) -> Result<Response, Error> {
    keys_page(&site, &signed, &usual(), None).await
}

/// The form before anybody has typed.
fn usual() -> Form {
    Form::filled([("days", USUAL_DAYS.to_string())])
}

async fn keys_page(site: &Site, signed: &Signed, form: &Form, made: Option<&str>) -> Result<Response, Error> {
    let now = site.app.now();
    let keys = list_keys(&site.app, &signed.caller).await?;
    let clients = if signed.caller.may(Permission::ReadClients) {
        site.app.read(&signed.caller, |tx, act| clients::list(tx, act, None, OFFERED)).await?
    } else {
        Vec::new()
    };
    let page = KeysPage {
        form,
        keys: keys.into_iter().map(|key| (key.ends_at <= now, key)).map(|(over, key)| (key, over)).collect(),
        clients: clients.into_iter().map(|client| (client.id.to_string(), client.name)).collect(),
        made,
        zone: &signed.caller.zone,
    };
    Ok(secret(shell(frame(signed, "API keys"), &page).status(form.status())))
}

async fn make_key(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    form.only(&["name", "days", "reads_only", "client", "proof"])?;
    let (name, proof) = (form.value("name").to_owned(), form.value("proof").to_owned());
    let days: Option<u16> = form.parsed("days");
    let clients: Result<Vec<_>, _> = form.values("client").map(Id::parse).collect();
    if clients.is_err() {
        form.wrong("client", "Choose clients of the list.");
    }
    if let (Some(days), Ok(clients)) = (days, clients) {
        let new = NewKey { name, reads_only: form.has("reads_only", "on"), clients, days };
        match create_key(&site.app, &signed.caller, &new, &proof).await {
            Ok(key) => {
                signed.turn(&site).await?;
                return keys_page(&site, &signed, &usual(), Some(&key)).await;
            }
            Err(refused) => told(&mut form, "name", refused)?,
        }
    }
    form.forget("proof");
    keys_page(&site, &signed, &form, None).await
}

async fn end_key(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    form.only(&["key"])?;
    let key: Option<Id<ApiKey>> = form.parsed("key");
    revoke_key(&site.app, &signed.caller, key.ok_or(Error::NotFound)?).await?;
    Ok(Redirect::to("/me/keys").into_response())
}

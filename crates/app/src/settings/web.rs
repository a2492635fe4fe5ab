//! Page: the settings of the provider, and who may do what.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use remit_web::etag::Etag;
use remit_web::layout::Shell;
use remit_web::{Error, Form};

use super::{Settings, change, settings};
use crate::people::{Permission, Role};
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/settings", get(show_settings).post(update_settings))
}

#[derive(Template)]
#[template(path = "settings/page.html")]
struct Page<'p> {
    settings: &'p Settings,
    form: &'p Form,
    may_change: bool,
}

impl Page<'_> {
    /// The table of who may do what, as it stands in the code: what, and whether each role may.
    fn table() -> impl Iterator<Item = (Permission, [bool; Role::ALL.len()])> {
        Permission::ALL.into_iter().map(|permission| (permission, Role::ALL.map(|role| role.may(permission))))
    }
}

fn page(signed: &Signed, settings: &Settings, form: &Form) -> Shell {
    let may_change = signed.caller.may(Permission::ManageSettings);
    shell(chrome(signed, "Settings", "/settings"), &Page { settings, form, may_change }).status(form.status())
}

async fn current(site: &Site, signed: &Signed) -> Result<Settings, Error> {
    Ok(site.app.read(&signed.caller, |tx, _| settings(tx)).await?)
}

async fn show_settings(State(site): State<Site>, signed: Signed) -> Result<Response, Error> {
    let now = current(&site, &signed).await?;
    let version = now.version.to_string();
    let filled = Form::filled([("name", &now.name), ("zone", &now.zone), ("version", &version)]);
    Ok(Etag::version(now.version).on(page(&signed, &now, &filled)))
}

/// The version that was read comes with the form; whoever sends If-Match means that, too.
async fn update_settings(
    State(site): State<Site>,
    signed: Signed,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    form.only(&["name", "zone", "version"])?;
    let version: i64 = form.given("version")?;
    if headers.contains_key(IF_MATCH) {
        Etag::version(current(&site, &signed).await?.version).must_match(&headers)?;
    }
    let (name, zone) = (form.value("name").to_owned(), form.value("zone").to_owned());
    let stale =
        match site.app.write(&signed.caller, move |tx, act| change(tx, act, version, &name, &zone)).await {
            Ok(()) => return Ok(Redirect::to("/settings").into_response()),
            Err(Refused::Stale) => {
                form.wrong("name", CHANGED);
                true
            }
            Err(refused) => {
                told(&mut form, "name", refused)?;
                false
            }
        };
    let page = page(&signed, &current(&site, &signed).await?, &form);
    Ok(if stale { page.status(StatusCode::PRECONDITION_FAILED) } else { page }.into_response())
}

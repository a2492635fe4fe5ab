//! Page: the issuer of a party.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::Id;
use remit_db::Tx;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::settings::may_set_any;
use super::web::issuers;
use super::{Issuer, NewIssuer, issuer_of, remove_issuer, set_issuer};
use crate::act::Act;
use crate::people::Party;
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell, told};

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/parties/{party}/sign-in", get(show_issuer).post(change_issuer))
        .route("/parties/{party}/sign-in/remove", post(take_away))
}

#[derive(Template)]
#[template(path = "sign_in/issuer/settings.html")]
struct SettingsPage<'p> {
    form: &'p Form,
    party: Id<Party>,
    name: &'p str,
    issuer: Option<&'p Issuer>,
    version: i64,
    /// The address that the issuer has to know.
    back: &'p str,
}

async fn show_issuer(
    State(site): State<Site>,
    signed: Signed,
    Path(party): Path<Id<Party>>,
) -> Result<Shell, Error> {
    page(&site, &signed, party, None).await
}

async fn page(site: &Site, signed: &Signed, party: Id<Party>, typed: Option<&Form>) -> Result<Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| issuer_of(tx, act, party);
    let (name, issuer) = site.app.read(&signed.caller, read).await?;
    let stored = issuer.as_ref().map_or_else(Form::default, |issuer| {
        let required = if issuer.required { "on" } else { "" };
        Form::filled([
            ("url", issuer.url.as_str()),
            ("audience", &issuer.audience),
            ("domains", &issuer.domains.join(", ")),
            ("strong", &issuer.strong),
            ("label", &issuer.label),
            ("required", required),
        ])
    });
    let form = typed.unwrap_or(&stored);
    let version = issuer.as_ref().map_or(0, |issuer| issuer.version);
    let back = site.issuers.as_ref().map_or("", super::Issuers::back);
    let page = SettingsPage { form, party, name: &name, issuer: issuer.as_ref(), version, back };
    let mut chrome = chrome(signed, "Company sign-in", "/me");
    chrome.crumbs.push(Link::new("You", "/me"));
    Ok(shell(chrome, &page).status(form.status()))
}

async fn change_issuer(
    State(site): State<Site>,
    signed: Signed,
    Path(party): Path<Id<Party>>,
    mut form: Form,
) -> Result<Response, Error> {
    may_set_any(&signed.caller)?;
    form.only(&["url", "audience", "secret", "domains", "strong", "label", "required", "version"])?;
    let version: Option<i64> = form.parsed("version");
    let text = |name: &str| form.value(name).to_owned();
    let new = NewIssuer {
        url: text("url"),
        audience: text("audience"),
        secret: text("secret"),
        domains: text("domains"),
        strong: text("strong"),
        label: text("label"),
        required: form.has("required", "on"),
        version: version.unwrap_or_default(),
    };
    form.forget("secret");
    // Asked only of those who may: whoever may not, has nothing called for them.
    site.app.read(&signed.caller, move |tx, act| issuer_of(tx, act, party)).await?;
    if form.valid() {
        let (app, caller) = (site.app.clone(), signed.caller.clone());
        match set_issuer(app, caller, issuers(&site)?.clone(), party, new).await {
            Ok(()) => return Ok(Redirect::to(&format!("/parties/{party}/sign-in")).into_response()),
            Err(Refused::Stale) => {
                form.wrong("url", "Somebody else has changed this since you opened it. Look again.");
            }
            Err(refused) => told(&mut form, "url", refused)?,
        }
    }
    Ok(page(&site, &signed, party, Some(&form)).await?.into_response())
}

async fn take_away(
    State(site): State<Site>,
    signed: Signed,
    Path(party): Path<Id<Party>>,
    mut form: Form,
) -> Result<Response, Error> {
    may_set_any(&signed.caller)?;
    form.only(&["version"])?;
    let version: Option<i64> = form.parsed("version");
    let version = version.ok_or_else(|| Error::malformed("The form has the version that was seen."))?;
    site.app.write(&signed.caller, move |tx, act| remove_issuer(tx, act, party, version)).await?;
    Ok(Redirect::to(&format!("/parties/{party}/sign-in")).into_response())
}

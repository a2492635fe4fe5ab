//! Lists that somebody keeps.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Id;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::{SavedView, drop_view, save_view, saved_views};
use super::is_said;
use crate::people::Permission;
use crate::site::{Signed, Site, chrome, shell, told};

#[derive(Template)]
#[template(path = "tickets/views.html")]
struct Page<'p> {
    views: Vec<SavedView>,
    form: &'p Form,
}

async fn page(site: &Site, signed: &Signed, form: &Form) -> Result<Shell, Error> {
    signed.caller.require(Permission::AskForHelp)?;
    let views = site.app.read(&signed.caller, saved_views).await?;
    let mut chrome = chrome(signed, "Lists that you keep", "/tickets");
    chrome.crumbs.push(Link::new("Tickets", "/tickets"));
    Ok(shell(chrome, &Page { views, form }).status(form.status()))
}

pub(super) async fn list(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    page(&site, &signed, &Form::default()).await
}

pub(super) async fn keep(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::AskForHelp)?;
    form.only(&["name", "query"])?;
    let (name, query) = (form.value("name").to_owned(), form.value("query").to_owned());
    match site.app.write(&signed.caller, move |tx, act| save_view(tx, act, (&name, &query))).await {
        Ok(kept) => Ok(Redirect::to(&format!("/tickets?{}", kept.query)).into_response()),
        Err(refused) if is_said(&refused) => {
            told(&mut form, "name", refused)?;
            Ok(page(&site, &signed, &form).await?.into_response())
        }
        Err(refused) => Err(refused.into()),
    }
}

pub(super) async fn remove(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<SavedView>>,
    form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::AskForHelp)?;
    form.only(&[])?;
    site.app.write(&signed.caller, move |tx, act| drop_view(tx, act, id)).await?;
    Ok(Redirect::to("/tickets/views").into_response())
}

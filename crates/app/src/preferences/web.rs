//! Page: how somebody wants the pages to be, and which keys do what.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use remit_db::Tx;
use remit_web::layout::{Chrome, Link, Shell};
use remit_web::{Error, Form};

use super::keys::field;
use super::{Density, KEYS, Key, Place, Preferences, Theme, prefer};
use crate::act::Act;
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell, told};

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/me/preferences", get(show).post(save))
}

/// Puts into the frame of a page what its reader prefers.
pub(crate) fn put_into(chrome: &mut Chrome, preferences: &Preferences) {
    chrome.theme = match preferences.theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    chrome.comfortable = preferences.density == Density::Comfortable;
    chrome.single_keys = preferences.single_keys;
    chrome.own_keys = preferences.keys.for_scripts();
    chrome.help = Some("/me/preferences".to_owned());
}

#[derive(Template)]
#[template(path = "preferences/page.html")]
struct Page<'p> {
    form: &'p Form,
}

impl Page<'_> {
    fn keys(place: &Place) -> impl Iterator<Item = &'static Key> {
        KEYS.iter().filter(move |key| key.place == *place)
    }
}

fn page(signed: &Signed, form: &Form) -> Shell {
    let mut chrome = chrome(signed, "Preferences", "/me");
    chrome.crumbs.push(Link::new("You", "/me"));
    shell(chrome, &Page { form }).status(form.status())
}

async fn show(signed: Signed) -> Shell {
    let preferences = &signed.preferences;
    let mut filled = vec![
        ("theme".to_owned(), preferences.theme.key().to_owned()),
        ("density".to_owned(), preferences.density.key().to_owned()),
    ];
    for (name, on) in [("single-keys", preferences.single_keys), ("undo", preferences.undo)] {
        if on {
            filled.push((name.to_owned(), "on".to_owned()));
        }
    }
    let keys = KEYS.iter().map(|key| (field(key.id), preferences.keys.of(key).to_owned()));
    page(&signed, &Form::filled(filled.into_iter().chain(keys)))
}

async fn save(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    form.only_and(&["theme", "density", "single-keys", "undo"], &["key-"])?;
    let theme = Theme::from_key(form.value("theme"));
    let density = Density::from_key(form.value("density"));
    for (name, missing) in [("theme", theme.is_none()), ("density", density.is_none())] {
        if missing {
            form.wrong(name, "Choose one of the list.");
        }
    }
    if let (Some(theme), Some(density)) = (theme, density) {
        let (single_keys, undo) = (form.has("single-keys", "on"), form.has("undo", "on"));
        let wanted = Preferences { theme, density, single_keys, undo, ..Preferences::default() };
        let keys: Vec<_> = form.under("key-").map(|(id, own)| (id.to_owned(), own.to_owned())).collect();
        let work = move |tx: &mut Tx<'_, '_>, act: &Act| prefer(tx, act, &wanted, &keys);
        match site.app.write(&signed.caller, work).await {
            Ok(_) => return Ok(Redirect::to("/me/preferences").into_response()),
            Err(refused @ Refused::Invalid(_)) => told(&mut form, "theme", refused)?,
            Err(refused) => return Err(refused.into()),
        }
    }
    Ok(page(&signed, &form).into_response())
}

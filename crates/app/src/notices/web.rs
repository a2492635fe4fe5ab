//! Page: what I was told, and what of it I want by mail.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::{Id, Zone};
use remit_db::Tx;
use remit_web::layout::Shell;
use remit_web::live::{SameOrigin, events};
use remit_web::paging::Key;
use remit_web::{Error, Form};

use super::{Notice, Wish, list, read, set_wish, unread, wish};
use crate::App;
use crate::act::{Act, Caller};
use crate::sign_in::{self, Session};
use crate::site::{After, Signed, Site, chrome, page_of, shell, told};

/// Names the list in cursors.
const LIST: &str = "notices";
/// Notices on a page.
const PAGE: u16 = 50;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/notices", get(show))
        .route("/notices/live", get(live))
        .route("/notices/read", post(read_all))
        .route("/notices/mail", post(by_mail))
}

#[derive(Template)]
#[template(path = "notices/page.html")]
struct Page<'p> {
    own: String,
    notices: Vec<Notice>,
    unread: i64,
    more: Option<String>,
    form: &'p Form,
    zone: Zone,
}

async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(After { after, .. }): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let before: Option<(String,)> = after.map(|text| site.cursors.read(LIST, &text)).transpose()?;
    let before = before.and_then(|(id,)| Id::parse(&id).ok());
    Ok(page(&site, &signed, before, None).await?.answer(&headers))
}

async fn page(
    site: &Site,
    signed: &Signed,
    before: Option<Id<Notice>>,
    form: Option<&Form>,
) -> Result<Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let wish = act.caller.membership.map(|own| wish(tx, own)).transpose()?;
        Ok((list(tx, act, before, PAGE + 1)?, unread(tx, act)?, wish.unwrap_or(Wish::None)))
    };
    let (notices, unread, wish) = site.app.read(&signed.caller, read).await?;
    let (notices, next) = page_of(notices, PAGE, |notice| vec![Key::Text(notice.id.to_string())]);
    let filled = Form::filled([("mail", wish.key())]);
    let form = form.unwrap_or(&filled);
    let page = Page {
        own: signed.caller.membership.map(|own| own.to_string()).unwrap_or_default(),
        notices,
        unread,
        more: next.map(|keys| site.cursors.write(LIST, &keys)),
        form,
        zone: signed.caller.zone.clone(),
    };
    let mut chrome = chrome(signed, "Notices", "/notices");
    chrome.live = Some("/notices/live".to_owned());
    Ok(shell(chrome, &page).status(form.status()))
}

/// That the caller was told something.
async fn live(State(site): State<Site>, signed: Signed, own: SameOrigin) -> Result<Response, Error> {
    let topic = signed.caller.membership.map(|own| format!("notices {own}")).unwrap_or_default();
    let (changes, stopping) = (site.app.db.changes(), site.stop.stopping());
    let may = move || still(site.app.clone(), signed.caller.clone(), signed.session);
    Ok(events(own, changes, move |heard| heard == topic, may, stopping).into_response())
}

/// Whether somebody is still signed in: a stream can outlast that.
async fn still(app: App, caller: Caller, session: Id<Session>) -> bool {
    let sessions = sign_in::list(&app, &caller).await.unwrap_or_default();
    sessions.iter().any(|listed| listed.id == session)
}

async fn read_all(State(site): State<Site>, signed: Signed, form: Form) -> Result<Response, Error> {
    form.only(&[])?;
    site.app.write(&signed.caller, |tx, act| read(tx, act, None)).await?;
    Ok(Redirect::to("/notices").into_response())
}

async fn by_mail(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    form.only(&["mail"])?;
    match Wish::from_key(form.value("mail")) {
        None => form.wrong("mail", "Choose one of the list."),
        Some(wish) => match site.app.write(&signed.caller, move |tx, act| set_wish(tx, act, wish)).await {
            Ok(()) => return Ok(Redirect::to("/notices").into_response()),
            Err(refused) => told(&mut form, "mail", refused)?,
        },
    }
    Ok(page(&site, &signed, None, Some(&form)).await?.into_response())
}

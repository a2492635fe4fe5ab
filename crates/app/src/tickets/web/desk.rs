//! What is at hand while somebody works on a ticket: what they have not sent yet, who else is there, who could take it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use remit_core::{At, Zone};
use remit_db::Tx;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::taker::candidates;
use super::super::{
    Doing, Present, Similar, Taking, Ticket, Visibility, find_number, heard, keep_draft, present, similar,
    taking,
};
use super::deed::{back, worked};
use super::show::again;
use super::{frame, seen};
use crate::act::Act;
use crate::attachments;
use crate::people::Member;
use crate::refused::Refused;
use crate::site::{Signed, Site, shell};

/// Keeps what is typed. Answers with nothing: it is kept as somebody types.
pub(super) async fn keep(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, number).await?.id;
    // Files are not kept: without a script the browser sends their names along.
    form.only(&["visibility", "text", "seen", "undo", "files", "put", "macro"])?;
    let lines: Option<Option<i64>> = form.parsed_optional("seen");
    let lines = lines.ok_or_else(|| Error::malformed("Say after how many lines."))?;
    let text = form.value("text").to_owned();
    let visibility = Visibility::from_key(form.value("visibility"));
    let Some(visibility) = visibility else { return Err(Error::malformed("Say who would read it.")) };
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
        keep_draft(tx, act, (id, lines), (visibility, &text))?;
        heard(tx, act, id, Doing::Writes)
    };
    site.app.write(&signed.caller, verb).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Takes back what the caller has just sent.
pub(super) async fn unsend(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, number).await?.id;
    form.only(&[])?;
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| super::super::unsend(tx, act, id);
    match site.app.write(&signed.caller, verb).await {
        Ok(false) => Ok(Redirect::to(&format!("/tickets/{number}#reply")).into_response()),
        Ok(true) => {
            // A browser does not keep which files were chosen.
            let mut form = Form::default();
            form.wrong(attachments::FIELD, attachments::CHOOSE_AGAIN);
            again(&site, &signed, number, &form).await
        }
        Err(refused) => back(&site, &signed, number, (Form::default(), Err(refused))).await,
    }
}

/// Lets it go out at once.
pub(super) async fn send_now(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, number).await?.id;
    form.only(&[])?;
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| super::super::send_now(tx, act, id);
    let done = site.app.write(&signed.caller, verb).await;
    back(&site, &signed, number, (Form::default(), done)).await
}

/// Who else is there.
#[derive(Template)]
#[template(path = "tickets/others.html")]
pub(super) struct Others<'o> {
    pub others: &'o [Present],
}

/// The caller is there; answers with who else is.
pub(super) async fn be_there(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, number).await?.id;
    form.only(&["doing"])?;
    let doing = Doing::from_key(form.value("doing"));
    let Some(doing) = doing else { return Err(Error::malformed("Say what you do there.")) };
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
        heard(tx, act, id, doing)?;
        present(tx, act, id)
    };
    part(&site.app.write(&signed.caller, verb).await?)
}

/// Who else is there, for a page that has heard that it changed.
pub(super) async fn others(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, number).await?.id;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| present(tx, act, id);
    part(&site.app.read(&signed.caller, read).await?)
}

fn part(others: &[Present]) -> Result<Response, Error> {
    Ok(Html(Others { others }.render().map_err(Error::internal)?).into_response())
}

#[derive(Template)]
#[template(path = "tickets/takers.html")]
struct TakersPage {
    ticket: Ticket,
    name: String,
    found: Vec<(Member, Taking)>,
    zone: Zone,
    now: At,
}

/// Whose names begin how.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    name: String,
}

pub(super) async fn takers(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    Query(Asked { name }): Query<Asked>,
) -> Result<Shell, Error> {
    let begins = name.clone();
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = find_number(tx, act, number)?;
        let people = candidates(tx, act, ticket.id, &begins)?;
        let found = people.into_iter().map(|member| taking(tx, act, ticket.id, member.id));
        let found = found.collect::<Result<Vec<_>, Refused>>()?;
        Ok((ticket, found))
    };
    let (ticket, found) = site.app.read(&signed.caller, read).await?;
    let mut chrome = frame(&signed, &ticket);
    chrome.crumbs.push(Link::new(format!("#{number}"), format!("/tickets/{number}")));
    let page = TakersPage { ticket, name, found, zone: signed.caller.zone.clone(), now: site.app.now() };
    Ok(shell(chrome, &page))
}

#[derive(Template)]
#[template(path = "tickets/similar.html")]
struct SimilarPage {
    similar: Vec<Similar>,
    zone: Zone,
}

/// Solved tickets that are like it: a page, and a part of the page of the ticket.
pub(super) async fn alike(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let ticket = worked(&site, &signed, number).await?;
    let id = ticket.id;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| similar(tx, act, id);
    let similar = site.app.read(&signed.caller, read).await?;
    let mut chrome = frame(&signed, &ticket);
    chrome.title = format!("Solved, and like #{number}");
    chrome.crumbs.push(Link::new(format!("#{number}"), format!("/tickets/{number}")));
    Ok(shell(chrome, &SimilarPage { similar, zone: signed.caller.zone.clone() }).answer(&headers))
}

//! Linking, merging, splitting, following.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::{Id, Zone};
use remit_db::Tx;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::event::{PAGE, latest};
use super::super::{
    Impact, Kind, Line, LinkKind, NewTicket, Ticket, Tier, Urgency, custody, end_help, help, link, merge,
    split, unlink, unwatch, watch,
};
use super::deed::{back, worked};
use super::new::chosen;
use super::{frame, is_said, seen};
use crate::act::Act;
use crate::people::Membership;
use crate::refused::{Field, Refused};
use crate::site::{Signed, Site, shell, told};

/// The number of another ticket, with or without its sign.
fn number(form: &Form, name: &'static str) -> Result<i64, Refused> {
    let text = form.value(name).trim().trim_start_matches('#');
    let wrong = || Refused::Invalid(vec![Field::new("number", "write the number of a ticket, such as 4711")]);
    text.parse().map_err(|_| wrong())
}

fn kind(form: &Form) -> Result<LinkKind, Error> {
    LinkKind::from_key(form.value("kind")).ok_or_else(|| Error::malformed("There is no such link."))
}

pub(super) async fn tie(
    State(site): State<Site>,
    signed: Signed,
    Path(of): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, of).await?.id;
    form.only(&["kind", "number"])?;
    let kind = kind(&form)?;
    let done = match number(&form, "number") {
        Err(refused) => Err(refused),
        Ok(to) => site.app.write(&signed.caller, move |tx, act| link(tx, act, id, (kind, to))).await,
    };
    back(&site, &signed, of, (Form::default(), done)).await
}

pub(super) async fn cut(
    State(site): State<Site>,
    signed: Signed,
    Path(of): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, of).await?.id;
    form.only(&["kind", "number"])?;
    let kind = kind(&form)?;
    let done = match number(&form, "number") {
        Err(refused) => Err(refused),
        Ok(to) => site.app.write(&signed.caller, move |tx, act| unlink(tx, act, id, (kind, to))).await,
    };
    back(&site, &signed, of, (Form::default(), done)).await
}

pub(super) async fn join(
    State(site): State<Site>,
    signed: Signed,
    Path(of): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, of).await?.id;
    form.only(&["into"])?;
    let done = match number(&form, "into") {
        Err(refused) => Err(refused),
        Ok(into) => site.app.write(&signed.caller, move |tx, act| merge(tx, act, id, into)).await,
    };
    back(&site, &signed, of, (Form::default(), done)).await
}

/// The caller, or somebody whom they name.
fn who(form: &mut Form) -> Result<Option<Id<Membership>>, Error> {
    form.only(&["who"])?;
    form.parsed_optional("who").ok_or_else(|| Error::malformed("That is nobody."))
}

pub(super) async fn follow(
    State(site): State<Site>,
    signed: Signed,
    Path(of): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, of).await?.id;
    let who = who(&mut form)?;
    let done = site.app.write(&signed.caller, move |tx, act| watch(tx, act, id, who)).await;
    back(&site, &signed, of, (Form::default(), done)).await
}

pub(super) async fn leave(
    State(site): State<Site>,
    signed: Signed,
    Path(of): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, of).await?.id;
    let who = who(&mut form)?;
    site.app.write(&signed.caller, move |tx, act| unwatch(tx, act, id, who)).await?;
    // Whoever does not follow it any more may not see it any more.
    Ok(Redirect::to("/tickets").into_response())
}

/// Whom a form asks to help.
fn helper(form: &mut Form) -> Result<Id<Membership>, Error> {
    form.only(&["helper"])?;
    form.parsed("helper").ok_or_else(|| Error::malformed("That is nobody."))
}

pub(super) async fn helps(
    State(site): State<Site>,
    signed: Signed,
    Path(of): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, of).await?.id;
    let who = helper(&mut form)?;
    let done = site.app.write(&signed.caller, move |tx, act| help(tx, act, id, who)).await;
    back(&site, &signed, of, (Form::default(), done)).await
}

pub(super) async fn ends_help(
    State(site): State<Site>,
    signed: Signed,
    Path(of): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, of).await?.id;
    let who = helper(&mut form)?;
    let done = site.app.write(&signed.caller, move |tx, act| end_help(tx, act, id, who)).await;
    back(&site, &signed, of, (Form::default(), done)).await
}

#[derive(Template)]
#[template(path = "tickets/split.html")]
struct SplitPage<'p> {
    ticket: &'p Ticket,
    form: &'p Form,
    /// What was written, and everybody reads.
    lines: Vec<Line>,
    zone: Zone,
}

impl SplitPage<'_> {
    fn short(line: &Line) -> String {
        if line.text.is_empty() {
            let names: Vec<&str> = line.happened.files().iter().map(|file| file.name.as_str()).collect();
            return names.join(", ");
        }
        let first = line.text.lines().next().unwrap_or_default();
        let short: String = first.chars().take(80).collect();
        if short.len() < line.text.len() { format!("{short}…") } else { short }
    }
}

async fn page(site: &Site, signed: &Signed, number: i64, form: &Form) -> Result<Shell, Error> {
    let id = worked(site, signed, number).await?.id;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = custody::held(tx, act, id)?;
        let lines = latest(tx, act, &ticket, (i64::MAX, PAGE))?;
        Ok((ticket, lines))
    };
    let (ticket, lines) = site.app.read(&signed.caller, read).await?;
    let lines = lines.into_iter().filter(Line::can_go_along);
    let mut chrome = frame(signed, &ticket);
    chrome.crumbs.push(Link::new(format!("#{number}"), format!("/tickets/{number}")));
    let zone = signed.caller.zone.clone();
    let page = SplitPage { ticket: &ticket, form, lines: lines.collect(), zone };
    Ok(shell(chrome, &page).status(form.status()))
}

pub(super) async fn ask_split(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Shell, Error> {
    page(
        &site,
        &signed,
        number,
        &Form::filled([("kind", "incident"), ("impact", "low"), ("urgency", "medium")]),
    )
    .await
}

pub(super) async fn split_off(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let ticket = worked(&site, &signed, number).await?;
    form.only(&["subject", "text", "impact", "urgency", "kind", "service", "lines"])?;
    let lines: Option<Vec<i64>> = form.values("lines").map(|seq| seq.parse().ok()).collect();
    let Some(lines) = lines else { return Err(Error::malformed("That is no line.")) };
    let kind = chosen(&mut form, "kind", Kind::from_key, Kind::Incident);
    let impact = chosen(&mut form, "impact", Impact::from_key, Impact::Low);
    let urgency = chosen(&mut form, "urgency", Urgency::from_key, Urgency::Medium);
    let text = |name: &str| form.value(name).to_owned();
    let new = NewTicket {
        client: ticket.client,
        kind,
        subject: text("subject"),
        text: text("text"),
        impact,
        urgency,
        service: text("service"),
        tier: Tier::Unsaid,
        site: ticket.site,
        asset_class: ticket.asset_class.clone(),
        requester: Some(ticket.requester),
    };
    match split(&site.app, &signed.caller, ticket.id, (new, lines)).await {
        Ok(made) => Ok(Redirect::to(&format!("/tickets/{}", made.number)).into_response()),
        Err(refused) if is_said(&refused) => {
            match refused {
                Refused::Stale => form.wrong("subject", crate::site::CHANGED),
                other => told(&mut form, "subject", other)?,
            }
            Ok(page(&site, &signed, number, &form).await?.into_response())
        }
        Err(refused) => Err(refused.into()),
    }
}

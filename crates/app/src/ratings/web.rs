//! Pages: how it was, said from the link of a letter or on a ticket's page; and all ratings.

mod list;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::Id;
use remit_db::Tx;
use remit_web::layout::{Chrome, Flash, Shell, Tone};
use remit_web::{Error, Form};

use super::{Given, Grade, Slip, follow_up, given, may_rate, rate};
use crate::act::{Act, Caller};
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{Signed, Site, shell, told};
use crate::tickets::{self, Ticket, find_number};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/ratings", get(list::show))
        .route("/rate/{slip}", get(show).post(say))
        .route("/tickets/{number}/rating", post(say_there))
        .route("/tickets/{number}/rating/follow-up", post(follow))
}

#[derive(Template)]
#[template(path = "ratings/rate.html")]
struct RatePage<'p> {
    slip: &'p str,
    ticket: Ticket,
    given: Option<Given>,
    /// Why it cannot be said any more.
    closed: Option<String>,
    /// The grade of the link that led here; a script says it at once.
    chosen: Option<Grade>,
    form: &'p Form,
}

impl RatePage<'_> {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
    fn leads_to(&self, grade: &Grade) -> bool {
        self.chosen == Some(*grade)
    }

    /// What they wrote; what is typed just now is newer.
    fn comment(&self) -> &str {
        match self.form.value("comment") {
            "" => self.given.as_ref().map_or("", |given| given.comment.as_str()),
            typed => typed,
        }
    }
}

#[derive(Debug, serde::Deserialize)]
struct Asked {
    #[serde(default)]
    grade: String,
    #[serde(default)]
    said: String,
}

/// The page behind a link. Programs that follow the links in a mail say nothing with it: what is said is sent from the page.
async fn show(
    State(site): State<Site>,
    Path(slip): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Shell, Error> {
    let holder = holder(&site, &slip).await?;
    let chosen = Grade::from_key(&asked.grade);
    page(&site, &holder, (&slip, chosen, !asked.said.is_empty()), &Form::default()).await
}

/// Whose link it is, and about which ticket.
async fn holder(site: &Site, slip: &str) -> Result<(Caller, Id<Ticket>), Error> {
    let slip = Slip::read(&site.app, slip).ok_or(Error::NotFound)?;
    let caller = slip.holder(&site.app).await?.ok_or(Error::NotFound)?;
    Ok((caller, slip.ticket))
}

async fn page(
    site: &Site,
    (caller, id): &(Caller, Id<Ticket>),
    (slip, chosen, said): (&str, Option<Grade>, bool),
    form: &Form,
) -> Result<Shell, Error> {
    let id = *id;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = tickets::find(tx, act, id)?;
        let closed = match may_rate(act, &ticket) {
            Ok(()) => None,
            Err(Refused::Conflict(why)) => Some(why),
            Err(other) => return Err(other),
        };
        Ok((given(tx, act, id)?, ticket, closed))
    };
    let (given, ticket, closed) = site.app.read(caller, read).await?;
    let mut chrome = Chrome::new("Remit", format!("How was #{}?", ticket.number));
    if said {
        let text = "Thank you. Whoever looks after you reads it.".to_owned();
        chrome.flash = Some(Flash { tone: Tone::Done, text });
    }
    // What was said already is not said again by whoever comes back to the link.
    let chosen = chosen.filter(|chosen| given.as_ref().is_none_or(|given| given.grade != *chosen));
    Ok(shell(chrome, &RatePage { slip, ticket, given, closed, chosen, form }).status(form.status()))
}

/// What a form says.
fn typed(form: &mut Form) -> Result<Option<(Grade, String)>, Error> {
    form.only(&["grade", "comment"])?;
    let grade = Grade::from_key(form.value("grade"));
    if grade.is_none() {
        form.wrong("grade", "say how it was: good, all right or not good");
    }
    let comment = form.value("comment").to_owned();
    Ok(grade.map(|grade| (grade, comment)))
}

async fn say(State(site): State<Site>, Path(slip): Path<String>, mut form: Form) -> Result<Response, Error> {
    let holder = holder(&site, &slip).await?;
    if let Some((grade, comment)) = typed(&mut form)? {
        let (caller, id) = (&holder.0, holder.1);
        let verb = move |tx: &mut Tx<'_, '_>, act: &Act| rate(tx, act, id, (grade, &comment));
        match site.app.write(caller, verb).await {
            Ok(_) => return Ok(Redirect::to(&format!("/rate/{slip}?said=1")).into_response()),
            Err(refused) => told(&mut form, "grade", refused)?,
        }
    }
    Ok(page(&site, &holder, (&slip, None, false), &form).await?.into_response())
}

/// The same on the page of a ticket.
async fn say_there(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::AskForHelp)?;
    let Some((grade, comment)) = typed(&mut form)? else {
        return Err(form.check().err().unwrap_or(Error::NotFound));
    };
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let id = find_number(tx, act, number)?.id;
        rate(tx, act, id, (grade, &comment))
    };
    site.app.write(&signed.caller, verb).await?;
    Ok(to_ticket(number))
}

fn to_ticket(number: i64) -> Response {
    (StatusCode::SEE_OTHER, [("location", format!("/tickets/{number}#rating"))]).into_response()
}

async fn follow(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::WorkTickets)?;
    form.only(&["done"])?;
    let done = form.value("done").to_owned();
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let id = find_number(tx, act, number)?.id;
        follow_up(tx, act, id, &done)
    };
    site.app.write(&signed.caller, verb).await?;
    Ok(to_ticket(number))
}

//! Pages: one membership, suspending it, taking that back, and departure.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use remit_core::Id;
use remit_db::Tx;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::assignment_web;
use super::invite::may_manage;
use super::standing::may_end;
use super::{
    Departure, Fate, Held, Member, Membership, Permission, State as Standing, holds, leave, member,
    of_same_person, reinstate, seen, successors, suspend,
};
use crate::act::Act;
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell, told};

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/people/{id}", get(show_person))
        .route("/people/{id}/role", get(assignment_web::ask).post(assignment_web::assign_role))
        .route("/people/{id}/suspend", get(ask_suspend).post(suspend_person))
        .route("/people/{id}/reinstate", get(ask_reinstate).post(reinstate_person))
        .route("/people/{id}/leave", get(ask_leave).post(see_out))
}

#[derive(Template)]
#[template(path = "people/show.html")]
struct ShowPage {
    member: Member,
    others: Vec<Member>,
    permissions: Vec<&'static str>,
    /// For those who may act on it.
    held: Option<Vec<Held>>,
    /// Not oneself, nor the last owner.
    may_end: bool,
}

async fn show_person(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Membership>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let member = member(tx, act, id)?;
        let held = may_manage(act, member.role).is_ok().then(|| holds(tx, act, id)).transpose()?;
        Ok(ShowPage {
            others: of_same_person(tx, act, id)?,
            permissions: member.role.permissions().map(Permission::words).collect(),
            may_end: may_end(tx, act, &member).is_ok(),
            member,
            held,
        })
    };
    let page = site.app.read(&signed.caller, read).await?;
    let mut chrome = chrome(&signed, &page.member.name, "/people");
    chrome.crumbs.push(Link::new("People", "/people"));
    Ok(shell(chrome, &page).answer(&headers))
}

/// A page about somebody, with the way back to them.
pub(super) fn about(signed: &Signed, member: &Member, title: &str, page: &impl Template) -> Shell {
    let mut chrome = chrome(signed, &format!("{title} {}", member.name), "/people");
    chrome.crumbs.push(Link::new("People", "/people"));
    chrome.crumbs.push(Link::new(member.name.as_str(), format!("/people/{}", member.id)));
    shell(chrome, page)
}

#[derive(Template)]
#[template(path = "people/suspend.html")]
struct SuspendPage<'p> {
    member: &'p Member,
    held: Vec<Held>,
}

async fn ask_suspend(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Membership>>,
) -> Result<Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let member = member(tx, act, id)?;
        may_end(tx, act, &member)?;
        Ok((member, holds(tx, act, id)?))
    };
    let (member, mut held) = site.app.read(&signed.caller, read).await?;
    held.retain(|held| held.fate == Fate::Ends);
    Ok(about(&signed, &member, "Suspend", &SuspendPage { member: &member, held }))
}

async fn suspend_person(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Membership>>,
    form: Form,
) -> Result<Response, Error> {
    form.only(&[])?;
    site.app.write(&signed.caller, move |tx, act| suspend(tx, act, id)).await?;
    Ok(Redirect::to(&format!("/people/{id}")).into_response())
}

#[derive(Template)]
#[template(path = "people/reinstate.html")]
struct ReinstatePage<'p> {
    member: &'p Member,
}

async fn ask_reinstate(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Membership>>,
) -> Result<Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let member = member(tx, act, id)?;
        may_manage(act, member.role)?;
        Ok(member)
    };
    let member = site.app.read(&signed.caller, read).await?;
    Ok(about(&signed, &member, "Reinstate", &ReinstatePage { member: &member }))
}

async fn reinstate_person(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Membership>>,
    form: Form,
) -> Result<Response, Error> {
    form.only(&[])?;
    site.app.write(&signed.caller, move |tx, act| reinstate(tx, act, id)).await?;
    Ok(Redirect::to(&format!("/people/{id}")).into_response())
}

#[derive(Template)]
#[template(path = "people/leave.html")]
struct LeavePage<'p> {
    form: &'p Form,
    member: &'p Member,
    held: Vec<Held>,
    seen: String,
    successors: Vec<(String, String)>,
}

impl LeavePage<'_> {
    /// The choices of the field.
    fn choices(&self) -> impl Iterator<Item = (&str, &str)> {
        let needs = self.held.iter().any(|held| held.fate == Fate::Passes);
        let none = if needs { "Choose somebody" } else { "Nobody" };
        std::iter::once(("", none)).chain(self.successors.iter().map(|(id, who)| (id.as_str(), who.as_str())))
    }
}

async fn ask_leave(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Membership>>,
) -> Result<Shell, Error> {
    leave_page(&site, &signed, id, &Form::default()).await
}

async fn leave_page(site: &Site, signed: &Signed, id: Id<Membership>, form: &Form) -> Result<Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let member = member(tx, act, id)?;
        may_end(tx, act, &member)?;
        let (held, able) = (holds(tx, act, id)?, successors(tx, act, &member)?);
        Ok((member, held, able))
    };
    let (member, held, able) = site.app.read(&signed.caller, read).await?;
    let successors =
        able.iter().map(|m| (m.id.to_string(), format!("{}, {}", m.name, m.role.name()))).collect();
    let page = LeavePage { form, member: &member, seen: seen(&held), held, successors };
    Ok(about(signed, &member, "Departure of", &page).status(form.status()))
}

async fn see_out(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Membership>>,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["successor", "seen"])?;
    let successor: Option<Option<Id<Membership>>> = form.parsed_optional("successor");
    let seen = form.value("seen").to_owned();
    if let Some(successor) = successor {
        let departure = Departure { successor, seen };
        match site.app.write(&signed.caller, move |tx, act| leave(tx, act, id, &departure)).await {
            Ok(()) => return Ok(Redirect::to(&format!("/people/{id}")).into_response()),
            Err(Refused::Stale) => {
                form.wrong("successor", "What they hold has changed since you opened this page. Look again.");
            }
            // Which is about the leaver, not about what was typed.
            Err(refused @ Refused::Conflict(_)) => return Err(refused.into()),
            Err(refused) => told(&mut form, "successor", refused)?,
        }
    }
    Ok(leave_page(&site, &signed, id, &form).await?.into_response())
}

//! Page: another role or reach for somebody.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Id;
use remit_db::Tx;
use remit_web::layout::Shell;
use remit_web::{Error, Form};

use super::assignment::may_assign;
use super::departure::reach;
use super::invite_web::{REACHES, named};
use super::person_web::about;
use super::{Assignment, Member, Membership, PartyKind, Role, assign, member};
use crate::act::Act;
use crate::site::{Signed, Site, told};

#[derive(Template)]
#[template(path = "people/assign.html")]
struct AssignPage<'p> {
    member: &'p Member,
    form: &'p Form,
}

impl AssignPage<'_> {
    /// The roles of the same kind of party.
    fn roles(&self) -> impl Iterator<Item = (&str, &str)> {
        let kind = self.member.role.party();
        let roles = Role::ALL.into_iter().filter(move |role| role.party() == kind);
        roles.map(|role| (role.key(), role.name()))
    }

    fn several(&self) -> bool {
        self.member.role.party() != PartyKind::Internal
    }
}

pub(super) async fn ask(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Membership>>,
) -> Result<Shell, Error> {
    page(&site, &signed, id, None).await
}

/// The page with what was typed, or with how it is now.
async fn page(
    site: &Site,
    signed: &Signed,
    id: Id<Membership>,
    typed: Option<&Form>,
) -> Result<Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let member = member(tx, act, id)?;
        may_assign(tx, act, &member)?;
        let listed: Vec<String> = reach(tx, id)?.into_iter().map(|(_, name)| name).collect();
        Ok((member, listed))
    };
    let (member, listed) = site.app.read(&signed.caller, read).await?;
    let now = Form::filled([
        ("role", member.role.key().to_owned()),
        ("reach", REACHES[usize::from(!member.everywhere)].0.to_owned()),
        ("clients", listed.join("\n")),
    ]);
    let form = typed.unwrap_or(&now);
    Ok(about(signed, &member, "Role of", &AssignPage { member: &member, form }).status(form.status()))
}

pub(super) async fn assign_role(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Membership>>,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["role", "reach", "clients"])?;
    let look = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let member = member(tx, act, id)?;
        may_assign(tx, act, &member)?;
        Ok(member)
    };
    let member = site.app.read(&signed.caller, look).await?;
    let everywhere = form.value("reach") != "listed";
    let lists = member.role.party() != PartyKind::Internal && !everywhere;
    let names: Vec<String> = form.value("clients").lines().map(|line| line.trim().to_owned()).collect();
    if let Some(role) = Role::from_key(form.value("role")) {
        let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let clients = if lists { named(tx, act, &names)? } else { Vec::new() };
            assign(tx, act, id, &Assignment { role, everywhere, clients })
        };
        match site.app.write(&signed.caller, verb).await {
            Ok(()) => return Ok(Redirect::to(&format!("/people/{id}")).into_response()),
            Err(refused) => told(&mut form, "role", refused)?,
        }
    } else {
        form.wrong("role", "Choose a role of the list.");
    }
    Ok(page(&site, &signed, id, Some(&form)).await?.into_response())
}

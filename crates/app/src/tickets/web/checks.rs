//! Checklists on a ticket: putting one there, saying where an item stands, and taking it off.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Id;
use remit_db::Tx;
use remit_web::{Error, Form};

use super::super::visibility::Sight;
use super::super::{
    Checklist, ItemState, Ticket, TicketChecklist, attach, checklists, proposed_tags, tags, take_off, tick,
    ticket_checklists,
};
use super::approval::{Approving, approving};
use super::deed::{back, worked};
use crate::act::Act;
use crate::refused::Refused;
use crate::site::{Signed, Site};

/// What both IT teams put on a ticket, and what they can put there, which is all empty for everybody else; and its approvals.
pub(super) struct OnIt {
    /// Everybody who sees the ticket sees those.
    pub approving: Approving,
    /// The words on it, and those that are proposed.
    pub tags: Vec<String>,
    pub known_tags: Vec<String>,
    pub checklists: Vec<TicketChecklist>,
    /// Those that can be put there.
    pub attachable: Vec<(Id<Checklist>, String)>,
}

pub(super) fn on_it(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<OnIt, Refused> {
    let (tags, known_tags) = (tags(tx, act, ticket.id)?, proposed_tags(tx, act, ticket.client)?);
    let there = ticket_checklists(tx, act, ticket.id)?;
    let mut all = if Sight::of(act)?.reads_teams() { checklists(tx, act)? } else { Vec::new() };
    all.retain(|one| one.retired_at.is_none() && !there.iter().any(|list| list.checklist == one.id));
    let attachable = all.into_iter().map(|one| (one.id, one.text.name)).collect();
    let approving = approving(tx, act, ticket)?;
    Ok(OnIt { approving, tags, known_tags, checklists: there, attachable })
}

/// Back to the lists of the ticket, or the ticket with what is wrong.
async fn done(
    site: &Site,
    signed: &Signed,
    number: i64,
    done: Result<Ticket, Refused>,
) -> Result<Response, Error> {
    if done.is_ok() {
        return Ok(Redirect::to(&format!("/tickets/{number}#checklists")).into_response());
    }
    back(site, signed, number, (Form::default(), done)).await
}

pub(super) async fn put(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["checklist"])?;
    let of: Id<Checklist> = form.given("checklist")?;
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| attach(tx, act, id, of);
    let put = site.app.write(&signed.caller, verb).await;
    done(&site, &signed, number, put).await
}

pub(super) async fn say(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["item", "to", "reason"])?;
    let item: i64 = form.given("item")?;
    let to = ItemState::from_key(form.value("to"));
    let to = to.ok_or_else(|| Error::malformed("Say whether it is done, skipped or open."))?;
    let reason = form.value("reason").to_owned();
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| tick(tx, act, (id, item), (to, &reason));
    let said = site.app.write(&signed.caller, verb).await;
    done(&site, &signed, number, said).await
}

pub(super) async fn take_away(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["number", "reason"])?;
    let list: i64 = form.given("number")?;
    let reason = form.value("reason").to_owned();
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| take_off(tx, act, (id, list), &reason);
    let off = site.app.write(&signed.caller, verb).await;
    done(&site, &signed, number, off).await
}

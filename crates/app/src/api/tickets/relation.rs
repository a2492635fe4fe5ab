//! How tickets hang together, and who follows them.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use remit_core::Id;
use remit_db::Tx;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sent::TicketIn;
use super::shown::TicketOut;
use super::{GROUP, done};
use crate::act::Act;
use crate::api::gate::Who;
use crate::api::once::{Made, Once};
use crate::api::operation::{Operation, ROOT, Routes, Sample};
use crate::api::wire::{Named, id, maybe_id, sample_id};
use crate::people::{Membership, Permission};
use crate::refused::{Field, Refused};
use crate::site::Site;
use crate::tickets::{self, LinkKind, Status, Ticket};

pub(super) fn routes(routes: Routes) -> Routes {
    let deed = |path, id, summary| Operation::post(path, id, GROUP, summary).conflicts();
    routes
        .on(
            Operation::get("/tickets/{ticket}/links", "listTicketLinks", GROUP, "List what it hangs together with")
                .ok::<Vec<LinkOut>>("Links from both ends, at most 400."),
            links,
        )
        .on(
            deed("/tickets/{ticket}/links", "linkTicket", "Say what it is to another")
                .body::<LinkIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            link,
        )
        .on(
            deed("/tickets/{ticket}/links/remove", "unlinkTicket", "Take a link back")
                .body::<LinkIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            unlink,
        )
        .on(
            deed("/tickets/{ticket}/merge", "mergeTicket", "Merge it into another")
                .about("It is closed and goes on in the other; whoever asked for it follows that. Nothing that was written is lost.")
                .body::<MergeIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            merge,
        )
        .on(
            deed("/tickets/{ticket}/split", "splitTicket", "Split something off")
                .about("A new ticket for the same client and requester, which begins with some lines of this one.")
                .body::<SplitIn>()
                .made::<TicketOut>("The new ticket."),
            split,
        )
        .on(
            deed("/tickets/{ticket}/watch", "watchTicket", "Follow it")
                .body::<WhoIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            watch,
        )
        .on(
            deed("/tickets/{ticket}/unwatch", "unwatchTicket", "Do not follow it any more")
                .body::<WhoIn>()
                .ok::<Followed>("Whether that was done."),
            unwatch,
        )
}

/// Who helps.
pub(super) fn help_routes(routes: Routes) -> Routes {
    let deed = |path, id, summary| Operation::post(path, id, GROUP, summary).conflicts();
    routes
        .on(
            Operation::get("/tickets/{ticket}/helpers", "listTicketHelpers", GROUP, "List who helps with it")
                .about("Besides whoever works on it first. For both IT teams.")
                .ok::<Vec<HelperOut>>("By name, at most 10."),
            helpers,
        )
        .on(
            deed("/tickets/{ticket}/help", "helpWithTicket", "Help with it")
                .about("By yourself, or asked by whoever is of either IT team. Whose it is stays as it is.")
                .body::<WhoIn>()
                .ok::<Vec<HelperOut>>("Who helps now."),
            help,
        )
        .on(
            deed("/tickets/{ticket}/end-help", "endHelpWithTicket", "Do not help with it any more")
                .body::<WhoIn>()
                .ok::<Vec<HelperOut>>("Who helps now."),
            end_help,
        )
}

/// Somebody who helps with a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TicketHelper")]
pub(crate) struct HelperOut {
    /// Who.
    #[schemars(schema_with = "id::<Membership>")]
    pub id: Id<Membership>,
    /// What they are called.
    pub name: String,
}

impl Sample for Vec<HelperOut> {
    fn sample() -> Self {
        vec![HelperOut { id: sample_id(), name: "Ana Reyes".to_owned() }]
    }
}

fn helping(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Vec<HelperOut>, Refused> {
    act.require(Permission::WorkTickets)?;
    let ticket = tickets::find(tx, act, id)?;
    let all = tickets::helpers(tx, act, &ticket)?;
    Ok(all.into_iter().map(|(id, name)| HelperOut { id, name }).collect())
}

async fn helpers(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Ticket>>,
) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| helping(tx, act, id);
    Ok(axum::Json(site.app.read(&who.caller, read).await?).into_response())
}

/// Whom it is about: who is named, or the caller.
fn meant(act: &Act, who: Option<Id<Membership>>) -> Result<Id<Membership>, Refused> {
    let nobody = || Refused::Invalid(vec![Field::new("who", "say who: this key is nobody")]);
    who.or(act.caller.membership).ok_or_else(nobody)
}

async fn help(Named(id): Named<Id<Ticket>>, once: Once<WhoIn>) -> Result<Response, Error> {
    once.make(move |tx, act, to| {
        act.require(Permission::WorkTickets)?;
        let who = meant(act, to.who)?;
        tickets::help(tx, act, id, who)?;
        Ok(Made::now(helping(tx, act, id)?))
    })
    .await
}

async fn end_help(Named(id): Named<Id<Ticket>>, once: Once<WhoIn>) -> Result<Response, Error> {
    once.make(move |tx, act, to| {
        act.require(Permission::WorkTickets)?;
        let who = meant(act, to.who)?;
        tickets::end_help(tx, act, id, who)?;
        Ok(Made::now(helping(tx, act, id)?))
    })
    .await
}

/// A link to say or to take back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewTicketLink")]
pub(crate) struct LinkIn {
    /// What it is to the other: related, child, duplicate, caused or blocked.
    pub kind: LinkKind,
    /// The number of the other.
    pub number: i64,
}

impl Sample for LinkIn {
    fn sample() -> Self {
        Self { kind: LinkKind::Child, number: 4711 }
    }
}

/// Where it is to go on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Merge")]
pub(crate) struct MergeIn {
    /// The number of the ticket that goes on.
    pub into: i64,
}

impl Sample for MergeIn {
    fn sample() -> Self {
        Self { into: 4711 }
    }
}

/// What is split off.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Split")]
pub(crate) struct SplitIn {
    /// The new ticket. Its client and requester are those of this one, whatever is said here.
    pub ticket: TicketIn,
    /// Lines that it begins with: such as everybody reads; they stay here too.
    #[serde(default)]
    pub lines: Vec<i64>,
}

impl Sample for SplitIn {
    fn sample() -> Self {
        Self { ticket: TicketIn::sample(), lines: vec![3] }
    }
}

/// Who.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Watcher")]
pub(crate) struct WhoIn {
    /// Somebody of the client or the provider; yourself when absent.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub who: Option<Id<Membership>>,
}

impl Sample for WhoIn {
    fn sample() -> Self {
        Self { who: None }
    }
}

/// Whether somebody follows a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Watched")]
pub(crate) struct Followed {
    /// Whether they do.
    pub follows: bool,
}

impl Sample for Followed {
    fn sample() -> Self {
        Self { follows: false }
    }
}

/// A link, from one of its ends.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "LinkedTicket")]
pub(crate) struct LinkOut {
    /// What the one is to the other.
    pub kind: LinkKind,
    /// Whether it is this ticket that the kind speaks of; else it is the other.
    pub ahead: bool,
    /// The other one.
    #[schemars(schema_with = "id::<Ticket>")]
    pub ticket: Id<Ticket>,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// Where its work stands.
    pub status: Status,
}

impl Sample for Vec<LinkOut> {
    fn sample() -> Self {
        vec![LinkOut {
            kind: LinkKind::Child,
            ahead: true,
            ticket: sample_id(),
            number: 4711,
            subject: "Move to the new building".to_owned(),
            status: Status::Working,
        }]
    }
}

async fn links(State(site): State<Site>, who: Who, Named(id): Named<Id<Ticket>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let ticket = tickets::find(tx, act, id)?;
        tickets::links(tx, act, &ticket)
    };
    let found = site.app.read(&who.caller, read).await?.into_iter().map(|link| LinkOut {
        kind: link.kind,
        ahead: link.ahead,
        ticket: link.ticket,
        number: link.number,
        subject: link.subject,
        status: link.status,
    });
    Ok(axum::Json(found.collect::<Vec<_>>()).into_response())
}

async fn link(Named(id): Named<Id<Ticket>>, once: Once<LinkIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::link(tx, act, id, (to.kind, to.number))).await
}

async fn unlink(Named(id): Named<Id<Ticket>>, once: Once<LinkIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::unlink(tx, act, id, (to.kind, to.number))).await
}

async fn merge(Named(id): Named<Id<Ticket>>, once: Once<MergeIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::merge(tx, act, id, to.into)).await
}

async fn split(Named(id): Named<Id<Ticket>>, once: Once<SplitIn>) -> Result<Response, Error> {
    let new = (once.body.ticket.clone().into(), once.body.lines.clone());
    let opening = tickets::prepare_split(&once.site.app, &once.who.caller, id, new).await?;
    once.make(move |tx, act, _| {
        let made = tickets::split_prepared(tx, act, id, &opening)?;
        let out = TicketOut::of(tx, act, made.id)?;
        Ok(Made::at(format!("{ROOT}/tickets/{}", made.id), out))
    })
    .await
}

async fn watch(Named(id): Named<Id<Ticket>>, once: Once<WhoIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::watch(tx, act, id, to.who)).await
}

async fn unwatch(Named(id): Named<Id<Ticket>>, once: Once<WhoIn>) -> Result<Response, Error> {
    once.make(move |tx, act, to| {
        tickets::unwatch(tx, act, id, to.who)?;
        // Whoever does not follow it any more may not see it any more.
        Ok(Made::now(Followed { follows: false }))
    })
    .await
}

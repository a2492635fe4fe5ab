//! Approvals: on a ticket, and what waits for the one who asks.

mod wire;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse as _, Response};
use remit_core::Id;
use remit_db::Tx;
use remit_web::Error;
use remit_web::paging::Key;

use super::{GROUP, TicketOut, done};
use crate::act::Act;
use crate::api::gate::Who;
use crate::api::once::Once;
use crate::api::operation::{For, Operation, Routes};
use crate::api::wire::{Asked, Named, Paging};
use crate::site::Site;
use crate::tickets::{self, ListedApproval, Ticket};
use wire::{ApprovalOut, CandidateOut, ListedOut, NewIn, PassIn, SaidIn, WhichIn};

pub(super) fn routes(routes: Routes) -> Routes {
    let deed = |path, id, summary| Operation::post(path, id, GROUP, summary).conflicts();
    let routes = routes
        .on(
            Operation::get("/tickets/{ticket}/approvals", "listTicketApprovals", GROUP, "List its approvals")
                .about("Whoever sees the ticket sees them.")
                .ok::<Vec<ApprovalOut>>("Approvals, the newest first, at most 100."),
            list,
        )
        .on(
            Operation::get(
                "/tickets/{ticket}/approvers",
                "listTicketApprovers",
                GROUP,
                "List who can be asked to approve something",
            )
            .about("For the party that holds it. Approvers of the client stand first.")
            .conflicts()
            .ok::<Vec<CandidateOut>>("People of the client and of the provider."),
            candidates,
        )
        .on(
            deed("/tickets/{ticket}/approvals", "askTicketApproval", "Ask for an approval")
                .about("Only the party that holds a ticket can. The ticket waits until it is decided; one approval at a time is open.")
                .body::<NewIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            ask,
        )
        .on(
            deed("/tickets/{ticket}/approvals/answer", "answerTicketApproval", "Say yes or no to an approval")
                .about("Whoever is asked, in a session: a key gives no answer. An answer stays as it is; the same one again changes nothing.")
                .only(For::Person)
                .body::<SaidIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            answer,
        )
        .on(
            deed("/tickets/{ticket}/approvals/pass", "passTicketApproval", "Let somebody else answer in your place")
                .about("Once; they are told.")
                .only(For::Person)
                .body::<PassIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            pass,
        )
        .on(
            deed("/tickets/{ticket}/approvals/withdraw", "withdrawTicketApproval", "Take an approval back")
                .about("Whoever asked can, and the party that holds the ticket. The ticket is worked on again.")
                .body::<WhichIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            withdraw,
        );
    lists(routes)
}

fn lists(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get(
                "/approvals/waiting",
                "listWaitingApprovals",
                GROUP,
                "List what waits for your approval",
            )
            .ok::<Vec<ListedOut>>("Approvals, what is up first before the rest, at most 200."),
            waiting,
        )
        .on(
            Operation::get("/approvals", "listApprovals", GROUP, "List all approvals")
                .query::<Paging>()
                .page::<ListedOut>("Approvals within reach, the newest first."),
            all,
        )
}

async fn list(State(site): State<Site>, who: Who, Named(id): Named<Id<Ticket>>) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, move |tx, act| tickets::approvals(tx, act, id)).await?;
    Ok(Json(found.into_iter().map(ApprovalOut::from).collect::<Vec<_>>()).into_response())
}

async fn candidates(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Ticket>>,
) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, move |tx, act| tickets::approvers(tx, act, id)).await?;
    Ok(Json(found.into_iter().map(CandidateOut::from).collect::<Vec<_>>()).into_response())
}

async fn ask(Named(id): Named<Id<Ticket>>, once: Once<NewIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, new| tickets::ask_approval(tx, act, id, &new.into())).await
}

async fn answer(Named(id): Named<Id<Ticket>>, once: Once<SaidIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, said| {
        tickets::answer_approval(tx, act, (id, said.approval), (said.answer, &said.reason))
    })
    .await
}

async fn pass(Named(id): Named<Id<Ticket>>, once: Once<PassIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, to| tickets::pass_approval(tx, act, (id, to.approval), to.to)).await
}

async fn withdraw(Named(id): Named<Id<Ticket>>, once: Once<WhichIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, which| tickets::withdraw_approval(tx, act, (id, which.approval))).await
}

async fn waiting(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, tickets::waiting_approvals).await?;
    Ok(Json(found.into_iter().map(ListedOut::from).collect::<Vec<_>>()).into_response())
}

async fn all(
    State(site): State<Site>,
    who: Who,
    Asked(paging): Asked<Paging>,
    uri: Uri,
) -> Result<Response, Error> {
    let name = "api: approvals";
    let (most, before) = (paging.most()?, paging.keys::<(String,)>(&site, name)?);
    let before = before.and_then(|(id,)| Id::parse(&id).ok());
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| tickets::all_approvals(tx, act, (before, most));
    let found = site.app.read(&who.caller, read).await?;
    let keys = |one: &ListedApproval| vec![Key::Text(one.approval.id.to_string())];
    Ok(paging.page((&site, name, &uri), found, keys, ListedOut::from))
}

//! Pages: lists of tickets, a new one, and one ticket with everything that can be done to it.

mod answers;
mod approval;
mod approval_rule;
mod approvals;
mod bulk;
mod checklist;
mod checks;
mod clocks;
mod deed;
mod desk;
mod export;
mod field;
mod hand_off;
mod list;
mod live;
mod macros;
mod new;
mod priority;
mod relation;
mod saved;
mod show;
mod tag;

use axum::Router;
use axum::routing::{get, post};
use remit_core::At;
use remit_db::Tx;
use remit_web::Error;
use remit_web::layout::{Chrome, Link};

pub(crate) use field::people;

use super::{Ticket, find_number};
use crate::act::Act;
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome};

pub(crate) fn routes() -> Router<Site> {
    settings()
        .route("/approvals", get(approvals::show))
        .route("/tickets", get(list::show))
        .route("/tickets/bulk", post(bulk::act))
        .route("/tickets/live", get(live::lists))
        .route("/tickets/views", get(saved::list).post(saved::keep))
        .route("/tickets/views/{view}/removal", post(saved::remove))
        .route("/tickets/new", get(new::ask).post(new::make))
        .route("/tickets/{number}", get(show::show))
        .route("/tickets/{number}/live", get(live::one))
        .route("/tickets/{number}/clocks", get(clocks::show))
        .route("/tickets/{number}/lines", post(deed::write))
        .route("/tickets/{number}/draft", post(desk::keep))
        .route("/tickets/{number}/macro", post(macros::put))
        .route("/tickets/{number}/sending", post(desk::send_now))
        .route("/tickets/{number}/sending/undo", post(desk::unsend))
        .route("/tickets/{number}/presence", get(desk::others).post(desk::be_there))
        .route("/tickets/{number}/takers", get(desk::takers))
        .route("/tickets/{number}/similar", get(desk::alike))
        .route("/tickets/{number}/status", post(deed::set_status))
        .route("/tickets/{number}/worker", post(deed::assign))
        .route("/tickets/{number}/weight", post(deed::weigh))
        .route("/tickets/{number}/matter", post(deed::classify))
        .route("/tickets/{number}/subject", post(deed::rename))
        .route("/tickets/{number}/offer", get(deed::ask_offer).post(deed::offer))
        .route("/tickets/{number}/escalation", get(deed::ask_escalation).post(deed::escalate))
        .route("/tickets/{number}/hand-back", get(deed::ask_hand_back).post(deed::hand_back))
        .route("/tickets/{number}/acceptance", post(deed::accept))
        .route("/tickets/{number}/refusal", get(deed::ask_decline).post(deed::decline))
        .route("/tickets/{number}/recall", post(deed::recall))
        .route("/tickets/{number}/links", post(relation::tie))
        .route("/tickets/{number}/links/remove", post(relation::cut))
        .route("/tickets/{number}/merge", post(relation::join))
        .route("/tickets/{number}/split", get(relation::ask_split).post(relation::split_off))
        .route("/tickets/{number}/tags", post(tag::change))
        .route("/tickets/{number}/checklists", post(checks::put))
        .route("/tickets/{number}/checklists/items", post(checks::say))
        .route("/tickets/{number}/approval", get(approval::ask).post(approval::make))
        .route("/tickets/{number}/approval/answer", get(approval::ask_answer).post(approval::answer))
        .route("/tickets/{number}/approval/stand-in", post(approval::pass_on))
        .route("/tickets/{number}/approval/withdrawal", post(approval::withdraw))
        .route("/tickets/{number}/checklists/removal", post(checks::take_away))
        .route("/tickets/{number}/fields", get(field::ask_fill).post(field::fill_in))
        .route("/tickets/{number}/helpers", post(relation::helps))
        .route("/tickets/{number}/helpers/removal", post(relation::ends_help))
        .route("/tickets/{number}/watch", post(relation::follow))
        .route("/tickets/{number}/unwatch", post(relation::leave))
}

/// What is said once for all tickets, and macros.
fn settings() -> Router<Site> {
    Router::new()
        .route("/settings/priorities", get(priority::show).post(priority::change))
        .route("/settings/hand-off", get(hand_off::show).post(hand_off::change))
        .route("/settings/hand-off/removal", post(hand_off::remove))
        .route("/settings/approvals", get(approval_rule::show).post(approval_rule::change))
        .route("/settings/approvals/removal", post(approval_rule::remove))
        .route("/settings/checklists", get(checklist::list))
        .route("/settings/checklists/new", get(checklist::ask).post(checklist::make))
        .route("/settings/checklists/{id}", get(checklist::show).post(checklist::change))
        .route("/settings/checklists/{id}/retirement", post(checklist::retire))
        .route("/settings/checklists/{id}/restoration", post(checklist::restore))
        .route("/settings/fields", get(field::list))
        .route("/settings/fields/new", get(field::ask_new).post(field::make))
        .route("/settings/fields/{field}", get(field::show).post(field::change))
        .route("/settings/fields/{field}/retirement", post(field::retire))
        .route("/macros", get(macros::list))
        .route("/macros/new", get(macros::ask).post(macros::make))
        .route("/macros/{macro}", get(macros::show).post(macros::change))
        .route("/macros/{macro}/removal", post(macros::remove))
}

/// What is around a page about one ticket.
fn frame(signed: &Signed, ticket: &Ticket) -> Chrome {
    let mut chrome = chrome(signed, &format!("#{} {}", ticket.number, ticket.subject), "/tickets");
    chrome.crumbs.push(Link::new("Tickets", "/tickets"));
    chrome
}

/// The ticket of a page, as the caller may see it.
async fn seen(site: &Site, signed: &Signed, number: i64) -> Result<Ticket, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| find_number(tx, act, number);
    Ok(site.app.read(&signed.caller, read).await?)
}

/// How long until an instant, or since: to the minute, at most two units.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
pub(crate) fn span(from: &At, to: &At) -> String {
    let minutes = (*to - *from).millis().abs() / 60_000;
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes:02} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// Whether a refusal can be mended in a form on the page.
fn is_said(refused: &Refused) -> bool {
    matches!(refused, Refused::Invalid(_) | Refused::Conflict(_) | Refused::Stale)
}

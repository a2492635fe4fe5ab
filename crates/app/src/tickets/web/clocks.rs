//! Why a ticket is due when it is: each clock, part by part, and whose time was used.

use askama::Template;
use axum::extract::{Path, State};
use remit_core::{Millis, Zone};
use remit_db::Tx;
use remit_web::Error;
use remit_web::layout::{Link, Shell};

use super::super::clocks::{ClockSeen, Seen, clocks};
use super::super::{Ticket, find_number};
use super::frame;
use crate::act::Act;
use crate::people::Permission;
use crate::site::{Signed, Site, shell};

#[derive(Template)]
#[template(path = "tickets/clocks.html")]
struct ClocksPage {
    ticket: Ticket,
    seen: Seen,
    together: Millis,
    may_promise: bool,
    zone: Zone,
}

impl ClocksPage {
    /// How much of it is used, in percent; at most 100.
    fn percent(clock: &ClockSeen) -> Option<i64> {
        let length = clock.length?.millis().max(1);
        Some((clock.consumed.millis() * 100 / length).clamp(0, 100))
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
) -> Result<Shell, Error> {
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let id = find_number(tx, act, number)?.id;
        clocks(tx, act, id)
    };
    let (ticket, seen) = site.app.read(&signed.caller, read).await?;
    let mut chrome = frame(&signed, &ticket);
    chrome.crumbs.push(Link::new(format!("#{number}"), format!("/tickets/{number}")));
    let together = seen.shares.iter().map(|share| share.used).sum();
    let may_promise = signed.caller.may(Permission::ReadClients);
    let zone = signed.caller.zone.clone();
    Ok(shell(chrome, &ClocksPage { ticket, seen, together, may_promise, zone }))
}

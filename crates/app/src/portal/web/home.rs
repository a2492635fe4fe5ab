//! The first page of those who ask for help.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{At, Id, Millis, Zone};
use remit_db::Tx;
use remit_draw::Hue;
use remit_web::Error;

use super::super::{RequestType, request_types};
use super::own_client;
use crate::act::Act;
use crate::clients::{self, Client};
use crate::matrix::{self, Work};
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell};
use crate::tickets::{self, Listed, Status, View};

/// What they asked for that is shown here; the rest stands in its list.
const SHOWN: usize = 8;
/// Of so many that they asked for last.
const LAST: u16 = 50;
/// What is done is shown for so long.
const DONE: Millis = Millis::from_hours(14 * 24);

/// Who looks after something now.
#[derive(Clone, PartialEq, Eq)]
struct Now {
    hue: Hue,
    party: String,
    /// Until when, on the client's clock, such as `18:00`, or `Mon 08:00`; nothing where it stays as far as a week can be seen.
    until: Option<String>,
}

/// What can be asked for, and who looks after it now.
type Tile = (RequestType, Option<Now>);

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    /// By head; each with who looks after it now.
    heads: Vec<(String, Vec<Tile>)>,
    /// Who looks after whatever else there is.
    other: Option<Now>,
    own: Vec<Listed>,
    /// Whether colleagues share theirs.
    shared: bool,
    waiting: i64,
    may_say: bool,
    now: At,
}

impl HomePage {
    /// Where it stands, in words for whoever asked.
    fn stands(listed: &Listed) -> &'static str {
        match listed.ticket.status {
            Status::New => "It has arrived",
            Status::WaitingRequester => "We need your answer",
            Status::WaitingApproval => "It waits for an approval",
            Status::Solved => "Solved: how was it?",
            Status::Closed => "Done",
            _ => "Somebody works on it",
        }
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Error> {
    signed.caller.require(Permission::AskForHelp)?;
    let client = own_client(&signed.caller);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let types = match client {
            Some(client) => request_types(tx, act, Some(client))?,
            None => Vec::new(),
        };
        let zone = client.map(|client| clients::zone(tx, client)).transpose()?;
        let mut own = tickets::list(tx, act, View::Own, (None, None, LAST))?;
        // What was done long ago is not in the way of asking.
        own.retain(|one| one.ticket.closed_at.is_none_or(|at| act.at - at < DONE));
        own.truncate(SHOWN);
        Ok::<_, Refused>((types, (own, tickets::reads_shared(tx, act)?), zone))
    };
    let (types, (own, shared), zone) = site.app.read(&signed.caller, read).await?;
    let mut after = Vec::new();
    for service in services(&types) {
        let now = match (client, &zone) {
            (Some(client), Some(zone)) => looks_after(&site, &signed, (client, zone, &service)).await?,
            _ => None,
        };
        after.push((service, now));
    }
    let after: BTreeMap<(String, &'static str), Option<Now>> = after.into_iter().collect();
    let mut heads: Vec<(String, Vec<Tile>)> = Vec::new();
    let other = after.get(&(String::new(), "incident")).cloned().flatten();
    for one in types {
        // What is true of everything is said once, above.
        let now = after.get(&key(&one)).cloned().flatten().filter(|now| Some(now) != other.as_ref());
        match heads.iter_mut().find(|(head, _)| *head == one.says.head) {
            Some((_, all)) => all.push((one, now)),
            None => heads.push((one.says.head.clone(), vec![(one, now)])),
        }
    }
    let page = HomePage {
        heads,
        other,
        own,
        shared,
        waiting: signed.waits.approvals,
        may_say: signed.caller.may(Permission::PlanTickets),
        now: site.app.now(),
    };
    Ok(shell(chrome(&signed, "How can we help?", "/portal"), &page).answer(&headers))
}

fn key(one: &RequestType) -> (String, &'static str) {
    (one.says.service.clone(), one.says.kind.key())
}

/// What is asked of the matrix, each once; whatever else there is, is an incident about no service.
fn services(types: &[RequestType]) -> Vec<(String, &'static str)> {
    let mut all: Vec<_> = types.iter().map(key).chain([(String::new(), "incident")]).collect();
    all.sort();
    all.dedup();
    all
}

/// Who takes such work at this instant.
async fn looks_after(
    site: &Site,
    signed: &Signed,
    (client, zone, (service, kind)): (Id<Client>, &Zone, &(String, &'static str)),
) -> Result<Option<Now>, Error> {
    let at = site.app.now();
    let values = vec![(remit_matrix::model::Dimension::Kind, (*kind).to_owned())];
    let work = Work { client, at, service: service.clone(), values };
    let Some(ruling) = matrix::route(&site.app, &signed.caller, &work).await? else { return Ok(None) };
    let owner = ruling.owner;
    Ok(Some(Now {
        hue: owner.kind.hue(),
        party: owner.party.1,
        until: ruling.until.map(|until| clock(zone, at, until)),
    }))
}

/// An instant within a week, as people say it.
fn clock(zone: &Zone, now: At, at: At) -> String {
    let (local, today) = (zone.local(at), zone.local(now).date());
    let form = if local.date() == today { "%H:%M" } else { "%A %H:%M" };
    local.strftime(form).to_string()
}

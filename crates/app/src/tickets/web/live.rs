//! What changes in tickets, as it happens: only that it does. The page asks for its parts again.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use remit_core::Id;
use remit_web::Error;
use remit_web::live::{SameOrigin, events};

use super::super::visibility::Sight;
use super::super::{Ticket, find};
use super::seen;
use crate::App;
use crate::act::Caller;
use crate::sign_in::{self, Session};
use crate::site::{Signed, Site};

/// That something changed in some list.
pub(super) async fn lists(
    State(site): State<Site>,
    signed: Signed,
    own: SameOrigin,
) -> Result<Response, Error> {
    Sight::of(&site.app.act(&signed.caller))?;
    let (changes, stopping) = (site.app.db.changes(), site.stop.stopping());
    let may = move || still(site.app.clone(), signed.caller.clone(), signed.session, None);
    Ok(events(own, changes, |heard| heard == "tickets", may, stopping).into_response())
}

/// That something changed in one ticket.
pub(super) async fn one(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    own: SameOrigin,
) -> Result<Response, Error> {
    let id = seen(&site, &signed, number).await?.id;
    let (topic, at) = (format!("ticket {id}"), format!("at {id}"));
    let (changes, stopping) = (site.app.db.changes(), site.stop.stopping());
    let may = move || still(site.app.clone(), signed.caller.clone(), signed.session, Some(id));
    Ok(events(own, changes, move |heard| heard == topic || heard == at, may, stopping).into_response())
}

/// Whether somebody is still signed in and still sees it: a stream can outlast both.
async fn still(app: App, caller: Caller, session: Id<Session>, ticket: Option<Id<Ticket>>) -> bool {
    if let Some(id) = ticket
        && app.read(&caller, move |tx, act| find(tx, act, id)).await.is_err()
    {
        return false;
    }
    let sessions = sign_in::list(&app, &caller).await.unwrap_or_default();
    sessions.iter().any(|listed| listed.id == session)
}

//! What changes in the matrix of one client, as it happens: only that it changes. The page asks for its parts again.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use remit_core::Id;
use remit_web::Error;
use remit_web::live::{SameOrigin, events};

use crate::App;
use crate::act::Caller;
use crate::clients::{self, Client};
use crate::people::Permission;
use crate::sign_in::{self, Session};
use crate::site::{Signed, Site};

/// The stream of one client. Whoever does not reach the client does not find it.
pub(super) async fn listen(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    own: SameOrigin,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ReadMatrix)?;
    site.app.read(&signed.caller, move |tx, act| clients::find(tx, act, id)).await?;
    let topic = format!("matrix {id}");
    let (changes, stopping) = (site.app.db.changes(), site.stop.stopping());
    let may = move || still(site.app.clone(), signed.caller.clone(), signed.session, id);
    Ok(events(own, changes, move |heard| heard == topic, may, stopping).into_response())
}

/// Whether somebody is still signed in and still reaches the client: a stream can outlast both.
async fn still(app: App, caller: Caller, session: Id<Session>, client: Id<Client>) -> bool {
    let reached = app.read(&caller, move |tx, act| clients::find(tx, act, client)).await.is_ok();
    let sessions = sign_in::list(&app, &caller).await.unwrap_or_default();
    reached && sessions.iter().any(|listed| listed.id == session)
}

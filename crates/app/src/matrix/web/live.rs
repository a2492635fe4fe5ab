//! What changes in the matrix of one client, as it happens: only that it changes. The page asks for its parts again.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use remit_core::Id;
use remit_web::Error;
use remit_web::live::{SameOrigin, events};

use crate::clients::{self, Client};
use crate::people::Permission;
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
    let wanted = format!("matrix {id}");
    let stream = events(own, site.app.db.changes(), move |topic| topic == wanted, site.stop.stopping());
    Ok(stream.into_response())
}

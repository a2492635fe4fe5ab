//! Pages: the first one of those who ask, and what they can ask for.

mod home;
mod offered;

use axum::Router;
use axum::routing::{get, post};

use remit_core::Id;
use remit_db::Reach;

use crate::act::Caller;
use crate::clients::Client;
use crate::site::Site;

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/portal", get(home::show))
        .route("/requests", get(offered::list))
        .route("/requests/new", get(offered::ask).post(offered::make))
        .route("/requests/{request}", get(offered::show).post(offered::change))
        .route("/requests/{request}/removal", post(offered::remove))
}

/// The client of whoever belongs to one.
fn own_client(caller: &Caller) -> Option<Id<Client>> {
    match caller.scope.reach() {
        Reach::Client(own) => Id::from_uuid(own),
        Reach::All | Reach::Listed(_) => None,
    }
}

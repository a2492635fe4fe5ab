//! The API for programs: REST with JSON under `/api/v1`, over the same verbs as the pages.
//!
//! An operation (`operation.rs`) is described once; its route, the OpenAPI document, the page at `/api` and the tests are made of that description, so no
//! route is without one. Whoever asks signs in with a **key** ([`crate::sign_in`]) or is in a session. Keys never sign a matrix and do not
//! touch ways to sign in.
//!
//! | file | question it answers |
//! |---|---|
//! | `operation` | what does an operation take and answer? |
//! | `gate` | who asks, and how often may they? |
//! | `once` | was this request done before? |
//! | `wire` | how do ids, pages, parameters and versions look? |
//! | `clients`, `people`, `checklists`, `macros`, `hand_off`, `draft`, `check`, `versions`, `ask`, `compare`, `audit`, `me`, `tickets`, `search` | what can be done? |
//! | `document` | how is all of it told to programs? |
//! | `page` | and to people? |

mod approval_rules;
mod ask;
mod audit;
mod check;
mod checklists;
mod clients;
mod compare;
mod document;
mod draft;
mod gate;
mod hand_off;
mod load;
mod macros;
mod me;
mod notices;
mod once;
mod operation;
mod page;
mod people;
mod promises;
mod ratings;
mod recurring;
mod reports;
mod requests;
mod search;
#[cfg(test)]
mod tests;
mod tickets;
mod versions;
mod wire;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
use remit_jobs::Handlers;
use remit_jobs::Recurrence;
use remit_jobs::handlers::Policy;
use remit_jobs::schedule::{Schedule, set};
use remit_web::etag::Etag;
use serde_json::Value;

use crate::App;
use crate::refused::Refused;
use crate::site::{Signed, Site};
use operation::{Operation, Routes};

pub(crate) use gate::Desk;
pub use gate::Rates;

/// All operations with their handlers, but for the document itself.
fn operations(site: &Site) -> Routes {
    let all = Routes::new(site);
    let all = me::routes(clients::routes(all));
    let all = approval_rules::routes(hand_off::routes(checklists::routes(people::routes(all))));
    let all =
        compare::routes(ask::routes(load::routes(reports::routes(recurring::routes(macros::routes(all))))));
    let all = versions::routes(check::routes(draft::routes(all)));
    let all = notices::routes(promises::routes(ratings::routes(requests::routes(tickets::routes(all)))));
    search::routes(audit::routes(all))
}

/// Method and path of every operation.
#[cfg(test)]
pub(crate) fn operation_paths(site: &Site) -> impl Iterator<Item = (axum::http::Method, String)> {
    operations(site).operations.into_iter().map(|one| (one.method.clone(), one.address()))
}

/// The API and its page.
pub(crate) fn routes(site: &Site) -> Router<Site> {
    let all = operations(site);
    let cookie = site.transport.cookie_name();
    let description = document::description();
    let mut described: Vec<Arc<Operation>> = all.operations.clone();
    described.push(Arc::new(document::description()));
    let told = Arc::new(document::document(&described, cookie));
    let etag = Etag::of(told.to_string().as_bytes());
    let pages = Arc::new(page::Reference::of(&told));
    let answer = {
        let told: Arc<Value> = Arc::clone(&told);
        async move |headers: HeaderMap| etag.unchanged(&headers).unwrap_or_else(|| etag.on(Json(&*told)))
    };
    let all = all.on(description, answer);
    let reference = move |signed: Signed| {
        let pages = Arc::clone(&pages);
        async move { page::show(&signed, &pages) }
    };
    all.router.route("/api", get(reference))
}

/// Says how work of the API is done later.
pub(crate) fn handlers(app: &App, handlers: Handlers) -> Handlers {
    let app = app.clone();
    handlers.add(Policy::USUAL, move |task, work| once::forgetting(app.clone(), task, work))
}

/// Sees to it that answers are forgotten when they are kept long enough.
pub(crate) async fn schedule(app: &App) -> Result<(), Refused> {
    let now = app.now();
    let hourly = Schedule {
        provider: None,
        client: None,
        name: "api answers".to_owned(),
        recurrence: Recurrence::every(60),
    };
    let work = app.db.system("schedules of the installation", move |tx| {
        set(tx, &hourly, &once::Forget {}, now).map_err(Refused::from)
    });
    work.await
}

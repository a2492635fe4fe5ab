//! Lists that you keep.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use remit_core::Id;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GROUP;
use crate::api::gate::Who;
use crate::api::once::{Made, Once};
use crate::api::operation::{Operation, ROOT, Routes, Sample};
use crate::api::wire::{Named, id, sample_id};
use crate::site::Site;
use crate::tickets::{self, SavedView};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/ticket-views", "listTicketViews", GROUP, "List the lists that you keep")
                .ok::<Vec<ViewOut>>("Your own, at most 30."),
            list,
        )
        .on(
            Operation::post("/ticket-views", "keepTicketView", GROUP, "Keep a list")
                .about("In the place of one of the same name. What it says can be sent to `listTickets`.")
                .body::<ViewIn>()
                .conflicts()
                .made::<ViewOut>("The list as it is kept."),
            keep,
        )
        .on(Operation::delete("/ticket-views/{view}", "dropTicketView", GROUP, "Take a list away"), remove)
}

/// A list to keep.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewTicketView")]
pub(crate) struct ViewIn {
    /// What you call it, at most 60 characters.
    pub name: String,
    /// The list, as what stands behind `?` in its address.
    pub query: String,
}

/// A list that you keep.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TicketView")]
pub(crate) struct ViewOut {
    /// Its id.
    #[schemars(schema_with = "id::<SavedView>")]
    pub id: Id<SavedView>,
    /// What you call it.
    pub name: String,
    /// The list, as what stands behind `?` in its address.
    pub query: String,
}

impl From<SavedView> for ViewOut {
    fn from(SavedView { id, name, query }: SavedView) -> Self {
        Self { id, name, query }
    }
}

impl Sample for ViewIn {
    fn sample() -> Self {
        Self { name: "Urgent network".to_owned(), query: "view=open&priority=P1&service=network".to_owned() }
    }
}

impl Sample for ViewOut {
    fn sample() -> Self {
        let ViewIn { name, query } = ViewIn::sample();
        Self { id: sample_id(), name, query }
    }
}

impl Sample for Vec<ViewOut> {
    fn sample() -> Self {
        vec![ViewOut::sample()]
    }
}

async fn list(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, tickets::saved_views).await?;
    let found: Vec<ViewOut> = found.into_iter().map(ViewOut::from).collect();
    Ok(axum::Json(found).into_response())
}

async fn keep(once: Once<ViewIn>) -> Result<Response, Error> {
    once.make(|tx, act, new| {
        let kept = tickets::save_view(tx, act, (&new.name, &new.query))?;
        Ok(Made::at(format!("{ROOT}/ticket-views/{}", kept.id), ViewOut::from(kept)))
    })
    .await
}

async fn remove(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<SavedView>>,
) -> Result<Response, Error> {
    site.app.write(&who.caller, move |tx, act| tickets::drop_view(tx, act, id)).await?;
    Ok(crate::api::wire::done())
}

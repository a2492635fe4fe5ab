//! Sharing: what people of a client read of what their colleagues asked for.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::Id;
use remit_web::Error;
use remit_web::etag::{Etag, IfMatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::done;
use super::shown::TicketOut;
use crate::api::gate::Who;
use crate::api::once::{Made, Once};
use crate::api::operation::{Operation, Routes, Sample};
use crate::api::wire::{Named, tagged};
use crate::clients::Client;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::Site;
use crate::tickets::{self, Readers, Sharing, Ticket};

const GROUP: &str = "Sharing";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/clients/{client}/sharing", "getSharing", GROUP, "Say how a client shares")
                .about("Whoever only asks for help reads their own tickets, and what colleagues share with them.")
                .ok::<SharingOut>("How it shares.")
                .tagged(),
            show,
        )
        .on(
            Operation::put("/clients/{client}/sharing", "setSharing", GROUP, "Change how a client shares")
                .about("Counts from now on, for what was shared before too.")
                .body::<SharingIn>()
                .must_match()
                .ok::<SharingOut>("How it shares now.")
                .tagged(),
            set,
        )
        .on(
            Operation::post("/tickets/{ticket}/sharing", "shareTicket", GROUP, "Share a ticket, or take that back")
                .about("With colleagues of whoever asked for it: by them, or by whoever works on it.")
                .conflicts()
                .body::<ShareIn>()
                .ok::<TicketOut>("The ticket as it is now."),
            share,
        )
}

/// How a client shares.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewSharing")]
pub(crate) struct SharingIn {
    /// Who reads what is shared.
    pub readers: Readers,
    /// Mail addresses of those who are named, at most 200.
    #[serde(default)]
    #[schemars(extend("maxItems" = 200))]
    pub addresses: Vec<String>,
}

/// The same as it is kept.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Sharing")]
pub(crate) struct SharingOut {
    /// Who reads what is shared.
    pub readers: Readers,
    /// Mail addresses of those who are named.
    pub addresses: Vec<String>,
}

/// Whether to share.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ShareTicket")]
pub(crate) struct ShareIn {
    /// Whether colleagues read it.
    pub with_colleagues: bool,
}

impl Sample for SharingIn {
    fn sample() -> Self {
        Self { readers: Readers::Chosen, addresses: vec!["ana@example.com".to_owned()] }
    }
}

impl Sample for SharingOut {
    fn sample() -> Self {
        let SharingIn { readers, addresses } = SharingIn::sample();
        Self { readers, addresses }
    }
}

impl Sample for ShareIn {
    fn sample() -> Self {
        Self { with_colleagues: true }
    }
}

impl From<Sharing> for SharingOut {
    fn from(kept: Sharing) -> Self {
        let addresses = kept.chosen.into_iter().map(|(_, address)| address).collect();
        Self { readers: kept.readers, addresses }
    }
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Named(client): Named<Id<Client>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, move |tx, act| tickets::sharing(tx, act, client)).await?;
    let etag = Etag::version(found.version);
    Ok(tagged(&headers, &SharingOut::from(found), &etag))
}

async fn set(Named(client): Named<Id<Client>>, once: Once<SharingIn>) -> Result<Response, Error> {
    let wanted = IfMatch::of(&once.headers)?;
    once.make(move |tx, act, new| {
        act.require(Permission::ManageClientPeople)?;
        let version = tickets::sharing(tx, act, client)?.version;
        if !wanted.names(&Etag::version(version)) {
            return Err(Refused::Stale);
        }
        tickets::set_sharing(tx, act, (client, version), (new.readers, &new.addresses))?;
        let now = tickets::sharing(tx, act, client)?;
        let etag = Etag::version(now.version);
        Ok(Made::now(SharingOut::from(now)).tagged(etag))
    })
    .await
}

async fn share(Named(id): Named<Id<Ticket>>, once: Once<ShareIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, new| tickets::share(tx, act, id, new.with_colleagues)).await
}

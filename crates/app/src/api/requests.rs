//! Request types: what people can ask for, as they call it.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use remit_core::Id;
use remit_web::Error;
use remit_web::etag::{Etag, IfMatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, ROOT, Routes, Sample};
use super::wire::{Named, id, maybe_id, sample_id, tagged};
use crate::clients::Client;
use crate::people::Permission;
use crate::portal::{self, NewRequestType, RequestType};
use crate::refused::Refused;
use crate::site::Site;
use crate::tickets::{Kind, Urgency};

const GROUP: &str = "Request types";

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/request-types", "listRequestTypes", GROUP, "List what people can ask for")
                .about("Of all clients, and of those within reach.")
                .ok::<Vec<TypeOut>>("Request types, by head and name, at most 1000."),
            list,
        )
        .on(
            Operation::post("/request-types", "createRequestType", GROUP, "Let people ask for something")
                .about("For all clients: needs `manage settings` besides.")
                .body::<TypeIn>()
                .conflicts()
                .made::<TypeOut>("The request type."),
            create,
        )
        .on(
            Operation::get("/request-types/{request}", "getRequestType", GROUP, "Show a request type")
                .ok::<TypeOut>("The request type.")
                .tagged(),
            show,
        )
        .on(
            Operation::put(
                "/request-types/{request}",
                "changeRequestType",
                GROUP,
                "Write a request type anew",
            )
            .about("Whose it is stays.")
            .body::<TypeIn>()
            .must_match()
            .conflicts()
            .ok::<TypeOut>("The request type as it is now.")
            .tagged(),
            change,
        )
        .on(
            Operation::delete(
                "/request-types/{request}",
                "removeRequestType",
                GROUP,
                "Take a request type away",
            )
            .about("What was asked with it stays as it is."),
            remove,
        )
}

/// A request type to keep.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewRequestType")]
pub(crate) struct TypeIn {
    /// The client whose people can ask for it; null for those of all.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// As people call it, at most 60 characters.
    pub name: String,
    /// What it is, in a sentence or two.
    #[serde(default)]
    pub about: String,
    /// Under which head it stands.
    #[serde(default)]
    pub head: String,
    /// What kind of work it is: a request, an incident or a change.
    pub kind: Kind,
    /// A service of the catalogue, by which the matrix routes it.
    #[serde(default)]
    pub service: String,
    /// How soon it hurts, unless they say otherwise.
    pub urgency: Urgency,
    /// Whether what is asked with it is never shared with colleagues.
    #[serde(default)]
    pub private: bool,
}

/// A request type.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "RequestType")]
pub(crate) struct TypeOut {
    /// Its id.
    #[schemars(schema_with = "id::<RequestType>")]
    pub id: Id<RequestType>,
    /// The client whose people can ask for it; null for those of all.
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// As people call it.
    pub name: String,
    /// What it is.
    pub about: String,
    /// Under which head it stands.
    pub head: String,
    /// What kind of work it is.
    pub kind: Kind,
    /// A service of the catalogue; may be empty.
    pub service: String,
    /// How soon it hurts, unless they say otherwise.
    pub urgency: Urgency,
    /// Whether what is asked with it is never shared with colleagues.
    #[serde(default)]
    pub private: bool,
}

impl From<RequestType> for TypeOut {
    fn from(RequestType { id, says, .. }: RequestType) -> Self {
        let NewRequestType { client, name, about, head, kind, service, urgency, private } = says;
        Self { id, client, name, about, head, kind, service, urgency, private }
    }
}

impl From<TypeIn> for NewRequestType {
    fn from(said: TypeIn) -> Self {
        let TypeIn { client, name, about, head, kind, service, urgency, private } = said;
        Self { client, name, about, head, kind, service, urgency, private }
    }
}

impl Sample for TypeIn {
    fn sample() -> Self {
        Self {
            client: None,
            name: "New starter".to_owned(),
            about: "Account, mailbox and keys, within three working days.".to_owned(),
            head: "People".to_owned(),
            kind: Kind::Request,
            service: "users.onboarding".to_owned(),
            urgency: Urgency::Medium,
            private: false,
        }
    }
}

impl Sample for TypeOut {
    fn sample() -> Self {
        Self::from(RequestType { id: sample_id(), version: 1, says: TypeIn::sample().into() })
    }
}

impl Sample for Vec<TypeOut> {
    fn sample() -> Self {
        vec![TypeOut::sample()]
    }
}

fn version_of(one: &RequestType) -> Etag {
    Etag::version(one.version)
}

async fn list(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, |tx, act| portal::request_types(tx, act, None)).await?;
    Ok(Json(found.into_iter().map(TypeOut::from).collect::<Vec<_>>()).into_response())
}

async fn show(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<RequestType>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, move |tx, act| portal::request_type(tx, act, id)).await?;
    let etag = version_of(&found);
    Ok(tagged(&headers, &TypeOut::from(found), &etag))
}

async fn create(once: Once<TypeIn>) -> Result<Response, Error> {
    once.make(|tx, act, new| {
        let id = portal::add_request_type(tx, act, &new.into())?;
        let made = portal::request_type(tx, act, id)?;
        Ok(Made::at(format!("{ROOT}/request-types/{id}"), TypeOut::from(made)))
    })
    .await
}

async fn change(Named(id): Named<Id<RequestType>>, once: Once<TypeIn>) -> Result<Response, Error> {
    let wanted = IfMatch::of(&once.headers)?;
    once.make(move |tx, act, new| {
        act.require(Permission::PlanTickets)?;
        let stored = portal::request_type(tx, act, id)?;
        if !wanted.names(&version_of(&stored)) {
            return Err(Refused::Stale);
        }
        portal::change_request_type(tx, act, (id, stored.version), &new.into())?;
        let now = portal::request_type(tx, act, id)?;
        let etag = version_of(&now);
        Ok(Made::now(TypeOut::from(now)).tagged(etag))
    })
    .await
}

async fn remove(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<RequestType>>,
) -> Result<Response, Error> {
    site.app.write(&who.caller, move |tx, act| portal::remove_request_type(tx, act, id)).await?;
    Ok(super::wire::done())
}

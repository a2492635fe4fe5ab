//! Clients and how they are served.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use remit_core::{At, Date, Id};
use remit_matrix::catalogue::Arrangement;
use remit_matrix::draft::ServiceModel;
use remit_web::Error;
use remit_web::etag::{Etag, IfMatch};
use remit_web::paging::Key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, ROOT, Routes, Sample};
use super::wire::{Asked, Named, Paging, day, id, instant, sample_at, sample_day, sample_id, tagged};
use crate::clients::{Agreement, Client, Summary, agree, agreements, create, find, list, rename};
use crate::refused::{Field, Refused};
use crate::site::Site;

const GROUP: &str = "Clients";
/// Names the list in cursors.
const CLIENTS: &str = "api: clients by name";
const AGREEMENTS: &str = "api: agreements, newest first";

/// A client.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Client")]
pub(crate) struct ClientOut {
    /// Its id.
    #[schemars(schema_with = "id::<Client>")]
    pub id: Id<Client>,
    /// Its name.
    pub name: String,
    /// Its IANA zone.
    pub zone: String,
    /// Since when it is a client.
    #[schemars(schema_with = "instant")]
    pub created_at: At,
    /// How it is served now, in words.
    pub served: String,
    /// How it is served now; null before its first agreement.
    pub agreement: Option<AgreementOut>,
}

/// How a client is served from a day on.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Agreement")]
pub(crate) struct AgreementOut {
    /// Who does the work.
    pub model: ServiceModel,
    /// The arrangements of a co-managed client.
    pub arrangements: Vec<Arrangement>,
    /// The first day on which it holds, on the client's wall clock.
    #[schemars(schema_with = "day")]
    pub starts_on: Date,
    /// The tier of what is promised, such as `gold`; empty where there are none.
    pub tier: String,
}

/// A client that is to be made.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewClient")]
pub(crate) struct NewClient {
    /// Its name, at most 200 characters on one line. No other client has it.
    pub name: String,
    /// Its IANA zone.
    pub zone: String,
}

/// What changes about a client.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "ClientChange")]
pub(crate) struct ClientChange {
    /// Its new name.
    pub name: String,
}

/// An agreement that is to be made. Another from the same day is replaced.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewAgreement")]
pub(crate) struct NewAgreement {
    /// Who does the work.
    pub model: ServiceModel,
    /// The arrangements: at least one for a co-managed client, none for a fully managed one.
    #[serde(default)]
    pub arrangements: Vec<Arrangement>,
    /// The first day on which it holds, on the client's wall clock.
    #[schemars(schema_with = "day")]
    pub starts_on: Date,
    /// The tier of what is promised, such as `gold`; empty where there are none.
    #[serde(default)]
    pub tier: String,
}

impl Sample for ClientOut {
    fn sample() -> Self {
        Self {
            id: sample_id(),
            name: "Mill Street Dental".to_owned(),
            zone: "America/Los_Angeles".to_owned(),
            created_at: sample_at(),
            served: "fully managed".to_owned(),
            agreement: Some(AgreementOut::sample()),
        }
    }
}

impl Sample for AgreementOut {
    fn sample() -> Self {
        Self {
            model: ServiceModel::FullyManaged,
            arrangements: Vec::new(),
            starts_on: sample_day(),
            tier: String::new(),
        }
    }
}

impl Sample for NewClient {
    fn sample() -> Self {
        Self { name: "Pier Nine Logistics".to_owned(), zone: "America/Los_Angeles".to_owned() }
    }
}

impl Sample for ClientChange {
    fn sample() -> Self {
        Self { name: "Pier Nine Freight".to_owned() }
    }
}

impl Sample for NewAgreement {
    fn sample() -> Self {
        let arrangements = vec![Arrangement::AfterHours];
        Self {
            model: ServiceModel::CoManaged,
            arrangements,
            starts_on: sample_day(),
            tier: "gold".to_owned(),
        }
    }
}

impl From<Agreement> for AgreementOut {
    fn from(found: Agreement) -> Self {
        Self {
            model: found.model,
            arrangements: found.arrangements,
            starts_on: found.starts_on,
            tier: found.tier,
        }
    }
}

impl From<Summary> for ClientOut {
    fn from(found: Summary) -> Self {
        Self {
            served: found.served(),
            id: found.id,
            name: found.name,
            zone: found.zone,
            created_at: found.created_at,
            agreement: found.agreement.map(AgreementOut::from),
        }
    }
}

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/clients", "listClients", GROUP, "List clients by name")
                .query::<Paging>()
                .page::<ClientOut>("Clients within reach."),
            list_clients,
        )
        .on(
            Operation::post("/clients", "createClient", GROUP, "Add a client")
                .about("With it comes the party of its internal IT.")
                .body::<NewClient>()
                .made::<ClientOut>("The client.")
                .tagged(),
            create_client,
        )
        .on(
            Operation::get("/clients/{client}", "getClient", GROUP, "Show a client")
                .ok::<ClientOut>("The client.")
                .tagged(),
            show_client,
        )
        .on(
            Operation::patch("/clients/{client}", "changeClient", GROUP, "Rename a client")
                .body::<ClientChange>()
                .must_match()
                .ok::<ClientOut>("The client as it is now.")
                .tagged(),
            change_client,
        )
        .on(
            Operation::get(
                "/clients/{client}/agreements",
                "listAgreements",
                GROUP,
                "List agreements, newest first",
            )
            .about("Those for days to come are in it, too.")
            .query::<Paging>()
            .page::<AgreementOut>("Agreements of the client."),
            list_agreements,
        )
        .on(
            Operation::post(
                "/clients/{client}/agreements",
                "agree",
                GROUP,
                "Agree how a client is served from a day on",
            )
            .body::<NewAgreement>()
            .made::<AgreementOut>("What was agreed."),
            make_agreement,
        )
}

async fn list_clients(
    State(site): State<Site>,
    who: Who,
    Asked(paging): Asked<Paging>,
    uri: Uri,
) -> Result<Response, Error> {
    let (most, after) = (paging.most()?, paging.keys::<(String,)>(&site, CLIENTS)?);
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        list(tx, act, after.as_ref().map(|(name,)| name.as_str()), most)
    };
    let found = site.app.read(&who.caller, read).await?;
    let keys = |client: &Summary| vec![Key::Text(client.name.clone())];
    Ok(paging.page((&site, CLIENTS, &uri), found, keys, ClientOut::from))
}

async fn create_client(once: Once<NewClient>) -> Result<Response, Error> {
    once.make(|tx, act, new| {
        let id = create(tx, act, &new.name, &new.zone)?;
        let made = find(tx, act, id)?;
        let etag = version_of(&made);
        Ok(Made::at(format!("{ROOT}/clients/{id}"), ClientOut::from(made)).tagged(etag))
    })
    .await
}

async fn show_client(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Client>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, move |tx, act| find(tx, act, id)).await?;
    let etag = version_of(&found);
    Ok(tagged(&headers, &ClientOut::from(found), &etag))
}

/// How it is served is part of what is shown, and changes with time alone.
fn version_of(client: &Summary) -> Etag {
    let day =
        client.agreement.as_ref().map(|agreement| format!("{} {}", agreement.starts_on, agreement.words()));
    Etag::of(format!("{} {} {}", client.id, client.version, day.unwrap_or_default()).as_bytes())
}

async fn change_client(Named(id): Named<Id<Client>>, once: Once<ClientChange>) -> Result<Response, Error> {
    let wanted = IfMatch::of(&once.headers)?;
    once.make(move |tx, act, change| {
        act.require(crate::people::Permission::ManageClients)?;
        let stored = find(tx, act, id)?;
        if !wanted.names(&version_of(&stored)) {
            return Err(Refused::Stale);
        }
        rename(tx, act, id, stored.version, &change.name)?;
        let now = find(tx, act, id)?;
        let etag = version_of(&now);
        Ok(Made::now(ClientOut::from(now)).tagged(etag))
    })
    .await
}

async fn list_agreements(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Client>>,
    Asked(paging): Asked<Paging>,
    uri: Uri,
) -> Result<Response, Error> {
    let list = format!("{AGREEMENTS} of {id}");
    let (most, after) = (paging.most()?, paging.keys::<(i64,)>(&site, &list)?);
    let before = after.map(|(at,)| At::from_millis(at));
    let found = site.app.read(&who.caller, move |tx, act| agreements(tx, act, id, before, most)).await?;
    let keys = |(_, at): &(Agreement, At)| vec![Key::Int(at.millis())];
    Ok(paging.page((&site, &list, &uri), found, keys, |(found, _)| AgreementOut::from(found)))
}

async fn make_agreement(Named(id): Named<Id<Client>>, once: Once<NewAgreement>) -> Result<Response, Error> {
    once.make(move |tx, act, new| {
        if new.arrangements.len() > 6 {
            let message = "there are six arrangements; name each once";
            return Err(Refused::Invalid(vec![Field::new("arrangements", message)]));
        }
        let new = Agreement {
            model: new.model,
            arrangements: new.arrangements,
            starts_on: new.starts_on,
            tier: new.tier,
        };
        agree(tx, act, id, &new)?;
        Ok(Made::at(format!("{ROOT}/clients/{id}/agreements"), AgreementOut::from(new)))
    })
    .await
}

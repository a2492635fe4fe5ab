//! Parties, and the people in them.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use remit_core::Id;
use remit_web::Error;
use remit_web::paging::Key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{Operation, ROOT, Routes, Sample};
use super::wire::{Asked, Named, Nothing, Paging, hashed, id, ids, maybe_id, sample_id};
use crate::clients::Client;
use crate::people::{
    Assignment, Departure, Fate, Invitation, Member, Membership, Party, PartyKind, Permission, Role,
    State as Standing, assign, found_party, holds, invite, leave, list, list_parties, member, reinstate,
    seen, successors, suspend,
};
use crate::refused::folded;
use crate::site::Site;

const GROUP: &str = "People";
const PARTIES: &str = "Parties";
/// Names the list in cursors.
const PEOPLE: &str = "api: people by name";

/// Somebody in a party, in a role.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Person")]
pub(crate) struct PersonOut {
    /// The id of the membership.
    #[schemars(schema_with = "id::<Membership>")]
    pub id: Id<Membership>,
    /// Of which party.
    #[schemars(schema_with = "id::<Party>")]
    pub party: Id<Party>,
    /// Of which client, for people of clients.
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// In which role.
    pub role: Role,
    /// Their name.
    pub name: String,
    /// Where they get mail.
    pub email: String,
    /// Whether the membership can be used.
    pub state: Standing,
    /// Whether they reach all clients.
    pub everywhere: bool,
}

/// A party: whoever can own work.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Party")]
pub(crate) struct PartyOut {
    /// Its id.
    #[schemars(schema_with = "id::<Party>")]
    pub id: Id<Party>,
    /// What it is.
    pub kind: PartyKind,
    /// Its name.
    pub name: String,
}

/// All parties that there are for a client.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Parties")]
pub(crate) struct PartiesOut {
    /// The parties, at most 500.
    pub items: Vec<PartyOut>,
}

/// Whose parties.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "PartiesOf")]
pub(crate) struct PartiesOf {
    /// A client, whose internal IT is listed too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "id::<Client>")]
    pub client: Option<Id<Client>>,
}

/// A vendor that is to be added.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewVendor")]
pub(crate) struct NewVendor {
    /// Its name.
    pub name: String,
    /// Its name in matrices: small letters, digits and hyphens.
    pub slug: String,
}

/// Who is invited, into what.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Invitation")]
pub(crate) struct InvitationIn {
    /// Into which party.
    #[schemars(schema_with = "id::<Party>")]
    pub party: Id<Party>,
    /// In which role; one of the kind of party.
    pub role: Role,
    /// Their name.
    pub name: String,
    /// Where they get mail, and sign in with.
    pub email: String,
    /// Whether they reach all clients; for people of the provider.
    #[serde(default)]
    pub everywhere: bool,
    /// The clients they reach otherwise, at most 500.
    #[serde(default)]
    #[schemars(schema_with = "ids::<Client>")]
    pub clients: Vec<Id<Client>>,
}

/// What somebody holds, and who could take it over.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Holdings")]
pub(crate) struct Holdings {
    /// What they hold.
    pub holds: Vec<Holding>,
    /// Names this list; a departure says it, so that nothing that came later goes unseen.
    pub seen: String,
    /// Who could take over, at most 500.
    pub successors: Vec<PersonOut>,
}

/// Something that somebody holds.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Holding")]
pub(crate) struct Holding {
    /// What, in words.
    pub what: String,
    /// What becomes of it at a departure.
    pub fate: Fate,
}

/// A departure.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Departure")]
pub(crate) struct DepartureIn {
    /// Who takes over what passes; null where nothing does.
    #[serde(default)]
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub successor: Option<Id<Membership>>,
    /// `seen` of the list of what they hold.
    pub seen: String,
}

/// A role, and how far it reaches.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Assignment")]
pub(crate) struct AssignmentIn {
    /// In which role; one of the kind of party.
    pub role: Role,
    /// Whether they reach all clients; for people of the provider who are not abroad.
    #[serde(default)]
    pub everywhere: bool,
    /// The clients they reach otherwise, at most 500.
    #[serde(default)]
    #[schemars(schema_with = "ids::<Client>")]
    pub clients: Vec<Id<Client>>,
}

impl From<Member> for PersonOut {
    fn from(found: Member) -> Self {
        let Member { id, party, client, role, name, email, state, everywhere } = found;
        Self { id, party, client, role, name, email, state, everywhere }
    }
}

impl Sample for PersonOut {
    fn sample() -> Self {
        Self {
            id: sample_id(),
            party: sample_id(),
            client: None,
            role: Role::Technician,
            name: "Ana Reyes".to_owned(),
            email: "ana@northwind.example".to_owned(),
            state: Standing::Active,
            everywhere: true,
        }
    }
}

impl Sample for PartiesOut {
    fn sample() -> Self {
        let name = "Bayline Internet".to_owned();
        Self { items: vec![PartyOut { id: sample_id(), kind: PartyKind::Vendor, name }] }
    }
}

impl Sample for PartyOut {
    fn sample() -> Self {
        Self { id: sample_id(), kind: PartyKind::Vendor, name: "Coast Telecom".to_owned() }
    }
}

impl Sample for PartiesOf {
    fn sample() -> Self {
        Self { client: None }
    }
}

impl Sample for NewVendor {
    fn sample() -> Self {
        Self { name: "Coast Telecom".to_owned(), slug: "coast-telecom".to_owned() }
    }
}

impl Sample for InvitationIn {
    fn sample() -> Self {
        Self {
            party: sample_id(),
            role: Role::Technician,
            name: "Ana Reyes".to_owned(),
            email: "ana.reyes@northwind.example".to_owned(),
            everywhere: true,
            clients: Vec::new(),
        }
    }
}

impl Sample for AssignmentIn {
    fn sample() -> Self {
        Self { role: Role::ServiceManager, everywhere: true, clients: Vec::new() }
    }
}

impl Sample for Holdings {
    fn sample() -> Self {
        let what = "the draft of the matrix of Mill Street Dental".to_owned();
        let holds = vec![Holding { what, fate: Fate::Passes }];
        Self { holds, seen: "9f86d081884c7d65".repeat(4), successors: vec![PersonOut::sample()] }
    }
}

impl Sample for DepartureIn {
    fn sample() -> Self {
        Self { successor: Some(sample_id()), seen: Holdings::sample().seen }
    }
}

pub(super) fn routes(routes: Routes) -> Routes {
    let person = "/people/{membership}";
    let ok = "They, as they are now.";
    parties(routes)
        .on(
            Operation::get("/people", "listPeople", GROUP, "List people by name")
                .query::<Paging>()
                .page::<PersonOut>("People within reach."),
            list_people,
        )
        .on(
            Operation::post("/people", "invite", GROUP, "Invite somebody into a party")
                .about("They are mailed a link to sign in with. Nobody invites into a role that may do what they may not.")
                .body::<InvitationIn>()
                .made::<PersonOut>("They, invited."),
            invite_person,
        )
        .on(
            Operation::get(person, "getPerson", GROUP, "Show somebody").ok::<PersonOut>("They.").tagged(),
            show_person,
        )
        .on(
            Operation::get("/people/{membership}/holdings", "listHoldings", GROUP, "List what somebody holds, and who could take over")
                .ok::<Holdings>("What they hold."),
            show_holdings,
        )
        .on(
            Operation::post("/people/{membership}/suspension", "suspend", GROUP, "Suspend somebody")
                .about("Their sessions and keys end at once; nothing else changes hands.")
                .body::<Nothing>()
                .ok::<PersonOut>(ok),
            suspend_person,
        )
        .on(
            Operation::post("/people/{membership}/reinstatement", "reinstate", GROUP, "Take a suspension back")
                .body::<Nothing>()
                .ok::<PersonOut>(ok),
            reinstate_person,
        )
        .on(
            Operation::post("/people/{membership}/role", "assign", GROUP, "Give somebody another role in their party, or another reach")
                .about("From their next request on. 409 when they hold something with which they could not go on.")
                .body::<AssignmentIn>()
                .ok::<PersonOut>(ok),
            assign_role,
        )
        .on(
            Operation::post("/people/{membership}/departure", "leave", GROUP, "See somebody out")
                .about("What they hold ends or goes to the successor, and then they are gone. 412 when they hold something else than was seen.")
                .body::<DepartureIn>()
                .ok::<PersonOut>(ok),
            see_out,
        )
}

fn parties(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/parties", "listParties", PARTIES, "List parties")
                .about("The provider, vendors, and the internal IT of a client if one is named.")
                .query::<PartiesOf>()
                .ok::<PartiesOut>("Parties within reach."),
            show_parties,
        )
        .on(
            Operation::post("/parties", "addVendor", PARTIES, "Add a vendor")
                .body::<NewVendor>()
                .made::<PartyOut>("The vendor."),
            add_vendor,
        )
}

async fn list_people(
    State(site): State<Site>,
    who: Who,
    Asked(paging): Asked<Paging>,
    uri: Uri,
) -> Result<Response, Error> {
    let (most, after) = (paging.most()?, paging.keys::<(String, Uuid)>(&site, PEOPLE)?);
    let found = site.app.read(&who.caller, move |tx, act| list(tx, act, after, most)).await?;
    let keys = |found: &Member| vec![Key::Text(folded(&found.name)), Key::Id(found.id.uuid())];
    Ok(paging.page((&site, PEOPLE, &uri), found, keys, PersonOut::from))
}

async fn invite_person(once: Once<InvitationIn>) -> Result<Response, Error> {
    few(&once.body.clients)?;
    once.make(|tx, act, new| {
        let InvitationIn { party, role, name, email, everywhere, clients } = new;
        let id = invite(tx, act, &Invitation { party, role, name, email, everywhere, clients })?;
        Ok(Made::at(format!("{ROOT}/people/{id}"), PersonOut::from(member(tx, act, id)?)))
    })
    .await
}

fn few(clients: &[Id<Client>]) -> Result<(), Error> {
    if clients.len() > 500 {
        return Err(Error::field("clients", "Name at most 500 clients, or everywhere."));
    }
    Ok(())
}

async fn show_person(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Membership>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, move |tx, act| member(tx, act, id)).await?;
    hashed(&headers, &PersonOut::from(found))
}

async fn show_holdings(
    State(site): State<Site>,
    who: Who,
    Named(id): Named<Id<Membership>>,
) -> Result<Response, Error> {
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &crate::Act| {
        let leaver = member(tx, act, id)?;
        let held = holds(tx, act, id)?;
        let successors = successors(tx, act, &leaver)?.into_iter().map(PersonOut::from).collect();
        let seen = seen(&held);
        let holds = held.into_iter().map(|held| Holding { what: held.what, fate: held.fate }).collect();
        Ok(Holdings { holds, seen, successors })
    };
    Ok(Json(site.app.read(&who.caller, read).await?).into_response())
}

async fn suspend_person(Named(id): Named<Id<Membership>>, once: Once<Nothing>) -> Result<Response, Error> {
    once.make(move |tx, act, Nothing {}| {
        suspend(tx, act, id)?;
        Ok(Made::now(PersonOut::from(member(tx, act, id)?)))
    })
    .await
}

async fn reinstate_person(Named(id): Named<Id<Membership>>, once: Once<Nothing>) -> Result<Response, Error> {
    once.make(move |tx, act, Nothing {}| {
        reinstate(tx, act, id)?;
        Ok(Made::now(PersonOut::from(member(tx, act, id)?)))
    })
    .await
}

async fn assign_role(Named(id): Named<Id<Membership>>, once: Once<AssignmentIn>) -> Result<Response, Error> {
    few(&once.body.clients)?;
    once.make(move |tx, act, new| {
        let AssignmentIn { role, everywhere, clients } = new;
        assign(tx, act, id, &Assignment { role, everywhere, clients })?;
        Ok(Made::now(PersonOut::from(member(tx, act, id)?)))
    })
    .await
}

async fn see_out(Named(id): Named<Id<Membership>>, once: Once<DepartureIn>) -> Result<Response, Error> {
    once.make(move |tx, act, asked| {
        leave(tx, act, id, &Departure { successor: asked.successor, seen: asked.seen })?;
        Ok(Made::now(PersonOut::from(member(tx, act, id)?)))
    })
    .await
}

async fn show_parties(
    State(site): State<Site>,
    who: Who,
    Asked(of): Asked<PartiesOf>,
) -> Result<Response, Error> {
    who.caller.require(Permission::ReadPeople)?;
    let found = site.app.read(&who.caller, move |tx, _| list_parties(tx, of.client)).await?;
    let items = found.into_iter().map(|(id, kind, name)| PartyOut { id, kind, name }).collect();
    Ok(Json(PartiesOut { items }).into_response())
}

async fn add_vendor(once: Once<NewVendor>) -> Result<Response, Error> {
    once.make(|tx, act, new| {
        let id = found_party(tx, act, &new.name, &new.slug)?;
        let party = PartyOut { id, kind: PartyKind::Vendor, name: new.name.trim().to_owned() };
        Ok(Made::at(format!("{ROOT}/parties"), party))
    })
    .await
}

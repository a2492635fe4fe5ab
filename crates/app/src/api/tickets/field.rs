//! The provider's own fields: which there are, and filling them in.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use remit_core::Id;
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shown::TicketOut;
use super::{GROUP, done};
use crate::api::gate::Who;
use crate::api::once::{Made, Once};
use crate::api::operation::{Operation, ROOT, Routes, Sample};
use crate::api::wire::{Named, Nothing, id, sample_id};
use crate::site::Site;
use crate::tickets::{self, CustomField, Definition, Filling, Kind, Needed, Shape, Ticket, Visibility};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/fields", "listFields", GROUP, "List the provider's own fields")
                .about("What is asked of tickets besides what every ticket has. Those of both IT teams are for them alone.")
                .ok::<Vec<FieldOut>>("Fields in their order, at most 200; retired ones too."),
            list,
        )
        .on(
            Operation::post("/fields", "addField", GROUP, "Add a field")
                .body::<FieldIn>()
                .conflicts()
                .made::<FieldOut>("The field."),
            add,
        )
        .on(
            Operation::post("/fields/{field}", "changeField", GROUP, "Say something else of a field")
                .about("All of it but its key and the type of its shape.")
                .body::<FieldChange>()
                .conflicts()
                .ok::<FieldOut>("The field as it is now."),
            change,
        )
        .on(
            Operation::post("/fields/{field}/retirement", "retireField", GROUP, "Ask a field no more")
                .about("What stands in it stays.")
                .body::<Nothing>()
                .conflicts()
                .ok::<FieldOut>("The field as it is now."),
            retire,
        )
        .on(
            Operation::post("/fields/{field}/return", "reviveField", GROUP, "Ask a retired field again")
                .body::<Nothing>()
                .conflicts()
                .ok::<FieldOut>("The field as it is now."),
            revive,
        )
        .on(
            Operation::post("/tickets/{ticket}/fields", "fillTicket", GROUP, "Fill its fields in")
                .about("Those that are named; all of them or none. Only the party that holds a ticket can.")
                .body::<FieldsIn>()
                .conflicts()
                .ok::<TicketOut>("The ticket as it is now."),
            fill,
        )
}

/// What is said of a field.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "FieldDefinition")]
pub(crate) struct Said {
    /// What people call it, at most 80 characters.
    pub label: String,
    /// A sentence below it, at most 200 characters.
    #[serde(default)]
    pub hint: String,
    /// What can stand in it.
    pub shape: Shape,
    /// The kinds of ticket that it is asked of; all where there are none.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// A service of the catalogue, with all below it; all where it is empty.
    #[serde(default)]
    pub service: String,
    /// When it must be filled in.
    #[serde(default = "never")]
    pub needed: Needed,
    /// Who reads it: `public`, or `teams` for both IT teams alone.
    pub read_by: Visibility,
    /// Where it stands: the smallest first.
    #[serde(default)]
    #[schemars(range(min = 0, max = 9999))]
    pub place: i64,
}

const fn never() -> Needed {
    Needed::Never
}

/// A field to add.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewField")]
pub(crate) struct FieldIn {
    /// What programs call it: small letters, digits and `_`. It never changes.
    pub key: String,
    /// What is said of it.
    pub definition: Said,
}

/// What is said anew of a field.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "FieldChange")]
pub(crate) struct FieldChange {
    /// The version that you saw; 412 where there is a newer one.
    pub version: i64,
    /// What is said of it.
    pub definition: Said,
}

/// A field.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Field")]
pub(crate) struct FieldOut {
    /// Its id.
    #[schemars(schema_with = "id::<CustomField>")]
    pub id: Id<CustomField>,
    /// What programs call it.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// A sentence below it; may be empty.
    pub hint: String,
    /// What can stand in it.
    pub shape: Shape,
    /// The kinds of ticket that it is asked of; all where there are none.
    pub kinds: Vec<Kind>,
    /// The service that it is asked of, with all below it; all where it is empty.
    pub service: String,
    /// When it must be filled in.
    pub needed: Needed,
    /// Who reads it.
    pub read_by: Visibility,
    /// Where it stands: the smallest first.
    pub place: i64,
    /// How often it was changed, from 1.
    pub version: i64,
    /// Whether it is asked no more.
    pub retired: bool,
}

/// What is filled in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "FilledIn")]
pub(crate) struct FieldsIn {
    /// What is to stand in each, by their keys; an empty text empties it.
    #[schemars(extend("maxProperties" = 200))]
    pub fields: BTreeMap<String, String>,
}

impl From<Said> for Definition {
    fn from(said: Said) -> Self {
        let Said { label, hint, shape, kinds, service, needed, read_by, place } = said;
        Self { label, hint, shape, kinds, service, needed, read_by, place }
    }
}

impl From<CustomField> for FieldOut {
    fn from(field: CustomField) -> Self {
        let Definition { label, hint, shape, kinds, service, needed, read_by, place } = field.definition;
        let CustomField { id, key, version, retired, .. } = field;
        Self { id, key, label, hint, shape, kinds, service, needed, read_by, place, version, retired }
    }
}

impl Sample for Said {
    fn sample() -> Self {
        Self {
            label: "Serial number".to_owned(),
            hint: "On the back.".to_owned(),
            shape: Shape::Line,
            kinds: vec![Kind::Incident],
            service: "devices".to_owned(),
            needed: Needed::Solving,
            read_by: Visibility::Public,
            place: 100,
        }
    }
}

impl Sample for FieldIn {
    fn sample() -> Self {
        Self { key: "serial_number".to_owned(), definition: Said::sample() }
    }
}

impl Sample for FieldChange {
    fn sample() -> Self {
        Self { version: 1, definition: Said::sample() }
    }
}

impl Sample for FieldOut {
    fn sample() -> Self {
        Self::from(CustomField {
            id: sample_id(),
            key: "serial_number".to_owned(),
            definition: Said::sample().into(),
            version: 1,
            retired: false,
        })
    }
}

impl Sample for Vec<FieldOut> {
    fn sample() -> Self {
        vec![FieldOut::sample()]
    }
}

impl Sample for FieldsIn {
    fn sample() -> Self {
        Self { fields: BTreeMap::from([("serial_number".to_owned(), "C02XG1".to_owned())]) }
    }
}

async fn list(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = site.app.read(&who.caller, tickets::custom_fields).await?;
    let found: Vec<FieldOut> = found.into_iter().map(FieldOut::from).collect();
    Ok(axum::Json(found).into_response())
}

async fn add(once: Once<FieldIn>) -> Result<Response, Error> {
    once.make(move |tx, act, new| {
        let field = tickets::add_field(tx, act, &new.key, new.definition.into())?;
        Ok(Made::at(format!("{ROOT}/fields/{}", field.id), FieldOut::from(field)))
    })
    .await
}

async fn change(Named(id): Named<Id<CustomField>>, once: Once<FieldChange>) -> Result<Response, Error> {
    once.make(move |tx, act, new| {
        let field = tickets::change_field(tx, act, (id, new.version), new.definition.into())?;
        Ok(Made::now(FieldOut::from(field)))
    })
    .await
}

async fn retire(Named(id): Named<Id<CustomField>>, once: Once<Nothing>) -> Result<Response, Error> {
    once.make(move |tx, act, _| Ok(Made::now(FieldOut::from(tickets::retire_field(tx, act, id, true)?))))
        .await
}

async fn revive(Named(id): Named<Id<CustomField>>, once: Once<Nothing>) -> Result<Response, Error> {
    once.make(move |tx, act, _| Ok(Made::now(FieldOut::from(tickets::retire_field(tx, act, id, false)?))))
        .await
}

async fn fill(Named(id): Named<Id<Ticket>>, once: Once<FieldsIn>) -> Result<Response, Error> {
    done(id, once, move |tx, act, given| {
        let filling = |(key, to)| Filling { key, was: None, to };
        let given: Vec<Filling> = given.fields.into_iter().map(filling).collect();
        tickets::fill(tx, act, id, &given)
    })
    .await
}

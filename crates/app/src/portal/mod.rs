//! The first page of those who ask for help: what they can ask for, what became of what they asked, and who looks after what now.
//!
//! A **request type** is what people call something that they can ask for, such as “New starter”. It stands for a kind of work and a service of the
//! catalogue, so that nobody who asks has to know either: by both the matrix routes it, the provider's own fields ask what must be known, and its rules ask
//! for an approval. Request types are those of one client, or of all.
//!
//! Rules: whoever plans work for a client says what its people can ask for; what all can ask for is said by whoever manages settings. Taking one away
//! changes no ticket.

mod store;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod web;

use remit_core::{Id, Kind as IdKind};
use remit_db::{Error, FromRow, IntoValue, Row, Tx, Value};

use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::Client;
use crate::people::Permission;
use crate::refused::{Faults, Field, Refused, folded};
use crate::tickets::{self, Kind, Urgency};

pub use store::{request_type, request_types};

/// The most of one client, and of all.
const MOST: usize = 100;
/// The longest name and head, in characters, and the longest description, in bytes.
const LONGEST: (usize, usize) = (60, 500);

/// What somebody can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequestType {
    /// The client whose people can; none for those of all.
    pub client: Option<Id<Client>>,
    /// As people call it.
    pub name: String,
    /// What it is, in a sentence or two; may be empty.
    pub about: String,
    /// Under which head it stands; may be empty.
    pub head: String,
    /// What kind of work it is.
    pub kind: Kind,
    /// A service of the catalogue; may be empty.
    pub service: String,
    /// How soon it hurts, unless they say otherwise.
    pub urgency: Urgency,
    /// Whether what is asked with it is never shared with colleagues.
    pub private: bool,
}

/// The same as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestType {
    /// Its id.
    pub id: Id<RequestType>,
    /// Changes whenever it does.
    pub version: i64,
    /// What it says.
    pub says: NewRequestType,
}

impl IdKind for RequestType {
    const PREFIX: &'static str = "request";
}

impl FromRow for RequestType {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let says = NewRequestType {
            client: row.get(2)?,
            name: row.get(3)?,
            about: row.get(4)?,
            head: row.get(5)?,
            kind: row.get(6)?,
            service: row.get(7)?,
            urgency: row.get(8)?,
            private: row.get(9)?,
        };
        Ok(Self { id: row.get(0)?, version: row.get(1)?, says })
    }
}

impl NewRequestType {
    /// Its columns from `name` to `private`.
    fn written(&self) -> [Value; 7] {
        [
            (&self.name).into_value(),
            (&self.about).into_value(),
            (&self.head).into_value(),
            self.kind.into_value(),
            (&self.service).into_value(),
            self.urgency.into_value(),
            self.private.into_value(),
        ]
    }
}

/// Whether the caller says what these people can ask for.
pub fn may_say(act: &Act, client: Option<Id<Client>>) -> bool {
    let needed = if client.is_some() { Permission::PlanTickets } else { Permission::ManageSettings };
    act.caller.may(needed)
}

fn allowed(act: &Act, client: Option<Id<Client>>) -> Result<(), Refused> {
    act.require(if client.is_some() { Permission::PlanTickets } else { Permission::ManageSettings })
}

/// What somebody wrote, with all that is wrong with it, beside the others of the same people.
fn checked(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, says): (Option<Id<RequestType>>, &NewRequestType),
) -> Result<NewRequestType, Refused> {
    let mut faults = Faults::default();
    let name = faults.name("name", &says.name).unwrap_or_default();
    let head = says.head.split_whitespace().collect::<Vec<_>>().join(" ");
    for (field, text) in [("name", &name), ("head", &head)] {
        if text.chars().count() > LONGEST.0 {
            faults.take::<(), _>(field, Err(format!("write at most {} characters", LONGEST.0)));
        }
    }
    let about = faults.take("about", tickets::prose(&says.about)).unwrap_or_default().trim().to_owned();
    if about.len() > LONGEST.1 {
        faults.take::<(), _>("about", Err("a sentence or two: at most 500 letters"));
    }
    let service = faults.take("service", tickets::service(&says.service)).unwrap_or_default();
    if !matches!(says.kind, Kind::Request | Kind::Incident | Kind::Change) {
        faults.take::<(), _>("kind", Err("people ask for a request, an incident or a change"));
    }
    faults.end()?;
    let others = request_types(tx, act, says.client)?;
    let others: Vec<_> =
        others.iter().filter(|one| one.says.client == says.client && Some(one.id) != id).collect();
    let wrong = |words: String| Err(Refused::Invalid(vec![Field::new("name", words)]));
    if others.iter().any(|one| folded(&one.says.name) == folded(&name)) {
        return wrong(format!("“{name}” can be asked for already"));
    }
    if others.len() >= MOST {
        return wrong(format!("there are {MOST} of them already: take one away first"));
    }
    Ok(NewRequestType { name, about, head, service, ..says.clone() })
}

fn note(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, action): (Id<RequestType>, &'static str),
    says: &NewRequestType,
) -> Result<(), Refused> {
    let event = Event { action, subject: id.to_string(), client: says.client, detail: &says.name };
    audit::note(tx, act, event)
}

/// Lets people ask for something.
pub fn add_request_type(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    says: &NewRequestType,
) -> Result<Id<RequestType>, Refused> {
    allowed(act, says.client)?;
    let says = checked(tx, act, (None, says))?;
    let id: Id<RequestType> = act.id();
    store::add(tx, id, &says)?;
    note(tx, act, (id, "request-type.create"), &says)?;
    Ok(id)
}

/// Writes one anew, if it is still at the version that the caller read. Whose it is stays.
pub fn change_request_type(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, version): (Id<RequestType>, i64),
    says: &NewRequestType,
) -> Result<(), Refused> {
    act.require(Permission::PlanTickets)?;
    let before = request_type(tx, act, id)?;
    allowed(act, before.says.client)?;
    let says = NewRequestType { client: before.says.client, ..says.clone() };
    let says = checked(tx, act, (Some(id), &says))?;
    store::change(tx, (id, version), &says)?;
    note(tx, act, (id, "request-type.change"), &says)
}

/// Takes one away; what was asked with it stays as it is.
pub fn remove_request_type(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<RequestType>,
) -> Result<RequestType, Refused> {
    act.require(Permission::PlanTickets)?;
    let before = request_type(tx, act, id)?;
    allowed(act, before.says.client)?;
    store::remove(tx, id)?;
    note(tx, act, (id, "request-type.remove"), &before.says)?;
    Ok(before)
}

//! What stands in the fields of tickets.

use std::collections::BTreeMap;

use remit_core::Id;
use remit_db::{Tx, sql};

use super::definition::all;
use super::{CustomField, Filled, Needed, Shape};
use crate::act::Act;
use crate::clients::Client;
use crate::keyed::texts;
use crate::people::Membership;
use crate::refused::{Faults, Refused};
use crate::tickets::event::Happened;
use crate::tickets::named::{among, found_among};
use crate::tickets::ticket::Change;
use crate::tickets::visibility::{Sight, Visibility};
use crate::tickets::{Kind, Ticket, custody, store};

/// Names in a message.
const NAMED: usize = 5;

/// What stands in a field of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Which field.
    pub field: CustomField,
    /// As programs read it; empty where nothing stands there yet.
    pub value: String,
    /// As people read it.
    pub shown: String,
}

/// A field that somebody fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// Which.
    pub key: String,
    /// What stood in it when they looked; none where that does not matter.
    pub was: Option<String>,
    /// What is to stand in it; empty to empty it.
    pub to: String,
}

texts! {
    FIELDS_OF_TICKETS = concat!(
        "SELECT ticket_id, field_id, value FROM ticket_field WHERE provider_id = $1 AND {reach: client_id} AND ticket_id ", among!(),
        " ORDER BY ticket_id, field_id LIMIT 12800"
    );
}

/// What a ticket begins with.
pub(in crate::tickets) type First = Vec<(CustomField, String)>;

type Stored = BTreeMap<Id<CustomField>, String>;

/// Whether the caller reads a field.
fn reads(act: &Act, field: &CustomField) -> Result<bool, Refused> {
    Ok(field.definition.read_by == Visibility::Public || Sight::of(act)?.reads_teams())
}

/// Whether the caller is asked it: people are named by those who know who is there.
fn is_asked(act: &Act, field: &CustomField) -> Result<bool, Refused> {
    let works = matches!(Sight::of(act)?, Sight::Working(_));
    Ok(reads(act, field)? && (works || field.definition.shape != Shape::Person))
}

fn stored(tx: &mut Tx<'_, '_>, ticket: Id<Ticket>) -> Result<Stored, Refused> {
    let list = sql!(
        "SELECT field_id, value FROM ticket_field WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 \
         ORDER BY field_id LIMIT 200"
    );
    let found: Vec<(Id<CustomField>, String)> = tx.rows(list, (ticket,))?;
    Ok(found.into_iter().collect())
}

/// A value as people read it.
pub(crate) fn as_shown(tx: &mut Tx<'_, '_>, shape: &Shape, value: &str) -> Result<String, Refused> {
    if value.is_empty() {
        return Ok(String::new());
    }
    let person: Option<Id<Membership>> =
        Some(value).filter(|_| *shape == Shape::Person).and_then(|id| Id::parse(id).ok());
    match person {
        None => Ok(shape.shown(value)),
        // Whoever cannot see them is not told who it is.
        Some(id) => match store::name_of(tx, id) {
            Err(Refused::NotFound) => Ok("somebody".to_owned()),
            other => other,
        },
    }
}

/// The fields of a ticket that the caller reads, in their order: those with something in them, and those that are asked of it.
pub fn values(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<Vec<Value>, Refused> {
    let mut stored = stored(tx, ticket.id)?;
    let mut values = Vec::new();
    for field in all(tx)? {
        let value = stored.remove(&field.id).unwrap_or_default();
        let stands = !value.is_empty() || field.is_asked_of(ticket.kind, &ticket.service);
        if stands && reads(act, &field)? {
            let shown = as_shown(tx, &field.definition.shape, &value)?;
            values.push(Value { field, value, shown });
        }
    }
    Ok(values)
}

/// What stands in the fields of many tickets, by their keys, in the order of the tickets.
pub fn fields_of(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    of: &[Id<Ticket>],
) -> Result<Vec<BTreeMap<String, String>>, Refused> {
    let mut filled = vec![BTreeMap::new(); of.len()];
    let fields: BTreeMap<Id<CustomField>, CustomField> =
        all(tx)?.into_iter().map(|field| (field.id, field)).collect();
    if fields.is_empty() {
        return Ok(filled);
    }
    let found =
        found_among::<Ticket, (Id<Ticket>, Id<CustomField>, String)>(tx, sql!(FIELDS_OF_TICKETS), of)?;
    for (ticket, field, value) in found {
        let place = of.iter().position(|id| *id == ticket);
        if let (Some(place), Some(field)) = (place, fields.get(&field))
            && reads(act, field)?
        {
            filled[place].insert(field.key.clone(), value);
        }
    }
    Ok(filled)
}

/// What somebody wrote into a field, as it is kept; a person is one of the client's.
fn read(
    tx: &mut Tx<'_, '_>,
    field: &CustomField,
    client: Id<Client>,
    text: &str,
) -> Result<Result<String, String>, Refused> {
    let value = field.definition.shape.read(text);
    let (Ok(text), true) = (&value, field.definition.shape == Shape::Person) else { return Ok(value) };
    if text.is_empty() {
        return Ok(value);
    }
    let find = sql!(
        "SELECT id FROM membership WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND client_id = $3 AND state <> 'left'"
    );
    let found: Option<(Id<Membership>,)> = match Id::<Membership>::parse(text) {
        Ok(id) => tx.find(find, (id, client))?,
        Err(_) => None,
    };
    Ok(found
        .map(|(id,)| id.to_string())
        .ok_or_else(|| "choose somebody of this client who has not left".to_owned()))
}

/// The name of a field in a message about a form.
fn place(key: &str) -> String {
    let plain: String = key.chars().filter(|c| !c.is_control()).take(40).collect();
    format!("fields.{plain}")
}

/// What a new ticket begins with: checked, and all there that must be.
pub(in crate::tickets) fn opening(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (client, kind, service): (Id<Client>, Kind, &str),
    given: &BTreeMap<String, String>,
) -> Result<First, Refused> {
    let (mut faults, mut first) = (Faults::default(), Vec::new());
    let mut asked = Vec::new();
    for field in all(tx)? {
        if field.is_asked_of(kind, service) && is_asked(act, &field)? {
            asked.push(field);
        }
    }
    for key in given.keys().filter(|key| asked.iter().all(|field| field.key != **key)) {
        let known: Vec<&str> = asked.iter().map(|field| field.key.as_str()).collect();
        let known = if known.is_empty() { "there are none".to_owned() } else { known.join(", ") };
        let why = format!("no such field is asked of this ticket; those that are: {known}");
        faults.take::<(), _>(place(key), Err(why));
    }
    for field in asked {
        let text = given.get(&field.key).map(String::as_str).unwrap_or_default();
        let value = read(tx, &field, client, text)?;
        match faults.take(place(&field.key), value) {
            Some(empty) if empty.is_empty() && field.definition.needed == Needed::Opening => {
                let why = format!("{}: fill it in", field.definition.label);
                faults.take::<(), _>(place(&field.key), Err(why));
            }
            Some(value) if !value.is_empty() => first.push((field, value)),
            _ => {}
        }
    }
    faults.end()?;
    Ok(first)
}

/// Writes down what a ticket that was just added begins with.
pub(in crate::tickets) fn begin(tx: &mut Tx<'_, '_>, ticket: &Ticket, first: &First) -> Result<(), Refused> {
    first.iter().try_for_each(|(field, value)| put(tx, ticket, (field.id, value)))
}

fn put(tx: &mut Tx<'_, '_>, ticket: &Ticket, (field, value): (Id<CustomField>, &str)) -> Result<(), Refused> {
    if value.is_empty() {
        let cut = sql!(
            "DELETE FROM ticket_field WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND field_id = $3"
        );
        tx.exec(cut, (ticket.id, field))?;
        return Ok(());
    }
    let set = sql!(
        "INSERT INTO ticket_field (provider_id, ticket_id, field_id, client_id, value) VALUES ($1, $2, $3, {client: $4}, $5) \
         ON CONFLICT (provider_id, ticket_id, field_id) DO UPDATE SET value = excluded.value"
    );
    tx.exec(set, (ticket.id, field, ticket.client, value))?;
    Ok(())
}

/// A line for those that everybody reads, and one for those of both IT teams.
pub(in crate::tickets) fn told(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    filled: &[(CustomField, String, String)],
) -> Result<(), Refused> {
    for visibility in [Visibility::Public, Visibility::Teams] {
        let mut fields = Vec::new();
        for (field, from, to) in filled.iter().filter(|(field, ..)| field.definition.read_by == visibility) {
            let shape = &field.definition.shape;
            let (from, to) = (as_shown(tx, shape, from)?, as_shown(tx, shape, to)?);
            let (key, label) = (field.key.clone(), field.definition.label.clone());
            fields.push(Filled { key, label, from, to });
        }
        if !fields.is_empty() {
            change.wrote(act, visibility, Happened::Filled { fields }, "");
        }
    }
    Ok(())
}

/// Fills fields in, all or none.
pub fn fill(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, given: &[Filling]) -> Result<Ticket, Refused> {
    let ticket = custody::held(tx, act, id)?;
    let (known, stored) = (all(tx)?, stored(tx, ticket.id)?);
    let (mut faults, mut filled) = (Faults::default(), Vec::new());
    for one in given {
        let mut field = None;
        for known in known.iter().filter(|known| known.key == one.key) {
            field = Some(known).filter(|_| is_asked(act, known).unwrap_or(false));
        }
        let Some(field) = field else {
            faults.take::<(), _>(place(&one.key), Err("there is no such field"));
            continue;
        };
        let Some(value) = faults.take(place(&one.key), read(tx, field, ticket.client, &one.to)?) else {
            continue;
        };
        let there = stored.get(&field.id).cloned().unwrap_or_default();
        if value == there || one.was.as_deref() == Some(value.as_str()) {
            // Nothing new, or not changed by them: what somebody else wrote meanwhile stays.
            continue;
        }
        if one.was.as_ref().is_some_and(|was| *was != there) {
            let now = as_shown(tx, &field.definition.shape, &there)?;
            let why = format!("somebody else has changed it meanwhile; it holds `{now}` now");
            faults.take::<(), _>(place(&one.key), Err(why));
            continue;
        }
        if !value.is_empty() && !field.is_asked_of(ticket.kind, &ticket.service) {
            faults.take::<(), _>(
                place(&one.key),
                Err("it is not asked of this ticket: it can be emptied alone"),
            );
            continue;
        }
        filled.push((field.clone(), there, value));
    }
    faults.end()?;
    let mut change = Change::of(ticket);
    for (field, _, value) in &filled {
        put(tx, &change.ticket, (field.id, value))?;
    }
    told(tx, act, &mut change, &filled)?;
    change.keep(tx, act)
}

/// Refuses to solve a ticket before what is needed is filled in, as far as whoever solves it is asked.
pub(in crate::tickets) fn missing(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<(), Refused> {
    let mut needed = Vec::new();
    for field in all(tx)? {
        let asked =
            field.definition.needed != Needed::Never && field.is_asked_of(ticket.kind, &ticket.service);
        if asked && is_asked(act, &field)? {
            needed.push(field);
        }
    }
    if needed.is_empty() {
        return Ok(());
    }
    let stored = stored(tx, ticket.id)?;
    needed.retain(|field| !stored.contains_key(&field.id));
    let mut names: Vec<&str> = needed.iter().map(|field| field.definition.label.as_str()).collect();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    match (names.is_empty(), more) {
        (true, _) => Ok(()),
        (false, 0) => Err(Refused::Conflict(format!("before it is solved, fill in: {}", names.join(", ")))),
        (false, more) => Err(Refused::Conflict(format!(
            "before it is solved, fill in: {} and {more} more",
            names.join(", ")
        ))),
    }
}

/// What stands in the fields of a ticket that goes on in another stands there where that one has nothing.
pub(in crate::tickets) fn unite(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    change: &mut Change,
    from: Id<Ticket>,
) -> Result<(), Refused> {
    let brought = stored(tx, from)?;
    if brought.is_empty() {
        return Ok(());
    }
    let there = stored(tx, change.ticket.id)?;
    let fields = all(tx)?.into_iter().filter(|field| !there.contains_key(&field.id));
    let filled: Vec<(CustomField, String, String)> = fields
        .filter_map(|field| {
            let value = brought.get(&field.id)?.clone();
            Some((field, String::new(), value))
        })
        .collect();
    for (field, _, value) in &filled {
        put(tx, &change.ticket, (field.id, value))?;
    }
    told(tx, act, change, &filled)
}

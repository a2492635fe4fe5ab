//! Which fields there are: added, changed, retired.

use remit_core::Id;
use remit_db::{Error, FromRow, Row, Tx, shared_sql};

use super::{CustomField, Definition, Shape};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::Permission;
use crate::refused::{Faults, Field, Refused};
use crate::tickets::visibility::{Sight, Visibility};
use crate::tickets::{Kind, open};

/// The most fields of one provider, retired ones too.
pub const MOST_FIELDS: usize = 200;
/// The longest key, label and hint, in characters.
const LONGEST: (usize, usize, usize) = (40, 80, 200);
/// The last place.
const LAST: i64 = 9999;

impl FromRow for CustomField {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let (shape, kinds): (String, String) = (row.get(4)?, row.get(5)?);
        let odd = |e: serde_json::Error| Error::Other(format!("the shape of a field cannot be read: {e}"));
        let retired: Option<i64> = row.get(11)?;
        Ok(Self {
            id: row.get(0)?,
            key: row.get(1)?,
            definition: Definition {
                label: row.get(2)?,
                hint: row.get(3)?,
                shape: serde_json::from_str(&shape).map_err(odd)?,
                kinds: kinds.split_whitespace().filter_map(Kind::from_key).collect(),
                service: row.get(6)?,
                needed: row.get(7)?,
                read_by: row.get(8)?,
                place: row.get(9)?,
            },
            version: row.get(10)?,
            retired: retired.is_some(),
        })
    }
}

/// All fields of the provider, in their order.
pub(super) fn all(tx: &mut Tx<'_, '_>) -> Result<Vec<CustomField>, Refused> {
    let list = shared_sql!(
        "SELECT id, key, label, hint, shape, kinds, service, needed, read_by, place, version, retired_at FROM field \
         WHERE provider_id = $1 ORDER BY place, label, id LIMIT 200"
    );
    Ok(tx.rows(list, ())?)
}

/// Those that the caller may read.
pub fn custom_fields(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<CustomField>, Refused> {
    let teams = Sight::of(act)?.reads_teams() || act.caller.may(Permission::ManageSettings);
    let mut all = all(tx)?;
    all.retain(|field| teams || field.definition.read_by == Visibility::Public);
    Ok(all)
}

/// One of them.
pub fn custom_field(tx: &mut Tx<'_, '_>, act: &Act, id: Id<CustomField>) -> Result<CustomField, Refused> {
    custom_fields(tx, act)?.into_iter().find(|field| field.id == id).ok_or(Refused::NotFound)
}

/// A key as programs write it.
fn key(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if text.is_empty() || text.len() > LONGEST.0 || !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(format!(
            "write from 1 to {} characters, a letter first, such as serial_number",
            LONGEST.0
        ));
    }
    if !text.chars().all(fits) {
        return Err("write small letters a to z, digits and _, such as serial_number".to_owned());
    }
    Ok(text.to_owned())
}

fn short(text: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        long if long > longest => Err(format!("write at most {longest} characters; these are {long}")),
        _ if text.chars().any(char::is_control) => {
            Err("write it on one line, without control characters".to_owned())
        }
        _ => Ok(text.to_owned()),
    }
}

/// The same as it is kept.
fn checked(mut new: Definition, faults: &mut Faults) -> Definition {
    let label = short(&new.label, LONGEST.1);
    let label =
        label.and_then(|text| if text.is_empty() { Err("write a label".to_owned()) } else { Ok(text) });
    new.label = faults.take("label", label).unwrap_or_default();
    new.hint = faults.take("hint", short(&new.hint, LONGEST.2)).unwrap_or_default();
    new.service = faults.take("service", open::service(&new.service)).unwrap_or_default();
    new.shape = faults.take("shape", new.shape.checked()).unwrap_or(Shape::Line);
    new.kinds.sort_unstable();
    new.kinds.dedup();
    if new.read_by == Visibility::Party {
        faults.take::<(), _>("read-by", Err("both IT teams, or everybody who sees the ticket"));
    }
    if !(0..=LAST).contains(&new.place) {
        faults.take::<(), _>("place", Err(format!("write a number from 0 to {LAST}")));
    }
    new
}

fn written(new: &Definition) -> (String, String) {
    let kinds: Vec<&str> = new.kinds.iter().map(|kind| kind.key()).collect();
    (serde_json::to_string(&new.shape).expect("a shape is plain data"), kinds.join(" "))
}

fn noted(tx: &mut Tx<'_, '_>, act: &Act, action: &'static str, field: &CustomField) -> Result<(), Refused> {
    let subject = field.id.to_string();
    audit::note(tx, act, Event { action, subject, client: None, detail: &field.key })
}

/// Adds a field.
pub fn add_field(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    name: &str,
    new: Definition,
) -> Result<CustomField, Refused> {
    act.require(Permission::ManageSettings)?;
    let mut faults = Faults::default();
    let name = faults.take("key", key(name)).unwrap_or_default();
    let new = checked(new, &mut faults);
    let there = all(tx)?;
    if there.iter().any(|field| field.key == name) {
        faults.take::<(), _>("key", Err(format!("there is a field `{name}` already, or there was")));
    }
    if there.len() >= MOST_FIELDS {
        faults
            .take::<(), _>("key", Err(format!("there are {MOST_FIELDS} fields already, which is the most")));
    }
    faults.end()?;
    let field = CustomField { id: act.id(), key: name, definition: new, version: 1, retired: false };
    let add = shared_sql!(
        "INSERT INTO field (provider_id, id, key, label, hint, shape, kinds, service, needed, read_by, place, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1) ON CONFLICT DO NOTHING"
    );
    let (shape, kinds) = written(&field.definition);
    let new = &field.definition;
    let own = (
        field.id,
        &field.key,
        &new.label,
        &new.hint,
        shape,
        kinds,
        &new.service,
        new.needed,
        new.read_by,
        new.place,
    );
    if tx.exec(add, own)? == 0 {
        return Err(Refused::Stale);
    }
    noted(tx, act, "field.add", &field)?;
    Ok(field)
}

/// Says something else of it; `version` is that of what the caller saw.
pub fn change_field(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, version): (Id<CustomField>, i64),
    new: Definition,
) -> Result<CustomField, Refused> {
    act.require(Permission::ManageSettings)?;
    let before = custom_field(tx, act, id)?;
    let mut faults = Faults::default();
    let new = checked(new, &mut faults);
    faults.end()?;
    if before.version != version {
        return Err(Refused::Stale);
    }
    if new.shape.key() != before.definition.shape.key() {
        let why = format!(
            "it is {}: retire it, and add another for what is to stand there",
            before.definition.shape.name()
        );
        return Err(Refused::Invalid(vec![Field::new("shape", why)]));
    }
    let set = shared_sql!(
        "UPDATE field SET label = $4, hint = $5, shape = $6, kinds = $7, service = $8, needed = $9, read_by = $10, place = $11, \
         version = version + 1 WHERE provider_id = $1 AND id = $2 AND version = $3"
    );
    let (shape, kinds) = written(&new);
    let own =
        (id, version, &new.label, &new.hint, shape, kinds, &new.service, new.needed, new.read_by, new.place);
    if tx.exec(set, own)? == 0 {
        return Err(Refused::Stale);
    }
    let field = CustomField { definition: new, version: version + 1, ..before };
    noted(tx, act, "field.change", &field)?;
    Ok(field)
}

/// Asks it no more, or again. What stands in it stays.
pub fn retire_field(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<CustomField>,
    retired: bool,
) -> Result<CustomField, Refused> {
    act.require(Permission::ManageSettings)?;
    let before = custom_field(tx, act, id)?;
    if before.retired == retired {
        return Ok(before);
    }
    let set = shared_sql!(
        "UPDATE field SET retired_at = $3, version = version + 1 WHERE provider_id = $1 AND id = $2 AND version = $4"
    );
    if tx.exec(set, (id, retired.then_some(act.at), before.version))? == 0 {
        return Err(Refused::Stale);
    }
    let field = CustomField { retired, version: before.version + 1, ..before };
    noted(tx, act, if retired { "field.retire" } else { "field.revive" }, &field)?;
    Ok(field)
}

//! The attributes of the present trace and event that the mapping asks for, in buffers that are reused.

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

use crate::mapping::Mapping;

/// A field that one attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Ticket,
    At,
    Team,
    Person,
    Line,
    Priority,
    Category,
    Sla,
    Opened,
    Resolved,
    /// A status attribute; there can be several.
    Status,
}

struct Slot {
    field: Field,
    key: String,
    of_trace: bool,
    value: Vec<u8>,
}

/// The values of the present event.
pub(super) struct Slots {
    wanted: Vec<Slot>,
    status: Vec<u8>,
    /// Some attribute names that were met, to suggest one from.
    seen: Vec<String>,
}

const SEEN: usize = 40;

impl Slots {
    pub fn new(mapping: &Mapping) -> Self {
        let columns = &mapping.columns;
        let one = |field, name: Option<&String>| name.map(|name| (field, name.clone()));
        let mut wanted: Vec<(Field, String)> =
            columns.status.iter().map(|name| (Field::Status, name.clone())).collect();
        wanted.extend([(Field::Ticket, columns.ticket.clone()), (Field::At, columns.at.clone())]);
        let optional = [
            one(Field::Team, columns.team.as_ref()),
            one(Field::Person, columns.person.as_ref()),
            one(Field::Line, columns.line.as_ref()),
            one(Field::Priority, columns.priority.as_ref()),
            one(Field::Category, columns.category.as_ref()),
            one(Field::Sla, columns.sla.as_ref()),
            one(Field::Opened, columns.opened.as_ref()),
            one(Field::Resolved, columns.resolved.as_ref()),
        ];
        wanted.extend(optional.into_iter().flatten());
        let slots = wanted.into_iter().map(|(field, name)| match name.strip_prefix("trace/") {
            Some(key) => Slot { field, key: key.to_owned(), of_trace: true, value: Vec::new() },
            None => Slot { field, key: name, of_trace: false, value: Vec::new() },
        });
        Self { wanted: slots.collect(), status: Vec::new(), seen: Vec::new() }
    }

    /// A new trace begins.
    pub fn clear_trace(&mut self) {
        self.wanted.iter_mut().for_each(|slot| slot.value.clear());
    }

    /// A new event begins.
    pub fn clear_event(&mut self) {
        self.wanted.iter_mut().filter(|slot| !slot.of_trace).for_each(|slot| slot.value.clear());
    }

    /// Keeps the value of an attribute if a field asks for it.
    pub fn take(&mut self, tag: &BytesStart<'_>, of_event: bool) -> Result<(), String> {
        let (mut key, mut value) = (None, None);
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            match attribute.key.0 {
                "key" => key = Some(attribute),
                "value" => value = Some(attribute),
                _ => {}
            }
        }
        let (Some(key), Some(value)) = (key, value) else { return Ok(()) };
        let name = key.value.as_ref();
        if self.seen.len() < SEEN && !self.seen.iter().any(|seen| seen == name) {
            self.seen.push(name.to_owned());
        }
        for slot in self.wanted.iter_mut().filter(|slot| slot.of_trace != of_event && slot.key == name) {
            slot.value.clear();
            if value.value.contains('&') {
                let plain =
                    value.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
                slot.value.extend_from_slice(plain.as_bytes());
            } else {
                slot.value.extend_from_slice(value.value.as_bytes());
            }
        }
        Ok(())
    }

    /// The value of a field; empty when the event has none.
    pub fn get(&self, field: Field) -> &[u8] {
        self.wanted.iter().find(|slot| slot.field == field).map_or(&[], |slot| &slot.value)
    }

    /// Joins the status attributes by `/`.
    pub fn join_status(&mut self) {
        self.status.clear();
        for (n, slot) in self.wanted.iter().filter(|slot| slot.field == Field::Status).enumerate() {
            self.status.extend((n > 0).then_some(b'/'));
            self.status.extend_from_slice(slot.value.trim_ascii());
        }
    }

    /// The joined status.
    pub fn status(&self) -> &[u8] {
        &self.status
    }

    /// Attribute names that were met.
    pub fn seen(&self) -> impl Iterator<Item = &str> {
        self.seen.iter().map(String::as_str)
    }
}

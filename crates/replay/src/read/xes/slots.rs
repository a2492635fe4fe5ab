//! The attributes of the present trace and event that the mapping asks for, in buffers that are reused.

use quick_xml::escape::unescape;
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
    looked: usize,
}

/// How many names are kept, out of how many attributes.
const SEEN: usize = 40;
const LOOKED: usize = 400;

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
        Self { wanted: slots.collect(), status: Vec::new(), seen: Vec::new(), looked: 0 }
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
        if let Some((key, value)) = usual(tag.attributes_raw()) {
            return self.keep(key, value, of_event);
        }
        let (mut key, mut value) = (None, None);
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            match attribute.key.0 {
                "key" => key = Some(attribute.value),
                "value" => value = Some(attribute.value),
                _ => {}
            }
        }
        match (key, value) {
            (Some(key), Some(value)) => self.keep(&key, &value, of_event),
            _ => Ok(()),
        }
    }

    fn keep(&mut self, key: &str, value: &str, of_event: bool) -> Result<(), String> {
        if self.looked < LOOKED {
            self.looked += 1;
            if self.seen.len() < SEEN && !self.seen.iter().any(|seen| seen == key) {
                self.seen.push(key.to_owned());
            }
        }
        for slot in self.wanted.iter_mut().filter(|slot| slot.of_trace != of_event && slot.key == key) {
            slot.value.clear();
            if value.contains('&') {
                let plain = unescape(value).map_err(|error| error.to_string())?;
                slot.value.extend_from_slice(plain.as_bytes());
            } else {
                slot.value.extend_from_slice(value.as_bytes());
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

/// Key and value of a tag written the usual way, ` key="..." value="..."`, which spares the general parser.
fn usual(raw: &str) -> Option<(&str, &str)> {
    let (key, rest) = raw.trim_start().strip_prefix("key=\"")?.split_once('"')?;
    let (value, rest) = rest.trim_start().strip_prefix("value=\"")?.split_once('"')?;
    (rest.trim().is_empty() && !key.contains('&')).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(tag: &str) -> String {
        let mut slots = Slots::new(&Mapping::xes());
        let tag = BytesStart::from_content(tag, "string".len());
        slots.take(&tag, true).expect("a good tag");
        String::from_utf8_lossy(slots.get(Field::Team)).into_owned()
    }

    #[test]
    fn an_attribute_is_read_however_it_is_written() {
        assert_eq!(taken("string key=\"org:group\" value=\"V5 &amp; 3rd\""), "V5 & 3rd");
        assert_eq!(taken("string value='V5' key='org:group'"), "V5");
        assert_eq!(taken("string  key=\"org:group\"\n value=\"V5\" x=\"y\" "), "V5");
        assert_eq!(taken("string key=\"other\" value=\"V5\""), "");
    }
}

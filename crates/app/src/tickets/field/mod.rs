//! Fields that a provider asks of its tickets besides what every ticket has: a serial number, the day that somebody begins, who approved it.
//!
//! A **field** has a key for programs, a label for people and a [`Shape`]: what can stand in it. It is asked of tickets of some kinds or
//! of all, and of a service and all below it. It may have to be filled in when a ticket is opened, or before it is solved. It is read by
//! everybody who sees the ticket, or by both IT teams alone.
//!
//! A field that is **retired** is asked no more; what stands in it stays. Its key and its shape never change what they mean.

mod definition;
mod shape;
mod value;

use remit_core::{Id, Kind as IdKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, Visibility};
use crate::keyed::keyed;

pub use definition::{MOST_FIELDS, add_field, change_field, custom_field, custom_fields, retire_field};
pub use shape::Shape;
#[cfg(test)]
pub(crate) use value::TEXTS;
pub(crate) use value::as_shown;
pub use value::{Filling, Value, fields_of, fill, values};
pub(super) use value::{First, begin, missing, opening, told, unite};

keyed! {
    /// When a field must be filled in.
    Needed as "FieldNeeded" {
        /// It may stay empty.
        Never = "never", "it may stay empty";
        /// Whoever opens a ticket fills it in; at the latest it is before the ticket is solved.
        Opening = "opening", "when it is opened";
        /// Before the ticket is solved.
        Solving = "solving", "before it is solved";
    }
}

/// What is said of a field; all of it but what it means can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// What people call it, at most 80 characters.
    pub label: String,
    /// A sentence below it, at most 200 characters; may be empty.
    pub hint: String,
    /// What can stand in it.
    pub shape: Shape,
    /// The kinds of ticket that it is asked of; all where there are none.
    pub kinds: Vec<Kind>,
    /// A service of the catalogue, with all below it; all where it is empty.
    pub service: String,
    /// When it must be filled in.
    pub needed: Needed,
    /// Who reads it: everybody who sees the ticket, or both IT teams.
    pub read_by: Visibility,
    /// Where it stands: the smallest first, then by label. From 0 to 9,999.
    pub place: i64,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// Its id.
    pub id: Id<CustomField>,
    /// What programs call it.
    pub key: String,
    /// What is said of it.
    pub definition: Definition,
    /// Counted from 1: how often it was changed.
    pub version: i64,
    /// Whether it is asked no more.
    pub retired: bool,
}

impl IdKind for CustomField {
    const PREFIX: &'static str = "field";
}

impl CustomField {
    /// Whether it is asked of such a ticket.
    pub fn is_asked_of(&self, kind: Kind, service: &str) -> bool {
        let Definition { kinds, service: above, .. } = &self.definition;
        let below = service.strip_prefix(above.as_str());
        !self.retired
            && (kinds.is_empty() || kinds.contains(&kind))
            && (above.is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }
}

/// A field of a ticket that was filled in anew, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Filled {
    /// What programs call it.
    pub key: String,
    /// What people called it at the time.
    pub label: String,
    /// What stood in it before; empty where nothing did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// What stands in it since; empty where nothing does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(kinds: &[Kind], service: &str) -> CustomField {
        CustomField {
            id: Id::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap(),
            key: "serial".to_owned(),
            definition: Definition {
                label: "Serial number".to_owned(),
                hint: String::new(),
                shape: Shape::Line,
                kinds: kinds.to_vec(),
                service: service.to_owned(),
                needed: Needed::Never,
                read_by: Visibility::Public,
                place: 0,
            },
            version: 1,
            retired: false,
        }
    }

    #[test]
    fn a_field_is_asked_of_its_kinds_and_of_a_service_with_all_below_it() {
        assert!(asked(&[], "").is_asked_of(Kind::Task, ""));
        let narrow = asked(&[Kind::Request, Kind::Change], "network");
        assert!(narrow.is_asked_of(Kind::Request, "network"));
        assert!(narrow.is_asked_of(Kind::Change, "network.wan"));
        assert!(!narrow.is_asked_of(Kind::Incident, "network.wan"));
        assert!(!narrow.is_asked_of(Kind::Request, "networking"));
        assert!(!narrow.is_asked_of(Kind::Request, ""));
        assert!(!CustomField { retired: true, ..asked(&[], "") }.is_asked_of(Kind::Task, ""));
    }
}

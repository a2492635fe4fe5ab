//! What is wrong with which field.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// Messages by field, in the order of the form. A field can have several.
///
/// ```
/// use remit_web::FieldErrors;
/// let mut errors = FieldErrors::default();
/// errors.add("name", "Enter a name.");
/// assert_eq!(errors.get("name"), Some("Enter a name."));
/// assert_eq!(serde_json::to_string(&errors).unwrap(), r#"{"name":["Enter a name."]}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(String, Vec<String>)>);

impl FieldErrors {
    /// Adds a message, a sentence that says what to enter instead.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        match self.0.iter_mut().find(|(name, _)| name == field) {
            Some((_, messages)) => messages.push(message.into()),
            None => self.0.push((field.to_owned(), vec![message.into()])),
        }
    }

    /// The first message of a field.
    pub fn get(&self, field: &str) -> Option<&str> {
        let (_, messages) = self.0.iter().find(|(name, _)| name == field)?;
        messages.first().map(String::as_str)
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every field with every message.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, messages)| messages.iter().map(move |text| (&**name, &**text)))
    }
}

impl Serialize for FieldErrors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, messages) in &self.0 {
            map.serialize_entry(field, messages)?;
        }
        map.end()
    }
}

//! Names that people give to things: services, teams, calendars.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A lower-case dotted name such as `backup.restore-test`: parts of ASCII letters and digits, inside a part joined by single
/// hyphens, parts joined by dots; starts with a letter; at most 100 bytes. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Arc<str>);

/// Why a text is not a slug, with a slug that would do where there is one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a name here: {reason}{}", .instead.as_ref().map(|slug| format!("; write `{slug}`")).unwrap_or_default())]
pub struct SlugError {
    text: String,
    reason: &'static str,
    instead: Option<String>,
}

impl Slug {
    /// The longest slug in bytes.
    pub const LONGEST: usize = 100;

    /// Checks the shape; the error says what is wrong and proposes a slug.
    pub fn parse(text: &str) -> Result<Slug, SlugError> {
        match fault(text) {
            None => Ok(Slug(text.into())),
            Some(reason) => {
                let instead = Some(repaired(text)).filter(|slug| fault(slug).is_none());
                Err(SlugError { text: text.chars().take(Slug::LONGEST).collect(), reason, instead })
            }
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the dots.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.')
    }

    /// The slug without its last part: `backup` for `backup.restore-test`.
    pub fn parent(&self) -> Option<Slug> {
        self.0.rsplit_once('.').map(|(parent, _)| Slug(parent.into()))
    }

    /// Whether it is `other` or lies below it: `backup.restore-test` is within `backup`.
    pub fn is_within(&self, other: &Slug) -> bool {
        match self.0.strip_prefix(&*other.0) {
            Some(rest) => rest.is_empty() || rest.starts_with('.'),
            None => false,
        }
    }
}

/// What is wrong with the shape.
fn fault(text: &str) -> Option<&'static str> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    if text.is_empty() {
        Some("it is empty; names look like backup.restore-test")
    } else if text.len() > Slug::LONGEST {
        Some("it is longer than 100 characters")
    } else if !text.chars().all(allowed) {
        Some("only a-z, 0-9, single hyphens inside a part and dots between parts are allowed")
    } else if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        Some("it has to start with a letter")
    } else if text.split(['.', '-']).any(str::is_empty) {
        Some("dots and hyphens stand alone between letters or digits")
    } else {
        None
    }
}

/// Lower-cased, with whatever is not allowed turned into single hyphens.
fn repaired(text: &str) -> String {
    let lower = text.chars().take(2 * Slug::LONGEST).map(|c| c.to_ascii_lowercase());
    let plain: String = lower.map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let part = |part: &str| part.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    plain.split('.').map(part).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A map keyed by slugs can be asked with plain text.
impl Borrow<str> for Slug {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = SlugError;
    fn from_str(text: &str) -> Result<Slug, SlugError> {
        Slug::parse(text)
    }
}

impl Serialize for Slug {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Slug, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Slug::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names_are_read() {
        for text in ["a", "backup.restore-test", "m365.licences", "team.offshore-2"] {
            assert_eq!(Slug::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn other_shapes_are_refused_with_a_proposal() {
        for (text, proposal) in [
            ("Backup", Some("`backup`")),
            ("Help Desk", Some("`help-desk`")),
            ("backup..test", Some("`backup.test`")),
            (".backup-", Some("`backup`")),
            ("a--b", Some("`a-b`")),
            ("restore_test", Some("`restore-test`")),
            ("", None),
            ("2nd", None),
            ("日本", None),
        ] {
            let error = Slug::parse(text).unwrap_err();
            let message = error.to_string();
            match proposal {
                Some(proposal) => assert!(message.ends_with(&format!("write {proposal}")), "{message}"),
                None => assert_eq!(error.instead, None, "{message}"),
            }
        }
        assert!(Slug::parse(&"a".repeat(100)).is_ok());
        assert!(Slug::parse(&"a".repeat(101)).unwrap_err().to_string().contains("longer than 100"));
    }

    #[test]
    fn within_follows_parts_not_letters() {
        let slug = |text: &str| Slug::parse(text).unwrap();
        assert!(slug("backup.restore").is_within(&slug("backup")));
        assert!(slug("backup").is_within(&slug("backup")));
        assert!(!slug("backups.restore").is_within(&slug("backup")));
        assert!(!slug("backup").is_within(&slug("backup.restore")));
        assert_eq!(slug("a.b.c").parent(), Some(slug("a.b")));
        assert_eq!(slug("a").parent(), None);
    }
}

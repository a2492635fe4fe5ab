//! Ids, typed by what they name.

use crate::At;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use uuid::Uuid;

/// What an id names; a type of its own for each kind, so that ids of two kinds cannot be mixed up.
pub trait Kind {
    /// Shown before the id, such as `ticket` in `ticket_0195...`. Lower-case letters.
    const PREFIX: &'static str;
}

/// The id of a `K`: a `UUIDv7`, so that ids sort by when they were made.
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

/// Why a text is not an id of the kind that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The id of something else.
    #[error(
        "`{found}_...` is the id of another kind of thing; an id that starts with `{expected}_` belongs here"
    )]
    OtherKind {
        /// The prefix that belongs here.
        expected: &'static str,
        /// The prefix of the text.
        found: String,
    },
    /// Not a UUID of version 7.
    #[error("`{text}` is not an id; ids look like {expected}_01890a5d-ac96-774b-bcce-b302099a8057")]
    NotAnId {
        /// The prefix that belongs here.
        expected: &'static str,
        /// The text, shortened.
        text: String,
    },
}

impl<K: Kind> Id<K> {
    /// The id made at `at` from 80 random bits (74 of them are used). Instants before 1970 count as 1970, and those
    /// after the year 10889, where the field is full, as that.
    pub fn new(at: At, random: [u8; 10]) -> Id<K> {
        let millis = at.millis().clamp(0, (1 << 48) - 1) as u64;
        Id::of(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// Reads what [`Id`] displays; the prefix may be left out.
    pub fn parse(text: &str) -> Result<Id<K>, IdError> {
        let uuid = match text.rsplit_once('_') {
            Some((prefix, uuid)) if prefix == K::PREFIX => uuid,
            Some((prefix, _)) => {
                let found = prefix.chars().take(40).collect();
                return Err(IdError::OtherKind { expected: K::PREFIX, found });
            }
            None => text,
        };
        match Uuid::try_parse(uuid) {
            Ok(uuid) if uuid.get_version_num() == 7 => Ok(Id::of(uuid)),
            _ => Err(IdError::NotAnId { expected: K::PREFIX, text: text.chars().take(60).collect() }),
        }
    }
}

impl<K> Id<K> {
    fn of(uuid: Uuid) -> Id<K> {
        Id { uuid, kind: PhantomData }
    }

    /// The id with this UUID, if it is one of version 7.
    pub fn from_uuid(uuid: Uuid) -> Option<Id<K>> {
        (uuid.get_version_num() == 7).then(|| Id::of(uuid))
    }

    /// The bare UUID.
    pub fn uuid(self) -> Uuid {
        self.uuid
    }

    /// When it was made, as far as the id says.
    pub fn made(self) -> At {
        At::from_millis((self.uuid.as_u128() >> 80) as i64)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Id<K> {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Id<K>) -> bool {
        self.uuid == other.uuid
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Id<K>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Id<K>) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The prefix of the kind, an underscore and the hyphenated UUID.
impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.uuid.as_hyphenated())
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Id<K>, IdError> {
        Id::parse(text)
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id<K>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Id::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ticket;
    impl Kind for Ticket {
        const PREFIX: &'static str = "ticket";
    }

    fn id(millis: i64, random: u8) -> Id<Ticket> {
        Id::new(At::from_millis(millis), [random; 10])
    }

    #[test]
    fn ids_sort_by_when_they_were_made_and_say_it() {
        assert!(id(1000, 255) < id(1001, 0));
        assert_ne!(id(1000, 1), id(1000, 2));
        assert_eq!(id(1_774_747_800_123, 7).made(), At::from_millis(1_774_747_800_123));
        assert_eq!(id(-5, 0).made(), At::from_millis(0));
        assert_eq!(id(i64::MAX, 0).made(), At::from_millis((1 << 48) - 1));
    }

    #[test]
    fn ids_read_back_with_and_without_their_prefix() {
        let one = id(1_774_747_800_123, 7);
        let text = one.to_string();
        assert!(text.starts_with("ticket_019d"), "{text}");
        assert_eq!(Id::parse(&text), Ok(one));
        assert_eq!(Id::parse(&one.uuid().to_string()), Ok(one));
    }

    #[test]
    fn ids_of_another_kind_and_other_texts_are_refused() {
        let other = id(1, 1).to_string().replace("ticket", "client");
        let message = Id::<Ticket>::parse(&other).unwrap_err().to_string();
        assert!(message.contains("`client_...`") && message.contains("`ticket_`"), "{message}");
        let version_4 = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
        for text in ["", "ticket_", "ticket_12", version_4] {
            assert!(matches!(Id::<Ticket>::parse(text), Err(IdError::NotAnId { .. })), "{text}");
        }
    }
}

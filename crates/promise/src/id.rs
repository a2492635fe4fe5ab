//! Whom promises are about: ids without the tables behind them.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

macro_rules! ids {
    ($($(#[$about:meta])* $id:ident)*) => { $(
        $(#[$about])*
        ///
        /// As text it is 32 hexadecimal digits; whoever knows the name shows that instead.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $id(pub u128);

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        /// As text: a number of this size does not survive JSON.
        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        /// The text, or a UUID with its hyphens.
        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                bits(&text).map(Self).ok_or_else(|| D::Error::custom("an id is 32 hexadecimal digits"))
            }
        }
    )* };
}

ids! {
    /// Which client: the bits of its id.
    ClientId
    /// Which party: the bits of its id.
    PartyId
    /// Which team: the bits of its id.
    TeamId
}

/// The bits of 32 hexadecimal digits, hyphens between them left out.
fn bits(text: &str) -> Option<u128> {
    let digits = || text.chars().filter(|c| *c != '-');
    if digits().count() != 32 {
        return None;
    }
    digits().try_fold(0, |bits, digit| Some(bits << 4 | u128::from(digit.to_digit(16)?)))
}

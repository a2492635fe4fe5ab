//! Two small macros: enums whose values stand under a key in the database, in addresses and in the API, and under a word on pages;
//! and statements that share parts.

/// Declares one: `Value = "key", "words";`.
macro_rules! keyed {
    ($(#[$about:meta])* $name:ident as $schema:literal { $($(#[$says:meta])* $value:ident = $key:literal, $words:literal;)+ }) => {
        $(#[$about])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        #[schemars(rename = $schema)]
        pub enum $name {
            $($(#[$says])* #[serde(rename = $key)] $value,)+
        }

        impl $name {
            /// All, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// In the database and in addresses.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$value => $key,)+
                }
            }

            /// For people.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $words,)+
                }
            }

            /// Keys and words, for a form.
            pub fn pairs<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
                Self::ALL.iter().map(|value| (value.key(), value.name()))
            }

            /// The value with this key.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.key() == key)
            }
        }

        impl remit_db::IntoValue for $name {
            fn into_value(self) -> remit_db::Value {
                remit_db::Value::Text(self.key().to_owned())
            }
        }

        impl remit_db::FromValue for $name {
            fn from_value(value: remit_db::Value) -> Option<Self> {
                Self::from_key(&String::from_value(value)?)
            }
        }
    };
}

/// Statements that are put together of parts that others have too: under names, so that tests find them as they find the literal ones.
macro_rules! texts {
    ($($name:ident = $text:expr;)+) => {
        $(const $name: &str = $text;)+

        /// All of them.
        #[cfg(test)]
        pub(crate) const TEXTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

pub(crate) use {keyed, texts};

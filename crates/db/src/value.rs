//! Values that cross between Rust and either engine.
//!
//! | Rust | column in a migration | SQLite keeps | PostgreSQL keeps |
//! |---|---|---|---|
//! | `i64`, `i32`, `u32`, `u16` | `BIGINT` | INTEGER | bigint |
//! | `bool` | `BOOLEAN` | INTEGER 0 or 1 | boolean |
//! | `String`, `&str` | `TEXT` | TEXT | text |
//! | `Vec<u8>`, `&[u8]` | `BYTEA` | BLOB | bytea |
//! | `Uuid`, `Id<K>` | `UUID` | BLOB of 16 bytes | uuid |
//! | `At` | `BIGINT`, milliseconds since 1970 | INTEGER | bigint |
//! | `Option<T>` | without `NOT NULL` | NULL | NULL |

use remit_core::{At, Id};
use uuid::Uuid;

use crate::Error;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing. It carries no type: the statement must tell it by where it stands.
    Null,
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An id.
    Uuid(Uuid),
}

impl Value {
    /// What it is, in a word.
    fn word(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "a number",
            Self::Bool(_) => "yes or no",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "an id",
        }
    }
}

/// A row of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub(crate) Vec<Value>);

/// What can be bound to a parameter.
pub trait IntoValue {
    /// The value to bind.
    fn into_value(self) -> Value;
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// Reads it; `None` when it is of another kind.
    fn from_value(value: Value) -> Option<Self>;
}

/// What a row can be read as: a tuple of columns, or a struct that takes the tuple apart.
pub trait FromRow: Sized {
    /// Reads it.
    fn from_row(row: Row) -> Result<Self, Error>;
}

/// The own parameters of a statement, in order.
pub trait Params {
    /// The values to bind.
    fn values(self) -> Vec<Value>;
}

impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Null, IntoValue::into_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {$(
        impl IntoValue for $number {
            fn into_value(self) -> Value {
                Value::Int(i64::from(self))
            }
        }

        impl FromValue for $number {
            fn from_value(value: Value) -> Option<Self> {
                if let Value::Int(number) = value { <$number>::try_from(number).ok() } else { None }
            }
        }
    )*};
}
whole_numbers!(i64, i32, u32, u16, u8);

impl IntoValue for bool {
    fn into_value(self) -> Value {
        Value::Bool(self)
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bool(yes) => Some(yes),
            // SQLite has no type of its own for yes and no.
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl IntoValue for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl IntoValue for &String {
    fn into_value(self) -> Value {
        Value::Text(self.clone())
    }
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(self)
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text) } else { None }
    }
}

impl IntoValue for &[u8] {
    fn into_value(self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl<const N: usize> IntoValue for [u8; N] {
    fn into_value(self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl IntoValue for Vec<u8> {
    fn into_value(self) -> Value {
        Value::Bytes(self)
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Bytes(bytes) = value { Some(bytes) } else { None }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Bytes(bytes) = value { bytes.try_into().ok() } else { None }
    }
}

impl IntoValue for Uuid {
    fn into_value(self) -> Value {
        Value::Uuid(self)
    }
}

impl FromValue for Uuid {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Uuid(id) => Some(id),
            Value::Bytes(bytes) => Uuid::from_slice(&bytes).ok(),
            _ => None,
        }
    }
}

impl<K> IntoValue for Id<K> {
    fn into_value(self) -> Value {
        Value::Uuid(self.uuid())
    }
}

impl<K> FromValue for Id<K> {
    fn from_value(value: Value) -> Option<Self> {
        Uuid::from_value(value).and_then(Id::from_uuid)
    }
}

impl IntoValue for At {
    fn into_value(self) -> Value {
        Value::Int(self.millis())
    }
}

impl FromValue for At {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Int(millis) = value { Some(At::from_millis(millis)) } else { None }
    }
}

impl Row {
    /// Reads a column.
    pub fn get<T: FromValue>(&mut self, column: usize) -> Result<T, Error> {
        let value = self.0.get_mut(column).map(|value| std::mem::replace(value, Value::Null));
        // A word for it, for the value is gone where it does not fit, and every column of every row passes here.
        let found = value.as_ref().map_or("nothing: the row is shorter", Value::word);
        value.and_then(T::from_value).ok_or_else(|| Error::Column {
            column,
            found,
            wanted: std::any::type_name::<T>(),
        })
    }
}

impl Params for () {
    fn values(self) -> Vec<Value> {
        Vec::new()
    }
}

impl Params for Vec<Value> {
    fn values(self) -> Vec<Value> {
        self
    }
}

macro_rules! tuples {
    ($($name:ident $place:tt),+) => {
        impl<$($name: IntoValue),+> Params for ($($name,)+) {
            fn values(self) -> Vec<Value> {
                vec![$(self.$place.into_value()),+]
            }
        }

        impl<$($name: FromValue),+> FromRow for ($($name,)+) {
            fn from_row(mut row: Row) -> Result<Self, Error> {
                Ok(($(row.get::<$name>($place)?,)+))
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);

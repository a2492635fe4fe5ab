//! Why a verb did not do what it was asked.

use std::borrow::Cow;

use remit_core::Millis;

use crate::people::Permission;

/// Why not. Whatever the reason, nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not there, or not within the caller's reach: the two look the same.
    #[error("it is not there")]
    NotFound,
    /// The caller's role does not have the permission.
    #[error("your role may not {}", .0.words())]
    Forbidden(Permission),
    /// The role has the permission, the API key does not.
    #[error("this key may not {}", .0.words())]
    BeyondKey(Permission),
    /// Some of what was given cannot be used; all of it is named, not only the first.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Field>),
    /// It stands against something that is there.
    #[error("{0}")]
    Conflict(String),
    /// It was changed by somebody else since the caller read it.
    #[error("it was changed since you opened it")]
    Stale,
    /// Too many tries that were not right: the next is looked at after so long.
    #[error("that was tried too often; try again in {}", waiting(.seconds))]
    Wait {
        /// How long, rounded up.
        seconds: u64,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] remit_db::Error),
}

impl Refused {
    /// Asks to wait.
    pub(crate) fn wait(time: Millis) -> Self {
        Self::Wait { seconds: time.millis().max(1).unsigned_abs().div_ceil(1000) }
    }
}

/// A wait in words.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "errors show their fields by reference")]
fn waiting(seconds: &u64) -> String {
    match seconds.div_ceil(60) {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// A value that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct Field {
    /// Which.
    pub name: Cow<'static, str>,
    /// Why not, and what to write instead.
    pub message: String,
}

impl Field {
    /// Says what is wrong with a value.
    pub fn new(name: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into() }
    }
}

/// Collects what is wrong, so that all of it can be said at once.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Field>);

impl Faults {
    /// Keeps the value, or notes what is wrong with it.
    pub fn take<T, E: ToString>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: Result<T, E>,
    ) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.push(Field::new(name, error.to_string()));
                None
            }
        }
    }

    /// A name that people give: not empty, on one line, at most 200 characters; spaces at its ends are dropped.
    pub fn name(&mut self, field: &'static str, text: &str) -> Option<String> {
        let name = text.trim();
        let fault = match name {
            "" => Err("write a name"),
            long if long.chars().count() > LONGEST_NAME => Err("write at most 200 characters"),
            odd if odd.chars().any(char::is_control) => {
                Err("write it on one line, without control characters")
            }
            good => Ok(good.to_owned()),
        };
        self.take(field, fault)
    }

    /// Ends the check.
    pub fn end(self) -> Result<(), Refused> {
        if self.0.is_empty() { Ok(()) } else { Err(Refused::Invalid(self.0)) }
    }
}

const LONGEST_NAME: usize = 200;

/// How a name is compared: without regard to case and to spaces at its ends.
pub(crate) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

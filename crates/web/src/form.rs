//! Forms as browsers send them: read with limits, all errors at once, and nothing typed is lost.
//!
//! ```
//! use remit_web::Form;
//!
//! let mut form = Form::parse(b"name=Harbor&seats=many", 1024)?;
//! form.only(&["name", "seats"])?;
//! let name = form.required("name", 80);
//! let seats: Option<u32> = form.parsed("seats");
//! assert_eq!((name.as_deref(), seats), (Some("Harbor"), None));
//! assert_eq!(form.value("seats"), "many");
//! assert!(form.error("seats").is_some());
//! # Ok::<(), remit_web::Error>(())
//! ```

mod control;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use crate::{Error, FieldErrors};

pub use control::Control;

/// Bytes of a form, unless the route takes fewer.
pub const FORM_BYTES: usize = 256 * 1024;
/// Fields of a form.
pub const FORM_FIELDS: usize = 500;

/// What was typed, and what is wrong with it.
#[derive(Clone, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    errors: FieldErrors,
}

impl Form {
    /// A form that shows what is stored, before anybody has typed.
    pub fn filled<N: Into<String>, V: Into<String>>(fields: impl IntoIterator<Item = (N, V)>) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { fields, errors: FieldErrors::default() }
    }

    /// Reads the urlencoded text of a form of at most `limit` bytes.
    pub fn parse(body: &[u8], limit: usize) -> Result<Self, Error> {
        if body.len() > limit {
            return Err(Error::TooLarge(limit));
        }
        if body.split(|byte| *byte == b'&').count() > FORM_FIELDS {
            return Err(Error::malformed(format!("A form has at most {FORM_FIELDS} fields.")));
        }
        let fields: Vec<_> =
            form_urlencoded::parse(body).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
        if fields.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(Error::malformed("A field has a character with the number 0."));
        }
        Ok(Self { fields, errors: FieldErrors::default() })
    }

    /// Refuses fields that the form does not have: a mistyped or smuggled name is never silently dropped.
    pub fn only(&self, names: &[&str]) -> Result<(), Error> {
        match self.fields.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => Err(Error::malformed(format!("This form has no field `{}`.", shorten(name)))),
        }
    }

    /// The same for a form that has some fields more, which are asked of one thing and not of another: their names begin with a prefix.
    pub fn only_and(&self, names: &[&str], prefixes: &[&str]) -> Result<(), Error> {
        let there =
            |name: &str| names.contains(&name) || prefixes.iter().any(|prefix| name.starts_with(prefix));
        match self.fields.iter().find(|(name, _)| !there(name)) {
            None => Ok(()),
            Some((name, _)) => Err(Error::malformed(format!("This form has no field `{}`.", shorten(name)))),
        }
    }

    /// Those of them: the rest of each name, and what was typed.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.fields.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    /// What was typed; empty if nothing was.
    pub fn value(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Everything that was chosen in a field that can be chosen several times.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box is ticked, or a choice made.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values(name).any(|found| found == value)
    }

    /// The text of a field without blanks around it. It must be there, with at most `longest` characters.
    pub fn required(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.optional(name, longest)?;
        if text.is_none() && self.error(name).is_none() {
            self.wrong(name, "Enter something here.");
        }
        text
    }

    /// The same for a field that may stay empty: `Some(None)` then, and `None` only if the text is wrong.
    pub fn optional(&mut self, name: &str, longest: usize) -> Option<Option<String>> {
        if self.values(name).count() > 1 {
            self.wrong(name, "Enter this once.");
            return None;
        }
        let text = self.value(name).trim().replace("\r\n", "\n");
        let length = text.chars().count();
        if length > longest {
            self.wrong(name, format!("Enter at most {longest} characters; these are {length}."));
            return None;
        }
        Some(Some(text).filter(|text| !text.is_empty()))
    }

    /// A field that must be there and be what `T` can be read from. The error of `T` is shown as it is.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(&mut self, name: &str) -> Option<T> {
        let text = self.required(name, 2_000)?;
        self.read(name, &text)
    }

    /// The same for a field that a page fills in by itself, so that nobody can mend it there: what is wrong is the answer.
    pub fn given<T: FromStr<Err: fmt::Display>>(&mut self, name: &str) -> Result<T, Error> {
        let parsed = self.parsed(name);
        parsed.ok_or_else(|| Error::Invalid(std::mem::take(&mut self.errors)))
    }

    /// The same for a field that may stay empty.
    pub fn parsed_optional<T: FromStr<Err: fmt::Display>>(&mut self, name: &str) -> Option<Option<T>> {
        match self.optional(name, 2_000)? {
            None => Some(None),
            Some(text) => self.read(name, &text).map(Some),
        }
    }

    fn read<T: FromStr<Err: fmt::Display>>(&mut self, name: &str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong(name, format!("“{}” cannot be used: {error}.", shorten(text)));
                None
            }
        }
    }

    /// Adds what a rule found wrong.
    pub fn wrong(&mut self, name: &str, message: impl Into<String>) {
        self.errors.add(name, message);
    }

    /// Drops what was typed, so that a password is not sent back.
    pub fn forget(&mut self, name: &str) {
        self.fields.retain(|(found, _)| found != name);
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name)
    }

    /// Everything that is wrong.
    pub fn errors(&self) -> &FieldErrors {
        &self.errors
    }

    /// Whether everything can be used.
    pub fn valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// The status for the page that shows the form: 422 when something has to be corrected.
    pub fn status(&self) -> StatusCode {
        if self.valid() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// The errors as an answer, for callers that show no form.
    pub fn check(self) -> Result<(), Error> {
        if self.valid() { Ok(()) } else { Err(Error::Invalid(self.errors)) }
    }
}

impl fmt::Debug for Form {
    /// Names only: what people type can be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.fields.iter().map(|(name, _)| name)).finish()
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        const KIND: &str = "application/x-www-form-urlencoded";
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(KIND)) {
            return Err(Error::MediaType(KIND));
        }
        let body = take(request, state, FORM_BYTES).await?;
        Self::parse(&body, FORM_BYTES)
    }
}

/// The whole body, with the limit of the route.
pub(crate) async fn take<S: Send + Sync>(request: Request, state: &S, limit: usize) -> Result<Bytes, Error> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::TooLarge(limit)
        } else {
            Error::malformed("The body broke off.")
        }
    })
}

/// The beginning of a text, for a message.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

//! Forms with files (`multipart/form-data`): read part by part, so that no file is ever whole in memory.

#[cfg(test)]
mod tests;

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;

use crate::Error;
use crate::form::{FORM_BYTES, FORM_FIELDS};

/// How long the next bytes may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// What comes in, part by part.
#[derive(Debug)]
pub struct Upload {
    parts: Multipart,
    seen: usize,
    typed: usize,
    limit: usize,
}

/// A part of it.
#[derive(Debug)]
pub enum Part<'u> {
    /// What was typed or chosen in a field: its name and its value.
    Field(String, String),
    /// A file.
    File(Box<Coming<'u>>),
}

/// A file that is coming in.
#[derive(Debug)]
pub struct Coming<'u> {
    /// The field that it was chosen in.
    pub field: String,
    /// What it is called where it comes from; nothing of it is checked.
    pub name: String,
    /// What it is said to be, as a media type; nothing of it is checked.
    pub said: String,
    inner: Field<'u>,
    limit: usize,
}

impl Upload {
    /// Whether a request is a form with files.
    pub fn is(request: &Request) -> bool {
        let kind = request.headers().get(axum::http::header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).and_then(|kind| kind.split(';').next());
        kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("multipart/form-data"))
    }

    /// Begins to read a request with a body of at most `limit` bytes.
    pub async fn of<S: Send + Sync>(mut request: Request, state: &S, limit: usize) -> Result<Self, Error> {
        if !Self::is(&request) {
            return Err(Error::MediaType("multipart/form-data"));
        }
        DefaultBodyLimit::max(limit).apply(&mut request);
        let parts = Multipart::from_request(request, state).await;
        let parts = parts.map_err(|_| Error::malformed("The form does not say where its parts end."))?;
        Ok(Self { parts, seen: 0, typed: 0, limit })
    }

    /// The next part; none behind the last one. Where no file was chosen, there is none.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>, Error> {
        self.seen += 1;
        if self.seen > FORM_FIELDS {
            return Err(Error::malformed(format!("A form has at most {FORM_FIELDS} fields.")));
        }
        let limit = self.limit;
        let Some(mut field) = in_time(self.parts.next_field()).await?.map_err(|e| broken(&e, limit))? else {
            return Ok(None);
        };
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(file) = field.file_name().map(str::to_owned) {
            let said = field.content_type().unwrap_or_default().to_owned();
            return Ok(Some(Part::File(Box::new(Coming {
                field: name,
                name: file,
                said,
                inner: field,
                limit,
            }))));
        }
        let mut value = Vec::new();
        while let Some(some) = in_time(field.chunk()).await?.map_err(|e| broken(&e, limit))? {
            self.typed += some.len();
            if self.typed > FORM_BYTES {
                return Err(Error::TooLarge(FORM_BYTES));
            }
            value.extend_from_slice(&some);
        }
        let value = String::from_utf8(value).map_err(|_| Error::malformed("A field is not UTF-8."))?;
        if name.contains('\0') || value.contains('\0') {
            return Err(Error::malformed("A field has a character with the number 0."));
        }
        Ok(Some(Part::Field(name, value)))
    }
}

impl Coming<'_> {
    /// The next bytes; none at its end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let limit = self.limit;
        in_time(self.inner.chunk()).await?.map_err(|e| broken(&e, limit))
    }
}

async fn in_time<T>(next: impl Future<Output = T>) -> Result<T, Error> {
    let next = tokio::time::timeout(PATIENCE, next).await;
    next.map_err(|_| Error::malformed("Nothing has come for half a minute. Send it again."))
}

fn broken(error: &MultipartError, limit: usize) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge(limit);
    }
    Error::malformed("The form broke off, or cannot be read.")
}

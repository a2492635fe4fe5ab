//! What a handler may answer instead of a page.
//!
//! A handler returns an [`Error`] and knows nothing of who asked. The response carries a [`Problem`] beside its plain text;
//! [`pages::dress`] turns that into a page for browsers or `application/problem+json` for programs.

mod fields;
pub mod pages;
mod problem;

#[cfg(test)]
mod tests;

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};

pub use fields::FieldErrors;
pub use problem::Problem;

/// Why a request has no better answer. Each kind is decided by who can act on it.
///
/// ```
/// use axum::response::IntoResponse;
/// use remit_web::Error;
/// assert_eq!(Error::NotFound.into_response().status(), 404);
/// assert_eq!(Error::Conflict("The name is taken.".into()).into_response().status(), 409);
/// ```
#[derive(Debug)]
pub enum Error {
    /// 400: the request cannot be read. With the fields that are at fault, where they are known.
    Malformed {
        /// What is wrong, as a sentence.
        detail: String,
        /// The fields at fault; may be empty.
        fields: FieldErrors,
    },
    /// 401: nobody is signed in. Browsers are led to the sign-in page if there is one.
    Unauthenticated,
    /// 403: it is there, the caller may know it, and may not do this. The text says why.
    Forbidden(String),
    /// 404: absent, or not the caller's; nobody can tell the two apart.
    NotFound,
    /// 409: what is stored forbids it. The text says what.
    Conflict(String),
    /// 412: it has changed since the caller read it.
    Precondition(String),
    /// 413: more than so many bytes.
    TooLarge(usize),
    /// 415: not of this media type.
    MediaType(&'static str),
    /// 422: it can be read, but fields are wrong.
    Invalid(FieldErrors),
    /// 428: a change must say which version it is of.
    PreconditionRequired(String),
    /// 429: too many requests.
    TooMany {
        /// Seconds until another is welcome.
        retry_after_s: u64,
    },
    /// 503: try again soon.
    Busy,
    /// 503: what the answer depends on is not there at the moment. The text says what.
    Unavailable(String),
    /// 507: what was sent cannot be stored, for want of room.
    NoRoom,
    /// 500: our fault. It is logged, and its text never reaches the caller.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A request that cannot be read, without a field to point at.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::Malformed { detail: detail.into(), fields: FieldErrors::default() }
    }

    /// A fault of ours, out of any error or text.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    /// One wrong field.
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        let mut fields = FieldErrors::default();
        fields.add(name, message);
        Self::Invalid(fields)
    }

    /// What the caller is told.
    fn problem(self) -> Problem {
        match self {
            Self::Malformed { detail, fields } => Problem::of(400).detail(detail).fields(fields),
            Self::Unauthenticated => Problem::of(401),
            Self::Forbidden(why) => Problem::of(403).detail(why),
            Self::NotFound => Problem::of(404),
            Self::Conflict(what) => Problem::of(409).detail(what),
            Self::Precondition(what) => Problem::of(412).detail(what),
            Self::TooLarge(limit) => {
                Problem::of(413).detail(format!("At most {limit} bytes are taken here."))
            }
            Self::MediaType(wanted) => Problem::of(415).detail(format!("Send it as {wanted}.")),
            Self::Invalid(fields) => Problem::of(422).fields(fields),
            Self::PreconditionRequired(what) => Problem::of(428).detail(what),
            Self::TooMany { retry_after_s } => Problem::of(429).retry_after(retry_after_s),
            Self::Busy => Problem::of(503).retry_after(2),
            Self::Unavailable(what) => Problem::of(503).detail(what).retry_after(30),
            Self::NoRoom => Problem::of(507),
            Self::Internal(_) => Problem::of(500),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Internal(error) = &self {
            tracing::error!(error = %chain(error.as_ref()), "internal error");
        }
        self.problem().into_response()
    }
}

impl IntoResponse for Problem {
    /// Plain text for whoever reads it undressed.
    fn into_response(self) -> Response {
        let mut response = self.text().into_response();
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        if let Some(seconds) = self.wait() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// An error with all its causes, in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

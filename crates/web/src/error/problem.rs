//! What happened and how to mend it, in words for the caller.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::FieldErrors;

/// One failure as the caller may know it; an extension of the response until [`super::pages::dress`] shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    detail: Option<String>,
    fields: FieldErrors,
    wait: Option<u64>,
}

impl Problem {
    /// The failure that a status stands for. What is no status is 500.
    pub fn of(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, detail: None, fields: FieldErrors::default(), wait: None }
    }

    /// What is wrong this time, as a sentence; an empty one is none.
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.detail = Some(text.into()).filter(|text| !text.is_empty());
        self
    }

    /// The fields at fault.
    #[must_use]
    pub fn fields(mut self, fields: FieldErrors) -> Self {
        self.fields = fields;
        self
    }

    /// When another try is welcome, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.wait = Some(seconds);
        self
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Seconds until another try is welcome.
    pub fn wait(&self) -> Option<u64> {
        self.wait
    }

    /// Every field with every message.
    pub fn field_errors(&self) -> &FieldErrors {
        &self.fields
    }

    /// What happened, the same for every failure of this status.
    pub fn title(&self) -> &'static str {
        match self.status.as_u16() {
            400 => "This request cannot be read",
            401 => "You are not signed in",
            403 => "You may not do this",
            404 => "There is nothing here",
            405 => "This cannot be done here",
            408 | 504 => "This took too long",
            406 => "This is not to be had in that form",
            409 => "This does not fit with what is stored",
            412 => "This has changed in the meantime",
            413 => "This is too large",
            415 => "This is of another type than expected",
            422 => "Something needs correcting",
            428 => "Say which version you are changing",
            429 => "That was too much at once",
            503 => "Not possible at the moment",
            507 => "There is no room to store this",
            _ => "This did not work, and it is our fault",
        }
    }

    /// What is wrong this time, or what the status says in general.
    pub fn what(&self) -> &str {
        self.detail.as_deref().unwrap_or(match self.status.as_u16() {
            401 => "The page is for people who are signed in.",
            404 => "The address may be mistyped, or what was here is gone or not for you.",
            408 | 504 => "The answer was not ready in time. Nothing is known to have failed.",
            422 => "Some fields hold something that cannot be used.",
            429 | 503 => "The request was not carried out.",
            507 => "The disk of the database is full. Nothing of this was kept; what was stored before is still there.",
            500 => "The failure is recorded with the number below.",
            _ => "",
        })
    }

    /// What the caller can do about it.
    pub fn mend(&self) -> String {
        let text = match self.status.as_u16() {
            400 | 413 | 415 => "Go back, change it and send it again.",
            401 => "Sign in and open the page again.",
            403 => "If you should be allowed to, ask whoever gave you access.",
            404 | 405 => "Go back, or start from the first page.",
            406 => "Ask for one of the types that are named in Accept.",
            408 | 504 => "Look whether it was done; if it was not, try again.",
            409 | 412 => "Open it again, look at what is there now, and repeat your change.",
            422 => "Correct the fields and send it again.",
            428 => "Send the ETag that you read as If-Match.",
            429 | 503 => match self.wait {
                Some(1) => return "Try again in 1 second.".to_owned(),
                Some(seconds) => return format!("Try again in {seconds} seconds."),
                None => "Try again in a moment.",
            },
            507 => "Ask whoever runs this Remit to make room; then go back and send it again.",
            _ => "Try again; if it fails once more, report the number below.",
        };
        text.to_owned()
    }

    /// As plain text.
    pub(super) fn text(&self) -> String {
        format!("{}. {} {}\n", self.title(), self.what(), self.mend())
    }

    /// As RFC 9457 has it, with `errors` by field and `request-id` as further members.
    pub fn json(&self, place: &str, request_id: Option<&str>) -> Value {
        let mut body = json!({
            "type": "about:blank",
            "title": self.title(),
            "status": self.status.as_u16(),
            "detail": format!("{} {}", self.what(), self.mend()).trim(),
            "instance": place,
        });
        if !self.fields.is_empty() {
            body["errors"] = json!(self.fields);
        }
        if let Some(id) = request_id {
            body["request-id"] = json!(id);
        }
        body
    }
}

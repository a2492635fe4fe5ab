//! JSON bodies of the API.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::form::{shorten, take};
use crate::{Error, FieldErrors};

/// Bytes of a JSON body, unless the route takes fewer.
pub const BODY_BYTES: usize = 1024 * 1024;

/// A JSON body. 415 for another type, 413 for too many bytes, 400 for what is no JSON or has unknown fields (at any depth,
/// whatever the attributes of `T`), 422 with the path of the field for a wrong value.
///
/// ```
/// use remit_web::{Body, Error};
/// #[derive(serde::Deserialize, Debug)]
/// struct Site { name: String }
/// assert_eq!(Body::<Site>::parse(br#"{"name": "Pier 3"}"#)?.0.name, "Pier 3");
/// assert!(matches!(Body::<Site>::parse(br#"{"name": "Pier 3", "owner": 7}"#), Err(Error::Malformed { .. })));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> Body<T> {
    /// Reads the text of a body.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let mut unknown = Vec::new();
        let mut json = serde_json::Deserializer::from_slice(text);
        let mut track = serde_path_to_error::Track::new();
        let paths = serde_path_to_error::Deserializer::new(&mut json, &mut track);
        let read = serde_ignored::deserialize(paths, |path| {
            if unknown.len() < 20 {
                unknown.push(path.to_string());
            }
        });
        let value: T = read.map_err(|error| wrong(&track.path().to_string(), &error))?;
        json.end().map_err(|error| wrong(".", &error))?;
        if unknown.is_empty() { Ok(Self(value)) } else { Err(no_such_fields(&unknown)) }
    }
}

/// The text cannot be read (400), or it can and a value is not what the field takes (422).
fn wrong(path: &str, error: &serde_json::Error) -> Error {
    use serde_json::error::Category;
    let message = error.to_string();
    if error.classify() != Category::Data {
        return Error::malformed(format!("This is no JSON: {message}."));
    }
    if message.starts_with("unknown field") {
        return no_such_fields(&[path.to_owned()]);
    }
    Error::field(path, format!("{message}."))
}

fn no_such_fields(paths: &[String]) -> Error {
    let mut fields = FieldErrors::default();
    for path in paths {
        fields.add(path, "There is no such field.");
    }
    Error::Malformed { detail: format!("There is no field `{}`.", shorten(&paths[0])), fields }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        Self::parse(&read(request, state, BODY_BYTES).await?)
    }
}

/// The bytes of a JSON body, before they are read: 415 for another type, 413 for more than `limit` bytes.
pub async fn read<S: Send + Sync>(request: Request, state: &S, limit: usize) -> Result<Bytes, Error> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != "application/json" && !(kind.starts_with("application/") && kind.ends_with("+json")) {
        return Err(Error::MediaType("application/json"));
    }
    let text = take(request, state, limit).await?;
    if text.len() > limit { Err(Error::TooLarge(limit)) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug)]
    #[expect(dead_code, reason = "only the reading matters")]
    struct Order {
        name: String,
        lines: Vec<Line>,
    }

    #[derive(serde::Deserialize, Debug)]
    #[expect(dead_code, reason = "only the reading matters")]
    struct Line {
        count: u8,
    }

    fn refused(text: &str) -> Error {
        Body::<Order>::parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_wrong_value_is_named_by_its_path() {
        let Error::Invalid(fields) = refused(r#"{"name":"a","lines":[{"count":1},{"count":300}]}"#) else {
            panic!()
        };
        assert!(fields.get("lines[1].count").is_some(), "{fields:?}");
    }

    #[test]
    fn unknown_fields_are_refused_at_any_depth() {
        let text = r#"{"name":"a","lines":[{"count":1,"provider_id":7}],"admin":true}"#;
        let Error::Malformed { fields, .. } = refused(text) else { panic!() };
        let names: Vec<&str> = fields.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["lines.0.provider_id", "admin"]);
    }

    #[test]
    fn broken_or_trailing_text_is_no_json() {
        for text in ["", "{", r#"{"name":"a","lines":[]} x"#, "\u{feff}{}"] {
            assert!(matches!(refused(text), Error::Malformed { .. }), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        assert!(matches!(refused(&"[".repeat(1_000_000)), Error::Malformed { .. } | Error::Invalid(_)));
    }
}

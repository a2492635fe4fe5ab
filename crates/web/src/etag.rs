//! Versions of what is read and changed: `ETag`, `If-None-Match`, `If-Match` (RFC 9110, section 13).

use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::Error;

/// A strong validator: two answers with the same one say the same.
///
/// ```
/// use axum::http::HeaderMap;
/// use remit_web::{Error, etag::Etag};
/// let stored = Etag::version(7);
/// let headers = HeaderMap::from_iter([(axum::http::header::IF_MATCH, "\"v6\"".parse().unwrap())]);
/// assert!(matches!(stored.must_match(&headers), Err(Error::Precondition(_))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etag(String);

impl Etag {
    /// Of a version number that grows with every change.
    pub fn version(number: i64) -> Self {
        Self(format!("\"v{number}\""))
    }

    /// Of the bytes themselves.
    pub fn of(bytes: &[u8]) -> Self {
        Self(format!("\"{}\"", &blake3::hash(bytes).to_hex()[..32]))
    }

    /// Puts it on a response.
    pub fn on(&self, response: impl IntoResponse) -> Response {
        let mut response = response.into_response();
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            response.headers_mut().insert(ETAG, value);
        }
        response
    }

    /// 304 if the caller has this version already. Ask before the answer is made.
    pub fn unchanged(&self, headers: &HeaderMap) -> Option<Response> {
        let known = tags(headers, &IF_NONE_MATCH)
            .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.0);
        known.then(|| self.on(StatusCode::NOT_MODIFIED))
    }

    /// Before a change: the caller must name the version that is stored. 428 if none is named, 412 if it is another. A weak
    /// tag never matches.
    pub fn must_match(&self, headers: &HeaderMap) -> Result<(), Error> {
        if IfMatch::of(headers)?.names(self) {
            return Ok(());
        }
        Err(Error::Precondition(format!("What is stored has the version {} now.", self.0)))
    }
}

impl std::fmt::Display for Etag {
    /// As it stands in the header, quotes and all.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The versions that a caller means to change, kept until what is stored has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(Vec<String>);

impl IfMatch {
    /// Those of a request; 428 if it names none.
    pub fn of(headers: &HeaderMap) -> Result<Self, Error> {
        if !headers.contains_key(IF_MATCH) {
            return Err(Error::PreconditionRequired("A change needs If-Match.".to_owned()));
        }
        Ok(Self(tags(headers, &IF_MATCH).map(str::to_owned).collect()))
    }

    /// Whether what is stored is among them. A weak tag never is.
    pub fn names(&self, stored: &Etag) -> bool {
        self.0.iter().any(|tag| tag == "*" || *tag == stored.0)
    }
}

/// The tags of a header. Ours hold no commas, so a tag that is cut at one matches nothing.
fn tags<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn who_has_the_version_is_told_so() {
        let stored = Etag::version(7);
        for known in ["\"v7\"", "W/\"v7\"", "\"v1\", \"v7\"", "*"] {
            let response = stored.unchanged(&headers(IF_NONE_MATCH, known)).unwrap();
            assert_eq!(
                (response.status(), response.headers()[ETAG].to_str().unwrap()),
                (StatusCode::NOT_MODIFIED, "\"v7\"")
            );
        }
        for other in ["\"v70\"", "v7", "\"v\"", ""] {
            assert!(stored.unchanged(&headers(IF_NONE_MATCH, other)).is_none(), "{other}");
        }
        assert!(stored.unchanged(&HeaderMap::new()).is_none());
    }

    #[test]
    fn a_change_names_the_stored_version() {
        let stored = Etag::version(7);
        assert!(stored.must_match(&headers(IF_MATCH, "\"v6\", \"v7\"")).is_ok());
        assert!(stored.must_match(&headers(IF_MATCH, "*")).is_ok());
        for other in ["\"v6\"", "W/\"v7\"", ""] {
            assert!(
                matches!(stored.must_match(&headers(IF_MATCH, other)), Err(Error::Precondition(_))),
                "{other}"
            );
        }
        assert!(matches!(stored.must_match(&HeaderMap::new()), Err(Error::PreconditionRequired(_))));
    }

    #[test]
    fn other_bytes_have_another_tag() {
        assert_eq!(Etag::of(b"a"), Etag::of(b"a"));
        assert_ne!(Etag::of(b"a"), Etag::of(b"b"));
    }
}

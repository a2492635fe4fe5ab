//! What goes over the wire in more than one operation: ids, instants, pages, parameters, answers with a version.

use axum::Json;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use remit_core::{At, Date, Id, Kind};
use remit_web::etag::Etag;
use remit_web::paging::{Key, Page};
use remit_web::{Error, FieldErrors};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::operation::Sample;
use crate::site::{Site, page_of};

/// Entries on a page unless somebody asks for more or fewer.
const USUAL: u16 = 50;
/// Entries on the largest page.
const MOST: u16 = 200;

fn id_pattern<K: Kind>() -> String {
    format!("^{}_[0-9a-f]{{8}}-[0-9a-f]{{4}}-7[0-9a-f]{{3}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}$", K::PREFIX)
}

/// The form of an id.
pub(crate) fn id<K: Kind>(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": id_pattern::<K>(), "examples": [sample_id::<K>()]})
}

/// The form of an id that can be missing.
pub(crate) fn maybe_id<K: Kind>(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "null"], "pattern": id_pattern::<K>()})
}

/// The form of a list of ids.
pub(crate) fn ids<K: Kind>(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "array", "items": {"type": "string", "pattern": id_pattern::<K>()}})
}

/// The form of an instant.
pub(crate) fn instant(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "format": "date-time"})
}

/// The form of an instant that can be missing.
pub(crate) fn maybe_instant(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "null"], "format": "date-time"})
}

/// The form of a day.
pub(crate) fn day(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "format": "date"})
}

/// An id for examples.
pub(crate) fn sample_id<K: Kind>() -> Id<K> {
    Id::parse("01890a5d-ac96-774b-bcce-b302099a8057").expect("it is an id")
}

/// An instant for examples.
pub(crate) fn sample_at() -> At {
    At::parse("2026-11-23T17:00:00Z").expect("it is an instant")
}

/// A day for examples.
pub(crate) fn sample_day() -> Date {
    "2027-01-01".parse().expect("it is a day")
}

/// A request without anything to say.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Nothing")]
pub(crate) struct Nothing {}

impl Sample for Nothing {
    fn sample() -> Self {
        Self {}
    }
}

/// Which page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Paging")]
pub(crate) struct Paging {
    /// Entries on the page.
    #[serde(default = "usual")]
    #[schemars(range(min = 1, max = 200))]
    pub limit: u16,
    /// `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub after: Option<String>,
}

pub(crate) const fn usual() -> u16 {
    USUAL
}

impl Sample for Paging {
    fn sample() -> Self {
        Self { limit: USUAL, after: None }
    }
}

impl Paging {
    /// Entries to read: one more than the page has.
    pub fn most(&self) -> Result<u16, Error> {
        if (1..=MOST).contains(&self.limit) {
            return Ok(self.limit + 1);
        }
        Err(wrong_parameter("limit", format!("Write a number from 1 to {MOST}.")))
    }

    /// The keys behind which the page begins.
    pub fn keys<T: remit_web::paging::FromKeys>(&self, site: &Site, list: &str) -> Result<Option<T>, Error> {
        self.after.as_deref().map(|text| site.cursors.read(list, text)).transpose()
    }

    /// The page of what was read.
    pub fn page<T, O>(
        &self,
        (site, list, uri): (&Site, &str, &Uri),
        found: Vec<T>,
        keys: impl Fn(&T) -> Vec<Key>,
        show: impl Fn(T) -> O,
    ) -> Response
    where
        O: Serialize,
    {
        let (found, next) = page_of(found, self.limit, keys);
        let next = next.map(|keys| site.cursors.write(list, &keys));
        Page { items: found.into_iter().map(show).collect(), next }.answer(uri)
    }
}

/// A parameter behind `?` that cannot be used.
pub(crate) fn wrong_parameter(name: &str, message: impl Into<String>) -> Error {
    let mut fields = FieldErrors::default();
    fields.add(name, message);
    Error::Malformed { detail: format!("The parameter `{name}` cannot be used."), fields }
}

/// The parameters behind `?`. One that there is not is refused.
pub(crate) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Site> for Asked<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Error> {
        let read = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        read.map(|query| Self(query.0)).map_err(|rejection| {
            let text = rejection.body_text();
            let why = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            match why.split_once(": ") {
                Some((name, why)) if !name.contains(' ') => wrong_parameter(name, format!("{why}.")),
                _ => Error::malformed(format!("The parameters cannot be read: {why}.")),
            }
        })
    }
}

/// What a path names. What cannot be an id is not there.
pub(crate) struct Named<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Site> for Named<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Error> {
        Path::<T>::from_request_parts(parts, site).await.map(|path| Self(path.0)).map_err(|_| Error::NotFound)
    }
}

/// An answer with the version of what it says; 304 for who has it.
pub(crate) fn tagged(headers: &HeaderMap, body: &impl Serialize, etag: &Etag) -> Response {
    etag.unchanged(headers).unwrap_or_else(|| etag.on(Json(body)))
}

/// The same where what is said has no number: its tag is made of its bytes.
pub(crate) fn hashed(headers: &HeaderMap, body: &impl Serialize) -> Result<Response, Error> {
    let bytes = serde_json::to_vec(body).map_err(Error::internal)?;
    Ok(tagged(headers, body, &Etag::of(&bytes)))
}

/// 204.
pub(crate) fn done() -> Response {
    axum::http::StatusCode::NO_CONTENT.into_response()
}

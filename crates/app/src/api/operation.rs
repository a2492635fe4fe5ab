//! What one operation takes and answers: the one description that its route, its page and the document are made of.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

use super::gate::gate;
use crate::site::Site;

/// Before every path.
pub(crate) const ROOT: &str = "/api/v1";
/// Bytes of a body, unless an operation takes more.
pub(crate) const BODY: usize = 1024 * 1024;
const JSON: &[&str] = &["application/json"];

/// Something that goes over the wire, with an example that compiles.
pub(crate) trait Sample: Serialize + JsonSchema {
    /// A true one.
    fn sample() -> Self;
}

/// The form of something that goes over the wire.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// What it looks like.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// An example.
    pub sample: fn() -> Value,
}

/// What an operation answers when all is well.
pub(crate) struct Answers {
    /// The status.
    pub status: u16,
    /// In a few words.
    pub about: &'static str,
    /// The body; none where there is none, or where it is a file.
    pub shape: Option<Shape>,
    /// What the body can be, as media types; empty where there is none.
    pub media: &'static [&'static str],
    /// Whether it is one page of a list of that shape.
    pub paged: bool,
}

/// How often an operation may be sent with the same effect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeats {
    /// As often as one likes.
    Freely,
    /// Once, or with a key by which a repetition is known.
    WithKey,
}

/// Who may ask at all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Everybody, signed in or not.
    Anybody,
    /// Whoever is signed in, by a session or a key.
    Signed,
    /// People in a session, no key.
    Person,
}

/// An operation.
pub(crate) struct Operation {
    pub method: Method,
    /// Behind [`ROOT`].
    pub path: &'static str,
    /// Names it for programs.
    pub id: &'static str,
    /// The resource it belongs to.
    pub group: &'static str,
    pub summary: &'static str,
    /// More about it.
    pub about: &'static str,
    pub whom: For,
    pub query: Option<Shape>,
    pub body: Option<Shape>,
    /// Where the body is not JSON.
    pub body_media: &'static str,
    pub answers: Answers,
    /// Whether the answer has an `ETag`.
    pub tagged: bool,
    /// Whether `If-Match` must be sent.
    pub must_match: bool,
    pub repeats: Repeats,
    /// Bytes of the body.
    pub limit: usize,
    /// Whether what is stored can forbid it though it changes nothing.
    pub conflicts: bool,
    /// The forms of a file that can be had.
    pub forms: &'static [&'static str],
}

fn schema<T: Sample>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

fn sample<T: Sample>() -> Value {
    serde_json::to_value(T::sample()).expect("an example is written as JSON")
}

/// The form of a type.
pub(crate) const fn shape<T: Sample>() -> Shape {
    Shape { schema: schema::<T>, sample: sample::<T> }
}

impl Operation {
    fn new(
        method: Method,
        path: &'static str,
        id: &'static str,
        group: &'static str,
        summary: &'static str,
    ) -> Self {
        let answers = Answers { status: 204, about: "It is done.", shape: None, media: &[], paged: false };
        Self {
            repeats: if method == Method::POST { Repeats::WithKey } else { Repeats::Freely },
            method,
            path,
            id,
            group,
            summary,
            about: "",
            whom: For::Signed,
            query: None,
            body: None,
            body_media: "application/json",
            answers,
            tagged: false,
            must_match: false,
            limit: BODY,
            conflicts: false,
            forms: &[],
        }
    }

    /// Reads something.
    pub fn get(path: &'static str, id: &'static str, group: &'static str, summary: &'static str) -> Self {
        Self::new(Method::GET, path, id, group, summary)
    }

    /// Does something.
    pub fn post(path: &'static str, id: &'static str, group: &'static str, summary: &'static str) -> Self {
        Self::new(Method::POST, path, id, group, summary)
    }

    /// Replaces something.
    pub fn put(path: &'static str, id: &'static str, group: &'static str, summary: &'static str) -> Self {
        Self::new(Method::PUT, path, id, group, summary)
    }

    /// Changes part of something.
    pub fn patch(path: &'static str, id: &'static str, group: &'static str, summary: &'static str) -> Self {
        Self::new(Method::PATCH, path, id, group, summary)
    }

    /// Ends something.
    pub fn delete(path: &'static str, id: &'static str, group: &'static str, summary: &'static str) -> Self {
        Self::new(Method::DELETE, path, id, group, summary)
    }

    /// Says more about it.
    pub fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    /// Who may ask.
    pub fn only(self, whom: For) -> Self {
        Self { whom, ..self }
    }

    /// Takes parameters behind `?`.
    pub fn query<T: Sample>(self) -> Self {
        Self { query: Some(shape::<T>()), ..self }
    }

    /// Takes a body.
    pub fn body<T: Sample>(self) -> Self {
        Self { body: Some(shape::<T>()), ..self }
    }

    /// Takes a longer body.
    pub fn up_to(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Takes a file as its body.
    pub fn file(self) -> Self {
        Self { body_media: "application/octet-stream", ..self }
    }

    /// Answers 200 with something.
    pub fn ok<T: Sample>(self, about: &'static str) -> Self {
        Self {
            answers: Answers { status: 200, about, shape: Some(shape::<T>()), media: JSON, paged: false },
            ..self
        }
    }

    /// Answers 201 with what was made.
    pub fn made<T: Sample>(self, about: &'static str) -> Self {
        Self {
            answers: Answers { status: 201, about, shape: Some(shape::<T>()), media: JSON, paged: false },
            ..self
        }
    }

    /// Answers 200 with a page of a list.
    pub fn page<T: Sample>(self, about: &'static str) -> Self {
        Self {
            answers: Answers { status: 200, about, shape: Some(shape::<T>()), media: JSON, paged: true },
            ..self
        }
    }

    /// Answers 200 with a file in one of some forms.
    pub fn download(self, forms: &'static [&'static str], media: &'static [&'static str]) -> Self {
        let answers = Answers { status: 200, about: "The file.", shape: None, media, paged: false };
        Self { answers, forms, conflicts: true, ..self }
    }

    /// What is stored can forbid it.
    pub fn conflicts(self) -> Self {
        Self { conflicts: true, ..self }
    }

    /// What it answers has a version.
    pub fn tagged(self) -> Self {
        Self { tagged: true, ..self }
    }

    /// The version must be named that is changed.
    pub fn must_match(self) -> Self {
        Self { must_match: true, ..self }
    }

    /// Has no effect, however often it is sent.
    pub fn without_effect(self) -> Self {
        Self { repeats: Repeats::Freely, ..self }
    }

    /// The parameters of its path, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Its whole path.
    pub fn address(&self) -> String {
        format!("{ROOT}{}", self.path)
    }

    /// Whether it can change anything.
    pub fn writes(&self) -> bool {
        self.method != Method::GET && (self.repeats == Repeats::WithKey || self.method != Method::POST)
    }
}

/// Routes with their operations. There is no other way to a route, so none is without a description.
pub(crate) struct Routes {
    site: Site,
    pub router: Router<Site>,
    pub operations: Vec<Arc<Operation>>,
}

impl Routes {
    pub fn new(site: &Site) -> Self {
        Self { site: site.clone(), router: Router::new(), operations: Vec::new() }
    }

    /// Adds an operation and who does it.
    pub fn on<T: 'static>(mut self, operation: Operation, handler: impl Handler<T, Site>) -> Self {
        let filter = MethodFilter::try_from(operation.method.clone()).expect("it is a method with a route");
        let operation = Arc::new(operation);
        let guard = from_fn_with_state((self.site.clone(), Arc::clone(&operation)), gate);
        self.router = self.router.route(&operation.address(), on(filter, handler).route_layer(guard));
        self.operations.push(operation);
        self
    }
}

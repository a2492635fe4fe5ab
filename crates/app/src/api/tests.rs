//! The document is right, every operation answers every role as a table says, and what is answered is what the document says.

mod approval;
mod attachment;
mod bulk;
mod checklist;
mod document;
mod hostile;
mod repeat;
mod table;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use remit_core::Id;
use remit_web::{ErrorPages, Settings, Transport, stack};
use serde_json::Value;
use tower::ServiceExt;

use super::gate::Rates;
use crate::act::Caller;
use crate::people::Membership;
use crate::refused::Refused;
use crate::sign_in::{self, Begun, NewKey};
use crate::site::{Site, routes};
use crate::testing::TestApp;

/// A program that asks.
pub(super) struct Program {
    pub site: Site,
    router: Router,
}

/// What it was answered.
pub(super) struct Told {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Told {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// A request: method, path behind the root, headers, body.
pub(super) type Sent<'s> = (Method, &'s str, &'s [(&'s str, &'s str)], Option<&'s Value>);

impl Program {
    pub fn new(test: &TestApp) -> Self {
        Self::at(test, Rates { each_minute: 1_000_000.try_into().unwrap(), ..Rates::default() })
    }

    pub fn at(test: &TestApp, rates: Rates) -> Self {
        let site = Site::new(test.app.clone(), Transport::Loopback).at_rates(rates);
        let errors = ErrorPages { product: "Remit", api: "/api/", sign_in: Some("/sign-in") };
        let mut settings = Settings::new(Transport::Loopback, errors, Arc::new(|| uuid::Uuid::from_u128(1)));
        settings.uploads = Some(crate::site::UPLOADS);
        Self { router: stack(routes(site.clone()), settings).unwrap(), site }
    }

    pub async fn send(&self, (method, path, headers, body): Sent<'_>) -> Told {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Told { status: parts.status, headers: parts.headers, bytes }
    }

    pub async fn get(&self, path: &str, signed: (&str, &str)) -> Told {
        self.send((Method::GET, path, &[signed], None)).await
    }
}

/// The session of somebody: what stands in the cookie.
pub(super) async fn session(test: &TestApp, operator: &Caller, of: Id<Membership>) -> String {
    let link = test.app.write(operator, move |tx, act| sign_in::make_link(tx, act, of)).await.unwrap();
    let Begun::Session(secret) = sign_in::use_link(&test.app, &link, "a test").await.unwrap() else {
        panic!("there is no second factor")
    };
    format!("remit={}", secret.reveal())
}

/// A key of somebody: what stands in `Authorization`.
pub(super) async fn key(test: &TestApp, operator: &Caller, of: Id<Membership>, reads_only: bool) -> String {
    let link = test.app.write(operator, move |tx, act| sign_in::make_link(tx, act, of)).await.unwrap();
    let Begun::Session(secret) = sign_in::use_link(&test.app, &link, "a test").await.unwrap() else {
        panic!("there is no second factor")
    };
    let (caller, _) = sign_in::resume(&test.app, &secret).await.unwrap().unwrap();
    let new = NewKey { name: "test".to_owned(), reads_only, clients: Vec::new(), days: 30 };
    let key: Result<String, Refused> = sign_in::create_key(&test.app, &caller, &new, "").await;
    format!("Bearer {}", key.unwrap())
}

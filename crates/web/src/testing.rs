//! What the tests of this crate share.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use http_body_util::BodyExt;
use tower::ServiceExt;
use uuid::Uuid;

use crate::RequestIds;

/// Numbers of requests that count from 1.
pub fn counting() -> RequestIds {
    let next = AtomicU64::new(1);
    std::sync::Arc::new(move || Uuid::from_u128(u128::from(next.fetch_add(1, Ordering::Relaxed))))
}

/// A request without a body.
pub fn get(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    send("GET", path, headers, "")
}

/// Any request.
pub fn send(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::from(body.to_owned())).unwrap()
}

/// What the router answers.
pub async fn ask(router: &Router, request: Request<Body>) -> Response {
    router.clone().oneshot(request).await.unwrap()
}

/// The body as text.
pub async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A header as text; empty if there is none.
pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

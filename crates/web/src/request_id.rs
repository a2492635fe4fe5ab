//! The number of a request, for its log lines and for whoever reports a failure.

use std::fmt;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

/// The number of the request that is being answered; an extension of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where numbers come from. In production they are UUIDs of version 7; in tests they count.
pub type RequestIds = Arc<dyn Fn() -> Uuid + Send + Sync>;

/// Middleware. Numbers the request and says the number as `X-Request-Id`. A number that the caller sends is not taken: it
/// would let strangers write into the log.
pub async fn number(State(ids): State<RequestIds>, mut request: Request, next: Next) -> Response {
    let id = RequestId(ids());
    request.extensions_mut().insert(id);
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

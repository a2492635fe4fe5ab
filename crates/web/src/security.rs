//! What stands between the network and the routes, for every response: one function, [`stack`].

#[cfg(test)]
mod tests;

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::{ConfigError, CsrfLayer};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::error::pages::{ErrorPages, dress};
use crate::request_id::{RequestIds, number};
use crate::{Error, Transport, observe};

/// What pages may load and do: their own style, script and pictures, and nothing inline.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Headers of every response, unless the route has said otherwise.
const HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cache-control", "private, no-cache"),
];

/// Two years, as browsers' preload lists ask for at least one.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// How a site is protected.
#[derive(Clone)]
pub struct Settings {
    /// How browsers reach the site.
    pub transport: Transport,
    /// How failures are shown.
    pub errors: ErrorPages,
    /// Where the numbers of requests come from.
    pub request_ids: RequestIds,
    /// Origins that may send forms besides the site itself, say `https://desk.example.com` behind a proxy that changes `Host`.
    pub origins: Vec<String>,
    /// Bytes of a request's body; a route can take fewer.
    pub body_limit: usize,
    /// How long an answer may take to begin; streams may go on for longer.
    pub timeout: Duration,
}

impl Settings {
    /// 2 MiB, 30 seconds, no foreign origins.
    pub fn new(transport: Transport, errors: ErrorPages, request_ids: RequestIds) -> Self {
        Self {
            transport,
            errors,
            request_ids,
            origins: Vec::new(),
            body_limit: 2 * 1024 * 1024,
            timeout: Duration::from_secs(30),
        }
    }
}

/// Puts every protection around the routes that are there. A response passes them from the bottom of the list to the top:
/// number of the request, record of it, headers, compression, error pages, panics, timeout, forged forms, size of the body.
///
/// Fails if one of `origins` is no origin.
pub fn stack(routes: Router, settings: Settings) -> Result<Router, ConfigError> {
    let csrf = settings.origins.iter().try_fold(CsrfLayer::new(), CsrfLayer::add_trusted_origin)?;
    // The first layer added is the innermost.
    Ok(routes
        .layer(DefaultBodyLimit::max(settings.body_limit))
        .layer(RequestBodyLimitLayer::new(settings.body_limit))
        .layer(csrf)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, settings.timeout))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(settings.errors, dress))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(settings.transport, protect))
        .layer(from_fn(observe::record))
        .layer(from_fn_with_state(settings.request_ids, number)))
}

/// Middleware. Adds the headers that the route has not set itself.
async fn protect(State(transport): State<Transport>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if transport == Transport::Https {
        headers.insert("strict-transport-security", HeaderValue::from_static(HSTS));
    }
    response
}

/// A handler that panicked is a fault of ours like any other.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the payload over")]
fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text");
    Error::internal(format!("panic: {text}")).into_response()
}

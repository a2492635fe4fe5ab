//! What stands between the network and the routes, for every response: one function, [`stack`].

#[cfg(test)]
mod tests;

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::csrf::{ConfigError, CsrfLayer};

use crate::error::pages::{ErrorPages, dress};
use crate::request_id::{RequestIds, number};
use crate::{Error, Transport, observe};

/// What pages may load and do: their own style, script and pictures, and nothing inline.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

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
    /// What is longer, and takes longer to come, at addresses to which files are sent.
    pub uploads: Option<Uploads>,
}

/// What holds where files are sent.
#[derive(Debug, Clone, Copy)]
pub struct Uploads {
    /// Whether files are sent to a path.
    pub at: fn(&str) -> bool,
    /// Bytes of a request's body there.
    pub body_limit: usize,
    /// How long an answer may take to begin there, the time that the files take to come included.
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
            uploads: None,
        }
    }
}

/// The two limits, for whatever comes.
#[derive(Clone, Copy)]
struct Bounds {
    usual: (usize, Duration),
    uploads: Option<Uploads>,
}

impl Bounds {
    fn of(self, request: &Request) -> (usize, Duration) {
        match self.uploads.filter(|uploads| (uploads.at)(request.uri().path())) {
            Some(uploads) => (uploads.body_limit, uploads.timeout),
            None => self.usual,
        }
    }
}

/// Puts every protection around the routes that are there. A response passes them from the bottom of the list to the top:
/// number of the request, record of it, headers, compression, error pages, panics, timeout, forged forms, size of the body.
///
/// Fails if one of `origins` is no origin.
pub fn stack(routes: Router, settings: Settings) -> Result<Router, ConfigError> {
    let csrf = settings.origins.iter().try_fold(CsrfLayer::new(), CsrfLayer::add_trusted_origin)?;
    let bounds = Bounds { usual: (settings.body_limit, settings.timeout), uploads: settings.uploads };
    // The first layer added is the innermost.
    Ok(routes
        .layer(DefaultBodyLimit::max(settings.body_limit))
        .layer(from_fn_with_state(bounds, bounded))
        .layer(csrf)
        .layer(from_fn_with_state(bounds, in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(settings.errors, dress))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(all_at_once)))
        .layer(from_fn_with_state(settings.transport, protect))
        .layer(from_fn(observe::record))
        .layer(from_fn_with_state(settings.request_ids, number)))
}

/// Middleware. Refuses a body that says that it is too long, and ends one that becomes so.
async fn bounded(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    let (limit, _) = bounds.of(&request);
    let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > limit) {
        return Error::TooLarge(limit).into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

/// Middleware. Gives up an answer that does not begin in time.
async fn in_time(State(bounds): State<Bounds>, request: Request, next: Next) -> Response {
    let (_, timeout) = bounds.of(&request);
    let answer = tokio::time::timeout(timeout, next.run(request)).await;
    answer.unwrap_or_else(|_| StatusCode::GATEWAY_TIMEOUT.into_response())
}

/// Whether an answer goes out as one whole. What is also given in parts has the same tag in each, so the bytes must be the same too.
fn all_at_once(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(ACCEPT_RANGES)
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

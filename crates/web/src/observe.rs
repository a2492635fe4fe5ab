//! A record of every request: one line in the log, one entry in the figures, one span for whoever follows spans.
//!
//! All of them name the route (`/sites/{id}`) and never the path: paths hold ids, tokens and search words.

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::Instrument;
use tracing::field::Empty;

use crate::request_id::RequestId;

/// The name of the histogram of seconds until an answer begins, by method, route and status.
pub const SECONDS: &str = "http_request_seconds";

/// Upper ends of its classes.
const CLASSES: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// Middleware. Records method, route, status and time; everything logged meanwhile carries the number of the request.
pub async fn record(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)".to_owned(), |path| path.as_str().to_owned());
    // Methods can be any word; only the usual ones become labels.
    let method = match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "other",
    };
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let span = tracing::info_span!("request", %id, method, %route, status = Empty);
    let started = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let (status, seconds) = (response.status().as_u16(), started.elapsed().as_secs_f64());
    span.in_scope(|| tracing::info!(status, milliseconds = seconds * 1e3, "answered"));
    // After the line, which has it already.
    span.record("status", i64::from(status));
    let status = status.to_string();
    metrics::histogram!(SECONDS, "method" => method, "route" => route, "status" => status).record(seconds);
    response
}

/// Starts to collect figures in this process. Once; a second time is an error.
pub fn collect() -> Result<PrometheusHandle, BuildError> {
    let builder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &CLASSES)?;
    builder.install_recorder()
}

/// `/metrics` in the text form of Prometheus. It tells strangers what is done here: serve it on an address of its own, or
/// behind a check.
pub fn metrics(handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(figures)).with_state(handle)
}

async fn figures(State(handle): State<PrometheusHandle>) -> Response {
    handle.run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ask, get as get_request, text};
    use axum::middleware::from_fn;

    #[tokio::test]
    async fn figures_name_the_route_and_not_the_path() {
        let handle = collect().unwrap();
        let router: Router = Router::new().route("/keys/{key}", get(async || "ok")).layer(from_fn(record));
        ask(&router, get_request("/keys/s3cret", &[])).await;
        ask(&router, get_request("/absent-s3cret", &[])).await;
        let figures = text(ask(&metrics(handle), get_request("/metrics", &[])).await).await;
        assert!(
            figures
                .contains(r#"http_request_seconds_count{method="GET",route="/keys/{key}",status="200"} 1"#)
        );
        assert!(figures.contains(r#"route="(none)",status="404""#));
        assert!(!figures.contains("s3cret"));
    }
}

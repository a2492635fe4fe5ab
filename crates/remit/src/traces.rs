//! Spans for an OpenTelemetry collector: one for each request, each unit of work in the database that it asks for, and each job.
//!
//! The spans are those that the crates make anyway, for `tracing`. Here they get the names that collectors know, and lose whatever is
//! not on a list: routes and kinds go out, never paths, ids, or words that people typed. What is logged stays here.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::extract::{ConnectInfo, Request as Asked, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response as Answer;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{FutureExt, SpanKind, Status, TracerProvider};
use opentelemetry::{KeyValue, Value};
use opentelemetry_http::{Bytes, HeaderExtractor, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter as Otlp, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanExporter};
use remit_app::outside;
use remit_app::site::Proxies;
use reqwest::Client;
use tokio::runtime::Handle;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterFn, LevelFilter};
use tracing_subscriber::registry::LookupSpan;

use crate::config::Telemetry;
use crate::failure::Failure;

/// For one answer of the collector.
const PATIENCE: Duration = Duration::from_secs(10);
/// For what is left when the server ends.
const LAST: Duration = Duration::from_secs(5);
/// Bytes of an answer of the collector; it has little to say.
const LONGEST: usize = 64 * 1024;

/// Spans on their way to a collector. What is left is sent when this is dropped, which must be outside of the runtime and before its end.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST) {
            tracing::warn!(%error, "the last spans may not have been sent");
        }
    }
}

/// Begins to send spans, from the runtime, and gives the layer that takes them. The collector need not be there.
pub fn begin<S>(told: &Telemetry, runtime: &Handle) -> Result<(impl Layer<S> + use<S>, Traces), Failure>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
{
    let sender = Sender { client: client()?, runtime: runtime.clone() };
    let exporter = Otlp::builder()
        .with_http()
        .with_http_client(sender)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(told.traces.as_str())
        .with_timeout(PATIENCE)
        .build()
        .map_err(|e| cannot(&e))?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(Known { exporter, failing: AtomicBool::new(false) })
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(told.share))))
        .with_resource(Resource::builder().with_service_name(told.service.clone()).build())
        .build();
    let spans = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("remit"))
        .with_location(false)
        .with_threads(false)
        .with_context_activation(false);
    let ours = FilterFn::new(is_ours).with_max_level_hint(LevelFilter::DEBUG);
    Ok((spans.with_filter(ours), Traces(provider)))
}

/// The same routes; where a proxy in front has begun a trace, requests go on with it. Others could make us keep what they like.
pub fn taken_up(routes: Router, proxies: Proxies) -> Router {
    routes.layer(from_fn_with_state(proxies, take_up))
}

async fn take_up(State(proxies): State<Proxies>, request: Asked, next: Next) -> Answer {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if !peer.is_some_and(|peer| proxies.trust(peer)) {
        return next.run(request).await;
    }
    let begun = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
    next.run(request).with_context(begun).await
}

/// Spans alone, for what is logged can hold anything; and those that [`known`] knows.
fn is_ours(about: &Metadata<'_>) -> bool {
    let ours = about.target().starts_with("remit_") && *about.level() <= Level::DEBUG;
    about.is_span() && ours && Spans::of(about.name()).is_some()
}

/// What spans are about.
#[derive(Debug, Clone, Copy)]
enum Spans {
    Request,
    Unit,
    Job,
}

impl Spans {
    /// By the name of a span.
    fn of(name: &str) -> Option<Self> {
        match name {
            "request" => Some(Self::Request),
            "unit" => Some(Self::Unit),
            "job" => Some(Self::Job),
            _ => None,
        }
    }

    /// What a field of such a span is called outside; none for what stays here.
    fn outside(self, field: &str) -> Option<&'static str> {
        Some(match (self, field) {
            (Self::Request, "method") => "http.request.method",
            (Self::Request, "route") => "http.route",
            (Self::Request, "status") => "http.response.status_code",
            (Self::Unit, "engine") => "db.system.name",
            (Self::Unit, "access") => "db.operation.name",
            (Self::Unit, "busy_ns") => "busy_ns",
            (Self::Unit, "idle_ns") => "idle_ns",
            (Self::Job, "kind") => "job.kind",
            (Self::Job, "queue") => "job.queue",
            (Self::Job, "attempt") => "job.attempt",
            _ => return None,
        })
    }
}

/// Hands on spans as collectors know them, and says when that fails and when it works again.
#[derive(Debug)]
struct Known<E> {
    exporter: E,
    failing: AtomicBool,
}

impl<E: SpanExporter> SpanExporter for Known<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let done = self.exporter.export(batch.into_iter().filter_map(known).collect()).await;
        match (&done, self.failing.swap(done.is_err(), Ordering::Relaxed)) {
            (Err(error), false) => {
                tracing::warn!(%error, "spans cannot be sent to the collector; they are lost");
            }
            (Ok(()), true) => tracing::info!("spans reach the collector again"),
            _ => {}
        }
        done
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// A span in the words of the semantic conventions (1.37), without what is not on the list.
fn known(mut span: SpanData) -> Option<SpanData> {
    let about = Spans::of(&span.name)?;
    let field = |name: &str| span.attributes.iter().find(|a| a.key.as_str() == name).map(|a| a.value.clone());
    let text = |name: &str| field(name).map(|value| value.as_str().into_owned()).unwrap_or_default();
    let (name, kind) = match about {
        Spans::Request => (format!("{} {}", text("method"), text("route")), SpanKind::Server),
        Spans::Unit => (format!("{} {}", text("access"), text("engine")), SpanKind::Client),
        Spans::Job => (format!("job {}", text("kind")), SpanKind::Consumer),
    };
    let failed = match about {
        Spans::Request => matches!(field("status"), Some(Value::I64(500..))),
        Spans::Unit | Spans::Job => field("failed") == Some(Value::Bool(true)),
    };
    span.status = if failed { Status::error("") } else { Status::Unset };
    (span.name, span.span_kind) = (Cow::Owned(name), kind);
    let told = std::mem::take(&mut span.attributes);
    let named = |a: KeyValue| Some(KeyValue::new(about.outside(a.key.as_str())?, a.value));
    span.attributes = told.into_iter().filter_map(named).collect();
    Some(span)
}

/// Sends requests from the runtime of the server, for the thread that collects spans has none.
#[derive(Debug)]
struct Sender {
    client: Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        self.runtime.spawn(send(self.client.clone(), request)).await?
    }
}

async fn send(client: Client, request: reqwest::Request) -> Result<Response<Bytes>, HttpError> {
    let mut answer = client.execute(request).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if bytes.len() + chunk.len() > LONGEST {
            return Err(format!("the answer is longer than {LONGEST} bytes").into());
        }
        bytes.extend_from_slice(&chunk);
    }
    let mut response = Response::new(Bytes::from(bytes));
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(response)
}

fn client() -> Result<Client, Failure> {
    let client = outside::client(PATIENCE).and_then(|client| client.build().map_err(|e| e.to_string()));
    client.map_err(|why| cannot(&why))
}

fn cannot(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("spans cannot be sent: {error}"))
}

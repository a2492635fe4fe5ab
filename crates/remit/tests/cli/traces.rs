//! Spans as a collector gets them, from a server that is asked for pages and has a job to do.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest as Sent, ExportTraceServiceResponse as Thanks,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use prost::Message;

use crate::installing::init;
use crate::run::folder;
use crate::serving::start;

/// A trace that somebody in front has begun, with its span, and chosen to keep.
const BEGUN: &str = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
const TRACE: &[u8] = &0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes();
const PARENT: &[u8] = &0xb7ad_6b71_6920_3331_u64.to_be_bytes();

/// Takes what is sent, in a thread of its own.
struct Collector {
    address: String,
    sent: Receiver<Sent>,
}

impl Collector {
    fn open() -> Self {
        let (tell, sent) = channel();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        listener.set_nonblocking(true).expect("it can be waited for");
        let address = format!("http://{}/v1/traces", listener.local_addr().expect("it has one"));
        let take = async move |body: Bytes| {
            let sent = Sent::decode(body).expect("it is what collectors read");
            // The test may be over.
            let _ = tell.send(sent);
            ([(CONTENT_TYPE, "application/x-protobuf")], Thanks::default().encode_to_vec())
        };
        let routes = Router::new().route("/v1/traces", post(take));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("there are threads").block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).expect("it listens");
                axum::serve(listener, routes).await.expect("it goes on until the test is over");
            });
        });
        Self { address, sent }
    }

    /// Spans up to the first that is wanted.
    fn until(&self, wanted: impl Fn(&Span) -> bool) -> Vec<Sent> {
        let mut all = Vec::new();
        while !all.iter().flat_map(spans).any(&wanted) {
            all.push(self.sent.recv_timeout(Duration::from_mins(1)).expect("it is sent"));
        }
        all
    }
}

fn spans(sent: &Sent) -> impl Iterator<Item = &Span> {
    sent.resource_spans.iter().flat_map(|of| &of.scope_spans).flat_map(|scope| &scope.spans)
}

fn value<'s>(attributes: &'s [KeyValue], key: &str) -> Option<&'s Value> {
    attributes.iter().find(|a| a.key == key)?.value.as_ref()?.value.as_ref()
}

fn keys(span: &Span) -> BTreeSet<&str> {
    span.attributes.iter().map(|a| a.key.as_str()).collect()
}

fn failed(span: &Span) -> bool {
    span.status.as_ref().is_some_and(|status| status.code() == StatusCode::Error)
}

/// Asks for something plainly.
fn ask(address: &str, head: &str, body: &str) -> String {
    let mut socket = std::net::TcpStream::connect(address).expect("it listens");
    let length = body.len();
    write!(
        socket,
        "{head}Host: {address}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .expect("it listens");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("it answers in text");
    answer
}

#[test]
fn otlp_a_collector_gets_requests_with_their_units_of_work_and_jobs_and_nothing_that_people_typed() {
    let work = folder(&[]);
    let data = work.path().join("remit").display().to_string();
    let made: serde_json::Value = serde_json::from_str(&init(&data, &[]).out).unwrap();
    let link = made["link"].as_str().unwrap().strip_prefix("http://127.0.0.1:8480").unwrap().to_owned();
    let collector = Collector::open();
    let variables = [
        ("REMIT_SERVER_LISTEN", "127.0.0.1:0"),
        ("REMIT_SERVER_PROXIES", "127.0.0.1"),
        ("REMIT_TELEMETRY_TRACES", collector.address.as_str()),
        ("REMIT_TELEMETRY_SERVICE", "desk"),
        ("REMIT_TELEMETRY_SHARE", "1"),
        // Nobody listens there: the job that sends mail fails.
        ("REMIT_MAIL_SERVER", "127.0.0.1:1"),
        ("REMIT_MAIL_ENCRYPTION", "none"),
        ("REMIT_MAIL_FROM", "Remit <remit@example.com>"),
        ("OTEL_BSP_SCHEDULE_DELAY", "20"),
    ];
    let (mut served, ready) = start(&["serve", "--data", &data], &variables);
    let address = ready["listen"].as_str().unwrap().to_owned();
    let shown = ask(&address, &format!("GET {link}?word=hunter2 HTTP/1.1\r\n"), "");
    assert!(shown.contains("signs you in once"), "{shown}");
    let ask_for_mail = format!("POST /sign-in/ask HTTP/1.1\r\n{BEGUN}");
    let asked = ask(&address, &ask_for_mail, "address=mara%40example.com");
    assert!(asked.starts_with("HTTP/1.1 200"), "{asked}");
    let mut sent = collector.until(|span| span.name.starts_with("job ") && failed(span));
    let log = served.stop();
    sent.extend(collector.sent.try_iter());
    assert!(!log.contains("spans cannot be sent"), "{log}");

    let of = sent[0].resource_spans[0].resource.as_ref().unwrap();
    assert_eq!(value(&of.attributes, "service.name"), Some(&Value::StringValue("desk".to_owned())));
    let all: Vec<&Span> = sent.iter().flat_map(spans).collect();
    let requests: Vec<&&Span> = all.iter().filter(|span| span.kind() == SpanKind::Server).collect();
    let names: Vec<&str> = requests.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["GET /sign-in/link/{secret}", "POST /sign-in/ask"]);
    let expected = BTreeSet::from(["http.request.method", "http.response.status_code", "http.route"]);
    assert!(requests.iter().all(|span| keys(span) == expected && !failed(span)), "{requests:?}");
    assert_eq!(value(&requests[0].attributes, "http.response.status_code"), Some(&Value::IntValue(200)));

    assert!(requests[0].trace_id != TRACE && requests[0].parent_span_id.is_empty(), "it begins here");
    assert_eq!((requests[1].trace_id.as_slice(), requests[1].parent_span_id.as_slice()), (TRACE, PARENT));
    let units = |of: &Span| all.iter().filter(|span| span.parent_span_id == of.span_id).count();
    assert_eq!(units(requests[0]), 0, "a link is looked at when it is used");
    assert!(units(requests[1]) > 0, "what is to be sent is written down");
    let unit = all.iter().find(|span| span.parent_span_id == requests[1].span_id).unwrap();
    assert_eq!((unit.name.as_str(), unit.trace_id.as_slice()), ("write sqlite", TRACE));
    let expected = BTreeSet::from(["busy_ns", "db.operation.name", "db.system.name", "idle_ns"]);
    assert_eq!(keys(unit), expected);
    let job = all.iter().find(|span| span.name.starts_with("job ")).unwrap();
    assert_eq!(keys(job), BTreeSet::from(["job.attempt", "job.kind", "job.queue"]));
    assert!(job.parent_span_id.is_empty() && units(job) > 0, "what it does in the database belongs to it");
    assert!(all.iter().all(|span| span.events.is_empty()), "what is logged stays here");
    let everything = format!("{sent:?}");
    for typed in ["hunter2", "mara", "Mara", &link[14..]] {
        assert!(!everything.contains(typed), "{typed}");
    }
}

#[test]
fn otlp_a_stranger_cannot_choose_what_is_kept() {
    let work = folder(&[]);
    let data = work.path().join("remit").display().to_string();
    assert_eq!(init(&data, &[]).code, 0);
    let collector = Collector::open();
    // Nothing that begins here is kept: what comes was taken up from somebody.
    let variables = [
        ("REMIT_SERVER_LISTEN", "127.0.0.1:0"),
        ("REMIT_TELEMETRY_TRACES", collector.address.as_str()),
        ("REMIT_TELEMETRY_SHARE", "0"),
    ];
    let (mut served, ready) = start(&["serve", "--data", &data], &variables);
    ask(ready["listen"].as_str().unwrap(), &format!("GET /sign-in HTTP/1.1\r\n{BEGUN}"), "");
    served.stop();
    assert_eq!(collector.sent.try_iter().count(), 0);

    // The same from a proxy is.
    let variables = [variables[0], variables[1], variables[2], ("REMIT_SERVER_PROXIES", "127.0.0.1")];
    let (mut served, ready) = start(&["serve", "--data", &data], &variables);
    ask(ready["listen"].as_str().unwrap(), &format!("GET /sign-in HTTP/1.1\r\n{BEGUN}"), "");
    served.stop();
    let sent: Vec<Sent> = collector.sent.try_iter().collect();
    let kept: Vec<&Span> = sent.iter().flat_map(spans).collect();
    assert!(!kept.is_empty() && kept.iter().all(|span| span.trace_id == TRACE), "{kept:?}");
}

#[test]
fn otlp_a_collector_that_is_not_there_costs_one_line_of_the_log() {
    let work = folder(&[]);
    let data = work.path().join("remit").display().to_string();
    assert_eq!(init(&data, &[]).code, 0);
    let variables = [
        ("REMIT_SERVER_LISTEN", "127.0.0.1:0"),
        ("REMIT_TELEMETRY_TRACES", "http://127.0.0.1:1/v1/traces"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1"),
    ];
    let (mut served, ready) = start(&["serve", "--data", &data], &variables);
    for _ in 0..5 {
        let answer = ask(ready["listen"].as_str().unwrap(), "GET /sign-in HTTP/1.1\r\n", "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let log = served.stop();
    assert_eq!(log.matches("spans cannot be sent to the collector").count(), 1, "{log}");
}

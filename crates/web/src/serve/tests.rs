use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::*;
use crate::testing::{ask, get as request, text};

#[tokio::test]
async fn ready_is_only_who_can_answer_and_goes_on() {
    let stop = Stop::new();
    let ready = health(async || Ok(()), stop.stopping());
    let broken = health(async || Err("the database sleeps".to_owned()), stop.stopping());
    assert_eq!(ask(&ready, request("/readyz", &[])).await.status(), 200);
    let response = ask(&broken, request("/readyz", &[])).await;
    assert_eq!(response.status(), 503);
    assert_eq!(text(response).await, "not ready\n");
    assert_eq!(ask(&broken, request("/healthz", &[])).await.status(), 200);
    stop.begin();
    assert_eq!(ask(&ready, request("/readyz", &[])).await.status(), 503);
    assert_eq!(ask(&ready, request("/healthz", &[])).await.status(), 200);
}

/// A server with one slow route; says when a request has come in, and goes on when it is let.
struct Slow {
    stop: Stop,
    come: Arc<Notify>,
    go: Arc<Notify>,
    ended: tokio::task::JoinHandle<io::Result<Ended>>,
    client: TcpStream,
}

async fn slow(deadline: Duration) -> Slow {
    let (stop, come, go) = (Stop::new(), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (here, on) = (come.clone(), go.clone());
    let routes = Router::new().route(
        "/",
        get(async move || {
            here.notify_one();
            on.notified().await;
            "done"
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let ended = tokio::spawn(serve(listener, routes, stop.stopping(), deadline));
    client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    come.notified().await;
    Slow { stop, come, go, ended, client }
}

#[tokio::test]
async fn who_is_being_answered_when_the_server_stops_gets_the_answer() {
    let mut slow = slow(Duration::from_hours(1)).await;
    slow.stop.begin();
    slow.go.notify_one();
    let mut answer = String::new();
    slow.client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("done"), "{answer}");
    assert_eq!(slow.ended.await.unwrap().unwrap(), Ended::Drained);
    drop(slow.come);
}

#[tokio::test]
async fn at_the_deadline_the_server_ends_all_the_same() {
    let slow = slow(Duration::ZERO).await;
    slow.stop.begin();
    assert_eq!(slow.ended.await.unwrap().unwrap(), Ended::CutOff);
}

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
    let ended = tokio::spawn(serve(listener, routes, stop.stopping(), Patience::new(deadline)));
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

/// A client that never ends the head of its request, and sends more of it for as long as it is listened to.
async fn dribble(at: std::net::SocketAddr, bytes: &'static [u8]) -> io::Result<()> {
    let mut socket = TcpStream::connect(at).await?;
    let (mut read, mut write) = socket.split();
    let send = async {
        for byte in bytes.iter().chain(std::iter::repeat(&b'x')) {
            write.write_all(&[*byte]).await?;
            // Slower than the server can read, faster than its patience.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    };
    let mut said = Vec::new();
    tokio::select! {
        failed = send => failed,
        _ = read.read_to_end(&mut said) => Ok(()),
    }
}

#[tokio::test]
async fn whoever_does_not_come_to_the_point_is_cut_off_and_others_get_the_place() {
    let stop = Stop::new();
    let routes = Router::new().route("/", get(async || "here"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let patience =
        Patience { head: Duration::from_millis(150), connections: 4, stop: Duration::from_hours(1) };
    let ended = tokio::spawn(serve(listener, routes, stop.stopping(), patience));
    // They take all the places there are: one says nothing, the others never end what they begin, in either version of HTTP.
    let mut silent = TcpStream::connect(at).await.unwrap();
    let slow = [&b"GET / HTTP/1.1\r\nhost: a\r\nx-long: "[..], b"PRI * HTTP/2.0\r\n", b"P"]
        .map(|bytes| tokio::spawn(dribble(at, bytes)));
    // Whoever comes after them is answered all the same, and so it goes on: twice what fits.
    for _ in 0..8 {
        let mut client = TcpStream::connect(at).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("here"), "{answer}");
    }
    for slow in slow {
        // Closed in order or reset: cut off.
        let _ = slow.await.unwrap();
    }
    let mut said = Vec::new();
    let _ = silent.read_to_end(&mut said).await;
    assert_eq!(said, b"");
    stop.begin();
    assert_eq!(ended.await.unwrap().unwrap(), Ended::Drained);
}

#[tokio::test]
async fn an_answer_may_take_longer_than_a_head() {
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
    let at = listener.local_addr().unwrap();
    let patience =
        Patience { head: Duration::from_millis(150), connections: 4, stop: Duration::from_hours(1) };
    let ended = tokio::spawn(serve(listener, routes, stop.stopping(), patience));
    let mut client = TcpStream::connect(at).await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    come.notified().await;
    // When somebody who came later has been cut off, the time for a head is over.
    let _ = dribble(at, b"GET /").await;
    go.notify_one();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("done"), "{answer}");
    stop.begin();
    assert_eq!(ended.await.unwrap().unwrap(), Ended::Drained);
}

#[cfg(unix)]
#[tokio::test]
async fn a_signal_that_comes_before_anybody_waits_for_it_is_not_lost() {
    let stop = Stop::new();
    let told = stop.at_signal().unwrap();
    let id = std::process::id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(!stop.stopping().has_begun());
    told.await;
    assert!(stop.stopping().has_begun());
}

use std::future::ready;

use axum::Router;
use axum::routing::get;
use http_body_util::BodyExt;
use tokio::sync::broadcast::Sender;

use super::*;
use crate::serve::Stop;
use crate::testing::{ask, get as request, text};

fn site(topics: &Sender<String>, stop: &Stop) -> Router {
    let (topics, stopping) = (topics.clone(), stop.stopping());
    let route = async move |same: SameOrigin| {
        events(same, topics.subscribe(), |topic: &str| topic.starts_with("mine/"), || ready(true), stopping)
    };
    Router::new().route("/live", get(route))
}

const OWN: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];

#[tokio::test]
async fn a_listener_hears_of_its_topics_until_the_server_stops() {
    let (topics, stop) = (Sender::new(8), Stop::new());
    let response = ask(&site(&topics, &stop), request("/live", OWN)).await;
    assert_eq!(crate::testing::header(&response, "content-type"), "text/event-stream");
    for topic in ["mine/1", "other/2", "mine/br\neak", "mine/3"] {
        topics.send(topic.to_owned()).unwrap();
    }
    drop(topics);
    let heard = text(response).await;
    assert_eq!(
        heard,
        "retry: 3000\n: listening\n\nevent: topic\ndata: mine/1\n\nevent: topic\ndata: mine/3\n\n"
    );
}

#[tokio::test]
async fn who_is_too_slow_is_told_to_look_again() {
    let (topics, stop) = (Sender::new(2), Stop::new());
    let response = ask(&site(&topics, &stop), request("/live", OWN)).await;
    for n in 0..10 {
        topics.send(format!("mine/{n}")).unwrap();
    }
    drop(topics);
    let heard = text(response).await;
    assert!(heard.contains("event: resync\ndata: all\n\nevent: topic\ndata: mine/8\n"), "{heard}");
}

#[tokio::test]
async fn a_stream_ends_when_the_server_stops() {
    let (topics, stop) = (Sender::<String>::new(2), Stop::new());
    let response = ask(&site(&topics, &stop), request("/live", OWN)).await;
    stop.begin();
    assert!(text(response).await.starts_with("retry:"));
}

#[tokio::test]
async fn pages_of_other_sites_and_unknown_callers_are_refused() {
    let (topics, stop) = (Sender::new(2), Stop::new());
    let site = site(&topics, &stop);
    let status =
        async |headers: &[(&str, &str)]| ask(&site, request("/live", headers)).await.status().as_u16();
    let host = ("host", "remit.example.com");
    assert_eq!(status(&[host, ("origin", "https://remit.example.com")]).await, 200);
    for wrong in [
        vec![host],
        vec![host, ("origin", "null")],
        vec![host, ("origin", "https://evil.example.com")],
        vec![host, ("origin", "https://remit.example.com.evil.example")],
        vec![host, ("sec-fetch-site", "cross-site")],
        vec![host, ("sec-fetch-site", "same-site"), ("origin", "https://remit.example.com")],
        vec![host, ("sec-fetch-site", "none")],
    ] {
        assert_eq!(status(&wrong).await, 403, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_right_that_is_gone_is_gone_for_a_stream_that_is_open() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    let (topics, stop, right) = (Sender::<String>::new(8), Stop::new(), Arc::new(AtomicBool::new(true)));
    let (heard, stopping, held) = (topics.clone(), stop.stopping(), right.clone());
    let route = async move |same: SameOrigin| {
        let held = held.clone();
        events(same, heard.subscribe(), |_: &str| true, move || ready(held.load(Ordering::Relaxed)), stopping)
    };
    let router: Router = Router::new().route("/live", get(route));
    let mut body = ask(&router, request("/live", OWN)).await.into_body();
    drop(router);
    let mut next = async || match body.frame().await {
        Some(frame) => String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap(),
        None => "the end".to_owned(),
    };
    topics.send("a".to_owned()).unwrap();
    assert_eq!(
        (next().await.as_str(), next().await.as_str()),
        ("retry: 3000\n: listening\n\n", "event: topic\ndata: a\n\n")
    );
    right.store(false, Ordering::Relaxed);
    topics.send("b".to_owned()).unwrap();
    assert_eq!(next().await, "the end", "though there is more to come");
}

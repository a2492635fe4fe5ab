use axum::Router;
use axum::routing::get;
use tokio::sync::broadcast::Sender;

use super::*;
use crate::serve::Stop;
use crate::testing::{ask, get as request, text};

fn site(topics: &Sender<String>, stop: &Stop) -> Router {
    let (topics, stopping) = (topics.clone(), stop.stopping());
    let route = async move |same: SameOrigin| {
        events(same, topics.subscribe(), |topic: &str| topic.starts_with("mine/"), stopping)
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

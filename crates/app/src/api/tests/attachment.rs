//! Files over the API: a repetition is known by its bytes, and what is too large is cut off.

use axum::body::Body;
use axum::http::Request;

use super::*;
use crate::attachments::LARGEST;
use crate::attachments::tests::files;
use crate::testing::on_each;
use crate::tickets;
use crate::tickets::tests::{incident, world};

async fn add(program: &Program, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Told {
    let mut request = Request::builder().method(Method::POST).uri(format!("/api/v1{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = program.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes().to_vec();
    Told { status: parts.status, headers: parts.headers, bytes }
}

#[test]
fn a_file_is_attached_once_and_read_and_taken_away() {
    on_each(async |test| {
        let (world, program) = (world(test).await, Program::new(test));
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let signed = key(test, &test.operator(), world.it.membership.unwrap(), false).await;
        let all = format!("/tickets/{}/attachments", ticket.id);
        let path = format!("{all}?name=..%2Frouter.log&visibility=teams");
        let headers = [("authorization", signed.as_str()), ("idempotency-key", "one")];
        let first = add(&program, &path, &headers, b"line".to_vec()).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        assert_eq!(
            (first.json()["name"].as_str(), first.json()["size"].as_i64()),
            (Some("router.log"), Some(4))
        );
        let again = add(&program, &path, &headers, b"line".to_vec()).await;
        assert_eq!(
            (again.bytes.clone(), again.header("idempotency-replayed")),
            (first.bytes.clone(), "true")
        );
        let other = add(&program, &path, &headers, b"other".to_vec()).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "the same key for other bytes");
        let signed = ("authorization", signed.as_str());
        assert_eq!(program.get(&all, signed).await.json().as_array().map(Vec::len), Some(1));
        let one = first.header("location").trim_start_matches("/api/v1").to_owned();
        let read = program.get(&one, signed).await;
        assert_eq!((read.status, read.bytes.as_slice()), (StatusCode::OK, &b"line"[..]));
        let lines = program.get(&format!("/tickets/{}/lines", ticket.id), signed).await.json();
        assert!(lines.to_string().contains("router.log"), "{lines}");
        let gone = program.send((Method::DELETE, &one, &[signed], None)).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text());
        assert_eq!(program.get(&one, signed).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn what_is_refused_leaves_nothing() {
    on_each(async |test| {
        let (world, program) = (world(test).await, Program::new(test));
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Slow")).await.unwrap();
        let signed = key(test, &test.operator(), world.requester.membership.unwrap(), false).await;
        let headers = [("authorization", signed.as_str())];
        let send = async |query: &str, body: Vec<u8>| {
            let path = format!("/tickets/{}/attachments?{query}", ticket.id);
            add(&program, &path, &headers, body).await.status.as_u16()
        };
        let public = "name=a.txt&visibility=public";
        assert_eq!(send(public, vec![b'x'; LARGEST + 1]).await, 413);
        assert_eq!(send(public, Vec::new()).await, 422);
        assert_eq!(send("name=a.png&visibility=public", b"MZ\x90\0\x03".to_vec()).await, 422);
        assert_eq!(send("name=a.txt&visibility=teams", b"x".to_vec()).await, 422, "who may not write so");
        assert_eq!(send("name=a.txt", b"x".to_vec()).await, 400);
        assert_eq!(files(test), 0);
        assert_eq!(send(public, vec![b'x'; LARGEST]).await, 201);
    });
}

//! A repetition is known by its key, and versions keep changes apart.

use axum::http::{Method, StatusCode};
use remit_core::Millis;
use serde_json::{Value, json};

use super::{Program, Told, key, session};
use crate::api::gate::Rates;
use crate::api::once::forget;
use crate::clients;
use crate::people::Role;
use crate::testing::{TestApp, on_each};

async fn owner(test: &TestApp) -> String {
    let owner = test.caller(Role::Owner, None).await.membership.unwrap();
    key(test, &test.operator(), owner, false).await
}

async fn make(program: &Program, signed: &str, once: &str, name: &str) -> Told {
    let body = json!({"name": name, "zone": "America/Los_Angeles"});
    let headers = [("authorization", signed), ("idempotency-key", once)];
    program.send((Method::POST, "/clients", &headers, Some(&body))).await
}

async fn clients_of(test: &TestApp) -> usize {
    test.app.read(&test.operator(), |tx, act| clients::list(tx, act, None, 200)).await.unwrap().len()
}

#[test]
fn a_request_with_a_key_is_done_once_and_answered_the_same_for_a_day() {
    on_each(async |test| {
        let (program, signed) = (Program::new(test), owner(test).await);
        let first = make(&program, &signed, "\"one\"", "Harbor Dental").await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        let again = make(&program, &signed, "one", "Harbor Dental").await;
        assert_eq!(
            (again.status, &again.bytes, again.header("location")),
            (first.status, &first.bytes, first.header("location"))
        );
        assert_eq!(again.header("etag"), first.header("etag"));
        assert_eq!(
            (first.header("idempotency-replayed"), again.header("idempotency-replayed")),
            ("", "true")
        );
        assert_eq!(clients_of(test).await, 1);

        let other = make(&program, &signed, "one", "Pier Nine").await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "the same key for another request");
        assert!(other.json()["errors"]["idempotency-key"].is_array(), "{}", other.text());
        let refused = make(&program, &signed, "two", "Harbor Dental").await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "the name is taken");
        let mended = make(&program, &signed, "two", "Pier Nine").await;
        assert_eq!(mended.status, StatusCode::CREATED, "what was refused is not kept");

        test.pass(Millis::from_hours(25));
        let late = make(&program, &signed, "one", "Harbor Dental").await;
        assert_eq!(late.status, StatusCode::CONFLICT, "after a day it is a new request");
    });
}

#[test]
fn the_keys_of_two_callers_are_two() {
    on_each(async |test| {
        let (program, signed) = (Program::new(test), owner(test).await);
        let manager = test.caller(Role::ServiceManager, None).await.membership.unwrap();
        let other = key(test, &test.operator(), manager, false).await;
        assert_eq!(make(&program, &signed, "one", "Harbor Dental").await.status, StatusCode::CREATED);
        assert_eq!(make(&program, &other, "one", "Pier Nine").await.status, StatusCode::CREATED);
    });
}

#[test]
fn requests_at_once_with_one_key_have_one_effect() {
    on_each(async |test| {
        let (program, signed) = (Program::new(test), owner(test).await);
        let all = futures_of(&program, &signed).await;
        let made = all.iter().filter(|told| told.status == StatusCode::CREATED).count();
        assert!(made >= 1 && all.iter().all(|told| matches!(told.status.as_u16(), 201 | 409)));
        assert_eq!((clients_of(test).await, program.site.desk.busy()), (1, 0));
    });
}

async fn futures_of(program: &Program, signed: &str) -> Vec<Told> {
    let one = || make(program, signed, "one", "Harbor Dental");
    let (a, b, c, d) = tokio::join!(one(), one(), one(), one());
    vec![a, b, c, d]
}

#[test]
fn a_second_request_meanwhile_is_a_conflict_and_a_bad_key_is_named() {
    on_each(async |test| {
        let (program, signed) = (Program::new(test), owner(test).await);
        let bearer = signed.trim_start_matches("Bearer ").to_owned();
        let caller = blake3::derive_key("remit 2026-11 name of an API key", bearer.as_bytes());
        let mut name = blake3::Hasher::new_derive_key("remit 2026-11 key of a request");
        let name = *name.update(&caller).update(b"one").finalize().as_bytes();
        assert!(program.site.desk.enter(name));
        assert_eq!(make(&program, &signed, "one", "Harbor Dental").await.status, StatusCode::CONFLICT);
        program.site.desk.leave(&name);
        assert_eq!(make(&program, &signed, "one", "Harbor Dental").await.status, StatusCode::CREATED);
        for bad in ["", "\"\"", "two words", &"x".repeat(256)] {
            let told = make(&program, &signed, bad, "Pier Nine").await;
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }
    });
}

#[test]
fn the_secret_of_a_key_is_told_once_and_kept_nowhere() {
    on_each(async |test| {
        let program = Program::new(test);
        let owner = test.caller(Role::Owner, None).await.membership.unwrap();
        let cookie = session(test, &test.operator(), owner).await;
        let body = json!({"name": "nightly", "days": 30});
        let headers = [("cookie", cookie.as_str()), ("idempotency-key", "one")];
        let first = program.send((Method::POST, "/me/keys", &headers, Some(&body))).await;
        let made = first.json()["key"].as_str().expect("the key is told").to_owned();
        assert_eq!(
            program.get("/me", ("authorization", &format!("Bearer {made}"))).await.status,
            StatusCode::OK
        );
        let again = program.send((Method::POST, "/me/keys", &headers, Some(&body))).await;
        assert_eq!((again.status, &again.json()["key"]), (StatusCode::CREATED, &Value::Null));
        let keys = program.get("/me/keys", ("cookie", &cookie)).await.json();
        assert_eq!(keys["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn old_answers_are_forgotten() {
    on_each(async |test| {
        let (program, signed) = (Program::new(test), owner(test).await);
        make(&program, &signed, "one", "Harbor Dental").await;
        test.pass(Millis::from_hours(12));
        make(&program, &signed, "two", "Pier Nine").await;
        test.pass(Millis::from_hours(13));
        assert_eq!(forget(&test.app, test.app.now()).await.unwrap(), 1);
        assert_eq!(forget(&test.app, test.app.now()).await.unwrap(), 0);
    });
}

#[test]
fn a_change_names_the_version_that_it_is_of() {
    on_each(async |test| {
        let (program, signed) = (Program::new(test), owner(test).await);
        let made = make(&program, &signed, "one", "Harbor Dental").await;
        let (place, etag) = (
            made.header("location").trim_start_matches("/api/v1").to_owned(),
            made.header("etag").to_owned(),
        );
        let known = [("authorization", signed.as_str()), ("if-none-match", etag.as_str())];
        assert_eq!(program.send((Method::GET, &place, &known, None)).await.status, StatusCode::NOT_MODIFIED);
        let change = json!({"name": "Harbor Dental Group"});
        let by = ("authorization", signed.as_str());
        let bare = program.send((Method::PATCH, &place, &[by], Some(&change))).await;
        assert_eq!(bare.status, StatusCode::PRECONDITION_REQUIRED);
        let done = program.send((Method::PATCH, &place, &[by, ("if-match", &etag)], Some(&change))).await;
        assert_eq!((done.status, &done.json()["name"]), (StatusCode::OK, &json!("Harbor Dental Group")));
        let stale = program.send((Method::PATCH, &place, &[by, ("if-match", &etag)], Some(&change))).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(program.send((Method::GET, &place, &known, None)).await.status, StatusCode::OK);
    });
}

#[test]
fn a_list_is_read_to_its_end_page_by_page() {
    on_each(async |test| {
        let (program, signed) = (Program::new(test), owner(test).await);
        for n in 0..7 {
            test.client(&format!("Client {n}")).await;
        }
        let by = ("authorization", signed.as_str());
        let (mut path, mut names) = ("/clients?limit=3".to_owned(), Vec::new());
        loop {
            let page = program.get(&path, by).await;
            let body = page.json();
            names.extend(
                body["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()),
            );
            let Some(next) = body["next"].as_str() else { break };
            path = format!("/clients?limit=3&after={next}");
            assert!(page.header("link").contains("rel=\"next\"") && page.header("link").contains(next));
        }
        assert_eq!(names, (0..7).map(|n| format!("Client {n}")).collect::<Vec<_>>());
        for bad in ["?limit=0", "?limit=201", "?limit=x", "?limit=1&limit=2", "?after=zzz", "?offset=3"] {
            let told = program.get(&format!("/clients{bad}"), by).await;
            assert_eq!(told.status, StatusCode::BAD_REQUEST, "{bad}: {}", told.text());
        }
    });
}

#[test]
fn who_asks_too_often_is_told_when_to_come_back() {
    on_each(async |test| {
        let signed = owner(test).await;
        let program = Program::at(test, Rates { each_minute: 2.try_into().unwrap(), ..Rates::default() });
        let by = ("authorization", signed.as_str());
        let first = program.get("/me", by).await;
        assert!(first.header("ratelimit").starts_with("\"api\";r=1;"), "{}", first.header("ratelimit"));
        assert_eq!(first.header("ratelimit-policy"), "\"api\";q=2;w=60");
        assert_eq!(program.get("/nowhere", by).await.status, StatusCode::NOT_FOUND);
        assert_eq!(program.get("/clients/zzz", by).await.status, StatusCode::NOT_FOUND);
        let third = program.get("/me", by).await;
        assert_eq!(third.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(third.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
        assert_eq!(third.header("content-type"), "application/problem+json");
    });
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    on_each(async |test| {
        let (program, signed) = (Program::new(test), owner(test).await);
        let by = ("authorization", signed.as_str());
        let post = async |headers: &[(&str, &str)], body: Option<&Value>| {
            program.send((Method::POST, "/clients", headers, body)).await
        };
        let unknown = post(&[by], Some(&json!({"name": "a", "zone": "UTC", "admin": true}))).await;
        assert_eq!(unknown.status, StatusCode::BAD_REQUEST, "{}", unknown.text());
        let wrong = post(&[by], Some(&json!({"name": 7, "zone": "UTC"}))).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.json()["errors"]["name"].is_array(), "{}", wrong.text());
        assert_eq!(
            post(&[by, ("content-type", "text/plain")], None).await.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        );
        assert_eq!(post(&[by], None).await.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing has no name");
        let long = json!({"name": "x".repeat(1_100_000), "zone": "UTC"});
        assert_eq!(post(&[by], Some(&long)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let html = program.send((Method::GET, "/me", &[by, ("accept", "text/html")], None)).await;
        assert_eq!(html.status, StatusCode::NOT_ACCEPTABLE);
        let patch = program.send((Method::PATCH, "/me", &[by], None)).await;
        assert_eq!((patch.status, patch.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
        let foreign =
            [("cookie", "remit=1"), ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
        assert_eq!(post(&foreign, Some(&json!({}))).await.status, StatusCode::FORBIDDEN, "a forged form");
    });
}

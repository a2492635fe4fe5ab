//! Checklists for programs: written, changed by version, put on a ticket, ticked, once.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Program, Told, key};
use crate::people::Role;
use crate::testing::on_each;
use crate::tickets;
use crate::tickets::tests::{incident, world};

async fn sent(program: &Program, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Told {
    program.send((method, path, headers, Some(body))).await
}

type Key<'k> = (&'static str, &'k str);

/// Which checklist comes off a ticket, and which does not.
async fn taken_off(program: &Program, lists: &str, (it, owner): (Key<'_>, Key<'_>)) {
    let off = format!("{lists}/remove");
    let kept = json!({"number": 1, "reason": "By mistake."});
    let kept = sent(program, Method::POST, &off, &[it], &kept).await;
    assert_eq!(kept.status, StatusCode::CONFLICT, "{}", kept.text());
    assert!(kept.text().contains("“Account” was required and is done"), "{}", kept.text());
    let other = json!({"name": "Other", "items": [{"text": "Desk"}]});
    let other = sent(program, Method::POST, "/checklists", &[owner], &other).await.json();
    sent(program, Method::POST, lists, &[it], &json!({"checklist": other["id"]})).await;
    let silent = json!({"number": 2, "reason": ""});
    let silent = sent(program, Method::POST, &off, &[it], &silent).await;
    assert!(silent.json()["errors"]["reason"].is_array(), "{}", silent.text());
    let gone = json!({"number": 2, "reason": "There are enough desks."});
    let gone = sent(program, Method::POST, &off, &[it], &gone).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text());
    assert_eq!(program.get(lists, it).await.json().as_array().map(Vec::len), Some(1));
}

#[test]
fn a_program_writes_a_checklist_and_ticks_it_on_a_ticket() {
    on_each(async |test| {
        let (world, program, operator) = (world(test).await, Program::new(test), test.operator());
        let owner = test.caller(Role::Owner, None).await.membership.unwrap();
        let owner = key(test, &operator, owner, false).await;
        let it = key(test, &operator, world.it.membership.unwrap(), false).await;
        let (owner, it) = (("authorization", owner.as_str()), ("authorization", it.as_str()));
        let new = json!({"name": "New starter", "items": [
            {"text": "Account", "required": true}, {"text": "Laptop", "side": "internal"},
        ]});
        let made =
            sent(&program, Method::POST, "/checklists", &[owner, ("idempotency-key", "a")], &new).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let again =
            sent(&program, Method::POST, "/checklists", &[owner, ("idempotency-key", "a")], &new).await;
        assert_eq!((made.json(), again.header("idempotency-replayed")), (again.json(), "true"));
        let twice = sent(&program, Method::POST, "/checklists", &[owner], &new).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text());
        let id = made.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(made.json()["items"][0]["side"], "holder");
        let path = format!("/checklists/{id}");
        let shown = program.get(&path, it).await;
        let tag = shown.header("etag").to_owned();
        let change = json!({"name": "Starter", "from-start": {"kind": "request"}, "items": new["items"]});
        let blind = sent(&program, Method::PUT, &path, &[owner], &change).await;
        assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = sent(&program, Method::PUT, &path, &[owner, ("if-match", &tag)], &change).await;
        assert_eq!(
            changed.json()["from-start"],
            json!({"kind": "request", "service": ""}),
            "{}",
            changed.text()
        );
        let late = sent(&program, Method::PUT, &path, &[owner, ("if-match", &tag)], &change).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);

        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Anna")).await.unwrap();
        let lists = format!("/tickets/{}/checklists", ticket.id);
        let put = sent(&program, Method::POST, &lists, &[it], &json!({"checklist": id})).await;
        assert_eq!(put.status, StatusCode::OK, "{}", put.text());
        let solve = json!({"from": "new", "to": "solved"});
        let status = format!("/tickets/{}/status", ticket.id);
        let early = sent(&program, Method::POST, &status, &[it], &solve).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        assert!(early.text().contains("“Account”"), "{}", early.text());
        let items = format!("{lists}/items");
        let done = sent(&program, Method::POST, &items, &[it], &json!({"item": 1, "to": "done"})).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        let skipped = sent(&program, Method::POST, &items, &[it], &json!({"item": 2, "to": "skipped"})).await;
        assert_eq!(skipped.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(skipped.json()["errors"]["reason"].is_array(), "{}", skipped.text());
        let told = program.get(&lists, it).await.json();
        assert_eq!((&told[0]["name"], &told[0]["items"][0]["state"]), (&json!("Starter"), &json!("done")));
        assert_eq!((&told[0]["items"][1]["by"], &told[0]["items"][0]["yours"]), (&Value::Null, &json!(true)));
        taken_off(&program, &lists, (it, owner)).await;
        let solved = sent(&program, Method::POST, &status, &[it], &solve).await;
        assert_eq!(solved.status, StatusCode::OK, "{}", solved.text());
        let gone = sent(&program, Method::POST, &format!("{path}/retire"), &[owner], &json!({})).await;
        assert!(gone.json()["retired-at"].is_string(), "{}", gone.text());
    });
}

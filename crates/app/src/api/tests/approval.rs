//! Approvals for programs: asked for once, answered in a session and never by a key, listed.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Program, Told, key, session};
use crate::people::Role;
use crate::testing::on_each;
use crate::tickets;
use crate::tickets::tests::{incident, world};

async fn sent(program: &Program, path: &str, headers: &[(&str, &str)], body: &Value) -> Told {
    program.send((Method::POST, path, headers, Some(body))).await
}

#[test]
fn a_program_asks_and_a_person_answers() {
    on_each(async |test| {
        let (world, program, operator) = (world(test).await, Program::new(test), test.operator());
        let it = key(test, &operator, world.it.membership.unwrap(), false).await;
        let by_key = key(test, &operator, world.approver.membership.unwrap(), false).await;
        let cookie = session(test, &operator, world.approver.membership.unwrap()).await;
        let it = ("authorization", it.as_str());
        let (by_key, in_session) = (("authorization", by_key.as_str()), ("cookie", cookie.as_str()));
        let ticket =
            tickets::open(&test.app, &world.requester, incident(world.client, "Anna")).await.unwrap();
        let approvals = format!("/tickets/{}/approvals", ticket.id);
        let people = program.get(&format!("/tickets/{}/approvers", ticket.id), it).await.json();
        let of = |name: &str| {
            let all = people.as_array().unwrap();
            all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name} in {people}")).clone()
        };
        assert_eq!(
            (&of("Requester Test")["may"], &of("Approver Test")["may"]),
            (&json!(false), &json!(true))
        );
        let new = json!({
            "question": "May we buy it?", "people": [of("Approver Test")["who"]], "until": "2026-11-26T01:00:00Z",
        });
        let odd = json!({"question": "", "people": [], "until": "2026-11-26T01:00:00Z"});
        let odd = sent(&program, &approvals, &[it], &odd).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", odd.text());
        let made = sent(&program, &approvals, &[it, ("idempotency-key", "a")], &new).await;
        assert_eq!(made.json()["status"], "waiting-approval", "{}", made.text());
        let again = sent(&program, &approvals, &[it, ("idempotency-key", "a")], &new).await;
        assert_eq!((made.json(), again.header("idempotency-replayed")), (again.json(), "true"));
        let twice = sent(&program, &approvals, &[it], &new).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text());
        let waiting = program.get("/approvals/waiting", by_key).await.json();
        assert_eq!(waiting[0]["number"], ticket.number, "{waiting}");
        let id = waiting[0]["approval"]["id"].clone();
        let answer = format!("{approvals}/answer");
        let yes = json!({"approval": id, "answer": "yes"});
        let refused = sent(&program, &answer, &[by_key], &yes).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
        let said = sent(&program, &answer, &[in_session, ("idempotency-key", "b")], &yes).await;
        assert_eq!(said.json()["status"], "working", "{}", said.text());
        let again = sent(&program, &answer, &[in_session], &yes).await;
        assert_eq!(again.json(), said.json(), "the same answer again changes nothing");
        let other = json!({"approval": id, "answer": "no", "reason": "Well"});
        let other = sent(&program, &answer, &[in_session], &other).await;
        assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.text());
        let late = sent(&program, &format!("{approvals}/withdraw"), &[it], &json!({"approval": id})).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text());
        let listed = program.get(&approvals, it).await.json();
        assert_eq!(
            (&listed[0]["state"], &listed[0]["asked"][0]["answer"]),
            (&json!("granted"), &json!("yes"))
        );
        let all = program.get("/approvals?limit=1", it).await.json();
        assert_eq!((all["items"].as_array().unwrap().len(), &all["next"]), (1, &Value::Null), "{all}");
    });
}

#[test]
fn rules_are_written_by_version() {
    on_each(async |test| {
        let (program, operator) = (Program::new(test), test.operator());
        let owner = test.caller(Role::Owner, None).await.membership.unwrap();
        let owner = key(test, &operator, owner, false).await;
        let owner = ("authorization", owner.as_str());
        let rule = json!({"kind": "change", "question": "May it be done?", "hours": 24, "version": 0});
        let made = sent(&program, "/approval-rules", &[owner], &rule).await;
        assert_eq!(
            (&made.json()["version"], &made.json()["needed"]),
            (&json!(1), &json!(0)),
            "{}",
            made.text()
        );
        let late = sent(&program, "/approval-rules", &[owner], &rule).await;
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{}", late.text());
        assert_eq!(program.get("/approval-rules", owner).await.json().as_array().unwrap().len(), 1);
        let left = sent(&program, "/approval-rules/remove", &[owner], &json!({"kind": "change"})).await;
        assert_eq!(left.json(), json!([]), "{}", left.text());
    });
}

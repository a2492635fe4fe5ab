//! Several tickets at once, for programs: once by its key, and never too many.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::{Program, key};
use crate::testing::on_each;
use crate::tickets;
use crate::tickets::tests::{incident, world};

#[test]
fn a_deed_for_several_is_done_once_by_its_key_and_too_many_are_refused_before_any() {
    on_each(async |test| {
        let (world, program, operator) = (world(test).await, Program::new(test), test.operator());
        let it = key(test, &operator, world.it.membership.unwrap(), false).await;
        let signed = ("authorization", it.as_str());
        let first = tickets::open(&test.app, &world.requester, incident(world.client, "One")).await.unwrap();
        let other = tickets::open(&test.app, &world.requester, incident(world.client, "Two")).await.unwrap();
        let absent = "ticket_01890a5d-ac96-774b-bcce-b302099a8057";
        let body = json!({"tickets": [first.id, absent, other.id], "deed": {"do": "tag", "add": ["flood"]}});
        let once = [signed, ("idempotency-key", "several")];
        let done = program.send((Method::POST, "/tickets/bulk", &once, Some(&body))).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        assert_eq!((&done.json()["done"], &done.json()["tickets"][1]["done"]), (&json!(2), &json!(false)));
        assert!(done.json()["tickets"][1]["why-not"].as_str().unwrap().contains("no such ticket"));
        let id = first.id;
        let lines =
            async || test.app.read(&world.it, move |tx, act| tickets::find(tx, act, id)).await.unwrap().lines;
        let before = lines().await;
        // Meanwhile the word is taken off: a repetition does not put it there again.
        let off = json!({"remove": ["flood"]});
        program.send((Method::POST, &format!("/tickets/{id}/tags"), &[signed], Some(&off))).await;
        let again = program.send((Method::POST, "/tickets/bulk", &once, Some(&body))).await;
        assert_eq!((again.header("idempotency-replayed"), &again.bytes), ("true", &done.bytes));
        assert_eq!(lines().await, before + 1);
        for many in [0, 201, 15_000, 100_000] {
            let body =
                json!({"tickets": vec![first.id.to_string(); many], "deed": {"do": "tag", "add": ["x"]}});
            let refused = program.send((Method::POST, "/tickets/bulk", &[signed], Some(&body))).await;
            let right =
                if many > 20_000 { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
            assert_eq!(refused.status, right, "{many}: {}", refused.text());
        }
        assert_eq!(lines().await, before + 1);
    });
}

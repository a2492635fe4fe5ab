//! A secret that goes on is replaced, and neither what happens at once nor an answer that is lost signs anybody out.

use remit_core::Millis;

use super::{is_good, signed_in};
use crate::people::Role;
use crate::sign_in::device::device;
use crate::sign_in::{GRACE, IDLE, Secret, TURN, list, resume, resume_and_turn, turn};
use crate::testing::{TestApp, on_each};

async fn next(test: &TestApp, secret: &Secret) -> Option<Secret> {
    let resumed = resume_and_turn(&test.app, secret).await.expect("the database answers");
    resumed.expect("the secret is good").next
}

#[test]
fn the_next_secret_counts_from_its_first_use_on() {
    on_each(async |test| {
        let (caller, first) = signed_in(test, Role::Technician, None).await;
        assert_eq!(next(test, &first).await, None, "it is young");
        test.pass(TURN);
        let second = next(test, &first).await.unwrap();
        assert_eq!(next(test, &first).await, None, "one offer is enough for what happens at once");
        assert!(is_good(test, &first).await, "the answer may still be on its way");
        assert_eq!(next(test, &second).await, None);
        assert!(is_good(test, &first).await, "something else was asked at the same time");
        test.pass(GRACE);
        assert!(!is_good(test, &first).await);
        assert!(is_good(test, &second).await);
        assert_eq!(list(&test.app, &caller).await.unwrap().len(), 1, "it is one session");
    });
}

#[test]
fn a_lost_answer_signs_nobody_out() {
    on_each(async |test| {
        let (_, first) = signed_in(test, Role::Technician, None).await;
        test.pass(TURN);
        let lost = next(test, &first).await.unwrap();
        test.pass(Millis::from_minutes(1));
        let second = next(test, &first).await.unwrap();
        assert!(!is_good(test, &lost).await, "another was offered instead");
        assert!(is_good(test, &second).await);
    });
}

#[test]
fn a_proof_replaces_the_secret_at_once() {
    on_each(async |test| {
        let (caller, first) = signed_in(test, Role::Technician, None).await;
        let (_, id) = resume(&test.app, &first).await.unwrap().unwrap();
        let second = turn(&test.app, &caller, id).await.unwrap();
        assert!(is_good(test, &second).await && is_good(test, &first).await);
        test.pass(GRACE);
        assert!(is_good(test, &second).await && !is_good(test, &first).await);
        let (stranger, _) = signed_in(test, Role::Billing, None).await;
        assert!(turn(&test.app, &stranger, id).await.is_err(), "it is not theirs");
    });
}

#[test]
fn the_end_of_a_session_moves_with_its_use() {
    on_each(async |test| {
        let (caller, session) = signed_in(test, Role::Technician, None).await;
        let ends = async || list(&test.app, &caller).await.unwrap()[0].ends_at;
        assert_eq!(ends().await, test.app.now() + IDLE);
        test.pass(Millis::from_hours(1));
        assert!(is_good(test, &session).await);
        assert_eq!(ends().await, test.app.now() + IDLE);
    });
}

#[test]
fn a_browser_is_named_as_its_owner_knows_it() {
    let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    let edge = format!("{chrome} Edg/131.0.0.0");
    for (agent, words) in [
        (chrome, "Chrome on Windows"),
        (&edge, "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.11", "curl/8.11"),
    ] {
        assert_eq!(device(agent), words);
    }
}

//! Whoever is wrong too often waits, and everybody else does not.

use std::net::IpAddr;

use remit_core::Millis;

use super::signed_in;
use crate::audit;
use crate::people::Role;
use crate::refused::Refused;
use crate::sign_in::{Begun, set_password, with_password};
use crate::testing::{TestApp, on_each};

const EMAIL: &str = "technician@test.example";
const GOOD: &str = "correct horse battery";

async fn attempt(test: &TestApp, email: &str, password: &str, from: &str) -> Result<bool, u64> {
    let from: Option<IpAddr> = from.parse().ok();
    match with_password(&test.app, email, password, from, "").await {
        Ok(begun) => Ok(matches!(begun, Some(Begun::Session(_)))),
        Err(Refused::Wait { seconds }) => Err(seconds),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn each_wrong_password_after_the_fifth_waits_twice_as_long_known_address_or_not() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        set_password(&test.app, &caller, "", GOOD).await.unwrap();
        for email in [EMAIL, "nobody@test.example"] {
            for _ in 0..5 {
                assert_eq!(attempt(test, email, "wrong", "").await, Ok(false));
            }
            for wait in [30, 60, 120, 240, 480, 900, 900] {
                assert_eq!(attempt(test, email, GOOD, "").await, Err(wait), "{email}");
                test.pass(Millis::from_millis(wait.cast_signed() * 1000 - 1));
                assert_eq!(attempt(test, email, GOOD, "").await, Err(1), "{email}");
                test.pass(Millis::from_millis(1));
                assert_eq!(attempt(test, email, "wrong", "").await, Ok(false));
            }
        }
        test.pass(Millis::from_minutes(15));
        assert_eq!(attempt(test, EMAIL, GOOD, "").await, Ok(true), "its owner is not kept out for good");
        assert_eq!(attempt(test, EMAIL, "wrong", "").await, Ok(false), "and begins anew");
        let lines = test.app.read(&test.operator(), |tx, act| audit::list(tx, act, None, 100)).await.unwrap();
        let count = |action: &str| lines.iter().filter(|line| line.action == action).count();
        assert_eq!((count("sign-in.fail"), count("sign-in.lock")), (5, 8), "those of nobody are not noted");
    });
}

#[test]
fn a_place_waits_for_itself_alone() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        set_password(&test.app, &caller, "", GOOD).await.unwrap();
        for n in 0..20 {
            let (email, from) = (format!("guess{n}@test.example"), format!("2001:db8::{n:x}"));
            assert_eq!(attempt(test, &email, "wrong", &from).await, Ok(false));
        }
        assert_eq!(attempt(test, EMAIL, GOOD, "2001:db8::ffff").await, Err(30), "it is the same place");
        assert_eq!(attempt(test, EMAIL, GOOD, "2001:db8:0:1::1").await, Ok(true));
        test.pass(Millis::from_millis(30_000));
        assert_eq!(attempt(test, EMAIL, GOOD, "2001:db8::1").await, Ok(true));
        assert_eq!(attempt(test, "guess@test.example", "wrong", "2001:db8::1").await, Ok(false));
        assert_eq!(
            attempt(test, EMAIL, GOOD, "2001:db8::1").await,
            Err(60),
            "being right once forgives nothing"
        );
    });
}

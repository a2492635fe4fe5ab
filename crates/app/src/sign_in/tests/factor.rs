//! A second factor is asked for whatever came before it, takes no code twice, and is not got rid of by a browser that was left open.

use remit_core::{At, Id, Millis};

use super::{is_good, link_for, signed_in};
use crate::act::Caller;
use crate::people::Role;
use crate::refused::Refused;
use crate::sign_in::totp::Shared;
use crate::sign_in::{
    Begun, CODE, Factor, Secret, begin_factor, confirm_factor, new_codes, remove_factor, remove_factor_of,
    resume, second_factor, set_password, use_link, with_code, with_password,
};
use crate::testing::{TestApp, on_each};

const STEP: Millis = Millis::from_millis(30_000);
const PASSWORD: &str = "correct horse battery";

/// Enrols an app for somebody with a password; says the secret and the recovery codes.
async fn enrolled(test: &TestApp, caller: &Caller) -> (Shared, Vec<String>) {
    set_password(&test.app, caller, "", PASSWORD).await.expect("a password is set");
    begin_factor(&test.app, caller, PASSWORD).await.expect("the password is right");
    let factor = second_factor(&test.app, caller).await.expect("it is there");
    let Factor::Begun(enrolment) = factor else { panic!("{factor:?}") };
    let shared = Shared::read(&enrolment.secret);
    let codes = confirm_factor(&test.app, caller, &shared.code(test.app.now())).await;
    test.pass(STEP);
    (shared, codes.expect("the code is right"))
}

async fn half_by_link(test: &TestApp, caller: &Caller) -> Secret {
    let link = link_for(test, &test.operator(), caller).await.expect("a link is made");
    let Ok(Begun::Half(half)) = use_link(&test.app, &link, "").await else { panic!("no code was asked for") };
    half
}

#[test]
fn codes_are_those_of_the_standard() {
    // RFC 6238, appendix B: the last six of its eight digits, SHA-1.
    let shared = Shared::read("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    for (seconds, code) in
        [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
    {
        let at = At::from_millis(seconds * 1000);
        assert_eq!(shared.code(at), code);
        let step = seconds / 30;
        assert_eq!(shared.step_of(code, at), Some(step));
        assert_eq!(shared.step_of(code, at + STEP), Some(step), "one step of drift");
        assert_eq!(shared.step_of(code, at - STEP), Some(step), "one step of drift");
        assert_eq!(shared.step_of(code, at + STEP + STEP), None);
    }
    assert!(shared.address("ana+b@x.org").starts_with("otpauth://totp/Remit:ana%2Bb%40x.org?secret=GEZDGN"));
}

#[test]
fn a_link_and_a_password_both_ask_for_the_code_and_no_code_is_taken_twice() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        let (shared, _) = enrolled(test, &caller).await;
        let half = half_by_link(test, &caller).await;
        assert!(!is_good(test, &half).await, "half a session is none");
        assert_eq!(with_code(&test.app, &half, "000000").await, Ok(None));
        let code = shared.code(test.app.now());
        let session = with_code(&test.app, &half, &code).await.unwrap().unwrap();
        assert!(is_good(test, &session).await);
        assert_eq!(with_code(&test.app, &half, &code).await, Err(Refused::NotFound), "the half is used up");

        let email = "technician@test.example";
        let begun = with_password(&test.app, email, PASSWORD, None, "").await.unwrap();
        let Some(Begun::Half(half)) = begun else { panic!("no code was asked for") };
        assert_eq!(with_code(&test.app, &half, &code).await, Ok(None), "the code was taken before");
        let earlier = shared.code(test.app.now() - STEP);
        assert_eq!(with_code(&test.app, &half, &earlier).await, Ok(None), "so was a later one");
        test.pass(STEP);
        let next = shared.code(test.app.now());
        assert!(with_code(&test.app, &half, &next).await.unwrap().is_some());

        let late = half_by_link(test, &caller).await;
        test.pass(CODE);
        let code = shared.code(test.app.now());
        assert_eq!(with_code(&test.app, &late, &code).await, Err(Refused::NotFound));
    });
}

#[test]
fn an_app_counts_only_once_it_has_shown_a_code() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        begin_factor(&test.app, &caller, "").await.unwrap();
        let link = link_for(test, &test.operator(), &caller).await.unwrap();
        assert!(matches!(use_link(&test.app, &link, "").await, Ok(Begun::Session(_))));
        let refused = confirm_factor(&test.app, &caller, "000000").await;
        assert!(matches!(refused, Err(Refused::Invalid(_))), "{refused:?}");
        assert!(matches!(second_factor(&test.app, &caller).await, Ok(Factor::Begun(_))));
    });
}

#[test]
fn each_recovery_code_is_good_once() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        let (_, codes) = enrolled(test, &caller).await;
        assert_eq!(codes.len(), 10);
        let half = half_by_link(test, &caller).await;
        let typed = codes[3].to_uppercase().replace('-', " ");
        assert!(with_code(&test.app, &half, &typed).await.unwrap().is_some());
        let half = half_by_link(test, &caller).await;
        assert_eq!(with_code(&test.app, &half, &codes[3]).await, Ok(None), "it is used up");
        assert!(matches!(second_factor(&test.app, &caller).await, Ok(Factor::Enrolled { codes: 9, .. })));
        let fresh = new_codes(&test.app, &caller, PASSWORD).await.unwrap();
        assert_eq!(with_code(&test.app, &half, &codes[4]).await, Ok(None), "there are new ones");
        assert!(with_code(&test.app, &half, &fresh[0]).await.unwrap().is_some());
    });
}

#[test]
fn whoever_guesses_codes_waits_and_other_people_do_not() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        let (other, _) = signed_in(test, Role::Billing, None).await;
        let (shared, _) = enrolled(test, &caller).await;
        let (others, _) = enrolled(test, &other).await;
        for n in 0..5 {
            let half = half_by_link(test, &caller).await;
            assert_eq!(with_code(&test.app, &half, &format!("00000{n}")).await, Ok(None));
        }
        let half = half_by_link(test, &caller).await;
        let code = shared.code(test.app.now());
        assert_eq!(with_code(&test.app, &half, &code).await, Err(Refused::Wait { seconds: 30 }));
        let theirs = half_by_link(test, &other).await;
        assert!(with_code(&test.app, &theirs, &others.code(test.app.now())).await.unwrap().is_some());
        test.pass(STEP);
        let code = shared.code(test.app.now());
        assert!(with_code(&test.app, &half, &code).await.unwrap().is_some());
    });
}

#[test]
fn an_open_browser_alone_does_not_get_rid_of_it() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        let (shared, _) = enrolled(test, &caller).await;
        for proof in ["", "000000", "wrong", "no idea"] {
            assert!(
                matches!(remove_factor(&test.app, &caller, proof).await, Err(Refused::Invalid(_))),
                "{proof}"
            );
        }
        let set = set_password(&test.app, &caller, "", "another horse battery").await;
        assert!(matches!(set, Err(Refused::Invalid(_))), "{set:?}");
        let wait = set_password(&test.app, &caller, PASSWORD, "another horse battery").await;
        assert_eq!(wait, Err(Refused::Wait { seconds: 30 }), "guessing waits here too");
        test.pass(STEP);
        remove_factor(&test.app, &caller, &shared.code(test.app.now())).await.unwrap();
        assert_eq!(second_factor(&test.app, &caller).await, Ok(Factor::None));
    });
}

#[test]
fn only_the_operator_helps_whoever_has_lost_everything() {
    on_each(async |test| {
        let (caller, _) = signed_in(test, Role::Technician, None).await;
        let (owner, _) = signed_in(test, Role::Owner, None).await;
        enrolled(test, &caller).await;
        let membership = caller.membership.unwrap();
        assert_eq!(remove_factor_of(&test.app, &owner, membership).await, Err(Refused::NotFound));
        remove_factor_of(&test.app, &test.operator(), membership).await.unwrap();
        assert_eq!(second_factor(&test.app, &caller).await, Ok(Factor::None));
    });
}

#[test]
fn the_database_alone_does_not_hold_the_secret() {
    on_each(async |test| {
        let (caller, session) = signed_in(test, Role::Technician, None).await;
        let (shared, _) = enrolled(test, &caller).await;
        let person = resume(&test.app, &session).await.unwrap().unwrap().0.person.unwrap();
        let sealed = shared.seal(&test.app, person);
        assert!(Shared::open(&test.app, person, &sealed).is_some());
        let stranger = Id::new(test.app.now(), [9; 10]);
        assert!(Shared::open(&test.app, stranger, &sealed).is_none(), "it is sealed for one person");
        for place in [0, 30, sealed.len() - 1] {
            let mut odd = sealed.clone();
            odd[place] ^= 1;
            assert!(Shared::open(&test.app, person, &odd).is_none(), "byte {place}");
        }
        assert!(Shared::open(&test.app, person, &sealed[..10]).is_none());
    });
}

//! From a draft with a hole to a matrix that both sides have signed.

use remit_core::{At, Date, Id, Millis};

use super::{Standing, Version, check, draft, edit, find, history, in_force, propose, sign, start, withdraw};
use crate::act::Caller;
use crate::clients::Client;
use crate::people::{Permission, Role};
use crate::refused::Refused;
use crate::testing::{START, TestApp, on_each};

const HOLE: &str = r#"
client = "Harbor Dental"
zone = "America/Los_Angeles"
model = "co-managed"
last-resort = "duty"
[parties]
internal = { name = "Harbor IT", kind = "internal" }
provider = { name = "Lanternworks IT", kind = "provider" }
[teams]
it = { party = "internal", hours = "office" }
duty = { party = "provider", hours = "always" }
[calendars.office]
week = { mon-fri = "08:00-18:00" }
[[rows]]
id = "day"
time = "office"
accountable = "internal"
responsible = "it"
"#;

const NIGHT: &str = r#"
[[rows]]
id = "night"
time = "not office"
accountable = "provider"
responsible = "duty"
"#;

fn sound() -> String {
    format!("{HOLE}{NIGHT}")
}

fn today() -> Date {
    "2026-11-23".parse().unwrap()
}

/// Somebody for each side, and a client with a draft.
struct World {
    client: Id<Client>,
    manager: Caller,
    it: Caller,
    approver: Caller,
}

async fn world(test: &TestApp, written: &str) -> World {
    let client = test.client("Harbor Dental").await;
    let manager = test.caller(Role::ServiceManager, None).await;
    let it = test.caller(Role::ClientIt, Some(client)).await;
    let approver = test.caller(Role::ClientApprover, Some(client)).await;
    let written = written.to_owned();
    test.app.write(&manager, move |tx, act| start(tx, act, client, &written)).await.unwrap();
    World { client, manager, it, approver }
}

async fn propose_from(
    test: &TestApp,
    caller: &Caller,
    client: Id<Client>,
    day: Date,
) -> Result<Id<Version>, Refused> {
    test.app
        .write(caller, move |tx, act| {
            let draft = draft(tx, act, client)?.expect("there is a draft");
            propose(tx, act, client, draft.version, &check(&draft.text, day))
        })
        .await
}

async fn sign_by(test: &TestApp, caller: &Caller, version: Id<Version>) -> Result<Standing, Refused> {
    test.app
        .write(caller, move |tx, act| {
            let hash = find(tx, act, version)?.hash;
            sign(tx, act, version, &hash)
        })
        .await
}

async fn number_at(test: &TestApp, caller: &Caller, client: Id<Client>, at: At) -> Option<i64> {
    let found = test.app.read(caller, move |tx, act| in_force(tx, act, client, at)).await;
    found.unwrap().map(|version| version.number)
}

#[test]
fn a_hole_is_found_mended_signed_by_both_and_in_force() {
    on_each(async |test| {
        let World { client, manager, it, approver } = world(test, HOLE).await;
        let refused = propose_from(test, &manager, client, today()).await.unwrap_err();
        assert!(refused.to_string().contains("nobody owns"), "{refused}");

        // Internal IT, a peer, mends it.
        test.app.write(&it, move |tx, act| edit(tx, act, client, 1, &sound())).await.unwrap();
        let version = propose_from(test, &it, client, today()).await.unwrap();
        assert_eq!(number_at(test, &it, client, test.app.now()).await, None, "nobody has signed");

        assert_eq!(sign_by(test, &it, version).await, Err(Refused::Forbidden(Permission::SignForClient)));
        assert_eq!(sign_by(test, &manager, version).await, Ok(Standing::Proposed));
        let again = sign_by(test, &manager, version).await.unwrap_err();
        assert!(matches!(&again, Refused::Conflict(why) if why.contains("already")), "{again}");
        test.pass(Millis::from_hours(1));
        let now = test.app.now();
        assert_eq!(sign_by(test, &approver, version).await, Ok(Standing::Published { from: now }));

        assert_eq!(number_at(test, &it, client, now).await, Some(1));
        assert_eq!(
            number_at(test, &it, client, now - Millis::from_millis(1)).await,
            None,
            "it does not reach back"
        );
        let signed = test.app.read(&approver, move |tx, act| find(tx, act, version)).await.unwrap();
        let by: Vec<_> =
            signed.signatures.iter().map(|s| (s.side.key(), s.name.as_str(), s.signed_at)).collect();
        let start = At::parse(START).unwrap();
        assert_eq!(by, [("provider", "Service manager Test", start), ("client", "Approver Test", now)]);
    });
}

#[test]
fn the_next_version_takes_over_on_its_day_and_the_past_stays() {
    on_each(async |test| {
        let World { client, manager, approver, .. } = world(test, &sound()).await;
        for day in [today(), "2027-01-01".parse().unwrap()] {
            let version = propose_from(test, &manager, client, day).await.unwrap();
            sign_by(test, &approver, version).await.unwrap();
            sign_by(test, &manager, version).await.unwrap();
        }
        // Midnight in Los Angeles.
        let new_year = At::parse("2027-01-01T08:00:00Z").unwrap();
        assert_eq!(number_at(test, &manager, client, new_year - Millis::from_millis(1)).await, Some(1));
        assert_eq!(number_at(test, &manager, client, new_year).await, Some(2));
        let all = test.app.read(&manager, move |tx, act| history(tx, act, client)).await.unwrap();
        assert_eq!(all.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    });
}

#[test]
fn what_was_not_signed_by_both_can_be_withdrawn_and_nothing_else() {
    on_each(async |test| {
        let World { client, manager, approver, .. } = world(test, &sound()).await;
        let first = propose_from(test, &manager, client, today()).await.unwrap();
        sign_by(test, &manager, first).await.unwrap();
        test.app.write(&manager, move |tx, act| withdraw(tx, act, first)).await.unwrap();
        assert!(matches!(sign_by(test, &approver, first).await, Err(Refused::Conflict(_))));
        let second = propose_from(test, &manager, client, today()).await.unwrap();
        sign_by(test, &manager, second).await.unwrap();
        sign_by(test, &approver, second).await.unwrap();
        let refused = test.app.write(&manager, move |tx, act| withdraw(tx, act, second)).await;
        assert!(matches!(refused, Err(Refused::Conflict(_))));
    });
}

#[test]
fn nobody_overwrites_what_they_did_not_see() {
    on_each(async |test| {
        let World { client, manager, it, .. } = world(test, HOLE).await;
        test.app.write(&it, move |tx, act| edit(tx, act, client, 1, &sound())).await.unwrap();
        let late = test.app.write(&manager, move |tx, act| edit(tx, act, client, 1, "lost?")).await;
        assert_eq!(late, Err(Refused::Stale));
        let version = propose_from(test, &it, client, today()).await.unwrap();
        let other = test.app.write(&manager, move |tx, act| sign(tx, act, version, "another hash")).await;
        assert_eq!(other, Err(Refused::Stale));
    });
}

#[test]
fn a_matrix_of_another_client_or_for_yesterday_is_refused() {
    on_each(async |test| {
        let World { client, manager, .. } = world(test, &sound()).await;
        let past = propose_from(test, &manager, client, "2026-11-22".parse().unwrap()).await.unwrap_err();
        assert!(past.to_string().contains("has passed"), "{past}");
        let other = sound().replace("Harbor Dental", "Acme");
        test.app.write(&manager, move |tx, act| edit(tx, act, client, 1, &other)).await.unwrap();
        let other = propose_from(test, &manager, client, today()).await.unwrap_err();
        assert!(other.to_string().contains("write client = \"Harbor Dental\""), "{other}");
    });
}

#[test]
fn a_proof_of_another_text_counts_for_nothing() {
    on_each(async |test| {
        let World { client, manager, .. } = world(test, HOLE).await;
        let proof = check(&sound(), today());
        assert!(proof.is_sound());
        let proposed = test.app.write(&manager, move |tx, act| propose(tx, act, client, 1, &proof)).await;
        assert_eq!(proposed, Err(Refused::Stale));
        let seen = test.app.read(&manager, move |tx, act| history(tx, act, client)).await;
        assert_eq!(seen, Ok(Vec::new()));
    });
}

#[test]
fn a_client_sees_nothing_of_another() {
    on_each(async |test| {
        let World { client, manager, .. } = world(test, &sound()).await;
        let version = propose_from(test, &manager, client, today()).await.unwrap();
        let other = test.client("Acme Legal").await;
        let stranger = test.caller(Role::ClientApprover, Some(other)).await;
        let seen = test.app.read(&stranger, move |tx, act| find(tx, act, version)).await;
        assert_eq!(seen, Err(Refused::NotFound));
        assert_eq!(sign_by(test, &stranger, version).await, Err(Refused::NotFound));
        let seen = test.app.read(&stranger, move |tx, act| draft(tx, act, client)).await;
        assert_eq!(seen, Ok(None));
        let stranger = test.caller(Role::ClientIt, Some(other)).await;
        let made = test.app.write(&stranger, move |tx, act| start(tx, act, client, "mine now")).await;
        assert_eq!(made, Err(Refused::NotFound));
    });
}

#[test]
fn a_text_that_is_no_matrix_is_told_where() {
    let checked = check("client = \"x\"\nzone = \"Mars\"", today());
    assert!(!checked.is_sound());
    assert!(checked.faults[0].place.is_some(), "{:?}", checked.faults);
}

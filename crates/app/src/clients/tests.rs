//! Clients, their names, and how they are served from which day on.

mod places;

use remit_core::At;
use remit_matrix::catalogue::Arrangement;
use remit_matrix::draft::ServiceModel;

use super::{Agreement, agree, agreement_at, create, find, list, rename};
use crate::people::Role;
use crate::refused::Refused;
use crate::testing::on_each;

#[test]
fn names_are_unique_without_regard_to_case() {
    on_each(async |test| {
        test.client("Harbor Dental").await;
        let operator = test.operator();
        let again =
            test.app.write(&operator, |tx, act| create(tx, act, " HARBOR dental ", "Asia/Manila")).await;
        assert!(matches!(&again, Err(Refused::Conflict(why)) if why.contains("HARBOR dental")), "{again:?}");
        let odd =
            test.app.write(&operator, |tx, act| create(tx, act, "\u{7}", "Mars/Base")).await.unwrap_err();
        let Refused::Invalid(fields) = odd else { panic!("{odd}") };
        assert_eq!(fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>(), ["name", "zone"]);
    });
}

#[test]
fn a_list_goes_on_from_the_last_name() {
    on_each(async |test| {
        for name in ["delta", "Alpha", "charlie", "Bravo"] {
            test.client(name).await;
        }
        let operator = test.operator();
        let first = test.app.read(&operator, |tx, act| list(tx, act, None, 3)).await.unwrap();
        let names =
            |page: &[super::Summary]| page.iter().map(|client| client.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&first), ["Alpha", "Bravo", "charlie"]);
        let last = first[2].name.clone();
        let second = test.app.read(&operator, move |tx, act| list(tx, act, Some(&last), 3)).await.unwrap();
        assert_eq!(names(&second), ["delta"]);
    });
}

#[test]
fn a_name_is_changed_by_whoever_saw_the_last_one() {
    on_each(async |test| {
        let client = test.client("Old").await;
        let manager = test.caller(Role::ServiceManager, None).await;
        test.app.write(&manager, move |tx, act| rename(tx, act, client, 1, "New")).await.unwrap();
        let late = test.app.write(&manager, move |tx, act| rename(tx, act, client, 1, "Newer")).await;
        assert_eq!(late, Err(Refused::Stale));
        let found = test.app.read(&manager, move |tx, act| find(tx, act, client)).await.unwrap();
        assert_eq!((found.name.as_str(), found.version), ("New", 2));
        let technician = test.caller(Role::Technician, None).await;
        let refused = test.app.write(&technician, move |tx, act| rename(tx, act, client, 2, "Mine")).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))));
    });
}

#[test]
fn moving_between_the_models_is_a_date() {
    on_each(async |test| {
        let client = test.client("Harbor Dental").await;
        let manager = test.caller(Role::ServiceManager, None).await;
        let full = Agreement {
            model: ServiceModel::FullyManaged,
            arrangements: Vec::new(),
            starts_on: "2026-01-01".parse().unwrap(),
            tier: String::new(),
        };
        let shared = Agreement {
            model: ServiceModel::CoManaged,
            arrangements: vec![Arrangement::Tier3Escalation, Arrangement::AfterHours],
            starts_on: "2027-01-01".parse().unwrap(),
            tier: String::new(),
        };
        let (a, b) = (full.clone(), shared.clone());
        test.app
            .write(&manager, move |tx, act| {
                agree(tx, act, client, &b)?;
                agree(tx, act, client, &a)
            })
            .await
            .unwrap();
        // Midnight in Los Angeles.
        for (at, wanted) in [("2027-01-01T07:59:59Z", &full), ("2027-01-01T08:00:00Z", &shared)] {
            let at = At::parse(at).unwrap();
            let found = test.app.read(&manager, move |tx, _| agreement_at(tx, client, at)).await.unwrap();
            assert_eq!(found.as_ref(), Some(wanted));
        }
        let now = test.app.read(&manager, move |tx, act| find(tx, act, client)).await.unwrap();
        assert_eq!(now.agreement, Some(full));
        assert_eq!(shared.words(), "co-managed: tier 3 escalation, after-hours cover");
        let empty = Agreement { arrangements: Vec::new(), ..shared };
        let refused = test.app.write(&manager, move |tx, act| agree(tx, act, client, &empty)).await;
        assert!(matches!(refused, Err(Refused::Invalid(_))));
    });
}

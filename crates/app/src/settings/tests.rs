//! Settings are changed by owners who saw the last ones.

use super::{change, settings};
use crate::people::Role;
use crate::refused::Refused;
use crate::testing::on_each;

#[test]
fn an_owner_who_saw_the_last_settings_changes_them_and_nobody_else_does() {
    on_each(async |test| {
        let owner = test.caller(Role::Owner, None).await;
        let before = test.app.read(&owner, |tx, _| settings(tx)).await.unwrap();
        assert_eq!((before.name.as_str(), before.version), ("Northwind", 1));
        test.app.write(&owner, |tx, act| change(tx, act, 1, " Northwind IT ", "Asia/Manila")).await.unwrap();
        let late = test.app.write(&owner, |tx, act| change(tx, act, 1, "Another", "Asia/Manila")).await;
        assert_eq!(late, Err(Refused::Stale));
        let after = test.app.read(&owner, |tx, _| settings(tx)).await.unwrap();
        assert_eq!(
            (after.name.as_str(), after.zone.as_str(), after.version),
            ("Northwind IT", "Asia/Manila", 2)
        );
        let odd = test.app.write(&owner, |tx, act| change(tx, act, 2, "", "Mars/Base")).await.unwrap_err();
        let Refused::Invalid(fields) = odd else { panic!("{odd}") };
        assert_eq!(fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>(), ["name", "zone"]);
        let manager = test.caller(Role::ServiceManager, None).await;
        let refused = test.app.write(&manager, |tx, act| change(tx, act, 2, "Mine", "Asia/Manila")).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))));
    });
}

//! Whoever goes somewhere arrives: no door is shown that does not open, and none is missing.

use std::collections::BTreeSet;

use super::*;
use crate::people::Role;
use crate::testing::on_each;

fn names(found: &[&Door]) -> Vec<&'static str> {
    found.iter().map(|door| door.name).collect()
}

#[test]
fn doors_are_found_by_the_beginnings_of_words_and_their_own_name_counts_most() {
    on_each(async |test| {
        let owner = test.caller(Role::Owner, None).await;
        assert_eq!(names(&doors(&owner, "PRIO")), ["Priorities"]);
        assert_eq!(doors(&owner, "new te")[0].name, "New team");
        assert_eq!(doors(&owner, "set")[0].name, "Settings");
        assert_eq!(names(&doors(&owner, "dark")), ["Preferences"]);
        assert_eq!(doors(&owner, "zzz"), Vec::<&Door>::new());
        assert_eq!(doors(&owner, "").len(), DOORS.len(), "an owner may open all");
        let user = test.caller(Role::Requester, Some(test.client("Harbor").await)).await;
        assert!(names(&doors(&user, "")).contains(&"New ticket"));
        assert_eq!(doors(&user, "audit"), Vec::<&Door>::new());
    });
}

#[test]
fn every_door_has_one_name_and_one_address() {
    let names: BTreeSet<&str> = DOORS.iter().map(|door| door.name).collect();
    let addresses: BTreeSet<&str> = DOORS.iter().map(|door| door.href).collect();
    assert_eq!((names.len(), addresses.len()), (DOORS.len(), DOORS.len()));
}

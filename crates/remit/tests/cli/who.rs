//! `who` and `services`.

use crate::run::{matrix, remit};

fn who(arguments: &[&str]) -> serde_json::Value {
    let file = matrix("sound.toml");
    let mut all = vec!["matrix", "who", &file];
    all.extend(arguments);
    all.extend(["--format", "json"]);
    remit(&all).json()
}

#[test]
fn the_owner_at_night_is_the_provider_with_a_due_time() {
    let answer = who(&["helpdesk.passwords", "--at", "2027-01-03 02:00"]);
    let answer =
        if answer["owner"].is_null() { who(&["helpdesk", "--at", "2027-01-03 02:00"]) } else { answer };
    assert_eq!(answer["verdict"], "owned");
    assert_eq!(answer["owner"]["party"], "northwind");
    assert_eq!(answer["row"]["id"], "after-hours");
    assert_eq!(answer["taker"]["why"], "on-duty");
    assert_eq!(answer["promise"]["respond"]["due"], "2027-01-03T10:30:00Z");
    assert_eq!(answer["beaten"][0]["id"], "all");
}

#[test]
fn a_promise_counts_in_the_hours_of_its_row() {
    // Friday 17:00: one hour of the four is left that day; Monday is no holiday.
    let answer = who(&["network", "--at", "2027-01-08 17:00"]);
    assert_eq!(answer["promise"]["respond"]["due-local"], "Mon 2027-01-11 11:00");
    assert_eq!(answer["promise"]["clock"], "office");
}

#[test]
fn a_fallback_takes_over_while_the_team_is_off_duty() {
    let answer = who(&["network", "--at", "2027-01-03 02:00"]);
    assert_eq!(answer["owner"]["party"], "harbor");
    assert_eq!(answer["taker"]["team"], "desk");
    assert_eq!(answer["taker"]["why"], "fallback");
}

#[test]
fn a_near_miss_names_the_one_condition_that_keeps_it_out() {
    let answer = who(&["backup.review", "--at", "2027-01-03 02:00", "--tier", "l1"]);
    let near = answer["near-misses"].as_array().unwrap();
    let miss = near.iter().find(|miss| miss["id"] == "after-hours-l3").unwrap();
    assert_eq!((miss["dimension"].as_str(), miss["demands"].as_str()), (Some("tier"), Some("L3")));
    assert_eq!(miss["asked"], "L1");
}

#[test]
fn a_condition_that_was_not_given_and_matters_is_said() {
    let answer = who(&["backup.review", "--at", "2027-01-03 02:00"]);
    assert_eq!(answer["depends-on"].as_array().unwrap().len(), 1);
    assert_eq!(answer["depends-on"][0]["dimension"], "tier");
    let given = who(&["backup.review", "--at", "2027-01-03 02:00", "--tier", "L3"]);
    assert_eq!(given["depends-on"], serde_json::json!([]));
    assert_eq!(given["owner"]["team"], "duty");
}

#[test]
fn the_next_change_is_when_the_office_opens() {
    let answer = who(&["helpdesk", "--at", "2027-01-03 02:00"]);
    assert_eq!(answer["next-change"]["local"], "Mon 2027-01-04 08:00");
    assert_eq!(answer["next-change"]["owner"]["party"], "harbor");
}

#[test]
fn a_service_is_found_by_its_name_and_the_choice_is_said() {
    let answer = who(&["tested recovery", "--at", "2027-01-03 02:00"]);
    assert_eq!(answer["service"], "backup.restore-test");
    assert!(answer["notes"][0].as_str().unwrap().starts_with("`tested recovery` is taken to mean"));
}

#[test]
fn a_hole_ends_with_1() {
    let run = remit(&["matrix", "who", &matrix("unsound.toml"), "network", "--at", "2027-01-03 02:00"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("nobody: no row covers this"), "{}", run.out);
    let run = remit(&["matrix", "who", &matrix("unsound.toml"), "strategy", "--at", "2027-01-05 10:00"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("in dispute"), "{}", run.out);
}

#[test]
fn the_answer_reads_well() {
    let at = ["--at", "2027-01-03 02:00"];
    let file = matrix("sound.toml");
    let run = remit(&["matrix", "who", &file, "backup.restore-test", at[0], at[1]]);
    insta::assert_snapshot!(run.out);
}

#[test]
fn services_are_listed_searched_and_drawn() {
    let all = remit(&["matrix", "services", "--format", "json"]).json();
    assert!(all["services"].as_array().unwrap().len() >= 120);
    let found = remit(&["matrix", "services", "new starter", "--format", "json"]).json();
    assert_eq!(found["services"][0]["id"], "users.onboarding");
    let tree = remit(&["matrix", "services", "backup", "--tree"]);
    assert!(tree.out.contains("backup.restore-test"), "{}", tree.out);
    assert!(!tree.out.contains("network"), "{}", tree.out);
    assert_eq!(remit(&["matrix", "services", "zzqqxx"]).code, 1);
    assert!(remit(&["matrix", "services", "--markdown"]).out.starts_with('#'));
}

//! What comes again.

use remit_core::{At, Millis};
use remit_db::{System, Tx};

use super::{ACME, Bench, Say, on_each};
use crate::Recurrence;
use crate::schedule::{self, Schedule};
use crate::worker::new_id;

/// The first instants of a rule after another.
fn instants(rule: &str, from: &str, many: usize) -> Vec<String> {
    let rule: Recurrence = rule.parse().expect("it is a rule");
    let mut at = At::parse(from).expect("it is an instant");
    let mut found = Vec::new();
    for _ in 0..many {
        at = rule.after(at);
        found.push(at.to_string());
    }
    found
}

#[test]
fn a_time_that_is_jumped_over_comes_later_and_a_time_that_comes_twice_comes_once() {
    // Berlin: 02:00 becomes 03:00 on 29 March 2026, 03:00 becomes 02:00 on 25 October 2026.
    assert_eq!(
        instants("daily 02:30 Europe/Berlin", "2026-03-28T00:00:00Z", 3),
        ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]
    );
    assert_eq!(
        instants("daily 02:30 Europe/Berlin", "2026-10-24T00:00:00Z", 3),
        ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
    );
    // Between the two occurrences the next is that of the next day.
    assert_eq!(instants("daily 02:30 Europe/Berlin", "2026-10-25T01:00:00Z", 1), ["2026-10-26T01:30:00Z"]);
}

#[test]
fn days_of_the_week_are_those_of_the_zone_and_midnight_may_be_missing() {
    // Monday 08:00 in Manila is still Monday 00:00 in UTC; Sunday in New York.
    assert_eq!(
        instants("Mon,Thu 08:00 Asia/Manila", "2026-11-23T00:00:00Z", 3),
        ["2026-11-26T00:00:00Z", "2026-11-30T00:00:00Z", "2026-12-03T00:00:00Z"]
    );
    // Beirut: 29 March 2026 begins at 01:00.
    assert_eq!(instants("Sun 00:00 Asia/Beirut", "2026-03-28T12:00:00Z", 1), ["2026-03-28T22:00:00Z"]);
    // Apia had no 30 December 2011; nothing comes twice for it.
    assert_eq!(
        instants("daily 09:00 Pacific/Apia", "2011-12-29T12:00:00Z", 3),
        ["2011-12-29T19:00:00Z", "2011-12-30T19:00:00Z", "2011-12-31T19:00:00Z"]
    );
}

#[test]
fn minutes_are_the_same_for_everybody() {
    assert_eq!(
        instants("every 15 minutes", "2026-11-23T17:00:00Z", 2),
        ["2026-11-23T17:15:00Z", "2026-11-23T17:30:00Z"]
    );
    assert_eq!(instants("every 15 minutes", "2026-11-23T17:14:59.999Z", 1), ["2026-11-23T17:15:00Z"]);
    assert_eq!(instants("every 1 minute", "1969-12-31T23:58:30Z", 1), ["1969-12-31T23:59:00Z"]);
}

#[test]
fn a_rule_reads_back_and_a_text_that_is_none_is_told_why() {
    for text in ["every 15 minutes", "daily 02:30 Europe/Berlin"] {
        assert_eq!(text.parse::<Recurrence>().unwrap().to_string(), text);
    }
    let listed: Recurrence = "Mon,Thu 08:00 Asia/Manila".parse().unwrap();
    assert_eq!(listed.to_string().parse::<Recurrence>().unwrap(), listed);
    for (text, word) in [
        ("every 0 minutes", "between 1"),
        ("daily 25:00 UTC", "time of day"),
        ("daily 02:30 Berlin", "Berlin"),
        ("Moonday 02:30 UTC", "Moonday"),
        ("sometimes", "write `every 15 minutes`"),
    ] {
        let error = text.parse::<Recurrence>().unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

async fn set(bench: &Bench, rule: &str, word: &str) {
    let recurrence = rule.parse().unwrap();
    let hourly = Schedule { provider: Some(ACME), client: None, name: "hourly".to_owned(), recurrence };
    let (said, now) = (Say { word: word.to_owned() }, bench.now());
    let set = move |tx: &mut Tx<'_, '_, System>| schedule::set(tx, &hourly, &said, now);
    bench.db.system("a test", set).await.unwrap();
}

#[test]
fn each_instant_is_one_job_however_many_look_and_what_was_missed_comes_once() {
    on_each(async |bench| {
        set(bench, "every 60 minutes", "tick").await;
        let (mut one, mut two) = (bench.worker(), bench.worker());
        assert_eq!(one.run_due().await.unwrap(), 0, "not before it is due");
        for round in 1..=3 {
            bench.pass(Millis::from_hours(1));
            let fire = || {
                let outside = std::sync::Arc::clone(&bench.outside);
                schedule::fire(&bench.db, bench.now(), move || new_id(&*outside))
            };
            let (first, second) = tokio::join!(fire(), fire());
            assert_eq!(first.unwrap() + second.unwrap(), 1);
            assert_eq!(one.run_due().await.unwrap() + two.run_due().await.unwrap(), 1);
            assert_eq!(bench.said().len(), round);
        }
        bench.pass(Millis::from_hours(100));
        assert_eq!(one.run_due().await.unwrap() + two.run_due().await.unwrap(), 1);
    });
}

#[test]
fn a_schedule_that_is_set_again_goes_on_and_one_that_is_changed_begins_anew() {
    on_each(async |bench| {
        set(bench, "every 60 minutes", "old").await;
        bench.pass(Millis::from_minutes(70));
        set(bench, "every 60 minutes", "new").await;
        assert_eq!(bench.worker().run_due().await.unwrap(), 1, "a start does not lose what was due");
        assert_eq!(bench.said(), ["new"]);
        bench.pass(Millis::from_minutes(70));
        set(bench, "every 120 minutes", "new").await;
        assert_eq!(bench.worker().run_due().await.unwrap(), 0);
        let removed = bench.db.system("a test", |tx| schedule::remove(tx, Some(ACME), "hourly")).await;
        assert_eq!(removed, Ok(true));
        bench.pass(Millis::from_hours(5));
        assert_eq!(bench.worker().run_due().await.unwrap(), 0);
    });
}

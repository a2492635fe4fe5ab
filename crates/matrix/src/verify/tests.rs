use std::sync::Arc;

use remit_core::Horizon;

use super::*;
use crate::model::Matrix;
use crate::text;

const HEAD: &str = r#"
client = "Harbor Dental"
zone = "America/Los_Angeles"
model = "co-managed"
last-resort = "duty"
[parties.provider]
name = "Northwind"
kind = "provider"
[parties.internal]
name = "Harbor IT"
kind = "internal"
[teams.desk]
party = "provider"
[teams.duty]
party = "provider"
[teams.it]
party = "internal"
hours = "office"
[calendars.office]
week = { mon-fri = "08:00-18:00" }
holidays = ["US-CA"]
"#;

fn matrix(rows: &str) -> Arc<Matrix> {
    Arc::new(text::read("m.toml", &format!("{HEAD}{rows}")).unwrap_or_else(|e| panic!("{e}")))
}

fn verify(rows: &str) -> Report {
    let matrix = matrix(rows);
    let horizon = Horizon::months("2027-01-01".parse().unwrap(), &matrix.zone, HORIZON_MONTHS);
    Compiled::new(matrix, horizon).unwrap().verify()
}

const DAY_AND_NIGHT: &str = r#"
[[rows]]
id = "night"
accountable = "provider"
responsible = "desk"
[[rows]]
id = "day"
time = "office"
accountable = "internal"
responsible = "it"
"#;

#[test]
fn a_default_and_an_exception_are_sound() {
    let report = verify(DAY_AND_NIGHT);
    assert!(report.sound, "{:#?}", report.findings);
    assert_eq!(report.findings, []);
    // 2027-01-01 to 2028-02-01 are 396 days; both ends lie in winter time.
    assert_eq!(report.sizes[7], 396 * 24 * 60);
}

#[test]
fn a_gap_says_when_and_proposes_the_row_that_closes_it() {
    let rows = DAY_AND_NIGHT
        .replace("id = \"night\"", "id = \"night\"\ntime = \"not office and not sun 02:00-06:00\"");
    let report = verify(&rows);
    assert!(!report.sound);
    let gap = &report.findings[0];
    assert_eq!(gap.kind, Kind::Gap);
    assert_eq!(gap.regions[0].minutes_per_week, 241, "57 Sundays, one an hour short, in 56.57 weeks");
    assert_eq!(gap.regions[0].first[0].local, "Sun 2027-01-03 02:00 to 06:00");
    let fix = gap.fix.clone().unwrap();
    let mended = format!(
        "{rows}\n[[rows]]\nid = \"{}\"\ntime = \"{}\"\naccountable = \"{}\"\nresponsible = \"{}\"\n",
        fix.id,
        fix.time.unwrap(),
        fix.accountable,
        fix.responsible
    );
    assert!(verify(&mended).sound);
}

#[test]
fn the_minutes_of_a_gap_follow_the_clock_changes() {
    let rows = DAY_AND_NIGHT
        .replace("id = \"night\"", "id = \"night\"\ntime = \"not office and not sun 00:00-24:00\"");
    let report = verify(&rows);
    // 57 Sundays: one has 23 hours (2027-03-14), one has 25 (2027-11-07).
    let sundays = (0..396).filter(|d| (5 + d) % 7 == 0).count() as u64;
    assert_eq!(report.findings[0].regions[0].minutes, sundays * 24 * 60);
}

#[test]
fn crossing_rows_conflict_until_a_third_decides() {
    let crossing = format!(
        "{DAY_AND_NIGHT}[[rows]]\nid = \"critical\"\npriority = \"P1\"\naccountable = \"provider\"\nresponsible = \"duty\"\n"
    );
    let report = verify(&crossing);
    let conflict = &report.findings[0];
    assert_eq!(conflict.kind, Kind::Conflict);
    assert_eq!(conflict.rows, ["day", "critical"]);
    assert_eq!(conflict.regions[0].when, "office");
    let fix = conflict.fix.clone().unwrap();
    assert_eq!(fix.priority.as_slice(), ["P1"]);
    let third = format!(
        "{crossing}[[rows]]\nid = \"third\"\npriority = \"P1\"\ntime = \"office\"\naccountable = \"{}\"\nresponsible = \"{}\"\n",
        fix.accountable, fix.responsible
    );
    assert!(verify(&third).sound);
}

#[test]
fn nobody_on_duty_is_told_apart_from_nobody_accountable() {
    let rows = r#"
[[rows]]
id = "all"
accountable = "internal"
responsible = "it"
respond = "30m"
"#;
    let report = verify(rows);
    assert!(report.sound);
    let kinds: Vec<Kind> = report.findings.iter().map(|f| f.kind).collect();
    assert_eq!(kinds, [Kind::Promise, Kind::Uncovered]);
    let covered = rows.replace("respond", "fallback = \"desk\"\nrespond");
    assert_eq!(verify(&covered).findings, []);
    // Counted in office hours the promise can be kept; the last resort is still used at night.
    let clocked = rows.replace("respond = \"30m\"", "respond = \"30m\"\nclock = \"office\"");
    let kinds: Vec<Kind> = verify(&clocked).findings.iter().map(|f| f.kind).collect();
    assert_eq!(kinds, [Kind::Uncovered]);
}

#[test]
fn dead_and_redundant_rows_are_warnings() {
    let rows = format!(
        "{DAY_AND_NIGHT}[[rows]]\nid = \"past\"\ntime = \"2020-01-01\"\naccountable = \"internal\"\nresponsible = \"it\"\n\
         [[rows]]\nid = \"again\"\ntier = \"L1\"\naccountable = \"provider\"\nresponsible = \"desk\"\ntime = \"not office\"\n"
    );
    let report = verify(&rows);
    assert!(report.sound);
    let found: Vec<(Kind, &str)> = report.findings.iter().map(|f| (f.kind, f.rows[0].as_str())).collect();
    assert_eq!(found, [(Kind::Dead, "past"), (Kind::Redundant, "again")]);
}

#[test]
fn one_minute_windows_in_twenty_zones_are_told_apart_to_the_minute() {
    let zones = [
        "Pacific/Apia",
        "Pacific/Chatham",
        "Pacific/Auckland",
        "Australia/Lord_Howe",
        "Australia/Eucla",
        "Asia/Tokyo",
        "Asia/Manila",
        "Asia/Yangon",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Asia/Kabul",
        "Asia/Tehran",
        "Africa/Cairo",
        "Europe/Berlin",
        "Africa/Casablanca",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/New_York",
        "Pacific/Marquesas",
        "Pacific/Pago_Pago",
    ];
    let names: Vec<String> = (0..zones.len()).map(|i| format!("noon-{i}")).collect();
    let calendar = |(name, zone): (&String, &&str)| {
        format!("[calendars.{name}]\nzone = \"{zone}\"\nweek = {{ daily = \"12:00-12:01\" }}\n")
    };
    let rows: String = names.iter().zip(&zones).map(calendar).collect();
    let noons = names.join(" or ");
    let open = format!(
        "{rows}[[rows]]\nid = \"rest\"\ntime = \"not ({noons})\"\naccountable = \"provider\"\nresponsible = \"desk\"\n"
    );
    let gap = &verify(&open).findings[0];
    // Zones that share an offset share a noon, so the instants are counted, not the zones.
    let horizon = Horizon::months("2027-01-01".parse().unwrap(), &matrix(DAY_AND_NIGHT).zone, HORIZON_MONTHS);
    let first: jiff::civil::Date = "2026-12-30".parse().unwrap();
    let mut instants = std::collections::BTreeSet::new();
    for zone in zones {
        let days = first.series(jiff::Span::new().days(1)).take(400);
        let noon = |d: jiff::civil::Date| d.at(12, 0, 0, 0).in_tz(zone).unwrap().timestamp().as_millisecond();
        instants.extend(days.map(noon).filter(|&ms| horizon.contains(remit_core::At::from_millis(ms))));
    }
    assert_eq!(gap.regions[0].minutes, instants.len() as u64);
    assert_eq!(gap.regions[0].when, noons);
    let closed = format!(
        "{open}[[rows]]\nid = \"noon\"\ntime = \"{noons}\"\naccountable = \"provider\"\nresponsible = \"duty\"\n"
    );
    assert!(verify(&closed).sound);
}

use super::*;
use jiff::civil::date;

fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

fn utc(local: &str, name: &str, edge: Edge) -> String {
    zone(name).at(local.parse().unwrap(), edge).to_string()
}

#[test]
fn zones_are_known_by_their_iana_names() {
    assert_eq!(zone("europe/berlin").name(), "Europe/Berlin");
    assert_eq!(zone("europe/berlin"), zone("Europe/Berlin"));
    assert_eq!(zone("UTC").name(), "UTC");
    assert_eq!(zone("UTC"), Zone::utc());
    assert_eq!(zone("US/Pacific").name(), "US/Pacific");
    assert!(tz_version().starts_with("20"), "{}", tz_version());
}

#[test]
fn unknown_zones_are_answered_with_names_to_write() {
    for (name, suggestion) in [
        ("PST", "America/Los_Angeles"),
        ("est", "America/New_York"),
        ("CET", "Europe/Berlin"),
        ("Pacific Time", "America/Los_Angeles"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("Asia/Katmandoo", "Asia/Katmandu"),
        ("Manila", "Asia/Manila"),
    ] {
        let error = Zone::parse(name).unwrap_err();
        assert_eq!(error.suggestions().first().map(String::as_str), Some(suggestion), "{name}");
        assert!(error.to_string().contains(&format!("did you mean {suggestion}")), "{error}");
        assert!(error.suggestions().iter().all(|name| Zone::parse(name).is_ok()), "{error}");
    }
    for (name, hint) in [
        ("UTC+2", "when the clocks change"),
        ("+01:00", "when the clocks change"),
        ("Middle Earth/Mordor", "such as Europe/Berlin"),
        ("", "such as Europe/Berlin"),
        ("../../etc/passwd", "such as Europe/Berlin"),
    ] {
        let message = Zone::parse(name).unwrap_err().to_string();
        assert!(message.contains(hint), "{name}: {message}");
    }
    assert!(Zone::parse(&"x".repeat(100_000)).unwrap_err().to_string().len() < 300);
}

#[test]
fn every_spoken_name_leads_to_zones_that_exist_and_is_no_zone_itself() {
    for (spoken, places) in unknown::SPOKEN {
        assert!(Zone::parse(spoken).is_err(), "{spoken}");
        assert!(places.iter().all(|place| Zone::parse(place).is_ok()), "{spoken}: {places:?}");
    }
}

#[test]
fn a_time_in_a_gap_shifts_forward_for_both_edges() {
    for edge in [Edge::Start, Edge::End] {
        assert_eq!(utc("2026-03-29T02:30", "Europe/Berlin", edge), "2026-03-29T01:30:00Z");
        assert_eq!(utc("2026-03-29T03:30", "Europe/Berlin", edge), "2026-03-29T01:30:00Z");
        // Lord Howe moves by half an hour.
        assert_eq!(utc("2026-10-04T02:15", "Australia/Lord_Howe", edge), "2026-10-03T15:45:00Z");
        // Apia's missing day is a gap of 24 hours.
        assert_eq!(utc("2011-12-30T06:00", "Pacific/Apia", edge), "2011-12-30T16:00:00Z");
        assert_eq!(utc("2011-12-31T06:00", "Pacific/Apia", edge), "2011-12-30T16:00:00Z");
    }
}

#[test]
fn a_time_in_a_fold_starts_at_the_first_and_ends_at_the_last() {
    assert_eq!(utc("2026-10-25T02:30", "Europe/Berlin", Edge::Start), "2026-10-25T00:30:00Z");
    assert_eq!(utc("2026-10-25T02:30", "Europe/Berlin", Edge::End), "2026-10-25T01:30:00Z");
    assert_eq!(utc("2026-04-05T01:45", "Australia/Lord_Howe", Edge::Start), "2026-04-04T14:45:00Z");
    assert_eq!(utc("2026-04-05T01:45", "Australia/Lord_Howe", Edge::End), "2026-04-04T15:15:00Z");
}

#[test]
fn the_offset_of_the_date_applies_not_that_of_today() {
    let berlin = zone("Europe/Berlin");
    let offset = |text: &str| berlin.offset_at(At::parse(text).unwrap()).minutes();
    assert_eq!([offset("2026-01-01T00:00:00Z"), offset("2026-07-01T00:00:00Z")], [60, 120]);
    assert_eq!(offset("1945-06-01T00:00:00Z"), 180);
    assert_eq!(berlin.local(At::parse("1945-06-01T00:00:00Z").unwrap()).to_string(), "1945-06-01T03:00:00");
    assert_eq!(utc("2018-01-15T12:00", "America/Sao_Paulo", Edge::Start), "2018-01-15T14:00:00Z");
    assert_eq!(utc("2026-01-15T12:00", "America/Sao_Paulo", Edge::Start), "2026-01-15T15:00:00Z");
}

#[test]
fn days_that_a_zone_skipped_do_not_exist() {
    let apia = zone("Pacific/Apia");
    assert!(!apia.day_exists(date(2011, 12, 30)));
    assert!(apia.day_exists(date(2011, 12, 29)) && apia.day_exists(date(2011, 12, 31)));
    assert!(!zone("Asia/Manila").day_exists(date(1844, 12, 31)));
    assert!(!zone("Pacific/Kwajalein").day_exists(date(1993, 8, 21)));
    // The clocks skipped midnight, but not the day.
    assert!(zone("America/Sao_Paulo").day_exists(date(2018, 11, 4)));
}

#[test]
fn days_have_the_hours_that_their_zone_gives_them() {
    let minutes = |name: &str, day: Date| {
        let zone = zone(name);
        let start = zone.at(day.at(0, 0, 0, 0), Edge::Start);
        zone.offsets(Span::new(start, start)).day(day).total().minutes()
    };
    assert_eq!(minutes("Europe/Berlin", date(2026, 3, 28)), 24 * 60);
    assert_eq!(minutes("Europe/Berlin", date(2026, 3, 29)), 23 * 60);
    assert_eq!(minutes("Europe/Berlin", date(2026, 10, 25)), 25 * 60);
    assert_eq!(minutes("Australia/Lord_Howe", date(2026, 4, 5)), 24 * 60 + 30);
    assert_eq!(minutes("Australia/Lord_Howe", date(2026, 10, 4)), 23 * 60 + 30);
    assert_eq!(minutes("America/Sao_Paulo", date(2018, 11, 4)), 23 * 60);
    assert_eq!(minutes("America/Sao_Paulo", date(2018, 2, 17)), 25 * 60);
    assert_eq!(minutes("Pacific/Apia", date(2011, 12, 30)), 0);
}

#[test]
fn a_day_in_two_pieces_keeps_both() {
    // St John's used to go back one hour at 00:01, so the last 59 minutes of Saturday came again after a minute of Sunday.
    let zone = zone("America/St_Johns");
    let day = date(2010, 11, 6);
    let start = zone.at(day.at(0, 0, 0, 0), Edge::Start);
    let pieces = zone.offsets(Span::new(start, start)).day(day);
    assert_eq!(pieces.len(), 2);
    assert_eq!(pieces.total().minutes(), 24 * 60 + 59);
}

#[test]
fn the_table_of_offsets_says_what_the_rules_say() {
    for name in [
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
        "Africa/Cairo",
        "America/St_Johns",
        "Asia/Manila",
        "Europe/Berlin",
    ] {
        let zone = zone(name);
        let (from, until) =
            (At::parse("1840-01-01T00:00:00Z").unwrap(), At::parse("2040-01-01T00:00:00Z").unwrap());
        let offsets = zone.offsets(Span::new(from, until));
        // A step with no common factor with days or hours, so that it falls into every hour of the day.
        for millis in (from.millis()..until.millis()).step_by(7 * 60_000 * 311) {
            let at = At::from_millis(millis);
            assert_eq!(offsets.offset_at(at), zone.offset_at(at), "{name} {at}");
            let local = zone.local(at);
            for edge in [Edge::Start, Edge::End] {
                let minute = local.hour() as u16 * 60 + local.minute() as u16;
                let whole_minute = local.date().at(local.hour(), local.minute(), 0, 0);
                assert_eq!(
                    offsets.at(local.date(), minute, edge),
                    zone.at(whole_minute, edge),
                    "{name} {local} {edge:?}"
                );
            }
        }
    }
}

#[test]
fn the_ends_of_time_do_not_panic() {
    for name in ["Europe/Berlin", "Pacific/Apia", "UTC"] {
        let zone = zone(name);
        for at in [At::MIN, At::MAX] {
            let local = zone.local(at);
            for edge in [Edge::Start, Edge::End] {
                let back = zone.at(local, edge);
                assert!(
                    (back - at.to_jiff_and_back()).millis().abs() < 1000 * 3600 * 26,
                    "{name} {at} {back}"
                );
            }
            zone.offset_at(at);
            zone.offsets(Span::new(at, at)).offset_at(at);
        }
        zone.offsets(Span::new(At::MIN, At::MAX));
        assert!(zone.at(DateTime::MIN, Edge::Start) < zone.at(DateTime::MAX, Edge::End));
        assert!(zone.day_exists(Date::MIN) && zone.day_exists(Date::MAX));
    }
}

impl At {
    fn to_jiff_and_back(self) -> At {
        At::from_jiff(self.to_jiff())
    }
}

use super::*;

#[test]
fn the_usual_shapes_are_read() {
    for (text, millis) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2026-03-29T01:30:00Z", 1_774_747_800_000),
        ("2026-03-29T02:30:00+01:00", 1_774_747_800_000),
        ("2026-03-28 15:30:00.25-10:00", 1_774_747_800_250),
        ("2026-03-29t01:30:00.123999999z", 1_774_747_800_123),
        ("0000-02-29T00:00:00Z", -62_162_121_600_000),
        ("9999-12-31T23:59:59.999+23:59", 253_402_300_799_999 - 86_340_000),
    ] {
        assert_eq!(At::parse(text).map(At::millis), Ok(millis), "{text}");
    }
}

#[test]
fn the_rare_shapes_are_left_to_jiff() {
    let half_past_one = At::from_millis(1_774_747_800_000);
    for text in [
        "2026-03-29T01:30Z",
        "2026-03-29T02:30:00+0100",
        "2026-03-29T02:30+01",
        "20260329T013000Z",
        "2026-03-29T01:30:00,000Z",
        "+002026-03-29T01:30:00Z",
        "2026-03-29T02:30:00+01:00[Europe/Berlin]",
    ] {
        assert_eq!(At::parse(text), Ok(half_past_one), "{text}");
    }
    // A leap second counts as the second before it.
    assert_eq!(At::parse("2016-12-31T23:59:60Z"), At::parse("2016-12-31T23:59:59Z"));
}

#[test]
fn anything_else_is_refused_with_what_to_write() {
    for (text, hint) in [
        ("-009999-01-02T01:59:58.999999999Z", "a date that exists"),
        ("2026-03-29T01:30:00", "no offset from UTC; write 2026-03-29T01:30:00Z"),
        ("2026-03-29 01:30", "no offset from UTC"),
        ("2026-03-29", "no time of day; write 2026-03-29T00:00:00Z"),
        (" 2026-03-29T01:30:00Z", "remove the space"),
        ("2026-02-29T01:30:00Z", "a date that exists"),
        ("2026-13-01T00:00:00Z", "a date that exists"),
        ("2026-03-29T25:30:00Z", "RFC 3339"),
        ("2026-03-29T01:60:00Z", "RFC 3339"),
        ("2026-03-29T01:30:00+1:00", "RFC 3339"),
        ("2026-03-29T01:30:00.Z", "RFC 3339"),
        ("2026-03-29T01:30:00Zulu", "RFC 3339"),
        ("29.03.2026 01:30", "RFC 3339"),
        ("1774747800", "RFC 3339"),
        ("", "RFC 3339"),
        ("日本語日本語日本語日本語", "RFC 3339"),
    ] {
        let message = At::parse(text).unwrap_err().to_string();
        assert!(message.contains(hint), "{text}: {message}");
    }
    let message = At::parse(&"9".repeat(100_000)).unwrap_err().to_string();
    assert!(message.contains("longer than") && message.len() < 300, "{message}");
}

#[test]
fn the_own_path_agrees_with_jiff_on_every_day_and_offset() {
    for step in 0..20_000_i64 {
        let millis = -62_167_219_200_000 + step * 15_778_462_753;
        let timestamp = Timestamp::from_millisecond(millis).unwrap();
        let by_jiff = if millis % 1000 == 0 { format!("{timestamp}") } else { format!("{timestamp:.3}") };
        assert_eq!(At::from_millis(millis).to_string(), by_jiff);
        assert_eq!(At::parse(&format!("{timestamp}")), Ok(At::from_millis(millis)));
        let offset = jiff::tz::Offset::from_seconds(((step % 1440 - 720) * 60) as i32).unwrap();
        if let Some(text) =
            Some(timestamp.display_with_offset(offset).to_string()).filter(|text| text.len() < 40)
        {
            assert_eq!(At::parse(&text), Ok(At::from_millis(millis)), "{text}");
        }
    }
}

#[test]
fn arithmetic_stops_at_the_ends_of_time() {
    let one = Millis::from_millis(1);
    assert_eq!(At::from_millis(5) + one - one, At::from_millis(5));
    assert_eq!(At::from_millis(5) - At::from_millis(7), Millis::from_millis(-2));
    assert_eq!(At::MAX + one, At::MAX);
    assert_eq!(At::MIN - one, At::MIN);
    assert_eq!(At::MAX.checked_add(one), None);
    assert_eq!(At::MIN.checked_sub(one), None);
    assert_eq!(At::MAX - At::MIN, Millis::MAX);
    for end in [At::MIN, At::MAX] {
        assert!(end.to_string().len() > 20);
        assert_eq!(
            At::from_minute(end.minute()).minute(),
            end.minute().max(At::from_minute(i64::MIN).minute())
        );
    }
}

#[test]
fn years_beyond_four_digits_are_written_so_that_they_are_read_back() {
    let early = At::parse("-009999-01-02T01:59:59.999Z").unwrap();
    assert_eq!(early.to_string(), "-009999-01-02T01:59:59.999Z");
    assert_eq!(At::parse("0000-01-01T00:00:00+10:00").unwrap().to_string(), "-000001-12-31T14:00:00Z");
    assert!(At::parse("9999-12-31T23:59:59-10:00").is_err());
}

#[test]
fn minutes_round_down_on_both_sides_of_the_epoch() {
    assert_eq!(At::from_millis(-1).minute(), -1);
    assert_eq!(At::from_millis(59_999).minute(), 0);
    assert_eq!(At::from_minute(-3).millis(), -180_000);
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Holder {
    at: At,
}

#[test]
fn instants_are_text_for_serde() {
    let at = At::from_millis(1_774_747_800_250);
    let text = toml::to_string(&Holder { at }).unwrap();
    assert_eq!(text, "at = \"2026-03-29T01:30:00.250Z\"\n");
    assert_eq!(toml::from_str::<Holder>(&text).unwrap(), Holder { at });
    let error = toml::from_str::<Holder>("at = \"2026-03-29\"").unwrap_err().to_string();
    assert!(error.contains("no time of day"), "{error}");
}

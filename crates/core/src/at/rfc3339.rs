//! RFC 3339 to milliseconds: one pass over the bytes for the shapes that machines write, jiff for the rest.

use super::{At, AtError};
use crate::day_number::{DAY, MINUTE, days_in_month, from_civil};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// Longest text that is looked at; no instant needs more, even with a zone in brackets.
const LONGEST: usize = 120;

/// Milliseconds since the epoch of an RFC 3339 text.
pub(super) fn parse(text: &str) -> Result<i64, AtError> {
    match usual(text.as_bytes()) {
        Some(millis) => Ok(millis),
        None => rare(text),
    }
}

/// `YYYY-MM-DD(T|t|space)HH:MM:SS[.digits](Z|z|±HH:MM)` with every field in its range; none for anything else.
fn usual(text: &[u8]) -> Option<i64> {
    let (head, rest) = text.split_first_chunk::<19>()?;
    let shape = head[4] == b'-'
        && head[7] == b'-'
        && matches!(head[10], b'T' | b't' | b' ')
        && head[13] == b':'
        && head[16] == b':';
    let year = two(head, 0)? * 100 + two(head, 2)?;
    let (month, day) = (two(head, 5)?, two(head, 8)?);
    let (hour, minute, second) = (two(head, 11)?, two(head, 14)?, two(head, 17)?);
    let ranges = (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !shape || !ranges {
        return None;
    }
    let (millis, zone) = fraction(rest)?;
    let in_day = hour * 3_600_000 + minute * MINUTE + second * 1000 + millis;
    let millis = from_civil(year, month, day) * DAY + in_day - offset(zone)?;
    // An offset can lead into the year 10,000, which no calendar here has.
    (millis < from_civil(10_000, 1, 1) * DAY).then_some(millis)
}

/// The two digits at `at`, as a number.
fn two(text: &[u8], at: usize) -> Option<i64> {
    let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens) * 10 + i64::from(ones))
}

/// The milliseconds of an optional fraction, and what follows it.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let Some((b'.', digits)) = text.split_first() else { return Some((0, text)) };
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&length) {
        return None;
    }
    let millis = (0..3).fold(0, |sum, i| sum * 10 + if i < length { i64::from(digits[i] - b'0') } else { 0 });
    Some((millis, &digits[length..]))
}

/// The milliseconds by which local time is ahead of UTC.
fn offset(text: &[u8]) -> Option<i64> {
    match text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (two(text, 1)?, two(text, 4)?);
            let ahead = hours * 3_600_000 + minutes * MINUTE;
            (hours < 24 && minutes < 60).then_some(if *sign == b'+' { ahead } else { -ahead })
        }
        _ => None,
    }
}

/// Whatever else jiff takes for an instant; else the error with a hint.
fn rare(text: &str) -> Result<i64, AtError> {
    let error = |hint: String| {
        let mut shown: String = text.chars().take(LONGEST).collect();
        if shown.len() < text.len() {
            shown.push_str("...");
        }
        Err(AtError { text: shown, hint })
    };
    if text.len() > LONGEST {
        return error(format!("it is longer than {LONGEST} bytes; write it like 2026-03-29T02:30:00+01:00"));
    }
    // The parser fails an assertion on the last fraction of a second before its first instant (jiff 0.2.43).
    if text.starts_with("-009999") && whole_seconds(text).parse::<Timestamp>().is_err() {
        return error(hint(text));
    }
    match text.parse::<Timestamp>() {
        Ok(timestamp) => Ok(At::from_jiff(timestamp).millis()),
        Err(_) => error(hint(text)),
    }
}

fn whole_seconds(text: &str) -> String {
    let (whole, rest) = text.split_once(['.', ',']).unwrap_or((text, ""));
    whole.to_owned() + rest.trim_start_matches(|c: char| c.is_ascii_digit())
}

/// What to write instead.
fn hint(text: &str) -> String {
    if text.trim() != text && parse(text.trim()).is_ok() {
        return "remove the space around it".to_owned();
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return if text.parse::<Date>().is_ok() && !text.contains([':', 'T', 't']) {
            format!("it has no time of day; write {local}Z, or {local}+01:00 with the offset that applies")
        } else {
            format!(
                "it has no offset from UTC; write {local}Z for UTC, or {local}+01:00 with the offset that applies"
            )
        };
    }
    "write RFC 3339 with an offset, like 2026-03-29T02:30:00+01:00 or 2026-03-29T01:30:00Z, with a date that exists"
        .to_owned()
}

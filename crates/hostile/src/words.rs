//! The small words of `remit-core`: one line of input is one word.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use remit_core::{At, Currency, HolidaySet, Millis, Money, Slug, Weekday, Weekdays, Window, Zone};

/// RFC 3339 instants and durations. A duration is also read back from its short form, and an instant from its own form
/// with an offset.
pub fn instants(bytes: &[u8]) {
    for word in lines(bytes) {
        if let Some(at) = reads_back::<At>(word) {
            assert_eq!(At::from_millis(at.millis()), at);
        }
        if let Some(length) = reads_back::<Millis>(word) {
            assert_eq!(Millis::parse(&length.compact()).as_ref(), Ok(&length), "short form of {word:?}");
        }
    }
}

/// Weekdays and windows of the wall clock.
pub fn calendar_words(bytes: &[u8]) {
    for word in lines(bytes) {
        reads_back::<Weekday>(word);
        reads_back::<Weekdays>(word);
        if let Some(window) = reads_back::<Window>(word) {
            assert!(window.start_minute() < window.end_from_opening_day(), "{word:?} ends before it starts");
        }
    }
}

/// Zones and codes of holiday regions: looked up in lists, with suggestions for what is not there.
pub fn places(bytes: &[u8]) {
    for word in lines(bytes) {
        reads_back::<Zone>(word);
        if let Ok(set) = HolidaySet::parse(&[word]) {
            assert_eq!(HolidaySet::parse(set.codes()).as_ref().map(HolidaySet::codes), Ok(set.codes()));
        }
    }
}

/// Slugs of services and teams, currencies and sums of money.
pub fn names_and_money(bytes: &[u8]) {
    for word in lines(bytes) {
        reads_back::<Currency>(word);
        reads_back::<Money>(word);
        if let Some(slug) = reads_back::<Slug>(word) {
            assert!(slug.is_within(&slug));
            assert!(slug.parent().is_none_or(|parent| slug.is_within(&parent)));
        }
    }
}

/// The lines of the input that are text.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &str> {
    bytes.split(|&byte| byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok())
}

/// Reads the word; if it can be read, writes it and reads that: both must be the same. If not, the message must say something.
fn reads_back<T>(word: &str) -> Option<T>
where
    T: FromStr<Err: Display + Debug> + Display + PartialEq + Debug,
{
    match word.parse::<T>() {
        Ok(read) => {
            let written = read.to_string();
            let again = written.parse::<T>();
            assert_eq!(
                again.as_ref().ok(),
                Some(&read),
                "{word:?} was written as {written:?} and read as {again:?}"
            );
            Some(read)
        }
        Err(error) => {
            assert!(!error.to_string().is_empty(), "no message for {word:?}");
            None
        }
    }
}

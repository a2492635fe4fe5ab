//! Windows of a day on the wall clock.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Minutes of a day on the wall clock.
const DAY: u16 = 1440;

/// A window of wall-clock time that opens on one day and closes on the same day, at its end (24:00) or, when it is
/// overnight, on the next day. It is shorter than 24 hours or exactly 00:00-24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    start: u16,
    /// Minutes after 00:00 of the day it opens on; more than 1440 when overnight.
    end: u16,
}

/// Why a text is not a window; the message says what to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a window: {hint}")]
pub struct WindowError {
    text: String,
    hint: String,
}

impl Window {
    /// The whole day.
    pub const ALL_DAY: Window = Window { start: 0, end: DAY };

    /// From minute `start_minute` (0..1440) to minute `end_minute` (0..=1440) of the wall clock. An end at or before the
    /// start lies on the next day; an end of 0 is 24:00. None when out of range or when both are the same.
    pub const fn new(start_minute: u16, end_minute: u16) -> Option<Window> {
        if start_minute >= DAY || end_minute > DAY || start_minute == end_minute {
            return None;
        }
        let end = if end_minute <= start_minute { end_minute + DAY } else { end_minute };
        Some(Window { start: start_minute, end })
    }

    /// Reads `08:00-18:00`, `22:00-06:00` (overnight), `00:00-24:00`. Spaces around the dash do not matter.
    pub fn parse(text: &str) -> Result<Window, WindowError> {
        let error = |hint: String| WindowError { text: text.chars().take(40).collect(), hint };
        let Some((start, end)) = text.split_once(['-', '–']) else {
            return Err(error("write a start and an end, like 08:00-18:00".to_owned()));
        };
        let (start, end) = (clock(start.trim()).map_err(error)?, clock(end.trim()).map_err(error)?);
        if start == end {
            return Err(error("it starts when it ends; for the whole day write 00:00-24:00".to_owned()));
        }
        if start == DAY {
            let end = Clock(end);
            return Err(error(format!("24:00 can only be an end; to start at midnight write 00:00-{end}")));
        }
        Window::new(start, end).ok_or_else(|| error("write it like 08:00-18:00".to_owned()))
    }

    /// Minutes after 00:00 at which it opens, 0..1440.
    pub const fn start_minute(self) -> u16 {
        self.start
    }

    /// The wall clock at which it closes, 1..=1440; on the next day when [overnight](Window::is_overnight).
    pub const fn end_minute(self) -> u16 {
        if self.end > DAY { self.end - DAY } else { self.end }
    }

    /// Minutes after 00:00 of the day it opens on at which it closes, 1..2880.
    pub const fn end_from_opening_day(self) -> u16 {
        self.end
    }

    /// Whether it closes on the day after it opens (24:00 still belongs to the day).
    pub const fn is_overnight(self) -> bool {
        self.end > DAY
    }
}

/// A time of day with minutes, 0..=1440.
struct Clock(u16);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// Minutes of `HH:MM` or `H:MM`, 24:00 included, or a hint.
fn clock(text: &str) -> Result<u16, String> {
    let number = |digits: &str| match digits.len() {
        1 | 2 if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse::<u16>().ok(),
        _ => None,
    };
    let Some((hours, minutes)) = text.split_once(':') else {
        return Err(hint_without_colon(text, number(text)));
    };
    let (Some(hours), Some(minutes), 2) = (number(hours), number(minutes), minutes.len()) else {
        return Err(format!("`{}` is not a time; write hours and minutes, like 08:00-18:00", shorten(text)));
    };
    match (hours, minutes) {
        (0..24, 0..60) | (24, 0) => Ok(hours * 60 + minutes),
        (24, 0..60) => Err(format!(
            "{text} is past the end of the day; the last time is 24:00, an end on the next day is written 22:00-00:{minutes:02}"
        )),
        (_, 60..) => Err(format!("`{text}` has more than 59 minutes")),
        _ => Err(format!("`{text}` has more than 24 hours")),
    }
}

fn hint_without_colon(text: &str, hour: Option<u16>) -> String {
    let lower = text.to_ascii_lowercase();
    if lower.ends_with("am") || lower.ends_with("pm") {
        return "write the 24-hour clock, like 09:00-17:00".to_owned();
    }
    match hour {
        Some(hour @ 0..=24) => format!("write the minutes too: {hour:02}:00 for `{text}`"),
        _ => format!("`{}` is not a time; write hours and minutes, like 08:00-18:00", shorten(text)),
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(20).collect()
}

/// What [`Window::parse`] reads: `08:00-18:00`.
impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}-{}", Clock(self.start), Clock(self.end_minute())))
    }
}

impl FromStr for Window {
    type Err = WindowError;
    fn from_str(text: &str) -> Result<Window, WindowError> {
        Window::parse(text)
    }
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Window, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Window::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_windows_are_read_and_written() {
        for (text, start, end, overnight) in [
            ("08:00-18:00", 480, 1080, false),
            ("22:00-06:00", 1320, 360, true),
            ("00:00-24:00", 0, 1440, false),
            ("17:30-24:00", 1050, 1440, false),
            ("23:59-00:01", 1439, 1, true),
        ] {
            let window = Window::parse(text).unwrap();
            assert_eq!(
                (window.start_minute(), window.end_minute(), window.is_overnight()),
                (start, end, overnight)
            );
            assert_eq!(window.to_string(), text);
        }
        assert_eq!(Window::parse("8:00 – 18:00"), Window::parse("08:00-18:00"));
        assert_eq!(Window::parse("22:00-00:00").unwrap().to_string(), "22:00-24:00");
        assert_eq!(Window::new(0, 1440), Some(Window::ALL_DAY));
        assert_eq!(Window::new(1440, 60), None);
    }

    #[test]
    fn other_shapes_are_refused_with_what_to_write() {
        for (text, hint) in [
            ("08:00", "a start and an end"),
            ("8-18", "08:00 for `8`"),
            ("08:00-24:30", "24:30 is past the end of the day"),
            ("18:00-18:00", "00:00-24:00"),
            ("24:00-06:00", "00:00-06:00"),
            ("9am-5pm", "24-hour clock"),
            ("08:60-18:00", "59 minutes"),
            ("25:00-26:00", "24 hours"),
            ("08:0-18:00", "is not a time"),
            ("-", "is not a time"),
            ("ab:cd-18:00", "is not a time"),
            ("08:00-18:00-20:00", "is not a time"),
            ("00:00-00:00", "00:00-24:00"),
        ] {
            let message = Window::parse(text).unwrap_err().to_string();
            assert!(message.contains(hint), "{text}: {message}");
        }
    }
}

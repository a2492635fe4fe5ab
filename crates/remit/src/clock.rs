//! The one place that asks what time it is, and the words for days and instants on the command line.

use jiff::civil::{ISOWeekDate, Weekday};
use remit_core::{At, Date, DateTime, Edge, Horizon, Zone};

use crate::failure::Failure;

/// The present instant.
#[expect(clippy::disallowed_methods, reason = "the edge of the program; everything inside is told the time")]
pub fn now() -> At {
    At::from_jiff(jiff::Timestamp::now())
}

/// Today in a zone.
pub fn today(zone: &Zone) -> Date {
    zone.local(now()).date()
}

/// A day: `2027-01-31` or `today`.
pub fn date(text: &str, zone: &Zone) -> Result<Date, Failure> {
    if text == "today" {
        return Ok(today(zone));
    }
    text.parse().map_err(|_| {
        Failure::new(format!("`{text}` is not a date")).hint("write one that exists, such as 2027-01-31")
    })
}

/// The first day of what is proved, and the months from there.
pub fn horizon(from: Option<&str>, months: u16, zone: &Zone) -> Result<Horizon, Failure> {
    let first = from.map_or_else(|| Ok(today(zone)), |text| date(text, zone))?;
    Ok(Horizon::months(first, zone, months))
}

/// An instant and what had to be assumed about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instant {
    /// The instant.
    pub at: At,
    /// What the clocks do to it, where they change.
    pub note: Option<String>,
}

/// An instant: `now`, RFC 3339 with an offset, or wall-clock time of the zone such as `2027-01-03 02:00`.
pub fn instant(text: Option<&str>, zone: &Zone) -> Result<Instant, Failure> {
    let text = match text.map(str::trim) {
        None | Some("now") => return Ok(Instant { at: now(), note: None }),
        Some(text) => text,
    };
    if let Ok(at) = At::parse(text) {
        return Ok(Instant { at, note: None });
    }
    let local: DateTime = text.parse().map_err(|_| not_an_instant(text, zone))?;
    let at = zone.at(local, Edge::Start);
    let note = if zone.local(at) != local {
        Some(format!(
            "the clocks skip {} in {zone}; {} is meant",
            local.strftime("%H:%M"),
            zone.local(at).strftime("%H:%M")
        ))
    } else if zone.at(local, Edge::End) != at {
        Some(format!("{} comes twice that night in {zone}; the first is meant", local.strftime("%H:%M")))
    } else {
        None
    };
    Ok(Instant { at, note })
}

fn not_an_instant(text: &str, zone: &Zone) -> Failure {
    let failure = Failure::new(format!("`{text}` is not an instant"));
    let day = text.get(..10).filter(|day| day.bytes().filter(|b| *b == b'-').count() == 2);
    if let Some(day) = day.filter(|day| day.parse::<Date>().is_err()) {
        return failure.hint(format!("there is no day {day}"));
    }
    failure.hint(format!(
        "write wall-clock time of {zone} such as \"2027-01-03 02:00\", or 2027-01-03T02:00:00-08:00"
    ))
}

/// The Monday of a week: `2027-W01`, or the week of the day `from`, or this week.
pub fn monday(week: Option<&str>, from: Option<&str>, zone: &Zone) -> Result<Date, Failure> {
    let day = match (week, from) {
        (Some(week), _) => return iso_week(week),
        (None, Some(from)) => date(from, zone)?,
        (None, None) => today(zone),
    };
    let week = day.iso_week_date();
    monday_of(week.year(), week.week())
        .ok_or_else(|| Failure::new(format!("the week of {day} lies beyond all calendars")))
}

fn iso_week(text: &str) -> Result<Date, Failure> {
    let wrong = || {
        Failure::new(format!("`{text}` is not a week"))
            .hint("write year and ISO week, such as 2027-W01, or use --from DATE")
    };
    let (year, week) = text.split_once('-').ok_or_else(wrong)?;
    let week = week.strip_prefix(['W', 'w']).ok_or_else(wrong)?;
    let (Ok(year), Ok(number)) = (year.parse(), week.parse()) else { return Err(wrong()) };
    monday_of(year, number).ok_or_else(|| {
        Failure::new(format!("{year} has no week {number}")).hint("a year has 52 ISO weeks, some have 53")
    })
}

fn monday_of(year: i16, week: i8) -> Option<Date> {
    ISOWeekDate::new(year, week, Weekday::Monday).ok().map(ISOWeekDate::date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::parse("Europe/Berlin").unwrap()
    }

    #[test]
    fn wall_clock_time_is_that_of_the_client() {
        let winter = instant(Some("2027-01-03 02:00"), &berlin()).unwrap();
        assert_eq!((winter.at.to_string().as_str(), winter.note), ("2027-01-03T01:00:00Z", None));
        let same = instant(Some("2027-01-03T02:00:00+01:00"), &berlin()).unwrap();
        assert_eq!(same.at, winter.at);
    }

    #[test]
    fn a_time_that_the_clocks_skip_or_repeat_is_said() {
        let skipped = instant(Some("2027-03-28 02:30"), &berlin()).unwrap();
        assert_eq!(skipped.note.unwrap(), "the clocks skip 02:30 in Europe/Berlin; 03:30 is meant");
        let twice = instant(Some("2027-10-31 02:30"), &berlin()).unwrap();
        assert_eq!(twice.at.to_string(), "2027-10-31T00:30:00Z");
        assert!(twice.note.unwrap().contains("comes twice"));
    }

    #[test]
    fn a_day_that_does_not_exist_is_named() {
        let failure = instant(Some("2027-02-30 10:00"), &berlin()).unwrap_err();
        assert_eq!(failure.errors[0].hint.as_deref(), Some("there is no day 2027-02-30"));
        assert!(date("2027-13-01", &berlin()).is_err());
    }

    #[test]
    fn weeks_are_those_of_iso_8601() {
        let monday = |text| monday(Some(text), None, &berlin()).map(|day| day.to_string());
        assert_eq!(monday("2027-W01").unwrap(), "2027-01-04");
        assert_eq!(monday("2026-W53").unwrap(), "2026-12-28");
        assert!(monday("2027-W53").is_err());
        assert!(monday("2027-1").is_err());
    }

    #[test]
    fn the_week_of_a_day_begins_on_its_monday() {
        assert_eq!(monday(None, Some("2027-01-03"), &berlin()).unwrap().to_string(), "2026-12-28");
    }
}

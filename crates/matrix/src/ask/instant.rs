//! Moments and weeks as people write them, on the wall clock of a zone.

use jiff::civil::{ISOWeekDate, Weekday};
use remit_core::{At, Date, DateTime, Edge, Horizon, Millis, Zone};

use super::Unclear;

/// An instant and what had to be assumed about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instant {
    /// The instant.
    pub at: At,
    /// What the clocks do to it, where they change.
    pub note: Option<String>,
}

/// An instant out of nothing or `now`, RFC 3339 with an offset, or wall-clock time of the zone such as `2027-01-03 02:00`.
pub fn instant(text: Option<&str>, zone: &Zone, now: At) -> Result<Instant, Unclear> {
    let text = match text.map(str::trim) {
        None | Some("now" | "") => return Ok(Instant { at: now, note: None }),
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

fn not_an_instant(text: &str, zone: &Zone) -> Unclear {
    let unclear = Unclear::new(format!("`{text}` is not an instant"));
    let day = text.get(..10).filter(|day| day.bytes().filter(|b| *b == b'-').count() == 2);
    if let Some(day) = day.filter(|day| day.parse::<Date>().is_err()) {
        return unclear.hint(format!("there is no day {day}"));
    }
    unclear.hint(format!(
        "write wall-clock time of {zone} such as \"2027-01-03 02:00\", or 2027-01-03T02:00:00-08:00"
    ))
}

/// The Monday of the week that a day is in.
pub fn monday_of(day: Date) -> Result<Date, Unclear> {
    let week = day.iso_week_date();
    first_day(week.year(), week.week())
        .ok_or_else(|| Unclear::new(format!("the week of {day} lies beyond all calendars")))
}

/// The Monday of an ISO week such as `2027-W01`.
pub fn iso_week(text: &str) -> Result<Date, Unclear> {
    let wrong =
        || Unclear::new(format!("`{text}` is not a week")).hint("write year and ISO week, such as 2027-W01");
    let (year, week) = text.split_once('-').ok_or_else(wrong)?;
    let week = week.strip_prefix(['W', 'w']).ok_or_else(wrong)?;
    let (Ok(year), Ok(number)) = (year.parse(), week.parse()) else { return Err(wrong()) };
    first_day(year, number).ok_or_else(|| {
        Unclear::new(format!("{year} has no week {number}")).hint("a year has 52 ISO weeks, some have 53")
    })
}

fn first_day(year: i16, week: i8) -> Option<Date> {
    ISOWeekDate::new(year, week, Weekday::Monday).ok().map(ISOWeekDate::date)
}

/// The week that begins on a Monday, with a day on either side.
pub fn week_around(monday: Date, zone: &Zone) -> Horizon {
    let start = zone.at(monday.at(0, 0, 0, 0), Edge::Start);
    Horizon::new(start - Millis::from_hours(24), start + Millis::from_hours(9 * 24))
}

/// Where in a week an instant lies, in minutes of wall time from Monday 00:00.
pub fn minute_of_week(at: At, monday: Date, zone: &Zone) -> Option<u16> {
    let local = zone.local(at);
    let day = monday.until(local.date()).ok()?.get_days();
    let day = u16::try_from(day).ok().filter(|day| *day < 7)?;
    Some(day * 1440 + u16::try_from(local.hour()).ok()? * 60 + u16::try_from(local.minute()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::parse("Europe/Berlin").unwrap()
    }

    fn asked(text: &str) -> Result<Instant, Unclear> {
        instant(Some(text), &berlin(), At::from_millis(0))
    }

    #[test]
    fn wall_clock_time_is_that_of_the_client() {
        let winter = asked("2027-01-03 02:00").unwrap();
        assert_eq!((winter.at.to_string().as_str(), winter.note), ("2027-01-03T01:00:00Z", None));
        let same = asked("2027-01-03T02:00:00+01:00").unwrap();
        assert_eq!(same.at, winter.at);
    }

    #[test]
    fn a_time_that_the_clocks_skip_or_repeat_is_said() {
        let skipped = asked("2027-03-28 02:30").unwrap();
        assert_eq!(skipped.note.unwrap(), "the clocks skip 02:30 in Europe/Berlin; 03:30 is meant");
        let twice = asked("2027-10-31 02:30").unwrap();
        assert_eq!(twice.at.to_string(), "2027-10-31T00:30:00Z");
        assert!(twice.note.unwrap().contains("comes twice"));
    }

    #[test]
    fn a_day_that_does_not_exist_is_named() {
        let failure = asked("2027-02-30 10:00").unwrap_err();
        assert_eq!(failure.hint.as_deref(), Some("there is no day 2027-02-30"));
    }

    #[test]
    fn weeks_are_those_of_iso_8601() {
        let monday = |text| iso_week(text).map(|day| day.to_string());
        assert_eq!(monday("2027-W01").unwrap(), "2027-01-04");
        assert_eq!(monday("2026-W53").unwrap(), "2026-12-28");
        assert!(monday("2027-W53").is_err());
        assert!(monday("2027-1").is_err());
        assert_eq!(monday_of("2027-01-03".parse().unwrap()).unwrap().to_string(), "2026-12-28");
    }
}

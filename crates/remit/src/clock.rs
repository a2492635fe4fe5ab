//! The one place that asks what time it is, and the words for days and instants on the command line.

use remit_core::{At, Date, Horizon, Zone};
use remit_matrix::ask;

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

/// The Monday of a week: `2027-W01`, or the week of the day `from`, or this week.
pub fn monday(week: Option<&str>, from: Option<&str>, zone: &Zone) -> Result<Date, Failure> {
    let day = match (week, from) {
        (Some(week), _) => {
            return ask::iso_week(week).map_err(|mut unclear| {
                if let Some(hint) = unclear.hint.as_mut().filter(|hint| hint.starts_with("write")) {
                    hint.push_str(", or use --from DATE");
                }
                unclear.into()
            });
        }
        (None, Some(from)) => date(from, zone)?,
        (None, None) => today(zone),
    };
    Ok(ask::monday_of(day)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone::parse("Europe/Berlin").unwrap()
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        assert!(date("2027-13-01", &berlin()).is_err());
    }

    #[test]
    fn the_week_of_a_day_begins_on_its_monday() {
        assert_eq!(monday(None, Some("2027-01-03"), &berlin()).unwrap().to_string(), "2026-12-28");
    }
}

//! On which days something comes again: the part of RFC 5545 that people plan work by.
//!
//! `FREQ=DAILY;INTERVAL=2` · `FREQ=WEEKLY;BYDAY=MO,TH` · `FREQ=MONTHLY;BYMONTHDAY=15`, `-1` for the last day ·
//! `FREQ=MONTHLY;BYDAY=2TU`, `-1FR` for the last Friday · `FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31` · each with `UNTIL=20271231` for its last day. As the standard says (section 3.3.10), a
//! month or a year without the day is left out, and weeks begin on Monday.

use std::fmt;
use std::str::FromStr;

use remit_core::{At, Date, Edge, Time, Weekday, Weekdays, Zone};

/// The longest interval.
const LONGEST: u32 = 99;
/// Days that are looked at for the next one: with the longest intervals there can be none for so long.
const HORIZON: u32 = 366 * 120;
/// Weekdays as the standard writes them, from Monday on.
const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// Days on which something comes again, counted from a first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Every so many of its days, weeks, months or years; from 1 to 99.
    every: u32,
    on: On,
    /// The last day on which it can fall.
    until: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    Days,
    Weeks(Weekdays),
    /// A day of the month; from the end where it is below 0.
    MonthDay(i8),
    /// The first to fourth weekday of the month, or the last one as -1.
    Nth(i8, Weekday),
    Year(i8, i8),
}

/// Why a text is no rule; says what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Odd(String);

impl Rule {
    /// Whether it falls on a day, counted from a first one.
    pub fn falls_on(&self, start: Date, day: Date) -> bool {
        if day < start || self.is_over(day) {
            return false;
        }
        let each = |passed: i64| passed % i64::from(self.every) == 0;
        let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
        let months = months(day) - months(start);
        match self.on {
            On::Days => each(between(start, day)),
            On::Weeks(days) => {
                each(between(monday(start), monday(day)) / 7) && days.contains(Weekday::of(day))
            }
            On::MonthDay(wanted) => each(months) && is_month_day(day, wanted),
            On::Nth(nth, weekday) => each(months) && Weekday::of(day) == weekday && is_nth(day, nth),
            On::Year(month, wanted) => {
                each(i64::from(day.year() - start.year()))
                    && day.month() == month
                    && is_month_day(day, wanted)
            }
        }
    }

    /// Whether its last day is before another.
    fn is_over(&self, day: Date) -> bool {
        self.until.is_some_and(|last| last < day)
    }

    /// The first instant behind another at which it falls due; none where there is none for a lifetime. A time that the clocks jump over
    /// comes as much later; one that comes twice comes at the first.
    pub fn after(&self, (start, time): (Date, Time), zone: &Zone, at: At) -> Option<At> {
        // From the day before: a time that was jumped over may come on the next day.
        let mut day = zone.local(at).date().yesterday().unwrap_or(Date::MIN).max(start);
        for _ in 0..HORIZON {
            if self.is_over(day) {
                return None;
            }
            if self.falls_on(start, day) {
                let due = zone.at(day.to_datetime(time), Edge::Start);
                if due > at {
                    return Some(due);
                }
            }
            day = day.tomorrow().ok()?;
        }
        None
    }
}

fn between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

fn monday(day: Date) -> Date {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
}

fn is_month_day(day: Date, wanted: i8) -> bool {
    let from_end = day.day() - day.days_in_month() - 1;
    day.day() == wanted || from_end == wanted
}

fn is_nth(day: Date, nth: i8) -> bool {
    let last = day.day() + 7 > day.days_in_month();
    if nth == -1 { last } else { (day.day() - 1) / 7 + 1 == nth }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frequency = match self.on {
            On::Days => "DAILY",
            On::Weeks(_) => "WEEKLY",
            On::MonthDay(_) | On::Nth(..) => "MONTHLY",
            On::Year(..) => "YEARLY",
        };
        write!(f, "FREQ={frequency}")?;
        if self.every > 1 {
            write!(f, ";INTERVAL={}", self.every)?;
        }
        match self.on {
            On::Days => {}
            On::Weeks(days) => {
                let days: Vec<&str> = days.iter().map(|day| DAYS[day.index()]).collect();
                write!(f, ";BYDAY={}", days.join(","))?;
            }
            On::MonthDay(day) => write!(f, ";BYMONTHDAY={day}")?,
            On::Nth(nth, day) => write!(f, ";BYDAY={nth}{}", DAYS[day.index()])?,
            On::Year(month, day) => write!(f, ";BYMONTH={month};BYMONTHDAY={day}")?,
        }
        self.until.map_or(Ok(()), |last| write!(f, ";UNTIL={}", last.strftime("%Y%m%d")))
    }
}

impl Rule {
    /// In words, such as `every 2 weeks on Monday, Thursday`.
    pub fn words(&self) -> String {
        self.until.map_or_else(|| self.days(), |last| format!("{}, until {last}", self.days()))
    }

    fn days(&self) -> String {
        let each = |one: &str, many: &str| {
            if self.every == 1 { format!("every {one}") } else { format!("every {} {many}", self.every) }
        };
        let ordinal = |n: i8| match n {
            1 => "first".to_owned(),
            2 => "second".to_owned(),
            3 => "third".to_owned(),
            4 => "fourth".to_owned(),
            _ => "last".to_owned(),
        };
        match self.on {
            On::Days => each("day", "days"),
            On::Weeks(days) => {
                let days: Vec<&str> = days.iter().map(Weekday::name).collect();
                format!("{} on {}", each("week", "weeks"), days.join(", "))
            }
            On::MonthDay(-1) => format!("{} on its last day", each("month", "months")),
            On::MonthDay(day) => format!("{} on day {day}", each("month", "months")),
            On::Nth(nth, day) => {
                format!("{} on its {} {}", each("month", "months"), ordinal(nth), day.name())
            }
            On::Year(month, day) => format!("{} on {month:02}-{day:02}", each("year", "years")),
        }
    }
}

impl FromStr for Rule {
    type Err = Odd;

    fn from_str(text: &str) -> Result<Self, Odd> {
        let odd = |why: String| Odd(why);
        if text.len() > 200 {
            return Err(odd("write a shorter rule".to_owned()));
        }
        let text = text.trim().to_ascii_uppercase();
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in text.strip_prefix("RRULE:").unwrap_or(&text).split(';').filter(|part| !part.is_empty()) {
            let (name, value) =
                part.split_once('=').ok_or_else(|| odd(format!("`{part}` is not NAME=VALUE")))?;
            if parts.iter().any(|(known, _)| *known == name) {
                return Err(odd(format!("`{name}` stands there twice")));
            }
            parts.push((name, value));
        }
        let known = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "UNTIL"];
        if let Some((name, _)) = parts.iter().find(|(name, _)| !known.contains(name)) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(20).collect();
            return Err(odd(format!("`{name}` is not known here: write {}", known.join(", "))));
        }
        let of = |name: &str| parts.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let every = match of("INTERVAL").unwrap_or("1").parse::<u32>() {
            Ok(every) if (1..=LONGEST).contains(&every) => every,
            _ => return Err(odd(format!("INTERVAL is a number from 1 to {LONGEST}"))),
        };
        let on = match (of("FREQ"), of("BYDAY"), of("BYMONTHDAY"), of("BYMONTH")) {
            (Some("DAILY"), None, None, None) => On::Days,
            (Some("WEEKLY"), Some(days), None, None) => On::Weeks(weekdays(days)?),
            (Some("MONTHLY"), None, Some(day), None) => On::MonthDay(month_day(day, 31)?),
            (Some("MONTHLY"), Some(day), None, None) => nth(day)?,
            (Some("YEARLY"), None, Some(day), Some(month)) => {
                let month = month.parse::<i8>().ok().filter(|month| (1..=12).contains(month));
                let month = month.ok_or_else(|| odd("BYMONTH is a number from 1 to 12".to_owned()))?;
                let longest = if month == 2 {
                    29
                } else if [4, 6, 9, 11].contains(&month) {
                    30
                } else {
                    31
                };
                On::Year(month, month_day(day, longest)?)
            }
            (None, ..) => return Err(odd("begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY".to_owned())),
            (Some("WEEKLY"), ..) => return Err(odd("a week needs its days, such as BYDAY=MO,TH".to_owned())),
            (Some("MONTHLY"), ..) => {
                return Err(odd("a month needs one of BYMONTHDAY=15 and BYDAY=2TU".to_owned()));
            }
            (Some("YEARLY"), ..) => return Err(odd("a year needs BYMONTH=3 and BYMONTHDAY=31".to_owned())),
            (Some("DAILY"), ..) => return Err(odd("days need nothing but INTERVAL".to_owned())),
            _ => return Err(odd("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY".to_owned())),
        };
        let until = of("UNTIL").map(last_day).transpose()?;
        Ok(Self { every, on, until })
    }
}

fn weekday(text: &str) -> Result<Weekday, Odd> {
    let place = DAYS.iter().position(|day| *day == text);
    place
        .map(|place| Weekday::ALL[place])
        .ok_or_else(|| Odd(format!("a weekday is one of {}", DAYS.join(", "))))
}

fn weekdays(text: &str) -> Result<Weekdays, Odd> {
    text.split(',').try_fold(Weekdays::NONE, |days, day| Ok(days.with(weekday(day)?)))
}

fn month_day(text: &str, longest: i8) -> Result<i8, Odd> {
    let day = text.parse::<i8>().ok().filter(|day| *day == -1 || (1..=longest).contains(day));
    day.ok_or_else(|| Odd(format!("BYMONTHDAY is a day from 1 to {longest}, or -1 for the last")))
}

fn last_day(text: &str) -> Result<Date, Odd> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let day = digits.then(|| Date::strptime("%Y%m%d", text).ok()).flatten();
    let day = day.filter(|day| (1900..=9000).contains(&day.year()));
    day.ok_or_else(|| Odd("UNTIL is the last day, such as 20271231".to_owned()))
}

fn nth(text: &str) -> Result<On, Odd> {
    let odd =
        || Odd("write which weekday of the month, such as 1MO, 3TH or -1FR for the last Friday".to_owned());
    let at = text.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(odd)?;
    let (which, day) = text.split_at(at);
    let which = which.parse::<i8>().ok().filter(|which| *which == -1 || (1..=4).contains(which));
    Ok(On::Nth(which.ok_or_else(odd)?, weekday(day)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first days of a rule from a start on, in a zone.
    fn days(rule: &str, start: &str, zone: &str, most: usize) -> Vec<String> {
        let rule: Rule = rule.parse().unwrap_or_else(|odd| panic!("{odd}"));
        let (start, time) = (start.parse::<Date>().unwrap(), "02:30".parse::<Time>().unwrap());
        let zone = Zone::parse(zone).unwrap();
        let (mut at, mut found) =
            (zone.at(start.to_datetime(time), Edge::Start) - remit_core::Millis::from_minutes(1), Vec::new());
        while found.len() < most {
            let Some(next) = rule.after((start, time), &zone, at) else { break };
            found.push(zone.local(next).strftime("%Y-%m-%d %H:%M").to_string());
            at = next;
        }
        found
    }

    fn dates(rule: &str, start: &str, most: usize) -> Vec<String> {
        days(rule, start, "UTC", most).into_iter().map(|day| day[..10].to_owned()).collect()
    }

    #[test]
    fn days_are_those_that_a_calendar_on_the_wall_has() {
        // Hand-counted in the calendars of 2026 to 2028.
        assert_eq!(
            dates("FREQ=DAILY;INTERVAL=10", "2026-12-25", 3),
            ["2026-12-25", "2027-01-04", "2027-01-14"]
        );
        assert_eq!(
            dates("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "2026-11-24", 5),
            ["2026-11-26", "2026-12-07", "2026-12-10", "2026-12-21", "2026-12-24"]
        );
        assert_eq!(
            dates("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-01", 4),
            ["2027-01-31", "2027-03-31", "2027-05-31", "2027-07-31"]
        );
        assert_eq!(
            dates("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-15", 3),
            ["2028-01-31", "2028-02-29", "2028-03-31"]
        );
        assert_eq!(
            dates("FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU", "2026-12-01", 3),
            ["2026-12-08", "2027-03-09", "2027-06-08"]
        );
        assert_eq!(
            dates("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-23", 3),
            ["2026-11-27", "2026-12-25", "2027-01-29"]
        );
        assert_eq!(
            dates("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-01-01", 2),
            ["2028-02-29", "2032-02-29"]
        );
        assert_eq!(
            dates("FREQ=WEEKLY;BYDAY=FR;UNTIL=20261218", "2026-12-01", 9),
            ["2026-12-04", "2026-12-11", "2026-12-18"]
        );
        assert_eq!(dates("FREQ=DAILY;UNTIL=20261218", "2026-12-19", 9), [""; 0]);
        assert_eq!(
            dates("FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYMONTHDAY=31", "2027-05-01", 2),
            ["2029-03-31", "2031-03-31"]
        );
    }

    #[test]
    fn a_time_that_is_jumped_over_comes_later_and_one_that_comes_twice_comes_once() {
        // The clocks of New York jump over 02:30 on 2027-03-14, and have 01:30 twice on 2026-11-01.
        assert_eq!(
            days("FREQ=DAILY", "2027-03-13", "America/New_York", 3),
            ["2027-03-13 02:30", "2027-03-14 03:30", "2027-03-15 02:30"]
        );
        assert_eq!(
            days("FREQ=DAILY", "2027-10-30", "Europe/Berlin", 3),
            ["2027-10-30 02:30", "2027-10-31 02:30", "2027-11-01 02:30"]
        );
    }

    #[test]
    fn a_rule_is_written_as_it_is_read_and_what_it_cannot_say_is_refused() {
        for text in [
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH,SU",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU;UNTIL=20281231",
        ] {
            assert_eq!(text.parse::<Rule>().map(|rule| rule.to_string()), Ok(text.to_owned()));
            assert!(format!("RRULE:{text}").parse::<Rule>().is_ok());
        }
        for (text, word) in [
            ("", "begin with FREQ"),
            ("FREQ=HOURLY", "FREQ is"),
            ("FREQ=DAILY;COUNT=3", "not known"),
            ("FREQ=DAILY;FREQ=DAILY", "twice"),
            ("FREQ=DAILY;INTERVAL=0", "1 to 99"),
            ("FREQ=DAILY;UNTIL=2027-12-31", "20271231"),
            ("FREQ=DAILY;UNTIL=20270230", "20271231"),
            ("FREQ=DAILY;UNTIL=20271231T000000Z", "20271231"),
            ("FREQ=WEEKLY", "BYDAY=MO,TH"),
            ("FREQ=WEEKLY;BYDAY=XX", "a weekday is"),
            ("FREQ=MONTHLY", "BYMONTHDAY=15"),
            ("FREQ=MONTHLY;BYMONTHDAY=32", "1 to 31"),
            ("FREQ=MONTHLY;BYDAY=5MO", "-1FR"),
            ("FREQ=MONTHLY;BYDAY=MO", "-1FR"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "1 to 29"),
            ("DAILY", "NAME=VALUE"),
        ] {
            let odd = text.parse::<Rule>().unwrap_err().to_string();
            assert!(odd.contains(word), "{text}: {odd}");
        }
    }
}

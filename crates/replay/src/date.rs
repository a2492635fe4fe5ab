//! Dates as logs write them, read from bytes without a detour through text.

use remit_core::{At, Date, DateTime, Edge, Time, Zone};

use crate::error::{Problem, shown};

/// How dates are written, compiled once.
///
/// A pattern is text with `%Y` (year, four digits), `%m`, `%d`, `%H`, `%M`, `%S` (one or two digits), `%f` (a fraction of a
/// second, any digits), `%z` (`Z`, `+02:00`, `+0200`). The pattern `iso` reads RFC 3339 with `T` or a space, seconds and offset
/// optional.
#[derive(Debug, Clone)]
pub struct DatePattern {
    source: String,
    parts: Vec<Part>,
    zone: Zone,
    last: Option<(Vec<u8>, At)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Fraction,
    Offset,
    Text(u8),
}

/// The fields of a date while it is read.
#[derive(Default)]
struct Fields {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    millis: i64,
    offset_minutes: Option<i64>,
}

impl DatePattern {
    /// Compiles a pattern. `zone` is where a date without an offset was written.
    pub fn new(source: &str, zone: Zone) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut bytes = source.bytes();
        while source != "iso"
            && let Some(byte) = bytes.next()
        {
            parts.push(if byte == b'%' { Part::of(bytes.next(), source)? } else { Part::Text(byte) });
        }
        let day = [Part::Year, Part::Month, Part::Day];
        if source != "iso" && !day.iter().all(|part| parts.contains(part)) {
            return Err(format!("the date pattern `{source}` needs %Y, %m and %d, as in `%d/%m/%Y %H:%M`"));
        }
        Ok(Self { source: source.to_owned(), parts, zone, last: None })
    }

    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Reads a date. Repeated dates, which logs are full of, cost a comparison.
    pub fn read(&mut self, text: &[u8]) -> Result<At, Problem> {
        if let Some((known, at)) = &self.last
            && known == text
        {
            return Ok(*at);
        }
        let at = self
            .read_fields(text)
            .and_then(|fields| self.instant(&fields))
            .ok_or_else(|| self.refusal(text))?;
        let (known, last) = self.last.get_or_insert_default();
        known.clear();
        known.extend_from_slice(text);
        *last = at;
        Ok(at)
    }

    fn refusal(&self, text: &[u8]) -> Problem {
        let example = match self.source.as_str() {
            "iso" => "2016-02-29T01:16:00Z".to_owned(),
            source => [
                ("%Y", "2016"),
                ("%m", "02"),
                ("%d", "29"),
                ("%H", "01"),
                ("%M", "16"),
                ("%S", "00"),
                ("%f", "000"),
            ]
            .iter()
            .fold(source.replace("%z", "+01:00"), |text, (mark, value)| text.replace(mark, value)),
        };
        let expected = format!("a date of the form `{}`, such as `{example}`", self.source);
        Problem::Value { text: shown(text), expected }
    }

    fn read_fields(&self, text: &[u8]) -> Option<Fields> {
        let mut fields = Fields { month: 1, day: 1, ..Fields::default() };
        let mut rest = text.trim_ascii();
        if self.source == "iso" {
            return iso(rest);
        }
        for part in &self.parts {
            rest = part.read(rest, &mut fields)?;
        }
        rest.is_empty().then_some(fields)
    }

    fn instant(&self, fields: &Fields) -> Option<At> {
        let date = Date::new(fields.year.try_into().ok()?, fields.month as i8, fields.day as i8).ok()?;
        let in_day = ((fields.hour * 60 + fields.minute) * 60 + fields.second) * 1000 + fields.millis;
        if fields.hour > 23 || fields.minute > 59 || fields.second > 59 {
            return None;
        }
        let as_utc = days_from_civil(fields.year, fields.month, fields.day) * 86_400_000 + in_day;
        if let Some(offset) = fields.offset_minutes {
            return Some(At::from_millis(as_utc - offset * 60_000));
        }
        if self.zone.name() == "UTC" {
            return Some(At::from_millis(as_utc));
        }
        let time = Time::new(
            fields.hour as i8,
            fields.minute as i8,
            fields.second as i8,
            fields.millis as i32 * 1_000_000,
        );
        Some(self.zone.at(DateTime::from_parts(date, time.ok()?), Edge::Start))
    }
}

impl Part {
    fn of(letter: Option<u8>, source: &str) -> Result<Self, String> {
        Ok(match letter {
            Some(b'Y') => Self::Year,
            Some(b'm') => Self::Month,
            Some(b'd') => Self::Day,
            Some(b'H') => Self::Hour,
            Some(b'M') => Self::Minute,
            Some(b'S') => Self::Second,
            Some(b'f') => Self::Fraction,
            Some(b'z') => Self::Offset,
            Some(b'%') => Self::Text(b'%'),
            other => {
                let letter = other.map(char::from).unwrap_or_default();
                return Err(format!(
                    "the date pattern `{source}` has `%{letter}`: use %Y %m %d %H %M %S %f %z, or `iso`"
                ));
            }
        })
    }

    fn read<'a>(self, text: &'a [u8], fields: &mut Fields) -> Option<&'a [u8]> {
        let (value, rest) = match self {
            Self::Text(byte) => return text.strip_prefix(&[byte]),
            Self::Offset => return offset(text, fields),
            Self::Fraction => return fraction(text, fields),
            Self::Year => digits(text, 4, 4)?,
            _ => digits(text, 1, 2)?,
        };
        match self {
            Self::Year => fields.year = value,
            Self::Month => fields.month = value,
            Self::Day => fields.day = value,
            Self::Hour => fields.hour = value,
            Self::Minute => fields.minute = value,
            _ => fields.second = value,
        }
        Some(rest)
    }
}

fn digits(text: &[u8], least: usize, most: usize) -> Option<(i64, &[u8])> {
    let count = text.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(count);
    let value = number.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    (count >= least).then_some((value, rest))
}

fn fraction<'a>(text: &'a [u8], fields: &mut Fields) -> Option<&'a [u8]> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(count);
    let padded = number.iter().chain(b"000").take(3);
    fields.millis = padded.fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    (count > 0).then_some(rest)
}

fn offset<'a>(text: &'a [u8], fields: &mut Fields) -> Option<&'a [u8]> {
    let (sign, rest) = match text.split_first()? {
        (b'Z' | b'z', rest) => {
            fields.offset_minutes = Some(0);
            return Some(rest);
        }
        (b'+', rest) => (1, rest),
        (b'-', rest) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2, 2)?;
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() { (0, rest) } else { digits(rest, 2, 2)? };
    if hours > 23 || minutes > 59 {
        return None;
    }
    fields.offset_minutes = Some(sign * (hours * 60 + minutes));
    Some(rest)
}

/// RFC 3339, with what logs leave out of it: the seconds, the offset, the `T`.
fn iso(text: &[u8]) -> Option<Fields> {
    let mut fields = Fields::default();
    let mut rest = text;
    for (part, before) in [(Part::Year, b' '), (Part::Month, b'-'), (Part::Day, b'-')] {
        rest = rest.strip_prefix(&[before]).unwrap_or(rest);
        rest = part.read(rest, &mut fields)?;
    }
    let Some(time) = rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" ")) else {
        return rest.is_empty().then_some(fields);
    };
    rest = Part::Hour.read(time, &mut fields)?;
    rest = Part::Minute.read(rest.strip_prefix(b":")?, &mut fields)?;
    if let Some(second) = rest.strip_prefix(b":") {
        rest = Part::Second.read(second, &mut fields)?;
        if let Some(part) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
            rest = fraction(part, &mut fields)?;
        }
    }
    if !rest.is_empty() {
        rest = offset(rest, &mut fields)?;
    }
    rest.is_empty().then_some(fields)
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar, by counting years from March so that the leap day is
/// the last of its year. The day must exist.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted = year - i64::from(month <= 2);
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, zone: &str, text: &str) -> Result<String, String> {
        let zone = Zone::parse(zone).unwrap();
        let mut pattern = DatePattern::new(pattern, zone)?;
        pattern.read(text.as_bytes()).map(|at| at.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_dates_of_the_three_logs_are_read() {
        assert_eq!(read("%d/%m/%Y %H:%M", "UTC", "29/2/2016 01:16").unwrap(), "2016-02-29T01:16:00Z");
        assert_eq!(read("iso", "UTC", "2010-03-31T16:59:42.000+02:00").unwrap(), "2010-03-31T14:59:42Z");
        assert_eq!(
            read("%Y/%m/%d %H:%M:%S.%f", "UTC", "2012/10/09 14:50:17.000").unwrap(),
            "2012-10-09T14:50:17Z"
        );
    }

    #[test]
    fn a_date_without_an_offset_is_local_to_the_zone() {
        assert_eq!(
            read("%d.%m.%Y %H:%M", "Europe/Berlin", "01.07.2024 09:00").unwrap(),
            "2024-07-01T07:00:00Z"
        );
        assert_eq!(read("iso", "Europe/Berlin", "2024-01-01 09:00").unwrap(), "2024-01-01T08:00:00Z");
        assert_eq!(read("iso", "Europe/Berlin", "2024-01-01T09:00Z").unwrap(), "2024-01-01T09:00:00Z");
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused_with_the_form_to_write() {
        for bad in
            ["30/2/2016 01:16", "29/2/2015 01:16", "1/13/2016 00:00", "1/1/2016 24:00", "1/1/2016", "x", ""]
        {
            let error = read("%d/%m/%Y %H:%M", "UTC", bad).unwrap_err();
            assert!(error.contains("such as `29/02/2016 01:16`"), "{bad}: {error}");
        }
    }

    #[test]
    fn a_pattern_with_an_unknown_mark_is_refused() {
        assert!(read("%d/%b/%Y", "UTC", "").unwrap_err().contains("`%b`"));
        assert!(read("%H:%M", "UTC", "").unwrap_err().contains("needs %Y"));
    }

    #[test]
    fn day_numbers_agree_with_the_calendar() {
        for (text, days) in
            [("1970-01-01", 0), ("2000-03-01", 11_017), ("1969-12-31", -1), ("2016-02-29", 16_860)]
        {
            let at = DatePattern::new("iso", Zone::utc()).unwrap().read(text.as_bytes()).unwrap();
            assert_eq!(at.millis(), days * 86_400_000, "{text}");
        }
    }
}

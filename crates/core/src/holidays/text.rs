//! Reads the rule files; `data/README.md` describes the language.

use std::str::FromStr;

use jiff::civil::{Date, Weekday};

use super::rule::{Country, Place, Rule, Shift, Side, When, Years};

/// What is wrong with a rule file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub(super) struct RuleError {
    pub(super) line: usize,
    pub(super) what: String,
}

/// Reads a rule file.
pub(super) fn parse(text: &str) -> Result<Country, RuleError> {
    let mut country = Country { places: Vec::new(), rules: Vec::new() };
    let mut scope = Vec::new();
    for (line, text) in statements(text) {
        statement(&mut country, &mut scope, &text).map_err(|what| RuleError { line, what })?;
    }
    Ok(country)
}

/// The lines that say something, each with its number; a line that begins with a blank continues the one above.
fn statements(text: &str) -> Vec<(usize, String)> {
    let mut statements: Vec<(usize, String)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match statements.last_mut() {
            Some((_, above)) if line.starts_with(' ') => {
                above.push(' ');
                above.push_str(line.trim());
            }
            _ => statements.push((number + 1, line.trim().to_owned())),
        }
    }
    statements
}

fn statement(country: &mut Country, scope: &mut Vec<bool>, text: &str) -> Result<(), String> {
    if let Some((name, rest)) = text.split_once(" = ") {
        let rule = rule(country, scope, name.trim(), rest)?;
        country.rules.push(rule);
        return Ok(());
    }
    let (word, rest) = text.split_once(' ').ok_or_else(|| format!("`{text}` is no statement"))?;
    match word {
        "country" => country.places = vec![place("", rest)?],
        "region" => {
            let prefix = format!("{}-", country.places.first().ok_or("a region before its country")?.code);
            country.places.push(place(&prefix, rest)?);
        }
        "for" => *scope = self::scope(country, rest)?,
        _ => return Err(format!("`{word}` is no statement")),
    }
    Ok(())
}

fn place(prefix: &str, text: &str) -> Result<Place, String> {
    let (code, name) = text.split_once(' ').ok_or("a code needs a name")?;
    Ok(Place { code: format!("{prefix}{code}"), name: name.trim().to_owned() })
}

fn number<T: FromStr>(text: &str) -> Result<T, String> {
    text.trim().parse().map_err(|_| format!("`{text}` is no number"))
}

/// `*`, `* except BY SN`, `BY SN`; the country's own code means the country without a region.
fn scope(country: &Country, text: &str) -> Result<Vec<bool>, String> {
    let mut scope = vec![false; country.places.len()];
    let mut wanted = true;
    for word in text.split_whitespace() {
        match word {
            "*" => scope.fill(true),
            "except" => wanted = false,
            code => {
                let is_it = |place: &Place| place.code.split('-').next_back() == Some(code);
                let index =
                    country.places.iter().position(is_it).ok_or_else(|| format!("no region {code}"))?;
                scope[index] = wanted;
            }
        }
    }
    Ok(scope)
}

fn rule(country: &Country, scope: &[bool], name: &str, text: &str) -> Result<Rule, String> {
    if !scope.contains(&true) {
        return Err(format!("`{name}` holds nowhere; put a `for` line above it"));
    }
    let mut parts = text.split(';').map(str::trim);
    let (when, offset) = when(country, parts.next().unwrap_or_default())?;
    let years = Years { from: 0, to: 9999, every: 1, only: Vec::new(), except: Vec::new() };
    let mut rule = Rule {
        name: name.to_owned(),
        when,
        offset,
        years,
        weekdays: [true; 7],
        shifts: [None; 7],
        moved: false,
        scope: scope.to_vec(),
    };
    for part in parts {
        option(&mut rule, part)?;
    }
    Ok(rule)
}

fn option(rule: &mut Rule, text: &str) -> Result<(), String> {
    let (word, rest) = text.split_once(' ').ok_or_else(|| format!("`{text}` is no option"))?;
    match word {
        "from" => rule.years.from = number(rest)?,
        "to" => rule.years.to = number(rest)?,
        "every" => rule.years.every = number(rest)?,
        "in" => rule.years.only = rest.split_whitespace().map(number).collect::<Result<_, _>>()?,
        "except" => rule.years.except = rest.split_whitespace().map(number).collect::<Result<_, _>>()?,
        "if" => {
            rule.weekdays = [false; 7];
            for word in rest.split_whitespace() {
                rule.weekdays[monday_first(weekday(word)?)] = true;
            }
        }
        "observed" | "moved" => {
            rule.moved = word == "moved";
            for word in rest.split_whitespace() {
                let (day, to) = word.split_at_checked(3).ok_or_else(|| format!("`{word}` is no shift"))?;
                rule.shifts[monday_first(weekday(day)?)] = Some(shift(to)?);
            }
        }
        _ => return Err(format!("`{word}` is no option")),
    }
    Ok(())
}

fn shift(text: &str) -> Result<Shift, String> {
    Ok(match text {
        "+free" => Shift::NextFree,
        "-free" => Shift::PreviousFree,
        days => Shift::Days(number(days)?),
    })
}

/// The day itself and a number of days after or before it: `easter -2`, `as Thanksgiving +1`.
fn when(country: &Country, text: &str) -> Result<(When, i16), String> {
    let (text, offset) = match text.rsplit_once(' ') {
        Some((day, offset)) if offset.starts_with(['+', '-']) => (day.trim(), number(offset)?),
        _ => (text, 0),
    };
    if let Some(name) = text.strip_prefix("as ") {
        let other = country.rules.iter().rfind(|rule| rule.name == name);
        let other = other.ok_or_else(|| format!("no rule `{name}` above"))?;
        return Ok((other.when.clone(), other.offset + offset));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let when = match words[..] {
        ["easter"] => When::EasterWestern,
        ["orthodox-easter"] => When::EasterOrthodox,
        ["spring-equinox"] => When::SpringEquinox,
        ["autumn-equinox"] => When::AutumnEquinox,
        ["dates", ref dates @ ..] => When::Dates(list(dates)?),
        [nth, day, "of", month] => {
            When::Nth { nth: self::nth(nth)?, weekday: weekday(day)?, month: number(month)? }
        }
        [day, side, date] => {
            let (month, day_of_month) = month_and_day(date)?;
            When::Near { weekday: weekday(day)?, side: self::side(side)?, month, day: day_of_month }
        }
        [date] => {
            let (month, day) = month_and_day(date)?;
            When::Fixed { month, day }
        }
        _ => return Err(format!("`{text}` is no day")),
    };
    Ok((when, offset))
}

fn list(dates: &[&str]) -> Result<Vec<(Date, bool)>, String> {
    let dates: Vec<_> = dates.iter().map(|date| listed(date)).collect::<Result<_, _>>()?;
    if dates.is_sorted() { Ok(dates) } else { Err("the dates are not in order".to_owned()) }
}

/// `2024-04-10`, or `2024-04-10~` for an estimate.
fn listed(text: &str) -> Result<(Date, bool), String> {
    let day = text.trim_end_matches('~');
    Ok((day.parse().map_err(|_| format!("`{text}` is no date"))?, day != text))
}

fn month_and_day(text: &str) -> Result<(i8, i8), String> {
    let (month, day) = text.split_once('-').ok_or_else(|| format!("`{text}` is no day; write MM-DD"))?;
    let (month, day) = (number(month)?, number(day)?);
    // A leap year, so that 02-29 may be written.
    Date::new(2000, month, day).map_err(|_| format!("`{text}` is no day of the year"))?;
    Ok((month, day))
}

fn nth(text: &str) -> Result<i8, String> {
    Ok(match text {
        "1st" => 1,
        "2nd" => 2,
        "3rd" => 3,
        "4th" => 4,
        "5th" => 5,
        "last" => -1,
        _ => return Err(format!("`{text}` is not one of 1st, 2nd, 3rd, 4th, 5th, last")),
    })
}

fn side(text: &str) -> Result<Side, String> {
    Ok(match text {
        "from" => Side::After,
        "to" => Side::Before,
        "near" => Side::Nearest,
        _ => return Err(format!("`{text}` is not one of from, to, near")),
    })
}

fn weekday(text: &str) -> Result<Weekday, String> {
    Ok(match text {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return Err(format!("`{text}` is no weekday; write mon, tue, wed, thu, fri, sat or sun")),
    })
}

fn monday_first(day: Weekday) -> usize {
    usize::from(day.to_monday_zero_offset().unsigned_abs())
}

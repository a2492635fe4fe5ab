//! What other sources say about holidays, and the differences that are known: `python.txt` and `differences.txt` beside
//! this file. Plain `std` and dates as text, because `cargo xtask holidays` uses this module too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// Days as `2026-12-25` by region code.
pub type Days = BTreeMap<String, BTreeSet<String>>;

/// One character a year in `python.txt`, from the first year on.
const YEAR_MARKS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Who has a day that the other has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Ours,
    Theirs,
}

/// A line of `differences.txt`.
#[derive(Debug)]
pub struct Difference {
    pub line: usize,
    source: String,
    regions: Vec<String>,
    sides: Vec<Side>,
    days: Vec<String>,
    pub why: String,
}

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Days on which both agree.
    pub same: usize,
    /// How many days each known difference explains.
    pub explained: Vec<usize>,
    pub unexplained: Vec<(String, Side, String)>,
}

/// Compares the regions that both have, over some years.
pub fn compare(
    source: &str,
    (ours, theirs): (&Days, &Days),
    years: &RangeInclusive<u16>,
    known: &[Difference],
) -> Comparison {
    let mut found = Comparison { explained: vec![0; known.len()], ..Comparison::default() };
    let within = |day: &&String| day[..4].parse().is_ok_and(|year| years.contains(&year));
    for (code, ours) in ours {
        let Some(theirs) = theirs.get(code) else { continue };
        found.same += ours.intersection(theirs).filter(within).count();
        let only_ours = ours.difference(theirs).filter(within).map(|day| (Side::Ours, day));
        let only_theirs = theirs.difference(ours).filter(within).map(|day| (Side::Theirs, day));
        for (side, day) in only_ours.chain(only_theirs) {
            let covers = |difference: &Difference| difference.covers(source, code, side, day);
            match known.iter().position(covers) {
                Some(index) => found.explained[index] += 1,
                None => found.unexplained.push((code.clone(), side, day.clone())),
            }
        }
    }
    found
}

/// Reads `differences.txt`: `source | regions | side | days | why`, all but the last separated by blanks within.
pub fn read_differences(text: &str) -> Result<Vec<Difference>, String> {
    let mut differences = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = line.splitn(5, '|').map(str::trim).collect();
        let [source, regions, side, days, why] = columns[..] else {
            return Err(format!("line {}: write source | regions | side | days | why", index + 1));
        };
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let sides = match side {
            "ours" => vec![Side::Ours],
            "theirs" => vec![Side::Theirs],
            "both" => vec![Side::Ours, Side::Theirs],
            _ => return Err(format!("line {}: the side is ours, theirs or both", index + 1)),
        };
        differences.push(Difference {
            line: index + 1,
            source: source.to_owned(),
            regions: words(regions),
            sides,
            days: words(days),
            why: why.to_owned(),
        });
    }
    Ok(differences)
}

impl Difference {
    /// Whether this line is about that source.
    pub fn is_about(&self, source: &str) -> bool {
        self.source == source
    }

    fn covers(&self, source: &str, code: &str, side: Side, day: &str) -> bool {
        let region = |wanted: &String| match wanted.strip_suffix('*') {
            Some(start) => code.starts_with(start),
            None => code == wanted,
        };
        self.is_about(source)
            && self.sides.contains(&side)
            && self.regions.iter().any(region)
            && self.days.iter().any(|wanted| is_on(wanted, day))
    }
}

/// `*`, `2016-09-12`, `02-15` or `02-15..03-01`.
fn is_on(wanted: &str, day: &str) -> bool {
    let of_year = &day[5..];
    match wanted.split_once("..") {
        Some((from, to)) => (from..=to).contains(&of_year),
        None => wanted == "*" || wanted == day || wanted == of_year,
    }
}

/// Reads `python.txt`; [`write_golden`] says what is in it.
pub fn read_golden(text: &str, years: &RangeInclusive<u16>) -> Result<Days, String> {
    let mut golden: Days = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(code) = words.next() else { continue };
        let country = code.split('-').next().unwrap_or(code);
        let mut days = golden.get(country).cloned().unwrap_or_default();
        for word in words {
            let bad = || format!("{code}: `{word}` is no entry");
            let (sign, month, day) = (word.get(..1), word.get(1..3), word.get(3..5));
            let (Some(sign), Some(month), Some(day)) = (sign, month, day) else { return Err(bad()) };
            for year in marked(&word[5..], years).ok_or_else(bad)? {
                let day = format!("{year}-{month}-{day}");
                let changed = if sign == "+" { days.insert(day) } else { days.remove(&day) };
                changed.then_some(()).ok_or_else(bad)?;
            }
        }
        golden.insert(code.to_owned(), days);
    }
    Ok(golden)
}

fn marked(marks: &str, years: &RangeInclusive<u16>) -> Option<Vec<u16>> {
    if marks == "*" {
        return Some(years.clone().collect());
    }
    marks.chars().map(|mark| Some(years.start() + u16::try_from(YEAR_MARKS.find(mark)?).ok()?)).collect()
}

/// Writes a line a region: what it adds (`+`) to its country's days or leaves out (`-`), by day of the year, each with
/// the years, one character each, or `*` for all of them. Countries come before their regions.
pub fn write_golden(days: &Days, years: &RangeInclusive<u16>) -> String {
    let none = BTreeSet::new();
    let mut text = String::new();
    for (code, own) in days {
        let country = code.split('-').next().filter(|country| country != code);
        let base = country.and_then(|country| days.get(country)).unwrap_or(&none);
        text.push_str(code);
        for (sign, days) in [('+', own.difference(base)), ('-', base.difference(own))] {
            let mut by_day: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
            for day in days {
                let year = day[..4].parse().expect("a day begins with its year");
                by_day.entry(&day[5..]).or_default().push(year);
            }
            for (day, marked) in by_day {
                let marks = if marked.len() == years.len() { "*".to_owned() } else { marks(&marked, years) };
                write!(text, " {sign}{}{marks}", day.replace('-', "")).expect("text can always grow");
            }
        }
        text.push('\n');
    }
    text
}

fn marks(marked: &[u16], years: &RangeInclusive<u16>) -> String {
    marked.iter().filter_map(|year| YEAR_MARKS.chars().nth(usize::from(year - years.start()))).collect()
}

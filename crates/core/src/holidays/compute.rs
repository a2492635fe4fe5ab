//! From rules to the days of one year.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::rule::{Country, Rule, Shift};

/// A day that one place keeps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) name: String,
    pub(super) observed: bool,
}

/// The holidays of a place in a year, by date and then by name.
///
/// The years on either side are worked out too: a New Year's Day on a Saturday may be kept on 31 December.
pub(super) fn year(country: &Country, place: usize, year: i16) -> Vec<Day> {
    let rules: Vec<&Rule> = country.rules.iter().filter(|rule| rule.scope[place]).collect();
    let mut kept = Kept { days: Vec::with_capacity(rules.len() * 3), later: Vec::new() };
    for year in year - 1..=year + 1 {
        for rule in &rules {
            for (day, estimated) in rule.days(year) {
                kept.add(rule, day, estimated);
            }
        }
    }
    kept.settle();
    let mut days = kept.days;
    days.retain(|day| day.date.year() == year);
    days.sort();
    days.dedup();
    days
}

/// The days found so far, and the shifts that have to wait until all of them are known.
struct Kept<'r> {
    days: Vec<Day>,
    later: Vec<(&'r Rule, Date, bool, Shift)>,
}

impl<'r> Kept<'r> {
    fn add(&mut self, rule: &'r Rule, day: Date, estimated: bool) {
        let shift = rule.shift(day);
        match shift {
            Some(Shift::Days(days)) if rule.moved => self.keep(rule, day + days.days(), estimated, false),
            Some(_) if rule.moved => {}
            _ => self.keep(rule, day, estimated, false),
        }
        match shift {
            Some(Shift::Days(_)) if rule.moved => {}
            Some(shift) => self.later.push((rule, day, estimated, shift)),
            None => {}
        }
    }

    /// Places the substitutes, in the order of the rules, so that each sees the ones before it.
    fn settle(&mut self) {
        for (rule, day, estimated, shift) in std::mem::take(&mut self.later) {
            let date = match shift {
                Shift::Days(days) => day + days.days(),
                Shift::NextFree => self.free(day, 1),
                Shift::PreviousFree => self.free(day, -1),
            };
            self.keep(rule, date, estimated, !rule.moved);
        }
    }

    fn free(&self, from: Date, step: i64) -> Date {
        let mut day = from + step.days();
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            || self.days.iter().any(|kept| kept.date == day)
        {
            day += step.days();
        }
        day
    }

    fn keep(&mut self, rule: &Rule, date: Date, estimated: bool, observed: bool) {
        let label = match (observed, estimated) {
            (false, false) => "",
            (true, false) => " (observed)",
            (false, true) => " (estimated)",
            (true, true) => " (observed, estimated)",
        };
        self.days.push(Day { date, name: format!("{}{label}", rule.name), observed });
    }
}

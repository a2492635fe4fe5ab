//! From rules to the days of one year.

use std::ops::RangeInclusive;

use jiff::civil::{Date, Weekday, date};

use super::rule::{Country, Rule, Shift, plus};

/// A day that one place keeps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) name: String,
    pub(super) observed: bool,
}

/// The holidays of a place in a year, by date and then by name.
///
/// The turns of the year are worked out too: a New Year's Day on a Saturday may be kept on 31 December.
pub(super) fn year(country: &Country, place: usize, year: i16) -> Vec<Day> {
    let rules: Vec<&Rule> = country.rules.iter().filter(|rule| rule.scope[place]).collect();
    let mut kept =
        Kept { window: date(year - 1, 12, 1)..=date(year + 1, 1, 31), days: Vec::new(), later: Vec::new() };
    for year in year - 1..=year + 1 {
        for rule in &rules {
            rule.days(year).for_each(|(day, estimated)| kept.add(rule, day, estimated));
        }
    }
    kept.settle();
    let of_year = kept.days.into_iter().filter(|kept| kept.date.year() == year);
    let mut days: Vec<Day> = of_year.map(KeptDay::named).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The days found so far, and the shifts that have to wait until all of them are known.
struct Kept<'r> {
    /// Days outside are not looked at.
    window: RangeInclusive<Date>,
    days: Vec<KeptDay<'r>>,
    later: Vec<(KeptDay<'r>, Shift)>,
}

#[derive(Clone, Copy)]
struct KeptDay<'r> {
    date: Date,
    rule: &'r Rule,
    observed: bool,
    estimated: bool,
}

impl<'r> Kept<'r> {
    fn add(&mut self, rule: &'r Rule, date: Date, estimated: bool) {
        if !self.window.contains(&date) {
            return;
        }
        let day = KeptDay { date, rule, observed: false, estimated };
        match rule.shift(date) {
            Some(Shift::Days(days)) if rule.moved => {
                self.days.push(KeptDay { date: plus(date, days), ..day });
            }
            Some(shift) if rule.moved => self.later.push((day, shift)),
            Some(shift) => {
                self.days.push(day);
                self.later.push((KeptDay { observed: true, ..day }, shift));
            }
            None => self.days.push(day),
        }
    }

    /// Places the substitutes, in the order of the rules, so that each sees the ones before it.
    fn settle(&mut self) {
        for (day, shift) in std::mem::take(&mut self.later) {
            let date = match shift {
                Shift::Days(days) => plus(day.date, days),
                Shift::NextFree => self.free(day.date, 1),
                Shift::PreviousFree => self.free(day.date, -1),
            };
            self.days.push(KeptDay { date, ..day });
        }
    }

    fn free(&self, from: Date, step: i16) -> Date {
        let mut day = plus(from, step);
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
            || self.days.iter().any(|kept| kept.date == day)
        {
            day = plus(day, step);
        }
        day
    }
}

impl KeptDay<'_> {
    fn named(self) -> Day {
        let label = match (self.observed, self.estimated) {
            (false, false) => "",
            (true, false) => " (observed)",
            (false, true) => " (estimated)",
            (true, true) => " (observed, estimated)",
        };
        Day { date: self.date, name: [self.rule.name.as_str(), label].concat(), observed: self.observed }
    }
}

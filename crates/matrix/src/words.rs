//! Boxes in words: which services, which values, and above all when.

use std::ops::Range;

use remit_core::{At, Millis, Zone};
use serde::Serialize;

use crate::compile::Compiled;
use crate::engine::space::atoms_of;
use crate::engine::{Cuboid, DIMS};
use crate::model::Dimension;
use crate::time::{Expr, Term};

/// A box that a person can read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Region {
    /// Conditions that narrow the box, in the order of the dimensions; a dimension that is not narrowed is left out.
    pub conditions: Vec<Condition>,
    /// When, in words: `not office`, or the first stretches when no words of the matrix say it.
    pub when: String,
    /// Minutes over the horizon.
    pub minutes: u64,
    /// Minutes per week on average, rounded up.
    pub minutes_per_week: u64,
    /// The first stretches, in the client's zone.
    pub first: Vec<Stretch>,
}

/// The values of one dimension that a box holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Condition {
    /// The dimension.
    pub dimension: Dimension,
    /// Names, the widest that fit.
    pub values: Vec<String>,
}

/// One stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Stretch {
    /// First instant.
    pub start: At,
    /// First instant after it.
    pub end: At,
    /// `Sun 2027-01-03 02:00 to 06:00`, in the client's zone.
    pub local: String,
}

/// How many stretches a region shows.
const STRETCHES: usize = 2;

impl Compiled {
    /// A box in words.
    pub fn region(&self, cuboid: &Cuboid) -> Region {
        let space = &self.table.space;
        let mut conditions = Vec::new();
        for dimension in Dimension::ALL.into_iter().take(DIMS - 1) {
            if !space.is_full(cuboid, dimension.index()) {
                let values = self.names(dimension, space.set(cuboid, dimension.index()));
                conditions.push(Condition { dimension, values });
            }
        }
        let set = space.set(cuboid, DIMS - 1);
        let minutes = space.weight(DIMS - 1, set);
        let first = self.stretches(set);
        Region { conditions, when: self.when(set), minutes, minutes_per_week: self.per_week(minutes), first }
    }

    /// The average per week of minutes over the horizon, rounded up; all of them when the horizon is shorter than a week.
    pub(crate) fn per_week(&self, minutes: u64) -> u64 {
        const WEEK: u64 = 7 * 24 * 60;
        let all = self.lexicon.time.minutes().iter().sum::<u64>().max(1);
        if all < WEEK { minutes } else { (minutes * WEEK).div_ceil(all) }
    }

    fn names(&self, dimension: Dimension, set: &[u64]) -> Vec<String> {
        if dimension != Dimension::Service {
            return atoms_of(set).map(|a| self.lexicon.name(dimension, a).to_owned()).collect();
        }
        let mut runs: Vec<Range<u32>> = Vec::new();
        for leaf in atoms_of(set) {
            let leaf = leaf as u32;
            match runs.last_mut() {
                Some(run) if run.end == leaf => run.end += 1,
                _ => runs.push(leaf..leaf + 1),
            }
        }
        let services = &self.lexicon.services;
        runs.into_iter().flat_map(|run| services.covering(run)).map(|s| s.id.to_string()).collect()
    }

    fn stretches(&self, set: &[u64]) -> Vec<Stretch> {
        let spans = self.lexicon.time.spans(set);
        let zone = &self.matrix.zone;
        let stretch =
            |s: remit_core::Span| Stretch { start: s.start, end: s.end, local: local(zone, s.start, s.end) };
        spans.iter().take(STRETCHES).map(stretch).collect()
    }

    /// The shortest words of the matrix that mean exactly this set of time atoms.
    pub fn when(&self, set: &[u64]) -> String {
        let space = &self.table.space;
        if set == space.set(space.full(), DIMS - 1) {
            return "always".to_owned();
        }
        let words = self.known_hours();
        let not = |s: &[u64]| -> Vec<u64> {
            s.iter().zip(space.set(space.full(), DIMS - 1)).map(|(x, f)| f & !x).collect()
        };
        let signed: Vec<(String, Vec<u64>)> =
            words.iter().flat_map(|(text, s)| [(text.clone(), s.clone()), (negated(text), not(s))]).collect();
        if let Some((text, _)) = signed.iter().find(|(_, s)| s == set) {
            return text.clone();
        }
        for (i, (a, x)) in signed.iter().enumerate() {
            for (b, y) in &signed[i + 1..] {
                if x.iter().zip(y).zip(set).all(|((x, y), s)| x & y == *s) {
                    return format!("{} and {}", wrapped(a), wrapped(b));
                }
                if x.iter().zip(y).zip(set).all(|((x, y), s)| x | y == *s) {
                    return format!("{a} or {b}");
                }
            }
        }
        let spans = self.lexicon.time.spans(set);
        match spans.as_slice().first() {
            None => "never".to_owned(),
            Some(s) if spans.len() == 1 => local(&self.matrix.zone, s.start, s.end),
            Some(s) => {
                format!("{} and {} more times", local(&self.matrix.zone, s.start, s.end), spans.len() - 1)
            }
        }
    }

    /// The hours that the matrix talks about, shortest words first.
    fn known_hours(&self) -> Vec<(String, Vec<u64>)> {
        let matrix = &self.matrix;
        let mut words: Vec<(String, Vec<u64>)> = Vec::new();
        let mut add = |text: String, set: Vec<u64>| {
            if !words.iter().any(|(_, s)| *s == set) {
                words.push((text, set));
            }
        };
        let rows = matrix.draft.rows.iter().zip(&matrix.rows);
        for (draft, row) in rows {
            row.time.terms(&mut |term| {
                let name = |c: &crate::model::CalendarIx| matrix.calendar(*c).id.clone();
                let named: Term = match term {
                    Term::Calendar(c) => Term::Calendar(name(c)),
                    Term::Holidays(c) => Term::Holidays(name(c)),
                    Term::OnDuty(c) => Term::OnDuty(name(c)),
                    Term::Weekly(d, w) => Term::Weekly(*d, w.clone()),
                    Term::Days(a, b) => Term::Days(*a, *b),
                };
                add(named.to_string(), self.hours(&Expr::Term(term.clone())).to_vec());
            });
            if let Some(text) = &draft.time {
                add(text.clone(), self.hours(&row.time).to_vec());
            }
        }
        for team in &matrix.teams {
            if team.hours != Expr::Always {
                add(format!("on-duty({})", team.id), self.hours(&team.hours).to_vec());
            }
        }
        words.sort_by_key(|(text, _)| text.len());
        words.truncate(64);
        words
    }
}

/// The opposite of an expression, without saying `not` twice.
fn negated(text: &str) -> String {
    match Expr::parse(text) {
        Ok(Expr::Not(inner)) => inner.to_string(),
        Ok(expr) => Expr::Not(Box::new(expr)).to_string(),
        Err(_) => format!("not ({text})"),
    }
}

fn wrapped(text: &str) -> String {
    if text.contains(" or ") && !text.ends_with(')') { format!("({text})") } else { text.to_owned() }
}

/// A stretch of time on the wall clock of a zone.
pub fn local(zone: &Zone, start: At, end: At) -> String {
    let (a, b) = (zone.local(start), zone.local(end));
    let first = a.strftime("%a %Y-%m-%d %H:%M");
    if end - start >= Millis::from_hours(24 * 365) {
        return format!("{first} to {}", b.strftime("%Y-%m-%d"));
    }
    if a.date() == b.date() {
        format!("{first} to {}", b.strftime("%H:%M"))
    } else if b.time() == jiff::civil::Time::midnight()
        && a.date().tomorrow().is_ok_and(|next| next == b.date())
    {
        format!("{first} to 24:00")
    } else {
        format!("{first} to {}", b.strftime("%a %Y-%m-%d %H:%M"))
    }
}

//! Are the people there? Hours that nobody of a row's teams is on duty, and promised answers that such hours break.

use remit_core::{BusinessTime, Millis, Span, Spans};

use super::{Finding, Kind, describe};
use crate::compile::{Compiled, spans_of};
use crate::engine::overlap::Overlap;
use crate::engine::verdict::uncovered_by_rows;
use crate::engine::{Cuboid, DIMS};
use crate::model::{Promise, Row};
use crate::time::Term;
use crate::words::{Region, Stretch, local};

impl Compiled {
    /// Findings about people, row by row.
    pub(super) fn coverage(&self, overlap: &Overlap) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (i, row) in self.matrix.rows.iter().enumerate() {
            if overlap.copy_of[i].is_some() || self.table.space.is_empty(&self.table.rows[i].cuboid) {
                continue;
            }
            let staffed = self.staffed(row);
            let alone: Vec<u64> = self.time_of(i).iter().zip(&staffed).map(|(t, s)| t & !s).collect();
            let Some(open) = self.wins_during(i, &alone, &overlap.inner[i]) else { continue };
            findings.push(self.uncovered(row, &open));
            findings.extend(self.promise(row, &staffed, &open));
        }
        findings
    }

    fn time_of(&self, row: usize) -> &[u64] {
        self.table.space.set(&self.table.rows[row].cuboid, DIMS - 1)
    }

    /// Time atoms during which somebody of the row's teams is on duty.
    fn staffed(&self, row: &Row) -> Vec<u64> {
        let mut staffed = vec![0u64; self.lexicon.time.len().div_ceil(64)];
        for team in std::iter::once(&row.responsible).chain(&row.fallback) {
            let hours = self.hours(&self.matrix.team(*team).hours);
            staffed.iter_mut().zip(&hours).for_each(|(s, h)| *s |= h);
        }
        staffed
    }

    /// The part of a row's box inside these atoms where no narrower row takes over, as one enclosing box; `None` when empty.
    fn wins_during(&self, row: usize, atoms: &[u64], inner: &[u32]) -> Option<Cuboid> {
        if atoms.iter().all(|&w| w == 0) {
            return None;
        }
        let space = &self.table.space;
        let mut region = self.table.rows[row].cuboid.clone();
        space.set_mut(&mut region, DIMS - 1).copy_from_slice(atoms);
        let cells = uncovered_by_rows(&self.table, &region, &[inner]);
        cells.into_iter().reduce(|mut all, cell| {
            all.iter_mut().zip(&cell).for_each(|(a, c)| *a |= c);
            all
        })
    }

    fn uncovered(&self, row: &Row, open: &Cuboid) -> Finding {
        let region = self.region(open);
        let team = self.matrix.team(row.responsible);
        let last = self.matrix.team(self.matrix.last_resort);
        let others = if row.fallback.is_empty() { "has no fallback" } else { "nor is a fallback" };
        let message = format!(
            "row `{}`: `{}` is not on duty and {others}, so `{}` gets {}",
            row.id,
            team.id,
            last.id,
            describe(&region)
        );
        let advice = format!("name a fallback that is on duty then, or widen the hours of `{}`", team.id);
        Finding {
            kind: Kind::Uncovered,
            message,
            rows: vec![row.id.clone()],
            regions: vec![region],
            advice,
            fix: None,
        }
    }

    /// Arrivals that wait longer than the promised answer until somebody comes on duty.
    fn promise(&self, row: &Row, staffed: &[u64], open: &Cuboid) -> Option<Finding> {
        let target = row.promise.respond?;
        let time = &self.lexicon.time;
        let horizon = time.horizon();
        let clock = self.clock(&row.promise);
        let holds = time.spans(self.table.space.set(open, DIMS - 1));
        let mut late = Vec::new();
        for away in time.spans(staffed).complement_within(horizon).iter() {
            // Who comes on duty after the horizon is not known.
            if away.end >= horizon.end && away.start > horizon.start {
                continue;
            }
            let latest =
                if away.end >= horizon.end { Some(horizon.end) } else { clock.sub(away.end, target) };
            let end = latest.unwrap_or(away.start).min(away.end);
            late.push(Span { start: away.start, end: end.max(away.start) });
        }
        late.retain(|s| !s.is_empty());
        let late = self.clocked(&row.promise, &Spans::from_unsorted(late).intersect(&holds));
        let minutes = late.total().minutes();
        (minutes > 0).then(|| self.broken(row, target, &late, minutes as u64))
    }

    fn broken(&self, row: &Row, target: Millis, late: &Spans, minutes: u64) -> Finding {
        let zone = &self.matrix.zone;
        let stretch = |s: Span| Stretch { start: s.start, end: s.end, local: local(zone, s.start, s.end) };
        let first: Vec<Stretch> = late.iter().take(2).map(stretch).collect();
        let when = first.first().map(|s| s.local.clone()).unwrap_or_default();
        let per_week = self.per_week(minutes);
        let message = format!(
            "row `{}` promises an answer within {target}, but what arrives while nobody is on duty waits longer: {} a week, first {when}",
            row.id,
            Millis::from_minutes(per_week as i64)
        );
        let region = Region { conditions: Vec::new(), when, minutes, minutes_per_week: per_week, first };
        let advice = "count the promise in a calendar (`clock`) in which somebody works, lengthen it, or add a fallback";
        Finding {
            kind: Kind::Promise,
            message,
            rows: vec![row.id.clone()],
            regions: vec![region],
            advice: advice.to_owned(),
            fix: None,
        }
    }

    fn clock(&self, promise: &Promise) -> BusinessTime {
        let horizon = self.lexicon.time.horizon();
        let open = match promise.clock {
            Some(c) => spans_of(&self.matrix, &Term::Calendar(c), horizon),
            None => Spans::from_unsorted(vec![horizon]),
        };
        BusinessTime::compile(&open, horizon)
    }

    /// What arrives while the promise's clock stands still is answered as if it came when the clock starts again.
    fn clocked(&self, promise: &Promise, spans: &Spans) -> Spans {
        match promise.clock {
            Some(c) => {
                spans.intersect(&spans_of(&self.matrix, &Term::Calendar(c), self.lexicon.time.horizon()))
            }
            None => spans.clone(),
        }
    }
}

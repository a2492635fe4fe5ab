//! Time atoms: classes of minutes that no predicate in use tells apart.
//!
//! All predicates are swept once over the horizon; every distinct set of active predicates is one atom. Looking an instant
//! up is two loads: `class of the day`, then `atom of the minute` in the table of that class.

use remit_core::{At, Horizon, Millis, Span, Spans};
use rustc_hash::FxHashMap;

const DAY: i64 = 24 * 60;

/// The atoms of a horizon.
#[derive(Debug, Clone)]
pub struct TimeAtoms {
    horizon: Horizon,
    predicates: usize,
    /// Active predicates of each atom, as bits.
    active: Vec<Box<[u64]>>,
    minutes: Vec<u64>,
    /// First minute and atom of every stretch, ascending.
    stretches: Vec<(i64, u16)>,
    first_day: i64,
    day_class: Vec<u16>,
    /// Atom of every minute of a day, per class of day.
    atom_of: Vec<u16>,
}

/// More distinct hours than a matrix can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the hours in use cut the year into more than {} classes: use fewer different hours", u16::MAX)]
pub struct TooManyAtoms;

impl TimeAtoms {
    /// Sweeps the predicates. The horizon is cut to whole minutes; seconds inside a minute follow its first instant.
    pub fn new(predicates: &[Spans], horizon: Horizon) -> Result<Self, TooManyAtoms> {
        let (first, last) = (horizon.start.minute(), horizon.end.minute());
        let mut edges: Vec<(i64, u32, bool)> = Vec::new();
        for (p, spans) in predicates.iter().enumerate() {
            for span in spans.within(horizon).iter() {
                edges.push((span.start.minute(), p as u32, true));
                edges.push((span.end.minute(), p as u32, false));
            }
        }
        edges.sort_unstable();
        let mut this = Self {
            horizon,
            predicates: predicates.len(),
            active: Vec::new(),
            minutes: Vec::new(),
            stretches: Vec::new(),
            first_day: first.div_euclid(DAY),
            day_class: Vec::new(),
            atom_of: Vec::new(),
        };
        this.sweep(&edges, first, last)?;
        this.index_days(last);
        Ok(this)
    }

    fn sweep(&mut self, edges: &[(i64, u32, bool)], first: i64, last: i64) -> Result<(), TooManyAtoms> {
        let mut numbers: FxHashMap<Box<[u64]>, u16> = FxHashMap::default();
        let mut active = vec![0u64; self.predicates.div_ceil(64).max(1)].into_boxed_slice();
        let mut at = first;
        let mut next = 0;
        while at < last {
            while next < edges.len() && edges[next].0 <= at {
                let (_, p, opens) = edges[next];
                let bit = 1u64 << (p % 64);
                let word = &mut active[p as usize / 64];
                *word = if opens { *word | bit } else { *word & !bit };
                next += 1;
            }
            let end = edges.get(next).map_or(last, |e| e.0.min(last));
            let number = if let Some(&number) = numbers.get(&active) {
                number
            } else {
                let number = u16::try_from(self.active.len()).map_err(|_| TooManyAtoms)?;
                numbers.insert(active.clone(), number);
                self.active.push(active.clone());
                self.minutes.push(0);
                number
            };
            self.minutes[usize::from(number)] += (end - at) as u64;
            if self.stretches.last().is_none_or(|(_, a)| *a != number) {
                self.stretches.push((at, number));
            }
            at = end;
        }
        Ok(())
    }

    fn index_days(&mut self, last: i64) {
        let mut classes: FxHashMap<Vec<u16>, u16> = FxHashMap::default();
        let mut stretch = 0;
        let days = (last - 1).div_euclid(DAY) - self.first_day + 1;
        for day in 0..days {
            let start = (self.first_day + day) * DAY;
            let mut table = Vec::with_capacity(DAY as usize);
            for minute in start..start + DAY {
                while stretch + 1 < self.stretches.len() && self.stretches[stretch + 1].0 <= minute {
                    stretch += 1;
                }
                table.push(self.stretches[stretch].1);
            }
            let number = classes.len() as u16;
            let class = *classes.entry(table).or_insert_with_key(|table| {
                self.atom_of.extend_from_slice(table);
                number
            });
            self.day_class.push(class);
        }
    }

    /// The atom of an instant; `None` outside the horizon.
    #[inline]
    pub fn atom(&self, at: At) -> Option<u16> {
        if !self.horizon.contains(at) {
            return None;
        }
        let minute = at.minute();
        let day = minute.div_euclid(DAY);
        let class = *self.day_class.get((day - self.first_day) as usize)?;
        self.atom_of.get(usize::from(class) * DAY as usize + (minute - day * DAY) as usize).copied()
    }

    /// The stretches that begin after an instant: when, and the atom from then on.
    pub fn after(&self, at: At) -> impl Iterator<Item = (At, u16)> {
        let next = self.stretches.partition_point(|(start, _)| *start <= at.minute());
        self.stretches[next..].iter().map(|&(start, atom)| (At::from_minute(start), atom))
    }

    /// The horizon.
    pub fn horizon(&self) -> Horizon {
        self.horizon
    }

    /// Number of atoms.
    pub fn len(&self) -> usize {
        self.minutes.len()
    }

    /// Whether the horizon holds no minute.
    pub fn is_empty(&self) -> bool {
        self.minutes.is_empty()
    }

    /// Minutes of every atom over the horizon.
    pub fn minutes(&self) -> &[u64] {
        &self.minutes
    }

    /// Whether a predicate is active in an atom.
    pub fn is_active(&self, atom: usize, predicate: usize) -> bool {
        self.active[atom][predicate / 64] >> (predicate % 64) & 1 == 1
    }

    /// The stretches of the horizon during which one of the atoms of the set holds, joined where they touch.
    pub fn spans(&self, set: &[u64]) -> Spans {
        let minute = |m: i64| At::from_millis(Millis::from_minutes(m).millis());
        let end = self.horizon.end.minute();
        let mut spans = Vec::new();
        for (i, &(start, atom)) in self.stretches.iter().enumerate() {
            if set[usize::from(atom) / 64] >> (atom % 64) & 1 == 1 {
                let until = self.stretches.get(i + 1).map_or(end, |s| s.0);
                spans.push(Span { start: minute(start), end: minute(until) });
            }
        }
        Spans::from_unsorted(spans)
    }

    /// The atoms that occur within spans, each with its minutes there.
    pub fn within(&self, spans: &Spans) -> Vec<(u16, u64)> {
        let end = self.horizon.end.minute();
        let mut minutes = vec![0u64; self.minutes.len()];
        for span in spans.within(self.horizon).iter() {
            let (mut at, last) = (span.start.minute(), span.end.minute());
            let mut stretch = self.stretches.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            while at < last {
                let until = self.stretches.get(stretch + 1).map_or(end, |next| next.0).min(last);
                minutes[usize::from(self.stretches[stretch].1)] += (until - at) as u64;
                (at, stretch) = (until, stretch + 1);
            }
        }
        let found = minutes.into_iter().enumerate().filter(|(_, minutes)| *minutes > 0);
        found.map(|(atom, minutes)| (atom as u16, minutes)).collect()
    }

    /// Bytes that a lookup may touch.
    pub fn bytes(&self) -> usize {
        (self.day_class.len() + self.atom_of.len()) * 2
    }
}

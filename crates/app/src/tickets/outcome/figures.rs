//! What is summed for a month: a row of numbers, to which those of one ticket are added and from which they are taken away.

use remit_promise::{Kind, Promise, Target};

use super::{Outcome, SolvedBy};

/// Numbers of a month that are summed, in the order of the columns.
pub(crate) const FIGURES: usize = 31;
/// Where those of promises begin: two for each, how many were kept and how many were missed.
const OF_PROMISES: usize = 9;

/// What is promised, in the order in which it is counted.
pub(crate) const PROMISES: [Promise; 11] = {
    const fn of(kind: Kind, target: Target) -> Promise {
        Promise { kind, target }
    }
    [
        of(Kind::Sla, Target::Response),
        of(Kind::Sla, Target::Update),
        of(Kind::Sla, Target::Resolution),
        of(Kind::Ola, Target::Response),
        of(Kind::Ola, Target::Update),
        of(Kind::Ola, Target::Resolution),
        of(Kind::Ola, Target::Acceptance),
        of(Kind::Uc, Target::Response),
        of(Kind::Uc, Target::Update),
        of(Kind::Uc, Target::Resolution),
        of(Kind::Uc, Target::Acceptance),
    ]
};

/// The numbers of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Figures(pub [i64; FIGURES]);

/// Of a month in which nothing happened.
pub(crate) const NOTHING: Figures = Figures([0; FIGURES]);

/// Where a promise is counted.
pub(crate) fn place(promise: Promise) -> Option<usize> {
    let place = PROMISES.iter().position(|known| *known == promise)?;
    Some(OF_PROMISES + 2 * place)
}

impl Figures {
    /// Those of a ticket, by month: it was opened in one, and solved in that or another.
    pub fn of(outcome: &Outcome) -> Vec<(&str, Self)> {
        let mut all = Vec::new();
        if let Some(month) = &outcome.opened {
            let mut figures = NOTHING;
            figures.0[0] = 1;
            all.push((month.as_str(), figures));
        }
        if let Some(solved) = &outcome.solved {
            let mut figures = NOTHING;
            figures.0[1 + solved.by as usize] = 1;
            figures.0[7] = solved.facts.handed;
            figures.0[8] = solved.facts.bounced;
            for (n, promise) in PROMISES.into_iter().enumerate() {
                let (kept, missed) = solved.facts.promise(promise);
                figures.0[OF_PROMISES + 2 * n] = kept;
                figures.0[OF_PROMISES + 2 * n + 1] = missed;
            }
            all.push((solved.month.as_str(), figures));
        }
        all
    }

    /// Adds others so many times: once, or minus once to take them away.
    pub fn add(&mut self, other: &Self, times: i64) {
        for (sum, number) in self.0.iter_mut().zip(other.0) {
            *sum += times * number;
        }
    }

    /// Tickets that were opened.
    pub fn opened(&self) -> i64 {
        self.0[0]
    }

    /// Tickets that were solved.
    pub fn solved(&self) -> i64 {
        SolvedBy::ALL.iter().map(|by| self.by(*by)).sum()
    }

    /// Tickets that somebody solved.
    pub fn by(&self, by: SolvedBy) -> i64 {
        self.0[1 + by as usize]
    }

    /// How often tickets were taken over before they were solved.
    pub fn handed(&self) -> i64 {
        self.0[7]
    }

    /// How often they came back.
    pub fn bounced(&self) -> i64 {
        self.0[8]
    }

    /// How often a promise was kept, and how often it was missed.
    pub fn promise(&self, promise: Promise) -> (i64, i64) {
        place(promise).map_or((0, 0), |at| (self.0[at], self.0[at + 1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_place_of_its_own() {
        assert_eq!(OF_PROMISES, 1 + SolvedBy::ALL.len() + 2);
        assert_eq!(FIGURES, OF_PROMISES + 2 * PROMISES.len());
        let places: Vec<usize> = PROMISES.into_iter().filter_map(place).collect();
        assert_eq!(places, (0..PROMISES.len()).map(|n| OF_PROMISES + 2 * n).collect::<Vec<_>>());
    }
}

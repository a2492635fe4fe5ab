//! Bounces: a ticket that comes back to somebody who has held it before.

use serde::{Deserialize, Serialize};

/// So many bounces in a row mean that the ticket has no home in the matrix.
pub const BOUNCES_IN_A_ROW: u32 = 3;

/// Who has held a ticket, and how often it came back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bounces<H> {
    holders: Vec<H>,
    total: u32,
    in_a_row: u32,
    between: Vec<H>,
}

impl<H> Default for Bounces<H> {
    fn default() -> Self {
        Self { holders: Vec::new(), total: 0, in_a_row: 0, between: Vec::new() }
    }
}

impl<H: Clone + Eq> Bounces<H> {
    /// Nobody held it before `holder`.
    pub fn start(holder: H) -> Self {
        Self { holders: vec![holder], ..Self::default() }
    }

    /// Records the move `from` → `to` and says whether it was a bounce.
    pub fn go(&mut self, from: &H, to: &H) -> bool {
        let bounce = self.holders.contains(to);
        if bounce {
            self.total += 1;
            self.in_a_row += 1;
            for party in [from, to] {
                if !self.between.contains(party) {
                    self.between.push(party.clone());
                }
            }
        } else {
            self.holders.push(to.clone());
            self.in_a_row = 0;
            self.between.clear();
        }
        bounce
    }

    /// Everyone who held it, in the order of their first time.
    pub fn holders(&self) -> &[H] {
        &self.holders
    }

    /// How many of the moves were bounces.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// How many of the latest moves were bounces without another move between them.
    pub fn in_a_row(&self) -> u32 {
        self.in_a_row
    }

    /// The parties of the present run of bounces, in the order in which they took part; empty without a run.
    pub fn between(&self) -> &[H] {
        &self.between
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(holders: &str) -> Bounces<char> {
        let mut holders = holders.chars();
        let mut from = holders.next().unwrap();
        let mut bounces = Bounces::start(from);
        for to in holders {
            bounces.go(&from, &to);
            from = to;
        }
        bounces
    }

    #[test]
    fn a_first_time_with_somebody_ends_the_run() {
        let tennis = moved("ababa");
        assert_eq!((tennis.total(), tennis.in_a_row(), tennis.between()), (3, 3, &['b', 'a'][..]));
        let elsewhere = moved("ababac");
        assert_eq!((elsewhere.total(), elsewhere.in_a_row(), elsewhere.between()), (3, 0, &[][..]));
        assert_eq!(elsewhere.holders(), ['a', 'b', 'c']);
    }

    #[test]
    fn a_run_between_three_names_all_three() {
        let round = moved("abcabc");
        assert_eq!((round.in_a_row(), round.between()), (3, &['c', 'a', 'b'][..]));
    }
}

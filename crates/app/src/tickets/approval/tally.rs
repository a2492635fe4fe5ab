//! Counting: what is decided by the answers that there are. It depends on nothing else.

use super::Answer;

/// The answers to an approval, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many must say yes; from 1 to `of`.
    pub needed: usize,
    /// How many are asked.
    pub of: usize,
    /// How many have said yes.
    pub yes: usize,
    /// How many have said no.
    pub no: usize,
}

/// What follows from the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It can still go either way.
    Undecided,
    /// Enough have said yes.
    Granted,
    /// So many have said no that enough yes cannot come any more.
    Refused,
}

impl Tally {
    /// Counts. `answers` has one entry for each who is asked.
    pub fn of(needed: usize, answers: impl IntoIterator<Item = Option<Answer>>) -> Self {
        let mut tally = Self { needed, of: 0, yes: 0, no: 0 };
        for answer in answers {
            tally.of += 1;
            tally.yes += usize::from(answer == Some(Answer::Yes));
            tally.no += usize::from(answer == Some(Answer::No));
        }
        tally
    }

    /// What is decided.
    pub const fn verdict(self) -> Verdict {
        if self.yes >= self.needed {
            Verdict::Granted
        } else if self.of - self.no < self.needed {
            Verdict::Refused
        } else {
            Verdict::Undecided
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All ways in which so many can have answered, or not yet.
    fn all(of: u32) -> impl Iterator<Item = Vec<Option<Answer>>> {
        (0..3_u32.pow(of)).map(move |mut code| {
            let mut next = || {
                let digit = code % 3;
                code /= 3;
                [None, Some(Answer::Yes), Some(Answer::No)][digit as usize]
            };
            (0..of).map(|_| next()).collect()
        })
    }

    /// Every way to go on from some answers until all are there.
    fn ends(answers: &[Option<Answer>]) -> Vec<usize> {
        let Some(open) = answers.iter().position(Option::is_none) else {
            return vec![answers.iter().filter(|answer| **answer == Some(Answer::Yes)).count()];
        };
        let mut found = Vec::new();
        for answer in [Answer::Yes, Answer::No] {
            let mut next = answers.to_vec();
            next[open] = Some(answer);
            found.extend(ends(&next));
        }
        found
    }

    #[test]
    fn a_verdict_is_what_every_way_to_go_on_comes_to_and_comes_as_soon_as_that() {
        for of in 1..=6 {
            for answers in all(of) {
                for needed in 1..=of as usize {
                    let verdict = Tally::of(needed, answers.iter().copied()).verdict();
                    let ends = ends(&answers);
                    let right = if ends.iter().all(|yes| *yes >= needed) {
                        Verdict::Granted
                    } else if ends.iter().all(|yes| *yes < needed) {
                        Verdict::Refused
                    } else {
                        Verdict::Undecided
                    };
                    assert_eq!(verdict, right, "{needed} of {answers:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_decided_stays_decided_and_the_order_of_answers_is_nothing() {
        for answers in all(5) {
            for needed in 1..=5 {
                let before = Tally::of(needed, answers.iter().copied()).verdict();
                let turned = Tally::of(needed, answers.iter().rev().copied()).verdict();
                assert_eq!(before, turned);
                for (place, _) in answers.iter().enumerate().filter(|(_, answer)| answer.is_none()) {
                    for answer in [Answer::Yes, Answer::No] {
                        let mut next = answers.clone();
                        next[place] = Some(answer);
                        let after = Tally::of(needed, next).verdict();
                        assert!(before == Verdict::Undecided || after == before, "{needed} of {answers:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn when_all_have_answered_it_is_decided() {
        for answers in all(4).filter(|answers| answers.iter().all(Option::is_some)) {
            for needed in 1..=4 {
                assert_ne!(Tally::of(needed, answers.iter().copied()).verdict(), Verdict::Undecided);
            }
        }
    }
}

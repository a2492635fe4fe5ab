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

    /// Whatever somebody can say next.
    fn nexts(answers: &[Option<Answer>]) -> Vec<Vec<Option<Answer>>> {
        let places = (0..answers.len()).filter(|place| answers[*place].is_none());
        let said = |place: usize, answer| {
            let mut next = answers.to_vec();
            next[place] = Some(answer);
            next
        };
        places.flat_map(|place| [Answer::Yes, Answer::No].map(|answer| said(place, answer))).collect()
    }

    /// All ways in which so many can have answered, with each number that can be needed.
    fn cases(of: u32) -> impl Iterator<Item = (usize, Vec<Option<Answer>>)> {
        (1..=of as usize).flat_map(move |needed| all(of).map(move |answers| (needed, answers)))
    }

    #[test]
    fn a_verdict_is_what_every_way_to_go_on_comes_to_and_comes_as_soon_as_that() {
        for (needed, answers) in (1..=6).flat_map(cases) {
            let verdict = Tally::of(needed, answers.iter().copied()).verdict();
            let ends = ends(&answers);
            let right = match ends.iter().filter(|yes| **yes >= needed).count() {
                0 => Verdict::Refused,
                many if many == ends.len() => Verdict::Granted,
                _ => Verdict::Undecided,
            };
            assert_eq!(verdict, right, "{needed} of {answers:?}");
        }
    }

    #[test]
    fn what_is_decided_stays_decided_and_the_order_of_answers_is_nothing() {
        for (needed, answers) in cases(5) {
            let before = Tally::of(needed, answers.iter().copied()).verdict();
            assert_eq!(before, Tally::of(needed, answers.iter().rev().copied()).verdict());
            for next in nexts(&answers) {
                let after = Tally::of(needed, next).verdict();
                assert!(before == Verdict::Undecided || after == before, "{needed} of {answers:?}");
            }
        }
    }

    #[test]
    fn when_all_have_answered_it_is_decided() {
        for (needed, answers) in cases(4).filter(|(_, answers)| answers.iter().all(Option::is_some)) {
            assert_ne!(Tally::of(needed, answers).verdict(), Verdict::Undecided);
        }
    }
}

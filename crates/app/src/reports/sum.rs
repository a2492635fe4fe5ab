//! The rules of summing: which months are looked at, what is missed, and minutes that add up.

use std::collections::BTreeMap;

use remit_core::Id;
use remit_promise::Promise;

use super::{MONTHS, Month};
use crate::people::{Party, PartyKind};
use crate::promises::{promise_key, promise_of};
use crate::tickets::outcome::{Figures, NOTHING, Of, Outcome, PROMISES, SolvedBy};

/// Parties that are named of each promise; the rest are one entry.
const NAMED: usize = 25;
/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;

/// The months that are looked at, the oldest first: up to the present one, or up to the chosen one where that is not among them.
pub(crate) fn window(chosen: Month, now: Month) -> Vec<Month> {
    let months = i32::try_from(MONTHS).unwrap_or(1);
    let last = if chosen > now || chosen <= now.back(months) { chosen } else { now };
    (0..months).rev().map(|n| last.back(n)).collect()
}

/// Each month with its numbers; nothing happened in those that were not found.
pub(super) fn filled(months: &[Month], found: &BTreeMap<String, Figures>) -> Vec<(Month, Figures)> {
    months.iter().map(|month| (*month, found.get(&month.to_string()).copied().unwrap_or(NOTHING))).collect()
}

/// What one party used of a promise that was missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    /// Who; none for all parties that are not named.
    pub party: Option<Id<Party>>,
    /// What they are called.
    pub name: String,
    /// What they are; none where they are not all the same.
    pub kind: Option<PartyKind>,
    /// Milliseconds.
    pub millis: i64,
}

/// A promise that was missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missed {
    /// Which.
    pub promise: Promise,
    /// How often.
    pub times: i64,
    /// What its clocks have used: the sum of the shares.
    pub total: i64,
    /// Whose time that was, the most first.
    pub shares: Vec<Share>,
}

/// Whose time was used, by the key of the promise.
pub(super) type Used = BTreeMap<String, Vec<Share>>;

/// Each promise that was missed, with whose time that took.
pub(super) fn missed(figures: &Figures, mut used: Used) -> Vec<Missed> {
    let all = PROMISES.into_iter().filter_map(|promise| {
        let times = figures.promise(promise).1;
        if times == 0 {
            return None;
        }
        let mut shares = used.remove(promise_key(promise)).unwrap_or_default();
        shares.retain(|share| share.millis > 0);
        shares.sort_by(|a, b| (b.millis, &a.name, a.party).cmp(&(a.millis, &b.name, b.party)));
        let total = shares.iter().map(|share| share.millis).sum();
        Some(Missed { promise, times, total, shares: few(shares) })
    });
    all.collect()
}

/// The first of them, and the rest together.
fn few(mut shares: Vec<Share>) -> Vec<Share> {
    if shares.len() <= NAMED {
        return shares;
    }
    let rest = shares.split_off(NAMED - 1);
    let kind = rest[0].kind.filter(|kind| rest.iter().all(|share| share.kind == Some(*kind)));
    let millis = rest.iter().map(|share| share.millis).sum();
    shares.push(Share { party: None, name: format!("{} others", rest.len()), kind, millis });
    shares
}

/// Milliseconds as whole minutes that add up to the whole minutes of their sum: each is off by less than one.
pub(crate) fn in_minutes(millis: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let (mut sum, mut before) = (0_i64, 0_i64);
    let each = millis.into_iter().map(|millis| {
        sum += millis;
        let now = (sum + MINUTE / 2).div_euclid(MINUTE);
        now - std::mem::replace(&mut before, now)
    });
    each.collect()
}

/// Which tickets of a month a number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those that were opened.
    Opened,
    /// Those that were solved.
    Solved,
    /// Those that somebody solved.
    By(SolvedBy),
    /// Solved ones that were taken over.
    Handed,
    /// Solved ones that came back.
    Bounced,
    /// Solved ones of which a promise was kept.
    Kept(Promise),
    /// Solved ones of which a promise was missed.
    Missed(Promise),
}

impl Which {
    /// In an address.
    pub fn key(self) -> String {
        match self {
            Self::Opened => "opened".to_owned(),
            Self::Solved => "solved".to_owned(),
            Self::By(by) => format!("solved-by-{}", by.key()),
            Self::Handed => "handed-over".to_owned(),
            Self::Bounced => "bounced".to_owned(),
            Self::Kept(promise) => format!("kept-{}", promise_key(promise)),
            Self::Missed(promise) => format!("missed-{}", promise_key(promise)),
        }
    }

    /// The one with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "opened" => Some(Self::Opened),
            "solved" => Some(Self::Solved),
            "handed-over" => Some(Self::Handed),
            "bounced" => Some(Self::Bounced),
            _ => key
                .strip_prefix("solved-by-")
                .and_then(|by| SolvedBy::from_key(by).map(Self::By))
                .or_else(|| key.strip_prefix("kept-").and_then(|key| promise_of(key).map(Self::Kept)))
                .or_else(|| key.strip_prefix("missed-").and_then(|key| promise_of(key).map(Self::Missed))),
        }
    }

    /// For people, as what comes after "Tickets".
    pub fn words(self) -> String {
        match self {
            Self::Opened => "that were opened".to_owned(),
            Self::Solved => "that were solved".to_owned(),
            Self::By(SolvedBy::Unsaid) => "that the provider solved, no line said".to_owned(),
            Self::By(by) => format!("that {} solved", by.name()),
            Self::Handed => "that were handed over and solved".to_owned(),
            Self::Bounced => "that bounced and were solved".to_owned(),
            Self::Kept(promise) => {
                format!("solved, with a promise kept: {}", crate::promises::promise_words(promise))
            }
            Self::Missed(promise) => {
                format!("solved, with a promise missed: {}", crate::promises::promise_words(promise))
            }
        }
    }

    /// By which month they are found.
    pub(super) fn of(self) -> Of {
        if self == Self::Opened { Of::Opened } else { Of::Solved }
    }

    /// Whether it stands for a ticket that was opened or solved in the month.
    pub(super) fn has(self, outcome: &Outcome) -> bool {
        let Some(solved) = &outcome.solved else { return self == Self::Opened };
        match self {
            Self::Opened | Self::Solved => true,
            Self::By(by) => solved.by == by,
            Self::Handed => solved.facts.handed > 0,
            Self::Bounced => solved.facts.bounced > 0,
            Self::Kept(promise) => solved.facts.promise(promise).0 > 0,
            Self::Missed(promise) => solved.facts.promise(promise).1 > 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn the_chosen_month_is_among_those_that_are_looked_at() {
        let now = month("2026-11");
        for (chosen, first, last) in [
            ("2026-11", "2025-12", "2026-11"),
            ("2025-12", "2025-12", "2026-11"),
            ("2025-11", "2024-12", "2025-11"),
            ("2027-02", "2026-03", "2027-02"),
        ] {
            let months = window(month(chosen), now);
            assert_eq!((months[0], months[MONTHS - 1]), (month(first), month(last)), "{chosen}");
            assert!(months.len() == MONTHS && months.contains(&month(chosen)));
        }
    }

    #[test]
    fn every_number_names_its_tickets() {
        let promises =
            PROMISES.into_iter().flat_map(|promise| [Which::Kept(promise), Which::Missed(promise)]);
        let by = SolvedBy::ALL.iter().copied().map(Which::By);
        let plain = [Which::Opened, Which::Solved, Which::Handed, Which::Bounced];
        for which in plain.into_iter().chain(by).chain(promises) {
            assert_eq!(Which::from_key(&which.key()), Some(which));
        }
        for odd in ["", "all", "kept-", "kept-sla", "solved-by-l4", "missed-sla.acceptance"] {
            assert_eq!(Which::from_key(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn minutes_add_up(millis in prop::collection::vec(0..500_000_000_i64, 0..40)) {
            let minutes = in_minutes(millis.iter().copied());
            let total = in_minutes([millis.iter().sum()])[0];
            prop_assert_eq!(minutes.iter().sum::<i64>(), total);
            for (minutes, millis) in minutes.iter().zip(&millis) {
                prop_assert!((minutes * MINUTE - millis).abs() < MINUTE, "{minutes} {millis}");
            }
        }

        #[test]
        fn shares_add_up_however_many_there_are(millis in prop::collection::vec(1..500_000_000_i64, 1..80)) {
            let share = |millis| Share {
                party: None,
                name: "somebody".to_owned(),
                kind: Some(PartyKind::Vendor),
                millis,
            };
            let mut figures = NOTHING;
            figures.0[crate::tickets::outcome::place(Promise::RESOLUTION).unwrap() + 1] = 1;
            let sum: i64 = millis.iter().sum();
            let used = Used::from([("sla.resolution".to_owned(), millis.into_iter().map(share).collect())]);
            let missed = missed(&figures, used);
            prop_assert_eq!(missed[0].total, sum);
            prop_assert_eq!(missed[0].shares.iter().map(|share| share.millis).sum::<i64>(), sum);
            prop_assert!(missed[0].shares.len() <= NAMED);
        }
    }
}

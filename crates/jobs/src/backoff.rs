//! When a job that failed is tried again.

use remit_core::Millis;

/// Exponential backoff with full jitter: a wait drawn evenly from nothing to a limit that doubles with each try, so that what failed
/// together does not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The limit of the first wait.
    pub first: Millis,
    /// No limit is longer.
    pub longest: Millis,
    /// Tries before it is dead.
    pub tries: u32,
}

impl Backoff {
    /// The longest wait after try `attempt`, counted from 1.
    pub fn limit(self, attempt: u32) -> Millis {
        let doubled = self.first.millis().saturating_mul(1 << attempt.saturating_sub(1).min(40));
        Millis::from_millis(doubled.clamp(0, self.longest.millis()))
    }

    /// The wait after try `attempt`, out of 64 random bits; none when it was the last.
    pub fn wait(self, attempt: u32, bits: u64) -> Option<Millis> {
        if attempt >= self.tries {
            return None;
        }
        let limit = u128::from(self.limit(attempt).millis().unsigned_abs());
        Some(Millis::from_millis(((u128::from(bits) * (limit + 1)) >> 64) as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Backoff =
        Backoff { first: Millis::from_minutes(1), longest: Millis::from_hours(2), tries: 10 };

    #[test]
    fn the_limit_doubles_up_to_the_longest_and_then_stays() {
        let minutes: Vec<i64> = (1..=9).map(|attempt| USUAL.limit(attempt).minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 120, 120]);
        assert_eq!(USUAL.limit(u32::MAX), USUAL.longest);
    }

    #[test]
    fn a_wait_lies_between_nothing_and_the_limit_and_ends_with_the_last_try() {
        for attempt in 1..10 {
            assert_eq!(USUAL.wait(attempt, 0), Some(Millis::ZERO));
            assert_eq!(USUAL.wait(attempt, u64::MAX), Some(USUAL.limit(attempt)));
            let half = USUAL.wait(attempt, 1 << 63).unwrap().millis();
            assert!((half * 2 - USUAL.limit(attempt).millis()).abs() <= 1, "{half}");
        }
        assert_eq!(USUAL.wait(10, 0), None);
    }
}

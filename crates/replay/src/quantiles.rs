//! Quantiles of durations in bounded memory: exact while there are few, within 1 % when there are many.

use serde::Serialize;

/// The relative error of a quantile once values are no longer kept one by one.
pub const RELATIVE_ERROR: f64 = 0.01;
const GAMMA: f64 = (1.0 + RELATIVE_ERROR) / (1.0 - RELATIVE_ERROR);

/// A quantile of durations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Quantile {
    /// In milliseconds.
    pub millis: i64,
    /// Whether it is exact; else it is within 1 % of the exact one.
    pub exact: bool,
}

/// Durations in milliseconds, zero or more.
///
/// Up to a limit every value is kept. Beyond it they are counted in buckets whose bounds grow by a factor of 1.0202, which
/// keeps any quantile within 1 % (the `DDSketch` of Masson, Rim and Lee, VLDB 2019): at most 2,200 counters for any `i64`.
#[derive(Debug, Clone)]
pub struct Quantiles {
    values: Vec<i64>,
    limit: usize,
    buckets: Vec<u64>,
    count: u64,
}

impl Quantiles {
    /// Keeps at most `limit` values one by one.
    pub fn new(limit: usize) -> Self {
        Self { values: Vec::new(), limit, buckets: Vec::new(), count: 0 }
    }

    /// Adds a duration; a negative one counts as zero.
    pub fn add(&mut self, millis: i64) {
        let millis = millis.max(0);
        self.count += 1;
        if self.buckets.is_empty() && self.values.len() < self.limit {
            self.values.push(millis);
            return;
        }
        for value in std::mem::take(&mut self.values) {
            self.put(value);
        }
        self.put(millis);
    }

    fn put(&mut self, millis: i64) {
        let bucket = if millis == 0 { 0 } else { 1 + ((millis as f64).ln() / GAMMA.ln()).ceil() as usize };
        if bucket >= self.buckets.len() {
            self.buckets.resize(bucket + 1, 0);
        }
        self.buckets[bucket] += 1;
    }

    /// How many durations were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The value below which the share `q` (0 to 1) of the durations lies, interpolated between the two nearest while exact;
    /// `None` when there are no durations.
    pub fn at(&self, q: f64) -> Option<Quantile> {
        if self.count == 0 {
            return None;
        }
        let rank = q.clamp(0.0, 1.0) * (self.count - 1) as f64;
        if self.buckets.is_empty() {
            let mut sorted = self.values.clone();
            sorted.sort_unstable();
            let below = sorted[rank.floor() as usize];
            let above = sorted[rank.ceil() as usize];
            let between = (above - below) as f64 * rank.fract();
            return Some(Quantile { millis: below + between.round() as i64, exact: true });
        }
        let mut seen = 0;
        let bucket = self.buckets.iter().position(|count| {
            seen += count;
            seen as f64 > rank
        });
        let millis = match bucket {
            None | Some(0) => 0,
            Some(bucket) => (2.0 * GAMMA.powf(bucket as f64 - 1.0) / (GAMMA + 1.0)).round() as i64,
        };
        Some(Quantile { millis, exact: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn few_durations_have_an_exact_median() {
        let mut quantiles = Quantiles::new(10);
        for value in [5, 1, 3, 100] {
            quantiles.add(value);
        }
        assert_eq!(quantiles.at(0.5), Some(Quantile { millis: 4, exact: true }));
        assert_eq!(quantiles.at(1.0), Some(Quantile { millis: 100, exact: true }));
        assert_eq!(Quantiles::new(3).at(0.5), None);
    }

    proptest! {
        #[test]
        fn many_durations_have_quantiles_within_one_percent(
            values in prop::collection::vec(0i64..400_000_000_000, 1..400),
            q in 0.0f64..=1.0,
        ) {
            let mut sketch = Quantiles::new(0);
            for value in &values {
                sketch.add(*value);
            }
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let exact = sorted[(q * (sorted.len() - 1) as f64).floor() as usize];
            let got = sketch.at(q).unwrap().millis;
            prop_assert!((got - exact).abs() as f64 <= exact as f64 * RELATIVE_ERROR + 1.0, "{} for {}", got, exact);
        }
    }
}

//! How long something takes: warmed up, repeated, the median taken.

use std::hint::black_box;
use std::time::Instant;

/// How much work to spend on one figure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Rounds of which the median counts.
    pub rounds: usize,
    /// Calls per round of something that takes nanoseconds.
    pub calls: usize,
}

impl Effort {
    /// For figures to publish.
    pub const FULL: Self = Self { rounds: 15, calls: 1 << 20 };
    /// To see whether something broke.
    pub const QUICK: Self = Self { rounds: 3, calls: 1 << 16 };
}

/// Nanoseconds of one call: the median of the rounds, after a warm-up.
pub fn whole<T>(effort: Effort, mut work: impl FnMut() -> T) -> f64 {
    black_box(work());
    let round = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_nanos() as f64
    };
    median((0..effort.rounds).map(round).collect())
}

/// Nanoseconds per item of work on all `items`: the median of the rounds, after a warm-up.
pub fn per_item<T>(effort: Effort, items: usize, work: impl FnMut() -> T) -> f64 {
    whole(effort, work) / items as f64
}

/// Percentiles of single calls.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    /// Half of the calls take no longer, in nanoseconds.
    pub p50: f64,
    /// 99 of 100 calls take no longer, in nanoseconds.
    pub p99: f64,
}

/// Times every call alone and takes off what reading the clock twice costs (the median of empty measurements), so that
/// calls which take a few nanoseconds are right to about a tick of the clock.
pub fn each<I, T>(effort: Effort, items: &[I], mut work: impl FnMut(&I) -> T) -> Spread {
    let clock = median((0..10_000).map(|_| elapsed(|| ())).collect());
    items.iter().take(effort.calls / 8).for_each(|item| drop(black_box(work(item))));
    let mut times: Vec<f64> = items.iter().map(|item| (elapsed(|| work(item)) - clock).max(0.0)).collect();
    times.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Spread { p50: at(0.5), p99: at(0.99) }
}

fn elapsed<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    black_box(work());
    start.elapsed().as_nanos() as f64
}

/// The middle value; of an even number of values, the upper of the two.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

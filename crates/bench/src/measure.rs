//! How long something takes: warmed up, repeated, the median taken.

use std::hint::black_box;
use std::time::Instant;

/// How much work to spend on one figure.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Rounds of which the median counts, for work that takes microseconds or more.
    pub rounds: usize,
    /// Rounds for work that takes nanoseconds: many and short, so that few are interrupted.
    pub short_rounds: usize,
    /// Calls in each of the short rounds.
    pub calls: usize,
}

impl Effort {
    /// For figures to publish.
    pub const FULL: Self = Self { rounds: 15, short_rounds: 101, calls: 1 << 16 };
    /// To see whether something broke.
    pub const QUICK: Self = Self { rounds: 3, short_rounds: 11, calls: 1 << 14 };
}

/// Nanoseconds of one call: the median of the rounds, after a warm-up.
pub fn whole<T>(effort: Effort, work: impl FnMut() -> T) -> f64 {
    rounds(effort.rounds, work)
}

fn rounds<T>(rounds: usize, mut work: impl FnMut() -> T) -> f64 {
    black_box(work());
    let round = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_nanos() as f64
    };
    median((0..rounds).map(round).collect())
}

/// Nanoseconds per item of short work on `items` items: the median of the rounds, after a warm-up.
pub fn per_item<T>(effort: Effort, items: usize, work: impl FnMut() -> T) -> f64 {
    rounds(effort.short_rounds, work) / items as f64
}

/// Percentiles of single calls.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    /// Half of the calls take no longer, in nanoseconds.
    pub p50: f64,
    /// 99 of 100 calls take no longer, in nanoseconds.
    pub p99: f64,
}

impl Spread {
    /// The percentiles of some times; there must be at least one.
    pub fn of(mut times: Vec<f64>) -> Self {
        times.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        Self { p50: at(0.5), p99: at(0.99) }
    }
}

/// Times single calls and takes off what reading the clock twice costs (the median of empty measurements), so that calls
/// which take a few nanoseconds are right to about a tick of the clock.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    overhead: f64,
}

impl Stopwatch {
    /// Learns what reading the clock costs.
    #[expect(clippy::new_without_default, reason = "it takes time: a default looks free")]
    pub fn new() -> Self {
        Self { overhead: median((0..10_000).map(|_| elapsed(|| ())).collect()) }
    }

    /// Nanoseconds of one call.
    pub fn time<T>(self, work: impl FnOnce() -> T) -> f64 {
        (elapsed(work) - self.overhead).max(0.0)
    }
}

/// Times every call alone, after a warm-up with some of the items.
pub fn each<I, T>(items: &[I], work: impl Fn(&I) -> T) -> Spread {
    for item in items.iter().take(items.len() / 8 + 1) {
        black_box(work(item));
    }
    let watch = Stopwatch::new();
    Spread::of(items.iter().map(|item| watch.time(|| work(item))).collect())
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

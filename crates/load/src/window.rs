//! A window of time in which the same thing is done again and again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use remit_bench::measure::Spread;
use remit_bench::report::{Report, Target, Unit};
use tokio::sync::Mutex;

/// What a window has shown.
pub struct Seen {
    /// Answers a second.
    pub rate: f64,
    /// How long they took.
    pub spread: Spread,
}

/// What is needed of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Goal {
    /// Answers a second.
    pub rate: Target,
    /// How long 99 of 100 take at most, in nanoseconds.
    pub p99: Target,
}

impl Goal {
    /// How long 99 of 100 take at most, in nanoseconds.
    pub fn p99(nanoseconds: f64) -> Self {
        Self { p99: Target::goal(nanoseconds), ..Self::default() }
    }

    /// Answers a second.
    pub fn rate(per_second: f64) -> Self {
        Self { rate: Target::goal(per_second), ..Self::default() }
    }
}

impl Seen {
    /// Puts it into a report.
    pub fn report(&self, report: &mut Report, what: &str, goal: Goal) {
        report.add(format!("{what}: answers"), Unit::PerSecond, goal.rate, self.rate);
        report.add(format!("{what}: p50"), Unit::Nanoseconds, Target::NONE, self.spread.p50);
        report.add(format!("{what}: p99"), Unit::Nanoseconds, goal.p99, self.spread.p99);
    }
}

/// Does a piece of work again and again in so many tasks, for so long, after a warm-up of a tenth. Each piece is told its number; a task gets
/// those that leave its own number when divided by how many tasks there are.
pub async fn load<W, F>(tasks: usize, window: Duration, work: Arc<W>) -> Result<Seen, String>
where
    W: Fn(u64) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), String>> + Send,
{
    let times = Arc::new(Mutex::new(Vec::new()));
    let begin = Instant::now() + window / 10;
    let end = begin + window;
    let one = |task: u64| {
        let (times, work) = (Arc::clone(&times), Arc::clone(&work));
        async move {
            let mut own = Vec::new();
            for n in 0.. {
                let started = Instant::now();
                if started >= end {
                    break;
                }
                work(n * tasks as u64 + task).await?;
                // What began in the warm-up and ended behind it counts: it may be all there is.
                if Instant::now() >= begin {
                    own.push(started.elapsed().as_nanos() as f64);
                }
            }
            times.lock().await.extend(own);
            Ok::<_, String>(())
        }
    };
    let running: Vec<_> = (0..tasks as u64).map(|task| tokio::spawn(one(task))).collect();
    for task in running {
        task.await.map_err(|e| e.to_string())??;
    }
    let times = std::mem::take(&mut *times.lock().await);
    if times.is_empty() {
        return Err("nothing was done in time".to_owned());
    }
    // The last of them may have taken longer than the window.
    let time = begin.elapsed().max(window);
    Ok(Seen { rate: times.len() as f64 / time.as_secs_f64(), spread: Spread::of(times) })
}

//! Other decision engines on the tables of `cargo xtask bench`.
//!
//! Usage: `remit-bench-peers FILE`. The file holds tables and questions as plain numbers (see `task`); the answer is a JSON list
//! of times. Every engine gets its table parsed and compiled beforehand and is asked in process: numbers in, number of
//! the owner out, its own form of a question included. A wrong answer is an error.

mod cedar;
mod task;
mod zen;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde::Serialize;
use task::{Case, Point, Task};

/// No case is measured longer than this, however slow the engine.
const PATIENCE: Duration = Duration::from_secs(5);

/// Half of the decisions take no longer.
#[derive(Debug, Serialize)]
struct Timing {
    engine: String,
    case: String,
    p50_ns: f64,
    p99_ns: f64,
    decisions: usize,
}

/// A compiled table: the question's numbers in, the owner out.
type Decide<'a> = Box<dyn Fn(&Point) -> Option<u32> + 'a>;

fn main() -> ExitCode {
    match run() {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("remit-bench-peers: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, String> {
    let path = std::env::args().nth(1).ok_or("usage: remit-bench-peers FILE")?;
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let task: Task = serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
    let mut timings = Vec::new();
    for table in &task.tables {
        let engines: [(&str, Decide<'_>); 3] = [
            (
                "zen-engine 2.1.6, cells as intervals",
                zen::compile(&task.inputs, &table.rules, zen::Cells::Intervals)?,
            ),
            (
                "zen-engine 2.1.6, cells as lists",
                zen::compile(&task.inputs, &table.rules, zen::Cells::Lists)?,
            ),
            ("cedar-policy 4.14.1", cedar::compile(&task.inputs, &table.rules)?),
        ];
        for (engine, decide) in engines {
            for case in &table.cases {
                timings.push(measure(engine, &decide, case, task.rounds)?);
            }
        }
    }
    serde_json::to_string(&timings).map_err(|error| error.to_string())
}

/// Asks every question once to warm up and to check the answers, then some rounds with a clock.
fn measure(engine: &str, decide: &Decide<'_>, case: &Case, rounds: usize) -> Result<Timing, String> {
    for (point, owner) in case.points.iter().zip(&case.owners) {
        let answer = decide(point);
        if answer != Some(*owner) {
            return Err(format!(
                "{engine} answers {answer:?} where {owner} is right: {point:?}, {}",
                case.name
            ));
        }
    }
    let begin = Instant::now();
    let mut times = Vec::with_capacity(rounds * case.points.len());
    for point in (0..rounds).flat_map(|_| &case.points).take_while(|_| begin.elapsed() < PATIENCE) {
        let start = Instant::now();
        black_box(decide(black_box(point)));
        times.push(start.elapsed().as_secs_f64() * 1e9);
    }
    times.sort_unstable_by(f64::total_cmp);
    let (p50_ns, p99_ns) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    Ok(Timing { engine: engine.to_owned(), case: case.name.clone(), p50_ns, p99_ns, decisions: times.len() })
}

//! The rule of custody, checked: every state of a small world in which messages are lost, repeated, delayed and reordered.
//!
//! What is checked is [`remit_custody::apply`] itself, with [`remit_custody::effects`], as the product calls them.

mod decide;
mod judge;
mod model;
mod property;
#[cfg(test)]
mod tests;
mod world;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use stateright::{Checker, HasDiscoveries, Model};

use remit_bench::measure::Effort;
use remit_bench::report::{Report, Target, Unit};

use decide::Bounds;
use model::Desk;

/// The worlds of the bench: two messages on their way at once, then long ways with bounces.
const LARGE: [Bounds; 2] = [
    Bounds { epochs: 3, turns: 4, in_flight: 2, words: world::WORDS, ticks: 1 },
    Bounds { epochs: 4, turns: 4, in_flight: 1, words: world::WORDS, ticks: 2 },
];
/// The same for a first look.
const SMALL: [Bounds; 2] = [
    Bounds { epochs: 2, turns: 3, in_flight: 2, words: 2, ticks: 0 },
    Bounds { epochs: 4, turns: 4, in_flight: 1, words: 1, ticks: 1 },
];

/// What was looked at.
#[derive(Debug, Default)]
struct Seen {
    states: usize,
    steps: usize,
    depth: usize,
    properties: BTreeSet<&'static str>,
    unreached: BTreeSet<&'static str>,
    time: Duration,
}

/// Looks at every state and adds the figures. A promise that is not kept is an error, with the way that leads there.
pub fn run(effort: Effort, report: &mut Report) -> Result<(), String> {
    let full = effort.rounds == Effort::FULL.rounds;
    let mut seen = Seen::default();
    for bounds in if full { LARGE } else { SMALL } {
        explore(bounds, &mut seen)?;
    }
    let goal = |goal| if full { Target::goal(goal) } else { Target::NONE };
    let mut count = |work, target, number: usize| report.add(work, Unit::Count, target, number as f64);
    let properties = seen.properties.len();
    count("custody: states, distinct in each of two worlds", goal(1e7), seen.states);
    count("custody: steps between them", Target::NONE, seen.steps);
    count("custody: steps to the farthest", Target::NONE, seen.depth);
    count("custody: properties", Target::goal(properties as f64), properties - seen.unreached.len());
    report.add("custody: time for all states", Unit::Nanoseconds, goal(60e9), seen.time.as_nanos() as f64);
    Ok(())
}

fn explore(bounds: Bounds, seen: &mut Seen) -> Result<(), String> {
    let desk = Desk { rule: remit_custody::apply, follows: remit_custody::effects, bounds };
    let threads = std::thread::available_parallelism().map_or(1, Into::into);
    let start = Instant::now();
    let checker = desk.checker().threads(threads).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    seen.time += start.elapsed();
    seen.states += checker.unique_state_count();
    seen.steps += checker.state_count();
    seen.depth = seen.depth.max(checker.max_depth());
    let mut found = checker.discoveries();
    for property in desk.properties() {
        let path = found.remove(property.name);
        if let Some(path) = path.as_ref().filter(|_| property.expectation.discovery_is_failure()) {
            return Err(format!("it does not hold that {}:\n{path}", property.name));
        }
        seen.properties.insert(property.name);
        if path.is_none() && !property.expectation.discovery_is_failure() {
            seen.unreached.insert(property.name);
        }
    }
    Ok(())
}

//! Years of tickets, read and turned into a report.

use std::path::{Path, PathBuf};
use std::time::Instant;

use remit_replay::{Options, Source, run as replay};

use remit_bench::measure::Effort;
use remit_bench::report::{Report, Target, Unit};

/// Replays the log that ships with the repository, and the log of the BPI Challenge 2013 where `REMIT_DATA` has it.
pub fn run(effort: Effort, report: &mut Report) -> Result<(), String> {
    let rounds = effort.rounds.min(5);
    let shipped =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/uci_incident/incident_event_log.zip");
    let time = median_of(rounds, &shipped, 141_712)?;
    report.add(
        "replay the UCI log, 141,712 events, from the zip to the report",
        Unit::Nanoseconds,
        Target::goal(2e9),
        time,
    );
    match volvo() {
        Some(path) => {
            let time = median_of(rounds, &path, 65_533)?;
            let what = "replay the BPI 2013 log, 65,533 events, from the XES to the report";
            report.add(what, Unit::Nanoseconds, Target::goal(1e9), time);
        }
        None => println!(
            "the BPI 2013 log may not ship: set REMIT_DATA to a folder that has bpic2013/ to measure it too"
        ),
    }
    Ok(())
}

/// The incidents of the BPI Challenge 2013, plain or packed.
fn volvo() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("REMIT_DATA")?).join("bpic2013");
    let entries = std::fs::read_dir(folder).ok()?;
    let is_log = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        name.contains("incident") && [".xes", ".xes.gz", ".zip"].iter().any(|end| name.ends_with(end))
    };
    entries.flatten().map(|entry| entry.path()).find(is_log)
}

/// Nanoseconds, the file already in the system's cache.
fn median_of(rounds: usize, path: &Path, events: u64) -> Result<f64, String> {
    let mut times = Vec::new();
    for _ in 0..=rounds {
        let start = Instant::now();
        let report = replay(Source::file(path), &Options::default(), &mut [], &mut |_| ());
        let report = report.map_err(|error| error.to_string())?;
        times.push(start.elapsed().as_nanos() as f64);
        if report.overall.events != events {
            return Err(format!("{} has {} events, not {events}", path.display(), report.overall.events));
        }
    }
    // The first is the warm-up.
    times.remove(0);
    times.sort_unstable_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

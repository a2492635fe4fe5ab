//! Measures the engine against its targets, beside a plain scan and other decision engines, and checks the rule of custody. Run with `cargo xtask bench`.
//!
//! A figure that misses its goal is printed as `MISSED`; the exit code stays 0, for a loaded machine is no error.

mod clocks;
mod custody;
mod engine;
mod peers;
mod replay;
mod time;

use std::path::PathBuf;
use std::process::ExitCode;

use remit_bench::machine;
use remit_bench::measure::Effort;
use remit_bench::report::Report;

/// What to measure and where to write it.
#[derive(Debug, Default)]
struct Options {
    quick: bool,
    json: Option<PathBuf>,
    only: Option<Vec<String>>,
    peers_program: Option<PathBuf>,
}

impl Options {
    fn read(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(format!("{arg} needs a value"));
            match arg.as_str() {
                "--quick" => options.quick = true,
                "--json" => options.json = Some(value()?.into()),
                "--only" => options.only = Some(value()?.split(',').map(str::to_owned).collect()),
                "--peers-program" => options.peers_program = Some(value()?.into()),
                _ => return Err(format!("there is no option `{arg}`")),
            }
        }
        Ok(options)
    }

    fn wants(&self, topic: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|name| name == topic))
    }
}

fn main() -> ExitCode {
    match Options::read(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("remit-bench: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let effort = if options.quick { Effort::QUICK } else { Effort::FULL };
    let mut report = Report::new(machine::facts());
    println!("{}", report.machine());
    let topics = [("engine", engine::run as fn(_, &mut _)), ("time", time::run), ("clocks", clocks::run)];
    for (topic, measure) in topics {
        if options.wants(topic) {
            eprintln!("measuring {topic}");
            measure(effort, &mut report);
        }
    }
    if options.wants("replay") {
        eprintln!("measuring replay");
        replay::run(effort, &mut report)?;
    }
    if options.wants("custody") {
        eprintln!("measuring custody");
        custody::run(effort, &mut report)?;
    }
    if options.wants("peers") {
        eprintln!("measuring peers");
        peers::run(effort, options.peers_program.as_deref(), &mut report)?;
    }
    println!("{}", report.tables());
    if let Some(path) = &options.json {
        let text = report.json();
        std::fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        println!("written to {}", path.display());
    }
    Ok(())
}

//! `cargo xtask fuzz`: feeds one parser with hostile input.

use std::fs;

use crate::command::{cargo, run as run_command};
use crate::tools::FUZZ;
use crate::workspace;

const USAGE: &str = "usage: cargo xtask fuzz TARGET [--seconds N]";

/// Runs a target, or lists the targets. Finds go to `fuzz/artifacts`; a find that is mended belongs into `fuzz/corpus`, where
/// an ordinary test of `crates/hostile` replays it for ever after.
pub fn run(args: &[String]) -> Result<(), String> {
    let (target, seconds) = match args {
        [] => return list(),
        [target] => (target, "60"),
        [target, flag, seconds] if flag == "--seconds" => (target, seconds.as_str()),
        _ => return Err(USAGE.to_owned()),
    };
    seconds.parse::<u32>().map_err(|_| format!("`{seconds}` is not a number of seconds\n{USAGE}"))?;
    if !targets()?.contains(target) {
        list()?;
        return Err(format!("there is no fuzz target `{target}`"));
    }
    FUZZ.ensure()?;
    // The sanitizer and coverage flags are unstable; this lets the stable compiler take them, so nothing else need be installed.
    let found = workspace::target().join("fuzz-corpus").join(target);
    fs::create_dir_all(&found).map_err(|error| format!("cannot make {}: {error}", found.display()))?;
    let mut fuzz = cargo();
    fuzz.env("RUSTC_BOOTSTRAP", "1").args(["fuzz", "run", target]);
    // New inputs go to the first folder; the seeds that are kept in the repository are read from the second.
    fuzz.arg(&found).arg(workspace::root().join("fuzz/corpus").join(target));
    fuzz.args([
        "--",
        &format!("-max_total_time={seconds}"),
        "-max_len=65536",
        "-timeout=20",
        "-rss_limit_mb=2048",
    ]);
    run_command(&mut fuzz)
}

fn list() -> Result<(), String> {
    println!("{USAGE}\n\ntargets:");
    for target in targets()? {
        println!("  {target}");
    }
    Ok(())
}

/// The targets are the files of `fuzz/fuzz_targets`.
fn targets() -> Result<Vec<String>, String> {
    let folder = workspace::root().join("fuzz/fuzz_targets");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let name = |entry: fs::DirEntry| Some(entry.file_name().to_str()?.strip_suffix(".rs")?.to_owned());
    let mut names: Vec<String> = entries.flatten().filter_map(name).collect();
    names.sort();
    Ok(names)
}

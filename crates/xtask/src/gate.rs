//! `cargo xtask ci`: everything that must hold before a change is accepted.

use std::time::{Duration, Instant};

use crate::command::{cargo, run as run_command};
use crate::tools::{DENY, MACHETE};
use crate::{boundaries, size, suite, wording, workspace};

/// One part of the gate.
struct Step {
    name: &'static str,
    /// What a failure means for whoever reads it.
    about: &'static str,
    run: fn() -> Result<(), String>,
}

/// Cheap steps first, so that a slip shows early; lint before test, because it finds what does not compile in half the time.
const STEPS: [Step; 10] = [
    Step { name: "format", about: "rustfmt would change a file: run `cargo fmt --all`", run: format },
    Step { name: "size", about: "a file has more than 600 lines", run: size::check },
    Step {
        name: "boundaries",
        about: "a crate knows something that it must not know",
        run: boundaries::check,
    },
    Step {
        name: "wording",
        about: "something in the text does not belong in the repository",
        run: wording::check,
    },
    Step { name: "unused", about: "a manifest names a dependency that nothing uses", run: unused },
    Step { name: "deny", about: "a dependency's licence, source or version is not allowed", run: deny },
    Step { name: "lint", about: "clippy has something to say", run: lint },
    Step { name: "test", about: "a test fails", run: suite::run_all },
    Step { name: "doc", about: "the documentation has a broken link or an undescribed item", run: doc },
    Step { name: "apart", about: "the fuzz targets, which are built apart, do not compile", run: apart },
];

/// Runs all steps, or those that `--only` names, or all but those that `--skip` names; the others run on when one fails.
pub fn run(args: &[String]) -> Result<(), String> {
    let chosen = choose(args)?;
    let mut outcomes = Vec::new();
    for step in chosen {
        println!("\n== {} ==", step.name);
        let start = Instant::now();
        let outcome = (step.run)();
        match &outcome {
            Ok(()) => println!("{}: ok, {}", step.name, seconds(start.elapsed())),
            Err(error) => println!("{}: FAILED, {}: {error}", step.name, seconds(start.elapsed())),
        }
        outcomes.push((step, start.elapsed(), outcome));
    }
    println!();
    for (step, time, outcome) in &outcomes {
        let said = outcome.as_ref().map_or_else(|_| format!("FAILED: {}", step.about), |()| "ok".to_owned());
        println!("{:>12}  {:>8}  {said}", step.name, seconds(*time));
    }
    let failed: Vec<&str> = outcomes.iter().filter(|o| o.2.is_err()).map(|o| o.0.name).collect();
    if failed.is_empty() { Ok(()) } else { Err(format!("the gate is closed: {}", failed.join(", "))) }
}

fn choose(args: &[String]) -> Result<Vec<&'static Step>, String> {
    let usage = || {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        format!("usage: cargo xtask ci [--only A,B | --skip A,B], of {}", names.join(", "))
    };
    let (keep_named, named) = match args {
        [] => (false, Vec::new()),
        [flag, list] if flag == "--only" || flag == "--skip" => (flag == "--only", list.split(',').collect()),
        _ => return Err(usage()),
    };
    match named.iter().find(|name| !STEPS.iter().any(|step| step.name == **name)) {
        Some(unknown) => Err(format!("there is no step `{unknown}`\n{}", usage())),
        None => Ok(STEPS.iter().filter(|step| named.contains(&step.name) == keep_named).collect()),
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn format() -> Result<(), String> {
    run_command(cargo().args(["fmt", "--all", "--check"]))?;
    for manifest in ["bench/Cargo.toml", "fuzz/Cargo.toml"] {
        run_command(cargo().args(["fmt", "--check", "--manifest-path", manifest]))?;
    }
    Ok(())
}

fn lint() -> Result<(), String> {
    run_command(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    // What the ordinary build leaves out. Without the tests, which are the greater part and were looked at just now.
    let mut rest = cargo();
    rest.args(["clippy", "--workspace", "--quiet"]).args(suite::FEATURES);
    run_command(rest.args(["--", "-D", "warnings"]))
}

fn doc() -> Result<(), String> {
    run_command(
        cargo().args(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"),
    )
}

/// The advisories are left out: their database is a download that an offline machine does not have.
fn deny() -> Result<(), String> {
    DENY.ensure()?;
    println!(
        "advisories are not checked here (their database is not part of the repository): `cargo deny check advisories`"
    );
    run_command(cargo().args([
        "deny",
        "--workspace",
        "--log-level",
        "error",
        "check",
        "licenses",
        "sources",
        "bans",
    ]))
}

fn unused() -> Result<(), String> {
    MACHETE.ensure()?;
    run_command(cargo().args(["machete", "crates", "bench", "fuzz"]))
}

fn apart() -> Result<(), String> {
    let mut check = cargo();
    check.args(["check", "--quiet", "--manifest-path", "fuzz/Cargo.toml", "--bins"]);
    // A folder of its own: the features differ, and the workspace's artefacts should stay fresh.
    run_command(check.env("CARGO_TARGET_DIR", workspace::target().join("apart")))
}

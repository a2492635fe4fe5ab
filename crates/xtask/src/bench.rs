//! `cargo xtask bench`: builds the benches and the other engines in release and runs them.

use crate::command::{cargo, run as run_command};
use crate::workspace;

const TOPICS: [&str; 4] = ["engine", "time", "replay", "peers"];

/// Builds what the chosen topics need and hands over to `remit-bench`, which measures and prints.
pub fn run(args: &[String]) -> Result<(), String> {
    if let Some((topic, rest)) = args.split_first().filter(|(topic, _)| *topic == "crash") {
        return crash(topic, rest);
    }
    let chosen = topics(args)?;
    let mut bench = cargo();
    bench.args(["run", "--quiet", "--release", "--package", "remit-bench", "--"]).args(args);
    if chosen.contains(&"peers") {
        println!("building the engines to compare with (several minutes the first time)");
        run_command(
            cargo().args(["build", "--quiet", "--release", "--manifest-path", "bench/Cargo.toml"]).env(
                "CARGO_TARGET_DIR",
                // They must not share features with the product, so they are a workspace of their own.
                workspace::target().join("peers"),
            ),
        )?;
        let program = workspace::target()
            .join("peers/release")
            .join(format!("remit-bench-peers{}", std::env::consts::EXE_SUFFIX));
        bench.arg("--peers-program").arg(program);
    }
    println!("building the benches");
    run_command(&mut bench)
}

/// Kills a writing process at random instants, 2,000 of them unless `--points` says otherwise.
fn crash(topic: &str, args: &[String]) -> Result<(), String> {
    println!("building {topic}");
    let mut campaign = cargo();
    campaign.args(["run", "--quiet", "--release", "--package", "remit-crash", "--", "campaign"]);
    if !args.iter().any(|arg| arg == "--points") {
        campaign.args(["--points", "2000"]);
    }
    run_command(campaign.args(args))
}

/// The topics that `--only` names, else all. The other options are checked by `remit-bench`.
fn topics(args: &[String]) -> Result<Vec<&str>, String> {
    let Some(at) = args.iter().position(|arg| arg == "--only") else { return Ok(TOPICS.to_vec()) };
    let list = args.get(at + 1).ok_or("--only needs topics, such as `--only engine,time`")?;
    let chosen: Vec<&str> = list.split(',').collect();
    match chosen.iter().find(|topic| !TOPICS.contains(topic)) {
        Some(unknown) => Err(format!("there is no topic `{unknown}`; choose from {}", TOPICS.join(", "))),
        None => Ok(chosen),
    }
}

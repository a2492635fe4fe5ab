//! `cargo xtask bench`: builds the benches and the other engines in release and runs them. `crash`, `platform` and `desk` are campaigns of
//! their own, against the product itself.

use crate::command::{cargo, run as run_command};
use crate::postgres::{self, Server};
use crate::workspace;

const TOPICS: [&str; 6] = ["engine", "time", "clocks", "replay", "custody", "peers"];

/// Builds what the chosen topics need and hands over to `remit-bench`, which measures and prints.
pub fn run(args: &[String]) -> Result<(), String> {
    match args.split_first() {
        Some((topic, rest)) if topic == "crash" => return crash(rest),
        Some((topic, rest)) if topic == "platform" => return served("platform", rest),
        Some((topic, rest)) if topic == "desk" => return desk(rest),
        Some((topic, rest)) if topic == "custody" => {
            return run(&[&["--only".to_owned(), "custody".to_owned()], rest].concat());
        }
        _ => {}
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
fn crash(args: &[String]) -> Result<(), String> {
    println!("building the load");
    let mut campaign = load("crash");
    if !args.iter().any(|arg| arg == "--points") {
        campaign.args(["--points", "2000"]);
    }
    run_command(campaign.args(args))
}

/// Measures the server on both engines, built as the README's first command builds it.
fn served(what: &str, args: &[String]) -> Result<(), String> {
    println!("building the server and the load");
    run_command(cargo().args(["build", "--quiet", "--profile", "quick", "--package", "remit"]))?;
    let program = workspace::target().join("quick").join(format!("remit{}", std::env::consts::EXE_SUFFIX));
    let mut measure = load(what);
    measure.arg("--program").arg(program).args(args);
    // Stopped when this returns. Unlike the one for tests, it waits for its disk.
    let server = Server::start_durable()?;
    run_command(measure.env(postgres::VARIABLE, &server.address))
}

/// Measures the desk; with `--peers`, beside other help desks; with `--races`, sets threads against each other instead, a million steps unless `--steps` says otherwise.
fn desk(args: &[String]) -> Result<(), String> {
    if let Some(at) = args.iter().position(|arg| arg == "--peers") {
        let (before, after) = args.split_at(at + 1);
        return served("desk", &[before, &["bench/peers".to_owned()], after].concat());
    }
    if !args.iter().any(|arg| arg == "--races") {
        return served("desk", args);
    }
    println!("building the load");
    let mut campaign = load("races");
    campaign.args(args.iter().filter(|arg| *arg != "--races"));
    if !args.iter().any(|arg| arg == "--steps") {
        campaign.args(["--steps", "1000000"]);
    }
    let server = Server::start()?;
    run_command(campaign.env(postgres::VARIABLE, &server.address))
}

fn load(what: &str) -> std::process::Command {
    let mut load = cargo();
    load.args(["run", "--quiet", "--profile", "quick", "--package", "remit-load", "--", what]);
    load
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

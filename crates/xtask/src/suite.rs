//! `cargo xtask test`: every test of the workspace.

use std::process::{Command, Stdio};

use crate::command::{cargo, run};
use crate::issuer;
use crate::postgres::{self, Server};
use crate::{browser, python};

/// Turned on in the one build of the tests: a second build for it would compile half of the workspace again. That the ordinary build
/// compiles, with its tests, is the lint's to say.
pub const FEATURES: [&str; 2] = ["--features", "remit/otlp"];

/// Runs the examples in the documentation, then everything else: with `cargo nextest` where it is installed, for it is
/// faster, else with `cargo test`. Their own summary is the last thing on the terminal.
///
/// Tests that need logs which may not ship read the folder named by `REMIT_DATA`, and say so where they skip.
pub fn run_all() -> Result<(), String> {
    if std::env::var_os("REMIT_DATA").is_none() {
        println!("REMIT_DATA is not set: tests against logs that may not ship will skip themselves");
    }
    // Stopped when this returns. Whoever has a server of their own names it in the variable.
    let server = match std::env::var_os(postgres::VARIABLE) {
        Some(_) => None,
        None => Some(Server::start()?),
    };
    let mut pythons = Vec::new();
    for python in [python::MAIL, python::API] {
        pythons.extend(python.ensure()?.map(|path| (python.variable, path)));
    }
    let means = match browser::VARIABLES.map(std::env::var_os) {
        [Some(_), Some(_)] => None,
        _ => Some(browser::means()?),
    };
    let issuer = match std::env::var_os(issuer::VARIABLE) {
        Some(_) => None,
        None => Some(issuer::folder()?),
    };
    let tests = |command: &mut Command| {
        if let Some(means) = &means {
            command.envs(browser::VARIABLES.into_iter().zip(means));
        }
        command.envs(pythons.iter().map(|(variable, path)| (variable, path)));
        if let Some(issuer) = &issuer {
            command.env(issuer::VARIABLE, issuer);
        }
        if let Some(server) = &server {
            command.env(postgres::VARIABLE, &server.address);
        }
        run(command)
    };
    // One feature set everywhere: `-p` would compile the dependencies again with other features.
    tests(cargo().args(["test", "--workspace", "--doc", "--quiet"]).args(FEATURES))?;
    if has_nextest() {
        tests(cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]).args(FEATURES))
    } else {
        tests(cargo().args(["test", "--workspace", "--no-fail-fast"]).args(FEATURES).args([
            "--lib",
            "--bins",
            "--tests",
            "--examples",
        ]))
    }
}

/// The task on the command line.
pub fn run_task(args: &[String]) -> Result<(), String> {
    match args {
        [] => run_all(),
        _ => Err("usage: cargo xtask test".to_owned()),
    }
}

fn has_nextest() -> bool {
    let mut version: Command = cargo();
    version.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

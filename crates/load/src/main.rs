//! Puts the product under load: kills it while it writes, sets many against each other, and measures it while it serves. Run with `cargo xtask bench crash`,
//! `cargo xtask bench platform` and `cargo xtask bench desk`.

mod browser;
mod clock;
mod crash;
mod desk;
mod dial;
mod dice;
mod peers;
mod platform;
mod races;
mod server;
mod window;

use std::process::ExitCode;

const USAGE: &str = "usage: remit-load crash [--points N] [--seed S]
       remit-load platform --program FILE [--quick] [--json FILE]
       remit-load desk --program FILE [--tickets N] [--engine sqlite|postgres] [--peers FOLDER] [--quick | --window MILLISECONDS] [--only DEED] [--json FILE]
       remit-load races [--steps N] [--seed S]
       remit-load work FOLDER SEED";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["crash", rest @ ..] => kills(rest).and_then(|(points, seed)| crash::campaign(points, seed)),
        ["platform", rest @ ..] => platform::Options::read(rest).and_then(|options| platform::run(&options)),
        ["desk", rest @ ..] => desk::Options::read(rest).and_then(|options| desk::run(&options)),
        ["races", rest @ ..] => races::Options::read(rest).and_then(races::campaign),
        ["work", folder, seed] => crash::work::run(folder.as_ref(), seed.parse().unwrap_or(0)),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("remit-load: {message}");
            ExitCode::FAILURE
        }
    }
}

fn kills(args: &[&str]) -> Result<(u32, u64), String> {
    let (mut points, mut seed) = (300, 1);
    for pair in args.chunks(2) {
        match pair {
            ["--points", n] => points = n.parse().map_err(|_| USAGE)?,
            ["--seed", n] => seed = n.parse().map_err(|_| USAGE)?,
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok((points, seed))
}

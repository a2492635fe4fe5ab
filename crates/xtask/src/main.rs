//! The project's own tasks. `cargo xtask` alone lists them.

mod bench;
mod boundaries;
mod browser;
mod command;
mod fuzz;
mod gate;
mod holidays;
mod issuer;
mod postgres;
mod python;
mod size;
mod suite;
mod tools;
mod wording;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask TASK

  test                      every test of the workspace, examples in the documentation included
  ci [--only A,B | --skip A,B]
                            the whole gate: format, lint, test, doc, deny, unused, size, boundaries, wording, apart
  bench [--quick] [--json FILE] [--only engine,time,clocks,replay,custody,peers]
                            measures the engine beside other decision engines and prints a table
  bench custody [--quick] [--json FILE]
                            looks at every state that the rule of custody can reach in a small world
  bench crash [--points N] [--seed S]
                            kills a writing process at random instants and checks what it left (default: 2,000)
  bench platform [--quick] [--json FILE]
                            measures the server on SQLite and PostgreSQL, with 10,000 clients in it
  bench desk [--tickets N] [--engine sqlite|postgres] [--peers] [--quick] [--json FILE]
                            measures the desk with a million tickets; with --peers, beside other help desks
  bench desk --races [--steps N] [--seed S]
                            sets many against each other on few tickets, and requests against their repetitions
  fuzz TARGET [--seconds N] feeds one parser with hostile input (default: 60 s); without TARGET, lists them
  screens                   takes the pictures in docs/screens again
  holidays [--write]        compares the holiday rules with two other packages
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((task, rest)) = args.split_first() else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    let done = match task.as_str() {
        "test" => suite::run_task(rest),
        "ci" => gate::run(rest),
        "bench" => bench::run(rest),
        "fuzz" => fuzz::run(rest),
        "screens" => browser::screens(rest),
        "holidays" => holidays::run(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => Err(format!("there is no task `{other}`\n\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

//! Reads a log and prints its report, or the time and events it took: `replay LOG [--page FILE | --json | --time]`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use remit_replay::{MatrixOwnership, Options, Ownership, Source, run, write_whole};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(log) = arguments.next() else {
        eprintln!("usage: replay LOG [--page FILE | --json | --time] [MATRIX.toml ...]");
        return ExitCode::from(2);
    };
    let (mut how, mut page, mut matrices) = (String::new(), None, Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--page" => page = arguments.next(),
            "--json" | "--time" => how = argument,
            file => matrices.push(matrix(file)),
        }
    }
    let start = Instant::now();
    let mut seams: Vec<&mut dyn Ownership> =
        matrices.iter_mut().map(|matrix| matrix as &mut dyn Ownership).collect();
    let report = match run(Source::file(log), &Options::default(), &mut seams, &mut |_| {}) {
        Ok(report) => report,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let took = start.elapsed();
    match (how.as_str(), page) {
        (_, Some(file)) => {
            write_whole(Path::new(&file), report.to_page().as_bytes()).expect("the page can be written")
        }
        ("--json", _) => {
            println!("{}", serde_json::to_string_pretty(&report).expect("a report is plain data"))
        }
        ("--time", _) => {
            println!("{} events, {} tickets in {took:?}", report.overall.events, report.overall.tickets)
        }
        _ => print!("{}", report.to_text(120)),
    }
    ExitCode::SUCCESS
}

fn matrix(file: &str) -> MatrixOwnership {
    let text = std::fs::read_to_string(file).expect("the matrix can be read");
    let matrix = remit_matrix::text::read(file, &text).unwrap_or_else(|error| panic!("{error}"));
    MatrixOwnership::new(matrix.client().to_owned(), Arc::new(matrix))
}

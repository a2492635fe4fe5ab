//! `remit matrix check`.

mod prove;
mod text;

use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::failure::{Failure, Reason};
use crate::files::{self, Existing};
use crate::outcome::Outcome;
use crate::screen::Screen;

use prove::Checked;

/// Prove that every duty has one owner at every minute, or show where not
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Gaps and conflicts are findings; promises that no coverage keeps, hours without anybody on duty, dead \
and redundant rows are warnings. Exit codes: 0 sound, 1 findings, 2 a file cannot be read.

Examples:
  remit matrix check harbor.toml
  remit matrix check clients/ --deny-warnings
  remit matrix check harbor.toml --from 2027-01-01 --months 24
  remit matrix check harbor.toml --certificate harbor.proof.json
  remit matrix check clients/*.toml --format json")]
pub struct Args {
    /// Matrices (TOML, JSON, CSV or XLSX), folders of them, or - for stdin
    #[arg(required = true, value_name = "FILE|FOLDER")]
    files: Vec<PathBuf>,
    /// Months to prove
    #[arg(long, default_value_t = remit_matrix::verify::HORIZON_MONTHS, value_parser = clap::value_parser!(u16).range(1..=120))]
    months: u16,
    /// First day to prove, in the client's zone [default: today]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Write the proof of a sound matrix to this file
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Let warnings count as findings
    #[arg(long)]
    deny_warnings: bool,
}

/// What is printed as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer<'c> {
    schema: &'static str,
    matrices: &'c [Checked],
    failures: Vec<&'c Reason>,
}

/// Proves the files one after the other.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let files = expand(&args.files)?;
    if let (Some(_), true) = (&args.certificate, files.len() > 1) {
        let failure = Failure::new("a certificate is of one matrix, and several are given");
        return Err(failure.hint("check them one by one, each with its own --certificate FILE"));
    }
    let several = files.len() > 1;
    let bar = progress(files.len());
    let (mut checked, mut failures) = (Vec::new(), Vec::new());
    for file in &files {
        bar.set_message(files::name(file));
        match prove::prove(file, args) {
            Ok(one) => checked.push(one),
            Err(failure) => {
                checked.push(Checked::unreadable(file, failure.errors.len()));
                failures.push(failure);
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let all = || failures.iter().flat_map(|failure| failure.errors.iter()).collect();
    if several || failures.is_empty() {
        let answer = Answer { schema: "remit-check/1", matrices: &checked, failures: all() };
        screen.answer(&answer, || text::render(&checked, several))?;
    }
    if !screen.is_json() || !several {
        for failure in &failures {
            screen.failure(failure);
        }
    }
    let outcomes = checked.iter().map(|one| one.outcome(args.deny_warnings));
    Ok(outcomes.max().unwrap_or(Outcome::Sound))
}

/// Writes the proof of a matrix.
fn certify(path: &Path, certificate: &remit_matrix::verify::Document) -> Result<(), Failure> {
    let text = serde_json::to_string(certificate).expect("a certificate is plain data");
    files::write(path, format!("{text}\n").as_bytes(), Existing::Replace)
}

/// Files as they are, folders as the matrices in them.
fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(files::matrices_in(path)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// A bar on a terminal, for several files.
fn progress(files: usize) -> ProgressBar {
    if files < 2 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
    ProgressBar::new(files as u64).with_style(style.expect("the template is well-formed"))
}

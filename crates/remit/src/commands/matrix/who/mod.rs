//! `remit matrix who`.

mod text;

use std::path::PathBuf;

use remit_matrix::ask::{self, Asker, Verdict};

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::question::Conditions;
use crate::screen::Screen;
use crate::{clock, load, service};

/// Say who owns a service at an instant, and why
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Conditions that are not given are asked as `other`, the kind as `incident`; where the answer depends on \
one of them, that is said. Exit codes: 0 one owner, 1 nobody or a conflict, 2 bad input.

Examples:
  remit matrix who harbor.toml helpdesk
  remit matrix who harbor.toml backup.restore-test --at \"2027-01-03 02:00\" --priority P1
  remit matrix who harbor.toml \"failed backup\" --at 2027-01-03T02:00:00-08:00 --tier L3")]
pub struct Args {
    /// The matrix (TOML, JSON, CSV or XLSX), or - for stdin
    file: PathBuf,
    /// Id of a service, or words such as "failed backup"
    service: String,
    /// Wall-clock time of the client, or an instant with its offset [default: now]
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
    at: Option<String>,
    /// Show every near miss
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    conditions: Conditions,
}

/// Answers.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let matrix = load::matrix(&args.file)?;
    let meant = service::meant(&matrix.services, &args.service)?;
    let instant = ask::instant(args.at.as_deref(), &matrix.zone, clock::now())?;
    let values = args.conditions.values(&matrix)?;
    let mut answer = Asker::new(&matrix, instant.at)?.answer(meant.service, &values, instant.at)?;
    answer.notes = meant.note.into_iter().chain(instant.note).chain(answer.notes).collect();
    screen.answer(&answer, || text::render(&answer, args.all))?;
    Ok(Outcome::findings(answer.verdict != Verdict::Owned))
}

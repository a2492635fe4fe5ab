//! `remit matrix ...`.

mod certificate;
mod check;
mod diff;
mod export;
mod fmt;
mod import;
mod new;
mod services;
mod week;
mod who;

use clap::Subcommand;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::Screen;

const EXAMPLES: &str = "\
Examples:
  remit matrix new --list
  remit matrix new --client \"Harbor Dental\" --zone America/Los_Angeles \\
      --arrangement after-hours --out harbor.toml
  remit matrix check harbor.toml
  remit matrix who harbor.toml helpdesk --at \"2027-01-03 02:00\" --tier L1";

/// Make, prove, ask, compare and exchange responsibility matrices.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Make a matrix from a template
    New(new::Args),
    /// Prove that every duty has one owner at every minute, or show where not
    Check(check::Args),
    /// Check the proof that `check --certificate` wrote
    VerifyCertificate(certificate::Args),
    /// Say who owns a service at an instant, and why
    Who(who::Args),
    /// Draw who owns a service through a week
    Week(week::Args),
    /// Say what changes between two versions
    Diff(diff::Args),
    /// Make a matrix of a spreadsheet, its own or a RACI grid
    Import(import::Args),
    /// Write a matrix as a spreadsheet or as a document to sign
    Export(export::Args),
    /// List or search the service catalogue
    Services(services::Args),
    /// Write a matrix in its usual layout
    Fmt(fmt::Args),
}

impl Command {
    /// Runs it.
    pub fn run(&self, screen: Screen) -> Result<Outcome, Failure> {
        match self {
            Self::New(args) => new::run(args, screen),
            Self::Check(args) => check::run(args, screen),
            Self::VerifyCertificate(args) => certificate::run(args, screen),
            Self::Who(args) => who::run(args, screen),
            Self::Week(args) => week::run(args, screen),
            Self::Diff(args) => diff::run(args, screen),
            Self::Import(args) => import::run(args, screen),
            Self::Export(args) => export::run(args, screen),
            Self::Services(args) => services::run(args, screen),
            Self::Fmt(args) => fmt::run(args, screen),
        }
    }
}

//! `remit schema`.

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen;

/// Print the JSON Schema of a matrix's text form, for editors
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Editors that know TOML or JSON schemas complete and check a matrix while it is typed. With Taplo or \
Even Better TOML, put this first line into the matrix:

  #:schema ./remit-matrix.schema.json

Examples:
  remit schema > remit-matrix.schema.json")]
pub struct Args {}

/// Prints the schema.
pub fn run() -> Result<Outcome, Failure> {
    screen::json(&remit_matrix::text::schema())?;
    Ok(Outcome::Sound)
}

//! `remit matrix new`.

mod options;

use std::path::PathBuf;

use remit_matrix::templates::{self, shapes};
use remit_matrix::{Matrix, text};
use serde::Serialize;

use crate::failure::Failure;
use crate::files::{self, Existing};
use crate::outcome::Outcome;
use crate::screen::{self, BOLD, DIM, Screen};
use crate::table::{Listing, count, plain};

/// Make a matrix from a template
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Every template is sound as it stands, in any zone and with any holidays.

Examples:
  remit matrix new --list
  remit matrix new --client Acme --zone America/New_York --model fully-managed --out acme.toml
  remit matrix new --client \"Harbor Dental\" --zone America/Los_Angeles --holidays US-CA \\
      --arrangement tier-3-escalation,after-hours --offshore --provider \"Northwind MSP\" \\
      --internal \"Harbor IT\" --vendor isp=\"Pacific Fiber\" --out harbor.toml
  remit matrix new --client Nordlicht --zone Europe/Berlin --holidays DE-HH \\
      --arrangement hybrid-expertise \\
      --office-hours \"mon-thu 08:00-17:00\" --office-hours \"fri 08:00-14:00\"")]
pub struct Args {
    /// Show the templates and stop
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    options: options::Options,
    /// Write to this file instead of stdout; a file that exists is kept
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Shapes {
    schema: &'static str,
    shapes: Vec<Shape>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Shape {
    name: &'static str,
    description: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer {
    schema: &'static str,
    written: String,
    rows: usize,
}

/// Makes the matrix, or lists the templates.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    if args.list {
        return list(screen);
    }
    let options = args.options.template()?;
    let draft = templates::draft(&options).map_err(|error| Failure::new(error.to_string()))?;
    let matrix = Matrix::check(draft).map_err(|error| Failure::new(error.to_string()))?;
    let toml = text::write(&matrix.draft);
    let Some(out) = args.out.as_ref().filter(|out| !files::is_dash(out)) else {
        if screen.is_json() {
            screen::json(&matrix.draft)?;
        } else {
            screen::bytes(toml.as_bytes())?;
        }
        return Ok(Outcome::Sound);
    };
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    files::write(out, toml.as_bytes(), existing)?;
    let file = out.display();
    let answer = Answer { schema: "remit-new/1", written: file.to_string(), rows: matrix.rows.len() };
    screen.answer(&answer, || {
        format!(
            "{BOLD}{file}{BOLD:#} written: {}, {}, {}, {}\n\n{DIM}Next:{DIM:#}\n  \
         remit matrix check {file}\n  remit matrix week {file} helpdesk\n  \
         remit matrix who {file} helpdesk --tier L1\n  remit matrix export {file} --to {}\n",
            plain(matrix.client()),
            count(matrix.rows.len(), "row"),
            count(matrix.teams.len(), "team"),
            matrix.zone,
            out.with_extension("html").display(),
        )
    })?;
    Ok(Outcome::Sound)
}

fn list(screen: Screen) -> Result<Outcome, Failure> {
    let shape = |shape: &templates::Shape| Shape { name: shape.name, description: shape.description };
    let answer = Shapes { schema: "remit-shapes/1", shapes: shapes().iter().map(shape).collect() };
    screen.answer(&answer, || {
        let mut listing = Listing::new(&["template", "what it means"]);
        answer.shapes.iter().for_each(|shape| listing.row([shape.name, shape.description]));
        format!(
            "{}\nfully-managed is a --model, offshore is --offshore; the others are --arrangement and combine freely\n",
            listing.text()
        )
    })?;
    Ok(Outcome::Sound)
}

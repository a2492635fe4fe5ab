//! `remit matrix import`.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use remit_core::Zone;
use remit_matrix::draft::Draft;
use remit_matrix::sheets::{RaciImport, RaciOptions, from_raci, is_raci_grid};
use remit_matrix::{Matrix, text};
use serde::Serialize;

use crate::failure::Failure;
use crate::files::{self, Existing};
use crate::load::{self, Form};
use crate::outcome::Outcome;
use crate::screen::{self, BOLD, DIM, Screen};
use crate::table::{Listing, count, hanging, plain};

/// Make a matrix of a spreadsheet, its own or a RACI grid
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A RACI grid has duties down the side, parties across the top and R, A, C, I in the cells. Its duties are \
matched with the service catalogue; what is unclear is listed, and `check` shows what is left open.

Examples:
  remit matrix import harbor.xlsx --out harbor.toml
  remit matrix import raci.csv --client \"Harbor Dental\" --zone America/Los_Angeles \\
      --out harbor.toml
  remit matrix import raci.xlsx --client Acme --zone Europe/Berlin --provider Northwind \\
      --internal \"Acme IT\"")]
pub struct Args {
    /// CSV or XLSX, or - for stdin
    file: PathBuf,
    /// Write the matrix as TOML to this file instead of stdout; a file that exists is kept
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
    /// Of a RACI grid: name of the client
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Of a RACI grid: IANA zone of the client
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Of a RACI grid: heading of the provider's column
    #[arg(long, value_name = "HEADING")]
    provider: Option<String>,
    /// Of a RACI grid: heading of the internal IT's column
    #[arg(long, value_name = "HEADING")]
    internal: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer<'i> {
    schema: &'static str,
    form: &'static str,
    written: Option<String>,
    rows: usize,
    matches: Vec<Match<'i>>,
    doubts: &'i [String],
    draft: &'i Draft,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Match<'i> {
    duty: &'i str,
    service: &'i str,
    sure: f64,
}

/// Imports.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let name = files::name(&args.file);
    let bytes = files::read(&args.file, files::LARGEST)?;
    let form = load::form_of(&args.file, &bytes);
    let spreadsheet = matches!(form, Form::Csv | Form::Xlsx);
    if spreadsheet && is_raci_grid(&bytes) {
        let import =
            from_raci(&bytes, &raci_options(args, &name)?).map_err(|e| load::sheet_failure(&name, &e))?;
        return finish(args, screen, "raci-grid", &import);
    }
    let draft = load::from_bytes(&args.file, bytes)?.matrix.draft.clone();
    let import = RaciImport { draft, matched: Vec::new(), doubts: Vec::new() };
    finish(args, screen, "matrix", &import)
}

fn raci_options(args: &Args, name: &str) -> Result<RaciOptions, Failure> {
    let (Some(client), Some(zone)) = (&args.client, &args.zone) else {
        let failure = Failure::new("this is a RACI grid, which does not say whose it is and in what zone");
        return Err(failure
            .hint("add --client NAME and --zone ZONE, such as America/Los_Angeles")
            .of_file(name));
    };
    let zone = Zone::parse(zone).map_err(|error| Failure::new(error.to_string()))?;
    Ok(RaciOptions {
        client: client.clone(),
        zone: zone.name().to_owned(),
        provider: args.provider.clone(),
        internal: args.internal.clone(),
    })
}

fn finish(args: &Args, screen: Screen, form: &'static str, import: &RaciImport) -> Result<Outcome, Failure> {
    let toml = text::write(&import.draft);
    let out = args.out.as_deref().filter(|out| !files::is_dash(out));
    if let Some(out) = out {
        let existing = if args.force { Existing::Replace } else { Existing::Keep };
        files::write(out, toml.as_bytes(), existing)?;
    }
    let matches = import.matched.iter().map(|m| Match { duty: &m.text, service: &m.service, sure: m.sure });
    let answer = Answer {
        schema: "remit-import/1",
        form,
        written: out.map(|out| out.display().to_string()),
        rows: import.draft.rows.len(),
        matches: matches.collect(),
        doubts: &import.doubts,
        draft: &import.draft,
    };
    if screen.is_json() {
        screen::json(&answer)?;
    } else if out.is_none() {
        // The matrix is the answer; what is to be said of it goes beside it.
        screen.aside(&report(&answer, None));
        screen::bytes(toml.as_bytes())?;
    } else {
        screen::text(&report(&answer, out))?;
    }
    let problems = Matrix::check(import.draft.clone()).err();
    for problem in problems.iter().flat_map(|problems| &problems.0) {
        screen.aside(&format!("still wrong: {problem}\n"));
    }
    Ok(Outcome::findings(problems.is_some()))
}

fn report(answer: &Answer<'_>, out: Option<&Path>) -> String {
    let mut text = String::new();
    if !answer.matches.is_empty() {
        let _ = writeln!(text, "{BOLD}Duties and the services they became{BOLD:#}");
        let mut listing = Listing::new(&["duty", "service", "#sure"]);
        for found in &answer.matches {
            let sure =
                if found.sure > 0.0 { format!("{:.0} %", found.sure * 100.0) } else { "own".to_owned() };
            listing.row([found.duty, found.service, &sure]);
        }
        let _ = writeln!(text, "{}", listing.text());
    }
    if !answer.doubts.is_empty() {
        let _ = writeln!(text, "{BOLD}To look at{BOLD:#}");
        for doubt in answer.doubts {
            let _ = writeln!(text, "  - {}", hanging(doubt, 4, 4).trim_end());
        }
        text.push('\n');
    }
    if let Some(out) = out {
        let file = out.display();
        let _ = writeln!(
            text,
            "{BOLD}{file}{BOLD:#} written: {}, {}",
            plain(&answer.draft.client),
            count(answer.rows, "row")
        );
        let _ = writeln!(text, "\n{DIM}Next:{DIM:#}\n  remit matrix check {file}");
    }
    text
}

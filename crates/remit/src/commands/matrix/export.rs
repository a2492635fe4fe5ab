//! `remit matrix export`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use remit_matrix::document::{self, Attached};
use remit_matrix::draft::Draft;
use remit_matrix::forms::{self, Form};
use remit_matrix::verify::HORIZON_MONTHS;
use remit_matrix::{Compiled, Matrix};
use serde::Serialize;

use crate::failure::{Failure, did_you_mean};
use crate::files::{self, Existing};
use crate::outcome::Outcome;
use crate::screen::Screen;
use crate::{clock, load};

/// Write a matrix as a spreadsheet or as a document to sign
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The ending of the file says the form: .xlsx and .csv are read back without loss, as are .toml and .json; \
.md and .html are documents for both sides to read and sign, the page ready for print.

Examples:
  remit matrix export harbor.toml --to harbor.xlsx
  remit matrix export harbor.toml --to harbor.html
  remit matrix export harbor.toml --to - --as md | less")]
pub struct Args {
    /// The matrix (TOML, JSON, CSV or XLSX), or - for stdin
    file: PathBuf,
    /// The file to write, replaced if it exists; - for stdout
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The form, where the ending does not say it: xlsx, csv, md, html, toml, json
    #[arg(long = "as", value_name = "FORM")]
    form: Option<String>,
    /// Of a document: first day of the 13 months whose findings it lists [default: today]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
}

const FORMS: [&str; 6] = ["xlsx", "csv", "md", "html", "toml", "json"];

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer {
    schema: &'static str,
    written: String,
    bytes: usize,
}

/// Exports.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let form = form(args)?;
    let matrix = load::matrix(&args.file)?;
    let bytes = exported(&matrix, &form, args.from.as_deref())?;
    files::write(&args.to, &bytes, Existing::Replace)?;
    if !files::is_dash(&args.to) {
        let answer =
            Answer { schema: "remit-export/1", written: args.to.display().to_string(), bytes: bytes.len() };
        screen.answer(&answer, || format!("{} written\n", answer.written))?;
    }
    Ok(Outcome::Sound)
}

fn form(args: &Args) -> Result<String, Failure> {
    let ending = |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let Some(form) = args.form.as_ref().map(|form| form.to_lowercase()).or_else(|| ending(&args.to)) else {
        let failure = Failure::new(format!("`{}` does not say what form to write", args.to.display()));
        return Err(failure.hint(format!("give it an ending or add --as: {}", FORMS.join(", "))));
    };
    let form = match form.as_str() {
        "markdown" => "md".to_owned(),
        "htm" => "html".to_owned(),
        _ => form,
    };
    if FORMS.contains(&form.as_str()) {
        return Ok(form);
    }
    let failure = Failure::new(format!("a matrix cannot be written as `{form}`"));
    Err(failure
        .hint(did_you_mean(&form, FORMS).unwrap_or_else(|| format!("write one of: {}", FORMS.join(", ")))))
}

fn exported(matrix: &Arc<Matrix>, form: &str, from: Option<&str>) -> Result<Vec<u8>, Failure> {
    match form {
        "md" => signed(matrix, from, document::to_markdown),
        "html" => signed(matrix, from, document::to_html),
        other => {
            let form = Form::from_ending(other).unwrap_or(Form::Toml);
            forms::write(&matrix.draft, form).map_err(|error| Failure::new(error.to_string()))
        }
    }
}

/// A document with the hash that is signed and what the checker found.
fn signed(
    matrix: &Arc<Matrix>,
    from: Option<&str>,
    write: fn(&Draft, Attached<'_>) -> String,
) -> Result<Vec<u8>, Failure> {
    let horizon = clock::horizon(from, HORIZON_MONTHS, &matrix.zone)?;
    let compiled =
        Compiled::new(Arc::clone(matrix), horizon).map_err(|error| Failure::new(error.to_string()))?;
    let findings: Vec<String> =
        compiled.verify().findings.into_iter().map(|finding| finding.message).collect();
    let attached = Attached { hash: &matrix.hash(), findings: &findings };
    Ok(write(&matrix.draft, attached).into_bytes())
}

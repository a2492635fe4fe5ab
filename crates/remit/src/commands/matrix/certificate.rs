//! `remit matrix verify-certificate`, and the file that it reads.

use std::path::PathBuf;
use std::sync::Arc;

use remit_core::Horizon;
use remit_matrix::Compiled;
use remit_matrix::engine::Certificate;
use remit_matrix::engine::certificate::check;
use remit_matrix::verify::Document;
use serde::Serialize;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::Screen;
use crate::table::{count, plain};
use crate::{files, load};

/// Check the proof that `check --certificate` wrote
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The checker uses nothing of the engine that made the proof: it compares lists and adds up volumes. With \
--matrix it also compiles that matrix again and compares its boxes with those of the proof.

Exit codes: 0 the proof holds, 1 it does not, 2 bad input.

Examples:
  remit matrix check harbor.toml --certificate harbor.proof.json
  remit matrix verify-certificate harbor.proof.json --matrix harbor.toml")]
pub struct Args {
    /// The certificate, or - for stdin
    file: PathBuf,
    /// The matrix that it is said to be of
    #[arg(long, value_name = "FILE")]
    matrix: Option<PathBuf>,
}

/// Larger certificates are refused.
const LARGEST: u64 = 512 << 20;
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer<'d> {
    schema: &'static str,
    holds: bool,
    flaw: Option<String>,
    client: &'d str,
    version: u32,
    hash: &'d str,
    horizon: Horizon,
    tz_version: &'d str,
    rows: usize,
    pieces: usize,
    decided: usize,
    compared_with: Option<String>,
}

/// Checks the proof.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let name = files::name(&args.file);
    let text = files::text(&name, files::read(&args.file, LARGEST)?)?;
    let document: Document = serde_json::from_str(&text).map_err(|error| {
        let hint = "give a file that `remit matrix check --certificate` wrote";
        Failure::new(format!("this is no certificate: {error}")).hint(hint).of_file(&name)
    })?;
    if document.schema != Document::SCHEMA {
        let found = plain(&document.schema);
        return Err(
            Failure::new(format!("this release reads {}, not {found}", Document::SCHEMA)).of_file(&name)
        );
    }
    let compared = args.matrix.as_ref().map(|path| compared(&document, path)).transpose()?;
    let flaw = flaw(&document).or(compared.flatten());
    let answer = Answer {
        schema: "remit-verify-certificate/1",
        holds: flaw.is_none(),
        flaw,
        client: &document.client,
        version: document.version,
        hash: &document.hash,
        horizon: document.horizon,
        tz_version: &document.tz_version,
        rows: document.proof.rows.len(),
        pieces: document.proof.pieces.len(),
        decided: document.proof.decided.len(),
        compared_with: args.matrix.as_ref().map(|path| files::name(path)),
    };
    screen.answer(&answer, || text_of(&answer))?;
    Ok(Outcome::findings(!answer.holds))
}

/// What is wrong with the proof itself.
fn flaw(document: &Document) -> Option<String> {
    let proof = &document.proof;
    let weight =
        |weights: &Vec<u64>| weights.iter().try_fold(0u128, |sum, w| sum.checked_add(u128::from(*w)));
    let volume = proof.weights.iter().try_fold(1u128, |all, weights| all.checked_mul(weight(weights)?));
    match volume {
        None => Some("the space is larger than any matrix has".to_owned()),
        Some(volume) if volume.to_string() != document.volume => Some(format!(
            "it is said to cover {} context-minutes and covers {volume}",
            plain(&document.volume)
        )),
        Some(_) => check(proof).err().map(|flaw| flaw.to_string()),
    }
}

/// How the proof differs from the matrix that it is said to be of.
fn compared(document: &Document, path: &std::path::Path) -> Result<Option<String>, Failure> {
    let matrix = load::matrix(path)?;
    if matrix.hash() != document.hash {
        return Ok(Some("it is of another matrix, or of another version of this one".to_owned()));
    }
    if remit_core::tz_version() != document.tz_version {
        let tz_version = plain(&document.tz_version);
        return Ok(Some(format!(
            "it was made with zone data {tz_version}, and this is {}",
            remit_core::tz_version()
        )));
    }
    let compiled = Compiled::new(Arc::clone(&matrix), document.horizon)
        .map_err(|error| Failure::new(error.to_string()).of_file(&files::name(path)))?;
    let same = Certificate::new(&compiled.table)
        .is_some_and(|own| own.weights == document.proof.weights && own.rows == document.proof.rows);
    Ok((!same).then(|| "its boxes are not those of the matrix".to_owned()))
}

fn text_of(answer: &Answer<'_>) -> String {
    let of = format!("{} version {}, {}", plain(answer.client), answer.version, answer.horizon);
    if let Some(flaw) = &answer.flaw {
        return format!("the proof does not hold: {of}: {flaw}\n");
    }
    let matrix = match &answer.compared_with {
        Some(file) => format!("It is the proof of {file}."),
        None => "Whether it is of the matrix at hand, --matrix FILE tells.".to_owned(),
    };
    format!(
        "the proof holds: {of}: {} fill the space without overlap, {} of crossing rows are decided\n  {matrix}\n",
        count(answer.pieces, "piece"),
        count(answer.decided, "pair"),
    )
}

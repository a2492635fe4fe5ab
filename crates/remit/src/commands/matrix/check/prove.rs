//! Proving one file.

use std::path::Path;
use std::time::Instant;

use remit_core::Zone;
use remit_matrix::engine::Certificate;
use remit_matrix::text::TomlPlaces;
use remit_matrix::verify::{Document, Report};
use remit_matrix::{Compiled, Problem};
use serde::Serialize;

use super::Args;
use crate::clock;
use crate::failure::Failure;
use crate::files;
use crate::load::{self, Loaded};
use crate::outcome::Outcome;

/// One file after the check.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Checked {
    /// The file, as it was named.
    pub file: String,
    /// What holds.
    pub verdict: Verdict,
    /// What was proved and found; none for a file that cannot be read.
    pub report: Option<Report>,
    /// Lines of the rows that findings name, where the file has lines.
    pub lines: Vec<RowLine>,
    /// How long the proof took, in microseconds.
    pub micros: u64,
    /// The certificate that was written.
    pub certificate: Option<String>,
    /// Errors of a file that cannot be read.
    pub errors: usize,
    /// The client's zone.
    #[serde(skip)]
    pub zone: Option<Zone>,
}

/// What holds for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every duty has one owner at every minute.
    Sound,
    /// There are gaps or conflicts.
    Unsound,
    /// The file is no matrix.
    Unreadable,
}

/// Where a row stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RowLine {
    /// Id of the row.
    pub row: String,
    /// Line, counted from 1.
    pub line: usize,
}

/// Reads and proves one file.
pub fn prove(path: &Path, args: &Args) -> Result<Checked, Failure> {
    let loaded = load::load(path)?;
    let horizon = clock::horizon(args.from.as_deref(), args.months, &loaded.matrix.zone)?;
    let start = Instant::now();
    let compiled = Compiled::new(loaded.matrix.clone(), horizon)
        .map_err(|error| Failure::new(error.to_string()).of_file(&loaded.name))?;
    let report = compiled.verify();
    let micros = start.elapsed().as_micros() as u64;
    let mut written = None;
    if let Some(file) = args.certificate.as_ref().filter(|_| report.sound) {
        let proof = Certificate::new(&compiled.table).expect("a sound table has a certificate");
        super::certify(file, &Document::new(&report, proof))?;
        written = Some(file.display().to_string());
    }
    Ok(Checked {
        verdict: if report.sound { Verdict::Sound } else { Verdict::Unsound },
        lines: lines(&loaded, &report),
        report: Some(report),
        file: loaded.name,
        micros,
        certificate: written,
        errors: 0,
        zone: Some(loaded.matrix.zone.clone()),
    })
}

/// Where the rows that findings name stand in a TOML file.
fn lines(loaded: &Loaded, report: &Report) -> Vec<RowLine> {
    let mut named: Vec<&String> = report.findings.iter().flat_map(|finding| &finding.rows).collect();
    named.sort_unstable();
    named.dedup();
    if loaded.text.is_empty() || named.is_empty() {
        return Vec::new();
    }
    let places = TomlPlaces::of(&loaded.text);
    let line = |row: &String| {
        let number = loaded.matrix.rows.iter().position(|r| r.id == *row)?;
        let place = places.find(&Problem::new(format!("rows.{number}.id"), ""))?;
        Some(RowLine { row: row.clone(), line: place.line })
    };
    named.into_iter().filter_map(line).collect()
}

impl Checked {
    /// A file that is no matrix.
    pub fn unreadable(path: &Path, errors: usize) -> Self {
        Self {
            file: files::name(path),
            verdict: Verdict::Unreadable,
            report: None,
            lines: Vec::new(),
            micros: 0,
            certificate: None,
            errors,
            zone: None,
        }
    }

    /// Findings that block, and warnings.
    pub fn counts(&self) -> (usize, usize) {
        let Some(report) = &self.report else { return (0, 0) };
        let blocking = report.findings.iter().filter(|finding| finding.kind.blocks()).count();
        (blocking + report.more_conflicts, report.findings.len() - blocking)
    }

    /// How the command ends because of this file.
    pub fn outcome(&self, deny_warnings: bool) -> Outcome {
        match self.verdict {
            Verdict::Unreadable => Outcome::BadInput,
            Verdict::Unsound => Outcome::Findings,
            Verdict::Sound => Outcome::findings(deny_warnings && self.counts().1 > 0),
        }
    }
}

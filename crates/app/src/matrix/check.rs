//! Whether a text is a matrix, and a sound one.

use std::sync::Arc;

use remit_core::{Date, Horizon};
use remit_matrix::text::Diagnostic;
use remit_matrix::verify::{HORIZON_MONTHS, Report};
use remit_matrix::{Compiled, Matrix, text};

/// What a text is worth.
#[derive(Debug)]
pub struct Checked {
    /// What keeps it from being read.
    pub faults: Vec<Diagnostic>,
    /// The matrix, when it can be read.
    pub matrix: Option<Arc<Matrix>>,
    /// The proof over 13 months, or what is wrong, when there is a matrix.
    pub report: Option<Report>,
    /// The first day of the proof.
    pub(super) from: Date,
    text: blake3::Hash,
}

impl Checked {
    /// Whether it may be proposed.
    pub fn is_sound(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.sound)
    }

    /// Whether this is about a text.
    pub(crate) fn is_of(&self, text: &str) -> bool {
        self.text == blake3::hash(text.as_bytes())
    }
}

/// Reads a text and proves it for 13 months from a day of the client's wall clock on. Takes milliseconds; changes nothing.
pub fn check(text: &str, from: Date) -> Checked {
    let hash = blake3::hash(text.as_bytes());
    let mut checked = Checked { faults: Vec::new(), matrix: None, report: None, from, text: hash };
    match text::read("matrix.toml", text) {
        Ok(matrix) => {
            let matrix = Arc::new(matrix);
            let horizon = Horizon::months(from, &matrix.zone, HORIZON_MONTHS);
            match Compiled::new(Arc::clone(&matrix), horizon) {
                Ok(compiled) => checked.report = Some(compiled.verify()),
                Err(error) => {
                    checked.faults.push(Diagnostic::new("matrix.toml", None, error.to_string()));
                }
            }
            checked.matrix = Some(matrix);
        }
        Err(faults) => checked.faults = faults.0,
    }
    checked
}

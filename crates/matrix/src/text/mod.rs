//! The text form: TOML in, diagnostics with line and column, TOML out.
//!
//! ```
//! use remit_matrix::text;
//!
//! let error = text::read("harbor.toml", "client = 5").unwrap_err();
//! assert!(error.to_string().starts_with("harbor.toml:1:10: "));
//! ```

mod diagnostic;
mod place;
mod write;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use place::{Place, TomlPlaces};
pub use write::{write, write_row};

use crate::draft::Draft;
use crate::model::{Matrix, Problem, Problems};

/// Texts longer than this are refused: 50,000 rows fit well within it.
pub const LARGEST: usize = 64 * 1024 * 1024;

/// Reads and checks a matrix. `file` is only used to say where a mistake is.
pub fn read(file: &str, text: &str) -> Result<Matrix, Diagnostics> {
    let draft = read_draft(file, text)?;
    Matrix::check(draft).map_err(|problems| located(file, text, &problems))
}

/// Reads a draft without checking what it says.
pub fn read_draft(file: &str, text: &str) -> Result<Draft, Diagnostics> {
    if text.len() > LARGEST {
        let message = format!("the file is larger than {} MiB", LARGEST / 1024 / 1024);
        return Err(Diagnostics(vec![Diagnostic::new(file, None, message)]));
    }
    toml::from_str(text).map_err(|e| {
        let (message, hint) = diagnostic::teach(e.message());
        let place = e.span().map(|span| Place::at(text, span.start));
        let mut found = Diagnostic::new(file, place, message);
        found.hint = hint;
        Diagnostics(vec![found.excerpt(text)])
    })
}

/// Problems of a draft as places in the text it was read from.
pub fn located(file: &str, text: &str, problems: &Problems) -> Diagnostics {
    let places = TomlPlaces::of(text);
    let locate = |problem: &Problem| {
        let mut found = Diagnostic::new(file, places.find(problem), problem.message.clone());
        found.hint.clone_from(&problem.hint);
        found.path = Some(problem.path.clone());
        found.excerpt(text)
    };
    let mut all: Vec<Diagnostic> = problems.0.iter().map(locate).collect();
    all.sort_by_key(|d| d.place.map(|p| (p.line, p.column)));
    Diagnostics(all)
}

/// The line on which each row of a text begins, counted from 1; nothing for a text that is not TOML.
pub fn row_lines(text: &str) -> Vec<usize> {
    TomlPlaces::of(text).rows()
}

/// JSON Schema of the text form, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Draft).to_value()
}

#[cfg(test)]
mod tests;

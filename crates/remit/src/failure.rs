//! Why a command cannot do what was asked: where, what, and what to write instead.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use remit_app::{Field, Refused};
use remit_matrix::ask::Unclear;
use remit_matrix::text::{Diagnostic, Diagnostics};
use serde::Serialize;

use crate::table::plain;

/// One or more reasons why there is no result. The process then ends with 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Failure {
    /// At least one.
    pub errors: Vec<Reason>,
}

/// One reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Reason {
    /// What is wrong.
    pub message: String,
    /// What to write or do instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The file, as it was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The cell of a spreadsheet, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Path of the field, such as `rows.3.time`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The line of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// How errors are marked.
const ERROR: Style = AnsiColor::Red.on_default().bold();
/// How what matters is set off.
const BOLD: Style = Style::new().bold();
/// How what frames it steps back.
const DIM: Style = Style::new().dimmed();

impl Failure {
    /// What is wrong, in one line for a log.
    pub fn line(&self) -> String {
        self.errors.iter().map(|reason| reason.message.as_str()).collect::<Vec<_>>().join("; ")
    }

    /// A failure for one reason.
    pub fn new(message: impl Into<String>) -> Self {
        Reason { message: message.into(), ..Reason::default() }.into()
    }

    /// The same with a word on what to do instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Some(last) = self.errors.last_mut() {
            last.hint = Some(hint.into());
        }
        self
    }

    /// The same about a file.
    #[must_use]
    pub fn of_file(mut self, file: &str) -> Self {
        self.errors.iter_mut().for_each(|error| error.file = Some(file.to_owned()));
        self
    }

    /// The reasons as people read them, with escape sequences for colour.
    pub fn text(&self) -> String {
        self.errors.iter().map(Reason::text).collect()
    }
}

impl Reason {
    fn text(&self) -> String {
        let mut out = format!("{ERROR}error{ERROR:#}{BOLD}: {}{BOLD:#}\n", plain(&self.message));
        let number = self.line.map(|line| line.to_string()).unwrap_or_default();
        let pad = " ".repeat(number.len().max(1));
        if let Some(file) = &self.file {
            let place = match (self.line, self.column, &self.cell) {
                (_, _, Some(cell)) => format!(", {cell}"),
                (Some(line), Some(column), None) => format!(":{line}:{column}"),
                (Some(line), None, None) => format!(":{line}"),
                _ => String::new(),
            };
            let _ = writeln!(out, "{pad}{DIM}-->{DIM:#} {file}{place}");
        }
        if let (Some(line), Some(column)) = (&self.excerpt, self.column) {
            // Tabs stay tabs, so that the mark stands under its letter in every terminal.
            let before = line.chars().take(column.saturating_sub(1));
            let before: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            let _ = writeln!(out, "{pad} {DIM}|{DIM:#}");
            let _ = writeln!(out, "{DIM}{number} |{DIM:#} {}", plain(line));
            let _ = writeln!(out, "{pad} {DIM}|{DIM:#} {before}{ERROR}^{ERROR:#}");
        }
        if let Some(hint) = &self.hint {
            let _ = writeln!(out, "{pad} {DIM}={DIM:#} {}", plain(hint));
        }
        out
    }
}

impl From<Reason> for Failure {
    fn from(message: Reason) -> Self {
        Self { errors: vec![message] }
    }
}

impl From<Unclear> for Failure {
    fn from(unclear: Unclear) -> Self {
        Reason { message: unclear.message, hint: unclear.hint, ..Reason::default() }.into()
    }
}

impl From<Diagnostics> for Failure {
    fn from(found: Diagnostics) -> Self {
        Self { errors: found.0.into_iter().map(Reason::from).collect() }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Invalid(fields) => Self {
                errors: fields
                    .into_iter()
                    .map(|Field { name, message }| Reason {
                        message: format!("{name}: {message}"),
                        path: Some(name.into_owned()),
                        ..Reason::default()
                    })
                    .collect(),
            },
            other => Self::new(other.to_string()),
        }
    }
}

impl From<remit_db::Error> for Failure {
    fn from(error: remit_db::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<Diagnostic> for Reason {
    fn from(found: Diagnostic) -> Self {
        Self {
            message: found.message,
            hint: found.hint,
            file: Some(found.file),
            line: found.place.map(|place| place.line),
            column: found.place.map(|place| place.column),
            cell: None,
            path: found.path,
            excerpt: found.line,
        }
    }
}

/// The name among `known` that is nearest to `given`, where one is near enough to be meant.
pub fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let lower = given.to_lowercase();
    let near = |name: &str| strsim::normalized_damerau_levenshtein(&lower, &name.to_lowercase());
    let scored = known.into_iter().map(|name| (near(name), name)).filter(|(score, _)| *score >= 0.6);
    scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// `did you mean ...?`, or the names there are where they are few.
pub fn did_you_mean<'k>(given: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> Option<String> {
    if let Some(name) = nearest(given, known.clone()) {
        return Some(format!("did you mean `{name}`?"));
    }
    let all: Vec<&str> = known.into_iter().take(13).collect();
    (!all.is_empty() && all.len() <= 12).then(|| format!("there are: {}", all.join(", ")))
}

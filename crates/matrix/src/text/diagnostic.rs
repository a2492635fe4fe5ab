//! Messages that say where, what and how to mend it.

use std::fmt;

use serde::Serialize;

use super::Place;

/// One message about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The file, as it was named.
    pub file: String,
    /// Line and column, where known.
    pub place: Option<Place>,
    /// Path of the field, where known.
    pub path: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// The line concerned.
    pub line: Option<String>,
}

impl Diagnostic {
    /// A message at a place.
    pub fn new(file: &str, place: Option<Place>, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), place, path: None, message: message.into(), hint: None, line: None }
    }

    /// The same with the line of the text that it is about.
    #[must_use]
    pub fn excerpt(mut self, text: &str) -> Self {
        let line = self.place.and_then(|p| text.lines().nth(p.line - 1));
        self.line = line.filter(|l| l.len() <= 400).map(str::to_owned);
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(place) = self.place {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        write!(f, ": {}", self.message)?;
        if let (Some(line), Some(place)) = (&self.line, self.place) {
            // Tabs stay tabs, so that the mark stands under its letter in every terminal.
            let pad: String =
                line.chars().take(place.column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            write!(f, "\n{:>5} | {line}\n      | {pad}^", place.line)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n      = {hint}")?;
        }
        Ok(())
    }
}

/// All messages about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.0.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { "\n" })?;
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// Makes the TOML reader's messages say what to write: an unknown key gets the nearest known one.
pub(super) fn teach(message: &str) -> (String, Option<String>) {
    let message = message.trim();
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let (true, Some((given, known))) = (message.starts_with("unknown field"), quoted.split_first()) {
        let hint = crate::model::did_you_mean(given, known.iter().copied());
        return (format!("there is no field `{given}` here"), hint);
    }
    if let (true, Some((given, known))) = (message.starts_with("unknown variant"), quoted.split_first()) {
        let hint = crate::model::did_you_mean(given, known.iter().copied());
        return (format!("`{given}` is not one of the possible words"), hint);
    }
    if let (true, Some(field)) = (message.starts_with("missing field"), quoted.first()) {
        return (format!("the field `{field}` is missing"), Some(format!("add {field} = ...")));
    }
    (message.to_owned(), None)
}

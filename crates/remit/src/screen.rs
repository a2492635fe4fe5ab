//! Where answers go: text for people, JSON for programs.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstyle::Style;
use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;

/// What form an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Text for people.
    #[default]
    Text,
    /// JSON for programs: one document on stdout; errors as JSON on stderr.
    Json,
}

/// When text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    /// Makes the choice hold for everything that is printed from here on.
    pub fn choose(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// How what steps back is set.
pub const DIM: Style = Style::new().dimmed();
/// How what matters is set off.
pub const BOLD: Style = Style::new().bold();

/// The terminal, or whatever stands in its place.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    format: Format,
}

impl Screen {
    /// A screen for answers of this form.
    pub fn new(format: Format) -> Self {
        Self { format }
    }

    /// Whether programs read the answer.
    pub fn is_json(self) -> bool {
        self.format == Format::Json
    }

    /// Prints an answer: `json`, or what `text` makes of it.
    pub fn answer(self, json: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        if self.is_json() { self::json(json) } else { self::text(&text()) }
    }

    /// Says something beside the answer: nothing when programs read it.
    pub fn aside(self, text: &str) {
        if !self.is_json() {
            // Nobody can be told that stderr is gone.
            let _ = anstream::stderr().lock().write_all(text.as_bytes());
        }
    }

    /// Says why there is no answer.
    pub fn failure(self, failure: &Failure) {
        let mut stderr = anstream::stderr().lock();
        let _ = if self.is_json() {
            let text = serde_json::to_string_pretty(failure).expect("failures are plain data");
            writeln!(stderr, "{text}")
        } else {
            stderr.write_all(failure.text().as_bytes())
        };
    }
}

/// Prints JSON, whatever form was asked for.
pub fn json(json: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(json).expect("answers are plain data");
    bytes(format!("{text}\n").as_bytes())
}

/// Prints text, whatever form was asked for; its escape sequences reach a terminal only.
pub fn text(text: &str) -> Result<(), Failure> {
    written(anstream::stdout().lock().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()))
}

/// Writes bytes to stdout as they are.
pub fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    written(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

/// A reader that has gone away has seen enough.
fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("the answer cannot be written to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Columns that text may fill: `COLUMNS`, or the terminal's, at most 140; 100 where there is no terminal.
pub fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || {
        let size = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        size.map(|(width, _)| usize::from(width.0))
    };
    told.or_else(terminal).unwrap_or(100).clamp(60, 140)
}

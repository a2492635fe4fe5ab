//! Why a spreadsheet cannot be read or written.

use super::Place;

/// Why a spreadsheet cannot be read or written. The message says where, what is wrong and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// The bytes are no spreadsheet of a form that is read here.
    #[error("{0}")]
    Unreadable(String),
    /// The file is larger than what is read.
    #[error("{0}")]
    TooLarge(String),
    /// A sheet or a block as a whole is missing, doubled or unknown.
    #[error("{0}")]
    Layout(String),
    /// One cell is at fault.
    #[error("{place}: {problem}")]
    Cell {
        /// Where it stands.
        place: Place,
        /// What is wrong with it and what to write instead.
        problem: String,
    },
    /// The spreadsheet is a RACI grid (duties against parties), not a matrix; [`from_raci`](super::from_raci) reads it.
    #[error(
        "this is a RACI grid, not a matrix: {0} names duties and the columns name parties; import it as a RACI grid, \
         giving the client and its zone"
    )]
    RaciGrid(Place),
    /// The draft does not fit into a workbook.
    #[error("{0}")]
    Unwritable(String),
}

impl SheetError {
    /// A fault of one cell.
    pub(super) fn at(place: Place, problem: impl Into<String>) -> Self {
        Self::Cell { place, problem: problem.into() }
    }

    /// The cell at fault, where it is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Cell { place, .. } | Self::RaciGrid(place) => Some(place),
            _ => None,
        }
    }
}

/// The nearest of the known words, if one is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().map(|known| (strsim::jaro_winkler(&plain(word), &plain(known)), known));
    near.filter(|(likeness, _)| *likeness >= 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
}

/// "; did you mean `x`?" or the whole list.
pub(super) fn hint(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("write one of: {}", known.join(", ")),
    }
}

/// A label without case, spaces, hyphens and underscores.
pub(super) fn plain(label: &str) -> String {
    label.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// At most 40 characters of what somebody wrote, for a message.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}

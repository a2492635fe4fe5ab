//! What a command ends with.

use std::process::ExitCode;

/// How a command ended; the process ends with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Done, and nothing to report: 0.
    Sound,
    /// Done, and there are findings or differences: 1.
    Findings,
    /// What was given cannot be used: 2.
    BadInput,
}

impl Outcome {
    /// [`Outcome::Findings`] if there are any.
    pub fn findings(found: bool) -> Self {
        if found { Self::Findings } else { Self::Sound }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}

//! What is wrong with a draft, and where.

use std::fmt;

/// One mistake in a draft.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Path of the field at fault, such as `rows.3.time` or `teams.night.party`; list elements are counted from 0.
    pub path: String,
    /// Byte offset inside the text at that path, for mistakes inside an expression.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Problem {
    /// A mistake at a path.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), offset: 0, message: message.into(), hint: None }
    }

    /// The same with a word on how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, " ({hint})"))
    }
}

/// All mistakes of a draft, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

/// The name among `known` that is nearest to `given`, as a hint; else the list of all, when it is short.
pub(crate) fn did_you_mean<'k>(given: &str, known: impl Iterator<Item = &'k str> + Clone) -> Option<String> {
    let lower = given.to_lowercase();
    let near = |name: &&str| strsim::normalized_damerau_levenshtein(&lower, &name.to_lowercase());
    let best = known.clone().max_by(|a, b| near(a).total_cmp(&near(b)))?;
    if near(&best) >= 0.6 {
        return Some(format!("did you mean `{best}`?"));
    }
    let all: Vec<&str> = known.take(13).collect();
    (all.len() <= 12).then(|| format!("known are: {}", all.join(", ")))
}

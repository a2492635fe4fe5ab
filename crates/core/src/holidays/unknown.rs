//! The error for a code without rules, with what was probably meant.

use std::fmt;

use super::atlas;

/// A code for which there are no holiday rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRegion {
    /// The code as it was written.
    pub code: String,
    /// The codes most like it, best first, at most three.
    pub suggestions: Vec<&'static str>,
}

impl UnknownRegion {
    pub(super) fn new(code: &str) -> Self {
        let wanted = code.trim().to_ascii_uppercase();
        let mut near: Vec<(f64, &'static str)> = Vec::new();
        for place in atlas::places() {
            let by_code = strsim::normalized_damerau_levenshtein(&wanted, &place.code);
            let by_name = strsim::normalized_damerau_levenshtein(&wanted, &place.name.to_uppercase());
            near.push((by_code.max(by_name), &place.code));
        }
        near.retain(|(likeness, _)| *likeness >= 0.6);
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        Self { code: code.to_owned(), suggestions: near.into_iter().take(3).map(|(_, code)| code).collect() }
    }
}

impl fmt::Display for UnknownRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no holiday rules for \"{}\"", self.code.escape_debug())?;
        if !self.suggestions.is_empty() {
            write!(f, "; did you mean {}?", self.suggestions.join(" or "))?;
        }
        write!(f, " `remit holidays` lists every country and region")
    }
}

impl std::error::Error for UnknownRegion {}

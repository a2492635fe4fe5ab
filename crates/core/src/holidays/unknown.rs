//! The error for a code without rules, with what was probably meant.

use std::fmt;

use super::atlas;

/// A code for which there are no holiday rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRegion {
    /// The code as it was written, cut to 40 characters.
    pub code: String,
    /// The codes most like it, best first, at most three.
    pub suggestions: Vec<&'static str>,
}

/// How alike a code or a name must be to be suggested, from 0 to 1.
const ALIKE: f64 = 0.6;

/// Codes in daily use that ISO 3166-1 does not have.
const OTHER_CODES: [(&str, &str); 2] = [("UK", "GB"), ("EIRE", "IE")];

impl UnknownRegion {
    pub(super) fn new(code: &str) -> Self {
        let code: String = code.chars().take(40).collect();
        let wanted = code.trim().to_uppercase();
        let mut suggestions = Vec::new();
        suggestions.extend(OTHER_CODES.iter().find(|(other, _)| *other == wanted).map(|(_, code)| *code));
        suggestions.extend(undivided(&wanted));
        if suggestions.is_empty() {
            suggestions = alike(&wanted);
        }
        Self { code, suggestions }
    }
}

/// The country, when a region was asked of one that has the same rules everywhere.
fn undivided(wanted: &str) -> Option<&'static str> {
    let (country, _) = wanted.split_once('-')?;
    match atlas::country(country)?.places.as_slice() {
        [alone] => Some(&alone.code),
        _ => None,
    }
}

fn alike(wanted: &str) -> Vec<&'static str> {
    let mut near: Vec<(f64, &'static str)> = Vec::new();
    for place in atlas::places() {
        let by_code = strsim::normalized_damerau_levenshtein(wanted, &place.code);
        let by_name = strsim::normalized_damerau_levenshtein(wanted, &place.name.to_uppercase());
        near.push((by_code.max(by_name), &place.code));
    }
    let exact = near.iter().any(|(likeness, _)| *likeness >= 1.0);
    near.retain(|(likeness, _)| *likeness >= if exact { 1.0 } else { ALIKE });
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.into_iter().take(3).map(|(_, code)| code).collect()
}

impl fmt::Display for UnknownRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no holiday rules for \"{}\"", self.code.escape_debug())?;
        match self.suggestions.as_slice() {
            [] => write!(f, "; write codes such as US, US-CA or GB-SCT.")?,
            [others @ .., last] if !others.is_empty() => {
                write!(f, "; did you mean {} or {last}?", others.join(", "))?;
            }
            [one, ..] => write!(f, "; did you mean {one}?")?,
        }
        write!(f, " `remit holidays` lists every country and region")
    }
}

impl std::error::Error for UnknownRegion {}

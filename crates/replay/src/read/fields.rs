//! What the readers share: from the texts of the mapped columns to an event.

use remit_core::At;
use rustc_hash::FxHashMap;

use crate::date::DatePattern;
use crate::error::Problem;
use crate::event::{Line, State};
use crate::limits::Limits;
use crate::mapping::Mapping;
use crate::names::not_utf8;

/// Reads values as the mapping says, remembering what it has seen.
pub(super) struct Values {
    /// One pattern for each date column, so that each remembers its own last date.
    dates: [DatePattern; 3],
    unknown: Vec<Vec<u8>>,
    states: FxHashMap<Box<[u8]>, State>,
    last: Option<(Vec<u8>, State)>,
    names: usize,
}

/// What is wrong with a row, and in which column.
pub(super) type Bad = (Problem, Option<String>);

/// Puts a problem into a column.
pub(super) fn in_column(column: Option<&String>) -> impl FnOnce(Problem) -> Bad + use<'_> {
    move |problem| (problem, column.cloned())
}

/// The date columns.
#[derive(Clone, Copy)]
pub(super) enum DateOf {
    Event,
    Opened,
    Resolved,
}

impl Values {
    pub fn new(mapping: &Mapping, limits: &Limits) -> Self {
        let date = || mapping.date.clone();
        Self {
            dates: [date(), date(), date()],
            unknown: mapping.unknown.iter().map(|text| text.as_bytes().to_vec()).collect(),
            states: FxHashMap::default(),
            last: None,
            names: limits.names,
        }
    }

    /// The text, or nothing when it is one of those that mean "unknown".
    pub fn known<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        let text = text.trim_ascii();
        if self.unknown.iter().any(|unknown| unknown == text) { &[] } else { text }
    }

    /// A date that must be there.
    pub fn date(&mut self, which: DateOf, text: &[u8]) -> Result<At, Problem> {
        self.dates[which as usize].read(text)
    }

    /// A date that may be missing.
    pub fn date_if_known(&mut self, which: DateOf, text: &[u8]) -> Result<Option<At>, Problem> {
        if self.known(text).is_empty() { Ok(None) } else { self.date(which, text).map(Some) }
    }

    /// What a status means.
    pub fn state(&mut self, mapping: &Mapping, text: &[u8]) -> Result<State, Problem> {
        if let Some((known, state)) = &self.last
            && known == text
        {
            return Ok(*state);
        }
        let state = match self.states.get(text) {
            Some(state) => *state,
            None => self.new_state(mapping, text)?,
        };
        let (known, last) = self.last.get_or_insert_with(|| (Vec::new(), state));
        known.clear();
        known.extend_from_slice(text);
        *last = state;
        Ok(state)
    }

    fn new_state(&mut self, mapping: &Mapping, text: &[u8]) -> Result<State, Problem> {
        let status = std::str::from_utf8(text).map_err(|_| not_utf8(text))?;
        if self.states.len() >= self.names {
            let hint = "Check in the mapping which column the status is read from";
            let limit = self.names.to_string();
            return Err(Problem::Limit { what: "different statuses", limit, hint });
        }
        let state = mapping.state(status);
        self.states.insert(text.into(), state);
        Ok(state)
    }

    /// The support line that a column names.
    pub fn line(&self, text: &[u8]) -> Option<Line> {
        std::str::from_utf8(self.known(text)).ok().and_then(Line::parse)
    }
}

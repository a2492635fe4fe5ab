//! Names given numbers, so that an event is a handful of integers.

use rustc_hash::FxHashMap;

use crate::error::{Problem, shown};

/// The number of a name; [`Names::NONE`] is "unknown".
pub type NameId = u32;

/// Every different text of one field, numbered in the order of appearance.
#[derive(Debug)]
pub struct Names {
    field: &'static str,
    limit: usize,
    ids: FxHashMap<Box<[u8]>, NameId>,
    texts: Vec<String>,
    last: (Vec<u8>, NameId),
}

impl Names {
    /// The number of the empty text.
    pub const NONE: NameId = u32::MAX;

    /// At most `limit` names of `field`.
    pub fn new(field: &'static str, limit: usize) -> Self {
        let last = (Vec::new(), Self::NONE);
        Self { field, limit, ids: FxHashMap::default(), texts: Vec::new(), last }
    }

    /// The number of `text`, a new one when it is new. Fails on a text that is not UTF-8 and on too many names.
    pub fn id(&mut self, text: &[u8]) -> Result<NameId, Problem> {
        if text.is_empty() {
            return Ok(Self::NONE);
        }
        if text == self.last.0 {
            return Ok(self.last.1);
        }
        let id = match self.ids.get(text) {
            Some(id) => *id,
            None => self.add(text)?,
        };
        self.last.0.clear();
        self.last.0.extend_from_slice(text);
        self.last.1 = id;
        Ok(id)
    }

    fn add(&mut self, text: &[u8]) -> Result<NameId, Problem> {
        let Ok(valid) = std::str::from_utf8(text) else {
            return Err(not_utf8(text));
        };
        if self.texts.len() >= self.limit {
            let limit = self.limit.to_string();
            let hint = "Check in the mapping which column this field is read from";
            return Err(Problem::Limit { what: self.field, limit, hint });
        }
        let id = self.texts.len() as NameId;
        self.texts.push(valid.to_owned());
        self.ids.insert(text.into(), id);
        Ok(id)
    }

    /// The text of a number; `?` for the unknown.
    pub fn text(&self, id: NameId) -> &str {
        self.texts.get(id as usize).map_or("?", String::as_str)
    }

    /// All texts by number.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }
}

/// The problem of a text that is not UTF-8, with the likely encoding.
pub(crate) fn not_utf8(text: &[u8]) -> Problem {
    let what = format!("`{}` is not UTF-8", shown(text));
    let hint =
        "If the file was exported as Latin-1 or by Windows, write encoding = \"windows-1252\" in the mapping";
    Problem::Encoding { what, hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number() {
        let mut names = Names::new("teams", 2);
        assert_eq!((names.id(b"a").unwrap(), names.id(b"b").unwrap(), names.id(b"a").unwrap()), (0, 1, 0));
        assert_eq!(names.id(b"").unwrap(), Names::NONE);
        assert_eq!(names.text(1), "b");
        assert!(names.id(b"c").unwrap_err().to_string().contains("teams: more than 2"));
    }

    #[test]
    fn a_latin_1_name_is_refused_with_the_encoding_to_write() {
        let error = Names::new("teams", 9).id(b"M\xfcller").unwrap_err();
        assert!(error.to_string().contains("windows-1252"), "{error}");
    }
}

//! Where in a TOML text a path stands.

use std::collections::HashMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::Problem;

/// A position in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Place {
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
}

impl Place {
    /// The position of a byte offset; the end of the text for an offset beyond it.
    pub fn at(text: &str, mut offset: usize) -> Self {
        offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        Self { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
    }
}

/// Byte offsets of every value of a TOML text, by path.
#[derive(Debug)]
pub struct TomlPlaces<'t> {
    text: &'t str,
    offsets: HashMap<String, usize>,
}

impl<'t> TomlPlaces<'t> {
    /// Walks the text. A text that is not TOML has no places.
    pub fn of(text: &'t str) -> Self {
        let mut offsets = HashMap::new();
        if let Ok(table) = DeTable::parse(text) {
            walk_table(table.get_ref(), "", &mut offsets);
        }
        Self { text, offsets }
    }

    /// The line of each row, in their order.
    pub(super) fn rows(&self) -> Vec<usize> {
        let offsets = (0..).map_while(|n| self.offsets.get(&format!("rows.{n}")));
        let (mut line, mut from) = (1, 0);
        // Rows stand in the order of the text, so each line is counted from the one before.
        let count = |offset: &usize| {
            line += self.text.get(from..*offset)?.matches('\n').count();
            from = *offset;
            Some(line)
        };
        offsets.map_while(count).collect()
    }

    /// Where a problem stands: at its path, else at the nearest path above that is written.
    pub fn find(&self, problem: &Problem) -> Option<Place> {
        let mut path = problem.path.as_str();
        loop {
            if let Some(&offset) = self.offsets.get(path) {
                // A string's value begins after its quote.
                let quoted = self.text[offset..].starts_with(['"', '\'']) && path == problem.path;
                let inside = if quoted && problem.offset > 0 { problem.offset + 1 } else { 0 };
                return Some(Place::at(self.text, offset + inside));
            }
            path = path.rsplit_once('.')?.0;
        }
    }
}

fn walk_table(table: &DeTable<'_>, path: &str, offsets: &mut HashMap<String, usize>) {
    for (key, value) in table {
        let path = join(path, key.get_ref());
        walk(value, key.span().start, &path, offsets);
    }
}

fn walk(value: &Spanned<DeValue<'_>>, key: usize, path: &str, offsets: &mut HashMap<String, usize>) {
    match value.get_ref() {
        DeValue::Table(table) => {
            offsets.insert(path.to_owned(), key);
            walk_table(table, path, offsets);
        }
        DeValue::Array(array) => {
            offsets.insert(path.to_owned(), key);
            for (i, element) in array.iter().enumerate() {
                walk(element, element.span().start, &join(path, &i.to_string()), offsets);
            }
        }
        _ => {
            offsets.insert(path.to_owned(), value.span().start);
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

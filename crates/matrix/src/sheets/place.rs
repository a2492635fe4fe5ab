//! Where something stands in the file, so that what the checker finds in a field can point at a cell.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A cell of a workbook or of a CSV file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Name of the sheet; `None` in a CSV file.
    pub sheet: Option<Arc<str>>,
    /// Line, counted from 1.
    pub line: u32,
    /// Column, counted from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            Some(sheet) => write!(f, "sheet {sheet}, cell {}{}", letters(self.column), self.line),
            None => write!(f, "line {}, column {}", self.line, self.column),
        }
    }
}

/// Where the fields of a draft stand in the file that it was read from.
///
/// A field is named by its path, as the checker names it: `client`, `parties.<id>.kind`, `calendars.<id>.week.<days>`,
/// `values.tier.2`, `services.0.id`, `rows.3.asset-class`, `rows.3.asset-class.1`.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Fields with a cell of their own.
    cells: BTreeMap<String, Place>,
    /// Entries that fill one line: `rows.3`.
    lines: BTreeMap<String, (usize, u32)>,
    blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
struct Block {
    sheet: Option<Arc<str>>,
    columns: Vec<(&'static str, u32)>,
}

impl Places {
    /// The cell of a field: its own, that of the list it is in, or else the line of the entry it belongs to. `None` for a
    /// path that the file says nothing about.
    pub fn get(&self, path: &str) -> Option<Place> {
        let mut head = path;
        loop {
            if let Some(place) = self.cells.get(head) {
                return Some(place.clone());
            }
            if let Some(&(block, line)) = self.lines.get(head) {
                let rest = path[head.len()..].trim_start_matches('.');
                return Some(self.blocks[block].place(line, rest));
            }
            head = &head[..head.rfind('.')?];
        }
    }

    /// Adds a field with a cell of its own.
    pub(super) fn cell(&mut self, path: String, place: Place) {
        self.cells.insert(path, place);
    }

    /// Adds a table whose entries fill a line each; the answer names it in [`Places::line`].
    pub(super) fn block(&mut self, sheet: Option<Arc<str>>, columns: Vec<(&'static str, u32)>) -> usize {
        self.blocks.push(Block { sheet, columns });
        self.blocks.len() - 1
    }

    /// Adds an entry that fills a line of a block.
    pub(super) fn line(&mut self, path: String, block: usize, line: u32) {
        self.lines.insert(path, (block, line));
    }
}

impl Block {
    fn place(&self, line: u32, field: &str) -> Place {
        let is_field = |name: &str| {
            field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let column = self.columns.iter().find(|(name, _)| is_field(name)).or(self.columns.first());
        Place { sheet: self.sheet.clone(), line, column: column.map_or(1, |&(_, column)| column) }
    }
}

/// The letters of a spreadsheet's column: 1 is `A`, 27 is `AA`.
fn letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        let digit = (column - 1) % 26;
        letters.push(char::from(b'A' + digit as u8));
        column = (column - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_a_spreadsheet() {
        assert_eq!([1, 26, 27, 52, 703].map(letters), ["A", "Z", "AA", "AZ", "AAA"]);
    }

    #[test]
    fn a_field_of_a_list_points_at_the_cell_of_the_list() {
        let mut places = Places::default();
        let block = places.block(Some("Matrix".into()), vec![("id", 1), ("tier", 8)]);
        places.line("rows.3".to_owned(), block, 5);
        let at = |path: &str| places.get(path).map(|place| place.to_string());
        assert_eq!(at("rows.3.tier.1").as_deref(), Some("sheet Matrix, cell H5"));
        assert_eq!(at("rows.3").as_deref(), Some("sheet Matrix, cell A5"));
        assert_eq!(at("rows.30.tier"), None);
    }
}

//! The header of a table, and its cells by the names of the fields.

use super::super::book::{Line, Table};
use super::super::cell::{cell_list, cell_text};
use super::super::error::{hint, plain, shown};
use super::super::layout::Sheet;
use super::super::{Place, SheetError};

/// A table whose columns are known.
pub(super) struct Head<'b> {
    pub table: &'b Table,
    /// The position of each column that is there, counted from 0.
    columns: Vec<(&'static str, usize)>,
    labels: Vec<(&'static str, &'static str)>,
    header: u32,
}

impl<'b> Head<'b> {
    /// Reads the first line as the header. A column whose label starts with `#` is left unread.
    pub fn of(table: &'b Table, sheet: &Sheet) -> Result<Self, SheetError> {
        let labels = sheet.columns.iter().map(|column| (column.field, column.label)).collect();
        let mut head = Self { table, columns: Vec::new(), labels, header: table.start };
        let Some(header) = table.lines.first() else {
            return Ok(head);
        };
        head.header = header.number;
        for (position, _) in header.cells.iter().enumerate() {
            let label = header.cell(position);
            if label.is_empty() || label.starts_with('#') {
                continue;
            }
            let known = |column: &&super::super::layout::Column| {
                plain(column.label) == plain(label) || plain(column.field) == plain(label)
            };
            let place = table.place(header.number, position);
            let Some(column) = sheet.columns.iter().find(known) else {
                let labels: Vec<_> = sheet.columns.iter().map(|column| column.label).collect();
                let problem = format!(
                    "{} has no column `{}`: {}; a label that starts with `#` is left unread",
                    sheet.title,
                    shown(label),
                    hint(label, &labels)
                );
                return Err(SheetError::at(place, problem));
            };
            if head.position(column.field).is_some() {
                return Err(SheetError::at(
                    place,
                    format!("the column `{}` is there twice; delete one", column.label),
                ));
            }
            head.columns.push((column.field, position));
        }
        Ok(head)
    }

    /// The lines below the header.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.table.lines.iter().skip(1).map(|line| Entry { head: self, line })
    }

    /// The columns for the index of places, counted from 1.
    pub fn columns(&self) -> Vec<(&'static str, u32)> {
        self.columns.iter().map(|&(field, position)| (field, position as u32 + 1)).collect()
    }

    /// The position of a column, counted from 0.
    pub fn position(&self, field: &str) -> Option<usize> {
        self.columns.iter().find(|(name, _)| *name == field).map(|&(_, position)| position)
    }

    fn label(&self, field: &str) -> &'static str {
        self.labels.iter().find(|(name, _)| *name == field).map_or("", |&(_, label)| label)
    }
}

/// One line below a header.
#[derive(Clone, Copy)]
pub(super) struct Entry<'h> {
    head: &'h Head<'h>,
    line: &'h Line,
}

impl Entry<'_> {
    /// The line's number in its sheet or file.
    pub fn number(&self) -> u32 {
        self.line.number
    }

    /// The cell as it stands; empty where the column is missing.
    pub fn cell(&self, field: &str) -> &str {
        self.head.position(field).map_or("", |position| self.line.cell(position))
    }

    /// The place of a field's cell.
    pub fn place(&self, field: &str) -> Place {
        self.head.table.place(self.line.number, self.head.position(field).unwrap_or(0))
    }

    /// The text of a cell; `None` when blank.
    pub fn text(&self, field: &str) -> Option<String> {
        cell_text(self.cell(field))
    }

    /// The names of a cell.
    pub fn names(&self, field: &str) -> Vec<String> {
        cell_list(self.cell(field))
    }

    /// The text of a cell that must not be blank.
    pub fn need(&self, field: &str) -> Result<String, SheetError> {
        self.text(field).ok_or_else(|| {
            let label = self.head.label(field);
            if self.head.position(field).is_none() {
                let place = self.head.table.place(self.head.header, 0);
                return SheetError::at(
                    place,
                    format!("the column `{label}` is missing from this header; add it"),
                );
            }
            SheetError::at(self.place(field), format!("`{label}` is blank; every line needs one"))
        })
    }

    /// The cell as one of a list of words, however it is spelt in case and hyphens; `None` when blank.
    pub fn word(&self, field: &str, words: &[&'static str]) -> Result<Option<&'static str>, SheetError> {
        self.text(field).map(|text| self.known(field, &text, words)).transpose()
    }

    /// A text of this cell as one of a list of words.
    pub fn known(&self, field: &str, text: &str, words: &[&'static str]) -> Result<&'static str, SheetError> {
        words.iter().find(|word| plain(word) == plain(text)).copied().ok_or_else(|| {
            SheetError::at(
                self.place(field),
                format!("`{}` is not known here: {}", shown(text), hint(text, words)),
            )
        })
    }
}

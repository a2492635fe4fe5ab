//! Finding the grid: which line is the header, which columns are parties.

use super::super::Place;
use super::super::book::{Book, Line, Table};
use super::super::error::plain;
use super::marks::Marks;
use super::people::looks_like_party;

/// How many lines may stand above the header.
const ABOVE: usize = 40;
/// How many lines below the header are looked at to tell the columns apart.
const BELOW: usize = 300;
/// The share of a party column's filled cells that must be understood.
const UNDERSTOOD: f64 = 0.7;

/// A grid in a table.
pub(super) struct Grid<'b> {
    pub table: &'b Table,
    /// Number of the header's line.
    pub header: u32,
    /// Column of the duties, counted from 0 as all columns here.
    pub duty: usize,
    /// Columns of the parties with their headers.
    pub parties: Vec<(usize, &'b str)>,
    /// Column of remarks.
    pub note: Option<usize>,
    /// Column of the area that a duty belongs to, left of the duties.
    pub area: Option<usize>,
    /// The lines below the header.
    pub lines: &'b [Line],
    marks: usize,
}

impl<'b> Grid<'b> {
    /// The first table with a grid, and in it the header below which most cells are marks.
    pub fn find(book: &'b Book) -> Option<Self> {
        book.tables.iter().find_map(|table| {
            let headers = 0..table.lines.len().min(ABOVE);
            // `rev`, since of equal ones the last is taken and the first is meant.
            headers.rev().filter_map(|at| Self::under(table, at)).max_by_key(|grid| grid.marks)
        })
    }

    /// The place of a cell.
    pub fn place(&self, line: u32, column: usize) -> Place {
        self.table.place(line, column)
    }

    fn under(table: &'b Table, at: usize) -> Option<Self> {
        let header = &table.lines[at];
        let lines = &table.lines[at + 1..];
        let titles: Vec<(usize, &str)> = (0..header.cells.len())
            .map(|column| (column, header.cell(column)))
            .filter(|(_, title)| !title.is_empty())
            .collect();
        if titles.iter().any(|(_, title)| Marks::is_letters(title)) {
            return None;
        }
        let duty = duty_column(&titles, lines)?;
        let mut marks = 0;
        let mut parties = Vec::new();
        // Left of the duties stand areas and numbers, never parties.
        for &(column, title) in titles.iter().filter(|(column, _)| *column > duty) {
            let (understood, filled) = understood(lines, column);
            let is_party = if filled == 0 {
                looks_like_party(title)
            } else {
                understood > 0 && understood as f64 >= UNDERSTOOD * filled as f64
            };
            if is_party && !is_note(title) {
                marks += understood;
                parties.push((column, title));
            }
        }
        if parties.len() < 2 || marks == 0 {
            return None;
        }
        let free = |column: &usize| *column != duty && parties.iter().all(|(party, _)| party != column);
        let note =
            titles.iter().find(|(column, title)| free(column) && is_note(title)).map(|&(column, _)| column);
        let area = titles.iter().map(|&(column, _)| column).find(|column| free(column) && *column < duty);
        Some(Self { table, header: header.number, duty, parties, note, area, lines, marks })
    }
}

/// The column whose title says that it holds duties, or else the first one that holds text.
fn duty_column(titles: &[(usize, &str)], lines: &[Line]) -> Option<usize> {
    const TITLES: [&str; 15] = [
        "function",
        "functions",
        "task",
        "tasks",
        "activity",
        "activities",
        "duty",
        "duties",
        "service",
        "services",
        "responsibility",
        "responsibilities",
        "deliverable",
        "process",
        "item",
    ];
    let named = |title: &str| {
        title.split(|c: char| !c.is_alphanumeric()).any(|word| TITLES.contains(&plain(word).as_str()))
    };
    let holds_text = |column: usize| {
        let (understood, filled) = understood(lines, column);
        filled > 0 && understood * 2 < filled
    };
    let texts: Vec<_> = titles.iter().filter(|(column, _)| holds_text(*column)).collect();
    texts.iter().find(|(_, title)| named(title)).or(texts.first()).map(|&&(column, _)| column)
}

fn is_note(title: &str) -> bool {
    ["note", "comment", "remark"].iter().any(|word| plain(title).starts_with(word))
}

/// How many of a column's filled cells are marks, and how many are filled.
fn understood(lines: &[Line], column: usize) -> (usize, usize) {
    let cells = lines.iter().take(BELOW).map(|line| line.cell(column)).filter(|cell| !cell.is_empty());
    let mut counts = (0, 0);
    for cell in cells {
        counts.0 += usize::from(Marks::read(cell).is_some_and(|marks| marks != Marks::NONE));
        counts.1 += usize::from(Marks::read(cell) != Some(Marks::NONE));
    }
    counts
}

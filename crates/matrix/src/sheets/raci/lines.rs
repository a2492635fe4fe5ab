//! The lines of a grid as rows.

use super::super::book::Line;
use super::super::cell::cell_text;
use super::super::error::shown;
use super::assign::Marked;
use super::duties::{Duty, Services};
use super::grid::Grid;
use super::hours::{self, Hours};
use super::marks::Marks;
use super::people::People;
use super::{RaciMatch, free, slug};
use crate::catalogue::NewNode;
use crate::draft::RowDraft;

/// Reads a grid line by line.
pub(super) struct Lines<'g> {
    grid: &'g Grid<'g>,
    people: &'g People,
    found: Services,
    headings: Vec<String>,
    heading: String,
    area: String,
    supported: bool,
    /// The rows so far.
    pub rows: Vec<RowDraft>,
    /// The client's own services.
    pub services: Vec<NewNode>,
    /// The duties and their services.
    pub matched: Vec<RaciMatch>,
    /// What is unclear.
    pub doubts: Vec<String>,
    /// Whether a row names office hours.
    pub hours_used: bool,
}

impl<'g> Lines<'g> {
    /// A reader of a grid.
    pub fn new(grid: &'g Grid<'g>, people: &'g People) -> Self {
        Self {
            grid,
            people,
            found: Services::default(),
            headings: Vec::new(),
            heading: String::new(),
            area: String::new(),
            supported: false,
            rows: Vec::new(),
            services: Vec::new(),
            matched: Vec::new(),
            doubts: Vec::new(),
            hours_used: false,
        }
    }

    /// Reads all lines.
    pub fn read_all(&mut self) {
        for line in self.grid.lines {
            self.read(line);
        }
        if !self.headings.is_empty() {
            let headings = self.headings.join(", ");
            self.doubts.push(format!("no marks, so taken as headings and not as duties: {headings}"));
        }
        if self.supported {
            self.doubts.push("who supports (S) is written as consulted".to_owned());
        }
        self.services = std::mem::take(&mut self.found.new);
        self.matched = std::mem::take(&mut self.found.matched);
    }

    fn read(&mut self, line: &Line) {
        let Some(text) = cell_text(line.cell(self.grid.duty)) else {
            self.unnamed(line);
            return;
        };
        if let Some(area) = self.grid.area.and_then(|column| cell_text(line.cell(column))) {
            self.area = area;
        }
        let marked = self.marks(line, &text);
        if marked.seats.is_empty() {
            if !is_legend(&text) {
                self.headings.push(format!(
                    "{} `{}`",
                    self.grid.place(line.number, self.grid.duty),
                    shown(&text)
                ));
                self.heading = text;
            }
            return;
        }
        let (words, hours) = hours::split(&text);
        let time = match hours {
            Hours::Said(time) => Some(time),
            Hours::Unsaid => None,
            Hours::Unclear => {
                self.doubt(line, &text, "it names hours without exact meaning; the row holds at all hours, write its `time` yourself");
                None
            }
        };
        self.hours_used |= time.is_some();
        let area = if self.area.is_empty() { self.heading.clone() } else { self.area.clone() };
        let served = self.found.of(&Duty { text: &text, words: &words, area: &area, time });
        if let Some(doubt) = &served.doubt {
            self.doubt(line, &text, doubt);
        }
        let row = RowDraft {
            id: slug(&text, "row"),
            service: served.id.as_str().into(),
            time: time.map(str::to_owned),
            note: self.grid.note.and_then(|column| cell_text(line.cell(column))),
            ..RowDraft::default()
        };
        let mut doubts = Vec::new();
        for mut row in marked.rows(&row, &mut doubts) {
            row.id = free(&row.id, |id| self.rows.iter().any(|row| row.id == id));
            self.rows.push(row);
        }
        for doubt in &doubts {
            self.doubt(line, &text, doubt);
        }
    }

    /// A line without a duty: nothing to do unless somebody is marked in it.
    fn unnamed(&mut self, line: &Line) {
        if !self.marks(line, "").seats.is_empty() {
            self.doubt(line, "", "marks stand in a line that names no duty; it was left out");
        } else if let Some(area) = self.grid.area.and_then(|column| cell_text(line.cell(column))) {
            self.area = area;
        }
    }

    fn marks(&mut self, line: &Line, text: &str) -> Marked<'g> {
        let mut seats = Vec::new();
        for seat in &self.people.seats {
            let cell = line.cell(seat.column);
            match Marks::read(cell) {
                Some(Marks::NONE) => {}
                Some(marks) => {
                    self.supported |= marks.supports;
                    seats.push((seat, marks));
                }
                None => {
                    let place = self.grid.place(line.number, seat.column);
                    let (cell, text) = (shown(cell), shown(text));
                    self.doubts
                        .push(format!("{place}, `{text}`: `{cell}` is not R, A, C or I; it was left out"));
                }
            }
        }
        Marked { seats }
    }

    fn doubt(&mut self, line: &Line, text: &str, doubt: &str) {
        let place = self.grid.place(line.number, self.grid.duty);
        let text = if text.is_empty() { String::new() } else { format!(", `{}`", shown(text)) };
        self.doubts.push(format!("{place}{text}: {doubt}"));
    }
}

/// Whether a line explains a letter: `R = Responsible`.
fn is_legend(text: &str) -> bool {
    let (letter, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    "RACIS".contains(letter) && rest.trim_start().starts_with(['=', ':', '-', '–'])
}

//! Tables and paragraphs for people.

use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::screen::{DIM, columns};

/// Rows under quiet headings, indented by two; cells that do not fit are wrapped.
#[derive(Debug)]
pub struct Listing {
    table: Table,
}

impl Listing {
    /// A listing with headings; one that starts with `#` heads figures, which are aligned right.
    pub fn new(heads: &[&str]) -> Self {
        let mut table = Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(columns() - 2).unwrap_or(u16::MAX));
        table.set_header(heads.iter().map(|head| head.trim_start_matches('#')));
        let mut listing = Self { table };
        for (n, _) in heads.iter().enumerate().filter(|(_, head)| head.starts_with('#')) {
            listing.column(n).set_cell_alignment(CellAlignment::Right);
        }
        for n in 0..heads.len() {
            listing.column(n).set_padding((0, 2));
        }
        listing
    }

    fn column(&mut self, n: usize) -> &mut comfy_table::Column {
        self.table.column_mut(n).expect("the header made the column")
    }

    /// Adds a row.
    pub fn row<S: ToString>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.table.add_row(cells.into_iter().map(|cell| plain(&cell.to_string())));
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.table.row_count() == 0
    }

    /// The listing as text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (n, line) in self.table.lines().enumerate() {
            let line = line.trim_end();
            if n == 0 {
                let _ = writeln!(out, "  {DIM}{line}{DIM:#}");
            } else {
                let _ = writeln!(out, "  {line}");
            }
        }
        out
    }
}

/// Text without control characters, so that a name cannot steer the terminal; ends of lines and tabs stay.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if is_steering(c) { '\u{fffd}' } else { c }).collect()
}

fn is_steering(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A paragraph that fits the screen, every line indented by `indent` columns.
pub fn paragraph(text: &str, indent: usize) -> String {
    format!("{}{}", " ".repeat(indent), hanging(text, indent, indent))
}

/// A paragraph whose first line begins after `before` columns that are already filled; the others are indented.
pub fn hanging(text: &str, before: usize, indent: usize) -> String {
    let (most, margin) = (columns().max(indent + 20), " ".repeat(indent));
    let mut out = String::new();
    let mut used = before;
    let mut first = true;
    for word in plain(text).split_whitespace() {
        let length = word.chars().count();
        if !first && used + 1 + length > most {
            out.push('\n');
            out.push_str(&margin);
            used = indent;
        } else if !first {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
        first = false;
    }
    out.push('\n');
    out
}

/// `1 row`, `2 rows`.
pub fn count(number: usize, one: &str) -> String {
    counted(number, one, &format!("{one}s"))
}

/// `1 box`, `2 boxes`.
pub fn counted(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(number as u64)) }
}

/// A number with commas between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

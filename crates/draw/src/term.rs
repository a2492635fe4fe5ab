//! The same pictures in a terminal: letters that read without colour, colour where there is some, 80 columns at most.

mod amounts;
mod week;

use anstyle::{AnsiColor, Style};

use crate::Hue;
use crate::text::{is_mark, is_wide};

pub use amounts::{bars, heat};
pub use week::{week, weeks};

/// Whether to write escape sequences for colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Letters alone: pipes, files, `NO_COLOR`.
    Plain,
    /// Letters on colours.
    Colour,
}

/// Width of every picture.
const COLUMNS: usize = 80;

/// The style of a hue's letters.
///
/// ```
/// use remit_draw::{Hue, term::style};
/// assert_ne!(style(Hue::Provider), style(Hue::Internal));
/// ```
pub fn style(hue: Hue) -> Style {
    match hue {
        Hue::Provider => AnsiColor::BrightWhite.on(AnsiColor::Blue),
        Hue::Internal => AnsiColor::Black.on(AnsiColor::Cyan),
        Hue::Vendor(_) => AnsiColor::Black.on(AnsiColor::Yellow),
        Hue::Nobody => AnsiColor::BrightWhite.on(AnsiColor::Red).bold(),
        Hue::Neutral => Style::new().dimmed(),
    }
}

/// The one character that stands for a hue: its letter, or the number of a further vendor.
///
/// ```
/// use remit_draw::{Hue, term::letter};
/// assert_eq!([Hue::Vendor(0), Hue::Vendor(1), Hue::Nobody].map(letter), ['V', '2', '!']);
/// ```
pub fn letter(hue: Hue) -> char {
    hue.mark().chars().last().expect("every hue has a mark")
}

/// Text in a style, or as it is.
fn painted(text: &str, style: Style, paint: Paint) -> String {
    if paint == Paint::Plain || text.is_empty() {
        return text.to_owned();
    }
    format!("{}{text}{}", style.render(), style.render_reset())
}

/// Cells of one letter each; neighbours of the same hue share their escape sequences, and a cell without a hue is blank.
fn cells(hues: &[Option<Hue>], paint: Paint) -> String {
    let runs = hues.chunk_by(|a, b| a == b);
    let run = |run: &[Option<Hue>]| match run[0] {
        Some(hue) => painted(&letter(hue).to_string().repeat(run.len()), style(hue), paint),
        None => " ".repeat(run.len()),
    };
    runs.map(run).collect()
}

/// What the letters mean, after `indent` columns, on as many lines as it needs.
fn legend(hues: &[Hue], indent: usize, paint: Paint) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = usize::MAX;
    for hue in hues {
        let word = match hue {
            Hue::Vendor(n) if *n > 0 => format!("vendor {}", u16::from(*n) + 1),
            hue => hue.word().to_owned(),
        };
        if used.saturating_add(word.len() + 4) > COLUMNS {
            lines.push(" ".repeat(indent));
            used = indent;
        }
        let gap = if used == indent { "" } else { "  " };
        let letter = painted(&letter(*hue).to_string(), style(*hue), paint);
        lines.last_mut().expect("the first entry opens a line").extend([gap, &letter, " ", &word]);
        used += gap.len() + word.len() + 2;
    }
    lines
}

/// Lines as one text.
fn text(lines: &[String]) -> String {
    lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// `text` without control characters, cut or padded to exactly `columns`.
fn column(text: &str, columns: usize) -> String {
    let text = clean(text, columns);
    let used: usize = text.chars().map(cell_width).sum();
    text + &" ".repeat(columns.saturating_sub(used))
}

/// `text` without control characters (a name must not steer the terminal), cut to `columns` with an ellipsis.
fn clean(text: &str, columns: usize) -> String {
    let safe: String = text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect();
    if safe.chars().map(cell_width).sum::<usize>() <= columns {
        return safe;
    }
    let mut left = columns.saturating_sub(1);
    let kept = safe.chars().take_while(|c| {
        let fits = cell_width(*c) <= left;
        left = left.saturating_sub(cell_width(*c));
        fits
    });
    kept.chain(std::iter::once('…')).take(columns).collect()
}

fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn cell_width(c: char) -> usize {
    if is_mark(c) { 0 } else { 1 + usize::from(is_wide(c)) }
}

#[cfg(test)]
mod tests;

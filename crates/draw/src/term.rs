//! The same pictures in a terminal: letters that read without colour, colour where there is some.

use anstyle::{AnsiColor, Style};

use crate::Hue;
use crate::chart::weeks::{Run, Week, day_name};
use crate::text::{is_mark, is_wide};

/// Whether to write escape sequences for colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Letters alone: pipes, files, `NO_COLOR`.
    Plain,
    /// Letters on colours.
    Colour,
}

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

/// A week as seven lines of 48 half hours, a letter each, with a legend and every hole in words; 80 columns at most.
///
/// A half hour that several parties share shows the one with most of it, but a minute of nobody always shows.
///
/// ```
/// use remit_draw::{Hue, Week};
/// use remit_draw::term::{Paint, week};
/// let night = Week::new().run(0, 480, Hue::Provider, "Night desk");
/// let text = week(&night, "Europe/Berlin", Paint::Plain);
/// assert!(text.contains("Mon  PPPPPPPPPPPPPPPP"));
/// ```
pub fn week(week: &Week, zone: &str, paint: Paint) -> String {
    let mut out = format!("     {}  {}\n", hours(), clean(zone, 24));
    for day in 0..7u16 {
        out.push_str(&format!("{}  ", day_name(day)));
        let runs: Vec<Run> = week.day(day).collect();
        let cells = (0..48u16).map(|half| half_hour(&runs, day * 1440 + half * 30));
        out.push_str(&paint_cells(cells, paint));
        out.push('\n');
    }
    out
}

/// The hours above a strip, every third one.
fn hours() -> String {
    (0..24u16).step_by(3).map(|hour| format!("{hour:02}    ")).collect::<String>().trim_end().to_owned()
        + "  24"
}

fn half_hour(runs: &[Run], from: u16) -> Option<Hue> {
    let share = |run: &Run| run.to.min(from + 30).saturating_sub(run.from.max(from));
    let touching = runs.iter().filter(|run| share(run) > 0);
    touching.max_by_key(|run| (run.hue == Hue::Nobody, share(run))).map(|run| run.hue)
}

fn paint_cells(cells: impl Iterator<Item = Option<Hue>>, paint: Paint) -> String {
    let mut out = String::new();
    let mut last = None;
    for hue in cells {
        if paint == Paint::Colour && hue != last {
            if let Some(last) = last {
                out.push_str(&style(last).render_reset().to_string());
            }
            if let Some(hue) = hue {
                out.push_str(&style(hue).render().to_string());
            }
        }
        out.push_str(
            hue.map_or(" ", |hue| &hue.mark()[..hue.mark().chars().next().map_or(0, char::len_utf8)]),
        );
        last = hue;
    }
    if let (Paint::Colour, Some(last)) = (paint, last) {
        out.push_str(&style(last).render_reset().to_string());
    }
    out
}

/// `text` without control characters, cut to `columns`.
pub(crate) fn clean(text: &str, columns: usize) -> String {
    let wide = |c: char| if is_mark(c) { 0 } else { 1 + usize::from(is_wide(c)) };
    let safe = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    let mut left = columns;
    safe.take_while(|c| {
        let fits = wide(*c) <= left;
        left = left.saturating_sub(wide(*c));
        fits
    })
    .collect()
}

//! How much, in letters and figures.

use anstyle::{Ansi256Color, Style};

use super::{Paint, cells, clean, column, legend, painted, text};
use crate::chart::weeks::day_name;
use crate::{Hue, Stack, Unit};

/// Bars of letters with their totals: name, bar, figure.
///
/// ```
/// use remit_draw::{Hue, Stack, Unit};
/// use remit_draw::term::{Paint, bars};
/// let rows = [("Network", Stack::from([(Hue::Provider, 30.0), (Hue::Internal, 10.0)]))];
/// let text = bars(&rows, &Unit::count("tickets"), Paint::Plain);
/// assert!(text.starts_with("Network                 PPPPPPPPPPPPPPPPPPPPPPPPPPPPPPIIIIIIIIII 40\n"));
/// ```
pub fn bars(rows: &[(&str, Stack)], unit: &Unit, paint: Paint) -> String {
    const NAME: usize = 23;
    const BAR: f64 = 40.0;
    let most = rows.iter().map(|(_, stack)| stack.total()).fold(0.0, f64::max);
    let bar = |(name, stack): &(&str, Stack)| {
        let line = bar_cells(stack, BAR / most);
        let space = if line.is_empty() { "" } else { " " };
        format!("{} {}{space}{}", column(name, NAME), cells(&line, paint), unit.figure(stack.total()))
    };
    let mut lines: Vec<String> = rows.iter().map(bar).collect();
    let hues = crate::chart::hues(rows.iter().map(|(_, stack)| stack));
    let parties: Vec<Hue> = hues.into_iter().filter(|hue| *hue != Hue::Neutral).collect();
    lines.extend(legend(&parties, NAME + 1, paint));
    text(&lines)
}

/// The cells of a bar, `scale` of them for each unit; rounding is of ends, so parts add up to the whole.
fn bar_cells(stack: &Stack, scale: f64) -> Vec<Option<Hue>> {
    let mut line: Vec<Option<Hue>> = Vec::new();
    let mut sum = 0.0;
    for (hue, value) in stack.parts() {
        sum += value;
        let end = (sum * scale).round() as usize;
        line.resize(end.max(line.len()), Some(hue));
    }
    // What is there shows, be it ever so little.
    let first = stack.parts().next().map(|(hue, _)| hue);
    line.resize(line.len().max(usize::from(first.is_some())), first);
    line
}

/// A quantity by hour of the week in tenths of the largest: `1` is up to a tenth of it, `9` up to nine tenths, `#` above;
/// a dot is nothing.
///
/// ```
/// use remit_draw::Unit;
/// use remit_draw::term::{Paint, heat};
/// let mut hours = [[0.0; 24]; 7];
/// hours[0][9] = 50.0;
/// hours[0][10] = 100.0;
/// let text = heat(&hours, &Unit::count("tickets"), "Europe/Berlin", Paint::Plain);
/// assert!(text.contains("Mon  · · · · · · · · · 5 # ·"));
/// ```
pub fn heat(hours: &[[f64; 24]; 7], unit: &Unit, zone: &str, paint: Paint) -> String {
    let value = |value: f64| if value.is_finite() { value.max(0.0) } else { 0.0 };
    let most = hours.iter().flatten().copied().map(value).fold(0.0, f64::max);
    let head: Vec<String> = (0..24).step_by(3).map(|hour| format!("{hour:02}    ")).collect();
    let mut lines = vec![format!("     {} {}", head.concat(), clean(zone, 24))];
    for (day, row) in (0u16..).zip(hours) {
        let line: Vec<String> = row.iter().map(|amount| shade(value(*amount), most, paint)).collect();
        lines.push(format!("{}  {}", day_name(day), line.concat()));
    }
    lines.push(format!("     # is more than nine tenths of {}", clean(&unit.phrase(most), 40)));
    text(&lines)
}

fn shade(value: f64, most: f64, paint: Paint) -> String {
    if value <= 0.0 {
        return "· ".to_owned();
    }
    let tenth = (value / most * 10.0).ceil().clamp(1.0, 10.0) as u8;
    let sign = if tenth == 10 { '#' } else { char::from(b'0' + tenth) };
    // Greys 236 to 254 of the 256 colours; dark text from the middle on.
    let ground = Ansi256Color(234 + 2 * tenth);
    let ink = Ansi256Color(if tenth > 5 { 16 } else { 255 });
    let style = Style::new().bg_color(Some(ground.into())).fg_color(Some(ink.into()));
    painted(&format!("{sign} "), style, paint)
}

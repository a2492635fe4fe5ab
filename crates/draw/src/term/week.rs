//! Weeks in letters.

use super::{Paint, cells, clean, column, legend, painted, style, text};
use crate::chart::weeks::{Run, Week, day_name};
use crate::{Hue, Unit};

/// A week as seven lines of 48 half hours, a letter each, then what the letters mean and every hole in words.
///
/// A half hour that several parties share shows the one with most of it, but a minute of nobody always shows.
///
/// ```
/// use remit_draw::{Hue, Week};
/// use remit_draw::term::{Paint, week};
/// let night = Week::new().run(0, 480, Hue::Provider, "Night desk").run(480, 490, Hue::Nobody, "");
/// let text = week(&night, "Europe/Berlin", Paint::Plain);
/// assert!(text.contains("Mon  PPPPPPPPPPPPPPPP!"));
/// assert!(text.contains("! Mon 08:00–08:10, nobody for 10 min"));
/// ```
pub fn week(week: &Week, zone: &str, paint: Paint) -> String {
    let hours: Vec<String> = (0..24).step_by(3).map(|hour| format!("{hour:02}    ")).collect();
    let mut lines = vec![format!("     {}24 {}", hours.concat(), clean(zone, 24))];
    for day in 0..7u16 {
        let halves: Vec<Option<Hue>> =
            (0..48u16).map(|half| who(week.runs(), day * 1440 + half * 30, 30)).collect();
        lines.push(format!("{}  {}", day_name(day), cells(&halves, paint)));
    }
    lines.extend(legend(&week.hues(), 5, paint));
    let mark = painted("!", style(Hue::Nobody), paint);
    let holes = week.runs().iter().filter(|run| run.hue == Hue::Nobody);
    lines.extend(holes.map(|hole| format!("     {mark} {}", clean(&hole_line(hole), 70))));
    text(&lines)
}

/// Several weeks as one line each: a name, then eight letters for each day, one for three hours. Holes follow in words.
///
/// ```
/// use remit_draw::{Hue, Week};
/// use remit_draw::term::{Paint, weeks};
/// let night = Week::new().run(0, 480, Hue::Provider, "");
/// let text = weeks(&[("Backup", &night)], "Europe/Berlin", Paint::Plain);
/// assert!(text.contains("Backup             PPP"));
/// ```
pub fn weeks(rows: &[(&str, &Week)], zone: &str, paint: Paint) -> String {
    const NAME: usize = 18;
    let days: Vec<String> = (0..7u16).map(|day| format!("{:<8}", day_name(day))).collect();
    let mut lines = vec![format!("{} {}", column("", NAME), days.concat())];
    for (name, week) in rows {
        let parts: Vec<Option<Hue>> = (0..56u16).map(|part| who(week.runs(), part * 180, 180)).collect();
        lines.push(format!("{} {}", column(name, NAME), cells(&parts, paint)));
    }
    let mut hues: Vec<Hue> = rows.iter().flat_map(|(_, week)| week.hues()).collect();
    hues.sort_unstable();
    hues.dedup();
    lines.extend(legend(&hues, NAME + 1, paint));
    let (indent, mark) = (" ".repeat(NAME + 1), painted("!", style(Hue::Nobody), paint));
    for (name, week) in rows.iter().filter(|(_, week)| week.minutes(Hue::Nobody) > 0) {
        let long = Unit::minutes().figure(f64::from(week.minutes(Hue::Nobody)));
        lines.push(format!("{indent}{mark} {}", clean(&format!("{long} a week: {name}"), 58)));
    }
    lines.push(format!("{indent}wall time of {}", clean(zone, 46)));
    text(&lines)
}

/// Who has most of the minutes from `from` on; a minute of nobody outweighs all others.
fn who(runs: &[Run], from: u16, minutes: u16) -> Option<Hue> {
    let share = |run: &Run| run.to.min(from + minutes).saturating_sub(run.from.max(from));
    let touching = runs.iter().filter(|run| share(run) > 0);
    touching.max_by_key(|run| (run.hue == Hue::Nobody, share(run))).map(|run| run.hue)
}

fn hole_line(hole: &Run) -> String {
    let long = Unit::minutes().figure(f64::from(hole.to - hole.from));
    let note = if hole.label.is_empty() { String::new() } else { format!(": {}", hole.label) };
    format!("{}, nobody for {long}{note}", hole.hours())
}

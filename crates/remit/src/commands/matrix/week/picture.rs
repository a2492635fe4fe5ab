//! A week on the terminal, as SVG and as a page.

use std::fmt::Write;

use remit_core::Millis;
use remit_draw::term::{self, Paint};
use remit_draw::{Chart, Figure, Hue, Page, Section, Week, WeekGrid, WeekStrip};
use remit_matrix::ask::Lane;

use super::Answer;
use crate::party::mark;
use crate::screen::{BOLD, DIM};
use crate::table::plain;

/// Width of a drawing in CSS pixels.
const WIDTH: f64 = 960.0;

/// The week for a terminal, with escape sequences for colour.
pub fn terminal(answer: &Answer) -> String {
    let mut out = format!("{BOLD}{}{BOLD:#}\n", plain(&answer.title));
    let _ = writeln!(
        out,
        "{DIM}{} · {} · week {} from {}{DIM:#}\n",
        plain(&answer.client),
        answer.zone,
        answer.week,
        answer.monday
    );
    if let [only] = answer.lanes.as_slice() {
        let _ = writeln!(out, "{}", plain(&only.name));
        out.push_str(&term::week(&only.week(), &answer.zone, Paint::Colour));
    } else {
        let weeks: Vec<(&str, Week)> = answer.lanes.iter().map(|l| (l.name.as_str(), l.week())).collect();
        let rows: Vec<(&str, &Week)> = weeks.iter().map(|(name, week)| (*name, week)).collect();
        out.push_str(&term::weeks(&rows, &answer.zone, Paint::Colour));
    }
    if answer.service.is_some() {
        answer.lanes.iter().for_each(|lane| who(&mut out, lane, answer.lanes.len() > 1));
    }
    for note in &answer.notes {
        let _ = writeln!(out, "\n{DIM}note{DIM:#} {note}");
    }
    out
}

/// Teams of a row with their time and their first stretches.
fn who(out: &mut String, lane: &Lane, named: bool) {
    const TEAMS: usize = 8;
    let mut teams: Vec<(Hue, &str, u32, Vec<String>)> = Vec::new();
    for stretch in &lane.stretches {
        let minutes = u32::from(stretch.to_minute - stretch.from_minute);
        match teams.iter_mut().find(|(hue, label, ..)| (*hue, *label) == (stretch.hue(), &*stretch.who.label))
        {
            Some((.., sum, hours)) => {
                *sum += minutes;
                hours.push(stretch.hours.clone());
            }
            None => teams.push((stretch.hue(), &stretch.who.label, minutes, vec![stretch.hours.clone()])),
        }
    }
    teams.sort_by_key(|(.., minutes, _)| std::cmp::Reverse(*minutes));
    out.push('\n');
    if named {
        let _ = writeln!(out, "{}", plain(&lane.name));
    }
    let widest = teams.iter().map(|(_, label, ..)| label.chars().count()).max().unwrap_or(0).min(40);
    for (hue, label, minutes, hours) in teams.iter().take(TEAMS) {
        let long = Millis::from_minutes(i64::from(*minutes)).to_string();
        let first = hours.iter().take(2).cloned().collect::<Vec<_>>().join(", ");
        let more = if hours.len() > 2 { format!(" and {} more", hours.len() - 2) } else { String::new() };
        let label = plain(label);
        let _ = writeln!(out, "  {} {label:<widest$}  {long:>8}  {DIM}{first}{more}{DIM:#}", mark(*hue));
    }
    if teams.len() > TEAMS {
        let _ = writeln!(out, "  {DIM}and {} more{DIM:#}", teams.len() - TEAMS);
    }
}

fn title(answer: &Answer) -> String {
    format!("{}: {}, week {}", answer.client, answer.title, answer.week)
}

fn chart(answer: &Answer) -> Box<dyn Chart> {
    let title = title(answer);
    if let [only] = answer.lanes.as_slice() {
        let strip = WeekStrip::new(&title, &answer.zone, only.week());
        return Box::new(match answer.now {
            Some(now) => strip.now(now),
            None => strip,
        });
    }
    let grid = WeekGrid::new(&title, &answer.zone);
    let grid = answer.lanes.iter().fold(grid, |grid, lane| grid.row(&lane.name, lane.week()));
    Box::new(match answer.now {
        Some(now) => grid.now(now),
        None => grid,
    })
}

/// The week as an SVG file.
pub fn svg(answer: &Answer) -> String {
    chart(answer).document(WIDTH)
}

/// The week as a page of its own.
pub fn html(answer: &Answer) -> String {
    let subtitle = format!("Week {} from {}, wall time of {}", answer.week, answer.monday, answer.zone);
    let mut overview = Section::new("week", "The week").figure(Figure::boxed(chart(answer)));
    for note in &answer.notes {
        overview = overview.note(note.as_str());
    }
    let mut page = Page::new(&format!("{}: {}", answer.client, answer.title))
        .subtitle(subtitle.as_str())
        .section(overview);
    if answer.lanes.len() > 1 && answer.service.is_some() {
        for (n, lane) in answer.lanes.iter().enumerate() {
            let strip =
                WeekStrip::new(&format!("{}: {}", answer.title, lane.name), &answer.zone, lane.week());
            let section = Section::new(&format!("lane-{}", n + 1), format!("Tier {}", lane.name).as_str());
            page = page.section(section.figure(Figure::new(strip)));
        }
    }
    let legend = if answer.service.is_some() {
        "The colour says which party is accountable; the label says which team takes the work at that hour."
    } else {
        "The colour says which party is accountable for most of a branch; where anything in it has no owner, it is a hole."
    };
    page.footnote(legend).render()
}

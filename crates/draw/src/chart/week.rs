//! Who owns the hours of a week: one service as seven days.

use super::Chart;
use super::canvas::{Area, Canvas, LABEL, SMALL};
use super::weeks::{MINUTES_OF_WEEK, Run, Week, day_name};
use crate::markup::El;
use crate::text::width as text_width;
use crate::{Cell, Column, Hue, Svg, Table, Unit};

/// One service through a week: seven rows of 24 hours. Every hole is also written out below.
///
/// ```
/// use remit_draw::{Chart, Hue, Week, WeekStrip};
/// let week = Week::new().run(0, 480, Hue::Provider, "Night desk").run(480, 1080, Hue::Internal, "Service desk");
/// let strip = WeekStrip::new("Backup, failed jobs", "America/Los_Angeles", week).now(9 * 60);
/// assert!(strip.draw("backup", 800.0).as_str().contains("America/Los_Angeles"));
/// ```
#[derive(Debug, Clone)]
pub struct WeekStrip {
    title: String,
    zone: String,
    week: Week,
    now: Option<u16>,
}

impl WeekStrip {
    /// A strip with its title and the name of the zone whose wall time it shows.
    pub fn new(title: &str, zone: &str, week: Week) -> Self {
        Self { title: title.to_owned(), zone: zone.to_owned(), week, now: None }
    }

    /// Marks the present minute of the week (from Monday 00:00).
    #[must_use]
    pub fn now(mut self, minute: u16) -> Self {
        self.now = Some(minute % MINUTES_OF_WEEK);
        self
    }
}

const ROW: f64 = 26.0;
const GAP: f64 = 3.0;
const LEFT: f64 = 40.0;

impl Chart for WeekStrip {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        // Half the last hour's label stands beyond the end of the day.
        let across = width - LEFT - 8.0;
        let x = |minute: u16| LEFT + f64::from(minute) / 1440.0 * across;
        let mut canvas = Canvas::new(id, width, &self.title, &self.about());
        let top = head(&mut canvas, &self.week.hues(), &self.zone, width);
        let every = if across > 480.0 { 3 } else { 6 };
        for hour in (0..=24u16).step_by(every) {
            canvas.text("small quiet mid", x(hour * 60), top - 7.0, &format!("{hour:02}"));
        }
        for day in 0..7u16 {
            let y = top + f64::from(day) * (ROW + GAP);
            canvas.text(if day > 4 { "quiet" } else { "" }, 0.0, y + ROW / 2.0 + 4.0, day_name(day));
            blank(&mut canvas, Area { x: LEFT, y, w: across, h: ROW });
            for run in self.week.day(day) {
                let (from, to) = (x(run.from - day * 1440), x(run.to - day * 1440));
                cell(&mut canvas, &run, Area { x: from, y, w: to - from, h: ROW });
            }
        }
        if let Some(now) = self.now {
            let y = top + f64::from(now / 1440) * (ROW + GAP);
            now_line(&mut canvas, x(now % 1440), y - 2.0, y + ROW + 2.0);
        }
        let foot = top + 7.0 * (ROW + GAP);
        let foot = self.holes(&mut canvas, foot, width - LEFT);
        canvas.finish(foot)
    }

    fn figures(&self) -> Table {
        let table = Table::new(&self.title).column(Column::text("Hours")).column(Column::text("Who"));
        let table = table.column(Column::text("Note")).column(Column::number("Minutes"));
        self.week.runs().iter().fold(table, |table, run| table.row(run_cells(run)))
    }
}

impl WeekStrip {
    fn about(&self) -> String {
        let share = |hue: Hue| {
            format!("{} {}", hue.word(), Unit::minutes().figure(f64::from(self.week.minutes(hue))))
        };
        let shares: Vec<String> = self.week.hues().into_iter().map(share).collect();
        format!("A week in wall time of {}: {}.", self.zone, shares.join(", "))
    }

    /// Writes the holes out below the strip, up to four of them; returns where they end.
    fn holes(&self, canvas: &mut Canvas, foot: f64, room: f64) -> f64 {
        const SHOWN: usize = 4;
        let holes: Vec<&Run> = self.week.runs().iter().filter(|run| run.hue == Hue::Nobody).collect();
        let mut y = foot + 20.0;
        for (n, hole) in holes.iter().take(SHOWN).enumerate() {
            if n == 0 {
                let shape = canvas.soft(Hue::Nobody, Area { x: 0.0, y: y - 10.0, w: 22.0, h: 13.0 });
                canvas.push(shape);
            }
            for line in hole_lines(hole, room) {
                canvas.fitted("n", (LEFT, y), room, &line);
                y += 16.0;
            }
        }
        if holes.len() > SHOWN {
            canvas.text("n", LEFT, y, &format!("and {} more", holes.len() - SHOWN));
            y += 16.0;
        }
        if holes.is_empty() { foot } else { y - 10.0 }
    }
}

/// A hole in words, its label on a line of its own where it does not fit beside the hours.
fn hole_lines(hole: &Run, room: f64) -> Vec<String> {
    let long = Unit::minutes().figure(f64::from(hole.to - hole.from));
    let hours = format!("{}, nobody for {long}", hole.hours());
    if hole.label.is_empty() {
        return vec![hours];
    }
    let line = format!("{hours}: {}", hole.label);
    if text_width(&line, LABEL) <= room { vec![line] } else { vec![hours, hole.label.clone()] }
}

/// Legend on the left, zone on the right (below the legend when there is no room); returns where the rows begin.
pub(super) fn head(canvas: &mut Canvas, hues: &[Hue], zone: &str, width: f64) -> f64 {
    let (end, y) = canvas.legend(hues, (0.0, 12.0));
    let zone = format!("wall time of {zone}");
    let room = text_width(&zone, SMALL);
    if end + room <= width {
        canvas.text("small quiet end", width, y, &zone);
        return y + 32.0;
    }
    canvas.text("small quiet", 0.0, y + 20.0, &crate::text::fit(&zone, width, SMALL));
    y + 52.0
}

/// The ground of a row, seen where no run covers it.
pub(super) fn blank(canvas: &mut Canvas, area: Area) {
    let shape = El::new("rect").class("bare").num("x", area.x).num("y", area.y);
    canvas.push(shape.num("width", area.w).num("height", area.h));
}

/// One run: area, tooltip, and as much of mark and label as fits.
pub(super) fn cell(canvas: &mut Canvas, run: &Run, area: Area) {
    let shape = canvas.soft(run.hue, area).tip(&run.phrase());
    canvas.push(shape);
    let words = match run.hue {
        Hue::Nobody => format!("nobody: {}", run.label),
        Hue::Neutral => run.label.clone(),
        hue => format!("{} {}", hue.mark(), run.label).trim_end().to_owned(),
    };
    match run.hue {
        Hue::Nobody if run.label.is_empty() => canvas.inscribe(run.hue, area, &["nobody"]),
        Hue::Nobody => canvas.inscribe(run.hue, area, &[&words, "nobody"]),
        _ => canvas.inscribe(run.hue, area, &[&words]),
    }
}

pub(super) fn now_line(canvas: &mut Canvas, x: f64, from: f64, to: f64) {
    canvas.line("now", (x, from), (x, to));
    canvas.push(El::new("circle").class("now-dot").num("cx", x).num("cy", from).num("r", 2.5).tip("now"));
}

/// A run as hours, party, note and minutes.
pub(super) fn run_cells(run: &Run) -> [Cell; 4] {
    let minutes = u64::from(run.to - run.from);
    let hours = Cell::text(run.hours()).sorted_by(f64::from(run.from));
    [hours, Cell::who(run.hue, run.hue.word()), Cell::text(run.label.as_str()), Cell::count(minutes)]
}

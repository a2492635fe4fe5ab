//! Who owns the hours of a week: one service as seven days, or many services as one line each.

use super::Chart;
use super::canvas::{Area, Canvas, LABEL, SMALL};
use super::weeks::{MINUTES_OF_WEEK, Run, Week, day_name};
use crate::markup::El;
use crate::text::width as text_width;
use crate::{Cell, Column, Hue, Svg, Table};

/// One service through a week: seven rows of 24 hours.
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

impl Chart for WeekStrip {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        const ROW: f64 = 26.0;
        const GAP: f64 = 3.0;
        let left = 40.0;
        let across = width - left - 14.0;
        let x = |minute: u16| left + f64::from(minute) / 1440.0 * across;
        let mut canvas = Canvas::new(id, width, &self.title, &about(&self.week, &self.zone));
        let top = head(&mut canvas, &self.week.hues(), &self.zone, width);
        let foot = top + 7.0 * (ROW + GAP) - GAP;
        let every = if across > 480.0 { 3 } else { 6 };
        for hour in (0..=24u16).step_by(every) {
            canvas.text("small quiet mid", x(hour * 60), top - 7.0, &format!("{hour:02}"));
            canvas.line("hair", (x(hour * 60), top), (x(hour * 60), foot));
        }
        for day in 0..7u16 {
            let y = top + f64::from(day) * (ROW + GAP);
            canvas.text(if day > 4 { "quiet" } else { "" }, 0.0, y + ROW / 2.0 + 4.0, day_name(day));
            let blank = Area { x: left, y, w: across, h: ROW };
            canvas.push(
                El::new("rect")
                    .class("bare")
                    .num("x", blank.x)
                    .num("y", y)
                    .num("width", across)
                    .num("height", ROW),
            );
            for run in self.week.day(day) {
                let (from, to) = (x(run.from - day * 1440), x(run.to - day * 1440));
                cell(&mut canvas, &run, Area { x: from, y, w: to - from, h: ROW });
            }
        }
        if let Some(now) = self.now {
            let y = top + f64::from(now / 1440) * (ROW + GAP);
            now_line(&mut canvas, x(now % 1440), y - 2.0, y + ROW + 2.0);
        }
        canvas.finish(foot + 4.0)
    }

    fn figures(&self) -> Table {
        let table = Table::new(&self.title).column(Column::text("Hours")).column(Column::text("Who"));
        let table = table.column(Column::text("Note")).column(Column::number("Minutes"));
        self.week.runs().iter().fold(table, |table, run| table.row(run_cells(run)))
    }
}

/// Many services through the same week: one row each, 168 hours wide.
///
/// ```
/// use remit_draw::{Chart, Hue, Week, WeekGrid};
/// let week = Week::new().run(0, 480, Hue::Provider, "");
/// let grid = WeekGrid::new("Who owns the week", "Europe/Berlin").row("Service desk", week.clone()).row("Backup", week);
/// assert!(grid.draw("week", 800.0).as_str().contains("Backup"));
/// ```
#[derive(Debug, Clone)]
pub struct WeekGrid {
    title: String,
    zone: String,
    rows: Vec<(String, Week)>,
    now: Option<u16>,
}

impl WeekGrid {
    /// A grid with its title and the name of the zone whose wall time it shows.
    pub fn new(title: &str, zone: &str) -> Self {
        Self { title: title.to_owned(), zone: zone.to_owned(), rows: Vec::new(), now: None }
    }

    /// Adds a row.
    #[must_use]
    pub fn row(mut self, label: &str, week: Week) -> Self {
        self.rows.push((label.to_owned(), week));
        self
    }

    /// Marks the present minute of the week (from Monday 00:00).
    #[must_use]
    pub fn now(mut self, minute: u16) -> Self {
        self.now = Some(minute % MINUTES_OF_WEEK);
        self
    }
}

impl Chart for WeekGrid {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        const ROW: f64 = 18.0;
        const GAP: f64 = 3.0;
        let longest = self.rows.iter().map(|(label, _)| text_width(label, LABEL)).fold(0.0, f64::max);
        let left = (longest + 12.0).min(width * 0.3);
        let across = width - left - 6.0;
        let x = |minute: u16| left + f64::from(minute) / f64::from(MINUTES_OF_WEEK) * across;
        let whole = self.rows.iter().flat_map(|(_, week)| week.runs().iter().cloned());
        let mut hues: Vec<Hue> = whole.map(|run| run.hue).collect();
        hues.sort_unstable();
        hues.dedup();
        let count = self.rows.len();
        let mut canvas = Canvas::new(
            id,
            width,
            &self.title,
            &format!("{count} rows through one week, wall time of {}.", self.zone),
        );
        let top = head(&mut canvas, &hues, &self.zone, width);
        let foot = top + self.rows.len() as f64 * (ROW + GAP);
        for (n, (label, week)) in self.rows.iter().enumerate() {
            let y = top + n as f64 * (ROW + GAP);
            canvas.fitted("", (0.0, y + ROW / 2.0 + 4.0), left - 8.0, label);
            canvas.push(
                El::new("rect")
                    .class("bare")
                    .num("x", left)
                    .num("y", y)
                    .num("width", across)
                    .num("height", ROW),
            );
            for run in week.runs() {
                cell(&mut canvas, run, Area { x: x(run.from), y, w: x(run.to) - x(run.from), h: ROW });
            }
        }
        for day in 0..=7u16 {
            canvas.line("axis", (x(day * 1440), top - 4.0), (x(day * 1440), foot));
            if day < 7 {
                canvas.text("small quiet mid", x(day * 1440 + 720), top - 7.0, day_name(day));
            }
        }
        if let Some(now) = self.now {
            now_line(&mut canvas, x(now), top - 2.0, foot);
        }
        canvas.finish(foot + 2.0)
    }

    fn figures(&self) -> Table {
        let table = Table::new(&self.title).column(Column::text("Row")).column(Column::text("Hours"));
        let table =
            table.column(Column::text("Who")).column(Column::text("Note")).column(Column::number("Minutes"));
        self.rows.iter().fold(table, |table, (label, week)| {
            week.runs().iter().fold(table, |table, run| {
                let [hours, who, note, minutes] = run_cells(run);
                table.row([Cell::text(label.as_str()), hours, who, note, minutes])
            })
        })
    }
}

/// Legend on the left, zone on the right (below the legend when there is no room); returns where the rows begin.
fn head(canvas: &mut Canvas, hues: &[Hue], zone: &str, width: f64) -> f64 {
    let end = canvas.legend(hues, (0.0, 12.0));
    let zone = format!("wall time of {zone}");
    let room = text_width(&zone, SMALL);
    let y = if end + room > width { 32.0 } else { 12.0 };
    if y > 12.0 {
        canvas.text("small quiet", 0.0, y, &zone);
    } else {
        canvas.text("small quiet end", width, y, &zone);
    }
    y + 32.0
}

/// One run: area, tooltip, and as much of mark and label as fits.
fn cell(canvas: &mut Canvas, run: &Run, area: Area) {
    let shape = canvas.soft(run.hue, area).tip(&run.phrase());
    canvas.push(shape);
    let words = match (run.hue, run.label.as_str()) {
        (Hue::Nobody, "") => "nobody".to_owned(),
        (Hue::Nobody, label) => label.to_owned(),
        (Hue::Neutral, label) => label.to_owned(),
        (hue, "") => hue.mark().to_owned(),
        (hue, label) => format!("{} {label}", hue.mark()),
    };
    let mark = run.hue.mark();
    let shown = [words.as_str(), mark].into_iter().find(|text| text_width(text, SMALL) + 8.0 <= area.w);
    let Some(shown) = shown.filter(|text| !text.is_empty()) else { return };
    let (x, y) = (area.x + area.w / 2.0, area.y + area.h / 2.0 + 4.0);
    if run.hue == Hue::Nobody {
        let w = text_width(shown, SMALL) + 4.0;
        canvas.push(
            El::new("rect")
                .class("plate")
                .num("x", x - w / 2.0)
                .num("y", y - 11.0)
                .num("width", w)
                .num("height", 14.0),
        );
    }
    canvas.text(&format!("small mark mid {}", run.hue.class()), x, y, shown);
}

fn now_line(canvas: &mut Canvas, x: f64, from: f64, to: f64) {
    canvas.line("now", (x, from), (x, to));
    canvas.push(El::new("circle").class("now-dot").num("cx", x).num("cy", from).num("r", 2.5).tip("now"));
}

fn about(week: &Week, zone: &str) -> String {
    let shares: Vec<String> = week
        .hues()
        .into_iter()
        .map(|hue| format!("{} {} of 168 hours", hue.word(), f64::from(week.minutes(hue)) / 60.0))
        .collect();
    format!("A week in wall time of {zone}: {}.", shares.join(", "))
}

fn run_cells(run: &Run) -> [Cell; 4] {
    let minutes = u64::from(run.to - run.from);
    let hours = Cell::text(run.hours()).sorted_by(f64::from(run.from));
    [hours, Cell::who(run.hue, run.hue.word()), Cell::text(run.label.as_str()), Cell::count(minutes)]
}

//! Who owns the hours of a week: many services as one line each.

use super::Chart;
use super::canvas::{Area, Canvas, SMALL, names};
use super::week::{blank, cell, head, now_line, run_cells};
use super::weeks::{MINUTES_OF_WEEK, Week, day_name};
use crate::text::width as text_width;
use crate::{Cell, Column, Hue, Svg, Table, Unit};

/// Many services through the same week: one row each, 168 hours wide. Where a row has holes, their length stands at its
/// end.
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

const ROW: f64 = 18.0;
const GAP: f64 = 3.0;

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

    fn hues(&self) -> Vec<Hue> {
        let mut hues: Vec<Hue> = self.rows.iter().flat_map(|(_, week)| week.hues()).collect();
        hues.sort_unstable();
        hues.dedup();
        hues
    }

    /// The line of now from top to foot, or row by row where names stand between the rows.
    fn now_lines(&self, canvas: &mut Canvas, x: f64, (top, foot): (f64, f64), above: f64) {
        if above == 0.0 {
            now_line(canvas, x, top - 2.0, foot);
            return;
        }
        for n in 0..self.rows.len() {
            let y = top + n as f64 * (above + ROW + GAP) + above;
            canvas.line("now", (x, y - 1.0), (x, y + ROW + 1.0));
        }
    }

    fn about(&self) -> String {
        let holes = self.rows.iter().filter(|(_, week)| week.minutes(Hue::Nobody) > 0).count();
        format!("{} rows through one week, wall time of {}; {holes} with holes.", self.rows.len(), self.zone)
    }
}

/// The length of a week's holes; empty when it has none.
fn hole(week: &Week) -> String {
    let minutes = week.minutes(Hue::Nobody);
    if minutes == 0 { String::new() } else { Unit::minutes().figure(f64::from(minutes)) }
}

impl Chart for WeekGrid {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        let plan = Plan::new(self, width);
        let x = |minute: u16| plan.left + f64::from(minute) / f64::from(MINUTES_OF_WEEK) * plan.across;
        let mut canvas = Canvas::new(id, width, &self.title, &self.about());
        let top = head(&mut canvas, &self.hues(), &self.zone, width);
        let foot = top + self.rows.len() as f64 * (plan.above + ROW + GAP) - GAP;
        for day in 0..7u16 {
            canvas.line(
                "axis",
                (x(day * 1440), top - 16.0),
                (x(day * 1440), if plan.above > 0.0 { top } else { foot }),
            );
            canvas.text("small quiet", x(day * 1440) + 4.0, top - 7.0, day_name(day));
        }
        if plan.right > Plan::BARE {
            canvas.text("small n end", width, top - 7.0, "nobody");
        }
        for (n, (label, week)) in self.rows.iter().enumerate() {
            let y = top + n as f64 * (plan.above + ROW + GAP) + plan.above;
            let (base, room) = if plan.above > 0.0 { (y - 4.0, width) } else { (y + 13.0, plan.left - 8.0) };
            canvas.fitted("", (0.0, base), room, label);
            blank(&mut canvas, Area { x: plan.left, y, w: plan.across, h: ROW });
            for run in week.runs() {
                cell(&mut canvas, run, Area { x: x(run.from), y, w: x(run.to) - x(run.from), h: ROW });
            }
            canvas.text("small n end", width, y + 13.0, &hole(week));
        }
        if let Some(now) = self.now {
            self.now_lines(&mut canvas, x(now), (top, foot), plan.above);
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

/// Where the parts of a grid stand.
struct Plan {
    left: f64,
    across: f64,
    right: f64,
    /// Height of the names when they stand above their rows, else 0.
    above: f64,
}

impl Plan {
    /// Room on the right when there is no hole to name.
    const BARE: f64 = 2.0;

    fn new(grid: &WeekGrid, width: f64) -> Self {
        let holes = grid.rows.iter().map(|(_, week)| hole(week)).filter(|text| !text.is_empty());
        let right = holes.map(|text| text_width(&text, SMALL).max(text_width("nobody", SMALL)) + 8.0);
        let right = right.fold(Self::BARE, f64::max);
        let (left, above) = names(grid.rows.iter().map(|(label, _)| label.as_str()), width, 0.32);
        Self { left, across: width - left - right, right, above }
    }
}

//! Quantities per period.

use jiff::civil::Date;

use super::canvas::{Area, Canvas, SMALL};
use super::time::Days;
use super::{Chart, Stack, hues};
use crate::scale::Scale;
use crate::text::width as text_width;
use crate::{Cell, Column, Hue, Svg, Table, Unit};

/// Upright columns along a calendar, stacked by party.
///
/// ```
/// use jiff::civil::date;
/// use remit_draw::{Chart, Columns, Hue, Unit};
/// let columns = Columns::new("Opened per week", Unit::count("tickets"), 7)
///     .column(date(2016, 3, 7), [(Hue::Provider, 120.0), (Hue::Internal, 300.0)])
///     .column(date(2016, 3, 14), [(Hue::Provider, 90.0), (Hue::Internal, 310.0)]);
/// assert!(columns.draw("opened", 640.0).as_str().contains("Mar 2016"));
/// ```
#[derive(Debug, Clone)]
pub struct Columns {
    title: String,
    unit: Unit,
    period: u32,
    periods: Vec<(Date, Stack)>,
}

impl Columns {
    /// An empty chart whose columns stand for periods of some days (1 day, 7 days, about 30 for months).
    pub fn new(title: &str, unit: Unit, period_days: u32) -> Self {
        Self { title: title.to_owned(), unit, period: period_days.max(1), periods: Vec::new() }
    }

    /// Adds the period that begins on `first`.
    #[must_use]
    pub fn column(mut self, first: Date, stack: impl Into<Stack>) -> Self {
        self.periods.push((first, stack.into()));
        self
    }
}

impl Chart for Columns {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        const HEIGHT: f64 = 150.0;
        let most = self.periods.iter().map(|(_, stack)| stack.total()).fold(0.0, f64::max);
        let scale = Scale::new(0.0, most, HEIGHT, 3, &self.unit);
        let about = format!(
            "{} columns of {}; the highest is {}.",
            self.periods.len(),
            self.unit.noun(),
            self.unit.phrase(most)
        );
        let mut canvas = Canvas::new(id, width, &self.title, &about);
        let hues = hues(self.periods.iter().map(|(_, stack)| stack));
        let top = canvas.heading(&hues) + 10.0;
        let left = value_axis(&mut canvas, &scale, &self.unit, (top + HEIGHT, width));
        let days = Days::new(self.periods.iter().map(|(date, _)| *date), self.period, (left, width - left));
        let wide = (days.long(self.period) - 1.0).max(1.0);
        for (date, stack) in &self.periods {
            let mut y = top + HEIGHT;
            for (hue, value) in stack.parts() {
                let h = scale.at(value).max(0.5);
                y -= h;
                let who = if hue == Hue::Neutral { String::new() } else { format!("{} ", hue.word()) };
                let tip = format!("{date}: {who}{}", self.unit.phrase(value));
                let shape = canvas.full(hue, Area { x: days.at(*date), y, w: wide, h }).tip(&tip);
                canvas.push(shape);
            }
        }
        canvas.line("axis", (left, top + HEIGHT), (width, top + HEIGHT));
        days.label(&mut canvas, top + HEIGHT);
        canvas.finish(top + HEIGHT + 20.0)
    }

    fn figures(&self) -> Table {
        let hues = hues(self.periods.iter().map(|(_, stack)| stack));
        let parted = hues.len() > 1;
        let table = Table::new(&self.title).column(Column::text("From"));
        let table =
            hues.iter().filter(|_| parted).fold(table, |table, hue| table.column(Column::number(hue.word())));
        let table = table.column(Column::number("Total"));
        self.periods.iter().fold(table, |table, (date, stack)| {
            let parts = hues.iter().filter(|_| parted).map(|hue| Cell::figure(&self.unit, stack.of(*hue)));
            let total = Cell::figure(&self.unit, stack.total());
            table.row(std::iter::once(Cell::text(date.to_string())).chain(parts).chain([total]))
        })
    }
}

/// Hairlines and figures of an upright axis whose zero is at `foot`; returns where the plot begins.
pub(super) fn value_axis(canvas: &mut Canvas, scale: &Scale, unit: &Unit, (foot, width): (f64, f64)) -> f64 {
    let ticks = scale.ticks();
    let left = ticks.iter().map(|tick| text_width(&unit.tick(*tick), SMALL)).fold(0.0, f64::max) + 8.0;
    for tick in ticks {
        let y = foot - scale.at(tick);
        canvas.text("small quiet end", left - 8.0, y + 4.0, &unit.tick(tick));
        canvas.line("hair", (left, y), (width, y));
    }
    left
}

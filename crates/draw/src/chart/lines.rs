//! Quantities that go on through time.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::Chart;
use super::canvas::{Canvas, SMALL};
use super::columns::value_axis;
use super::time::Days;
use crate::markup::{El, Number};
use crate::scale::Scale;
use crate::text::width as text_width;
use crate::{Cell, Column, Hue, Svg, Table, Unit};

/// Lines along a calendar, each named at its end instead of in a legend.
///
/// ```
/// use jiff::civil::date;
/// use remit_draw::{Chart, Hue, Lines, Unit};
/// let points = [(date(2016, 3, 1), 412.0), (date(2016, 4, 1), 380.0)];
/// let lines = Lines::new("Open at month's end", Unit::count("tickets")).line("provider", Hue::Provider, points);
/// assert!(lines.draw("open", 640.0).as_str().contains("provider 380"));
/// ```
#[derive(Debug, Clone)]
pub struct Lines {
    title: String,
    unit: Unit,
    series: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    label: String,
    hue: Hue,
    points: Vec<(Date, f64)>,
}

impl Lines {
    /// An empty chart.
    pub fn new(title: &str, unit: Unit) -> Self {
        Self { title: title.to_owned(), unit, series: Vec::new() }
    }

    /// Adds a line through points in order of date. A value that is not a number breaks the line.
    #[must_use]
    pub fn line(mut self, label: &str, hue: Hue, points: impl IntoIterator<Item = (Date, f64)>) -> Self {
        let points = points.into_iter().collect();
        self.series.push(Line { label: label.to_owned(), hue, points });
        self
    }

    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.series
            .iter()
            .flat_map(|line| line.points.iter().map(|(_, value)| *value))
            .filter(|value| value.is_finite())
    }
}

impl Chart for Lines {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        const HEIGHT: f64 = 150.0;
        const TOP: f64 = 14.0;
        let (low, high) = self
            .values()
            .fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
        let scale = Scale::new(low, high, HEIGHT, 3, &self.unit);
        let about =
            format!("{} lines of {}, up to {}.", self.series.len(), self.unit.noun(), self.unit.phrase(high));
        let mut canvas = Canvas::new(id, width, &self.title, &about);
        let labels: Vec<String> = self.series.iter().map(|line| self.end_label(line)).collect();
        let right =
            labels.iter().map(|label| text_width(label, SMALL) + 10.0).fold(0.0, f64::max).min(width * 0.35);
        let left = value_axis(&mut canvas, &scale, &self.unit, (TOP + HEIGHT, width - right));
        let dates = self.series.iter().flat_map(|line| line.points.iter().map(|(date, _)| *date));
        let days = Days::new(dates, 0, (left, width - left - right));
        let height = |value: f64| TOP + HEIGHT - scale.at(value);
        for line in &self.series {
            let dash = if matches!(line.hue, Hue::Vendor(n) if n > 0) { " dashed" } else { "" };
            let path = path(&line.points, &days, &height);
            let class = format!("line{dash} {}", line.hue.class());
            canvas.push(El::new("path").class(&class).attr("d", path).tip(&line.label));
        }
        let ends =
            self.series.iter().map(|line| line.points.iter().rev().find(|(_, value)| value.is_finite()));
        let wanted: Vec<f64> = ends.map(|end| end.map_or(TOP, |(_, value)| height(*value) + 4.0)).collect();
        for ((line, label), y) in
            self.series.iter().zip(&labels).zip(spread(&wanted, 14.0, (TOP, TOP + HEIGHT + 4.0)))
        {
            let label = crate::text::fit(label, right - 6.0, SMALL);
            canvas.text(&format!("small {}", line.hue.class()), width - right + 6.0, y, &label);
        }
        canvas.line("axis", (left, height(0.0)), (width - right, height(0.0)));
        days.label(&mut canvas, TOP + HEIGHT);
        canvas.finish(TOP + HEIGHT + 20.0)
    }

    fn figures(&self) -> Table {
        let table = Table::new(&self.title).column(Column::text("Date"));
        let table = self.series.iter().fold(table, |table, line| table.column(Column::number(&line.label)));
        let mut dates: Vec<Date> =
            self.series.iter().flat_map(|line| line.points.iter().map(|(date, _)| *date)).collect();
        dates.sort_unstable();
        dates.dedup();
        dates.into_iter().fold(table, |table, date| {
            let of = |line: &Line| {
                line.points.iter().find(|(at, _)| *at == date).map_or(f64::NAN, |(_, value)| *value)
            };
            let figures = self.series.iter().map(|line| Cell::figure(&self.unit, of(line)));
            table.row(std::iter::once(Cell::text(date.to_string())).chain(figures))
        })
    }
}

impl Lines {
    fn end_label(&self, line: &Line) -> String {
        let last = line.points.iter().rev().find(|(_, value)| value.is_finite());
        let mark = if line.hue == Hue::Neutral { String::new() } else { format!("{} ", line.hue.mark()) };
        last.map_or_else(String::new, |(_, value)| {
            format!("{mark}{} {}", line.label, self.unit.figure(*value))
        })
    }
}

fn path(points: &[(Date, f64)], days: &Days, height: &impl Fn(f64) -> f64) -> String {
    let mut pen = "M";
    let mut out = String::new();
    for (date, value) in points {
        if !value.is_finite() {
            pen = "M";
            continue;
        }
        let (x, y) = (Number(days.at(*date)), Number(height(*value)));
        write!(out, "{pen}{x} {y}").expect("writing to a string does not fail");
        pen = "L";
    }
    out
}

/// Moves positions apart until they are `least` from each other, within bounds as far as they reach; order is kept.
pub(super) fn spread(wanted: &[f64], least: f64, (top, foot): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    let mut placed = wanted.to_vec();
    let mut floor = top;
    for at in &order {
        placed[*at] = placed[*at].max(floor);
        floor = placed[*at] + least;
    }
    let mut ceiling = foot;
    for at in order.iter().rev() {
        placed[*at] = placed[*at].min(ceiling);
        ceiling = placed[*at] - least;
    }
    placed
}

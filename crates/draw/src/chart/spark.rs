//! A trend the size of a word.

use super::Chart;
use super::canvas::Canvas;
use crate::markup::{El, Number};
use crate::{Cell, Column, Svg, Table, Unit};

/// A small line without axes, its last value marked, for table cells and key figures.
///
/// ```
/// use remit_draw::{Chart, Sparkline, Unit};
/// let spark = Sparkline::new("Backlog by month", Unit::count("tickets"), [41.0, 38.0, 52.0, 47.0]);
/// assert_eq!(spark.draw("backlog", 80.0).size().1, 20.0);
/// ```
#[derive(Debug, Clone)]
pub struct Sparkline {
    title: String,
    unit: Unit,
    values: Vec<f64>,
}

impl Sparkline {
    /// A trend of equally spaced values; what is not a number is left out.
    pub fn new(title: &str, unit: Unit, values: impl IntoIterator<Item = f64>) -> Self {
        Self {
            title: title.to_owned(),
            unit,
            values: values.into_iter().filter(|value| value.is_finite()).collect(),
        }
    }
}

impl Chart for Sparkline {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        const HEIGHT: f64 = 20.0;
        const EDGE: f64 = 3.0;
        let (first, last) = (self.values.first().copied(), self.values.last().copied());
        let (Some(first), Some(last)) = (first, last) else {
            return Canvas::new(id, width, &self.title, "No values.").finish(HEIGHT);
        };
        let about = format!("From {} to {}.", self.unit.phrase(first), self.unit.phrase(last));
        let mut canvas = Canvas::new(id, width, &self.title, &about);
        let low = self.values.iter().copied().fold(f64::MAX, f64::min);
        let high = self.values.iter().copied().fold(f64::MIN, f64::max);
        let reach = if high > low { high - low } else { 1.0 };
        let steps = (self.values.len().max(2) - 1) as f64;
        let x = |n: usize| EDGE + n as f64 / steps * (width - 2.0 * EDGE);
        let y = |value: f64| HEIGHT - EDGE - (value - low) / reach * (HEIGHT - 2.0 * EDGE);
        let points = self.values.iter().enumerate();
        let points: Vec<String> =
            points.map(|(n, value)| format!("{} {}", Number(x(n)), Number(y(*value)))).collect();
        canvas.push(El::new("path").class("line z thin").attr("d", format!("M{}", points.join("L"))));
        let at = x(self.values.len() - 1);
        canvas.push(El::new("circle").class("now-dot").num("cx", at).num("cy", y(last)).num("r", 2.0));
        canvas.finish(HEIGHT)
    }

    fn figures(&self) -> Table {
        let table = Table::new(&self.title).column(Column::number("Step")).column(Column::number("Value"));
        self.values
            .iter()
            .zip(1u64..)
            .fold(table, |table, (value, n)| table.row([Cell::count(n), Cell::figure(&self.unit, *value)]))
    }
}

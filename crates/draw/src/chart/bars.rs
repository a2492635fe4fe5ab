//! Horizontal bars, one per name.

use super::canvas::{Area, Canvas, LABEL, names};
use super::{Chart, Stack, hues, who};
use crate::text::width as text_width;
use crate::{Cell, Column, Hue, Svg, Table, Unit};

/// Horizontal bars, stacked by party, with the total beside each.
///
/// ```
/// use remit_draw::{Bars, Chart, Hue, Unit};
/// let bars = Bars::new("Held by", Unit::count("tickets"))
///     .bar("Service desk", [(Hue::Internal, 310.0), (Hue::Provider, 95.0)])
///     .bar("All others", 17.0);
/// assert!(bars.draw("held", 640.0).as_str().contains("405"));
/// ```
#[derive(Debug, Clone)]
pub struct Bars {
    title: String,
    unit: Unit,
    rows: Vec<(String, Stack)>,
}

const ROW: f64 = 22.0;

impl Bars {
    /// An empty chart.
    pub fn new(title: &str, unit: Unit) -> Self {
        Self { title: title.to_owned(), unit, rows: Vec::new() }
    }

    /// Adds a bar below those already there.
    #[must_use]
    pub fn bar(mut self, label: &str, stack: impl Into<Stack>) -> Self {
        self.rows.push((label.to_owned(), stack.into()));
        self
    }
}

impl Chart for Bars {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        let totals = self.rows.iter().map(|(_, stack)| stack.total());
        let most = totals.clone().fold(0.0, f64::max);
        let right = totals.map(|total| text_width(&self.unit.figure(total), LABEL)).fold(0.0, f64::max) + 8.0;
        let (left, above) = names(self.rows.iter().map(|(label, _)| label.as_str()), width, 0.42);
        let about = format!(
            "{} bars of {}; the longest is {}.",
            self.rows.len(),
            self.unit.noun(),
            self.unit.phrase(most)
        );
        let mut canvas = Canvas::new(id, width, &self.title, &about);
        let top = canvas.heading(&hues(self.rows.iter().map(|(_, stack)| stack)));
        // Every bar carries its figure, so the axis needs no ticks and the longest bar takes all the room.
        let scale = if most > 0.0 { (width - left - right) / most } else { 0.0 };
        for (n, (label, stack)) in self.rows.iter().enumerate() {
            let y = top + n as f64 * (above + ROW) + above;
            let (base, room) = if above > 0.0 { (y - 2.0, width) } else { (y + 15.0, left - 10.0) };
            canvas.fitted("", (0.0, base), room, label);
            let tip = |hue: Hue, value: f64| format!("{label}: {}{}", who(hue), self.unit.phrase(value));
            let end = canvas.stack(stack, Area { x: left, y: y + 4.0, w: scale, h: 14.0 }, tip);
            canvas.text("", end + 6.0, y + 15.0, &self.unit.figure(stack.total()));
        }
        canvas.finish(top + self.rows.len() as f64 * (above + ROW))
    }

    fn figures(&self) -> Table {
        let hues = hues(self.rows.iter().map(|(_, stack)| stack));
        let table = Table::new(&self.title).column(Column::text("Name"));
        let parted = hues.len() > 1;
        let table = if parted {
            hues.iter().fold(table, |table, hue| table.column(Column::number(hue.word())))
        } else {
            table
        };
        let table = table.column(Column::number("Total"));
        self.rows.iter().fold(table, |table, (label, stack)| {
            let parts = hues.iter().filter(|_| parted).map(|hue| Cell::figure(&self.unit, stack.of(*hue)));
            let total = Cell::figure(&self.unit, stack.total());
            table.row(std::iter::once(Cell::text(label.as_str())).chain(parts).chain([total]))
        })
    }
}

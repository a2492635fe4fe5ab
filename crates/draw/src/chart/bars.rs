//! Horizontal bars, one per name.

use super::canvas::{Area, Canvas, LABEL, SMALL};
use super::{Chart, Stack, hues};
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
    bars: Vec<(String, Stack)>,
}

impl Bars {
    /// An empty chart.
    pub fn new(title: &str, unit: Unit) -> Self {
        Self { title: title.to_owned(), unit, bars: Vec::new() }
    }

    /// Adds a bar below those already there.
    #[must_use]
    pub fn bar(mut self, label: &str, stack: impl Into<Stack>) -> Self {
        self.bars.push((label.to_owned(), stack.into()));
        self
    }
}

impl Chart for Bars {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        const ROW: f64 = 22.0;
        const BAR: f64 = 14.0;
        let longest = self.bars.iter().map(|(label, _)| text_width(label, LABEL)).fold(0.0, f64::max);
        let figures = self.bars.iter().map(|(_, stack)| text_width(&self.unit.figure(stack.total()), LABEL));
        let right = figures.fold(0.0, f64::max) + 8.0;
        let left = (longest + 12.0).min(width * 0.42);
        let most = self.bars.iter().map(|(_, stack)| stack.total()).fold(0.0, f64::max);
        // Bars carry their figures, so the axis needs no ticks and the longest bar takes all the room.
        let long = |value: f64| if most > 0.0 { value / most * (width - left - right) } else { 0.0 };
        let about = format!(
            "{} bars of {}; the longest is {}.",
            self.bars.len(),
            self.unit.noun(),
            self.unit.phrase(most)
        );
        let mut canvas = Canvas::new(id, width, &self.title, &about);
        let hues = hues(self.bars.iter().map(|(_, stack)| stack));
        let top = canvas.heading(&hues);
        for (n, (label, stack)) in self.bars.iter().enumerate() {
            let y = top + n as f64 * ROW;
            canvas.fitted("", (0.0, y + 15.0), left - 10.0, label);
            let mut x = left;
            for (hue, value) in stack.parts() {
                let w = long(value).max(0.75);
                let tip = format!("{label}: {} {}", hue.word(), self.unit.phrase(value));
                let shape = canvas.full(hue, Area { x, y: y + (ROW - BAR) / 2.0, w, h: BAR }).tip(&tip);
                canvas.push(shape);
                if w > text_width(hue.mark(), SMALL) + 8.0 && hue != Hue::Neutral && hue != Hue::Nobody {
                    canvas.text(
                        &format!("small mark mid on {}", hue.class()),
                        x + w / 2.0,
                        y + 15.0,
                        hue.mark(),
                    );
                }
                x += w;
            }
            canvas.text("", x + 6.0, y + 15.0, &self.unit.figure(stack.total()));
        }
        canvas.finish(top + self.bars.len() as f64 * ROW)
    }

    fn figures(&self) -> Table {
        let hues = hues(self.bars.iter().map(|(_, stack)| stack));
        let table = Table::new(&self.title).column(Column::text("Name"));
        let parted = hues.len() > 1;
        let table = if parted {
            hues.iter().fold(table, |table, hue| table.column(Column::number(hue.word())))
        } else {
            table
        };
        let table = table.column(Column::number("Total"));
        self.bars.iter().fold(table, |table, (label, stack)| {
            let parts = hues.iter().filter(|_| parted).map(|hue| Cell::figure(&self.unit, stack.of(*hue)));
            let total = Cell::figure(&self.unit, stack.total());
            table.row(std::iter::once(Cell::text(label.as_str())).chain(parts).chain([total]))
        })
    }
}

//! Two scenarios side by side.

use super::canvas::{Area, Canvas, LABEL, SMALL};
use super::{Chart, Stack, hues, who};
use crate::text::{fit, width as text_width};
use crate::{Cell, Column, Hue, Svg, Table, Unit};

/// Two bars per name on one scale, before (thin) above after (full), and the difference in figures.
///
/// ```
/// use remit_draw::{Chart, Hue, PairBars, Unit};
/// let pairs = PairBars::new("Who would have owned them", Unit::count("tickets"), ("fully managed", "co-managed"))
///     .pair("Tier 1", [(Hue::Provider, 900.0)], [(Hue::Internal, 700.0), (Hue::Provider, 200.0)])
///     .pair("Hand-offs", 1200.0, 900.0);
/// assert!(pairs.draw("owned", 800.0).as_str().contains("−300 (−25%)"));
/// ```
#[derive(Debug, Clone)]
pub struct PairBars {
    title: String,
    unit: Unit,
    names: (String, String),
    pairs: Vec<(String, Stack, Stack)>,
}

/// Height of a pair: its name, two bars and the space below.
const ROW: f64 = 66.0;

impl PairBars {
    /// An empty chart; `names` says what the first and the second bar of each pair stand for.
    pub fn new(title: &str, unit: Unit, names: (&str, &str)) -> Self {
        let names = (names.0.to_owned(), names.1.to_owned());
        Self { title: title.to_owned(), unit, names, pairs: Vec::new() }
    }

    /// Adds a pair below those already there.
    #[must_use]
    pub fn pair(mut self, label: &str, before: impl Into<Stack>, after: impl Into<Stack>) -> Self {
        self.pairs.push((label.to_owned(), before.into(), after.into()));
        self
    }

    fn stacks(&self) -> impl Iterator<Item = &Stack> {
        self.pairs.iter().flat_map(|(_, before, after)| [before, after])
    }
}

impl PairBars {
    /// The difference of the totals, or where they are equal the way from party to party.
    fn change(&self, before: &Stack, after: &Stack) -> String {
        let (was, is) = (self.unit.figure(before.total()), self.unit.figure(after.total()));
        let hues = hues([before, after]);
        let by_party = hues.iter().filter_map(|hue| {
            let by = after.of(*hue) - before.of(*hue);
            let sign = if by < 0.0 { "−" } else { "+" };
            (by != 0.0).then(|| format!("{} {sign}{}", hue.mark(), self.unit.figure(by.abs())))
        });
        let by_party: Vec<String> = by_party.collect();
        // What is equal as written is equal to the reader.
        if was == is && !by_party.is_empty() {
            return by_party.join(", ");
        }
        self.unit.difference(before.total(), after.total())
    }
}

impl Chart for PairBars {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        let most = self.stacks().map(Stack::total).fold(0.0, f64::max);
        let names = [&self.names.0, &self.names.1];
        let left =
            names.iter().map(|name| text_width(name, SMALL)).fold(0.0, f64::max).min(width * 0.3) + 10.0;
        let figures = self.stacks().map(|stack| text_width(&self.unit.figure(stack.total()), LABEL));
        let room = width - left - figures.fold(0.0, f64::max) - 8.0;
        let scale = if most > 0.0 { room / most } else { 0.0 };
        let (count, noun) = (self.pairs.len(), self.unit.noun());
        let about = format!("{count} pairs of {noun}: {}, then {}.", names[0], names[1]);
        let mut canvas = Canvas::new(id, width, &self.title, &about);
        let top = canvas.heading(&hues(self.stacks()));
        for (n, (label, before, after)) in self.pairs.iter().enumerate() {
            let y = top + n as f64 * ROW;
            let change = self.change(before, after);
            canvas.fitted("bold", (0.0, y + 13.0), width - text_width(&change, LABEL) - 16.0, label);
            canvas.text("end", width, y + 13.0, &change);
            for (name, stack, y) in [(names[0], before, y + 20.0), (names[1], after, y + 38.0)] {
                canvas.text("small quiet", 0.0, y + 11.0, &fit(name, left - 10.0, SMALL));
                let tip = |hue: Hue, value: f64| {
                    format!("{label}, {name}: {}{}", who(hue), self.unit.phrase(value))
                };
                let end = canvas.stack(stack, Area { x: left, y, w: scale, h: 14.0 }, tip);
                canvas.text("", end + 6.0, y + 11.5, &self.unit.figure(stack.total()));
            }
        }
        canvas.finish(top + self.pairs.len() as f64 * ROW)
    }

    fn figures(&self) -> Table {
        let table =
            Table::new(&self.title).column(Column::text("Name")).column(Column::number(&self.names.0));
        let table = table.column(Column::number(&self.names.1)).column(Column::number("Difference"));
        self.pairs.iter().fold(table, |table, (label, before, after)| {
            let (before, after) = (before.total(), after.total());
            let change = Cell::text(self.unit.difference(before, after)).sorted_by(after - before);
            let figures = [Cell::figure(&self.unit, before), Cell::figure(&self.unit, after), change];
            table.row(std::iter::once(Cell::text(label.as_str())).chain(figures))
        })
    }
}

//! Who hands to whom.

use super::Chart;
use super::canvas::{Area, Canvas, LABEL};
use crate::markup::{El, Number};
use crate::text::{fit, width as text_width};
use crate::{Cell, Column, Hue, Svg, Table, Unit};

/// One end of a flow: a name and the party it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    name: String,
    hue: Hue,
}

impl Place {
    /// A place of a party.
    pub fn new(hue: Hue, name: &str) -> Self {
        Self { name: name.to_owned(), hue }
    }
}

impl From<&str> for Place {
    fn from(name: &str) -> Self {
        Self::new(Hue::Neutral, name)
    }
}

/// Givers on the left, takers on the right, ribbons as wide as what flows between them.
///
/// ```
/// use remit_draw::{Chart, Flow, Hue, Place, Unit};
/// let flow = Flow::new("Hand-offs", Unit::count("hand-offs"))
///     .pair(Place::new(Hue::Internal, "Service desk"), Place::new(Hue::Provider, "Network"), 412.0)
///     .pair("G70", "G24", 96.0);
/// assert!(flow.draw("hand-offs", 800.0).as_str().contains("Service desk → Network: 412 hand-offs"));
/// ```
#[derive(Debug, Clone)]
pub struct Flow {
    title: String,
    unit: Unit,
    pairs: Vec<(Place, Place, f64)>,
}

impl Flow {
    /// An empty flow.
    pub fn new(title: &str, unit: Unit) -> Self {
        Self { title: title.to_owned(), unit, pairs: Vec::new() }
    }

    /// Adds what goes from one place to another; nothing is drawn for what is not above zero. Up to about 16 pairs stay
    /// readable.
    #[must_use]
    pub fn pair(mut self, from: impl Into<Place>, to: impl Into<Place>, value: f64) -> Self {
        if value.is_finite() && value > 0.0 {
            self.pairs.push((from.into(), to.into(), value));
        }
        self
    }
}

/// Width of the marks at both sides.
const NODE: f64 = 8.0;
/// Below this width a place's total stands under its name.
const NARROW: f64 = 480.0;

/// A place on one side with its total and its stretch of the edge.
struct End<'a> {
    place: &'a Place,
    total: f64,
    y: f64,
    h: f64,
    used: f64,
}

impl Chart for Flow {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, id: &str, width: f64) -> Svg {
        let sum: f64 = self.pairs.iter().map(|(.., value)| value).sum();
        let about = format!("{} pairs, {} in all.", self.pairs.len(), self.unit.phrase(sum));
        let mut canvas = Canvas::new(id, width, &self.title, &about);
        let row = if width < NARROW { 32.0 } else { 20.0 };
        let (mut givers, mut takers) = (self.side(|(from, ..)| from), self.side(|(_, to, _)| to));
        let rows = givers.len().max(takers.len()) as f64;
        let scale = (rows * 18.0).clamp(40.0, 240.0) / sum.max(f64::MIN_POSITIVE);
        let foot = balance(&mut givers, &mut takers, (scale, row));
        let room = width * if width < NARROW { 0.35 } else { 0.3 };
        let (left, right) = (room, width - room);
        for (from, to, value) in self.ordered() {
            let (a, b) = (take(&mut givers, from, value * scale), take(&mut takers, to, value * scale));
            let tip = format!("{} → {}: {}", from.name, to.name, self.unit.phrase(value));
            let d = ribbon((left + NODE, a), (right - NODE, b), value * scale);
            let class = format!("ribbon fill {}", from.hue.class());
            canvas.push(El::new("path").class(&class).attr("d", d).tip(&tip));
        }
        for end in &givers {
            let shape = canvas.full(end.place.hue, Area { x: left, y: end.y, w: NODE, h: end.h });
            canvas.push(shape);
            self.label(&mut canvas, end, (left - 8.0, "end"), (room - 8.0, width));
        }
        for end in &takers {
            let shape = canvas.full(end.place.hue, Area { x: right - NODE, y: end.y, w: NODE, h: end.h });
            canvas.push(shape);
            self.label(&mut canvas, end, (right + 8.0, ""), (room - 8.0, width));
        }
        canvas.finish(foot)
    }

    fn figures(&self) -> Table {
        let table = Table::new(&self.title).column(Column::text("From")).column(Column::text("To"));
        let table = table.column(Column::number(self.unit.noun()));
        self.pairs.iter().fold(table, |table, (from, to, value)| {
            table.row([from.cell(), to.cell(), Cell::figure(&self.unit, *value)])
        })
    }
}

impl Flow {
    /// The name of a place with its total beside it, or below it where there is little room.
    fn label(&self, canvas: &mut Canvas, end: &End<'_>, (x, class): (f64, &str), (room, width): (f64, f64)) {
        let figure = self.unit.figure(end.total);
        let mark =
            if end.place.hue == Hue::Neutral { String::new() } else { format!("{} ", end.place.hue.mark()) };
        let name = format!("{mark}{}", end.place.name);
        let tip = format!("{}: {}", end.place.name, self.unit.phrase(end.total));
        let middle = end.y + end.h / 2.0;
        let mut write = |class: &str, y: f64, text: &str| {
            let element = El::new("text").class(class).num("x", x).num("y", y);
            canvas.push(element.text(text).tip(&tip));
        };
        if width < NARROW {
            write(class, middle - 2.0, &fit(&name, room, LABEL));
            write(&format!("small quiet {class}"), middle + 11.0, &figure);
            return;
        }
        let name = fit(&name, room - text_width(&figure, LABEL) - 8.0, LABEL);
        write(
            class,
            middle + 4.0,
            &if class == "end" { format!("{name} {figure}") } else { format!("{figure} {name}") },
        );
    }

    /// The places of one side, largest first, names breaking ties.
    fn side<'a>(&'a self, of: impl Fn(&'a (Place, Place, f64)) -> &'a Place) -> Vec<End<'a>> {
        let mut ends: Vec<End<'a>> = Vec::new();
        for pair in &self.pairs {
            let place = of(pair);
            match ends.iter_mut().find(|end| end.place == place) {
                Some(end) => end.total += pair.2,
                None => ends.push(End { place, total: pair.2, y: 0.0, h: 0.0, used: 0.0 }),
            }
        }
        ends.sort_by(|a, b| b.total.total_cmp(&a.total).then_with(|| a.place.cmp(b.place)));
        ends
    }

    /// The pairs, largest first, so that thin ribbons lie over broad ones.
    fn ordered(&self) -> Vec<(&Place, &Place, f64)> {
        let mut pairs: Vec<_> = self.pairs.iter().map(|(from, to, value)| (from, to, *value)).collect();
        pairs.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| (a.0, a.1).cmp(&(b.0, b.1))));
        pairs
    }
}

impl Place {
    fn cell(&self) -> Cell {
        if self.hue == Hue::Neutral {
            Cell::text(self.name.as_str())
        } else {
            Cell::who(self.hue, self.name.as_str())
        }
    }
}

/// Stacks both sides and centres the shorter one; returns where the longer one ends.
fn balance<'a>(givers: &mut [End<'a>], takers: &mut [End<'a>], fit: (f64, f64)) -> f64 {
    let (a, b) = (place(givers, fit), place(takers, fit));
    let shorter = if a < b { givers } else { takers };
    for end in shorter {
        end.y += (a - b).abs() / 2.0;
    }
    a.max(b)
}

/// Stacks the ends of one side with room for a label each; returns where they end.
fn place(ends: &mut [End<'_>], (scale, least): (f64, f64)) -> f64 {
    let mut y = 4.0;
    for end in ends {
        end.h = (end.total * scale).max(1.0);
        let row = end.h.max(least - 4.0);
        end.y = y + (row - end.h) / 2.0;
        y += row + 4.0;
    }
    y
}

/// Takes the next `h` pixels of a place's edge.
fn take(ends: &mut [End<'_>], place: &Place, h: f64) -> f64 {
    let end = ends.iter_mut().find(|end| end.place == place).expect("every place of a pair is on its side");
    let y = end.y + end.used;
    end.used += h;
    y
}

fn ribbon(from: (f64, f64), to: (f64, f64), h: f64) -> String {
    let h = h.max(0.75);
    let middle = f64::midpoint(from.0, to.0);
    let n = Number;
    format!(
        "M{} {}C{} {} {} {} {} {}V{}C{} {} {} {} {} {}Z",
        n(from.0),
        n(from.1),
        n(middle),
        n(from.1),
        n(middle),
        n(to.1),
        n(to.0),
        n(to.1),
        n(to.1 + h),
        n(middle),
        n(to.1 + h),
        n(middle),
        n(from.1 + h),
        n(from.0),
        n(from.1 + h)
    )
}

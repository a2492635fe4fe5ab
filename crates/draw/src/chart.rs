//! Charts as inline SVG.

pub mod bars;
pub(crate) mod canvas;
pub mod columns;
pub mod flow;
pub mod grid;
pub mod heat;
pub mod lines;
pub mod pairs;
pub mod spark;
mod time;
pub mod timeline;
pub mod week;
pub mod weeks;

use crate::markup::El;
use crate::tokens::{Theme, chart_css};
use crate::{Hue, Svg, Table};

/// A drawing that can be made at any width.
///
/// ```
/// use remit_draw::{Bars, Chart, Hue, Unit};
/// let bars = Bars::new("By team", Unit::count("tickets")).bar("Network", [(Hue::Provider, 42.0)]);
/// assert!(bars.draw("by-team", 640.0).as_str().contains("role=\"img\""));
/// assert!(bars.document(640.0).starts_with("<svg xmlns="));
/// ```
pub trait Chart: std::fmt::Debug {
    /// What the chart shows, in one line: its accessible name and its caption.
    fn title(&self) -> &str;

    /// The drawing at a width in CSS pixels (from 240 up). `id` starts every id inside, so that several drawings can
    /// share a page; letters, digits and hyphens.
    fn draw(&self, id: &str, width: f64) -> Svg;

    /// The same figures as a table, for readers who cannot see the drawing or want the numbers.
    fn figures(&self) -> Table;

    /// The drawing as an SVG file of its own: title on top, colours written out for light and dark.
    fn document(&self, width: f64) -> String {
        const MARGIN: f64 = 16.0;
        const HEAD: f64 = 30.0;
        let svg = self.draw("chart", width);
        let (width, height) = (svg.width + 2.0 * MARGIN, svg.height + 2.0 * MARGIN + HEAD);
        let css = format!(
            "{}@media (prefers-color-scheme: dark) {{\n{}}}\n",
            chart_css(Theme::Light),
            chart_css(Theme::Dark)
        );
        let body = El::new("g")
            .attr("transform", format!("translate({MARGIN} {})", MARGIN + HEAD))
            .raw(svg.as_str());
        El::new("svg")
            .attr("xmlns", "http://www.w3.org/2000/svg")
            .class("chart")
            .num("width", width)
            .num("height", height)
            .attr("viewBox", format!("0 0 {width} {height}"))
            .child(El::new("style").text(&css))
            .child(El::new("rect").class("plate").attr("width", "100%").attr("height", "100%"))
            .child(El::new("text").class("bold").num("x", MARGIN).num("y", MARGIN + 12.0).text(self.title()))
            .child(body)
            .end()
            + "\n"
    }
}

/// Quantities by party, laid end to end in the order given.
///
/// ```
/// use remit_draw::{Hue, Stack};
/// assert_eq!(Stack::from([(Hue::Provider, 2.0), (Hue::Internal, 3.0)]).total(), 5.0);
/// assert_eq!(Stack::from(4.0).total(), 4.0); // no party: neutral
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stack(pub(crate) Vec<(Hue, f64)>);

impl Stack {
    /// The sum of the parts. Parts that are negative or not numbers count as nothing.
    pub fn total(&self) -> f64 {
        self.parts().map(|(_, value)| value).sum()
    }

    /// The parts that can be drawn.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (Hue, f64)> + '_ {
        self.0.iter().copied().filter(|(_, value)| value.is_finite() && *value > 0.0)
    }

    /// The part of one hue.
    pub(crate) fn of(&self, hue: Hue) -> f64 {
        self.parts().filter(|(found, _)| *found == hue).map(|(_, value)| value).sum()
    }
}

impl From<f64> for Stack {
    fn from(value: f64) -> Self {
        Self(vec![(Hue::Neutral, value)])
    }
}

impl<const N: usize> From<[(Hue, f64); N]> for Stack {
    fn from(parts: [(Hue, f64); N]) -> Self {
        Self(parts.to_vec())
    }
}

impl From<Vec<(Hue, f64)>> for Stack {
    fn from(parts: Vec<(Hue, f64)>) -> Self {
        Self(parts)
    }
}

/// The hues of some stacks, each once, in the fixed order of [`Hue`].
pub(crate) fn hues<'a>(stacks: impl IntoIterator<Item = &'a Stack>) -> Vec<Hue> {
    let mut found: Vec<Hue> =
        stacks.into_iter().flat_map(|stack| stack.parts().map(|(hue, _)| hue)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Who, as the beginning of a tooltip; nothing for no party.
pub(crate) fn who(hue: Hue) -> String {
    if hue == Hue::Neutral { String::new() } else { format!("{} ", hue.word()) }
}

#[cfg(test)]
pub(crate) mod tests;

//! Pictures: charts as inline SVG, one-file HTML pages, and the same week strip for a terminal.
//!
//! Everything here is a pure function from values to text: no files, no clock, no network. The same input gives the
//! same bytes. A text that comes from outside is escaped on its way in ([`Html`] and [`Svg`] can only be made by this
//! crate), so a caller cannot forget it.
//!
//! The one meaning of colour is *who*: a [`Hue`] is a party, never a state. Quantities use a neutral grey.
//!
//! ```
//! use remit_draw::{Bars, Figure, Hue, Page, Section, Unit};
//!
//! let bars = Bars::new("Tickets by team", Unit::count("tickets"))
//!     .bar("Service desk", [(Hue::Internal, 310.0), (Hue::Provider, 95.0)])
//!     .bar("Network", [(Hue::Provider, 42.0)]);
//! let page = Page::new("September")
//!     .section(Section::new("teams", "Teams").figure(Figure::new(bars)))
//!     .render();
//! assert!(page.starts_with("<!doctype html>"));
//! ```

mod chart;
mod hue;
mod markup;
mod page;
mod scale;
pub mod term;
mod text;
mod tokens;
mod unit;

pub use chart::bars::Bars;
pub use chart::columns::Columns;
pub use chart::flow::{Flow, Place};
pub use chart::grid::WeekGrid;
pub use chart::heat::HeatMap;
pub use chart::lines::Lines;
pub use chart::pairs::PairBars;
pub use chart::spark::Sparkline;
pub use chart::timeline::{Hold, Timeline};
pub use chart::week::WeekStrip;
pub use chart::weeks::{MINUTES_OF_WEEK, Run, Week};
pub use chart::{Chart, Stack};
pub use hue::Hue;
pub use markup::{Html, Svg};
pub use page::section::{Figure, KeyFigure, Section};
pub use page::table::{Cell, Column, Table};
pub use page::{PAGE_CSS, PAGE_JS, Page};
pub use tokens::{CHART_CSS, TOKENS_CSS, Theme, token, tokens};
pub use unit::Unit;

//! The parts of a page.

use super::{NARROW, WIDE};
use crate::markup::El;
use crate::{Chart, Html, Table};

/// A chart with its caption, its notes and, behind a fold, its figures as a table.
///
/// ```
/// use remit_draw::{Bars, Figure, Unit};
/// let bars = Bars::new("By team", Unit::count("tickets")).bar("Network", 42.0);
/// let figure = Figure::new(bars).note("Closed tickets only.");
/// ```
#[derive(Debug)]
pub struct Figure {
    chart: Box<dyn Chart>,
    note: Html,
    table: bool,
}

impl Figure {
    /// A figure of a chart; the page draws it once for wide and once for narrow screens.
    pub fn new(chart: impl Chart + 'static) -> Self {
        Self::boxed(Box::new(chart))
    }

    /// As [`Figure::new`], for a chart of any kind.
    pub fn boxed(chart: Box<dyn Chart>) -> Self {
        Self { chart, note: Html::default(), table: true }
    }

    /// A line below the drawing: what is counted, what is left out, where it comes from.
    #[must_use]
    pub fn note(mut self, note: impl Into<Html>) -> Self {
        self.note = note.into();
        self
    }

    /// Leaves the table out, where the same figures stand elsewhere on the page.
    #[must_use]
    pub fn without_table(mut self) -> Self {
        self.table = false;
        self
    }

    fn element(&self, id: &str) -> El {
        let drawing = |class: &str, width: f64| {
            let svg = self.chart.draw(&format!("{id}-{class}"), width);
            El::new("div").class(class).raw(svg.as_str())
        };
        let mut figure = El::new("figure")
            .child(El::new("figcaption").text(self.chart.title()))
            .child(drawing("wide", WIDE))
            .child(drawing("narrow", NARROW));
        if !self.note.is_empty() {
            figure = figure.child(El::new("p").class("note").html(self.note.clone()));
        }
        let table = self.chart.figures();
        if !self.table || table.is_empty() {
            return figure;
        }
        let table = table.captioned(Html::default());
        figure.child(El::new("details").child(El::new("summary").text("Figures")).html(table.html()))
    }
}

/// One figure of the row at the top of a page: the number, what it counts, and what to make of it.
///
/// ```
/// use remit_draw::KeyFigure;
/// let figure = KeyFigure::new("24,918", "tickets").note("3 March 2016 to 18 February 2017");
/// ```
#[derive(Debug)]
pub struct KeyFigure {
    value: Html,
    label: Html,
    note: Html,
}

impl KeyFigure {
    /// A figure and what it counts.
    pub fn new(value: impl Into<Html>, label: impl Into<Html>) -> Self {
        Self { value: value.into(), label: label.into(), note: Html::default() }
    }

    /// A quiet line below, or a small drawing.
    #[must_use]
    pub fn note(mut self, note: impl Into<Html>) -> Self {
        self.note = note.into();
        self
    }

    pub(super) fn element(&self) -> El {
        let item = El::new("div")
            .child(El::new("dt").html(self.label.clone()))
            .child(El::new("dd").class("value").html(self.value.clone()));
        if self.note.is_empty() {
            item
        } else {
            item.child(El::new("dd").class("note").html(self.note.clone()))
        }
    }
}

/// A part of a page with a heading and an entry in the contents; parts below it follow in the order they were added.
///
/// ```
/// use remit_draw::{Html, Section};
/// let section = Section::new("rules", "Rules")
///     .text(Html::from("Only ").then(Html::strong("acceptance")).then(" moves custody."))
///     .facts([("In force since", "1 October 2026")])
///     .signatures(["For the provider", "For the client"]);
/// ```
#[derive(Debug)]
pub struct Section {
    pub(super) anchor: String,
    pub(super) title: Html,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Markup(El),
    Figure(Figure),
}

impl Section {
    /// An empty section. The anchor keeps letters, digits and hyphens; it must be unique on its page.
    pub fn new(anchor: &str, title: impl Into<Html>) -> Self {
        let anchor =
            anchor.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        let anchor: String = anchor.collect();
        let anchor = if anchor.is_empty() { "section".to_owned() } else { anchor };
        Self { anchor, title: title.into(), parts: Vec::new() }
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn text(self, text: impl Into<Html>) -> Self {
        self.part(El::new("p").html(text))
    }

    /// Adds a paragraph that steps back.
    #[must_use]
    pub fn note(self, text: impl Into<Html>) -> Self {
        self.part(El::new("p").class("note").html(text))
    }

    /// Adds a heading of a lower level.
    #[must_use]
    pub fn heading(self, text: impl Into<Html>) -> Self {
        self.part(El::new("h3").html(text))
    }

    /// Adds a list of sentences.
    #[must_use]
    pub fn list<T: Into<Html>>(self, items: impl IntoIterator<Item = T>) -> Self {
        self.part(El::new("ul").children(items.into_iter().map(|item| El::new("li").html(item))))
    }

    /// Adds pairs of a name and its value.
    #[must_use]
    pub fn facts<N: Into<Html>, V: Into<Html>>(self, facts: impl IntoIterator<Item = (N, V)>) -> Self {
        let items = facts.into_iter().map(|(name, value)| {
            El::new("div").child(El::new("dt").html(name)).child(El::new("dd").html(value))
        });
        self.part(El::new("dl").class("facts").children(items))
    }

    /// Adds a table.
    #[must_use]
    pub fn table(self, table: &Table) -> Self {
        self.markup(table.html())
    }

    /// Adds a chart with its caption.
    #[must_use]
    pub fn figure(mut self, figure: Figure) -> Self {
        self.parts.push(Part::Figure(figure));
        self
    }

    /// Adds any markup of this crate as it is.
    #[must_use]
    pub fn markup(self, html: impl Into<Html>) -> Self {
        self.part(El::new("div").html(html))
    }

    /// Adds a place to sign for each party: name, role, date, signature. They stay together in print.
    #[must_use]
    pub fn signatures<T: Into<Html>>(self, parties: impl IntoIterator<Item = T>) -> Self {
        let line = |name: &str| El::new("p").child(El::new("span").text(name));
        let blocks = parties.into_iter().map(|party| {
            let block = El::new("div").child(El::new("h3").html(party));
            block.children(["Name", "Role", "Date", "Signature"].map(line))
        });
        self.part(El::new("div").class("signatures").children(blocks))
    }

    fn part(mut self, element: El) -> Self {
        self.parts.push(Part::Markup(element));
        self
    }

    pub(super) fn element(&self, number: usize) -> El {
        let section =
            El::new("section").attr("id", &self.anchor).child(El::new("h2").html(self.title.clone()));
        self.parts.iter().enumerate().fold(section, |section, (n, part)| match part {
            Part::Markup(element) => section.child(element.clone()),
            Part::Figure(figure) => section.child(figure.element(&format!("f{number}-{}", n + 1))),
        })
    }
}

//! Tables.

use crate::markup::El;
use crate::{Html, Hue, Unit};

/// A table with a caption, a header that stays in sight, and columns that can be sorted where scripts run.
///
/// ```
/// use remit_draw::{Cell, Column, Hue, Table};
/// let table = Table::new("Held by")
///     .column(Column::text("Team"))
///     .column(Column::number("Tickets"))
///     .row([Cell::who(Hue::Provider, "Night desk"), Cell::count(24918)]);
/// assert!(table.html().as_str().contains("24,918"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Table {
    caption: Html,
    columns: Vec<Column>,
    rows: Vec<Row>,
    total: Option<Vec<Cell>>,
    fixed: bool,
}

#[derive(Debug, Clone)]
enum Row {
    Cells(Vec<Cell>),
    Group(Html),
}

impl Table {
    /// An empty table; the caption may be empty.
    pub fn new(caption: impl Into<Html>) -> Self {
        Self { caption: caption.into(), ..Self::default() }
    }

    /// Adds a column on the right.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }

    /// Adds a row. The first cell names it; missing cells stay empty, extra ones are dropped.
    #[must_use]
    pub fn row(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.rows.push(Row::Cells(cells.into_iter().collect()));
        self
    }

    /// Adds a heading over the rows that follow. A table with groups cannot be sorted.
    #[must_use]
    pub fn group(mut self, title: impl Into<Html>) -> Self {
        self.rows.push(Row::Group(title.into()));
        self.fixed = true;
        self
    }

    /// Sets a last row of totals, which stays last when the table is sorted.
    #[must_use]
    pub fn total(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.total = Some(cells.into_iter().collect());
        self
    }

    /// Keeps the order of the rows: no sorting.
    #[must_use]
    pub fn fixed(mut self) -> Self {
        self.fixed = true;
        self
    }

    pub(super) fn captioned(mut self, caption: Html) -> Self {
        self.caption = caption;
        self
    }

    /// True when it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as markup.
    pub fn html(&self) -> Html {
        let heads = self.columns.iter().map(|column| {
            let th = El::new("th").attr("scope", "col");
            let th = if column.number { th.class("num") } else { th };
            th.html(column.title.clone())
        });
        let mut table = El::new("table");
        if !self.fixed {
            table = table.class("sortable");
        }
        if !self.caption.is_empty() {
            table = table.child(El::new("caption").html(self.caption.clone()));
        }
        table = table.child(El::new("thead").child(El::new("tr").children(heads)));
        let rows = self.rows.iter().map(|row| match row {
            Row::Cells(cells) => self.tr(cells),
            Row::Group(title) => El::new("tr").class("group").child(
                El::new("th")
                    .attr("scope", "rowgroup")
                    .attr("colspan", self.columns.len())
                    .html(title.clone()),
            ),
        });
        table = table.child(El::new("tbody").children(rows));
        if let Some(total) = &self.total {
            table = table.child(El::new("tfoot").child(self.tr(total)));
        }
        El::new("div").class("table").child(table).into()
    }

    fn tr(&self, cells: &[Cell]) -> El {
        let columns = self.columns.iter().enumerate();
        El::new("tr").children(columns.map(|(n, column)| {
            let cell = if n == 0 { El::new("th").attr("scope", "row") } else { El::new("td") };
            let cell = if column.number { cell.class("num") } else { cell };
            match cells.get(n) {
                Some(Cell { html, key: Some(key) }) => cell.attr("data-key", key).html(html.clone()),
                Some(Cell { html, key: None }) => cell.html(html.clone()),
                None => cell,
            }
        }))
    }
}

/// A column's heading and alignment.
#[derive(Debug, Clone)]
pub struct Column {
    title: Html,
    number: bool,
}

impl Column {
    /// A column of words, aligned left.
    pub fn text(title: impl Into<Html>) -> Self {
        Self { title: title.into(), number: false }
    }

    /// A column of figures, aligned right.
    pub fn number(title: impl Into<Html>) -> Self {
        Self { title: title.into(), number: true }
    }
}

/// What stands in a cell, and the number it is sorted by.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    html: Html,
    key: Option<f64>,
}

impl Cell {
    /// Words, or any markup of this crate (a link, a small drawing).
    pub fn text(html: impl Into<Html>) -> Self {
        Self { html: html.into(), key: None }
    }

    /// A party's letter mark with a name.
    pub fn who(hue: Hue, name: impl Into<Html>) -> Self {
        Self::text(Html::who(hue, name))
    }

    /// A whole number with commas between thousands.
    pub fn count(value: u64) -> Self {
        Self::figure(&Unit::count(""), value as f64)
    }

    /// A share from 0 to 1 as percent.
    pub fn share(value: f64) -> Self {
        Self::figure(&Unit::share(), value)
    }

    /// A figure of some unit, without its noun.
    pub fn figure(unit: &Unit, value: f64) -> Self {
        Self { html: unit.figure(value).into(), key: value.is_finite().then_some(value) }
    }

    /// Sets the number the cell is sorted by.
    #[must_use]
    pub fn sorted_by(mut self, key: f64) -> Self {
        self.key = key.is_finite().then_some(key);
        self
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

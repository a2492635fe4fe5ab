//! The part of the page about the matrices.

use remit_draw::{Bars, Cell, Column, Figure, HeatMap, Hue, PairBars, Section, Stack, Table, Unit};

use super::week;
use crate::report::{Load, Report, Tried};

impl Report {
    /// Hand-offs and load under each matrix.
    pub(super) fn matrices_section(&self) -> Section {
        let mut section = Section::new("matrices", "Under the matrices")
            .text(
                "Each time the log opens a ticket, moves it, or changes its line, priority or category, the matrix is asked who \
                 owns it. A hand-off whose owner is the same before and after would not have been needed.",
            )
            .table(&self.compared_table())
            .figure(Figure::new(self.hand_off_bars()));
        if let [a, b] = self.matrices.as_slice() {
            section = section.figure(Figure::new(pair_bars(a, b)));
        }
        let most =
            self.matrices.iter().flat_map(|tried| &tried.parties).flat_map(Load::by_hour).max().unwrap_or(0);
        for tried in &self.matrices {
            section = section.heading(format!("Load by hour of the week under “{}”", tried.matrix));
            for load in tried.parties.iter().filter(|load| load.total > 0) {
                section = section.figure(Figure::new(self.heat_map(load, most)));
            }
            if !tried.unowned.is_empty() {
                section = section.table(&unowned_table(tried));
            }
        }
        section
    }

    fn heat_map(&self, load: &Load, most: u64) -> HeatMap {
        let title = format!("{} {}: work that comes", load.hue.mark(), load.party);
        let unit = Unit::count("pieces of work").one("piece of work");
        HeatMap::new(&title, unit, &self.source.zone, week(&load.by_hour())).scaled_to(most as f64)
    }

    fn compared_table(&self) -> Table {
        let mut table = Table::new("The log under each matrix").column(Column::text("")).fixed();
        for tried in &self.matrices {
            table = table.column(Column::number(tried.matrix.as_str()));
        }
        let rows: [(&str, Figured); 9] = [
            ("Hand-offs in the log", |tried| tried.moves.logged),
            ("of these fall away", |tried| tried.moves.fall_away),
            ("of these remain", |tried| tried.moves.remain),
            ("Added by service, line or priority", |tried| tried.moves.added),
            ("Moves back to an earlier owner", |tried| tried.moves.bounces),
            ("Changes of owner by the clock", |tried| tried.moves.by_clock),
            ("Tickets that cross parties", |tried| tried.tickets_across_parties),
            ("Work that nobody owned", |tried| tried.moves.nobody),
            ("Work left to the last resort", |tried| tried.moves.last_resort),
        ];
        for (name, figure) in rows {
            let cells = self.matrices.iter().map(|tried| Cell::count(figure(tried)));
            table = table.row(std::iter::once(Cell::text(name)).chain(cells));
        }
        table
    }

    fn hand_off_bars(&self) -> Bars {
        let logged = self.matrices.first().map_or(0, |tried| tried.moves.logged);
        let mut bars = Bars::new("Hand-offs", Unit::count("hand-offs").one("hand-off"))
            .bar("As logged, between teams", [(Hue::Neutral, logged as f64)]);
        for tried in &self.matrices {
            bars = bars.bar(&tried.matrix, [(Hue::Neutral, tried.hand_offs() as f64)]);
        }
        bars
    }
}

/// A figure of a matrix.
type Figured = fn(&Tried) -> u64;

/// The load of each line by party, the two matrices side by side.
fn pair_bars(a: &Tried, b: &Tried) -> PairBars {
    let unit = Unit::count("pieces of work").one("piece of work");
    let mut bars = PairBars::new("Work by line and party", unit, (&a.matrix, &b.matrix));
    for (n, line) in ["L1", "L2", "L3"].into_iter().enumerate() {
        let stack = |tried: &Tried| {
            let parts = tried.parties.iter().map(|load| (load.hue, load.lines[n].iter().sum::<u64>() as f64));
            Stack::from(parts.collect::<Vec<_>>())
        };
        bars = bars.pair(line, stack(a), stack(b));
    }
    bars
}

fn unowned_table(tried: &Tried) -> Table {
    let mut table = Table::new(format!("What nobody owns under “{}”", tried.matrix));
    for title in ["Service", "Line", "Priority", "First"] {
        table = table.column(Column::text(title));
    }
    table = table.column(Column::number("Times"));
    for unowned in &tried.unowned {
        let texts = [unowned.service.as_str(), unowned.line.name(), &unowned.priority, &unowned.first];
        table = table.row(texts.map(Cell::text).into_iter().chain([Cell::count(unowned.count)]));
    }
    table
}

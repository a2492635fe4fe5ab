//! The report for a terminal.

use std::fmt::Write as _;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::lead::peak;
use crate::report::{Holder, Pair, Report, Tried};
use crate::words::{count, days, hour_of_week, percent, quantile, time};

/// How many teams, pairs and stays are shown; the JSON and the page have more.
const ROWS: usize = 12;

impl Report {
    /// The report as text, for a terminal of `width` columns (at least 60).
    pub fn to_text(&self, width: usize) -> String {
        let width = width.clamp(60, 200);
        let mut text = format!("{}\n{}\n\n", self.source.log, self.source.file);
        paragraph(&mut text, &self.lead().join(" "), width);
        self.overview(&mut text, width);
        holders(&mut text, "By party", &self.parties, width);
        holders(&mut text, "By line", &self.lines, width);
        holders(&mut text, "By team", &self.teams, width);
        pairs(&mut text, "Most frequent hand-offs", &self.hand_off_pairs, width);
        pairs(&mut text, "Most ping-pong (A → B → A)", &self.ping_pong_pairs, width);
        self.longest(&mut text, width);
        self.tried(&mut text, width);
        self.oddities(&mut text, width);
        self.sources(&mut text, width);
        text
    }

    fn overview(&self, text: &mut String, width: usize) {
        let all = &self.overall;
        let mut table = plain(width, &["", "between teams", "between lines", "between parties"]);
        let levels = [all.by_team, all.by_line, all.by_party];
        let mut row = |name: &str, figure: &dyn Fn(usize) -> u64| {
            let mut cells = vec![name.to_owned()];
            cells.extend((0..3).map(|n| count(figure(n))));
            table.add_row(cells);
        };
        row("hand-offs", &|n| levels[n].hand_offs);
        row("hand-backs", &|n| levels[n].hand_backs);
        row("bounces", &|n| levels[n].bounces);
        row("ping-pongs", &|n| levels[n].ping_pongs);
        row("tickets with a bounce", &|n| levels[n].bounced_tickets);
        row("tickets with three bounces or more", &|n| levels[n].thrice_bounced);
        section(text, "Hand-offs", &table);
        let total = all.held.working + all.held.waiting + all.held.done;
        let part = |millis: i64| percent(millis.max(0) as u64, total.max(0) as u64);
        let line = format!(
            "Life of a ticket: median {}, nine of ten within {}. Of all time, {} was working, {} waiting and {} solved but not closed. \
             Changes of person within a team: {}. Tickets reopened after closing: {}.",
            quantile(all.life.median),
            quantile(all.life.p90),
            part(all.held.working),
            part(all.held.waiting),
            part(all.held.done),
            count(all.passed_within_team),
            count(all.reopened),
        );
        paragraph(text, &line, width);
    }

    fn longest(&self, text: &mut String, width: usize) {
        let mut table = plain(width, &["ticket", "team", "working time", "from", "to"]);
        for stay in self.longest.iter().take(ROWS) {
            table.add_row([&stay.ticket, &stay.team, &time(stay.working), &stay.from, &stay.to]);
        }
        section(text, "Longest custody", &table);
    }

    fn tried(&self, text: &mut String, width: usize) {
        if self.matrices.is_empty() {
            return;
        }
        heading(text, "Under the matrices");
        paragraph(text, &self.comparison().join(" "), width);
        let mut titles = vec![""];
        titles.extend(self.matrices.iter().map(|tried| tried.matrix.as_str()));
        let mut table = plain(width, &titles);
        let mut row = |name: &str, figure: &dyn Fn(&Tried) -> String| {
            let mut cells = vec![name.to_owned()];
            cells.extend(self.matrices.iter().map(figure));
            table.add_row(cells);
        };
        row("hand-offs in the log", &|tried| count(tried.moves.logged));
        row("  fall away", &|tried| count(tried.moves.fall_away));
        row("  remain", &|tried| count(tried.moves.remain));
        row("added by service, line or priority", &|tried| count(tried.moves.added));
        row("moves back to an earlier owner", &|tried| count(tried.moves.bounces));
        row("changes of owner by the clock", &|tried| count(tried.moves.by_clock));
        row("tickets that cross parties", &|tried| count(tried.tickets_across_parties));
        row("work nobody owned", &|tried| count(tried.moves.nobody));
        row("work left to the last resort", &|tried| count(tried.moves.last_resort));
        let _ = writeln!(text, "{table}\n");
        self.load(text, width);
    }

    fn load(&self, text: &mut String, width: usize) {
        let mut table = plain(width, &["matrix", "party", "L1", "L2", "L3", "all", "busiest hour"]);
        for tried in &self.matrices {
            for load in tried.parties.iter().filter(|load| load.total > 0) {
                let busiest = peak(&load.by_hour()).map_or("–".to_owned(), |(hour, _)| hour_of_week(hour));
                let mut cells = vec![tried.matrix.clone(), load.party.clone()];
                cells.extend(load.lines.iter().map(|line| count(line.iter().sum())));
                cells.extend([count(load.total), busiest]);
                table.add_row(cells);
            }
        }
        section(text, "Work that comes to each party", &table);
        let unowned =
            self.matrices.iter().flat_map(|tried| tried.unowned.iter().take(5).map(move |u| (tried, u)));
        for (tried, unowned) in unowned {
            let _ = writeln!(
                text,
                "Nobody owns {} on {} {} under “{}”: {} times, first {}.",
                unowned.service,
                unowned.line.name(),
                unowned.priority,
                tried.matrix,
                count(unowned.count),
                unowned.first
            );
        }
    }

    fn oddities(&self, text: &mut String, width: usize) {
        if self.findings.is_empty() {
            return;
        }
        heading(text, "Odd in the log");
        for finding in &self.findings {
            paragraph(text, &finding.sentence(), width);
        }
    }

    fn sources(&self, text: &mut String, width: usize) {
        heading(text, "Assumed");
        let zone = format!(
            "Dates without an offset are taken as {}; hours of the week are shown there.",
            self.source.zone
        );
        for assumption in std::iter::once(&zone).chain(&self.source.assumptions) {
            paragraph(text, assumption, width);
        }
        if let Some(credit) = &self.source.credit {
            paragraph(text, &format!("Source: {credit}"), width);
        }
    }
}

fn heading(text: &mut String, title: &str) {
    let _ = writeln!(text, "{title}\n{}", "─".repeat(title.chars().count()));
}

fn section(text: &mut String, title: &str, table: &Table) {
    if !table.is_empty() {
        heading(text, title);
        let _ = writeln!(text, "{table}\n");
    }
}

/// Breaks a paragraph at spaces.
fn paragraph(text: &mut String, words: &str, width: usize) {
    let mut column = 0;
    for word in words.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            text.push('\n');
            column = 0;
        }
        if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push_str("\n\n");
}

/// A table without lines; all columns but the first are figures, aligned right.
fn plain(width: usize, titles: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width as u16);
    table.set_header(titles);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn holders(text: &mut String, title: &str, holders: &[Holder], width: usize) {
    if holders.is_empty() {
        return;
    }
    let titles =
        ["", "tickets", "resolved", "in", "out", "backs", "bounces", "working p50", "p90", "waiting", "kept"];
    let mut table = plain(width, &titles);
    for holder in holders.iter().take(ROWS) {
        let name = holder.line.map_or(holder.name.clone(), |line| format!("{} {}", holder.name, line.name()));
        table.add_row([
            name,
            count(holder.tickets),
            count(holder.resolved),
            count(holder.hand_offs_in),
            count(holder.hand_offs_out),
            count(holder.hand_backs),
            count(holder.bounces),
            quantile(holder.working.0),
            quantile(holder.working.1),
            days(holder.held.waiting),
            percent(holder.sla_kept, holder.sla_kept + holder.sla_missed),
        ]);
    }
    section(text, title, &table);
    if holders.len() > ROWS {
        let _ = writeln!(text, "… and {} more\n", holders.len() - ROWS);
    }
}

fn pairs(text: &mut String, title: &str, pairs: &[Pair], width: usize) {
    let mut table = plain(width, &["from", "to", "times"]);
    for pair in pairs.iter().take(ROWS) {
        table.add_row([pair.from.clone(), pair.to.clone(), count(pair.count)]);
    }
    section(text, title, &table);
}

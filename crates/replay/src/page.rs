//! The report as one self-contained HTML page, made to be shown to a client.

mod matrices;

use remit_core::Date;
use remit_draw::{
    Bars, Cell, Column, Columns, Figure, Flow, HeatMap, Hue, KeyFigure, Page, Place, Section, Table, Unit,
};

use crate::findings::Finding;
use crate::report::{Holder, Moved, Report};
use crate::words::{count, day, days, minutes, of, percent, quantile, time};

/// How many teams the charts and the table of teams show.
const TEAMS: usize = 40;
const BARS: usize = 12;
/// How many pairs stay readable in a flow.
const FLOWS: usize = 14;

impl Report {
    /// The page as an HTML document; nothing is fetched from anywhere.
    pub fn to_page(&self) -> String {
        let all = &self.overall;
        let span = format!("{}, {} to {}", self.source.log, day(&all.first), day(&all.last));
        let mut page = Page::new(&format!("{}: who held the tickets", self.source.log)).subtitle(span);
        for figure in self.key_figures() {
            page = page.figure(figure);
        }
        page = page.section(self.lead_section());
        if !self.matrices.is_empty() {
            page = page.section(self.matrices_section());
        }
        page = page
            .section(self.hand_off_section())
            .section(self.holders_section())
            .section(self.arrivals_section())
            .section(self.findings_section());
        for note in self.notes() {
            page = page.footnote(note);
        }
        if let Some(credit) = &self.source.credit {
            page = page.credit(credit.as_str());
        }
        page.render()
    }

    fn key_figures(&self) -> Vec<KeyFigure> {
        let all = &self.overall;
        let mut figures = vec![
            KeyFigure::new(count(all.tickets), "tickets").note(of(all.events, "event", "events")),
            KeyFigure::new(count(all.by_team.hand_offs), "hand-offs")
                .note(format!("{:.2} per ticket", all.by_team.hand_offs as f64 / all.tickets.max(1) as f64)),
            KeyFigure::new(percent(all.by_team.bounced_tickets, all.tickets), "of tickets bounced")
                .note(format!("{} tickets came back to a team", count(all.by_team.bounced_tickets))),
            KeyFigure::new(quantile(all.life.median), "median life of a ticket")
                .note(format!("nine of ten within {}", quantile(all.life.p90))),
        ];
        if let Some(sla) = all.sla {
            let told = sla.kept + sla.missed;
            let note = format!("{} of {} resolved tickets", count(sla.missed), count(told));
            figures.push(KeyFigure::new(percent(sla.missed, told), "missed their promise").note(note));
        }
        figures
    }

    fn lead_section(&self) -> Section {
        let mut section = Section::new("in-short", "In short").text(self.lead().join(" "));
        let compared = self.comparison();
        if !compared.is_empty() {
            section = section.text(compared.join(" "));
        }
        section
    }

    fn hand_off_section(&self) -> Section {
        let unit = || Unit::count("hand-offs").one("hand-off");
        let mut flow = Flow::new("Most frequent hand-offs between teams", unit());
        for pair in self.hand_off_pairs.iter().take(FLOWS) {
            flow = flow.pair(self.place(&pair.from), self.place(&pair.to), pair.count as f64);
        }
        let mut ping_pong = Bars::new("Tickets that went A → B → A", Unit::count("times").one("time"));
        for pair in self.ping_pong_pairs.iter().take(BARS) {
            ping_pong = ping_pong.bar(&format!("{} ⇄ {}", pair.from, pair.to), pair.count as f64);
        }
        let mut spread = Bars::new("Tickets by number of hand-offs", Unit::count("tickets").one("ticket"));
        let last = self.overall.tickets_by_hand_offs.len().saturating_sub(1);
        for (n, tickets) in self.overall.tickets_by_hand_offs.iter().enumerate() {
            let label = if n == last && n == crate::ledger::MOST_HAND_OFFS {
                format!("{n} or more")
            } else {
                n.to_string()
            };
            spread = spread.bar(&label, *tickets as f64);
        }
        let section = Section::new("hand-offs", "Hand-offs and bounces").text(
            "A hand-off is a change of the team that holds a ticket. A hand-back returns it to the team that had handed it over. A \
             bounce brings it to a team that has held it before.",
        );
        let section = section.table(&self.moved_table()).figure(Figure::new(flow));
        let section =
            if self.ping_pong_pairs.is_empty() { section } else { section.figure(Figure::new(ping_pong)) };
        section.figure(Figure::new(spread))
    }

    fn place(&self, team: &str) -> Place {
        let hue = self.teams.iter().find(|known| known.name == team).map_or(Hue::Neutral, |known| known.hue);
        Place::new(hue, team)
    }

    fn moved_table(&self) -> Table {
        let all = &self.overall;
        let mut table = Table::new("Hand-offs by level").column(Column::text("Between"));
        for title in
            ["Hand-offs", "Hand-backs", "Bounces", "A → B → A", "Tickets with a bounce", "With three or more"]
        {
            table = table.column(Column::number(title));
        }
        for (name, moved) in [("teams", all.by_team), ("lines", all.by_line), ("parties", all.by_party)] {
            let Moved { hand_offs, hand_backs, bounces, ping_pongs, bounced_tickets, thrice_bounced } = moved;
            let figures = [hand_offs, hand_backs, bounces, ping_pongs, bounced_tickets, thrice_bounced];
            table = table.row(std::iter::once(Cell::text(name)).chain(figures.map(Cell::count)));
        }
        table
    }

    fn holders_section(&self) -> Section {
        let mut bars = Bars::new("Working time held, by team", Unit::decimal("days", 0));
        let mut by_time: Vec<&Holder> = self.teams.iter().collect();
        by_time.sort_by_key(|team| std::cmp::Reverse(team.held.working));
        for team in by_time.iter().take(BARS) {
            bars = bars.bar(&team.name, [(team.hue, minutes(team.held.working) / 1440.0)]);
        }
        let mut section = Section::new("teams", "Who held them, and for how long")
            .text("Time held counts while somebody could work on a ticket; waiting for the requester or a vendor is counted apart.")
            .figure(Figure::new(bars))
            .table(&holders("Parties", &self.parties))
            .table(&holders("Lines", &self.lines))
            .table(&holders("Teams", self.teams.get(..TEAMS).unwrap_or(&self.teams)));
        if self.teams.len() > TEAMS {
            section =
                section.note(format!("{} more teams are in the JSON report.", self.teams.len() - TEAMS));
        }
        let mut longest =
            Table::new("Longest custody").column(Column::text("Ticket")).column(Column::text("Team"));
        for title in ["From", "To"] {
            longest = longest.column(Column::text(title));
        }
        longest = longest.column(Column::number("Working time"));
        for stay in &self.longest {
            let texts =
                [&stay.ticket, &stay.team, &stay.from, &stay.to].map(|text| Cell::text(text.as_str()));
            let held = Cell::text(time(stay.working)).sorted_by(minutes(stay.working));
            longest = longest.row(texts.into_iter().chain([held]));
        }
        section.table(&longest)
    }

    fn arrivals_section(&self) -> Section {
        let unit = || Unit::count("tickets").one("ticket");
        let map = HeatMap::new("Opened by hour of the week", unit(), &self.source.zone, week(&self.arrivals));
        let mut months = Columns::new("Opened by month", unit(), 30);
        for month in &self.months {
            if let Ok(first) = format!("{}-01", month.month).parse::<Date>() {
                months = months.column(first, month.tickets as f64);
            }
        }
        Section::new("arrivals", "When they came").figure(Figure::new(map)).figure(Figure::new(months))
    }

    fn findings_section(&self) -> Section {
        let section = Section::new("data", "What is odd in the log");
        if self.findings.is_empty() {
            return section.text("Nothing odd was found.");
        }
        section.list(self.findings.iter().map(Finding::sentence))
    }

    fn notes(&self) -> Vec<String> {
        let zone = format!(
            "Dates without an offset are taken as {}; hours of the week are shown there.",
            self.source.zone
        );
        let mut notes = vec![zone];
        notes.extend(self.source.assumptions.iter().cloned());
        if !self.matrices.is_empty() {
            notes.push(
                "Under a matrix the owner is looked up whenever the log opens a ticket, moves it, or changes its line, priority or \
                 category. A change of owner that comes from the hour alone is counted apart from hand-offs."
                    .to_owned(),
            );
        }
        notes
    }
}

/// 168 counts as seven days of 24 hours.
fn week(hours: &[u64]) -> [[f64; 24]; 7] {
    let mut week = [[0.0; 24]; 7];
    for (hour, value) in hours.iter().enumerate().take(168) {
        week[hour / 24][hour % 24] = *value as f64;
    }
    week
}

fn holders(caption: &str, holders: &[Holder]) -> Table {
    let mut table = Table::new(caption).column(Column::text("Name"));
    for title in [
        "Tickets",
        "Resolved",
        "In",
        "Out",
        "Backs",
        "Bounces",
        "Working, median",
        "9 of 10",
        "Waiting",
        "Kept",
    ] {
        table = table.column(Column::number(title));
    }
    for holder in holders {
        let name =
            holder.line.map_or(holder.name.clone(), |line| format!("{} ({})", holder.name, line.name()));
        let name = if holder.hue == Hue::Neutral { Cell::text(name) } else { Cell::who(holder.hue, name) };
        let counts = [
            holder.tickets,
            holder.resolved,
            holder.hand_offs_in,
            holder.hand_offs_out,
            holder.hand_backs,
            holder.bounces,
        ];
        let length = |value: Option<crate::Quantile>| {
            Cell::text(quantile(value)).sorted_by(value.map_or(0.0, |value| minutes(value.millis)))
        };
        let waiting = Cell::text(days(holder.held.waiting)).sorted_by(minutes(holder.held.waiting));
        let kept = holder.sla_share().map_or(Cell::text("–"), Cell::share);
        let rest = [length(holder.working.0), length(holder.working.1), waiting, kept];
        table = table.row(std::iter::once(name).chain(counts.map(Cell::count)).chain(rest));
    }
    table
}

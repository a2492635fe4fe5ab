//! The figures as tables for people and as JSON for machines.

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::machine::Machine;

/// What a figure counts, and which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Nanoseconds; less is better.
    Nanoseconds,
    /// Answers per second; more is better.
    PerSecond,
    /// What was found for what there was, 1 at best; less is better.
    Ratio,
    /// How many times as much as something else; more is better.
    Times,
    /// Bytes; less is better.
    Bytes,
    /// Things that were looked at; more is better.
    Count,
}

impl Unit {
    /// Whether `measured` reaches `target`.
    fn reaches(self, measured: f64, target: f64) -> bool {
        if matches!(self, Self::PerSecond | Self::Count | Self::Times) {
            measured >= target
        } else {
            measured <= target
        }
    }

    fn show(self, value: f64) -> String {
        match self {
            Self::Nanoseconds if value < 1e3 => format!("{value:.1} ns"),
            Self::Nanoseconds if value < 1e6 => format!("{:.2} µs", value / 1e3),
            Self::Nanoseconds if value < 1e9 => format!("{:.2} ms", value / 1e6),
            Self::Nanoseconds => format!("{:.2} s", value / 1e9),
            Self::PerSecond if value < 1e6 => format!("{value:.0} /s"),
            Self::PerSecond => format!("{:.1} M/s", value / 1e6),
            Self::Ratio => format!("{value:.3}"),
            Self::Times => format!("{value:.1} ×"),
            Self::Bytes if value < 1e6 => format!("{:.0} kB", value / 1e3),
            Self::Bytes => format!("{:.1} MB", value / 1e6),
            Self::Count if value < 1e6 => format!("{value:.0}"),
            Self::Count => format!("{:.1} M", value / 1e6),
        }
    }
}

/// How a figure stands to its targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As good as hoped.
    Ambition,
    /// As good as needed.
    Met,
    /// Not as good as needed.
    Missed,
    /// There is no target.
    None,
}

/// What a figure should reach.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Target {
    /// What is needed.
    pub goal: Option<f64>,
    /// What is hoped for.
    pub ambition: Option<f64>,
}

impl Target {
    /// No target: the figure is there to be known.
    pub const NONE: Self = Self { goal: None, ambition: None };

    /// A goal and an ambition.
    pub const fn new(goal: f64, ambition: f64) -> Self {
        Self { goal: Some(goal), ambition: Some(ambition) }
    }

    /// A goal alone.
    pub const fn goal(goal: f64) -> Self {
        Self { goal: Some(goal), ambition: None }
    }
}

/// One figure.
#[derive(Debug, Clone, Serialize)]
struct Line {
    work: String,
    unit: Unit,
    #[serde(flatten)]
    target: Target,
    measured: f64,
    verdict: Verdict,
}

/// One engine's time per decision on the tables of the comparison.
#[derive(Debug, Clone, Serialize)]
pub struct Peer {
    /// Engine and version.
    pub engine: String,
    /// Median nanoseconds per decision, by the name of table and hit.
    pub p50_ns: Vec<(String, f64)>,
}

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    machine: Machine,
    figures: Vec<Line>,
    peers: Vec<Peer>,
}

impl Report {
    /// A report without figures.
    pub fn new(machine: Machine) -> Self {
        Self { machine, figures: Vec::new(), peers: Vec::new() }
    }

    /// Adds a figure; the verdict follows from it.
    pub fn add(&mut self, work: impl Into<String>, unit: Unit, target: Target, measured: f64) {
        let reaches = |target: Option<f64>| target.map(|target| unit.reaches(measured, target));
        let verdict = match (reaches(target.goal), reaches(target.ambition)) {
            (_, Some(true)) => Verdict::Ambition,
            (Some(true), _) => Verdict::Met,
            (Some(false), _) => Verdict::Missed,
            (None, _) => Verdict::None,
        };
        self.figures.push(Line { work: work.into(), unit, target, measured, verdict });
    }

    /// Adds an engine to the comparison.
    pub fn add_peer(&mut self, peer: Peer) {
        self.peers.push(peer);
    }

    /// The machine in one line.
    pub fn machine(&self) -> String {
        let Machine { processor, cores, load } = &self.machine;
        let processor = processor.as_deref().unwrap_or("unknown processor");
        let load = load.map_or_else(|| "unknown".to_owned(), |load| format!("{load:.2}"));
        let noisy = if self.machine.load.is_some_and(|load| load > 0.5) {
            " (others are at work: figures are noisy)"
        } else {
            ""
        };
        format!("{processor}, {cores} cores, load {load}{noisy}")
    }

    /// The figures as a table, and the comparison as another.
    pub fn tables(&self) -> String {
        let mut text = String::new();
        if !self.figures.is_empty() {
            text += &self.figures_table().to_string();
        }
        if !self.peers.is_empty() {
            text += "\n\nBeside other engines, median per decision (the same rows, the same questions, each in process):\n";
            text += &self.peers_table().to_string();
        }
        text
    }

    /// The same for machines.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a report has only text keys") + "\n"
    }

    fn figures_table(&self) -> Table {
        let mut table = plain_table(&["work", "goal", "ambition", "measured", "verdict"]);
        for line in &self.figures {
            let target = |value: Option<f64>| value.map_or_else(String::new, |value| line.unit.show(value));
            let verdict = match line.verdict {
                Verdict::Ambition => "ambition",
                Verdict::Met => "met",
                Verdict::Missed => "MISSED",
                Verdict::None => "",
            };
            let (goal, ambition) = (target(line.target.goal), target(line.target.ambition));
            table.add_row([
                line.work.clone(),
                goal,
                ambition,
                line.unit.show(line.measured),
                verdict.to_owned(),
            ]);
        }
        for column in 1..4 {
            align_right(&mut table, column);
        }
        table
    }

    fn peers_table(&self) -> Table {
        let cases: Vec<&str> = self.peers[0].p50_ns.iter().map(|(case, _)| case.as_str()).collect();
        let mut table = plain_table(&[&["engine"], cases.as_slice()].concat());
        for peer in &self.peers {
            let time = |case: &&str| {
                let found = peer.p50_ns.iter().find(|(name, _)| name == case);
                found.map_or_else(|| "-".to_owned(), |(_, time)| Unit::Nanoseconds.show(*time))
            };
            table.add_row(std::iter::once(peer.engine.clone()).chain(cases.iter().map(time)));
        }
        (1..=cases.len()).for_each(|column| align_right(&mut table, column));
        table
    }
}

fn plain_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header);
    table
}

fn align_right(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

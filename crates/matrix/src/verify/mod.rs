//! Is a matrix sound over a horizon? If not: what, where, when, and a row that would mend it.

mod coverage;
mod document;
mod fix;

use remit_core::{Horizon, Millis};
use serde::Serialize;

use crate::compile::Compiled;
use crate::draft::RowDraft;
use crate::engine::overlap::Overlap;
use crate::engine::{DIMS, Verdict};
use crate::words::Region;

pub use document::Document;

/// What kind of finding it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Nobody owns some point.
    Gap,
    /// Rows name different owners for some point and no narrower row decides.
    Conflict,
    /// A promised answer that no coverage can keep.
    Promise,
    /// Nobody of the responsible team or its fallbacks is on duty: the last resort is used.
    Uncovered,
    /// A row that never wins.
    Dead,
    /// A row that changes nothing.
    Redundant,
}

impl Kind {
    /// Whether the finding keeps the matrix from being published. The others are warnings.
    pub fn blocks(self) -> bool {
        matches!(self, Self::Gap | Self::Conflict)
    }

    /// One word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Conflict => "conflict",
            Self::Promise => "promise",
            Self::Uncovered => "uncovered",
            Self::Dead => "dead",
            Self::Redundant => "redundant",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// What kind it is.
    pub kind: Kind,
    /// One sentence: what is wrong.
    pub message: String,
    /// Ids of the rows concerned.
    pub rows: Vec<String>,
    /// Where and when.
    pub regions: Vec<Region>,
    /// One sentence: how to mend it.
    pub advice: String,
    /// A row that would mend it, where one can be written down.
    pub fix: Option<RowDraft>,
}

/// What the proof covered and what it found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// Name of the client.
    pub client: String,
    /// Number of the version.
    pub version: u32,
    /// What both sides would sign.
    pub hash: String,
    /// First and last instant that the proof covers.
    pub horizon: Horizon,
    /// Version of the time-zone data.
    pub tz_version: String,
    /// Rows of the matrix.
    pub rows: usize,
    /// Points per dimension, in the order of the dimensions; minutes for time.
    pub sizes: [u64; DIMS],
    /// Context-minutes proved: the product of the sizes, as a decimal text because it does not fit a JSON number.
    pub volume: String,
    /// Exactly one owner everywhere.
    pub sound: bool,
    /// Findings, those that block first.
    pub findings: Vec<Finding>,
    /// Conflicts beyond those listed.
    pub more_conflicts: usize,
}

impl Report {
    /// Findings of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        let listed = self.findings.iter().filter(|f| f.kind == kind).count();
        if kind == Kind::Conflict { listed + self.more_conflicts } else { listed }
    }
}

/// Months that are proved unless somebody asks for others.
pub const HORIZON_MONTHS: u16 = 13;

/// How many boxes one finding shows.
const REGIONS: usize = 20;

impl Compiled {
    /// Proves the matrix or says what is wrong with it.
    pub fn verify(&self) -> Report {
        let overlap = Overlap::new(&self.table);
        let verdict = Verdict::with_overlap(&self.table, &overlap);
        let mut findings = Vec::new();
        findings.extend(verdict.gaps.iter().map(|g| self.gap(g)));
        findings.extend(verdict.conflicts.iter().map(|c| self.conflict(c)));
        findings.extend(self.coverage(&overlap));
        findings.extend(verdict.dead.iter().map(|d| self.dead(d)));
        findings.extend(verdict.redundant.iter().map(|r| self.redundant(r)));
        findings.sort_by_key(|f| f.kind);
        fix::number(&mut findings, &self.matrix.rows);
        let time = &self.lexicon.time;
        let space = &self.table.space;
        let mut sizes: [u64; DIMS] = std::array::from_fn(|d| space.atoms(d) as u64);
        sizes[DIMS - 1] = time.minutes().iter().sum();
        Report {
            client: self.matrix.client().to_owned(),
            version: self.matrix.draft.version,
            hash: self.matrix.hash(),
            horizon: time.horizon(),
            tz_version: remit_core::tz_version().to_owned(),
            rows: self.table.rows.len(),
            sizes,
            volume: space.volume(space.full()).to_string(),
            sound: verdict.is_sound(),
            findings,
            more_conflicts: verdict.more_conflicts,
        }
    }

    fn gap(&self, cuboid: &crate::engine::Cuboid) -> Finding {
        let region = self.region(cuboid);
        let (fix, like) = self.gap_fix(cuboid, &region);
        let advice = match like {
            Some(row) => format!(
                "give it to whoever has the rest of it: widen row `{row}`, or add a row like the one below"
            ),
            None => "add a row for it".to_owned(),
        };
        let message = format!("nobody owns {}", describe(&region));
        Finding { kind: Kind::Gap, message, rows: Vec::new(), regions: vec![region], advice, fix }
    }

    fn conflict(&self, conflict: &crate::engine::Conflict) -> Finding {
        let rows = self.ids(&conflict.rows);
        let regions: Vec<Region> = conflict.cells.iter().take(REGIONS).map(|c| self.region(c)).collect();
        let mut owners: Vec<String> = conflict.rows.iter().map(|&r| self.owner_words(r)).collect();
        owners.sort();
        owners.dedup();
        let place = regions.first().map(describe).unwrap_or_default();
        let message =
            format!("{} claim {place} for different owners: {}", quoted_list(&rows), owners.join(" and "));
        let fix =
            regions.first().and_then(|r| self.fix(r, conflict.rows[0], &format!("{}-decided", rows[0])));
        let advice =
            "narrow one of the rows, or add a row for what they share, such as the one below".to_owned();
        Finding { kind: Kind::Conflict, message, rows, regions, advice, fix }
    }

    fn dead(&self, dead: &crate::engine::Dead) -> Finding {
        let rows = self.ids(&[dead.row]);
        let (message, advice) = if dead.because.is_empty() {
            (
                format!("row `{}` never holds within the horizon", rows[0]),
                "delete it, or correct its conditions or dates".to_owned(),
            )
        } else {
            let because = quoted_list(&self.ids(&dead.because[..dead.because.len().min(5)]));
            (
                format!("row `{}` never wins: narrower rows take all of it ({because})", rows[0]),
                "delete it, or delete the narrower rows that should not be there".to_owned(),
            )
        };
        Finding { kind: Kind::Dead, message, rows, regions: Vec::new(), advice, fix: None }
    }

    fn redundant(&self, redundant: &crate::engine::Redundant) -> Finding {
        let rows = self.ids(&[redundant.row, redundant.because]);
        let message = format!("row `{}` says nothing that row `{}` does not say", rows[0], rows[1]);
        let advice = format!("delete `{}`", rows[0]);
        Finding { kind: Kind::Redundant, message, rows, regions: Vec::new(), advice, fix: None }
    }

    fn ids(&self, rows: &[u32]) -> Vec<String> {
        rows.iter().map(|&r| self.matrix.rows[r as usize].id.clone()).collect()
    }

    fn owner_words(&self, row: u32) -> String {
        let row = &self.matrix.rows[row as usize];
        format!("{} ({})", self.matrix.party(row.accountable).name, self.matrix.team(row.responsible).name)
    }
}

/// A region in one sentence: `backup, tier L1: not office, 95 minutes a week, first Sun 2027-01-03 02:00 to 06:00`.
pub fn describe(region: &Region) -> String {
    let mut parts = Vec::new();
    for condition in &region.conditions {
        let values: Vec<&str> = condition.values.iter().take(4).map(String::as_str).collect();
        let more = condition.values.len().saturating_sub(4);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let label = match condition.dimension {
            crate::model::Dimension::Service => String::new(),
            other => format!("{} ", other.label()),
        };
        parts.push(format!("{label}{}{more}", values.join(", ")));
    }
    if parts.is_empty() {
        parts.push("anything".to_owned());
    }
    let mut sentence = parts.join("; ");
    if region.when == "always" {
        sentence.push_str(", at any hour");
        return sentence;
    }
    let length = Millis::from_minutes(region.minutes_per_week as i64);
    let mut parts = vec![format!("{sentence} — {}: {length} a week", region.when)];
    let stretches = ["first", "next"].into_iter().zip(&region.first);
    parts.extend(stretches.map(|(word, stretch)| format!("{word} {}", stretch.local)));
    parts.join(", ")
}

fn quoted_list(ids: &[String]) -> String {
    let shown: Vec<String> = ids.iter().take(6).map(|id| format!("`{id}`")).collect();
    let more = ids.len().saturating_sub(6);
    let rows = if ids.len() == 1 { "row" } else { "rows" };
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{rows} {}{tail}", shown.join(", "))
}

#[cfg(test)]
mod tests;

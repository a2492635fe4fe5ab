//! The conditions of a row in words.

use crate::draft::{Names, RowDraft};
use crate::model::Dimension;

/// The names that a row demands in a dimension; empty for all, and for time.
pub fn names(row: &RowDraft, dimension: Dimension) -> &[String] {
    let names = match dimension {
        Dimension::Service => &row.service,
        Dimension::Tier => &row.tier,
        Dimension::Priority => &row.priority,
        Dimension::Site => &row.site,
        Dimension::AssetClass => &row.asset_class,
        Dimension::RequesterGroup => &row.requester_group,
        Dimension::Kind => &row.kind,
        Dimension::Time => &Names::Absent,
    };
    names.as_slice()
}

/// What a row demands in a dimension: `L3`, `helpdesk, mail and 4 more`, `not office`; none when it holds for all.
pub fn demand(row: &RowDraft, dimension: Dimension) -> Option<String> {
    if dimension == Dimension::Time {
        return row.time.clone();
    }
    let names = names(row, dimension);
    (!names.is_empty()).then(|| shortened(names))
}

/// At most four names.
fn shortened(names: &[String]) -> String {
    const SHOWN: usize = 4;
    if names.len() <= SHOWN + 1 {
        return names.join(", ");
    }
    format!("{} and {} more", names[..SHOWN].join(", "), names.len() - SHOWN)
}

/// All conditions of a row in one line: `helpdesk; tier L1; not office`, or `everything`.
pub fn line(row: &RowDraft) -> String {
    let part = |dimension: Dimension| {
        let demand = demand(row, dimension)?;
        Some(match dimension {
            Dimension::Service | Dimension::Time => demand,
            listed => format!("{} {demand}", listed.label()),
        })
    };
    let parts: Vec<String> = Dimension::ALL.into_iter().filter_map(part).collect();
    if parts.is_empty() { "everything".to_owned() } else { parts.join("; ") }
}

//! A row that would mend a finding.

use std::collections::HashSet;

use super::Finding;
use crate::compile::Compiled;
use crate::draft::{Names, RowDraft};
use crate::engine::{Cuboid, DIMS};
use crate::model::{Dimension, Row};
use crate::time::Expr;
use crate::words::Region;

impl Compiled {
    /// A row for a gap, owned as the nearest row is, and that row's id.
    pub(super) fn gap_fix(&self, cuboid: &Cuboid, region: &Region) -> (Option<RowDraft>, Option<String>) {
        let space = &self.table.space;
        // The nearest row misses the gap in one dimension only; the widest of those is the least surprising.
        let misses = |row: &Cuboid| (0..DIMS).filter(|&d| !space.meets_in(row, cuboid, d)).count();
        let near = (0..self.table.rows.len() as u32)
            .filter(|&r| misses(&self.table.rows[r as usize].cuboid) == 1)
            .max_by_key(|&r| space.volume(self.table.cuboid(r)));
        let Some(near) = near else { return (None, None) };
        let like = &self.matrix.rows[near as usize].id;
        (self.fix(region, near, &format!("{like}-rest")), Some(like.clone()))
    }

    /// A row over a region, owned as `like` is; `None` when the region cannot be said in the words of rows.
    pub(super) fn fix(&self, region: &Region, like: u32, id: &str) -> Option<RowDraft> {
        let like = &self.matrix.draft.rows[like as usize];
        let values = |dimension: Dimension| -> Names {
            let found = region.conditions.iter().find(|c| c.dimension == dimension);
            found.map_or(Names::Absent, |c| c.values.iter().cloned().collect())
        };
        let time = match region.when.as_str() {
            "always" => None,
            when => Some(Expr::parse(when).ok()?.to_string()),
        };
        Some(RowDraft {
            id: id.to_owned(),
            service: values(Dimension::Service),
            tier: values(Dimension::Tier),
            priority: values(Dimension::Priority),
            site: values(Dimension::Site),
            asset_class: values(Dimension::AssetClass),
            requester_group: values(Dimension::RequesterGroup),
            kind: values(Dimension::Kind),
            time,
            accountable: like.accountable.clone(),
            responsible: like.responsible.clone(),
            ..RowDraft::default()
        })
    }
}

/// Numbers the ids of proposed rows where they are taken, so that all of them can be pasted at once.
pub(super) fn number(findings: &mut [Finding], rows: &[Row]) {
    let mut taken: HashSet<String> = rows.iter().map(|r| r.id.clone()).collect();
    for fix in findings.iter_mut().filter_map(|f| f.fix.as_mut()) {
        let id = std::mem::take(&mut fix.id);
        let mut numbered = id.clone();
        let mut n = 2;
        while !taken.insert(numbered.clone()) {
            numbered = format!("{id}-{n}");
            n += 1;
        }
        fix.id = numbered;
    }
}

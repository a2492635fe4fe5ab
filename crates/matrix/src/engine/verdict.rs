//! Is the table sound, and if not, where and why?

use std::collections::{BTreeMap, BTreeSet};

use super::cover::{Cover, cut};
use super::overlap::Overlap;
use super::space::{Cuboid, DIMS, Space, within};
use super::table::Table;

/// Conflicts beyond this many are counted, not listed: nobody reads the ten-thousandth.
pub const LISTED_CONFLICTS: usize = 1_000;

/// What the proof found.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// Maximal boxes that no row covers; together they are exactly what is uncovered.
    pub gaps: Vec<Cuboid>,
    /// Context-minutes that no row covers.
    pub gap_volume: u128,
    /// Rows that disagree somewhere.
    pub conflicts: Vec<Conflict>,
    /// How many pairs disagree beyond those listed.
    pub more_conflicts: usize,
    /// Rows that could be deleted without any owner changing.
    pub redundant: Vec<Redundant>,
    /// Rows that never win.
    pub dead: Vec<Dead>,
    /// Disjoint boxes, each with the row that covers it: the proof that there is no gap, where there is none.
    pub pieces: Vec<(Cuboid, u32)>,
}

/// Rows that claim the same points for different owners, where no narrower row decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The rows, ascending: two that cross, or all that have the same box.
    pub rows: Vec<u32>,
    /// Where, as disjoint boxes.
    pub cells: Vec<Cuboid>,
}

/// A row that changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redundant {
    /// The row.
    pub row: u32,
    /// The row that says the same already.
    pub because: u32,
}

/// A row that never wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// The row.
    pub row: u32,
    /// The narrower rows that together take all of it; none when the row's own conditions never hold.
    pub because: Vec<u32>,
}

impl Verdict {
    /// Proves the table or finds what is wrong with it.
    pub fn new(table: &Table) -> Self {
        Self::with_overlap(table, &Overlap::new(table))
    }

    /// The same, with the comparison of the rows at hand.
    pub fn with_overlap(table: &Table, overlap: &Overlap) -> Self {
        let mut this = Self::default();
        this.find_gaps(table, overlap);
        this.find_conflicts(table, overlap);
        this.find_redundant(table, overlap);
        this.find_dead(table, overlap);
        this
    }

    /// Whether every point has exactly one owner.
    pub fn is_sound(&self) -> bool {
        self.gap_volume == 0 && self.conflicts.is_empty()
    }

    fn find_gaps(&mut self, table: &Table, overlap: &Overlap) {
        let cover = coverage(table, overlap);
        self.gap_volume = cover.deficit;
        if !cover.is_complete() {
            let rows: Vec<&[u64]> = table.rows.iter().map(|r| &*r.cuboid).collect();
            self.gaps = maximal_boxes(&table.space, table.space.full(), cover.holes(), &rows);
        }
        self.pieces = cover.pieces;
    }

    fn find_conflicts(&mut self, table: &Table, overlap: &Overlap) {
        let owner = |r: u32| table.rows[r as usize].owner;
        let mut mixed = BTreeSet::new();
        for (first, copies) in copy_groups(overlap) {
            if copies.iter().all(|&c| owner(c) == owner(first)) {
                continue;
            }
            // Whatever crosses these rows conflicts with one of them only where they conflict with each other already.
            mixed.insert(first);
            let cells = uncovered_by_rows(table, table.cuboid(first), &[&overlap.inner[first as usize]]);
            if !cells.is_empty() {
                let rows = std::iter::once(first).chain(copies).collect();
                self.add_conflict(Conflict { rows, cells });
            }
        }
        for row in (0..table.rows.len() as u32).filter(|r| !mixed.contains(r)) {
            for &other in &overlap.crossing[row as usize] {
                if owner(row) == owner(other) || mixed.contains(&other) {
                    continue;
                }
                if self.conflicts.len() >= LISTED_CONFLICTS {
                    self.more_conflicts += 1;
                    continue;
                }
                let cells = conflict_cells(table, overlap, row, other);
                if !cells.is_empty() {
                    self.add_conflict(Conflict { rows: vec![row, other], cells });
                }
            }
        }
    }

    fn add_conflict(&mut self, conflict: Conflict) {
        if self.conflicts.len() < LISTED_CONFLICTS {
            self.conflicts.push(conflict);
        } else {
            self.more_conflicts += 1;
        }
    }

    fn find_redundant(&mut self, table: &Table, overlap: &Overlap) {
        let same = |a: u32, b: u32| {
            let (a, b) = (&table.rows[a as usize], &table.rows[b as usize]);
            a.owner == b.owner && a.promise == b.promise
        };
        for (row, copy) in overlap.copy_of.iter().enumerate() {
            if let Some(first) = copy.filter(|&first| same(row as u32, first)) {
                self.redundant.push(Redundant { row: row as u32, because: first });
            }
        }
        let crossing = both_ways(&overlap.crossing);
        for row in 0..table.rows.len() as u32 {
            let outer = &overlap.outer[row as usize];
            // A wider row says the same, and whoever else could win here once this row is gone says the same or gives
            // way to that wider row.
            let says_all = |&&wider: &&u32| {
                let gives_way = |other: u32| same(other, row) || table.refines(wider, other);
                same(wider, row)
                    && outer.iter().all(|&o| o == wider || gives_way(o))
                    && crossing[row as usize].iter().all(|&o| gives_way(o))
            };
            if let Some(&because) = outer.iter().find(says_all) {
                self.redundant.push(Redundant { row, because });
            }
        }
    }

    fn find_dead(&mut self, table: &Table, overlap: &Overlap) {
        self.dead.extend(overlap.empty.iter().map(|&row| Dead { row, because: Vec::new() }));
        for row in 0..table.rows.len() as u32 {
            let inner = &overlap.inner[row as usize];
            let volume = |r: u32| table.space.volume(table.cuboid(r));
            // Refiners that do not even add up to the row cannot take all of it.
            if inner.is_empty() || inner.iter().map(|&r| volume(r)).sum::<u128>() < volume(row) {
                continue;
            }
            let boxes = inner.iter().map(|&r| table.cuboid(r));
            if Cover::new(&table.space, table.cuboid(row), boxes).is_complete() {
                self.dead.push(Dead { row, because: inner.clone() });
            }
        }
        self.dead.sort_by_key(|d| d.row);
    }
}

/// The rows cut into disjoint pieces, and what they leave open.
pub(super) fn coverage<'t>(table: &'t Table, overlap: &Overlap) -> Cover<'t> {
    let space = &table.space;
    let maximal: Vec<bool> = (0..table.rows.len())
        .map(|i| {
            overlap.outer[i].is_empty()
                && overlap.copy_of[i].is_none()
                && !overlap.empty.contains(&(i as u32))
        })
        .collect();
    // Each row gives way to the crossing rows before it, so that the pieces are disjoint.
    let mut earlier: Vec<Vec<&[u64]>> = vec![Vec::new(); table.rows.len()];
    let mut pieces = Vec::with_capacity(table.rows.len());
    for row in (0..table.rows.len()).filter(|&r| maximal[r]) {
        let cuboid = table.cuboid(row as u32);
        for &other in overlap.crossing[row].iter().filter(|&&o| maximal[o as usize]) {
            earlier[other as usize].push(cuboid);
        }
        cut(space, cuboid, &earlier[row], row as u32, &mut pieces);
    }
    Cover::from_disjoint(space, space.full().into(), pieces)
}

/// Where two crossing rows both stand unrefined, as disjoint boxes.
pub(super) fn conflict_cells(table: &Table, overlap: &Overlap, a: u32, b: u32) -> Vec<Cuboid> {
    let both = table.space.intersect(table.cuboid(a), table.cuboid(b)).expect("crossing rows meet");
    uncovered_by_rows(table, &both, &[&overlap.inner[a as usize], &overlap.inner[b as usize]])
}

/// What rows leave of a region, as disjoint boxes.
pub(crate) fn uncovered_by_rows(table: &Table, region: &[u64], rows: &[&[u32]]) -> Vec<Cuboid> {
    if rows.iter().all(|r| r.is_empty()) {
        return vec![region.into()];
    }
    let boxes = || rows.iter().copied().flatten().map(|&r| table.cuboid(r));
    // One box that holds all of the region is common, and needs no volumes.
    if boxes().any(|b| within(region, b)) {
        return Vec::new();
    }
    Cover::new(&table.space, region, boxes()).holes()
}

/// First rows of equal boxes with their copies.
fn copy_groups(overlap: &Overlap) -> BTreeMap<u32, Vec<u32>> {
    let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (row, first) in overlap.copy_of.iter().enumerate() {
        if let Some(first) = first {
            groups.entry(*first).or_default().push(row as u32);
        }
    }
    groups.retain(|first, _| !overlap.empty.contains(first));
    groups
}

fn both_ways(crossing: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut all = crossing.to_vec();
    for (row, others) in crossing.iter().enumerate() {
        for &other in others {
            all[other as usize].push(row as u32);
        }
    }
    all
}

/// Grows disjoint open boxes to maximal ones inside `region` and drops those that the others cover, so that what is
/// left is short and reads well. `rows` are the boxes that must not be touched.
pub(super) fn maximal_boxes(
    space: &Space,
    region: &[u64],
    holes: Vec<Cuboid>,
    rows: &[&[u64]],
) -> Vec<Cuboid> {
    let mut grown: Vec<Cuboid> = Vec::new();
    for hole in holes {
        if !grown.iter().any(|g| within(&hole, g)) {
            grown.push(grow(space, region, hole, rows));
        }
    }
    grown.sort_by_cached_key(|g| (space.volume(g), g.clone()));
    grown.dedup();
    let mut kept = 0;
    while kept < grown.len() {
        let this = &grown[kept];
        let others: Vec<&[u64]> = (0..grown.len())
            .filter(|&i| i != kept && space.meets(this, &grown[i]))
            .map(|i| &*grown[i])
            .collect();
        if !others.is_empty() && Cover::new(space, this, others.into_iter()).is_complete() {
            grown.remove(kept);
        } else {
            kept += 1;
        }
    }
    grown.reverse();
    grown
}

/// Widens one dimension after the other as far as no row is touched.
fn grow(space: &Space, region: &[u64], mut hole: Cuboid, rows: &[&[u64]]) -> Cuboid {
    let mut from = 0;
    while from < DIMS {
        // Only rows that miss the box in a single dimension stand in the way of widening that one.
        let mut blocked = space.empty();
        for row in rows {
            let mut missed = (0..DIMS).filter(|&d| !space.meets_in(&hole, row, d));
            if let (Some(d), None) = (missed.next(), missed.next()) {
                space.set_mut(&mut blocked, d).iter_mut().zip(space.set(row, d)).for_each(|(b, w)| *b |= w);
            }
        }
        let wider = |d: &usize| {
            let free = space.set(region, *d).iter().zip(space.set(&blocked, *d)).map(|(r, b)| r & !b);
            !free.eq(space.set(&hole, *d).iter().copied())
        };
        // A dimension that cannot be widened now cannot be later either: a wider box only meets more rows.
        let Some(d) = (from..DIMS).find(wider) else { break };
        for (w, (r, b)) in space
            .set_mut(&mut hole, d)
            .iter_mut()
            .zip(space.set(region, d).iter().zip(space.set(&blocked, d)))
        {
            *w = r & !b;
        }
        from = d + 1;
    }
    hole
}

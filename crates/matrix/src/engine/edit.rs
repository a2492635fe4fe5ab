//! The verdict after one change, without starting again.
//!
//! What a change of one row can alter lies inside the row's old box and its new one. So an edit flips a few bits, asks
//! which rows meet the two boxes, and looks for gaps and conflicts only there.

use std::collections::BTreeMap;

use super::cover::Cover;
use super::overlap::Overlap;
use super::space::{Bits, Cuboid, DIMS, Space, within};
use super::table::{Row, Table};
use super::verdict::{conflict_cells, coverage, uncovered_by_rows};

/// Dimensions with at most this many atoms have a bitmap of rows per atom; in the others the few rows that are left are
/// looked at one by one.
const INDEXED_ATOMS: usize = 64;

/// A table whose gaps and conflicts are always known.
#[derive(Debug, Clone)]
pub struct Live {
    table: Table,
    /// Rows that hold at each atom, for the small dimensions.
    rows_at: Vec<Vec<Box<[u64]>>>,
    gaps: Vec<Cuboid>,
    conflicts: BTreeMap<(u32, u32), Vec<Cuboid>>,
}

impl Live {
    /// Proves the table once in full.
    pub fn new(table: Table) -> Self {
        let overlap = Overlap::new(&table);
        let gaps = coverage(&table, &overlap).holes();
        let mut this =
            Self { rows_at: Vec::new(), gaps, conflicts: first_conflicts(&table, &overlap), table };
        this.index(this.table.rows.len());
        this
    }

    /// The table as it stands. A deleted row keeps its number and has an empty box.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Whether every point has exactly one owner.
    pub fn is_sound(&self) -> bool {
        self.gaps.is_empty() && self.conflicts.is_empty()
    }

    /// Disjoint boxes that nobody owns.
    pub fn gaps(&self) -> &[Cuboid] {
        &self.gaps
    }

    /// Pairs of rows that disagree, lower number first, and where.
    pub fn conflicts(&self) -> &BTreeMap<(u32, u32), Vec<Cuboid>> {
        &self.conflicts
    }

    /// Appends a row and returns its number.
    pub fn add(&mut self, cuboid: Cuboid, owner: u32) -> u32 {
        let row = self.table.rows.len() as u32;
        self.table.rows.push(Row { cuboid: self.table.space.empty(), owner, promise: 0 });
        if row as usize >= self.capacity() {
            self.index(2 * (row as usize + 1));
        }
        self.set(row, cuboid, owner);
        row
    }

    /// Deletes a row; the others keep their numbers.
    pub fn remove(&mut self, row: u32) {
        let owner = self.table.rows[row as usize].owner;
        self.set(row, self.table.space.empty(), owner);
    }

    /// Gives a row other conditions or another owner. Panics when there is no such row.
    pub fn set(&mut self, row: u32, cuboid: Cuboid, owner: u32) {
        let old = self.table.rows[row as usize].cuboid.clone();
        let (near_old, near_new) = (self.meeting(&old, row), self.meeting(&cuboid, row));
        self.flip(row, &old, &cuboid);
        self.table.rows[row as usize] = Row { cuboid, owner, ..self.table.rows[row as usize].clone() };
        self.mend_gaps(row, &old, &near_old);
        let own: Vec<_> = self.conflicts.range((row, 0)..=(row, u32::MAX)).map(|(k, _)| *k).collect();
        for pair in own {
            self.conflicts.remove(&pair);
        }
        if !self.conflicts.is_empty() {
            self.conflicts.retain(|pair, _| pair.1 != row);
        }
        for &other in &near_new {
            self.judge(row, other, &near_new);
        }
        self.judge_wider(row, &old, &near_old, &near_new);
    }

    fn capacity(&self) -> usize {
        self.rows_at.iter().flatten().next().map_or(0, |bits| bits.len() * 64)
    }

    fn index(&mut self, capacity: usize) {
        let space = &self.table.space;
        let words = capacity.div_ceil(64).max(1);
        let per_atom = |d: usize| {
            let atoms = if space.atoms(d) <= INDEXED_ATOMS { space.atoms(d) } else { 0 };
            vec![vec![0u64; words].into_boxed_slice(); atoms]
        };
        self.rows_at = (0..DIMS).map(per_atom).collect();
        let empty = space.empty();
        for row in 0..self.table.rows.len() {
            let cuboid = self.table.rows[row].cuboid.clone();
            self.flip(row as u32, &empty, &cuboid);
        }
    }

    fn flip(&mut self, row: u32, old: &[u64], new: &[u64]) {
        let space = &self.table.space;
        for (d, per_atom) in self.rows_at.iter_mut().enumerate() {
            if per_atom.is_empty() {
                continue;
            }
            // A small dimension is one word.
            for atom in Bits(space.set(old, d)[0] ^ space.set(new, d)[0]) {
                per_atom[atom][row as usize / 64] ^= 1 << (row % 64);
            }
        }
    }

    /// Rows that meet a box, without `except`.
    fn meeting(&self, cuboid: &[u64], except: u32) -> Vec<u32> {
        let space = &self.table.space;
        if space.is_empty(cuboid) {
            return Vec::new();
        }
        let mut all = vec![u64::MAX; self.capacity() / 64];
        let mut any = vec![0u64; all.len()];
        for d in (0..DIMS).filter(|&d| !self.rows_at[d].is_empty() && !space.is_full(cuboid, d)) {
            any.fill(0);
            for atom in Bits(space.set(cuboid, d)[0]) {
                any.iter_mut().zip(&self.rows_at[d][atom]).for_each(|(a, b)| *a |= b);
            }
            all.iter_mut().zip(&any).for_each(|(x, a)| *x &= a);
        }
        let rows = all.iter().enumerate().flat_map(|(i, &w)| Bits(w).map(move |b| (i * 64 + b) as u32));
        let meets = |r: &u32| {
            *r != except
                && self.table.rows.get(*r as usize).is_some_and(|row| space.meets(&row.cuboid, cuboid))
        };
        rows.filter(meets).collect()
    }

    /// What the row left becomes open unless others hold it; what it took is open no longer.
    fn mend_gaps(&mut self, row: u32, old: &[u64], near_old: &[u32]) {
        let space = &self.table.space;
        let new = &self.table.rows[row as usize].cuboid;
        let mut open = Vec::new();
        for gap in self.gaps.drain(..) {
            space.subtract(&gap, new, &mut open);
        }
        if !space.is_empty(old) {
            let mut left = Vec::new();
            space.subtract(old, new, &mut left);
            for piece in left {
                let others = near_old.iter().map(|&r| self.table.cuboid(r));
                open.extend(Cover::new(space, &piece, others).holes());
            }
        }
        self.gaps = open;
    }

    /// Looks anew at one pair of rows; `near` has every row that meets the first.
    fn judge(&mut self, row: u32, other: u32, near: &[u32]) {
        let Some(both) = disputed(&self.table, row, other) else { return };
        let cells = self.undecided(row, other, &both, near);
        if !cells.is_empty() {
            self.conflicts.insert((row.min(other), row.max(other)), cells);
        }
    }

    /// The part of a region in which neither of two rows gives way to a narrower one.
    fn undecided(&self, a: u32, b: u32, region: &Cuboid, near: &[u32]) -> Vec<Cuboid> {
        let narrower = |&&r: &&u32| self.table.refines(r, a) || self.table.refines(r, b);
        let inner: Vec<u32> = near.iter().filter(narrower).copied().collect();
        uncovered_by_rows(&self.table, region, &[&inner])
    }

    /// Pairs of other rows: inside the old and the new box, this row may have decided between them, or may now.
    fn judge_wider(&mut self, row: u32, old: &Cuboid, near_old: &[u32], near_new: &[u32]) {
        let new = self.table.rows[row as usize].cuboid.clone();
        for (changed, near) in [(old, near_old), (&new, near_new)] {
            let wider: Vec<u32> =
                near.iter().copied().filter(|&s| within(changed, self.table.cuboid(s))).collect();
            let with_row: Vec<u32> = near.iter().copied().chain([row]).collect();
            for &s in &wider {
                for &t in near.iter().filter(|&&t| t != s && !(wider.contains(&t) && t < s)) {
                    self.judge_inside(s, t, changed, &with_row);
                }
            }
        }
    }

    /// Looks anew at one pair of rows inside a box; `near` has every row that meets it.
    fn judge_inside(&mut self, s: u32, t: u32, changed: &Cuboid, near: &[u32]) {
        let Some(both) = disputed(&self.table, s, t) else { return };
        let Some(region) = self.table.space.intersect(&both, changed) else { return };
        let pair = (s.min(t), s.max(t));
        let mut cells = Vec::new();
        for cell in self.conflicts.remove(&pair).unwrap_or_default() {
            self.table.space.subtract(&cell, changed, &mut cells);
        }
        cells.extend(self.undecided(s, t, &region, near));
        if !cells.is_empty() {
            self.conflicts.insert(pair, cells);
        }
    }
}

/// What two rows share, when they have different owners and neither lies strictly inside the other.
fn disputed(table: &Table, a: u32, b: u32) -> Option<Cuboid> {
    if table.rows[a as usize].owner == table.rows[b as usize].owner
        || table.refines(a, b)
        || table.refines(b, a)
    {
        return None;
    }
    table.space.intersect(table.cuboid(a), table.cuboid(b))
}

fn first_conflicts(table: &Table, overlap: &Overlap) -> BTreeMap<(u32, u32), Vec<Cuboid>> {
    let mut conflicts = BTreeMap::new();
    let mut same: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for row in 0..table.rows.len() as u32 {
        same.entry(overlap.first(row)).or_default().push(row);
    }
    let mut add = |a: u32, b: u32, cells: Vec<Cuboid>| {
        if !cells.is_empty() && table.rows[a as usize].owner != table.rows[b as usize].owner {
            conflicts.insert((a.min(b), a.max(b)), cells);
        }
    };
    for (&first, group) in same.iter().filter(|(f, _)| !table.space.is_empty(table.cuboid(**f))) {
        for (i, &a) in group.iter().enumerate() {
            for &b in &group[i + 1..] {
                add(a, b, uncovered_by_rows(table, table.cuboid(a), &[&overlap.inner[first as usize]]));
            }
        }
        for &other in &overlap.crossing[first as usize] {
            let cells = conflict_cells(table, overlap, first, other);
            for &a in group {
                same[&other].iter().for_each(|&b| add(a, b, cells.clone()));
            }
        }
    }
    conflicts
}

/// Volume of disjoint boxes.
pub fn volume(space: &Space, boxes: &[Cuboid]) -> u128 {
    boxes.iter().map(|b| space.volume(b)).sum()
}

//! Which rows should stand together, so that a lookup reads few of them?
//!
//! Rows are laid into blocks of one machine word. A lookup reads those blocks whose common hull holds the point; so the hulls
//! should be small. As with the bounding boxes of a ray tracer, a cut is judged by the chance that a point falls into
//! either side, times the rows there (the surface area heuristic: Goldsmith and Salmon 1987).

use super::overlap::Overlap;
use super::space::{DIMS, Space, within};
use super::table::Table;

/// Rows of a block: the bits of a word.
pub const BLOCK: usize = 64;
/// A cut leaves at least this many rows on either side. Fewer make tighter hulls but more blocks to choose from; between
/// 16 and 40 the lookups of the benches differ by a tenth.
const LEAST: usize = 32;
/// Cuts that are judged by their true hulls, after all were judged by the dimension they cut alone.
const FINALISTS: usize = 8;
/// Cuts tried per dimension; with more distinct sets, every second, third … is tried.
const TRIED: usize = 64;

/// Non-empty rows in blocks. Every row stands behind all rows that refine it, so the first that applies is a most refined one.
pub fn blocks(table: &Table, overlap: &Overlap) -> Vec<Vec<u32>> {
    let mut blocks = Vec::new();
    // Short levels share a block; a long one is cut up by itself.
    let mut pending: Vec<u32> = Vec::new();
    for level in levels(table, overlap) {
        if pending.len() + level.len() > BLOCK {
            flush(table, &mut pending, &mut blocks);
        }
        pending.extend(level);
    }
    flush(table, &mut pending, &mut blocks);
    blocks
}

fn flush(table: &Table, pending: &mut Vec<u32>, blocks: &mut Vec<Vec<u32>>) {
    match pending.len() {
        0 => {}
        // Only one level can be this long, and its rows may stand in any order.
        n if n > BLOCK => cut(table, std::mem::take(pending), blocks),
        _ => blocks.push(std::mem::take(pending)),
    }
}

/// Rows by the longest chain of rows that refine each other inside them: first those that nothing refines.
fn levels(table: &Table, overlap: &Overlap) -> Vec<Vec<u32>> {
    let space = &table.space;
    let mut rows: Vec<u32> =
        (0..table.rows.len() as u32).filter(|&r| !space.is_empty(table.cuboid(r))).collect();
    // A refining row has the smaller volume, so its level is known first.
    rows.sort_by_cached_key(|&r| (space.volume(table.cuboid(r)), r));
    let mut level_of = vec![0; table.rows.len()];
    let mut levels: Vec<Vec<u32>> = Vec::new();
    for row in rows {
        let inner = &overlap.inner[overlap.first(row) as usize];
        let level = inner.iter().map(|&i| level_of[i as usize] + 1).max().unwrap_or(0);
        level_of[row as usize] = level;
        if levels.len() == level {
            levels.push(Vec::new());
        }
        levels[level].push(row);
    }
    levels
}

/// Cuts rows into blocks, wherever the best cut is.
fn cut(table: &Table, rows: Vec<u32>, blocks: &mut Vec<Vec<u32>>) {
    if rows.len() <= BLOCK && rows.len() < 2 * LEAST {
        blocks.push(rows);
        return;
    }
    match best_cut(table, &rows) {
        Some((one, other)) => {
            cut(table, one, blocks);
            cut(table, other, blocks);
        }
        None => blocks.extend(rows.chunks(BLOCK).map(<[u32]>::to_vec)),
    }
}

fn best_cut(table: &Table, rows: &[u32]) -> Option<(Vec<u32>, Vec<u32>)> {
    let mut cuts: Vec<Cut> = (0..DIMS).flat_map(|d| Cuts::new(table, rows, d).all()).collect();
    cuts.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let sides = cuts.iter().take(FINALISTS).map(|cut| cut.sides(table, rows));
    let judged = sides.map(|(one, other)| (cost(table, &one) + cost(table, &other), one, other));
    judged.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, one, other)| (one, other))
}

/// What these rows cost a lookup: the share of all points that lie in their hull, times how many they are.
fn cost(table: &Table, rows: &[u32]) -> f64 {
    let hull = hull(rows.iter().map(|&r| table.cuboid(r)));
    let inside: f64 = (0..DIMS).map(|d| share(&table.space, d, table.space.set(&hull, d))).product();
    inside * rows.len() as f64
}

/// Rows inside a set of one dimension on one side, all others on the other.
struct Cut {
    dim: usize,
    inside: Vec<u64>,
    cost: f64,
}

impl Cut {
    fn sides(&self, table: &Table, rows: &[u32]) -> (Vec<u32>, Vec<u32>) {
        rows.iter().partition(|&&r| within(table.space.set(table.cuboid(r), self.dim), &self.inside))
    }
}

/// The ways to cut rows in one dimension.
struct Cuts<'t> {
    space: &'t Space,
    dim: usize,
    rows: usize,
    /// Distinct sets in order of where they begin, and how many rows have each.
    sets: Vec<(&'t [u64], usize)>,
}

impl<'t> Cuts<'t> {
    fn new(table: &'t Table, rows: &[u32], dim: usize) -> Self {
        let mut all: Vec<&[u64]> = rows.iter().map(|&r| table.space.set(table.cuboid(r), dim)).collect();
        all.sort_unstable();
        let mut sets: Vec<(&[u64], usize)> =
            all.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect();
        sets.sort_by_cached_key(|(set, _)| middle(set));
        Self { space: &table.space, dim, rows: rows.len(), sets }
    }

    /// Cuts along each set, and between one set and the next.
    fn all(&self) -> Vec<Cut> {
        let step = self.sets.len().div_ceil(TRIED);
        let mut cuts: Vec<Cut> =
            self.sets.iter().step_by(step).filter_map(|(set, _)| self.along(set.to_vec())).collect();
        let mut so_far = vec![0; self.sets.first().map_or(0, |(set, _)| set.len())];
        for (i, (set, _)) in self.sets.iter().enumerate() {
            join(&mut so_far, set);
            if i % step == 0 {
                cuts.extend(self.along(so_far.clone()));
            }
        }
        cuts
    }

    /// The cut along one set, unless it leaves too few rows on a side.
    fn along(&self, inside: Vec<u64>) -> Option<Cut> {
        let (mut count, mut rest) = (0, vec![0; inside.len()]);
        for (set, rows) in &self.sets {
            if within(set, &inside) {
                count += rows;
            } else {
                join(&mut rest, set);
            }
        }
        let others = self.rows - count;
        let share = |set: &[u64], rows: usize| share(self.space, self.dim, set) * rows as f64;
        let whole = share(&hull(self.sets.iter().map(|(set, _)| *set)), self.rows);
        let cost = (share(&inside, count) + share(&rest, others)) / whole;
        (count >= LEAST && others >= LEAST).then_some(Cut { dim: self.dim, inside, cost })
    }
}

/// The smallest set that holds all of them.
fn hull<'s>(sets: impl Iterator<Item = &'s [u64]>) -> Vec<u64> {
    sets.fold(Vec::new(), |mut hull, set| {
        hull.resize(set.len(), 0);
        join(&mut hull, set);
        hull
    })
}

fn join(to: &mut [u64], set: &[u64]) {
    for (t, s) in to.iter_mut().zip(set) {
        *t |= s;
    }
}

/// The share of the dimension's atoms that a set has.
fn share(space: &Space, d: usize, set: &[u64]) -> f64 {
    f64::from(set.iter().map(|w| w.count_ones()).sum::<u32>()) / space.atoms(d) as f64
}

/// Where a set lies: the mean of its atoms, in 64ths; of two with the same mean the smaller comes first.
fn middle(set: &[u64]) -> (usize, usize) {
    let (sum, count) = super::space::atoms_of(set).fold((0, 0), |(sum, count), atom| (sum + atom, count + 1));
    (sum * 64 / count.max(1), count)
}

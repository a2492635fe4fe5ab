//! Where do two tables over one space disagree?

use std::collections::BTreeMap;

use super::cover::Cover;
use super::overlap::Overlap;
use super::space::{Cuboid, DIMS, Space};
use super::table::{Row, Table};
use super::verdict::{coverage, maximal_boxes, uncovered_by_rows};

/// Who owned a point before, or who owns it after; `None` where nobody does.
pub type Owner = Option<u32>;

/// Points that change hands in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Owner number in the first table.
    pub from: Owner,
    /// Owner number in the second table.
    pub to: Owner,
    /// Where, as maximal boxes: together exactly the points that change so; they may overlap one another.
    pub cells: Vec<Cuboid>,
    /// Context-minutes that change so.
    pub volume: u128,
}

/// Finds all points whose owner differs. Both tables must be over the same space and without conflicts; where rows
/// conflict, each of their owners is counted.
pub fn difference(before: &Table, after: &Table) -> Vec<Change> {
    let mut joint = Joint::new(before, after);
    joint.compare();
    joint.changes()
}

/// Both tables as one list of rows, first the earlier, then the later.
struct Joint {
    table: Table,
    split: usize,
    overlap_before: Overlap,
    overlap_after: Overlap,
    /// What each table leaves to nobody, as disjoint boxes.
    open_before: Vec<Cuboid>,
    open_after: Vec<Cuboid>,
    cells: BTreeMap<(Owner, Owner), Vec<Cuboid>>,
}

impl Joint {
    fn new(before: &Table, after: &Table) -> Self {
        assert_eq!(before.space, after.space, "both tables are over one space");
        let rows: Vec<Row> = before.rows.iter().chain(&after.rows).cloned().collect();
        let (overlap_before, overlap_after) = (Overlap::new(before), Overlap::new(after));
        Self {
            table: Table { space: before.space.clone(), rows },
            split: before.rows.len(),
            open_before: coverage(before, &overlap_before).holes(),
            open_after: coverage(after, &overlap_after).holes(),
            overlap_before,
            overlap_after,
            cells: BTreeMap::new(),
        }
    }

    fn compare(&mut self) {
        let all = Overlap::meeting(&self.table, self.split);
        let shift = |rows: &[u32]| -> Vec<u32> { rows.iter().map(|&r| r + self.split as u32).collect() };
        let inner_after: Vec<Vec<u32>> = (0..self.table.rows.len() - self.split)
            .map(|r| shift(&self.overlap_after.inner[self.overlap_after.first(r as u32) as usize]))
            .collect();
        for (a, others) in all.iter().enumerate() {
            let inner_a = &self.overlap_before.inner[self.overlap_before.first(a as u32) as usize];
            for &b in others {
                let (from, to) = (self.table.rows[a].owner, self.table.rows[b as usize].owner);
                if from == to {
                    continue;
                }
                let both = self.table.space.intersect(self.table.cuboid(a as u32), self.table.cuboid(b));
                let both = both.expect("meeting rows meet");
                let cells =
                    uncovered_by_rows(&self.table, &both, &[inner_a, &inner_after[b as usize - self.split]]);
                self.cells.entry((Some(from), Some(to))).or_default().extend(cells);
            }
        }
        self.compare_with_nobody(&inner_after);
    }

    /// Points that one of the tables leaves to nobody.
    fn compare_with_nobody(&mut self, inner_after: &[Vec<u32>]) {
        let split = self.split as u32;
        for row in 0..self.table.rows.len() as u32 {
            let owner = Some(self.table.rows[row as usize].owner);
            let (key, open, inner) = if row < split {
                let inner = &self.overlap_before.inner[self.overlap_before.first(row) as usize];
                ((owner, None), &self.open_after, inner)
            } else {
                ((None, owner), &self.open_before, &inner_after[(row - split) as usize])
            };
            let cuboid = self.table.cuboid(row);
            for both in open.iter().filter_map(|hole| self.table.space.intersect(cuboid, hole)) {
                let cells = uncovered_by_rows(&self.table, &both, &[inner]);
                self.cells.entry(key).or_default().extend(cells);
            }
        }
    }

    fn changes(self) -> Vec<Change> {
        let Self { table, cells, .. } = self;
        let space = &table.space;
        let mut changes = Vec::new();
        for ((from, to), cells) in cells {
            if cells.is_empty() {
                continue;
            }
            // Two pairs of rows with the same owners may give the same points: count each once.
            let cover = Cover::new(space, space.full(), cells.iter().map(|c| &**c));
            let disjoint: Vec<Cuboid> = cover.pieces.iter().map(|(p, _)| p.clone()).collect();
            let volume = disjoint.iter().map(|p| space.volume(p)).sum();
            let cells = readable(space, disjoint);
            changes.push(Change { from, to, cells, volume });
        }
        changes.sort_by(|a, b| b.volume.cmp(&a.volume).then((a.from, a.to).cmp(&(b.from, b.to))));
        changes
    }
}

/// With more boxes than this, widening them into one another costs more than it makes readable.
const WIDENED: usize = 64;

/// Disjoint boxes as fewer and wider ones that hold the same points.
fn readable(space: &Space, mut boxes: Vec<Cuboid>) -> Vec<Cuboid> {
    while merge_once(space, &mut boxes) {}
    if boxes.len() > WIDENED {
        return boxes;
    }
    // Everything but these points is out of bounds for widening.
    let rest = Cover::new(space, space.full(), boxes.iter().map(|c| &**c)).holes();
    let bounds: Vec<&[u64]> = rest.iter().map(|c| &**c).collect();
    maximal_boxes(space, space.full(), boxes, &bounds)
}

/// Joins boxes that differ in one dimension only; says whether any were joined.
fn merge_once(space: &Space, boxes: &mut Vec<Cuboid>) -> bool {
    let before = boxes.len();
    for d in 0..DIMS {
        let mut alike: BTreeMap<Cuboid, Cuboid> = BTreeMap::new();
        for cuboid in boxes.drain(..) {
            let mut key = cuboid.clone();
            space.set_mut(&mut key, d).fill(0);
            let joined = alike.entry(key).or_insert_with(|| space.empty());
            joined.iter_mut().zip(&cuboid).for_each(|(j, c)| *j |= c);
        }
        boxes.extend(alike.into_values());
    }
    boxes.len() < before
}

//! Who owns this point, in nanoseconds; why; and who nearly does.
//!
//! Per dimension and atom a bitmap says which rows hold there; the rows that all eight bitmaps have apply. Rows stand in
//! blocks of one word ([`super::cluster`]), and a second, 64 times shorter bitmap says which blocks have such a row at all: it
//! stays in the nearest cache, and mostly leaves one block to read. Counting the bitmaps that lack a row gives the near
//! misses.

use super::cluster::{BLOCK, blocks};
use super::overlap::Overlap;
use super::space::{Bits, DIMS, atoms_of};
use super::table::{Answer, Table};

/// Bitmaps of a table.
#[derive(Debug, Clone)]
pub struct Bitmap {
    blocks: usize,
    /// Row at each position; a block that is not full ends with [`NONE`].
    row_at: Vec<u32>,
    /// Where the bitmaps of each dimension begin, counted in bitmaps.
    start: [usize; DIMS],
    bits: Vec<u64>,
    /// For each bitmap, which blocks have a row in it: one bit per block.
    summary: Vec<u64>,
    summary_words: usize,
    /// Per block, rows that cross another or have a copy: where one of them comes first, others must be asked too.
    shared: Vec<u64>,
}

/// A position without a row.
const NONE: u32 = u32::MAX;

/// Why a point has the owner that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What holds at the point.
    pub answer: Answer,
    /// Rows that apply too but give way to a narrower one, ascending.
    pub beaten: Vec<u32>,
    /// Rows that one single condition keeps out, with the dimension of that condition; ascending.
    pub near: Vec<(u32, usize)>,
}

impl Bitmap {
    /// Reads the table once.
    pub fn new(table: &Table) -> Self {
        let space = &table.space;
        let overlap = Overlap::new(table);
        let groups = blocks(table, &overlap);
        let mut start = [0; DIMS];
        for d in 1..DIMS {
            start[d] = start[d - 1] + space.atoms(d - 1);
        }
        let bitmaps = start[DIMS - 1] + space.atoms(DIMS - 1);
        let summary_words = groups.len().div_ceil(64);
        let mut this = Self {
            blocks: groups.len(),
            row_at: vec![NONE; groups.len() * BLOCK],
            start,
            bits: vec![0; bitmaps * groups.len()],
            summary: vec![0; bitmaps * summary_words],
            summary_words,
            shared: vec![0; groups.len()],
        };
        let shared = shared(&overlap);
        for (block, rows) in groups.iter().enumerate() {
            for (bit, &row) in rows.iter().enumerate() {
                this.row_at[block * BLOCK + bit] = row;
                this.shared[block] |= u64::from(shared[row as usize]) << bit;
                this.mark(table, row, block, bit);
            }
        }
        this
    }

    fn mark(&mut self, table: &Table, row: u32, block: usize, bit: usize) {
        for d in 0..DIMS {
            for atom in atoms_of(table.space.set(table.cuboid(row), d)) {
                let bitmap = self.start[d] + atom;
                self.bits[bitmap * self.blocks + block] |= 1 << bit;
                self.summary[bitmap * self.summary_words + block / 64] |= 1 << (block % 64);
            }
        }
    }

    /// The row that owns a point given by one atom per dimension, when exactly one owner does; of several that agree, the
    /// one with the lowest number. `table` is the one this was made from.
    ///
    /// Atoms must be below the dimension's size; a larger one gives a wrong answer or panics.
    #[inline]
    pub fn row(&self, table: &Table, point: &[u16; DIMS]) -> Option<u32> {
        let at = self.bitmaps_at(point);
        let (block, applying) = self.first_hit(&at)?;
        let first = applying & applying.wrapping_neg();
        if self.shared[block] & first == 0 || (applying == first && self.hits(&at).nth(1).is_none()) {
            // Whatever else applies is wider than this row.
            return Some(self.row_at[block * BLOCK + first.trailing_zeros() as usize]);
        }
        match self.answer(table, point) {
            Answer::Owned(row) => Some(row),
            Answer::Gap | Answer::Conflict(_) => None,
        }
    }

    /// What holds at a point.
    pub fn answer(&self, table: &Table, point: &[u16; DIMS]) -> Answer {
        let rows = |(block, applying)| Bits(applying).map(move |bit| self.row_at[block * BLOCK + bit]);
        let mut applying: Vec<u32> = self.hits(&self.bitmaps_at(point)).flat_map(rows).collect();
        applying.sort_unstable();
        table.most_refined(&applying)
    }

    /// The bitmap of each dimension at a point.
    #[inline]
    fn bitmaps_at(&self, point: &[u16; DIMS]) -> [usize; DIMS] {
        std::array::from_fn(|d| self.start[d] + usize::from(point[d]))
    }

    /// Blocks in which rows apply, and which.
    fn hits(&self, at: &[usize; DIMS]) -> impl Iterator<Item = (usize, u64)> {
        let blocks =
            (0..self.summary_words).flat_map(|s| Bits(self.live(at, s)).map(move |bit| s * 64 + bit));
        blocks.map(|block| (block, self.applying(at, block))).filter(|(_, rows)| *rows != 0)
    }

    /// The first of them: plain loops, because this is what every lookup runs.
    #[inline]
    fn first_hit(&self, at: &[usize; DIMS]) -> Option<(usize, u64)> {
        for s in 0..self.summary_words {
            for bit in Bits(self.live(at, s)) {
                let block = s * 64 + bit;
                let rows = self.applying(at, block);
                if rows != 0 {
                    return Some((block, rows));
                }
            }
        }
        None
    }

    /// Blocks, 64 of them, in which every bitmap has a row.
    #[inline]
    fn live(&self, at: &[usize; DIMS], s: usize) -> u64 {
        at.iter().fold(u64::MAX, |all, b| all & self.summary[b * self.summary_words + s])
    }

    /// Rows of a block that every bitmap has.
    #[inline]
    fn applying(&self, at: &[usize; DIMS], block: usize) -> u64 {
        at.iter().fold(u64::MAX, |all, b| all & self.bits[b * self.blocks + block])
    }

    /// What holds at a point, which rows give way there, and which rows one condition keeps out.
    pub fn reason(&self, table: &Table, point: &[u16; DIMS]) -> Reason {
        let (mut applying, mut near) = (Vec::new(), Vec::new());
        for w in 0..self.blocks {
            // Rows that no bitmap lacks so far, and rows that exactly one lacks.
            let (mut all, mut one) = (self.valid(w), 0u64);
            for d in 0..DIMS {
                let here = self.word(d, point, w);
                one = (one & here) | (all & !here);
                all &= here;
            }
            applying.extend(Bits(all).map(|b| self.row_at[w * BLOCK + b]));
            for bit in Bits(one) {
                let lacking = |d: &usize| self.word(*d, point, w) >> bit & 1 == 0;
                let d = (0..DIMS).find(lacking).expect("one bitmap lacks the row");
                near.push((self.row_at[w * BLOCK + bit], d));
            }
        }
        applying.sort_unstable();
        near.sort_unstable();
        let answer = table.most_refined(&applying);
        let stands = |r: &u32| match &answer {
            Answer::Conflict(rows) => rows.contains(r),
            _ => !applying.iter().any(|&o| table.refines(o, *r)),
        };
        let beaten = applying.iter().copied().filter(|r| !stands(r)).collect();
        Reason { answer, beaten, near }
    }

    /// Bytes of the bitmaps.
    pub fn bytes(&self) -> usize {
        (self.bits.len() + self.summary.len()) * 8 + self.row_at.len() * 4
    }

    fn word(&self, d: usize, point: &[u16; DIMS], w: usize) -> u64 {
        self.bits[(self.start[d] + usize::from(point[d])) * self.blocks + w]
    }

    /// The positions of a block that stand for a row.
    fn valid(&self, block: usize) -> u64 {
        let rows = &self.row_at[block * BLOCK..][..BLOCK];
        u64::MAX >> rows.iter().filter(|&&row| row == NONE).count()
    }
}

/// Rows that cross another or have a copy.
fn shared(overlap: &Overlap) -> Vec<bool> {
    let mut shared = vec![false; overlap.crossing.len()];
    for (row, crossing) in overlap.crossing.iter().enumerate() {
        shared[row] |= !crossing.is_empty();
        for &other in crossing {
            shared[other as usize] = true;
        }
    }
    for (row, original) in overlap.copy_of.iter().enumerate() {
        if let Some(original) = original {
            shared[row] = true;
            shared[*original as usize] = true;
        }
    }
    shared
}

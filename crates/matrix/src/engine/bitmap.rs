//! The same answer from bitmaps, the reason, and the near misses.
//!
//! Per dimension and atom a bitmap says which rows hold there. Rows stand in refinement order (narrower first), so the
//! first row that all eight bitmaps have is the owner. Counting the bitmaps that lack a row gives the near misses.

use super::space::{Bits, DIMS, atoms_of};
use super::table::{Answer, Table};

/// Bitmaps of a table.
#[derive(Debug, Clone)]
pub struct Bitmap {
    words: usize,
    /// Row at each position, narrower rows first.
    row_at: Vec<u32>,
    /// Where the bitmaps of each dimension begin, counted in bitmaps.
    start: [usize; DIMS],
    bits: Vec<u64>,
    /// For each bitmap, which of its words are not zero: one bit per word.
    summary: Vec<u64>,
    summary_words: usize,
}

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
        let mut row_at: Vec<u32> =
            (0..table.rows.len() as u32).filter(|&r| !space.is_empty(table.cuboid(r))).collect();
        // A refining row has the smaller volume, so ascending volume is a refinement order.
        row_at.sort_by_cached_key(|&r| (space.volume(table.cuboid(r)), r));
        let words = row_at.len().div_ceil(64).max(1);
        let mut start = [0; DIMS];
        for d in 1..DIMS {
            start[d] = start[d - 1] + space.atoms(d - 1);
        }
        let total = start[DIMS - 1] + space.atoms(DIMS - 1);
        let mut bits = vec![0u64; total * words];
        for (position, &row) in row_at.iter().enumerate() {
            for (d, &first) in start.iter().enumerate() {
                for atom in atoms_of(space.set(table.cuboid(row), d)) {
                    bits[(first + atom) * words + position / 64] |= 1 << (position % 64);
                }
            }
        }
        let summary_words = words.div_ceil(64);
        let mut summary = vec![0u64; total * summary_words];
        for (i, _) in bits.iter().enumerate().filter(|(_, word)| **word != 0) {
            let (bitmap, at) = (i / words, i % words);
            summary[bitmap * summary_words + at / 64] |= 1 << (at % 64);
        }
        Self { words, row_at, start, bits, summary, summary_words }
    }

    /// The row that owns a point of a **sound** table. On a table with conflicts it is one of the rows in dispute.
    #[inline]
    pub fn row(&self, point: &[u16; DIMS]) -> Option<u32> {
        let at: [usize; DIMS] = std::array::from_fn(|d| self.start[d] + usize::from(point[d]));
        for s in 0..self.summary_words {
            let live = at.iter().fold(u64::MAX, |all, b| all & self.summary[b * self.summary_words + s]);
            for bit in Bits(live) {
                let w = s * 64 + bit;
                let rows = at.iter().fold(u64::MAX, |all, b| all & self.bits[b * self.words + w]);
                if rows != 0 {
                    return Some(self.row_at[w * 64 + rows.trailing_zeros() as usize]);
                }
            }
        }
        None
    }

    /// What holds at a point, which rows give way there, and which rows one condition keeps out.
    pub fn reason(&self, table: &Table, point: &[u16; DIMS]) -> Reason {
        let (mut applying, mut near) = (Vec::new(), Vec::new());
        for w in 0..self.words {
            // Rows that no bitmap lacks so far, and rows that exactly one lacks.
            let (mut all, mut one) = (self.valid(w), 0u64);
            for d in 0..DIMS {
                let here = self.word(d, point, w);
                one = (one & here) | (all & !here);
                all &= here;
            }
            applying.extend(Bits(all).map(|b| self.row_at[w * 64 + b]));
            for bit in Bits(one) {
                let lacking = |d: &usize| self.word(*d, point, w) >> bit & 1 == 0;
                let d = (0..DIMS).find(lacking).expect("one bitmap lacks the row");
                near.push((self.row_at[w * 64 + bit], d));
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
        self.bits[(self.start[d] + usize::from(point[d])) * self.words + w]
    }

    /// The positions of a word that stand for a row.
    fn valid(&self, w: usize) -> u64 {
        match self.row_at.len().saturating_sub(w * 64) {
            0 => 0,
            n if n >= 64 => u64::MAX,
            n => (1 << n) - 1,
        }
    }
}

//! Which rows cross, and which lies inside which?
//!
//! Rows share few distinct sets per dimension. For each distinct set a bitmap tells the rows that meet it; the rows that
//! meet a row are the AND of its eight bitmaps, so all pairs cost rows² / 64 word operations per dimension.

use rustc_hash::FxHashMap;

use super::space::{Bits, DIMS, within};
use super::table::Table;

/// With more distinct sets in a dimension than this share of the rows, building a bitmap for each costs more than
/// testing the few pairs that the other dimensions leave over.
const ROWS_PER_SET: usize = 16;

/// A set of rows as bits.
pub type RowBits = Box<[u64]>;

/// Bitmaps of the rows per distinct set of each dimension.
#[derive(Debug, Clone)]
pub struct Index {
    words: usize,
    dims: Vec<DimIndex>,
}

/// One dimension of the index.
#[derive(Debug, Clone)]
struct DimIndex {
    /// Distinct set of each row.
    set_of: Vec<u32>,
    /// Bitmap of the rows that meet each distinct set; empty where there are too many sets.
    meets: Vec<RowBits>,
}

impl Index {
    /// Reads the table once.
    pub fn new(table: &Table) -> Self {
        let words = table.rows.len().div_ceil(64);
        let dims = (0..DIMS).map(|d| DimIndex::new(table, d, words)).collect();
        Self { words, dims }
    }

    /// Candidates that meet the row, as far as the bitmaps tell; the row itself is among them.
    fn candidates(&self, row: u32, out: &mut [u64]) {
        out.fill(u64::MAX);
        for dim in &self.dims {
            if let Some(bits) = dim.meets.get(dim.set_of[row as usize] as usize) {
                for (o, b) in out.iter_mut().zip(bits) {
                    *o &= b;
                }
            }
        }
    }

    /// Dimensions with too many sets for bitmaps, in which candidates still need a look.
    fn unindexed(&self) -> Vec<usize> {
        (0..DIMS).filter(|&d| self.dims[d].meets.is_empty()).collect()
    }
}

impl DimIndex {
    fn new(table: &Table, d: usize, words: usize) -> Self {
        let mut numbers: FxHashMap<&[u64], u32> = FxHashMap::default();
        let mut sets: Vec<&[u64]> = Vec::new();
        let mut rows_of: Vec<Vec<u32>> = Vec::new();
        let mut set_of = Vec::with_capacity(table.rows.len());
        for (i, row) in table.rows.iter().enumerate() {
            let set = table.space.set(&row.cuboid, d);
            let number = *numbers.entry(set).or_insert_with(|| {
                sets.push(set);
                rows_of.push(Vec::new());
                sets.len() as u32 - 1
            });
            rows_of[number as usize].push(i as u32);
            set_of.push(number);
        }
        let mut meets = Vec::new();
        if sets.len() <= (table.rows.len() / ROWS_PER_SET).max(48) {
            meets = vec![vec![0u64; words].into_boxed_slice(); sets.len()];
            for p in 0..sets.len() {
                let touching = |q: &usize| sets[p].iter().zip(sets[*q]).any(|(x, y)| x & y != 0);
                for q in (p..sets.len()).filter(touching) {
                    mark(&mut meets[p], &rows_of[q]);
                    mark(&mut meets[q], &rows_of[p]);
                }
            }
        }
        Self { set_of, meets }
    }
}

fn mark(bits: &mut [u64], rows: &[u32]) {
    for &r in rows {
        bits[r as usize / 64] |= 1 << (r % 64);
    }
}

/// How the rows of a table lie to each other.
#[derive(Debug, Clone, Default)]
pub struct Overlap {
    /// For each row, the first row with the same box, if that is another one: the row is then a copy.
    pub copy_of: Vec<Option<u32>>,
    /// Rows with an empty box: they hold nowhere.
    pub empty: Vec<u32>,
    /// For each row that is no copy, the rows that strictly contain it.
    pub outer: Vec<Vec<u32>>,
    /// For each row that is no copy, the rows that refine it.
    pub inner: Vec<Vec<u32>>,
    /// For each row that is no copy, the rows with a higher number that cross it: they meet, and neither contains the other.
    pub crossing: Vec<Vec<u32>>,
}

impl Overlap {
    /// Compares all rows.
    pub fn new(table: &Table) -> Self {
        let n = table.rows.len();
        let index = Index::new(table);
        let mut this = Self {
            copy_of: copies(table),
            empty: (0..n as u32).filter(|&r| table.space.is_empty(table.cuboid(r))).collect(),
            outer: vec![Vec::new(); n],
            inner: vec![Vec::new(); n],
            crossing: vec![Vec::new(); n],
        };
        let mut bits = vec![0u64; index.words];
        let unindexed = index.unindexed();
        let firsts: Vec<u32> = (0..n as u32).filter(|&r| this.copy_of[r as usize].is_none()).collect();
        for row in firsts {
            index.candidates(row, &mut bits);
            let words = bits.iter().enumerate().skip(row as usize / 64);
            for other in words.flat_map(|(i, &word)| Bits(word).map(move |bit| (i * 64 + bit) as u32)) {
                if other > row && this.copy_of[other as usize].is_none() {
                    this.relate(table, row, other, &unindexed);
                }
            }
        }
        this
    }

    /// The first row with the box of this one: itself, unless it is a copy.
    pub fn first(&self, row: u32) -> u32 {
        self.copy_of[row as usize].unwrap_or(row)
    }

    /// For each of the first `split` rows, the rows from `split` on that meet it.
    pub fn meeting(table: &Table, split: usize) -> Vec<Vec<u32>> {
        let index = Index::new(table);
        let unindexed = index.unindexed();
        let mut bits = vec![0u64; index.words];
        let mut all = Vec::with_capacity(split);
        for row in 0..split as u32 {
            index.candidates(row, &mut bits);
            let others =
                bits.iter().enumerate().skip(split / 64).flat_map(|(i, &w)| Bits(w).map(move |b| i * 64 + b));
            let touches = |o: u32| {
                unindexed.iter().all(|&d| table.space.meets_in(table.cuboid(row), table.cuboid(o), d))
            };
            let meets = |&o: &u32| o as usize >= split && touches(o);
            all.push(others.map(|o| o as u32).filter(meets).collect());
        }
        all
    }

    fn relate(&mut self, table: &Table, row: u32, other: u32, unindexed: &[usize]) {
        let (a, b) = (table.cuboid(row), table.cuboid(other));
        if !unindexed.iter().all(|&d| table.space.meets_in(a, b, d)) {
            return;
        }
        if within(a, b) {
            self.outer[row as usize].push(other);
            self.inner[other as usize].push(row);
        } else if within(b, a) {
            self.outer[other as usize].push(row);
            self.inner[row as usize].push(other);
        } else {
            self.crossing[row as usize].push(other);
        }
    }
}

/// For each row the first row with the same box, if that is another one.
fn copies(table: &Table) -> Vec<Option<u32>> {
    let mut first: FxHashMap<&[u64], u32> = FxHashMap::default();
    let mut copy_of = Vec::with_capacity(table.rows.len());
    for (i, row) in table.rows.iter().enumerate() {
        let seen = *first.entry(&row.cuboid).or_insert(i as u32);
        copy_of.push((seen != i as u32).then_some(seen));
    }
    copy_of
}

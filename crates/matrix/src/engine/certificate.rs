//! A proof of soundness that somebody else can check, and the checker.
//!
//! The certificate repeats the table and adds two lists: disjoint pieces that add up to the whole space (no gap), and, for
//! every two rows that cross with different owners, disjoint pieces of narrower rows that add up to what the two share
//! (no conflict). [`check`] uses none of the engine: plain lists of atom numbers and sums in `u128`.

use serde::{Deserialize, Serialize};

use super::cover::Cover;
use super::overlap::Overlap;
use super::space::{DIMS, atoms_of};
use super::table::Table;
use super::verdict::Verdict;

/// A box as lists of atom numbers, one list per dimension.
pub type Plain = Vec<Vec<u32>>;

/// The proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Weight of every atom of every dimension.
    pub weights: Vec<Vec<u64>>,
    /// Rows: box and number of the owner.
    pub rows: Vec<(Plain, u32)>,
    /// Disjoint boxes that fill the space, each inside the row that is named.
    pub pieces: Vec<(Plain, u32)>,
    /// For each pair of crossing rows with different owners: disjoint boxes that fill what they share, each inside a row
    /// that refines one of the two.
    pub decided: Vec<Decided>,
}

/// Why two crossing rows do not conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// One row.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Disjoint boxes, each with the narrower row that takes it.
    pub pieces: Vec<(Plain, u32)>,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A box does not fit the dimensions, or lists an atom twice or out of order.
    #[error("{0} is not a box of this space")]
    Malformed(String),
    /// The weights of a dimension leave no space to prove anything about: there is none, one is 0 (then a hole would weigh
    /// nothing), or the whole does not fit into 128 bits (then sums would wrap around).
    #[error(
        "the weights of dimension {0} make no space: each must be at least 1, and the whole must fit into 128 bits"
    )]
    Weights(usize),
    /// A piece is not inside the row that it is said to come from.
    #[error("piece {0} is not inside its row")]
    Outside(usize),
    /// Two pieces share a point, so their volumes must not be added.
    #[error("pieces {0} and {1} overlap")]
    Overlap(usize, usize),
    /// The pieces add up to less than they should.
    #[error("the pieces add up to {found}, the whole is {whole}")]
    Short {
        /// Sum of the pieces.
        found: u128,
        /// What it should be.
        whole: u128,
    },
    /// Two rows disagree and nothing says who decides.
    #[error("rows {0} and {1} cross with different owners and nothing decides between them")]
    Undecided(u32, u32),
    /// A row that is said to decide is not narrower than either of the two.
    #[error("row {0} is not narrower than the rows that it is said to decide between")]
    NotNarrower(u32),
}

impl Certificate {
    /// The certificate of a sound table; `None` when the table is not sound.
    pub fn new(table: &Table) -> Option<Self> {
        let overlap = Overlap::new(table);
        let verdict = Verdict::with_overlap(table, &overlap);
        if !verdict.is_sound() {
            return None;
        }
        let plain = |cuboid: &[u64]| -> Plain {
            let list = |d| atoms_of(table.space.set(cuboid, d)).map(|a| a as u32).collect();
            (0..DIMS).map(list).collect()
        };
        let weights = |d| (0..table.space.atoms(d)).map(|a| table.space.atom_weight(d, a)).collect();
        let mut decided = Vec::new();
        for (a, b) in disputed_pairs(table, &overlap) {
            let both = table.space.intersect(table.cuboid(a), table.cuboid(b)).expect("disputed rows meet");
            // Copies are entered once, so the refiners of a copy are those of the first row with its box.
            let first = |r: u32| overlap.copy_of[r as usize].unwrap_or(r) as usize;
            let inner: Vec<u32> =
                overlap.inner[first(a)].iter().chain(&overlap.inner[first(b)]).copied().collect();
            let cover = Cover::new(&table.space, &both, inner.iter().map(|&r| table.cuboid(r)));
            let pieces = cover.pieces.iter().map(|(p, k)| (plain(p), inner[*k as usize])).collect();
            decided.push(Decided { a, b, pieces });
        }
        Some(Self {
            weights: (0..DIMS).map(weights).collect(),
            rows: table.rows.iter().map(|r| (plain(&r.cuboid), r.owner)).collect(),
            pieces: verdict.pieces.iter().map(|(p, r)| (plain(p), *r)).collect(),
            decided,
        })
    }
}

/// Pairs of rows, lower number first, that share points, contain neither each other strictly, and have different owners.
fn disputed_pairs(table: &Table, overlap: &Overlap) -> Vec<(u32, u32)> {
    let owner = |r: u32| table.rows[r as usize].owner;
    let mut copies: Vec<Vec<u32>> = (0..table.rows.len() as u32).map(|r| vec![r]).collect();
    for (row, first) in overlap.copy_of.iter().enumerate() {
        if let Some(first) = first.filter(|&f| !table.space.is_empty(table.cuboid(f))) {
            copies[first as usize].push(row as u32);
        }
    }
    let mut pairs = Vec::new();
    for first in 0..table.rows.len() {
        let group = &copies[first];
        pairs
            .extend(group.iter().enumerate().flat_map(|(i, &a)| group[i + 1..].iter().map(move |&b| (a, b))));
        for &other in &overlap.crossing[first] {
            pairs.extend(
                group.iter().flat_map(|&a| copies[other as usize].iter().map(move |&b| (a.min(b), a.max(b)))),
            );
        }
    }
    pairs.retain(|&(a, b)| owner(a) != owner(b));
    pairs
}

/// Checks a certificate with nothing but lists and sums. Time grows with the square of rows and pieces.
pub fn check(proof: &Certificate) -> Result<(), Flaw> {
    space_fits(proof)?;
    let full: Plain = proof.weights.iter().map(|w| (0..w.len() as u32).collect()).collect();
    for (i, (cuboid, _)) in proof.rows.iter().enumerate() {
        well_formed(proof, cuboid, || format!("row {i}"))?;
    }
    fills(proof, &full, &proof.pieces)?;
    for a in 0..proof.rows.len() {
        for b in a + 1..proof.rows.len() {
            let ((first, owner), (second, other)) = (&proof.rows[a], &proof.rows[b]);
            let nested = first != second && (inside(first, second) || inside(second, first));
            if owner != other && !nested && meets(first, second) {
                decides(proof, a as u32, b as u32)?;
            }
        }
    }
    Ok(())
}

/// Whether narrower rows take all that two rows share.
fn decides(proof: &Certificate, a: u32, b: u32) -> Result<(), Flaw> {
    let (first, second) = (&proof.rows[a as usize].0, &proof.rows[b as usize].0);
    let decided = proof.decided.iter().find(|d| d.a == a && d.b == b).ok_or(Flaw::Undecided(a, b))?;
    for (_, row) in &decided.pieces {
        let narrow = &proof.rows.get(*row as usize).ok_or(Flaw::NotNarrower(*row))?.0;
        if ![first, second].into_iter().any(|wide| inside(narrow, wide) && narrow != wide) {
            return Err(Flaw::NotNarrower(*row));
        }
    }
    let both: Plain = first.iter().zip(second).map(|(x, y)| common(x, y)).collect();
    fills(proof, &both, &decided.pieces)
}

/// Whether every atom weighs something and the whole can be counted; no part of it can overflow then.
fn space_fits(proof: &Certificate) -> Result<(), Flaw> {
    let mut whole: u128 = 1;
    for (d, weights) in proof.weights.iter().enumerate() {
        let sum: u128 = weights.iter().map(|&w| u128::from(w)).sum();
        let fits = sum > 0 && !weights.contains(&0);
        whole = whole.checked_mul(sum).filter(|_| fits).ok_or(Flaw::Weights(d))?;
    }
    Ok(())
}

/// Whether disjoint pieces, each inside the row that it names, add up to the region.
fn fills(proof: &Certificate, region: &Plain, pieces: &[(Plain, u32)]) -> Result<(), Flaw> {
    let volume = |b: &Plain| -> u128 {
        let weight =
            |d: usize| -> u128 { b[d].iter().map(|&a| u128::from(proof.weights[d][a as usize])).sum() };
        (0..b.len()).map(weight).product()
    };
    let mut found = 0;
    for (i, (piece, row)) in pieces.iter().enumerate() {
        well_formed(proof, piece, || format!("piece {i}"))?;
        let row = &proof.rows.get(*row as usize).ok_or(Flaw::Outside(i))?.0;
        if !inside(piece, row) || !inside(piece, region) {
            return Err(Flaw::Outside(i));
        }
        if let Some(j) = (0..i).find(|&j| meets(piece, &pieces[j].0)) {
            return Err(Flaw::Overlap(j, i));
        }
        found += volume(piece);
    }
    let whole = volume(region);
    if found == whole { Ok(()) } else { Err(Flaw::Short { found, whole }) }
}

fn well_formed(proof: &Certificate, cuboid: &Plain, name: impl Fn() -> String) -> Result<(), Flaw> {
    let ascending = |set: &Vec<u32>| set.windows(2).all(|w| w[0] < w[1]);
    let fits =
        |(set, weights): (&Vec<u32>, &Vec<u64>)| set.last().is_none_or(|&a| (a as usize) < weights.len());
    let good = cuboid.len() == proof.weights.len()
        && cuboid.iter().all(ascending)
        && cuboid.iter().zip(&proof.weights).all(fits);
    if good { Ok(()) } else { Err(Flaw::Malformed(name())) }
}

fn common(a: &[u32], b: &[u32]) -> Vec<u32> {
    a.iter().copied().filter(|x| b.binary_search(x).is_ok()).collect()
}

fn meets(a: &Plain, b: &Plain) -> bool {
    a.iter().zip(b).all(|(s, t)| s.iter().any(|x| t.binary_search(x).is_ok()))
}

fn inside(a: &Plain, b: &Plain) -> bool {
    a.iter().zip(b).all(|(s, t)| s.iter().all(|x| t.binary_search(x).is_ok()))
}

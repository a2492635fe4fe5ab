//! Tables with a known answer, for tests and benches.
//!
//! The rules follow Calvanese et al., *Semantic DMN / Verification of decision tables* (BPM 2016): a partition of the
//! space by recursive guillotine cuts, then noise on a share of the rows, so that the number of holes is known.

use super::space::{Cuboid, DIMS, Space, atoms_of};
use super::table::{Row, Table};

/// A small, fast, reproducible source of numbers (`SplitMix64`, Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// A source that always gives the same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`, which must not be 0. The bias is below 2⁻³² for the sizes used here.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }
}

/// The space that the benches use: 240 services, 4 tiers, 5 priorities, 12 sites, 8 asset classes, 8 requester groups,
/// 7 kinds and 631 time atoms that add up to a year of minutes.
pub fn bench_space(seed: u64) -> Space {
    const TIME_ATOMS: usize = 631;
    const YEAR: u64 = 365 * 24 * 60;
    let mut rng = Rng::new(seed);
    let mut minutes: Vec<u64> = (0..TIME_ATOMS).map(|_| 1 + rng.below(1_500) as u64).collect();
    let others: u64 = minutes.iter().skip(1).sum();
    minutes[0] = YEAR.saturating_sub(others).max(1);
    Space::new([240, 4, 5, 12, 8, 8, 7, TIME_ATOMS]).weighted(7, minutes)
}

/// The words that a matrix can use in each dimension: sets of atoms, such as a service's subtree or working hours.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    sets: Vec<Vec<Box<[u64]>>>,
}

impl Vocabulary {
    /// What a real matrix has: a tree of services (two levels of sixteen), 40 patterns of hours, single values elsewhere.
    pub fn realistic(space: &Space, seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let mut sets = vec![Vec::new(); DIMS];
        for (d, words) in sets.iter_mut().enumerate() {
            let atoms = space.atoms(d);
            let set = |range: &mut dyn Iterator<Item = usize>| {
                let mut cuboid = space.empty();
                range.for_each(|a| space.insert(&mut cuboid, d, a));
                space.set(&cuboid, d).into()
            };
            words.extend((0..atoms).filter(|_| d != DIMS - 1).map(|a| set(&mut std::iter::once(a))));
            if d == 0 {
                words.extend((0..atoms).step_by(16).map(|a| set(&mut (a..(a + 16).min(atoms)))));
            }
            if d == DIMS - 1 {
                words.extend((0..40).map(|_| {
                    let share = 2 + rng.below(6);
                    set(&mut (0..atoms).filter(|_| rng.below(share) == 0))
                }));
            }
        }
        Self { sets }
    }
}

/// Rows that cut the space into `n` disjoint boxes without a gap, along random edges: harsher than any real matrix, for
/// no two rows share their words. Owners are numbered `0..owners`.
pub fn partition(space: &Space, n: usize, owners: u32, seed: u64) -> Table {
    let mut rng = Rng::new(seed);
    let boxes = guillotine(space, space.full(), n, None, &mut rng);
    owned(space, boxes, owners, &mut rng)
}

/// The same, cut along the words of a vocabulary, as people write matrices.
pub fn partition_in_words(space: &Space, words: &Vocabulary, n: usize, owners: u32, seed: u64) -> Table {
    let mut rng = Rng::new(seed);
    let boxes = guillotine(space, space.full(), n, Some(words), &mut rng);
    owned(space, boxes, owners, &mut rng)
}

fn owned(space: &Space, boxes: Vec<Cuboid>, owners: u32, rng: &mut Rng) -> Table {
    let row = |cuboid| Row { cuboid, owner: rng.below(owners as usize) as u32, promise: 0 };
    Table { space: space.clone(), rows: boxes.into_iter().map(row).collect() }
}

/// Cuts a box into at most `n` disjoint boxes.
fn guillotine(
    space: &Space,
    whole: &[u64],
    n: usize,
    words: Option<&Vocabulary>,
    rng: &mut Rng,
) -> Vec<Cuboid> {
    let mut boxes: Vec<Cuboid> = vec![whole.into()];
    let mut idle = 0;
    while boxes.len() < n && idle < 64 * n {
        let (at, d) = (rng.below(boxes.len()), rng.below(DIMS));
        let set = space.set(&boxes[at], d);
        let part: Vec<u64> = match words {
            None => {
                let atoms: Vec<usize> = atoms_of(set).collect();
                let cut = rng.below(atoms.len());
                let mut part = vec![0; set.len()];
                atoms[cut..].iter().for_each(|a| part[a / 64] |= 1 << (a % 64));
                part
            }
            Some(words) => {
                let word = &words.sets[d][rng.below(words.sets[d].len())];
                set.iter().zip(word).map(|(s, w)| s & w).collect()
            }
        };
        if part.iter().all(|&w| w == 0) || part == set {
            idle += 1;
            continue;
        }
        let mut other = boxes[at].clone();
        space.set_mut(&mut other, d).copy_from_slice(&part);
        for (w, p) in space.set_mut(&mut boxes[at], d).iter_mut().zip(&part) {
            *w &= !p;
        }
        boxes.push(other);
    }
    boxes
}

/// What [`shrink`] took away.
#[derive(Debug, Clone)]
pub struct Holes {
    /// The boxes that are now uncovered, if nothing covered them before.
    pub boxes: Vec<Cuboid>,
}

/// Shrinks one condition of about `percent` of the rows, so that a partition gets exactly the holes that are returned.
pub fn shrink(table: &mut Table, percent: usize, seed: u64) -> Holes {
    let mut rng = Rng::new(seed);
    let wanted = table.rows.len() * percent / 100;
    let mut boxes = Vec::new();
    let mut touched = vec![false; table.rows.len()];
    let mut tries = 0;
    while boxes.len() < wanted && tries < 64 * table.rows.len() {
        tries += 1;
        let (at, d) = (rng.below(table.rows.len()), rng.below(DIMS));
        let row = &mut table.rows[at];
        let atoms: Vec<usize> = atoms_of(table.space.set(&row.cuboid, d)).collect();
        if touched[at] || atoms.len() < 2 {
            continue;
        }
        touched[at] = true;
        let mut hole = row.cuboid.clone();
        table.space.set_mut(&mut hole, d).fill(0);
        let cut = 1 + rng.below(atoms.len() - 1);
        for &a in &atoms[cut..] {
            table.space.insert(&mut hole, d, a);
        }
        for (w, h) in table.space.set_mut(&mut row.cuboid, d).iter_mut().zip(table.space.set(&hole, d)) {
            *w &= !h;
        }
        boxes.push(hole);
    }
    Holes { boxes }
}

/// Widens one condition of about `percent` of the rows, so that they reach into their neighbours.
pub fn enlarge(table: &mut Table, percent: usize, seed: u64) {
    let mut rng = Rng::new(seed);
    let wanted = table.rows.len() * percent / 100;
    for _ in 0..wanted {
        let (at, d) = (rng.below(table.rows.len()), rng.below(DIMS));
        let cuboid = &mut table.rows[at].cuboid;
        let outside: Vec<usize> =
            (0..table.space.atoms(d)).filter(|&a| !table.space.contains(cuboid, d, a)).collect();
        if !outside.is_empty() {
            table.space.insert(cuboid, d, outside[rng.below(outside.len())]);
        }
    }
}

/// Defaults that cover everything and exceptions inside them, exceptions of exceptions included: sound by construction.
pub fn overrides(space: &Space, words: Option<&Vocabulary>, n: usize, owners: u32, seed: u64) -> Table {
    let mut rng = Rng::new(seed);
    let mut boxes = guillotine(space, space.full(), (n / 50).max(2), words, &mut rng);
    let mut parent = 0;
    while boxes.len() < n && parent < boxes.len() {
        let pieces = guillotine(space, &boxes[parent].clone(), 12, words, &mut rng);
        if pieces.len() > 1 {
            let wanted = n - boxes.len();
            boxes.extend(pieces.into_iter().take(8).take(wanted));
        }
        parent += 1;
    }
    owned(space, boxes, owners, &mut rng)
}

/// `teeth` rows that each take one atom of dimension 0 and `teeth` that each take one atom of dimension 1, all crossing.
pub fn comb(teeth: usize) -> Table {
    let space = Space::new([teeth + 1, teeth + 1, 2, 1, 1, 1, 1, 1]);
    let mut table = Table::new(space);
    for tooth in 0..teeth {
        for d in 0..2 {
            let mut cuboid: Cuboid = table.space.full().into();
            table.space.set_mut(&mut cuboid, d).fill(0);
            table.space.insert(&mut cuboid, d, tooth);
            table.rows.push(Row { cuboid, owner: d as u32, promise: 0 });
        }
    }
    table
}

/// `n` random boxes, sound or not: for comparison with brute force.
pub fn random(space: &Space, n: usize, owners: u32, rng: &mut Rng) -> Table {
    let mut table = Table::new(space.clone());
    for _ in 0..n {
        let mut cuboid: Cuboid = space.full().into();
        for d in 0..DIMS {
            if space.atoms(d) < 2 || rng.below(2) == 0 {
                continue;
            }
            space.set_mut(&mut cuboid, d).fill(0);
            for a in 0..space.atoms(d) {
                if rng.below(2) == 0 {
                    space.insert(&mut cuboid, d, a);
                }
            }
            let a = rng.below(space.atoms(d));
            space.insert(&mut cuboid, d, a);
        }
        table.rows.push(Row { cuboid, owner: rng.below(owners as usize) as u32, promise: 0 });
    }
    table
}

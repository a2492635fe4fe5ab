//! The space of all contexts and minutes, and the boxes in it.
//!
//! A dimension is cut into atoms (classes that no condition tells apart). A box is one set of atoms per dimension; all
//! eight sets stand in one flat run of words, so that meeting, containing and cutting are a few word operations.

/// Number of dimensions of every table. A table with fewer leaves the rest at one atom.
pub const DIMS: usize = 8;

/// A product of atom sets, one per dimension, as a flat run of words in the layout of its [`Space`].
pub type Cuboid = Box<[u64]>;

/// Sizes and weights of the dimensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    atoms: [usize; DIMS],
    /// First word of each dimension, and one past the last.
    start: [usize; DIMS + 1],
    /// Weight per atom where it is not 1 (the minutes of a time atom).
    weights: [Option<Box<[u64]>>; DIMS],
    full: Cuboid,
}

impl Space {
    /// A space whose dimension `d` has `atoms[d]` atoms of weight 1.
    ///
    /// Panics when a dimension has no atom: an empty dimension has no point to own.
    pub fn new(atoms: [usize; DIMS]) -> Self {
        assert!(atoms.iter().all(|&n| n > 0), "every dimension has at least one atom");
        let mut start = [0; DIMS + 1];
        for d in 0..DIMS {
            start[d + 1] = start[d] + atoms[d].div_ceil(64);
        }
        let mut full = vec![0u64; start[DIMS]].into_boxed_slice();
        for d in 0..DIMS {
            for a in 0..atoms[d] {
                full[start[d] + a / 64] |= 1 << (a % 64);
            }
        }
        Self { atoms, start, weights: Default::default(), full }
    }

    /// The same space with a weight for every atom of dimension `d`, such as the minutes of a time atom.
    #[must_use]
    pub fn weighted(mut self, d: usize, weights: Vec<u64>) -> Self {
        assert_eq!(weights.len(), self.atoms[d], "one weight per atom");
        self.weights[d] = Some(weights.into_boxed_slice());
        self
    }

    /// Number of atoms of dimension `d`.
    pub fn atoms(&self, d: usize) -> usize {
        self.atoms[d]
    }

    /// Words per box.
    pub fn words(&self) -> usize {
        self.start[DIMS]
    }

    /// The box of everything.
    pub fn full(&self) -> &[u64] {
        &self.full
    }

    /// The box of nothing, to be filled with [`Space::insert`].
    pub fn empty(&self) -> Cuboid {
        vec![0; self.words()].into_boxed_slice()
    }

    /// The atom set of dimension `d` of a box.
    pub fn set<'a>(&self, cuboid: &'a [u64], d: usize) -> &'a [u64] {
        &cuboid[self.start[d]..self.start[d + 1]]
    }

    /// The same, to be written.
    pub fn set_mut<'a>(&self, cuboid: &'a mut [u64], d: usize) -> &'a mut [u64] {
        &mut cuboid[self.start[d]..self.start[d + 1]]
    }

    /// Puts an atom into the set of dimension `d`.
    pub fn insert(&self, cuboid: &mut [u64], d: usize, atom: usize) {
        cuboid[self.start[d] + atom / 64] |= 1 << (atom % 64);
    }

    /// Whether the set of dimension `d` has the atom.
    pub fn contains(&self, cuboid: &[u64], d: usize, atom: usize) -> bool {
        cuboid[self.start[d] + atom / 64] >> (atom % 64) & 1 == 1
    }

    /// Whether the set of dimension `d` is the whole dimension.
    pub fn is_full(&self, cuboid: &[u64], d: usize) -> bool {
        self.set(cuboid, d) == self.set(&self.full, d)
    }

    /// Weight of a set of dimension `d`.
    pub fn weight(&self, d: usize, set: &[u64]) -> u64 {
        match &self.weights[d] {
            None => set.iter().map(|w| u64::from(w.count_ones())).sum(),
            Some(weights) => atoms_of(set).map(|a| weights[a]).sum(),
        }
    }

    /// Weight of one atom.
    pub fn atom_weight(&self, d: usize, atom: usize) -> u64 {
        self.weights[d].as_ref().map_or(1, |w| w[atom])
    }

    /// Volume of a box: the product of its sets' weights. With minutes as the weight of time, it counts context-minutes.
    pub fn volume(&self, cuboid: &[u64]) -> u128 {
        (0..DIMS).map(|d| u128::from(self.weight(d, self.set(cuboid, d)))).product()
    }

    /// Whether a dimension of the box is empty, so that it holds no point.
    pub fn is_empty(&self, cuboid: &[u64]) -> bool {
        (0..DIMS).any(|d| self.set(cuboid, d).iter().all(|&w| w == 0))
    }

    /// Whether two boxes share a point.
    pub fn meets(&self, a: &[u64], b: &[u64]) -> bool {
        (0..DIMS).all(|d| self.meets_in(a, b, d))
    }

    /// Whether two boxes share an atom of dimension `d`.
    pub fn meets_in(&self, a: &[u64], b: &[u64], d: usize) -> bool {
        (self.start[d]..self.start[d + 1]).any(|w| a[w] & b[w] != 0)
    }

    /// The box of the points that both have, unless there is none.
    pub fn intersect(&self, a: &[u64], b: &[u64]) -> Option<Cuboid> {
        let both: Cuboid = a.iter().zip(b).map(|(x, y)| x & y).collect();
        (!self.is_empty(&both)).then_some(both)
    }

    /// Appends disjoint boxes that together are `a` without `b`; at most one per dimension.
    pub fn subtract(&self, a: &[u64], b: &[u64], out: &mut Vec<Cuboid>) {
        if !self.meets(a, b) {
            out.push(a.into());
            return;
        }
        // Walk the dimensions: what lies outside `b` here is one piece, what lies inside goes on to the next dimension.
        let mut rest: Cuboid = a.into();
        for d in 0..DIMS {
            let range = self.start[d]..self.start[d + 1];
            if range.clone().all(|w| rest[w] & !b[w] == 0) {
                continue;
            }
            let mut piece = rest.clone();
            for w in range {
                piece[w] &= !b[w];
                rest[w] &= b[w];
            }
            out.push(piece);
        }
    }
}

/// Whether every point of `a` is in `b`. Both must be non-empty boxes of one space.
pub fn within(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).all(|(x, y)| x & !y == 0)
}

/// The atoms of a set, ascending.
pub fn atoms_of(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(i, &word)| Bits(word).map(move |b| i * 64 + b))
}

/// The positions of the ones of a word, ascending.
#[derive(Debug, Clone)]
pub struct Bits(pub u64);

impl Iterator for Bits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros() as usize;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}

//! What does a list of boxes leave uncovered? The one primitive behind gaps, conflicts, dead rows and differences.
//!
//! The boxes are first cut into disjoint pieces, so that volumes add up exactly: the uncovered volume (the deficit) is
//! the region's volume minus the sum. A deficit of zero is the proof of coverage. Otherwise a branch and bound visits only
//! regions with a deficit: slices that are wholly covered or wholly open are split off at once, the rest is cut along
//! a piece's own edge.

use super::space::{Cuboid, DIMS, Space, atoms_of, within};

/// Disjoint pieces of some boxes inside a region, and the volume they leave open.
#[derive(Debug, Clone)]
pub struct Cover<'s> {
    space: &'s Space,
    region: Cuboid,
    /// Disjoint pieces, each with the position of the box that it was cut from.
    pub pieces: Vec<(Cuboid, u32)>,
    /// Volume of the region that no piece covers.
    pub deficit: u128,
}

impl<'s> Cover<'s> {
    /// Covers `region` with `boxes`. Time grows with the number of pairs that meet.
    pub fn new<'b>(space: &'s Space, region: &[u64], boxes: impl Iterator<Item = &'b [u64]>) -> Self {
        let mut clipped: Vec<(Cuboid, u32)> = boxes
            .enumerate()
            .filter_map(|(i, b)| Some((space.intersect(region, b)?, i as u32)))
            .collect();
        // Large boxes first: what lies inside one of them needs no cutting at all.
        let mut keyed: Vec<(u128, (Cuboid, u32))> =
            clipped.drain(..).map(|piece| (space.volume(&piece.0), piece)).collect();
        keyed.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.1.cmp(&b.1.1)));
        let clipped: Vec<(Cuboid, u32)> = keyed.into_iter().map(|(_, piece)| piece).collect();
        let before = |k: usize| {
            let this = &clipped[k].0;
            let meeting = (0..k).filter(|&e| space.meets(this, &clipped[e].0));
            meeting.map(|e| &*clipped[e].0).collect::<Vec<_>>()
        };
        let mut pieces = Vec::with_capacity(clipped.len());
        for (k, (cuboid, from)) in clipped.iter().enumerate() {
            cut(space, cuboid, &before(k), *from, &mut pieces);
        }
        Self::from_disjoint(space, region.into(), pieces)
    }

    /// Takes pieces that the caller knows to be disjoint and inside the region.
    pub fn from_disjoint(space: &'s Space, region: Cuboid, pieces: Vec<(Cuboid, u32)>) -> Self {
        let covered: u128 = pieces.iter().map(|(p, _)| space.volume(p)).sum();
        let deficit = space.volume(&region) - covered;
        Self { space, region, pieces, deficit }
    }

    /// Whether nothing is left open: the volumes of the disjoint pieces add up to the region's.
    pub fn is_complete(&self) -> bool {
        self.deficit == 0
    }

    /// Disjoint boxes that together are exactly what is left open.
    pub fn holes(&self) -> Vec<Cuboid> {
        let mut holes = Vec::new();
        if self.deficit > 0 {
            let live = (0..self.pieces.len() as u32).collect();
            let mut search = Search { cover: self, holes: &mut holes };
            search.visit(self.region.clone(), live);
        }
        holes
    }
}

/// Appends what is left of `cuboid` after the boxes of `earlier` are taken away.
pub fn cut(space: &Space, cuboid: &[u64], earlier: &[&[u64]], from: u32, out: &mut Vec<(Cuboid, u32)>) {
    if earlier.iter().any(|e| within(cuboid, e)) {
        return;
    }
    let mut fragments: Vec<Cuboid> = vec![cuboid.into()];
    let mut next = Vec::new();
    for e in earlier {
        for fragment in fragments.drain(..) {
            space.subtract(&fragment, e, &mut next);
        }
        std::mem::swap(&mut fragments, &mut next);
    }
    out.extend(fragments.into_iter().map(|f| (f, from)));
}

struct Search<'c, 's> {
    cover: &'c Cover<'s>,
    holes: &'c mut Vec<Cuboid>,
}

/// A piece inside the region being looked at.
struct Live {
    piece: u32,
    volume: u128,
    /// Weight per dimension of what it shares with the region.
    weights: [u64; DIMS],
}

/// What one look at a region found.
enum Look {
    /// Nothing open here, or all of it already reported.
    Done,
    /// The region became smaller; look again.
    Shrunk,
    /// No slice is wholly covered or wholly open.
    Mixed,
}

impl Search<'_, '_> {
    fn visit(&mut self, mut region: Cuboid, mut live: Vec<u32>) {
        loop {
            let (total, shares) = self.shares(&region, &live);
            live = shares.iter().map(|s| s.piece).collect();
            match self.look(&mut region, total, &shares) {
                Look::Done => return,
                Look::Shrunk => {}
                Look::Mixed => {
                    let (inside, outside) = self.split(&region, &shares);
                    self.visit(inside, live.clone());
                    region = outside;
                }
            }
        }
    }

    fn shares(&self, region: &[u64], live: &[u32]) -> (u128, Vec<Live>) {
        let space = self.cover.space;
        let mut shares = Vec::with_capacity(live.len());
        let mut both = space.empty();
        for &piece in live {
            let cuboid = &self.cover.pieces[piece as usize].0;
            if !space.meets(cuboid, region) {
                continue;
            }
            for (w, (x, y)) in both.iter_mut().zip(cuboid.iter().zip(region)) {
                *w = x & y;
            }
            let weights: [u64; DIMS] = std::array::from_fn(|d| space.weight(d, space.set(&both, d)));
            let volume = weights.iter().map(|&w| u128::from(w)).product();
            shares.push(Live { piece, volume, weights });
        }
        (space.volume(region), shares)
    }

    /// Drops the slices of the region that are wholly covered, reports those that are wholly open.
    fn look(&mut self, region: &mut Cuboid, total: u128, shares: &[Live]) -> Look {
        let space = self.cover.space;
        let covered: u128 = shares.iter().map(|s| s.volume).sum();
        if total == covered {
            return Look::Done;
        }
        if shares.is_empty() {
            self.holes.push(region.clone());
            return Look::Done;
        }
        let mut shrunk = false;
        for d in 0..DIMS {
            let weight = space.weight(d, space.set(region, d));
            let density = total / u128::from(weight);
            let per_atom = self.densities(region, d, shares);
            let mut open = space.empty();
            let mut opened = false;
            let mut rest = region.clone();
            for atom in atoms_of(space.set(region, d)) {
                let bit = 1u64 << (atom % 64);
                let filled = per_atom[atom];
                if filled == 0 || filled == density {
                    space.set_mut(&mut rest, d)[atom / 64] &= !bit;
                }
                if filled == 0 {
                    space.set_mut(&mut open, d)[atom / 64] |= bit;
                    opened = true;
                }
            }
            if rest == *region {
                continue;
            }
            if opened {
                let mut hole = region.clone();
                space.set_mut(&mut hole, d).copy_from_slice(space.set(&open, d));
                self.holes.push(hole);
            }
            *region = rest;
            if space.is_empty(region) {
                return Look::Done;
            }
            if opened {
                // The other dimensions' densities were measured with the hole still inside.
                return Look::Shrunk;
            }
            // Covered slices hold no deficit, so what is full in the other dimensions is still full: go on.
            shrunk = true;
        }
        if shrunk { Look::Shrunk } else { Look::Mixed }
    }

    /// Covered volume per unit of weight, for every atom of dimension `d`.
    fn densities(&self, region: &[u64], d: usize, shares: &[Live]) -> Vec<u128> {
        let space = self.cover.space;
        let mut per_atom = vec![0u128; space.atoms(d)];
        for share in shares {
            let set = space.set(&self.cover.pieces[share.piece as usize].0, d);
            let density = share.volume / u128::from(share.weights[d]);
            for (i, (x, y)) in set.iter().zip(space.set(region, d)).enumerate() {
                for bit in super::space::Bits(x & y) {
                    per_atom[i * 64 + bit] += density;
                }
            }
        }
        per_atom
    }

    /// Cuts the region along an edge of its largest piece, where the fewest other pieces lie on both sides.
    fn split(&self, region: &[u64], shares: &[Live]) -> (Cuboid, Cuboid) {
        let space = self.cover.space;
        let largest = shares.iter().max_by_key(|s| s.volume).expect("a mixed region has a piece");
        let edge = &self.cover.pieces[largest.piece as usize].0;
        let straddling = |d: usize| {
            let both_sides = |s: &&Live| {
                let set = space.set(&self.cover.pieces[s.piece as usize].0, d);
                let words = || set.iter().zip(space.set(region, d)).zip(space.set(edge, d));
                words().any(|((x, r), e)| x & r & e != 0) && words().any(|((x, r), e)| x & r & !e != 0)
            };
            shares.iter().filter(both_sides).count()
        };
        let cuts = |d: &usize| !within(space.set(region, *d), space.set(edge, *d));
        let best = (0..DIMS).filter(cuts).min_by_key(|&d| straddling(d));
        let best = best.expect("a piece that covers the region leaves no deficit");
        let (mut inside, mut outside): (Cuboid, Cuboid) = (region.into(), region.into());
        for (w, e) in space.set_mut(&mut inside, best).iter_mut().zip(space.set(edge, best)) {
            *w &= e;
        }
        for (w, e) in space.set_mut(&mut outside, best).iter_mut().zip(space.set(edge, best)) {
            *w &= !e;
        }
        (inside, outside)
    }
}

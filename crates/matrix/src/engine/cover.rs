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
    /// Volume of each piece.
    volumes: Vec<u128>,
    /// Volume of the region that no piece covers.
    pub deficit: u128,
}

impl<'s> Cover<'s> {
    /// Covers `region` with `boxes`. Time grows with the number of pairs that meet.
    pub fn new<'b>(space: &'s Space, region: &[u64], boxes: impl Iterator<Item = &'b [u64]>) -> Self {
        let mut clipped: Vec<(Cuboid, u32)> =
            boxes.enumerate().filter_map(|(i, b)| Some((space.intersect(region, b)?, i as u32))).collect();
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
        let volumes: Vec<u128> = pieces.iter().map(|(p, _)| space.volume(p)).collect();
        let deficit = space.volume(&region) - volumes.iter().sum::<u128>();
        Self { space, region, pieces, volumes, deficit }
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
            let space = self.cover.space;
            live.retain(|&p| space.meets(self.piece(p), &region));
            let volumes: Vec<u128> = live.iter().map(|&p| self.shared(p, &region)).collect();
            let total = space.volume(&region);
            if total == volumes.iter().sum() {
                return;
            }
            if live.is_empty() {
                self.holes.push(region);
                return;
            }
            let halves =
                self.part(&region, &live).or_else(|| match self.look(&mut region, total, &live, &volumes) {
                    Look::Done | Look::Shrunk => None,
                    Look::Mixed => Some(self.split(&region, &live, &volumes)),
                });
            if let Some((inside, outside)) = halves {
                self.visit(inside, live.clone());
                region = outside;
            }
            if space.is_empty(&region) {
                return;
            }
        }
    }

    fn piece(&self, piece: u32) -> &[u64] {
        &self.cover.pieces[piece as usize].0
    }

    /// Volume of what a piece shares with the region.
    fn shared(&self, piece: u32, region: &[u64]) -> u128 {
        let cuboid = self.piece(piece);
        if within(cuboid, region) {
            return self.cover.volumes[piece as usize];
        }
        let both: Cuboid = cuboid.iter().zip(region).map(|(x, y)| x & y).collect();
        self.cover.space.volume(&both)
    }

    /// Parts the region where no piece lies on both sides, if there is such a place.
    fn part(&self, region: &[u64], live: &[u32]) -> Option<(Cuboid, Cuboid)> {
        let space = self.cover.space;
        for d in (0..DIMS).filter(|&d| space.atoms(d) > 1) {
            let whole = space.set(region, d);
            let mut joined: Vec<u64> =
                space.set(self.piece(live[0]), d).iter().zip(whole).map(|(p, r)| p & r).collect();
            let mut apart: Vec<u32> = live[1..].to_vec();
            // Join pieces that touch what is joined already, until none does or all of the dimension is one.
            loop {
                let before = apart.len();
                apart.retain(|&p| !join(&mut joined, space.set(self.piece(p), d), whole));
                if apart.len() == before || apart.is_empty() {
                    break;
                }
            }
            if joined != whole {
                return Some(self.halves(region, d, &joined));
            }
        }
        None
    }

    fn halves(&self, region: &[u64], d: usize, edge: &[u64]) -> (Cuboid, Cuboid) {
        let space = self.cover.space;
        let (mut inside, mut outside): (Cuboid, Cuboid) = (region.into(), region.into());
        space.set_mut(&mut inside, d).iter_mut().zip(edge).for_each(|(w, e)| *w &= e);
        space.set_mut(&mut outside, d).iter_mut().zip(edge).for_each(|(w, e)| *w &= !e);
        (inside, outside)
    }

    /// Drops the slices of the region that are wholly covered, reports those that are wholly open.
    fn look(&mut self, region: &mut Cuboid, total: u128, live: &[u32], volumes: &[u128]) -> Look {
        let space = self.cover.space;
        let mut shrunk = false;
        for d in (0..DIMS).filter(|&d| space.atoms(d) > 1) {
            let density = total / u128::from(space.weight(d, space.set(region, d)));
            let per_atom = self.densities(region, d, live, volumes);
            let mut open = vec![0u64; space.set(region, d).len()];
            let mut rest = region.clone();
            for atom in atoms_of(space.set(region, d)) {
                let (word, bit) = (atom / 64, 1u64 << (atom % 64));
                if per_atom[atom] == 0 {
                    open[word] |= bit;
                }
                if per_atom[atom] == 0 || per_atom[atom] == density {
                    space.set_mut(&mut rest, d)[word] &= !bit;
                }
            }
            if rest == *region {
                continue;
            }
            let opened = open.iter().any(|&w| w != 0);
            if opened {
                let mut hole = region.clone();
                space.set_mut(&mut hole, d).copy_from_slice(&open);
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
    fn densities(&self, region: &[u64], d: usize, live: &[u32], volumes: &[u128]) -> Vec<u128> {
        let space = self.cover.space;
        let mut per_atom = vec![0u128; space.atoms(d)];
        for (&piece, volume) in live.iter().zip(volumes) {
            let set = space.set(self.piece(piece), d);
            let both: Vec<u64> = set.iter().zip(space.set(region, d)).map(|(x, y)| x & y).collect();
            let density = match space.weight(d, &both) {
                0 => continue,
                weight => volume / u128::from(weight),
            };
            for atom in atoms_of(&both) {
                per_atom[atom] += density;
            }
        }
        per_atom
    }

    /// Cuts the region along an edge of its largest piece, where the fewest other pieces lie on both sides.
    fn split(&self, region: &[u64], live: &[u32], volumes: &[u128]) -> (Cuboid, Cuboid) {
        let space = self.cover.space;
        let largest = (0..live.len()).max_by_key(|&i| volumes[i]).expect("a mixed region has a piece");
        let edge = self.piece(live[largest]);
        let straddling = |d: usize| {
            let both_sides = |p: &&u32| {
                let set = space.set(self.piece(**p), d);
                let words = || set.iter().zip(space.set(region, d)).zip(space.set(edge, d));
                words().any(|((x, r), e)| x & r & e != 0) && words().any(|((x, r), e)| x & r & !e != 0)
            };
            live.iter().filter(both_sides).count()
        };
        let cuts = |d: &usize| !within(space.set(region, *d), space.set(edge, *d));
        let best = (0..DIMS).filter(cuts).min_by_key(|&d| straddling(d));
        let best = best.expect("a piece that covers the region leaves no deficit");
        self.halves(region, best, space.set(edge, best))
    }
}

/// Joins a set to another that it touches, inside a whole; says whether it does.
fn join(joined: &mut [u64], set: &[u64], whole: &[u64]) -> bool {
    let touches = set.iter().zip(&*joined).any(|(x, j)| x & j != 0);
    if touches {
        joined.iter_mut().zip(set.iter().zip(whole)).for_each(|(j, (x, w))| *j |= x & w);
    }
    touches
}

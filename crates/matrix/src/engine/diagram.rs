//! Who owns this point, in nanoseconds: a table compiled to a decision diagram.
//!
//! Each question maps the atoms of one dimension to a few classes and each class to the next question or the answer. Which
//! dimension is asked next is chosen anew at every node: the one that parts the rows still possible best, and rather
//! where no row lies on both sides, so that none is repeated. Equal nodes are shared. One step is two dependent loads.

use rustc_hash::{FxHashMap, FxHashSet};

use super::space::{DIMS, atoms_of, within};
use super::table::{Answer, Table};

/// A compiled table.
#[derive(Debug, Clone)]
pub struct Diagram {
    root: Link,
    /// Class of every atom, for every distinct way of cutting a dimension.
    classes: Vec<u8>,
    /// Where to go next, per question and class.
    links: Vec<Link>,
    /// Conflicts that answers refer to.
    conflicts: Vec<Vec<u32>>,
    nodes: usize,
}

/// A question or an answer in one word, so that a step costs two dependent loads: the class, then the next link.
/// A question has, from the top: 0, 3 bits of dimension, 28 bits of where its classes begin, 32 bits of where its links
/// begin. An answer has a 1 and the row, a conflict's place, or all ones for a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Link(u64);

impl Link {
    const ANSWER: u64 = 1 << 63;
    const CONFLICT: u64 = Self::ANSWER | 1 << 62;
    const GAP: Self = Self(u64::MAX);
    /// Classes are found with 28 bits.
    const MOST_CLASSES: usize = 1 << 28;

    fn question(dim: usize, classes: u32, links: u32) -> Self {
        Self((dim as u64) << 60 | u64::from(classes) << 32 | u64::from(links))
    }

    fn is_answer(self) -> bool {
        self.0 >= Self::ANSWER
    }

    fn row(self) -> Option<u32> {
        (self.0 < Self::CONFLICT).then_some(self.0 as u32)
    }
}

/// A question tells at most this many classes apart; a dimension with more is asked again further down.
const CLASSES: u16 = 256;

/// The diagram would need more nodes than allowed; [`super::bitmap::Bitmap`] answers without any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the decision diagram needs more than {0} nodes")]
pub struct TooLarge(pub usize);

impl Diagram {
    /// Compiles the table, or gives up when it would need more than `budget` nodes.
    pub fn new(table: &Table, budget: usize) -> Result<Self, TooLarge> {
        let space = &table.space;
        let full = |r: &super::table::Row| {
            (0..DIMS).filter(|&d| space.is_full(&r.cuboid, d)).fold(0u8, |all, d| all | 1 << d)
        };
        let mut builder = Builder {
            table,
            budget,
            full: table.rows.iter().map(full).collect(),
            seen: FxHashMap::default(),
            cuts: FxHashMap::default(),
            shared: FxHashMap::default(),
            diagram: Self {
                root: Link::GAP,
                classes: Vec::new(),
                links: Vec::new(),
                conflicts: Vec::new(),
                nodes: 0,
            },
        };
        let rows = (0..table.rows.len() as u32).filter(|&r| !table.space.is_empty(table.cuboid(r))).collect();
        builder.diagram.root = builder.build(rows, 0)?;
        Ok(builder.diagram)
    }

    /// The row that owns a point given by one atom per dimension, when exactly one owner does.
    ///
    /// Atoms must be below the dimension's size; a larger one gives a wrong answer or panics.
    #[inline]
    pub fn row(&self, point: &[u16; DIMS]) -> Option<u32> {
        self.walk(point).row()
    }

    /// What holds at a point.
    pub fn answer(&self, point: &[u16; DIMS]) -> Answer {
        match self.walk(point) {
            Link::GAP => Answer::Gap,
            link => match link.row() {
                Some(row) => Answer::Owned(row),
                None => Answer::Conflict(self.conflicts[link.0 as u32 as usize].clone()),
            },
        }
    }

    /// Answers many points; `out` gets the row, or `u32::MAX` where there is no single owner. Eight walks go side by side
    /// so that their loads overlap.
    pub fn rows(&self, points: &[[u16; DIMS]], out: &mut [u32]) {
        let mut chunks = points.chunks_exact(8);
        let mut outs = out.chunks_exact_mut(8);
        for (chunk, out) in (&mut chunks).zip(&mut outs) {
            let mut at = [self.root; 8];
            while at.iter().any(|a| !a.is_answer()) {
                for (a, point) in at.iter_mut().zip(chunk).filter(|(a, _)| !a.is_answer()) {
                    *a = self.step(*a, point);
                }
            }
            for (o, a) in out.iter_mut().zip(at) {
                *o = a.row().unwrap_or(u32::MAX);
            }
        }
        for (o, point) in outs.into_remainder().iter_mut().zip(chunks.remainder()) {
            *o = self.row(point).unwrap_or(u32::MAX);
        }
    }

    /// Bytes that a lookup may touch.
    pub fn bytes(&self) -> usize {
        self.classes.len() + self.links.len() * size_of::<Link>()
    }

    /// Number of different questions.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    #[inline]
    fn walk(&self, point: &[u16; DIMS]) -> Link {
        let mut at = self.root;
        while !at.is_answer() {
            at = self.step(at, point);
        }
        at
    }

    #[inline]
    fn step(&self, at: Link, point: &[u16; DIMS]) -> Link {
        let atom = point[(at.0 >> 60) as usize & (DIMS - 1)];
        let class = self.classes[(at.0 >> 32) as usize % Link::MOST_CLASSES + usize::from(atom)];
        self.links[at.0 as u32 as usize + usize::from(class)]
    }
}

/// A node's identity: dimension, classes and where they lead.
type Shape = (usize, u32, Box<[Link]>);

struct Builder<'t> {
    table: &'t Table,
    budget: usize,
    /// Dimensions in which each row has no condition, as bits.
    full: Vec<u8>,
    /// Rows still possible and dimensions that need no question any more → what was built for them.
    seen: FxHashMap<(Box<[u32]>, u8), Link>,
    /// Class of every atom → where that stands.
    cuts: FxHashMap<Box<[u8]>, u32>,
    shared: FxHashMap<Shape, Link>,
    diagram: Diagram,
}

/// One way of asking a question: the class of every atom, and the rows that stay possible in each class.
struct Question {
    dim: usize,
    class_of: Box<[u16]>,
    members: Vec<Vec<u32>>,
    score: f64,
}

impl Builder<'_> {
    /// Builds the node for the rows that are still possible; `settled` are the dimensions in which all of them hold
    /// wherever this node can be reached.
    fn build(&mut self, mut rows: Vec<u32>, mut settled: u8) -> Result<Link, TooLarge> {
        self.drop_beaten(settled, &mut rows);
        settled |= rows.iter().fold(u8::MAX, |all, &r| all & self.full[r as usize]);
        if settled == u8::MAX || rows.is_empty() {
            return Ok(self.answer(&rows));
        }
        let key = (rows.into_boxed_slice(), settled);
        if let Some(&known) = self.seen.get(&key) {
            return Ok(known);
        }
        let rows = &key.0;
        let open = (0..DIMS).filter(|&d| settled >> d & 1 == 0);
        let best = open.map(|d| self.question(d, rows)).min_by(|a, b| a.score.total_cmp(&b.score));
        let Question { dim, class_of, members, .. } = best.expect("a dimension is open");
        let mut next = Vec::with_capacity(members.len());
        for rows in members {
            let holds = self.holds_throughout(dim, &rows, &class_of, next.len());
            next.push(self.build(rows, if holds { settled | 1 << dim } else { settled })?);
        }
        let built =
            if next.iter().all(|&n| n == next[0]) { next[0] } else { self.share(dim, &class_of, next)? };
        self.seen.insert(key, built);
        Ok(built)
    }

    /// Whether all rows hold for every atom of a class, so that the dimension needs no further question.
    fn holds_throughout(&self, dim: usize, rows: &[u32], class_of: &[u16], class: usize) -> bool {
        let space = &self.table.space;
        let mut members = vec![0u64; space.atoms(dim).div_ceil(64)];
        for (atom, _) in class_of.iter().enumerate().filter(|(_, c)| usize::from(**c) == class) {
            members[atom / 64] |= 1 << (atom % 64);
        }
        rows.iter().all(|&r| within(&members, space.set(self.table.cuboid(r), dim)))
    }

    /// Rows that are sure to lose here: a narrower row has no open condition left, so it applies.
    fn drop_beaten(&self, settled: u8, rows: &mut Vec<u32>) {
        if rows.len() < 2 {
            return;
        }
        let sure: Vec<u32> =
            rows.iter().copied().filter(|&r| self.full[r as usize] | settled == u8::MAX).collect();
        if !sure.is_empty() {
            rows.retain(|&r| !sure.iter().any(|&s| s != r && self.table.refines(s, r)));
        }
    }

    /// The better of two ways to ask for a dimension: all classes that the rows tell apart, or only those groups of
    /// classes that no row spans, which repeats no row.
    fn question(&self, dim: usize, rows: &[u32]) -> Question {
        let fine = self.classes(dim, rows);
        let coarse = self.components(dim, rows, &fine);
        let (a, b) = (self.judge(dim, rows, fine), self.judge(dim, rows, coarse));
        if a.score < b.score { a } else { b }
    }

    fn judge(&self, dim: usize, rows: &[u32], class_of: Box<[u16]>) -> Question {
        let space = &self.table.space;
        let classes = usize::from(*class_of.iter().max().expect("a dimension has an atom")) + 1;
        let mut members = vec![Vec::new(); classes];
        let mut marked = vec![u32::MAX; classes];
        for &row in rows {
            for atom in atoms_of(space.set(self.table.cuboid(row), dim)) {
                let class = usize::from(class_of[atom]);
                if marked[class] != row {
                    marked[class] = row;
                    members[class].push(row);
                }
            }
        }
        let cost = |m: &Vec<u32>| m.len() as f64 * (1.0 + m.len() as f64).log2();
        let score = if classes == 1 { f64::INFINITY } else { members.iter().map(cost).sum() };
        Question { dim, class_of, members, score }
    }

    fn answer(&mut self, rows: &[u32]) -> Link {
        match self.table.most_refined(rows) {
            Answer::Gap => Link::GAP,
            Answer::Owned(row) => Link(Link::ANSWER | u64::from(row)),
            Answer::Conflict(rows) => {
                self.diagram.conflicts.push(rows);
                Link(Link::CONFLICT | (self.diagram.conflicts.len() as u64 - 1))
            }
        }
    }

    /// Atoms in classes that no row of the list tells apart, or in wider ones where those would be too many.
    fn classes(&self, d: usize, rows: &[u32]) -> Box<[u16]> {
        let space = &self.table.space;
        let mut class_of = vec![0u16; space.atoms(d)].into_boxed_slice();
        let mut count = 1u16;
        let mut known: FxHashSet<&[u64]> = FxHashSet::default();
        for &row in rows {
            let set = space.set(self.table.cuboid(row), d);
            if known.insert(set) {
                let mut finer = class_of.clone();
                let classes = refine(&mut finer, set, count);
                if classes <= CLASSES {
                    (class_of, count) = (finer, classes);
                }
            }
        }
        class_of
    }

    /// Classes joined as long as some row spans two of them.
    fn components(&self, d: usize, rows: &[u32], fine: &[u16]) -> Box<[u16]> {
        let space = &self.table.space;
        let classes = usize::from(*fine.iter().max().expect("a dimension has an atom")) + 1;
        let mut parent: Vec<u16> = (0..classes as u16).collect();
        for &row in rows {
            let mut first = None;
            for atom in atoms_of(space.set(self.table.cuboid(row), d)) {
                let root = find(&mut parent, fine[atom]);
                let first = *first.get_or_insert(root);
                parent[usize::from(root)] = find(&mut parent, first);
            }
        }
        // Atoms where no row holds go along with a neighbour: a question that only parts them off gains nothing here.
        let mut spanned = vec![false; classes];
        for &row in rows {
            for atom in atoms_of(space.set(self.table.cuboid(row), d)) {
                spanned[usize::from(fine[atom])] = true;
            }
        }
        let anchor = spanned.iter().position(|&s| s).unwrap_or(0) as u16;
        for (class, _) in spanned.iter().enumerate().filter(|(_, s)| !**s) {
            parent[class] = find(&mut parent, anchor);
        }
        let mut number = vec![u16::MAX; classes];
        let mut next = 0;
        let renumber = |&class: &u16| {
            let slot = &mut number[usize::from(find(&mut parent, class))];
            if *slot == u16::MAX {
                *slot = next;
                next += 1;
            }
            *slot
        };
        fine.iter().map(renumber).collect()
    }

    fn share(&mut self, dim: usize, class_of: &[u16], next: Vec<Link>) -> Result<Link, TooLarge> {
        let diagram = &mut self.diagram;
        let class_of: Box<[u8]> = class_of.iter().map(|&c| c as u8).collect();
        let classes = *self.cuts.entry(class_of).or_insert_with_key(|class_of| {
            diagram.classes.extend_from_slice(class_of);
            (diagram.classes.len() - class_of.len()) as u32
        });
        let shape = (dim, classes, next.into_boxed_slice());
        if let Some(&known) = self.shared.get(&shape) {
            return Ok(known);
        }
        if diagram.nodes >= self.budget || diagram.classes.len() > Link::MOST_CLASSES {
            return Err(TooLarge(self.budget));
        }
        diagram.nodes += 1;
        let link = Link::question(dim, classes, diagram.links.len() as u32);
        diagram.links.extend_from_slice(&shape.2);
        self.shared.insert(shape, link);
        Ok(link)
    }
}

fn find(parent: &mut [u16], mut class: u16) -> u16 {
    while parent[usize::from(class)] != class {
        let up = parent[usize::from(parent[usize::from(class)])];
        parent[usize::from(class)] = up;
        class = up;
    }
    class
}

/// Splits every class that the set cuts; returns the new number of classes, numbered by first atom.
fn refine(class_of: &mut [u16], set: &[u64], count: u16) -> u16 {
    let inside = |atom: usize| set[atom / 64] >> (atom % 64) & 1 == 1;
    let mut renumbered: Vec<[u16; 2]> = vec![[u16::MAX; 2]; usize::from(count)];
    let mut next = 0;
    for (atom, class) in class_of.iter_mut().enumerate() {
        let slot = &mut renumbered[usize::from(*class)][usize::from(inside(atom))];
        if *slot == u16::MAX {
            *slot = next;
            next += 1;
        }
        *class = *slot;
    }
    next
}

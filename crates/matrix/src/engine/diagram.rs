//! Who owns this point, in nanoseconds: a table compiled to a decision diagram.
//!
//! The diagram asks for the dimensions in a fixed order, service first. Each node maps the atoms of its dimension to a
//! few classes and each class to the next node; equal nodes are shared, and a dimension that decides nothing is skipped.
//! One step is two dependent loads.

use rustc_hash::{FxHashMap, FxHashSet};

use super::space::{DIMS, atoms_of, within};
use super::table::{Answer, Table};

/// A compiled table.
#[derive(Debug, Clone)]
pub struct Diagram {
    root: u32,
    nodes: Vec<Node>,
    /// Class of every atom, for every distinct way of cutting a dimension.
    classes: Vec<u16>,
    /// Next node or answer, per node and class.
    next: Vec<u32>,
    /// Conflicts that answers refer to.
    conflicts: Vec<Vec<u32>>,
}

/// One question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    dim: u32,
    /// Where the classes of the dimension's atoms begin.
    classes: u32,
    /// Where the next nodes begin.
    next: u32,
}

/// Marks an answer instead of a node.
const ANSWER: u32 = 1 << 31;
const GAP: u32 = u32::MAX;
/// Marks an answer that is a conflict; the rest of the number is its place in the list.
const CONFLICT: u32 = ANSWER | 1 << 30;

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
                root: GAP,
                nodes: Vec::new(),
                classes: Vec::new(),
                next: Vec::new(),
                conflicts: Vec::new(),
            },
        };
        let rows = (0..table.rows.len() as u32).filter(|&r| !table.space.is_empty(table.cuboid(r))).collect();
        builder.diagram.root = builder.build(rows, 0)?;
        Ok(builder.diagram)
    }

    /// The row that owns a point given by one atom per dimension, when exactly one owner does.
    ///
    /// Atoms must be below the dimension's size; a larger one panics.
    #[inline]
    pub fn row(&self, point: &[u16; DIMS]) -> Option<u32> {
        let at = self.walk(point);
        (at < CONFLICT).then_some(at & !ANSWER)
    }

    /// What holds at a point.
    pub fn answer(&self, point: &[u16; DIMS]) -> Answer {
        match self.walk(point) {
            GAP => Answer::Gap,
            at if at >= CONFLICT => Answer::Conflict(self.conflicts[(at & !CONFLICT) as usize].clone()),
            at => Answer::Owned(at & !ANSWER),
        }
    }

    /// Answers many points; `out` gets the row, or `u32::MAX` where there is no single owner. Four walks go side by side so
    /// that their loads overlap.
    pub fn rows(&self, points: &[[u16; DIMS]], out: &mut [u32]) {
        let mut chunks = points.chunks_exact(4);
        let mut outs = out.chunks_exact_mut(4);
        for (chunk, out) in (&mut chunks).zip(&mut outs) {
            let mut at = [self.root; 4];
            while at.iter().any(|&a| a < ANSWER) {
                for (a, point) in at.iter_mut().zip(chunk) {
                    if *a < ANSWER {
                        *a = self.step(*a, point);
                    }
                }
            }
            for (o, a) in out.iter_mut().zip(at) {
                *o = if a < CONFLICT { a & !ANSWER } else { u32::MAX };
            }
        }
        for (o, point) in outs.into_remainder().iter_mut().zip(chunks.remainder()) {
            *o = self.row(point).unwrap_or(u32::MAX);
        }
    }

    /// Bytes that a lookup may touch.
    pub fn bytes(&self) -> usize {
        self.nodes.len() * size_of::<Node>() + self.classes.len() * 2 + self.next.len() * 4
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    #[inline]
    fn walk(&self, point: &[u16; DIMS]) -> u32 {
        let mut at = self.root;
        while at < ANSWER {
            at = self.step(at, point);
        }
        at
    }

    #[inline]
    fn step(&self, at: u32, point: &[u16; DIMS]) -> u32 {
        let node = self.nodes[at as usize];
        let class = self.classes[node.classes as usize + usize::from(point[node.dim as usize & (DIMS - 1)])];
        self.next[node.next as usize + usize::from(class)]
    }
}

/// A node's identity: dimension, classes and where they lead.
type Shape = (u32, u32, Box<[u32]>);

struct Builder<'t> {
    table: &'t Table,
    budget: usize,
    /// Dimensions in which each row has no condition, as bits.
    full: Vec<u8>,
    /// Rows still possible and dimensions that need no question any more → what was built for them.
    seen: FxHashMap<(Box<[u32]>, u8), u32>,
    /// Class of every atom → where that stands.
    cuts: FxHashMap<Box<[u16]>, u32>,
    shared: FxHashMap<Shape, u32>,
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
    fn build(&mut self, mut rows: Vec<u32>, mut settled: u8) -> Result<u32, TooLarge> {
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
            next.push(self.ask(dim, settled, rows, &class_of, next.len())?);
        }
        let built = if next.iter().all(|&n| n == next[0]) {
            next[0]
        } else {
            self.share(dim as u32, class_of, next)?
        };
        self.seen.insert(key, built);
        Ok(built)
    }

    /// Builds what follows an answer; the dimension is settled when every row left holds for the whole class.
    fn ask(
        &mut self,
        dim: usize,
        settled: u8,
        rows: Vec<u32>,
        class_of: &[u16],
        class: usize,
    ) -> Result<u32, TooLarge> {
        let space = &self.table.space;
        let mut members = vec![0u64; space.atoms(dim).div_ceil(64)];
        for (atom, _) in class_of.iter().enumerate().filter(|(_, c)| usize::from(**c) == class) {
            members[atom / 64] |= 1 << (atom % 64);
        }
        let holds = |&r: &u32| within(&members, space.set(self.table.cuboid(r), dim));
        let settled = if rows.iter().all(holds) { settled | 1 << dim } else { settled };
        self.build(rows, settled)
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

    fn answer(&mut self, rows: &[u32]) -> u32 {
        match self.table.most_refined(rows) {
            Answer::Gap => GAP,
            Answer::Owned(row) => ANSWER | row,
            Answer::Conflict(rows) => {
                self.diagram.conflicts.push(rows);
                CONFLICT | (self.diagram.conflicts.len() as u32 - 1)
            }
        }
    }

    /// Atoms in classes that no row of the list tells apart.
    fn classes(&self, d: usize, rows: &[u32]) -> Box<[u16]> {
        let space = &self.table.space;
        let mut class_of = vec![0u16; space.atoms(d)].into_boxed_slice();
        let mut count = 1u16;
        let mut known: FxHashSet<&[u64]> = FxHashSet::default();
        for &row in rows {
            let set = space.set(self.table.cuboid(row), d);
            if known.insert(set) {
                count = refine(&mut class_of, set, count);
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

    fn share(&mut self, dim: u32, class_of: Box<[u16]>, next: Vec<u32>) -> Result<u32, TooLarge> {
        let diagram = &mut self.diagram;
        let classes = *self.cuts.entry(class_of).or_insert_with_key(|class_of| {
            diagram.classes.extend_from_slice(class_of);
            (diagram.classes.len() - class_of.len()) as u32
        });
        let shape = (dim, classes, next.into_boxed_slice());
        if let Some(&known) = self.shared.get(&shape) {
            return Ok(known);
        }
        if diagram.nodes.len() >= self.budget {
            return Err(TooLarge(self.budget));
        }
        let number = diagram.nodes.len() as u32;
        diagram.nodes.push(Node { dim, classes, next: diagram.next.len() as u32 });
        diagram.next.extend_from_slice(&shape.2);
        self.shared.insert(shape, number);
        Ok(number)
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

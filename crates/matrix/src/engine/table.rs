//! Boxes with owners.

use super::space::{Cuboid, Space, within};

/// One box and who owns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The conditions.
    pub cuboid: Cuboid,
    /// Number of the owner; rows with the same number agree.
    pub owner: u32,
    /// Number of what the row promises beside the owner (targets, fallback); only redundancy looks at it.
    pub promise: u32,
}

/// Rows over one space. Their order carries no meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Dimensions and weights.
    pub space: Space,
    /// The rows.
    pub rows: Vec<Row>,
}

/// What holds at one point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// No row applies.
    Gap,
    /// The row that wins; where several agree on the owner, the one with the lowest number.
    Owned(u32),
    /// Most-refined rows that disagree on the owner, ascending.
    Conflict(Vec<u32>),
}

impl Table {
    /// A table without rows.
    pub fn new(space: Space) -> Self {
        Self { space, rows: Vec::new() }
    }

    /// The box of a row.
    pub fn cuboid(&self, row: u32) -> &[u64] {
        &self.rows[row as usize].cuboid
    }

    /// Whether row `a` refines row `b`: its box lies strictly inside.
    pub fn refines(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.cuboid(a), self.cuboid(b));
        within(a, b) && a != b && !self.space.is_empty(a)
    }

    /// Who owns the point given by one atom per dimension, straight from the definition: no index, no shortcut.
    /// This is what every compiled form must agree with; it takes time in proportion to the rows.
    pub fn owner_by_definition(&self, point: &[usize; super::DIMS]) -> Answer {
        let holds = |r: &Row| point.iter().enumerate().all(|(d, &a)| self.space.contains(&r.cuboid, d, a));
        let applying: Vec<u32> =
            self.rows.iter().enumerate().filter(|(_, r)| holds(r)).map(|(i, _)| i as u32).collect();
        self.most_refined(&applying)
    }

    /// The answer among rows that all apply at one point.
    pub fn most_refined(&self, applying: &[u32]) -> Answer {
        let wins = |&row: &u32| !applying.iter().any(|&other| self.refines(other, row));
        let winners: Vec<u32> = applying.iter().copied().filter(wins).collect();
        match winners.first() {
            None => Answer::Gap,
            Some(&first) => {
                let owner = self.rows[first as usize].owner;
                if winners.iter().all(|&w| self.rows[w as usize].owner == owner) {
                    Answer::Owned(first)
                } else {
                    Answer::Conflict(winners)
                }
            }
        }
    }
}

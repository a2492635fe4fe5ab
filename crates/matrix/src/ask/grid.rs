//! Who owns what, at a glance: services down the side, kinds of hours across, the party in each cell.
//!
//! A cell is exact: it is cut along every condition of every row that can apply to it, so a hole of one minute is in it.
//! Services to which the same rows apply share the work.

use std::collections::BTreeMap;
use std::sync::Arc;

use remit_core::Horizon;
use remit_draw::Hue;
use rustc_hash::FxHashMap;

use super::{Hours, Unclear, hue};
use crate::catalogue::Service;
use crate::engine::{Answer, DIMS};
use crate::model::{Dimension, OTHER, PartyIx};
use crate::{Compiled, Matrix, Resolver};

/// The whole picture.
#[derive(Debug)]
pub struct Grid {
    /// The time that it looks at.
    pub horizon: Horizon,
    /// Kinds of hours, in order.
    pub hours: Vec<Hours>,
    /// Top-level branches of the catalogue, in its order.
    pub branches: Vec<Branch>,
}

/// A top-level branch and what lies below it.
#[derive(Debug)]
pub struct Branch {
    /// The branch itself; each share says in how many of its services it is found.
    pub line: Line,
    /// Its services, in the order of the catalogue.
    pub leaves: Vec<Line>,
}

/// One service and its cells, one for each kind of hours.
#[derive(Debug)]
pub struct Line {
    /// Its id.
    pub id: Arc<str>,
    /// Its name.
    pub name: String,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// Who owns a service in one kind of hours: the largest share first, nobody before all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// At least one.
    pub shares: Vec<Share>,
    /// Whether so many conditions meet here that the shares are those that rows name, not those that were counted.
    pub varied: bool,
}

/// What one party has of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Who; none for nobody, or nobody alone.
    pub party: Option<PartyIx>,
    /// Its hue.
    pub hue: Hue,
    /// Its name.
    pub name: String,
    /// Names of the teams that do the work.
    pub teams: Vec<String>,
    /// Where, when the cell is split: `tier L3`, `some of these hours`.
    pub only: Vec<String>,
    /// In how many services; 1 for a service itself.
    pub services: usize,
    weight: u128,
}

/// The most combinations of conditions that are counted out for one cell.
const MOST: usize = 20_000;
/// Values of one condition that are named.
const NAMED: usize = 4;

impl Grid {
    /// Looks at a matrix over a horizon.
    pub fn new(matrix: &Arc<Matrix>, horizon: Horizon) -> Result<Self, Unclear> {
        let compiled = Compiled::new(Arc::clone(matrix), horizon).map_err(|e| Unclear::new(e.to_string()))?;
        let hours = Hours::of(matrix, horizon);
        let atoms = hours.iter().map(|hours| compiled.lexicon.time.within(&hours.spans)).collect();
        let mut counter =
            Counter { matrix, resolver: Resolver::new(compiled), atoms, known: FxHashMap::default() };
        let branches = matrix.services.roots().map(|root| counter.branch(root)).collect();
        Ok(Self { horizon, hours, branches })
    }

    /// How many services nobody owns alone at some of the hours.
    pub fn holes(&self) -> usize {
        self.branches.iter().flat_map(|branch| &branch.leaves).filter(|leaf| leaf.has_hole()).count()
    }
}

impl Branch {
    /// Its services, those with the same cells together, in the order of the first of each.
    pub fn groups(&self) -> Vec<Vec<&Line>> {
        let mut groups: Vec<Vec<&Line>> = Vec::new();
        for leaf in &self.leaves {
            match groups.iter_mut().find(|group| group[0].cells == leaf.cells) {
                Some(group) => group.push(leaf),
                None => groups.push(vec![leaf]),
            }
        }
        groups
    }
}

impl Line {
    /// Whether nobody, or nobody alone, owns it at some of the hours.
    pub fn has_hole(&self) -> bool {
        self.cells.iter().any(Cell::has_hole)
    }
}

impl Cell {
    /// Whether nobody, or nobody alone, owns part of it.
    pub fn has_hole(&self) -> bool {
        self.shares.iter().any(|share| share.party.is_none())
    }

    /// Whether one party has all of it.
    pub fn is_whole(&self) -> bool {
        self.shares.len() == 1 && !self.varied
    }

    fn sorted(mut self) -> Self {
        self.shares
            .sort_by_key(|share| (share.party.is_some(), std::cmp::Reverse(share.weight), share.party));
        self
    }
}

struct Counter<'m> {
    matrix: &'m Arc<Matrix>,
    resolver: Resolver,
    /// For each kind of hours its atoms of time, with their minutes.
    atoms: Vec<Vec<(u16, u64)>>,
    /// Cells by the rows that can apply.
    known: FxHashMap<Vec<u32>, Vec<Cell>>,
}

/// Atoms of one dimension that no row in question tells apart: one of them, how much they count, their names.
struct Group {
    atom: u16,
    weight: u64,
    names: Vec<String>,
}

impl Counter<'_> {
    fn branch(&mut self, root: &Service) -> Branch {
        let matrix = self.matrix;
        let leaves: Vec<Line> = root
            .leaves()
            .filter_map(|leaf| {
                let service = matrix.services.leaf(leaf)?;
                let above = matrix.services.parent(&service.id).filter(|above| above.id != root.id);
                let name = match above {
                    Some(above) if service.id != root.id => format!("{} › {}", above.name, service.name),
                    _ => service.name.clone(),
                };
                Some(Line { id: Arc::clone(&service.id), name, cells: self.leaf(leaf as u16) })
            })
            .collect();
        let cells = (0..self.atoms.len()).map(|n| joined(leaves.iter().map(|leaf| &leaf.cells[n]))).collect();
        Branch { line: Line { id: Arc::clone(&root.id), name: root.name.clone(), cells }, leaves }
    }

    fn leaf(&mut self, leaf: u16) -> Vec<Cell> {
        let table = &self.resolver.compiled.table;
        let holds = |row: &u32| table.space.contains(table.cuboid(*row), 0, usize::from(leaf));
        let rows: Vec<u32> = (0..table.rows.len() as u32).filter(holds).collect();
        if let Some(cells) = self.known.get(&rows) {
            return cells.clone();
        }
        let listed = Dimension::LISTED.map(|dimension| self.values(dimension, &rows));
        let cells = self.atoms.iter().map(|atoms| self.cell(leaf, &rows, &listed, &self.times(atoms, &rows)));
        let cells: Vec<Cell> = cells.collect();
        self.known.insert(rows, cells.clone());
        cells
    }

    /// Which of the rows an atom of a dimension lies in.
    fn rows_at(&self, rows: &[u32], dimension: usize, atom: usize) -> Vec<u32> {
        let table = &self.resolver.compiled.table;
        let holds = |row: &&u32| table.space.contains(table.cuboid(**row), dimension, atom);
        rows.iter().filter(holds).copied().collect()
    }

    fn values(&self, dimension: Dimension, rows: &[u32]) -> Vec<Group> {
        let names = &self.resolver.compiled.lexicon.values[dimension.index() - 1];
        let mut groups: BTreeMap<Vec<u32>, Group> = BTreeMap::new();
        for (atom, name) in names.iter().enumerate() {
            let group = groups.entry(self.rows_at(rows, dimension.index(), atom));
            let group = group.or_insert_with(|| Group { atom: atom as u16, weight: 0, names: Vec::new() });
            group.weight += 1;
            group.names.push(if name == OTHER { "any other".to_owned() } else { name.clone() });
        }
        groups.into_values().collect()
    }

    fn times(&self, atoms: &[(u16, u64)], rows: &[u32]) -> Vec<Group> {
        let mut groups: BTreeMap<Vec<u32>, Group> = BTreeMap::new();
        for (atom, minutes) in atoms {
            let group = groups.entry(self.rows_at(rows, DIMS - 1, usize::from(*atom)));
            let group = group.or_insert_with(|| Group { atom: *atom, weight: 0, names: Vec::new() });
            group.weight += minutes;
        }
        groups.into_values().collect()
    }

    fn cell(&self, leaf: u16, rows: &[u32], listed: &[Vec<Group>; 6], times: &[Group]) -> Cell {
        let groups: Vec<&[Group]> = listed.iter().map(Vec::as_slice).chain([times]).collect();
        let combinations = groups.iter().try_fold(1usize, |all, group| all.checked_mul(group.len()));
        if combinations.is_none_or(|all| all > MOST) {
            return self.named(rows);
        }
        let mut tally: BTreeMap<Option<PartyIx>, Tally> = BTreeMap::new();
        let mut at = [0usize; DIMS - 1];
        loop {
            let mut point = [leaf; DIMS];
            let mut weight = 1u128;
            for (d, n) in at.iter().enumerate() {
                point[d + 1] = groups[d][*n].atom;
                weight *= u128::from(groups[d][*n].weight);
            }
            let row = match self.resolver.answer(&point) {
                Answer::Owned(row) => Some(&self.matrix.rows[row as usize]),
                Answer::Gap | Answer::Conflict(_) => None,
            };
            let team = row.map(|row| self.matrix.team(row.responsible).name.clone());
            tally.entry(row.map(|row| row.accountable)).or_default().add(&at, weight, team);
            if !next(&mut at, &groups) {
                break;
            }
        }
        let split = tally.len() > 1;
        let share = |(party, tally): (Option<PartyIx>, Tally)| {
            let only = if split { tally.only(&groups) } else { Vec::new() };
            self.share(party, tally.teams, only, tally.weight)
        };
        Cell { shares: tally.into_iter().map(share).collect(), varied: false }.sorted()
    }

    /// The parties that rows name, where there are too many combinations to count out.
    fn named(&self, rows: &[u32]) -> Cell {
        let mut tally: BTreeMap<PartyIx, u128> = BTreeMap::new();
        for row in rows {
            *tally.entry(self.matrix.rows[*row as usize].accountable).or_default() += 1;
        }
        let shares =
            tally.into_iter().map(|(party, weight)| self.share(Some(party), Vec::new(), Vec::new(), weight));
        Cell { shares: shares.collect(), varied: true }.sorted()
    }

    fn share(&self, party: Option<PartyIx>, teams: Vec<String>, only: Vec<String>, weight: u128) -> Share {
        let (hue, name) = match party {
            Some(party) => (hue(self.matrix, party), self.matrix.party(party).name.clone()),
            None => (Hue::Nobody, "nobody".to_owned()),
        };
        Share { party, hue, name, teams, only, services: 1, weight }
    }
}

/// The next combination; false after the last.
fn next(at: &mut [usize; DIMS - 1], groups: &[&[Group]]) -> bool {
    for (n, group) in at.iter_mut().zip(groups) {
        *n += 1;
        if *n < group.len() {
            return true;
        }
        *n = 0;
    }
    false
}

/// What one party has of a cell, while it is counted.
#[derive(Default)]
struct Tally {
    weight: u128,
    teams: Vec<String>,
    /// For each dimension the groups in which it was found.
    found: [Vec<usize>; DIMS - 1],
}

impl Tally {
    fn add(&mut self, at: &[usize; DIMS - 1], weight: u128, team: Option<String>) {
        self.weight += weight;
        if let Some(team) = team.filter(|team| !self.teams.contains(team)) {
            self.teams.push(team);
        }
        for (found, n) in self.found.iter_mut().zip(at) {
            if !found.contains(n) {
                found.push(*n);
            }
        }
    }

    /// The conditions that narrow it down.
    fn only(&self, groups: &[&[Group]]) -> Vec<String> {
        let mut words = Vec::new();
        for ((found, groups), dimension) in self.found.iter().zip(groups).zip(&Dimension::ALL[1..]) {
            if found.len() == groups.len() {
                continue;
            }
            if *dimension == Dimension::Time {
                words.push("some of these hours".to_owned());
                continue;
            }
            let names: Vec<&str> = found.iter().flat_map(|n| &groups[*n].names).map(String::as_str).collect();
            let more = names.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let names = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
            words.push(format!("{} {names}{more}", dimension.label()));
        }
        words
    }
}

/// A branch out of its services.
fn joined<'c>(cells: impl Iterator<Item = &'c Cell>) -> Cell {
    let mut all = Cell::default();
    for cell in cells {
        all.varied |= cell.varied;
        for share in &cell.shares {
            match all.shares.iter_mut().find(|known| known.party == share.party) {
                Some(known) => {
                    known.services += 1;
                    known.weight += share.weight;
                    // A condition is said of the branch if it is that of all its services.
                    if known.only != share.only {
                        known.only.clear();
                    }
                }
                None => all.shares.push(Share { teams: Vec::new(), ..share.clone() }),
            }
        }
    }
    all.sorted()
}

#[cfg(test)]
mod tests;

//! From a matrix to boxes: the words of one or two matrices become atoms, the rows become boxes over them.

use std::sync::Arc;

use remit_core::{Edge, Horizon, Span, Spans, WorkingCalendar, Zone};
use rustc_hash::FxHashMap;

use crate::catalogue::Catalogue;
use crate::engine::{Cuboid, DIMS, Row as BoxRow, Space, Table};
use crate::model::{CalendarIx, Dimension, Hours, Matrix, OTHER, Row};
use crate::time::atoms::TooManyAtoms;
use crate::time::{Term, TimeAtoms};

/// Why a checked matrix cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// Too many different hours.
    #[error(transparent)]
    Atoms(#[from] TooManyAtoms),
    /// A horizon without a minute.
    #[error("the horizon {0} holds no minute: it must end after it begins")]
    EmptyHorizon(Span),
    /// Two matrices add services that cannot stand in one catalogue.
    #[error("the two matrices name different services alike: {0}")]
    Services(String),
}

/// What the atoms of every dimension are called.
#[derive(Debug, Clone)]
pub struct Lexicon {
    /// Leaves of this catalogue are the atoms of the service dimension.
    pub services: Arc<Catalogue>,
    /// Atoms of the listed dimensions, `other` last.
    pub values: [Vec<String>; 6],
    /// Atoms of time.
    pub time: TimeAtoms,
    /// Owners by number: ids of party and team.
    pub owners: Vec<(String, String)>,
    numbers: [FxHashMap<String, u16>; 6],
    predicates: Predicates,
}

/// One matrix as boxes.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The matrix.
    pub matrix: Arc<Matrix>,
    /// What the atoms are called.
    pub lexicon: Arc<Lexicon>,
    /// The rows as boxes, in the order of [`Matrix::rows`].
    pub table: Table,
    /// Which of the lexicon's matrices this is.
    place: usize,
}

impl Compiled {
    /// Compiles a matrix over a horizon.
    pub fn new(matrix: Arc<Matrix>, horizon: Horizon) -> Result<Self, CompileError> {
        let mut both = compile(&[matrix], horizon)?;
        Ok(both.remove(0))
    }

    /// The atoms during which an expression of this matrix holds.
    pub fn hours(&self, hours: &Hours) -> Box<[u64]> {
        self.lexicon.hours(self.place, hours)
    }
}

/// Compiles matrices over one set of atoms, so that they can be compared.
pub fn compile(matrices: &[Arc<Matrix>], horizon: Horizon) -> Result<Vec<Compiled>, CompileError> {
    if horizon.start.minute() >= horizon.end.minute() {
        return Err(CompileError::EmptyHorizon(horizon));
    }
    let lexicon = Arc::new(Lexicon::new(matrices, horizon)?);
    let space = lexicon.space();
    let mut owners: FxHashMap<&(String, String), u32> = FxHashMap::default();
    for (i, owner) in lexicon.owners.iter().enumerate() {
        owners.insert(owner, i as u32);
    }
    let mut compiled = Vec::with_capacity(matrices.len());
    for (place, matrix) in matrices.iter().enumerate() {
        let leaves = lexicon.leaves_of(matrix);
        let mut promises = FxHashMap::default();
        let rows = matrix.rows.iter().map(|row| {
            let next = promises.len() as u32;
            let says = (row.promise, row.fallback.clone(), row.consulted.clone(), row.informed.clone());
            BoxRow {
                cuboid: lexicon.cuboid(&space, (place, matrix), row, &leaves),
                owner: owners[&owner_ids(matrix, row)],
                promise: *promises.entry(says).or_insert(next),
            }
        });
        let table = Table { space: space.clone(), rows: rows.collect() };
        compiled.push(Compiled { matrix: Arc::clone(matrix), lexicon: Arc::clone(&lexicon), table, place });
    }
    Ok(compiled)
}

fn owner_ids(matrix: &Matrix, row: &Row) -> (String, String) {
    (matrix.party(row.accountable).id.clone(), matrix.team(row.responsible).id.clone())
}

impl Lexicon {
    fn new(matrices: &[Arc<Matrix>], horizon: Horizon) -> Result<Self, CompileError> {
        let (predicates, spans) = predicates_of(matrices, horizon);
        let mut owners: Vec<(String, String)> =
            matrices.iter().flat_map(|m| m.rows.iter().map(|r| owner_ids(m, r))).collect();
        owners.sort();
        owners.dedup();
        let values = joined_values(matrices);
        let numbers = std::array::from_fn(|d: usize| {
            values[d].iter().enumerate().map(|(i, v): (usize, &String)| (v.clone(), i as u16)).collect()
        });
        Ok(Self {
            services: joined_services(matrices)?,
            values,
            time: TimeAtoms::new(&spans, horizon)?,
            owners,
            numbers,
            predicates,
        })
    }

    fn space(&self) -> Space {
        let mut atoms = [1; DIMS];
        atoms[0] = self.services.leaf_count() as usize;
        for (d, values) in self.values.iter().enumerate() {
            atoms[d + 1] = values.len();
        }
        atoms[DIMS - 1] = self.time.len();
        Space::new(atoms).weighted(DIMS - 1, self.time.minutes().to_vec())
    }

    /// For each leaf, the leaf of the matrix's own catalogue that it belongs to.
    fn leaves_of(&self, matrix: &Matrix) -> Vec<u32> {
        let own = &matrix.services;
        let of = |leaf: u32| {
            let mut id: &str = &self.services.leaf(leaf).expect("leaves are numbered from 0").id;
            loop {
                if let Some(node) = own.get(id) {
                    // A node without children is the leaf itself; else the matrix knows it as the node's `other`.
                    return node.leaves().end - 1;
                }
                match id.rsplit_once('.') {
                    Some((parent, _)) => id = parent,
                    None => return own.leaf_count() - 1,
                }
            }
        };
        (0..self.services.leaf_count()).map(of).collect()
    }

    fn cuboid(&self, space: &Space, of: (usize, &Matrix), row: &Row, leaves: &[u32]) -> Cuboid {
        let (place, matrix) = of;
        let mut cuboid: Cuboid = space.full().into();
        if !row.services.is_empty() {
            space.set_mut(&mut cuboid, 0).fill(0);
            let ranges: Vec<_> = row.services.iter().filter_map(|id| matrix.services.leaves(id)).collect();
            for (atom, own) in leaves.iter().enumerate() {
                if ranges.iter().any(|r| r.contains(own)) {
                    space.insert(&mut cuboid, 0, atom);
                }
            }
        }
        for dimension in Dimension::LISTED {
            let d = dimension.index();
            let Some(condition) = &row.conditions[d - 1] else { continue };
            let own = matrix.values_of(dimension);
            space.set_mut(&mut cuboid, d).fill(0);
            for (atom, value) in self.values[d - 1].iter().enumerate() {
                // A value that this matrix does not list is its `other`.
                let number = own.iter().position(|v| v == value).unwrap_or(own.len() - 1);
                if condition.contains(&(number as u16)) {
                    space.insert(&mut cuboid, d, atom);
                }
            }
        }
        let time = self.hours(place, &row.time);
        space.set_mut(&mut cuboid, DIMS - 1).copy_from_slice(&time);
        cuboid
    }

    fn hours(&self, place: usize, hours: &Hours) -> Box<[u64]> {
        let mut set = vec![0u64; self.time.len().div_ceil(64)];
        let mut key: FxHashMap<&Term<CalendarIx>, usize> = FxHashMap::default();
        hours.terms(&mut |term| {
            key.insert(term, self.predicates[&(place, term.clone())]);
        });
        for atom in 0..self.time.len() {
            if hours.eval(&mut |term| self.time.is_active(atom, key[term])) {
                set[atom / 64] |= 1 << (atom % 64);
            }
        }
        set.into()
    }

    /// The atom of a value; `None` when the dimension does not list it.
    #[inline]
    pub fn value(&self, dimension: Dimension, value: &str) -> Option<u16> {
        self.numbers.get(dimension.index().wrapping_sub(1))?.get(value).copied()
    }

    /// The name of an atom of service or a listed dimension.
    pub fn name(&self, dimension: Dimension, atom: usize) -> &str {
        match dimension {
            Dimension::Service => self.services.leaf(atom as u32).map_or(OTHER, |s| &s.id),
            Dimension::Time => "",
            listed => &self.values[listed.index() - 1][atom],
        }
    }
}

/// A word of one of the matrices, and its number.
type Predicates = FxHashMap<(usize, Term<CalendarIx>), usize>;

/// Every word about time that the matrices use, numbered, and when it holds.
fn predicates_of(matrices: &[Arc<Matrix>], horizon: Horizon) -> (Predicates, Vec<Spans>) {
    let mut predicates = Predicates::default();
    let mut spans = Vec::new();
    for (place, matrix) in matrices.iter().enumerate() {
        let mut add = |term: &Term<CalendarIx>| {
            let next = predicates.len();
            if *predicates.entry((place, term.clone())).or_insert(next) == next {
                spans.push(spans_of(matrix, term, horizon));
            }
        };
        matrix.rows.iter().for_each(|row| row.time.terms(&mut add));
        matrix.teams.iter().for_each(|team| team.hours.terms(&mut add));
    }
    (predicates, spans)
}

/// Values of all matrices, each once, `other` last.
fn joined_values(matrices: &[Arc<Matrix>]) -> [Vec<String>; 6] {
    std::array::from_fn(|d| {
        let mut joined: Vec<String> = Vec::new();
        for value in matrices.iter().flat_map(|m| &m.values[d]).filter(|v| *v != OTHER) {
            if !joined.contains(value) {
                joined.push(value.clone());
            }
        }
        joined.push(OTHER.to_owned());
        joined
    })
}

/// The built-in catalogue with the own services of all matrices.
fn joined_services(matrices: &[Arc<Matrix>]) -> Result<Arc<Catalogue>, CompileError> {
    if let [only] = matrices {
        return Ok(Arc::clone(&only.services));
    }
    let mut nodes = Vec::new();
    for node in matrices.iter().flat_map(|m| &m.draft.services) {
        if !nodes.iter().any(|n: &crate::catalogue::NewNode| n.id == node.id) {
            nodes.push(node.clone());
        }
    }
    let joined = Catalogue::builtin().extended(nodes).map_err(|e| CompileError::Services(e.to_string()))?;
    Ok(Arc::new(joined))
}

/// When a term holds, over the horizon.
pub(crate) fn spans_of(matrix: &Matrix, term: &Term<CalendarIx>, horizon: Horizon) -> Spans {
    match term {
        Term::Calendar(c) => matrix.calendar(*c).calendar.open(horizon),
        Term::Holidays(c) => matrix.calendar(*c).calendar.holiday_days(horizon),
        Term::Weekly(days, windows) => {
            let windows: Vec<_> = windows.iter().map(|w| (*days, *w)).collect();
            // Windows that overlap were meant as one longer stretch.
            let each = windows
                .iter()
                .filter_map(|w| WorkingCalendar::weekly(matrix.zone.clone(), std::slice::from_ref(w)).ok());
            each.fold(Spans::default(), |all, calendar| all.union(&calendar.open(horizon)))
        }
        Term::Days(first, last) => {
            let next = last.tomorrow().unwrap_or(*last);
            let day = |date: &remit_core::Date, zone: &Zone| zone.at(date.at(0, 0, 0, 0), Edge::Start);
            let span = Span { start: day(first, &matrix.zone), end: day(&next, &matrix.zone) };
            Spans::from_unsorted(vec![span]).within(horizon)
        }
        Term::OnDuty(_) => Spans::default(),
    }
}

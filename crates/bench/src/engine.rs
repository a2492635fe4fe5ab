//! Proofs, gaps, differences and lookups on generated tables of eight dimensions and a year of minutes.
//!
//! Three kinds of tables: **in words** (cut along services, hours and single values, as people write matrices), **random
//! cuts** (no two rows share an edge: harsher than any real matrix) and **exceptions** (defaults with exceptions of
//! exceptions). All are sound by construction, and each measurement checks that the answer is right before it counts.

mod lookup;
mod proof;
mod words;

use remit_matrix::engine::generate::{Vocabulary, bench_space, overrides, partition, partition_in_words};
use remit_matrix::engine::{Space, Table};

use remit_bench::measure::Effort;
use remit_bench::report::Report;

/// Owners in the tables: about as many as a client has teams.
pub const OWNERS: u32 = 12;

/// Measures all of it.
pub fn run(effort: Effort, report: &mut Report) {
    for rows in [1_500, 10_000] {
        let tables = Kind::ALL.map(|kind| (kind, kind.table(rows, 1)));
        proof::prove(effort, rows, &tables, report);
        lookup::resolve(effort, rows, &tables, report);
    }
    proof::gaps(effort, report);
    proof::differences(effort, report);
    proof::edits(effort, report);
    words::resolve(effort, report);
}

/// How the rows of a table come about.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Cut along the words of a matrix.
    Words,
    /// Cut along random edges.
    Cuts,
    /// Defaults and exceptions.
    Exceptions,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Words, Self::Cuts, Self::Exceptions];

    /// How the tables call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "in words",
            Self::Cuts => "random cuts",
            Self::Exceptions => "exceptions",
        }
    }

    /// A sound table of this kind; the same for the same seed.
    pub fn table(self, rows: usize, seed: u64) -> Table {
        let space: Space = bench_space(seed);
        let words = || Vocabulary::realistic(&space, seed);
        match self {
            Self::Words => partition_in_words(&space, &words(), rows, OWNERS, seed),
            Self::Cuts => partition(&space, rows, OWNERS, seed),
            Self::Exceptions => overrides(&space, Some(&words()), rows, OWNERS, seed),
        }
    }
}

/// A number of rows as people write it: `1,500`.
pub fn count(rows: usize) -> String {
    if rows < 1_000 { rows.to_string() } else { format!("{},{:03}", rows / 1_000, rows % 1_000) }
}

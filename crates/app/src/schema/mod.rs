//! The schema, step by step. A released step is never changed.

#[cfg(test)]
mod tests;

use remit_db::Migration;

/// All steps.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "ground", text: include_str!("../../migrations/0001_ground.sql") },
    Migration { number: 2, name: "matrix", text: include_str!("../../migrations/0002_matrix.sql") },
    Migration { number: 3, name: "sign-in", text: include_str!("../../migrations/0003_sign_in.sql") },
    Migration { number: 4, name: "jobs", text: remit_jobs::TABLES },
];

//! Whether a database is whole: what the engine itself can tell, and what the schema demands.

use crate::db::Place;
use crate::error::Error;
use crate::sqlite::Purpose;
use crate::statement::Engine;
use crate::value::{FromRow, Row};

/// Findings that are told at most.
const MOST: usize = 100;

/// Looks through a database and says what is wrong with it; nothing, when all is well.
///
/// On SQLite every page, every index and every reference is looked at. On PostgreSQL the server keeps those itself; what is looked at
/// is that row-level security is forced on every table, so that a tenant cannot be left, and that no index or constraint was left
/// unchecked.
pub fn check(place: &Place) -> Result<Vec<String>, Error> {
    // In a thread of its own: the driver of PostgreSQL must not be called from within a runtime.
    std::thread::scope(|threads| {
        let look = || {
            let mut connection = place.connect(Purpose::Read)?;
            let looks: &[(&str, &str)] = match connection.engine() {
                Engine::Sqlite => &SQLITE,
                Engine::Postgres => &POSTGRES,
            };
            let mut findings = Vec::new();
            for (what, sql) in looks {
                let mut rows: Vec<Row> = Vec::new();
                connection.rows(sql, &[], &mut |row| rows.push(row))?;
                for row in rows.into_iter().take(MOST) {
                    let (found,) = <(String,)>::from_row(row)?;
                    findings.push(format!("{what}: {found}"));
                }
            }
            Ok(findings)
        };
        threads.spawn(look).join().unwrap_or(Err(Error::Panicked))
    })
}

const SQLITE: [(&str, &str); 2] = [
    (
        "the file is damaged",
        "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    ),
    (
        "a row refers to one that is not there",
        "SELECT \"table\" || ', to ' || parent FROM pragma_foreign_key_check LIMIT 100",
    ),
];

const POSTGRES: [(&str, &str); 3] = [
    (
        "row-level security is not forced on a table",
        "SELECT CAST(relname AS TEXT) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
         AND relname <> 'schema_migration' AND NOT (relrowsecurity AND relforcerowsecurity)",
    ),
    (
        "an index cannot be used",
        "SELECT CAST(c.relname AS TEXT) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisvalid",
    ),
    (
        "a constraint was never checked",
        "SELECT CAST(conname AS TEXT) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND NOT convalidated",
    ),
];

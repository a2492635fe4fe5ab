//! How the schema gets from one version to the next.
//!
//! One text serves both engines. It is written with the types `UUID`, `TEXT`, `BIGINT`,
//! `BOOLEAN` and `BYTEA`; on SQLite they become those of strict tables.
//! Beside SQL, a migration may say:
//!
//! | in the text | means |
//! |---|---|
//! | `) {strict};` | the end of a table; on SQLite `STRICT` |
//! | `) {clustered};` | the same for small rows that are always found by their key; on SQLite `STRICT, WITHOUT ROWID` |
//! | `{secure site by client_id};` | on PostgreSQL, forced row-level security: the provider's rows, those of clients within reach |
//! | `{secure team by client_id?};` | the same; rows without a client are within everybody's reach |
//! | `{secure log append client_id};` | the same to read; anybody within the provider may add; nobody changes or removes |
//! | `{secure job queue client_id};` | the same to read and to add; only units of work across providers change and remove |
//! | `{secure provider shared};` | the provider's rows, for everybody within it |
//! | `{secure plan whole};` | rows for callers that reach the whole provider |
//! | `{secure session system};` | rows for units of work across providers only |
//! | `{secure team new client_id};` | in addition: rows are added for clients within reach alone, with `?` also for none |
//! | `{secure reach given};` | in addition: only callers that reach the whole provider add, change and remove |
//! | `{only sqlite}...{end}`, `{only postgres}...{end}` | for one engine |
//!
//! Each migration is one transaction together with the note that it was done, so one that is cut short leaves nothing behind and is
//! done again. Migrations are never changed once they have been released: a hash of each is kept. They expand first and contract in a
//! later release, so that two neighbouring releases can work on one database.

use remit_core::At;

use crate::db::Place;
use crate::error::Error;
use crate::sqlite::Purpose;
use crate::statement::Engine;
use crate::statistics;
use crate::tx::Connection;
use crate::value::{Row, Value};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Counted from 1 without a hole.
    pub number: u32,
    /// What it does, in a word or two.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// What to do about a schema that is not the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Refuse to start, and touch nothing.
    MustBeCurrent,
    /// Make it the current one. `At` is noted as the time of it.
    Migrate(At),
}

/// What was done to a database, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its number.
    pub number: u32,
    /// BLAKE3 of its text.
    pub hash: [u8; 32],
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
                     hash BYTEA NOT NULL, done_at BIGINT NOT NULL) {strict}";

/// Brings the schema of a database to that of `migrations`, or says why it cannot be used.
pub(crate) fn run(
    connection: &mut dyn Connection,
    migrations: &[Migration],
    start: Start,
) -> Result<(), Error> {
    let missing = missing(connection, migrations, start)?;
    if let Start::Migrate(at) = start {
        missing.iter().try_for_each(|migration| apply(connection, migration, at))?;
    }
    match connection.engine() {
        // Also where nothing is missing: whoever has analysed the file by hand, or made an index again, has changed the figures.
        Engine::Sqlite => statistics::write(connection),
        Engine::Postgres => Ok(()),
    }
}

/// Whether [`run`] has anything to do. Changes nothing.
pub(crate) fn is_due(
    connection: &mut dyn Connection,
    migrations: &[Migration],
    start: Start,
) -> Result<bool, Error> {
    let missing = missing(connection, migrations, start)?;
    Ok(!missing.is_empty() || connection.engine() == Engine::Sqlite && !statistics::are_there(connection)?)
}

/// Which of `migrations` a database still needs, or why it cannot be used. Changes nothing.
pub(crate) fn missing<'m>(
    connection: &mut dyn Connection,
    migrations: &'m [Migration],
    start: Start,
) -> Result<&'m [Migration], Error> {
    for (place, migration) in migrations.iter().enumerate() {
        assert_eq!(migration.number as usize, place + 1, "migrations are numbered without a hole");
    }
    let done = noted(connection)?;
    compare(&done, migrations)?;
    let missing = &migrations[done.len()..];
    match (missing, start) {
        ([], _) | (_, Start::Migrate(_)) => Ok(missing),
        (_, Start::MustBeCurrent) if done.is_empty() => {
            Err(Error::Unusable("the database is empty; run `remit admin init` first".to_owned()))
        }
        (_, Start::MustBeCurrent) => Err(Error::Unusable(format!(
            "the database is older than this Remit: {} of {} migrations are done. Back it up, then run `remit admin migrate`. \
             Nothing was changed.",
            done.len(),
            migrations.len()
        ))),
    }
}

/// Which migrations the database at a place has had; none where there is no database yet.
pub fn done(place: &Place) -> Result<Vec<Done>, Error> {
    if matches!(place, Place::Sqlite(path) if !path.exists()) {
        return Ok(Vec::new());
    }
    // In a thread of its own: the driver of PostgreSQL must not be called from within a runtime.
    std::thread::scope(|threads| {
        let look = || noted(&mut *place.connect(Purpose::Read)?);
        threads.spawn(look).join().unwrap_or(Err(Error::Panicked))
    })
}

/// Which migrations were done.
pub(crate) fn noted(connection: &mut dyn Connection) -> Result<Vec<Done>, Error> {
    let exists = match connection.engine() {
        Engine::Sqlite => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'",
        Engine::Postgres => "SELECT CAST(1 AS BIGINT) WHERE to_regclass('schema_migration') IS NOT NULL",
    };
    let mut there = false;
    connection.rows(exists, &[], &mut |_| there = true)?;
    let mut done = Vec::new();
    if there {
        let read =
            |mut row: Row| -> Result<Done, Error> { Ok(Done { number: row.get(0)?, hash: row.get(1)? }) };
        let mut rows = Vec::new();
        connection.rows("SELECT number, hash FROM schema_migration ORDER BY number", &[], &mut |row| {
            rows.push(read(row));
        })?;
        done = rows.into_iter().collect::<Result<_, _>>()?;
    }
    Ok(done)
}

fn compare(done: &[Done], migrations: &[Migration]) -> Result<(), Error> {
    if done.len() > migrations.len() {
        return Err(Error::Unusable(format!(
            "the database is newer than this Remit: it has had {} migrations, this Remit knows {}. Use the newer Remit. Nothing was \
             changed.",
            done.len(),
            migrations.len()
        )));
    }
    for (done, known) in done.iter().zip(migrations) {
        if done.number != known.number || done.hash != hash(known) {
            return Err(Error::Unusable(format!(
                "migration {} ({}) is not the one that the database has had; this Remit is not of its line. Nothing was changed.",
                known.number, known.name
            )));
        }
    }
    Ok(())
}

fn hash(migration: &Migration) -> [u8; 32] {
    *blake3::hash(migration.text.as_bytes()).as_bytes()
}

fn apply(connection: &mut dyn Connection, migration: &Migration, at: At) -> Result<(), Error> {
    let engine = connection.engine();
    let step = |connection: &mut dyn Connection| {
        connection.batch(&expand(TABLE, engine)?)?;
        if has(connection, migration.number)? {
            // Another process was quicker.
            return Ok(());
        }
        connection.batch(&expand(migration.text, engine)?)?;
        let values = [
            Value::Int(migration.number.into()),
            Value::Text(migration.name.to_owned()),
            Value::Bytes(hash(migration).to_vec()),
            Value::Int(at.millis()),
        ];
        let note = match engine {
            Engine::Sqlite => {
                "INSERT INTO schema_migration (number, name, hash, done_at) VALUES (?1, ?2, ?3, ?4)"
            }
            Engine::Postgres => {
                "INSERT INTO schema_migration (number, name, hash, done_at) VALUES ($1, $2, $3, $4)"
            }
        };
        connection.exec(note, &values).map(drop)
    };
    connection.batch(match engine {
        Engine::Sqlite => "BEGIN IMMEDIATE",
        Engine::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(90561)",
    })?;
    let done = step(connection).and_then(|()| connection.batch("COMMIT"));
    done.map_err(|error| {
        // What is left of the transaction goes; where the connection is lost, it went with it.
        let _ = connection.batch("ROLLBACK");
        let why = match error {
            Error::OutOfReach => {
                "this user of the database may not make tables; make it the owner of the database".to_owned()
            }
            other => other.to_string(),
        };
        Error::Unusable(format!("migration {} ({}) was not done: {why}", migration.number, migration.name))
    })
}

fn has(connection: &mut dyn Connection, number: u32) -> Result<bool, Error> {
    Ok(noted(connection)?.iter().any(|done| done.number == number))
}

/// Writes a migration out for an engine.
pub(crate) fn expand(text: &str, engine: Engine) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut skipping = false;
    while let Some((before, after)) = rest.split_once('{') {
        let (word, after) = after.split_once('}').ok_or_else(|| unknown(after))?;
        if !skipping {
            out.push_str(&types(before, engine));
        }
        rest = after;
        let parts: Vec<&str> = word.split_whitespace().collect();
        match (parts.as_slice(), engine) {
            (["only", "sqlite"], _) => skipping = engine != Engine::Sqlite,
            (["only", "postgres"], _) => skipping = engine != Engine::Postgres,
            (["end"], _) => skipping = false,
            (["strict"], Engine::Sqlite) => out.push_str("STRICT"),
            (["clustered"], Engine::Sqlite) => out.push_str("STRICT, WITHOUT ROWID"),
            (["strict" | "clustered"], Engine::Postgres) | (["secure", ..], Engine::Sqlite) => {}
            (["secure", table, how @ ..], Engine::Postgres) => {
                out.push_str(&secure(table, how).ok_or_else(|| unknown(word))?);
            }
            _ => return Err(unknown(word)),
        }
    }
    out.push_str(&types(rest, engine));
    Ok(out)
}

fn unknown(word: &str) -> Error {
    Error::Unusable(format!("a migration says {{{word}}}, which means nothing"))
}

/// The engine's own names of the types.
fn types(text: &str, engine: Engine) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let word = &rest[start..];
        let word = &word[..word.find(|c| !is_part(c)).unwrap_or(word.len())];
        out.push_str(&rest[..start]);
        out.push_str(match (word, engine) {
            ("UUID" | "BYTEA", Engine::Sqlite) => "BLOB",
            ("BIGINT" | "BOOLEAN", Engine::Sqlite) => "INTEGER",
            // Text has one order on both engines: that of its bytes.
            ("TEXT", Engine::Postgres) => "TEXT COLLATE \"C\"",
            (other, _) => other,
        });
        rest = &rest[start + word.len()..];
    }
    out + rest
}

/// Forced row-level security of a table.
fn secure(table: &str, how: &[&str]) -> Option<String> {
    let setting = |name: &str| format!("(SELECT NULLIF(current_setting('remit.{name}', true), ''))");
    let id = |name: &str| format!("(SELECT CAST(NULLIF(current_setting('remit.{name}', true), '') AS UUID))");
    let provider = format!("provider_id = {}", id("provider"));
    let all = format!("{} = 'all'", setting("reach"));
    let within = |column: &str| {
        format!(
            "{column} = {} OR {column} IN (SELECT reach.client_id FROM reach WHERE reach.provider_id = {} AND reach.membership_id = {})",
            id("client"),
            id("provider"),
            id("membership")
        )
    };
    if let [kind @ ("append" | "queue"), column] = how {
        let system = format!("{} = 'system'", setting("reach"));
        let changed = match *kind {
            "queue" => format!(
                "; CREATE POLICY {table}_change ON {table} FOR UPDATE USING ({system}) WITH CHECK ({system}); \
                 CREATE POLICY {table}_remove ON {table} FOR DELETE USING ({system})"
            ),
            _ => String::new(),
        };
        return Some(format!(
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; \
             CREATE POLICY {table}_read ON {table} FOR SELECT USING ({system} OR ({provider} AND ({all} OR {}))); \
             CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK ({system} OR ({provider})){changed}",
            within(column)
        ));
    }
    let above = format!("{} = 'system' OR {all}", setting("reach"));
    if let Some(more) = narrowed(table, how, &above, within) {
        return Some(more);
    }
    let rows = match how {
        ["by", column] => match column.strip_suffix('?') {
            Some(column) => format!("{provider} AND ({all} OR {column} IS NULL OR {})", within(column)),
            None => format!("{provider} AND ({all} OR {})", within(column)),
        },
        ["by-membership"] => format!("{provider} AND ({all} OR membership_id = {})", id("membership")),
        ["shared"] => provider,
        ["whole"] => format!("{provider} AND {all}"),
        ["system"] => "false".to_owned(),
        _ => return None,
    };
    let rule = format!("{} = 'system' OR ({rows})", setting("reach"));
    Some(format!(
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; \
         CREATE POLICY {table}_scope ON {table} USING ({rule}) WITH CHECK ({rule})"
    ))
}

/// What a table that is secured already refuses besides. `above` is true for those who reach the whole provider.
fn narrowed(table: &str, how: &[&str], above: &str, within: impl Fn(&str) -> String) -> Option<String> {
    let policy =
        |name: &str, rule: &str| format!("CREATE POLICY {table}_{name} ON {table} AS RESTRICTIVE FOR {rule}");
    match how {
        ["new", column] => {
            let bare = column.trim_end_matches('?');
            let none = if bare == *column { String::new() } else { format!(" OR {bare} IS NULL") };
            Some(policy("new", &format!("INSERT WITH CHECK ({above}{none} OR {})", within(bare))))
        }
        ["given"] => {
            let given = policy("given", &format!("INSERT WITH CHECK ({above})"));
            let changed = policy("changed", &format!("UPDATE USING ({above})"));
            let taken = policy("taken", &format!("DELETE USING ({above})"));
            Some([given, changed, taken].join("; "))
        }
        _ => None,
    }
}

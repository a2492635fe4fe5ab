//! All rows of a database, out and in again: for backups, for going from one engine to the other, and for comparing two.
//!
//! Rows are read as of one moment, table by table, in the order of their primary keys, and with values of four kinds only: none, whole
//! numbers, texts, bytes. What is yes or no is 1 or 0, an id is its sixteen bytes. So the same rows read the same from both engines.

mod shape;
#[cfg(test)]
mod tests;

use crate::db::Place;
use crate::error::Error;
use crate::migrate::{self, Done, Migration};
use crate::sqlite::Purpose;
use crate::statement::Engine;
use crate::tx::Connection;
use crate::value::Value;
use remit_core::At;
pub use shape::Shape;

/// Rows that are put in with one statement.
const CHUNK: usize = 50;

/// Takes what is read from a database.
pub trait Sink {
    /// What can go wrong with it.
    type Error: From<Error>;
    /// A table begins; its rows follow.
    fn table(&mut self, shape: &Shape) -> Result<(), Self::Error>;
    /// A row of that table.
    fn row(&mut self, values: Vec<Value>) -> Result<(), Self::Error>;
}

/// Gives what is put into a database.
pub trait Source {
    /// What can go wrong with it.
    type Error: From<Error>;
    /// Its tables, in any order.
    fn tables(&self) -> Vec<String>;
    /// Calls `each` for every row of a table. `columns` are those of the table, in the order in which values are wanted.
    fn rows(
        &mut self,
        table: &str,
        columns: &[String],
        each: &mut dyn FnMut(Vec<Value>) -> Result<(), Error>,
    ) -> Result<(), Self::Error>;
}

/// Reads all rows as of one moment; others write on meanwhile. Says which migrations the database has had.
pub fn dump<S: Sink + Send>(place: &Place, sink: &mut S) -> Result<Vec<Done>, S::Error>
where
    S::Error: Send,
{
    apart(|| {
        let mut connection = place.connect(Purpose::Read)?;
        connection.batch(match connection.engine() {
            Engine::Sqlite => "BEGIN",
            Engine::Postgres => {
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; \
                 SELECT set_config('remit.reach', 'system', true)"
            }
        })?;
        let done = migrate::noted(&mut *connection)?;
        for shape in shape::all(&mut *connection)? {
            sink.table(&shape)?;
            let mut told = Ok(());
            connection.stream(&shape.select(), &mut |row| {
                told = sink.row(row.0.into_iter().map(plain).collect());
                told.is_ok()
            })?;
            told?;
        }
        Ok(done)
    })
}

/// Makes the schema of a database that has none and puts rows into it: all of them or, on SQLite, not even the file; on PostgreSQL the
/// empty tables may stay.
pub fn load<S: Source + Send>(
    place: &Place,
    migrations: &[Migration],
    at: At,
    source: &mut S,
) -> Result<(), S::Error>
where
    S::Error: Send,
{
    apart(|| {
        if matches!(place, Place::Sqlite(path) if path.exists()) {
            return Err(taken().into());
        }
        let done = fill(place, migrations, at, source);
        if let (Err(_), Place::Sqlite(path)) = (&done, place) {
            for end in ["", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(end);
                // What was never there need not go.
                let _ = std::fs::remove_file(name);
            }
        }
        done
    })
}

fn fill<S: Source>(place: &Place, migrations: &[Migration], at: At, source: &mut S) -> Result<(), S::Error> {
    let mut connection = place.connect(Purpose::Write)?;
    let connection = &mut *connection;
    migrate::run(connection, migrations, migrate::Start::Migrate(at))?;
    connection.batch(match connection.engine() {
        Engine::Sqlite => "BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON",
        Engine::Postgres => {
            "BEGIN; SET LOCAL statement_timeout = 0; SELECT set_config('remit.reach', 'system', true)"
        }
    })?;
    let shapes = shape::parents_first(connection)?;
    for shape in &shapes {
        let mut there = false;
        connection.rows(&format!("SELECT 1 FROM {} LIMIT 1", shape.table), &[], &mut |_| there = true)?;
        if there {
            return Err(taken().into());
        }
    }
    if let Some(odd) = source.tables().iter().find(|table| !shapes.iter().any(|shape| shape.table == **table))
    {
        return Err(Error::Unusable(format!("there is no table {odd} at this version of the schema")).into());
    }
    for shape in &shapes {
        put(connection, shape, source)?;
    }
    Ok(connection.batch("COMMIT")?)
}

/// Puts the rows of one table in.
fn put<S: Source>(connection: &mut dyn Connection, shape: &Shape, source: &mut S) -> Result<(), S::Error> {
    let (full, engine) = (shape.insert(connection.engine(), CHUNK), connection.engine());
    let mut waiting: Vec<Value> = Vec::with_capacity(CHUNK * shape.columns.len());
    source.rows(&shape.table, &shape.columns, &mut |row| {
        if row.len() != shape.columns.len() {
            return Err(Error::Unusable(format!("a row of {} has {} values", shape.table, row.len())));
        }
        for (value, kind) in row.into_iter().zip(&shape.kinds) {
            waiting.push(kind.of(value)?);
        }
        if waiting.len() == CHUNK * shape.columns.len() {
            connection.exec(&full, &waiting)?;
            waiting.clear();
        }
        Ok(())
    })?;
    if !waiting.is_empty() {
        connection.exec(&shape.insert(engine, waiting.len() / shape.columns.len()), &waiting)?;
    }
    Ok(())
}

fn taken() -> Error {
    Error::Unusable("there is a database with rows already; nothing was changed".to_owned())
}

/// A value as every engine can give it.
fn plain(value: Value) -> Value {
    match value {
        Value::Bool(yes) => Value::Int(yes.into()),
        Value::Uuid(id) => Value::Bytes(id.as_bytes().to_vec()),
        other => other,
    }
}

/// In a thread of its own: the driver of PostgreSQL must not be called from within a runtime.
fn apart<T: Send, E: From<Error> + Send>(work: impl FnOnce() -> Result<T, E> + Send) -> Result<T, E> {
    std::thread::scope(|threads| threads.spawn(work).join().unwrap_or_else(|_| Err(Error::Panicked.into())))
}

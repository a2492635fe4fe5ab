//! Many rows at once, much faster than the product may be: nothing waits for the disk, nothing is checked, and indexes are made when all rows
//! are there. Nobody else may use the database meanwhile.

use std::io::Write as _;

use postgres::NoTls;
use remit_db::testing::{SERVER, TestDb};
use remit_db::{Place, Value};
use rusqlite::types::ValueRef;
use uuid::Uuid;

/// How SQLite is told not to wait, and how it is found by a server again.
const HASTE: &str = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -400000";
/// How PostgreSQL is.
const PG_HASTE: &str = "SET synchronous_commit = off; SET session_replication_role = replica; SET maintenance_work_mem = '512MB'";

/// A table that rows are put into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order in which values come.
    pub columns: Vec<String>,
}

/// A database that rows are put into.
pub struct Bulk {
    target: Target,
    tables: Vec<Table>,
    /// What makes the indexes again that were taken away.
    indexes: Vec<String>,
}

enum Target {
    Sqlite(rusqlite::Connection),
    Postgres(postgres::Client),
}

/// Puts rows into tables; their indexes are made anew at the end.
pub fn bulk(
    home: &TestDb,
    tables: &[Table],
    work: impl FnOnce(&mut Bulk) -> Result<(), String> + Send,
) -> Result<(), String> {
    // In a thread of its own: the driver of PostgreSQL must not be called from within a runtime.
    let run = || {
        let mut bulk = Bulk::begin(home, tables)?;
        work(&mut bulk)?;
        bulk.end()
    };
    std::thread::scope(|threads| threads.spawn(run).join().unwrap_or_else(|_| Err("it panicked".to_owned())))
}

impl Bulk {
    fn begin(home: &TestDb, tables: &[Table]) -> Result<Self, String> {
        let target = match home.place() {
            Place::Sqlite(path) => {
                let file = rusqlite::Connection::open(path).map_err(|e| e.to_string())?;
                file.execute_batch(HASTE).map_err(|e| e.to_string())?;
                Target::Sqlite(file)
            }
            // Row-level security takes no COPY from whoever is below it.
            Place::Postgres(address) => {
                let mut client =
                    postgres::Client::connect(&as_administrator(address)?, NoTls).map_err(|e| told(&e))?;
                client.batch_execute(PG_HASTE).map_err(|e| told(&e))?;
                Target::Postgres(client)
            }
        };
        let mut bulk = Self { target, tables: tables.to_vec(), indexes: Vec::new() };
        for table in tables {
            bulk.without_indexes(&table.name)?;
        }
        bulk.batch("BEGIN")?;
        Ok(bulk)
    }

    /// Puts rows into a table, by its place among those that were named.
    pub fn put(&mut self, table: usize, rows: &[Vec<Value>]) -> Result<(), String> {
        let Table { name, columns } = &self.tables[table];
        let list = columns.join(", ");
        match &mut self.target {
            Target::Sqlite(file) => {
                let marks = vec!["?"; columns.len()].join(", ");
                let insert = format!("INSERT INTO {name} ({list}) VALUES ({marks})");
                let mut insert = file.prepare_cached(&insert).map_err(|e| e.to_string())?;
                for row in rows {
                    let done = insert.execute(rusqlite::params_from_iter(row.iter().map(Bound)));
                    done.map_err(|e| format!("{name}: {e}"))?;
                }
                Ok(())
            }
            Target::Postgres(client) => {
                let mut text = Vec::with_capacity(rows.len() * 600);
                for row in rows {
                    line(&mut text, row);
                }
                let copy = format!("COPY {name} ({list}) FROM STDIN");
                let mut writer = client.copy_in(&copy).map_err(|e| told(&e))?;
                writer.write_all(&text).map_err(|e| e.to_string())?;
                writer.finish().map(drop).map_err(|e| format!("{name}: {}", told(&e)))
            }
        }
    }

    /// Runs statements that both engines have.
    pub fn batch(&mut self, sql: &str) -> Result<(), String> {
        match &mut self.target {
            Target::Sqlite(file) => file.execute_batch(sql).map_err(|e| e.to_string()),
            Target::Postgres(client) => client.batch_execute(sql).map_err(|e| told(&e)),
        }
    }

    /// Takes the indexes of a table away, but for those that keep its rows apart.
    fn without_indexes(&mut self, table: &str) -> Result<(), String> {
        let list = match &mut self.target {
            Target::Sqlite(file) => {
                let list = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL ORDER BY name";
                let mut list = file.prepare(list).map_err(|e| e.to_string())?;
                let rows = list.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)));
                rows.and_then(Iterator::collect::<Result<Vec<(String, String)>, _>>)
                    .map_err(|e| e.to_string())?
            }
            Target::Postgres(client) => {
                let list = "SELECT CAST(indexname AS TEXT), CAST(indexdef AS TEXT) FROM pg_indexes i WHERE tablename = $1 \
                            AND schemaname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname) \
                            ORDER BY 1";
                let rows = client.query(list, &[&table]).map_err(|e| told(&e))?;
                rows.iter().map(|row| (row.get(0), row.get(1))).collect()
            }
        };
        for (name, text) in list {
            self.batch(&format!("DROP INDEX {name}"))?;
            self.indexes.push(text);
        }
        Ok(())
    }

    fn end(mut self) -> Result<(), String> {
        for index in std::mem::take(&mut self.indexes) {
            self.batch(&index)?;
        }
        self.batch("COMMIT")?;
        match &mut self.target {
            // As a server keeps its file.
            Target::Sqlite(_) => self.batch("PRAGMA journal_mode = WAL"),
            // What the server does by itself within minutes.
            Target::Postgres(_) => self.batch("VACUUM ANALYZE").and_then(|()| self.batch("CHECKPOINT")),
        }
    }
}

/// The address of a database, as the administrator of its server.
fn as_administrator(address: &str) -> Result<String, String> {
    let server = std::env::var(SERVER).map_err(|_| format!("{SERVER} is not set"))?;
    let (host, _) = server.rsplit_once('/').ok_or("the address of the server names no database")?;
    let name = address.rsplit('/').next().unwrap_or_default();
    Ok(format!("{host}/{name}"))
}

fn told(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)
}

/// A value as SQLite takes it.
struct Bound<'v>(&'v Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        let value = match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Bool(yes) => ValueRef::Integer(i64::from(*yes)),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Uuid(id) => ValueRef::Blob(id.as_bytes()),
        };
        Ok(rusqlite::types::ToSqlOutput::Borrowed(value))
    }
}

/// A row in the text form of COPY. Sixteen bytes are an id: tables of tickets hold no others.
fn line(out: &mut Vec<u8>, row: &[Value]) {
    for (n, value) in row.iter().enumerate() {
        if n > 0 {
            out.push(b'\t');
        }
        match value {
            Value::Null => out.extend_from_slice(b"\\N"),
            Value::Int(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Value::Bool(yes) => out.push(if *yes { b't' } else { b'f' }),
            Value::Uuid(id) => out.extend_from_slice(id.to_string().as_bytes()),
            Value::Text(text) => escaped(out, text),
            Value::Bytes(bytes) => {
                if let Ok(id) = Uuid::from_slice(bytes) {
                    out.extend_from_slice(id.to_string().as_bytes());
                    continue;
                }
                out.extend_from_slice(b"\\\\x");
                for byte in bytes {
                    out.extend_from_slice(format!("{byte:02x}").as_bytes());
                }
            }
        }
    }
    out.push(b'\n');
}

fn escaped(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            byte => out.push(byte),
        }
    }
}

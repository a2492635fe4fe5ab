//! SQLite, embedded.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, OpenFlags, ffi, params_from_iter};

use crate::error::Error;
use crate::statement::Engine;
use crate::tx::Connection;
use crate::value::{Row, Value};

/// What this build must have: earlier versions could corrupt a database when its log was reset (fixed in 3.51.3).
const OLDEST: i32 = 3_051_003;
/// "Rmit" in the header of the file, so that other tools can tell what it is.
const APPLICATION_ID: i32 = 0x526D_6974;

/// What every unit of work says: prepared once.
const FREQUENT: [&str; 6] =
    ["BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT unit", "RELEASE unit"];

/// How long to wait for another process.
const PATIENCE: Duration = Duration::from_secs(10);

/// One connection.
pub(crate) struct Sqlite {
    inner: rusqlite::Connection,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The one that writes; creates the file when it is not there.
    Write,
    /// One of those that read.
    Read,
    /// One that looks whether the database can be used before anything else is done. It changes nothing, not even when it closes.
    Look,
}

impl Sqlite {
    pub fn open(path: &Path, purpose: Purpose) -> Result<Self, Error> {
        if rusqlite::version_number() < OLDEST {
            return Err(Error::Unusable(format!("SQLite {} is too old", rusqlite::version())));
        }
        let flags = match purpose {
            Purpose::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            // Whoever may only read cannot clear its traces away.
            Purpose::Look => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Purpose::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        let unusable = |error: Error| match error {
            Error::ReadOnly(why) => Error::ReadOnly(format!("{}: {why}", path.display())),
            passing @ (Error::Full | Error::Busy) => passing,
            other => Error::Unusable(format!("cannot use {}: {other}", path.display())),
        };
        let inner = rusqlite::Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|e| Error::Unusable(format!("cannot open {}: {e}", path.display())))?;
        inner.busy_timeout(PATIENCE).map_err(|e| unusable(failed(&e)))?;
        if purpose == Purpose::Look && has_log(path) {
            // The last one out would move what is in the log into the file.
            let stay = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
            inner.set_db_config(stay, true).map_err(|e| unusable(failed(&e)))?;
        }
        inner.set_prepared_statement_cache_capacity(512);
        // A plan holds whatever is bound. Otherwise SQLite plans a statement anew with each number that is bound to its LIMIT.
        let stable = DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
        inner.set_db_config(stable, true).map_err(|e| unusable(failed(&e)))?;
        let mut this = Self { inner };
        this.settle(purpose).map_err(unusable)?;
        Ok(this)
    }

    fn each(&mut self, sql: &str, values: &[Value], each: &mut dyn FnMut(Row) -> bool) -> Result<(), Error> {
        let mut statement = self.inner.prepare_cached(sql).map_err(|e| failed(&e))?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).map_err(|e| failed(&e))?;
        while let Some(row) = rows.next().map_err(|e| failed(&e))? {
            let read = |column| row.get_ref(column).map_err(|e| failed(&e)).and_then(value);
            if !each(Row((0..columns).map(read).collect::<Result<_, _>>()?)) {
                break;
            }
        }
        Ok(())
    }

    fn writable(&self) -> Result<(), Error> {
        if self.inner.is_readonly("main").map_err(|e| failed(&e))? {
            return Err(Error::ReadOnly(
                "the file may not be written by this user, or stands on a disk that is read-only; nothing was changed".to_owned(),
            ));
        }
        Ok(())
    }

    fn settle(&mut self, purpose: Purpose) -> Result<(), Error> {
        let set = |name: &str, value: &dyn rusqlite::ToSql| {
            self.inner.pragma_update(None, name, value).map_err(|e| failed(&e))
        };
        set("trusted_schema", &false)?;
        set("foreign_keys", &true)?;
        if purpose != Purpose::Read {
            self.writable()?;
        }
        // Both as of one moment: another process may be making the database just now.
        let look =
            "SELECT (SELECT application_id FROM pragma_application_id), (SELECT COUNT(*) FROM sqlite_master)";
        let (found, tables): (i32, i64) =
            self.inner.query_row(look, [], |row| Ok((row.get(0)?, row.get(1)?))).map_err(|e| failed(&e))?;
        if found != APPLICATION_ID && tables > 0 {
            return Err(Error::Unusable(
                "it is a database of another program; nothing was changed".to_owned(),
            ));
        }
        match purpose {
            Purpose::Read => return set("query_only", &true),
            Purpose::Look => return Ok(()),
            Purpose::Write => {}
        }
        if found != APPLICATION_ID {
            set("application_id", &APPLICATION_ID)?;
        }
        // 64 MB for whoever writes, instead of 2: the indexes of a large desk stay at hand from one unit of work to the next.
        set("cache_size", &-65_536)?;
        // The log is moved into the file every 16 MB instead of 4: pages that many units of work change are then written there once, not
        // every second group.
        set("wal_autocheckpoint", &4000)?;
        // What is acknowledged is on the disk: WAL with FULL, which the default of neither is.
        patiently(|| set("journal_mode", &"WAL"))?;
        set("synchronous", &"FULL")
    }
}

/// Whether something waits in the write-ahead log of a database, as after a crash or while it is in use.
fn has_log(path: &Path) -> bool {
    let mut log = path.to_owned().into_os_string();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|about| about.len() > 0)
}

/// The change to a write-ahead log does not wait for others by itself: when two processes begin with a new file, one is told that it is
/// busy.
fn patiently(change: impl Fn() -> Result<(), Error>) -> Result<(), Error> {
    let until = std::time::Instant::now() + PATIENCE;
    loop {
        match change() {
            Err(Error::Busy) if std::time::Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(5));
            }
            done => return done,
        }
    }
}

impl Connection for Sqlite {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn exec(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let mut statement = self.inner.prepare_cached(sql).map_err(|e| failed(&e))?;
        let changed = statement.execute(params_from_iter(values)).map_err(|e| failed(&e))?;
        Ok(changed as u64)
    }

    fn rows(&mut self, sql: &str, values: &[Value], each: &mut dyn FnMut(Row)) -> Result<(), Error> {
        self.each(sql, values, &mut |row| {
            each(row);
            true
        })
    }

    fn stream(&mut self, sql: &str, each: &mut dyn FnMut(Row) -> bool) -> Result<(), Error> {
        self.each(sql, &[], each)
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        if FREQUENT.contains(&sql) {
            return self.exec(sql, &[]).map(drop);
        }
        self.inner.execute_batch(sql).map_err(|e| failed(&e))
    }

    fn in_transaction(&self) -> bool {
        !self.inner.is_autocommit()
    }

    fn is_spent(&self) -> bool {
        false
    }

    fn may_write(&mut self) -> Result<(), Error> {
        self.writable()
    }

    #[cfg(any(test, feature = "testing"))]
    fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        self.inner.prepare(sql).map(drop).map_err(|e| failed(&e))
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        let value = match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Bool(yes) => ValueRef::Integer(i64::from(*yes)),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Uuid(id) => ValueRef::Blob(id.as_bytes()),
        };
        Ok(rusqlite::types::ToSqlOutput::Borrowed(value))
    }
}

fn value(value: ValueRef<'_>) -> Result<Value, Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => return Err(Error::Other("a column holds a floating-point number".to_owned())),
    })
}

/// Puts an error of SQLite into the words of this crate.
fn failed(error: &rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(code, message) = error else {
        return Error::Other(error.to_string());
    };
    let message = message.clone().unwrap_or_else(|| code.to_string());
    match (code.code, code.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => unique(&message),
        (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Error::ForeignKey,
        (ErrorCode::ConstraintViolation, _) => Error::Check(message),
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Error::Busy,
        // The second: there was no room for the index of the write-ahead log.
        (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => Error::Full,
        (ErrorCode::CannotOpen, _) => Error::Unusable(format!(
            "{message}; its folder must be there and be writable too, for SQLite keeps files beside it whose names end in -wal and -shm"
        )),
        (ErrorCode::ReadOnly, _) => Error::ReadOnly(message),
        (ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt, _) => {
            Error::Unusable(format!("the file is no sound SQLite database: {message}"))
        }
        _ => Error::Other(message),
    }
}

/// Reads `UNIQUE constraint failed: site.provider_id, site.name`.
fn unique(message: &str) -> Error {
    let list = message.rsplit(": ").next().unwrap_or_default();
    let table = list.split('.').next().unwrap_or_default();
    let columns = list.split(", ").filter_map(|column| column.split_once('.'));
    Error::unique(table, columns.map(|(_, column)| column.to_owned()))
}

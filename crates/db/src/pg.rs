//! A PostgreSQL server.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use postgres::Statement;
use postgres::error::SqlState;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use rustc_hash::FxHashMap;
use uuid::Uuid;

use fallible_iterator::FallibleIterator as _;
use tokio::sync::broadcast::{Sender, WeakSender};

use crate::error::Error;
use crate::statement::Engine;
use crate::tls::Address;
use crate::tx::Connection;
use crate::value::{FromRow as _, Row, Value};

/// The oldest major version that is tested.
const OLDEST: i64 = 150_000;

/// How long to wait for news before looking whether anybody still wants them, and before connecting again.
const AGAIN: Duration = Duration::from_secs(1);

/// One connection.
pub(crate) struct Postgres {
    client: postgres::Client,
    prepared: FxHashMap<Arc<str>, Statement>,
    /// Table and columns of each unique index: with row-level security on, the server names only the index.
    unique: FxHashMap<String, (String, Vec<String>)>,
    /// It was told that nothing may be written. That may hold for this session alone: another one asks again.
    read_only: bool,
}

impl Postgres {
    pub fn open(url: &str) -> Result<Self, Error> {
        let mut address = Address::parse(url)
            .map_err(|why| Error::Unusable(format!("the address of the database is not one: {why}")))?;
        address.config.application_name("remit");
        address.config.connect_timeout(Duration::from_secs(5));
        let client = address.connect()?;
        let mut this =
            Self { client, prepared: FxHashMap::default(), unique: FxHashMap::default(), read_only: false };
        this.settle()?;
        Ok(this)
    }

    /// Hears what processes tell each other on a channel, for as long as somebody has the sender.
    pub fn listen(url: &str, channel: &'static str, changes: &Sender<String>) -> Result<(), Error> {
        let url = url.to_owned();
        let alive = changes.downgrade();
        let mut first = Some(subscribe(&url, channel)?);
        let hear = move || {
            while alive.strong_count() > 0 {
                let Some(mut client) = first.take().or_else(|| subscribe(&url, channel).ok()) else {
                    std::thread::sleep(AGAIN);
                    continue;
                };
                hear(&mut client, &alive);
            }
        };
        let thread = std::thread::Builder::new().name("db-listen".to_owned()).spawn(hear);
        thread.map(drop).map_err(|error| Error::Unusable(format!("cannot start a thread: {error}")))
    }

    fn settle(&mut self) -> Result<(), Error> {
        self.batch(
            "SET default_transaction_isolation = 'read committed'; SET timezone = 'UTC'; SET statement_timeout = '60s'; \
             SET idle_in_transaction_session_timeout = '120s'; SET client_min_messages = 'warning'",
        )?;
        let mut version = 0;
        self.rows("SELECT CAST(current_setting('server_version_num') AS BIGINT)", &[], &mut |row| {
            if let Some(Value::Int(number)) = row.0.first() {
                version = *number;
            }
        })?;
        if version < OLDEST {
            return Err(Error::Unusable("PostgreSQL 15 or later is needed".to_owned()));
        }
        let mut above_security = false;
        self.rows(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
            &[],
            &mut |row| above_security = row.0.first() == Some(&Value::Bool(true)),
        )?;
        if above_security {
            return Err(Error::Unusable(
                "this database user stands above row-level security; connect as one without SUPERUSER and BYPASSRLS".to_owned(),
            ));
        }
        self.read_indexes()
    }

    fn read_indexes(&mut self) -> Result<(), Error> {
        let list = "SELECT CAST(i.indexrelid AS regclass)::text, CAST(i.indrelid AS regclass)::text, a.attname \
                    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indexrelid \
                    WHERE i.indisunique AND i.indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) \
                    ORDER BY 1, a.attnum";
        let mut found = Vec::new();
        self.rows(list, &[], &mut |row| found.push(<(String, String, String)>::from_row(row)))?;
        for row in found {
            let (index, table, column) = row?;
            self.unique.entry(index).or_insert((table, Vec::new())).1.push(column);
        }
        Ok(())
    }

    /// Puts an error into the words of this crate.
    fn failed(&mut self, error: &postgres::Error) -> Error {
        self.read_only |= error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION);
        let constraint = error.as_db_error().and_then(|db| db.constraint());
        match constraint.and_then(|name| self.unique.get(name)) {
            Some((table, columns)) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => {
                Error::unique(table, columns.iter().cloned())
            }
            _ => failed(error),
        }
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(sql).map_err(|error| failed(&error))?;
        self.prepared.insert(sql.into(), statement.clone());
        Ok(statement)
    }
}

impl Connection for Postgres {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn exec(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        self.client.execute(&statement, &values).map_err(|error| self.failed(&error))
    }

    fn rows(&mut self, sql: &str, values: &[Value], each: &mut dyn FnMut(Row)) -> Result<(), Error> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        let rows = self.client.query(&statement, &values).map_err(|error| self.failed(&error))?;
        for row in rows {
            let read = |column| row.try_get::<_, Value>(column).map_err(|error| failed(&error));
            each(Row((0..row.len()).map(read).collect::<Result<_, _>>()?));
        }
        Ok(())
    }

    fn stream(&mut self, sql: &str, each: &mut dyn FnMut(Row) -> bool) -> Result<(), Error> {
        let statement = self.prepared(sql)?;
        let none = std::iter::empty::<&(dyn ToSql + Sync)>();
        let mut rows = self.client.query_raw(&statement, none).map_err(|error| failed(&error))?;
        while let Some(row) = rows.next().map_err(|error| failed(&error))? {
            let read = |column| row.try_get::<_, Value>(column).map_err(|error| failed(&error));
            if !each(Row((0..row.len()).map(read).collect::<Result<_, _>>()?)) {
                break;
            }
        }
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).map_err(|error| failed(&error))
    }

    fn in_transaction(&self) -> bool {
        // One that failed stays open until somebody ends it.
        true
    }

    fn is_spent(&self) -> bool {
        self.read_only || self.client.is_closed()
    }

    fn may_write(&mut self) -> Result<(), Error> {
        let mut said = Vec::new();
        self.rows(
            "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'",
            &[],
            &mut |row| said.push(<(bool, bool)>::from_row(row)),
        )?;
        let (standby, read_only) = said.pop().unwrap_or(Ok((false, false)))?;
        if standby {
            return Err(Error::ReadOnly(
                "the server is a standby; name the one that it follows. Nothing was changed".to_owned(),
            ));
        }
        if read_only {
            return Err(Error::ReadOnly(
                "default_transaction_read_only is on for this user, this database or the server. Nothing was changed".to_owned(),
            ));
        }
        let mut closed = Vec::new();
        self.rows(
            "SELECT CAST(relname AS TEXT) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
             AND (relforcerowsecurity OR relname = 'schema_migration') \
             AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')) ORDER BY relname LIMIT 1",
            &[],
            &mut |row| closed.push(<(String,)>::from_row(row)),
        )?;
        match closed.pop() {
            None => Ok(()),
            Some(table) => Err(Error::Unusable(format!(
                "this user of the database may not read and write the table {}; connect as the one that owns it. Nothing was changed.",
                table?.0
            ))),
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        self.prepared(sql).map(drop)
    }
}

/// What is wrong with an address.
pub(crate) fn fault(url: &str) -> Option<String> {
    Address::parse(url).err()
}

fn subscribe(url: &str, channel: &str) -> Result<postgres::Client, Error> {
    let mut client = Postgres::open(url)?.client;
    client.batch_execute(&format!("LISTEN {channel}")).map_err(|error| failed(&error))?;
    Ok(client)
}

/// Passes on what is told, until the connection is lost or nobody has the sender any more.
fn hear(client: &mut postgres::Client, changes: &WeakSender<String>) {
    while !client.is_closed() {
        let mut notifications = client.notifications();
        let mut told = notifications.timeout_iter(AGAIN);
        loop {
            match told.next() {
                Ok(Some(notification)) => {
                    let Some(changes) = changes.upgrade() else { return };
                    // Nobody may be listening.
                    let _ = changes.send(notification.payload().to_owned());
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "the database stopped telling of changes; asking it again");
                    return;
                }
            }
        }
        if changes.strong_count() == 0 {
            return;
        }
    }
}

type Boxed = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut postgres::types::private::BytesMut) -> Result<IsNull, Boxed> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *ty == Type::INT8 => number.to_sql(ty, out),
            Self::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Self::Int(number) if *ty == Type::INT2 => i16::try_from(*number)?.to_sql(ty, out),
            Self::Bool(yes) if *ty == Type::BOOL => yes.to_sql(ty, out),
            Self::Text(text) if <String as ToSql>::accepts(ty) => text.to_sql(ty, out),
            Self::Bytes(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            Self::Uuid(id) if *ty == Type::UUID => id.to_sql(ty, out),
            other => Err(format!("{other:?} was bound where {ty} is wanted").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Boxed> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Bool(bool::from_sql(ty, raw)?),
            Type::BYTEA => Self::Bytes(<&[u8]>::from_sql(ty, raw)?.to_vec()),
            Type::UUID => Self::Uuid(Uuid::from_sql(ty, raw)?),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR => Self::Text(String::from_sql(ty, raw)?),
            // `set_config` and others give nothing worth reading.
            Type::VOID => Self::Null,
            _ => return Err(format!("a column of type {ty} was read; cast it in the statement").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Boxed> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Why a server is not there.
pub(crate) fn gone(error: &postgres::Error) -> Error {
    let said = error.as_db_error().map(|db| db.message().to_owned());
    Error::Gone(said.unwrap_or_else(|| with_cause(error)))
}

/// Puts an error of PostgreSQL into the words of this crate.
fn failed(error: &postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        let broken = error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        return if error.is_closed() || broken { gone(error) } else { Error::Other(with_cause(error)) };
    };
    let message = || db.message().to_owned();
    match db.code() {
        code if *code == SqlState::UNIQUE_VIOLATION => {
            Error::unique(db.table().unwrap_or_default(), db.constraint().map(str::to_owned))
        }
        code if *code == SqlState::FOREIGN_KEY_VIOLATION => Error::ForeignKey,
        code if *code == SqlState::INSUFFICIENT_PRIVILEGE => Error::OutOfReach,
        code if *code == SqlState::DISK_FULL => Error::Full,
        code if *code == SqlState::READ_ONLY_SQL_TRANSACTION => Error::ReadOnly(message()),
        // Class 08 is the connection, 57P the server: it stops, it starts, it ended a session that was idle.
        code if ["08", "57P", "25P03"].iter().any(|class| code.code().starts_with(class)) => {
            Error::Gone(message())
        }
        code if *code == SqlState::QUERY_CANCELED => Error::Busy,
        // Class 23 are broken constraints, class 22 values that do not fit.
        code if code.code().starts_with("23") || code.code().starts_with("22") => Error::Check(message()),
        _ => Error::Other(message()),
    }
}

fn with_cause(error: &postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

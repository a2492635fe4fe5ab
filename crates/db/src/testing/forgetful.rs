//! Statements that forget who asks: the words on their scope are taken out, so that what refuses is row-level security alone.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::sqlite::Purpose;
use crate::statement::{Engine, Text, expand};
use crate::tx::Connection;
use crate::{Error, Place, Reach, Row, Value};

/// Whether a statement keeps the words on its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// It runs as in production.
    Kept,
    /// They are taken out, and `$1` is whatever provider.
    Forgotten {
        /// What is bound as `$1`.
        provider: Uuid,
    },
}

/// The statements that ran without the words on their scope, as they are written.
#[derive(Debug, Clone, Default)]
pub struct Forgotten(Arc<Mutex<BTreeSet<&'static str>>>);

impl Forgotten {
    /// All so far.
    pub fn statements(&self) -> BTreeSet<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn note(&self, text: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(text);
    }

    pub(super) fn connect(&self, place: &Place, purpose: Purpose) -> Result<Box<dyn Connection>, Error> {
        Ok(Box::new(Forgetful { inner: place.connect(purpose)?, forgotten: self.clone() }))
    }
}

/// A connection whose statements forget.
struct Forgetful {
    inner: Box<dyn Connection>,
    forgotten: Forgotten,
}

impl Connection for Forgetful {
    fn engine(&self) -> Engine {
        self.inner.engine()
    }

    fn exec(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.inner.exec(sql, values)
    }

    fn rows(&mut self, sql: &str, values: &[Value], each: &mut dyn FnMut(Row)) -> Result<(), Error> {
        self.inner.rows(sql, values, each)
    }

    fn stream(&mut self, sql: &str, each: &mut dyn FnMut(Row) -> bool) -> Result<(), Error> {
        self.inner.stream(sql, each)
    }

    fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.inner.batch(sql)
    }

    fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        self.inner.prepare(sql)
    }

    fn in_transaction(&self) -> bool {
        self.inner.in_transaction()
    }

    fn is_spent(&self) -> bool {
        self.inner.is_spent()
    }

    fn may_write(&mut self) -> Result<(), Error> {
        self.inner.may_write()
    }

    fn forgotten(&self) -> Option<&Forgotten> {
        Some(&self.forgotten)
    }
}

/// Writes a statement out for PostgreSQL without a word on its scope: nothing is said of reach, no parameter is looked at before, and
/// `provider_id = $1` is always true, though `$1` is still bound.
pub(crate) fn forget(text: &str) -> Text {
    let mut out = expand(text, Engine::Postgres, Reach::All, true);
    out.guards.clear();
    let (mut sql, mut rest) = (String::with_capacity(out.sql.len()), out.sql.as_str());
    while let Some((before, after)) = rest.split_once(BOUND) {
        rest = after;
        // `$10` is another parameter, `other_provider_id` another column.
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if after.starts_with(|c: char| c.is_ascii_digit()) || before.ends_with(part) {
            sql.extend([before, BOUND]);
            continue;
        }
        // With the name of its table, if it has one.
        let table = before.strip_suffix('.').map(|before| before.trim_end_matches(part));
        sql.push_str(table.unwrap_or(before));
        sql.push_str("CAST($1 AS UUID) = CAST($1 AS UUID)");
    }
    sql.push_str(rest);
    out.sql = sql;
    out
}

/// How a statement is bound to its provider.
const BOUND: &str = "provider_id = $1";

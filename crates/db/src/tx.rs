//! A unit of work: what runs in it is kept as a whole or not at all.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::error::Error;
use crate::scope::{Reach, Scope};
use crate::statement::{Allowed, Engine, Reached, Statement, System, Text, Whole, expand};
#[cfg(any(test, feature = "testing"))]
use crate::testing::{Forgotten, Words, forget};
use crate::value::{FromRow, Params, Row, Value};

/// A statement that takes longer is told to whoever operates it, as it is written in the sources, without what was bound to it.
const SLOW: Duration = Duration::from_millis(250);
/// Among so many topics that were told last a topic is looked for before it is told again.
const RECENT_TOPICS: usize = 8;

/// What an engine does with a statement.
pub(crate) trait Connection: Send {
    fn engine(&self) -> Engine;
    /// Runs a statement; returns how many rows it changed.
    fn exec(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error>;
    /// Runs a statement and reads its rows.
    fn rows(&mut self, sql: &str, values: &[Value], each: &mut dyn FnMut(Row)) -> Result<(), Error>;
    /// Runs a statement without parameters and reads its rows one by one, however many there are; until `each` has had enough.
    fn stream(&mut self, sql: &str, each: &mut dyn FnMut(Row) -> bool) -> Result<(), Error>;
    /// Runs a text of one or more statements without parameters.
    fn batch(&mut self, sql: &str) -> Result<(), Error>;
    /// Whether a transaction is open. SQLite may end one by itself when a statement finds the disk full.
    fn in_transaction(&self) -> bool;
    /// Whether it is known to be of no more use, so that another is to be made.
    fn is_spent(&self) -> bool;
    /// Looks whether the database may be written by whoever is connected. Changes nothing.
    fn may_write(&mut self) -> Result<(), Error>;
    /// Reads a statement without running it.
    #[cfg(any(test, feature = "testing"))]
    fn prepare(&mut self, sql: &str) -> Result<(), Error>;
    /// Where it is noted which statements ran without the words on their scope; none where they keep them.
    #[cfg(any(test, feature = "testing"))]
    fn forgotten(&self) -> Option<&Forgotten> {
        None
    }
}

/// What a unit of work keeps beside its connection.
pub(crate) struct Unit<'c> {
    pub connection: &'c mut dyn Connection,
    pub scope: Option<Scope>,
    /// The first statement that failed: PostgreSQL would refuse all that follow, so SQLite does too.
    pub failed: Option<Error>,
    /// Rows that were changed.
    pub changed: u64,
    /// Told to listeners once everything is kept.
    pub topics: Vec<String>,
}

/// A unit of work. `S` says what it may touch: [`Reached`] whatever its scope reaches, [`Whole`] everything of one provider, [`System`]
/// everything.
pub struct Tx<'u, 'c, S = Reached> {
    unit: &'u mut Unit<'c>,
    kind: PhantomData<fn() -> S>,
}

impl<'u, 'c, S> Tx<'u, 'c, S> {
    pub(crate) fn new(unit: &'u mut Unit<'c>) -> Self {
        Self { unit, kind: PhantomData }
    }

    /// Runs a statement that changes rows; returns how many.
    pub fn exec<K: Allowed<S>>(
        &mut self,
        statement: &'static Statement<K>,
        own: impl Params,
    ) -> Result<u64, Error> {
        let changed =
            self.run(statement, &own.values(), |connection, sql, values| connection.exec(sql, values))?;
        self.unit.changed += changed;
        Ok(changed)
    }

    /// The rows of a statement, which says itself how many there can be at most.
    pub fn rows<R: FromRow, K: Allowed<S>>(
        &mut self,
        statement: &'static Statement<K>,
        own: impl Params,
    ) -> Result<Vec<R>, Error> {
        let mut rows = Vec::new();
        self.run(statement, &own.values(), |connection, sql, values| {
            connection.rows(sql, values, &mut |row| rows.push(R::from_row(row)))
        })?;
        rows.into_iter().collect()
    }

    /// The first row, if there is one.
    pub fn find<R: FromRow, K: Allowed<S>>(
        &mut self,
        statement: &'static Statement<K>,
        own: impl Params,
    ) -> Result<Option<R>, Error> {
        Ok(self.rows(statement, own)?.into_iter().next())
    }

    /// Tells listeners to a topic, in this process and in others on the same database, once everything is kept.
    pub fn announce(&mut self, topic: impl Into<String>) {
        let topic = topic.into();
        // What comes twice in a row is left out here, the rest when all is kept: a unit of work may tell of very many.
        if !self.unit.topics.iter().rev().take(RECENT_TOPICS).any(|known| *known == topic) {
            self.unit.topics.push(topic);
        }
    }

    /// The engine underneath, for the few statements that cannot be one text.
    pub fn engine(&self) -> Engine {
        self.unit.connection.engine()
    }

    fn run<K: Allowed<S>, T>(
        &mut self,
        statement: &'static Statement<K>,
        own: &[Value],
        run: impl FnOnce(&mut dyn Connection, &str, &[Value]) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.unit.failed.is_some() {
            return Err(Error::Poisoned);
        }
        let text = self.wording(statement);
        assert_eq!(own.len(), text.own, "parameters of: {}", statement.as_written());
        let done = readable(own).and_then(|()| self.unit.guard(&text, own)).and_then(|()| {
            let scope = self.unit.scope;
            let provider = scope.map(|scope| Value::Uuid(scope.provider()));
            let place = scope.and_then(|scope| scope.reach().id()).filter(|_| text.binds_reach);
            let mut values: Vec<Value> = provider.into_iter().collect();
            values.extend_from_slice(own);
            values.extend(place.map(Value::Uuid));
            let begun = Instant::now();
            let done = run(self.unit.connection, &text.sql, &values);
            let took = begun.elapsed();
            if took > SLOW {
                let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
                tracing::warn!(took_ms, statement = statement.as_written(), "a statement was slow");
            }
            done
        });
        self.unit.note(&done);
        done
    }

    /// What the engine is given.
    fn wording<K>(&self, statement: &'static Statement<K>) -> Cow<'static, Text> {
        let scope = self.unit.scope;
        #[cfg(any(test, feature = "testing"))]
        if let (Some(forgotten), Some(_)) = (self.unit.connection.forgotten(), scope) {
            forgotten.note(statement.as_written());
            return Cow::Owned(forget(statement.as_written()));
        }
        Cow::Borrowed(statement.text(self.engine(), scope.map_or(Reach::All, Scope::reach), scope.is_some()))
    }
}

/// PostgreSQL has no text with a character 0, so nobody has.
fn readable(values: &[Value]) -> Result<(), Error> {
    let odd = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    if values.iter().any(odd) { Err(Error::Check("a text holds a character 0".to_owned())) } else { Ok(()) }
}

#[cfg(any(test, feature = "testing"))]
impl<S> Tx<'_, '_, S> {
    /// Runs a text that no macro has looked at; the first column of its rows. For tests of what is behind the macros.
    pub fn raw(&mut self, sql: &str) -> Result<Vec<Value>, Error> {
        let mut found = Vec::new();
        let done = self.unit.connection.rows(sql, &[], &mut |mut row| found.push(row.0.swap_remove(0)));
        self.unit.note(&done);
        done.map(|()| found)
    }

    /// Runs a statement as it is written in the sources, with its words on the scope or without, and takes back what it did. The rows
    /// that it gives; of one that gives none, the number of rows that it changed, unless that is 0.
    ///
    /// # Errors
    /// As the statement has them. The unit of work goes on.
    pub fn attempt(&mut self, text: &str, words: Words, own: &[Value]) -> Result<Vec<Vec<Value>>, Error> {
        self.unit.connection.batch("SAVEPOINT attempt")?;
        let done = self.tried(text, words, own);
        self.unit.connection.batch("ROLLBACK TO attempt; RELEASE attempt")?;
        done
    }

    fn tried(&mut self, text: &str, words: Words, own: &[Value]) -> Result<Vec<Vec<Value>>, Error> {
        let scope = self.unit.scope;
        let (written, provider) = match words {
            Words::Forgotten { provider } => (forget(text), Some(provider)),
            Words::Kept => {
                let reach = scope.map_or(Reach::All, Scope::reach);
                let written = expand(text, self.engine(), reach, scope.is_some());
                self.unit.guard(&written, own)?;
                (written, scope.map(Scope::provider))
            }
        };
        assert_eq!(own.len(), written.own, "parameters of: {text}");
        let mut values: Vec<Value> = provider.map(Value::Uuid).into_iter().collect();
        values.extend_from_slice(own);
        let place = scope.and_then(|scope| scope.reach().id()).filter(|_| written.binds_reach);
        values.extend(place.map(Value::Uuid));
        if !text.starts_with("SELECT") && !text.contains(" RETURNING ") {
            let changed = self.unit.connection.exec(&written.sql, &values)?;
            let count = i64::try_from(changed).expect("it is less than there are rows");
            return Ok(if count == 0 { Vec::new() } else { vec![vec![Value::Int(count)]] });
        }
        let mut found = Vec::new();
        self.unit.connection.rows(&written.sql, &values, &mut |row| found.push(row.0))?;
        Ok(found)
    }
}

impl<'c> Tx<'_, 'c, Reached> {
    /// What is underneath, for statements that are another on each engine.
    pub(crate) fn unit(&mut self) -> &mut Unit<'c> {
        self.unit
    }

    /// The scope of this unit of work.
    pub fn scope(&self) -> Scope {
        self.unit.scope.expect("a unit of work with reach has a scope")
    }

    /// Goes beyond the scope for a moment, as part of this unit of work. `why` is for the reader: each use is on a list that the gate
    /// checks.
    pub fn beyond<T>(
        &mut self,
        why: &'static str,
        work: impl FnOnce(&mut Tx<'_, 'c, System>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        tracing::trace!(why, "beyond the scope");
        let scope = self.scope();
        self.unit.enter(None)?;
        let done = work(&mut Tx::new(self.unit));
        self.unit.enter(Some(scope))?;
        done
    }

    /// The same unit of work for what belongs to the provider as a whole, when the scope reaches all of it.
    pub fn whole(&mut self) -> Result<Tx<'_, 'c, Whole>, Error> {
        match self.scope().reach() {
            Reach::All => Ok(Tx::new(self.unit)),
            Reach::Client(_) | Reach::Listed(_) => Err(Error::OutOfReach),
        }
    }
}

impl<'c> Tx<'_, 'c, Whole> {
    /// The same unit of work for functions that any scope may call.
    pub fn reached(&mut self) -> Tx<'_, 'c, Reached> {
        Tx::new(self.unit)
    }
}

impl<'c> Tx<'_, 'c, System> {
    /// Goes on within a scope. What is announced and written there is part of this unit of work.
    pub fn within<T>(
        &mut self,
        scope: Scope,
        work: impl FnOnce(&mut Tx<'_, 'c, Reached>) -> T,
    ) -> Result<T, Error> {
        self.unit.enter(Some(scope))?;
        let done = work(&mut Tx::new(self.unit));
        self.unit.enter(None)?;
        Ok(done)
    }
}

/// Tells row-level security on PostgreSQL who asks, until the transaction ends. Ids are digits and hyphens: nothing in them needs quoting.
pub(crate) fn settings(scope: Option<Scope>) -> String {
    let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let (reach, client, membership) = match scope.map(Scope::reach) {
        None => ("system", None, None),
        Some(Reach::All) => ("all", None, None),
        Some(Reach::Client(id)) => ("some", Some(id), None),
        Some(Reach::Listed(id)) => ("some", None, Some(id)),
    };
    let (provider, client, membership) = (text(scope.map(Scope::provider)), text(client), text(membership));
    format!(
        "SET LOCAL remit.provider = '{provider}'; SET LOCAL remit.reach = '{reach}'; SET LOCAL remit.client = '{client}'; \
         SET LOCAL remit.membership = '{membership}'"
    )
}

impl<'c> Unit<'c> {
    /// One that has done nothing yet, in a scope that row-level security knows already.
    pub(crate) fn new(connection: &'c mut dyn Connection, scope: Option<Scope>) -> Self {
        Self { connection, scope, failed: None, changed: 0, topics: Vec::new() }
    }

    /// Writes a row as it is: for looking whether the database takes anything.
    pub(crate) fn touch(&mut self) -> Result<(), Error> {
        // To and fro, because SQLite does not write what is there already.
        for step in ["+ 1", "- 1"] {
            let touch = format!("UPDATE schema_migration SET done_at = done_at {step} WHERE number = 1");
            let done = self.connection.exec(&touch, &[]);
            self.note(&done);
            self.changed += done?;
        }
        Ok(())
    }

    fn note<T>(&mut self, done: &Result<T, Error>) {
        if let (None, Err(error)) = (&self.failed, done) {
            self.failed = Some(error.clone());
        }
    }

    /// Sets the scope, which row-level security on PostgreSQL reads too.
    pub(crate) fn enter(&mut self, scope: Option<Scope>) -> Result<(), Error> {
        self.scope = scope;
        if self.failed.is_some() || self.connection.engine() == Engine::Sqlite {
            return Ok(());
        }
        self.connection.batch(&settings(scope))
    }

    /// Runs a statement of one engine that changes rows; returns how many.
    pub(crate) fn exec(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let done = self.run(values, |connection| connection.exec(sql, values));
        self.changed += *done.as_ref().unwrap_or(&0);
        done
    }

    /// The rows of a statement of one engine.
    pub(crate) fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        self.run(values, |connection| connection.rows(sql, values, &mut |row| rows.push(row)))?;
        Ok(rows)
    }

    fn run<T>(
        &mut self,
        values: &[Value],
        run: impl FnOnce(&mut dyn Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.failed.is_some() {
            return Err(Error::Poisoned);
        }
        let done = readable(values).and_then(|()| run(self.connection));
        self.note(&done);
        done
    }

    /// Refuses a client that is beyond reach.
    pub(crate) fn within_reach(&mut self, client: Uuid) -> Result<(), Error> {
        let text = Text { sql: String::new(), own: 1, binds_reach: false, guards: vec![(0, false)] };
        let done = self.guard(&text, &[Value::Uuid(client)]);
        self.note(&done);
        done
    }

    /// Refuses clients that are beyond reach, before anything is written about them.
    fn guard(&mut self, text: &Text, own: &[Value]) -> Result<(), Error> {
        let Some(scope) = self.scope else { return Ok(()) };
        for (place, may_be_empty) in &text.guards {
            let client = &own[*place];
            let inside = match (scope.reach(), client) {
                (Reach::All, Value::Null) => *may_be_empty,
                (Reach::All, _) => true,
                (Reach::Client(own), Value::Uuid(client)) => own == *client,
                (Reach::Listed(_), Value::Uuid(_)) => self.is_listed(scope, client)?,
                (Reach::Client(_) | Reach::Listed(_), _) => false,
            };
            if !inside {
                return Err(Error::OutOfReach);
            }
        }
        Ok(())
    }

    fn is_listed(&mut self, scope: Scope, client: &Value) -> Result<bool, Error> {
        let ask = "SELECT 1 FROM reach WHERE provider_id = $1 AND {reach: $2}";
        let text = expand(ask, self.connection.engine(), scope.reach(), true);
        let place = scope.reach().id().expect("a listed reach is that of a membership");
        let values = [Value::Uuid(scope.provider()), client.clone(), Value::Uuid(place)];
        let mut listed = false;
        self.connection.rows(&text.sql, &values, &mut |_| listed = true)?;
        Ok(listed)
    }
}

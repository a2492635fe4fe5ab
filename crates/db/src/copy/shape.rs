//! What tables there are, as the engine knows them.

use crate::error::Error;
use crate::search;
use crate::statement::Engine;
use crate::tx::Connection;
use crate::value::{FromRow, Row, Value};

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Its name.
    pub table: String,
    /// Its columns, in the order of the schema.
    pub columns: Vec<String>,
    /// The columns of its primary key.
    key: Vec<String>,
    /// What the engine wants in each column.
    pub(super) kinds: Vec<Kind>,
}

/// What the engine wants in a column, as far as that is not what is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What is given.
    Same,
    /// Yes or no.
    Bool,
    /// An id.
    Uuid,
}

impl Kind {
    /// The value as the column takes it.
    pub fn of(self, value: Value) -> Result<Value, Error> {
        match (self, value) {
            (Self::Bool, Value::Int(number @ (0 | 1))) => Ok(Value::Bool(number == 1)),
            (Self::Uuid, Value::Bytes(bytes)) => match bytes.try_into() {
                Ok(bytes) => Ok(Value::Uuid(uuid::Uuid::from_bytes(bytes))),
                Err(_) => Err(Error::Check("an id does not have sixteen bytes".to_owned())),
            },
            (Self::Bool, Value::Int(odd)) => Err(Error::Check(format!("{odd} is neither yes nor no"))),
            (_, value) => Ok(value),
        }
    }
}

impl Shape {
    /// Reads all rows in the order of their keys.
    pub(super) fn select(&self) -> String {
        format!("SELECT {} FROM {} ORDER BY {}", self.columns.join(", "), self.table, self.key.join(", "))
    }

    /// Puts so many rows in.
    pub(super) fn insert(&self, engine: Engine, rows: usize) -> String {
        let mark = match engine {
            Engine::Sqlite => '?',
            Engine::Postgres => '$',
        };
        let width = self.columns.len();
        let row = |n: usize| {
            let marks: Vec<String> =
                (1..=width).map(|column| format!("{mark}{}", n * width + column)).collect();
            format!("({})", marks.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("INSERT INTO {} ({}) VALUES {}", self.table, self.columns.join(", "), rows.join(", "))
    }
}

/// All tables by name, but for the list of migrations.
pub(super) fn all(connection: &mut dyn Connection) -> Result<Vec<Shape>, Error> {
    let columns: Vec<(String, String, String)> = list(
        connection,
        "SELECT t.name, c.name, '' FROM sqlite_master t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY t.name, c.cid",
        "SELECT CAST(c.relname AS TEXT) COLLATE \"C\", CAST(a.attname AS TEXT), CAST(y.typname AS TEXT) FROM pg_class c \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         JOIN pg_type y ON y.oid = a.atttypid \
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1, a.attnum",
    )?;
    let keys: Vec<(String, String)> = list(
        connection,
        "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.pk > 0 \
         ORDER BY t.name, c.pk",
        "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (number, place) \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number \
         WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname, k.place",
    )?;
    let mut shapes: Vec<Shape> = Vec::new();
    for (table, column, kind) in columns {
        // What texts are found by is made again out of them.
        if table == "schema_migration" || table.starts_with(search::PREFIX) {
            continue;
        }
        if shapes.last().is_none_or(|shape| shape.table != table) {
            let key = keys.iter().filter(|(of, _)| *of == table).map(|(_, column)| column.clone()).collect();
            shapes.push(Shape { table, columns: Vec::new(), key, kinds: Vec::new() });
        }
        let shape = shapes.last_mut().expect("it was just added");
        shape.columns.push(column);
        shape.kinds.push(match kind.as_str() {
            "bool" => Kind::Bool,
            "uuid" => Kind::Uuid,
            _ => Kind::Same,
        });
    }
    match shapes.iter().find(|shape| shape.key.is_empty()) {
        Some(shape) => Err(Error::Unusable(format!("the table {} has no primary key", shape.table))),
        None => Ok(shapes),
    }
}

/// All tables, each behind those that its rows refer to.
pub(super) fn parents_first(connection: &mut dyn Connection) -> Result<Vec<Shape>, Error> {
    let refers: Vec<(String, String)> = list(
        connection,
        "SELECT t.name, k.\"table\" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'",
        "SELECT CAST(c.relname AS TEXT), CAST(p.relname AS TEXT) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
         JOIN pg_class p ON p.oid = k.confrelid WHERE k.contype = 'f'",
    )?;
    let mut left = all(connection)?;
    let mut ordered: Vec<Shape> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let ready = |shape: &Shape| {
            let mut parents = refers.iter().filter(|(of, to)| *of == shape.table && of != to);
            parents.all(|(_, to)| ordered.iter().any(|done| done.table == *to))
        };
        let Some(place) = left.iter().position(ready) else {
            return Err(Error::Unusable(format!(
                "the table {} refers to itself through others",
                left[0].table
            )));
        };
        ordered.push(left.remove(place));
    }
    Ok(ordered)
}

fn list<R: FromRow>(connection: &mut dyn Connection, sqlite: &str, postgres: &str) -> Result<Vec<R>, Error> {
    let sql = match connection.engine() {
        Engine::Sqlite => sqlite,
        Engine::Postgres => postgres,
    };
    let mut rows: Vec<Row> = Vec::new();
    connection.rows(sql, &[], &mut |row| rows.push(row))?;
    rows.into_iter().map(R::from_row).collect()
}

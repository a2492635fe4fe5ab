//! What SQLite is told about how many rows there will be.
//!
//! A file that was never analysed is taken to hold ten rows for each value of the first column of an index. Ours is the provider nearly
//! everywhere, so going through all of a provider's rows looks as cheap as two columns of an index, and often cheaper. An analysis as of
//! today would describe a small desk, or this morning's. So the figures are made up once for a large desk, from the shape of each index
//! alone: every installation has the same plans, whatever it holds.
//!
//! The format is that of `sqlite_stat1` (<https://www.sqlite.org/fileformat2.html#stat1tab>): rows, then for each column of the index how many
//! rows share the values of it and those before it.

use std::fmt::Write as _;

use crate::error::Error;
use crate::search;
use crate::tx::Connection;
use crate::value::{Row, Value};

/// Rows of a large desk in one table, as a power of ten.
const POWER: f64 = 6.0;
/// An index of some rows alone holds one in so many.
const PART: f64 = 10.0;

/// The columns of one index, in the order in which they are read.
struct Index {
    table: String,
    name: String,
    unique: bool,
    partial: bool,
    columns: Vec<String>,
}

/// Whether the figures are those that belong to the schema.
pub(crate) fn are_there(connection: &mut dyn Connection) -> Result<bool, Error> {
    Ok(noted(connection)? == wanted(connection)?)
}

/// Writes the figures, where they are not there yet.
pub(crate) fn write(connection: &mut dyn Connection) -> Result<(), Error> {
    if are_there(connection)? {
        return Ok(());
    }
    let wanted = wanted(connection)?;
    connection.batch("BEGIN IMMEDIATE")?;
    let fill = |connection: &mut dyn Connection| {
        // It makes the table, which cannot be made otherwise. This one is small.
        connection.batch("ANALYZE schema_migration; DELETE FROM sqlite_stat1")?;
        for (table, index, figures) in wanted {
            let values = [Value::Text(table), Value::Text(index), Value::Text(figures)];
            connection.exec("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)", &values)?;
        }
        connection.batch("COMMIT")
    };
    fill(connection).inspect_err(|_| {
        let _ = connection.batch("ROLLBACK");
    })?;
    // Whoever has read the schema already reads the figures now.
    connection.batch("ANALYZE sqlite_schema")
}

fn wanted(connection: &mut dyn Connection) -> Result<Vec<(String, String, String)>, Error> {
    let all = indexes(connection)?.into_iter().map(|index| {
        let figures = figures(&index);
        (index.table, index.name, figures)
    });
    Ok(all.collect())
}

fn indexes(connection: &mut dyn Connection) -> Result<Vec<Index>, Error> {
    // The key of a clustered table goes by the name of the table.
    let list = "SELECT t.name, CASE WHEN t.wr = 1 AND i.origin = 'pk' THEN t.name ELSE i.name END, i.\"unique\", i.partial, c.name \
                FROM pragma_table_list t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c \
                WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY 1, 2, c.seqno";
    let mut found: Vec<Index> = Vec::new();
    let mut failed = None;
    connection.rows(list, &[], &mut |mut row: Row| {
        let mut read = || -> Result<(String, String, i64, i64, Option<String>), Error> {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        };
        match read() {
            Ok((table, ..)) if table.starts_with(search::PREFIX) => {}
            Ok((table, name, unique, partial, column)) => {
                if found.last().is_none_or(|index| index.table != table || index.name != name) {
                    let (unique, partial) = (unique == 1, partial == 1);
                    found.push(Index { table, name, unique, partial, columns: Vec::new() });
                }
                if let Some(index) = found.last_mut() {
                    index.columns.push(column.unwrap_or_default());
                }
            }
            Err(error) => failed = Some(error),
        }
    })?;
    failed.map_or(Ok(found), Err)
}

/// One provider, and each column behind it narrows down by the same factor; the last of those that are unique to one row, of others to
/// some.
fn figures(index: &Index) -> String {
    let rows = if index.partial { 10_f64.powf(POWER) / PART } else { 10_f64.powf(POWER) };
    let free = index.columns.iter().filter(|column| *column != "provider_id").count();
    let narrowing = free + usize::from(!index.unique);
    let mut figures = format!("{rows:.0}");
    let mut seen = 0;
    for column in &index.columns {
        seen += usize::from(column != "provider_id");
        let share = if narrowing == 0 { 1.0 } else { rows.powf(1.0 - seen as f64 / narrowing as f64) };
        let _ = write!(figures, " {:.0}", share.max(1.0));
    }
    figures
}

fn noted(connection: &mut dyn Connection) -> Result<Vec<(String, String, String)>, Error> {
    let mut there = false;
    let exists = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'";
    connection.rows(exists, &[], &mut |_| there = true)?;
    let mut found = Vec::new();
    if there {
        let list = "SELECT tbl, COALESCE(idx, ''), COALESCE(stat, '') FROM sqlite_stat1 ORDER BY 1, 2";
        connection.rows(list, &[], &mut |mut row: Row| {
            found.push((|| Ok::<_, Error>((row.get(0)?, row.get(1)?, row.get(2)?)))());
        })?;
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(columns: &[&str], unique: bool, partial: bool) -> String {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        figures(&Index { table: "site".to_owned(), name: "site_by".to_owned(), unique, partial, columns })
    }

    #[test]
    fn each_column_behind_the_provider_narrows_down_and_a_whole_key_to_one_row() {
        assert_eq!(said(&["provider_id", "id"], true, false), "1000000 1000000 1");
        assert_eq!(said(&["provider_id", "client_id", "number"], true, false), "1000000 1000000 1000 1");
        assert_eq!(said(&["provider_id", "client_id"], false, false), "1000000 1000000 1000");
        assert_eq!(said(&["timer_at", "id"], false, true), "100000 2154 46");
        assert_eq!(said(&["provider_id"], true, false), "1000000 1");
    }

    #[test]
    fn a_file_has_them_from_its_first_migration_on_and_keeps_them() {
        use crate::testing::TestDb;
        use crate::{Engine, Place};
        let home = TestDb::new(Engine::Sqlite);
        let read = || {
            let Place::Sqlite(path) = home.place() else { unreachable!("it is SQLite") };
            let file = rusqlite::Connection::open(path).unwrap();
            let list = "SELECT tbl || ' ' || COALESCE(idx, '') || ' ' || stat || ' ' || rowid FROM sqlite_stat1 ORDER BY rowid";
            let mut list = file.prepare(list).unwrap();
            let found = list.query_map([], |row| row.get(0)).unwrap();
            found.collect::<Result<Vec<String>, _>>().unwrap()
        };
        drop(home.open(crate::tests::SCHEMA));
        let first = read();
        assert!(first.iter().any(|figures| figures.contains(" 1000000 ")), "{first:?}");
        drop(home.open(crate::tests::SCHEMA));
        assert_eq!(read(), first, "what is there is not written again");
        let Place::Sqlite(path) = home.place() else { unreachable!("it is SQLite") };
        let by_hand = "ANALYZE; DELETE FROM sqlite_stat1 WHERE idx LIKE 'sqlite~_autoindex%' ESCAPE '~'";
        rusqlite::Connection::open(path).unwrap().execute_batch(by_hand).unwrap();
        assert_ne!(read(), first);
        let start = crate::migrate::Start::MustBeCurrent;
        drop(crate::Db::open(home.place(), crate::tests::SCHEMA, start).unwrap());
        assert_eq!(read(), first, "whoever serves from it has the same plans again");
    }
}

//! What was read from one engine and put into another reads the same there.

use super::{Shape, Sink, Source, dump, load};
use crate::migrate::Migration;
use crate::testing::{TestDb, engines};
use crate::tests::{ACME, OTHER, SCHEMA, add_site, id};
use crate::value::Value;
use crate::{Db, Error, Place, Scope, whole_sql};
use remit_core::At;

/// Rows by table, in memory.
#[derive(Debug, Default, Clone, PartialEq)]
struct Rows(Vec<(String, Vec<String>, Vec<Vec<Value>>)>);

impl Sink for Rows {
    type Error = Error;

    fn table(&mut self, shape: &Shape) -> Result<(), Error> {
        self.0.push((shape.table.clone(), shape.columns.clone(), Vec::new()));
        Ok(())
    }

    fn row(&mut self, values: Vec<Value>) -> Result<(), Error> {
        self.0.last_mut().unwrap().2.push(values);
        Ok(())
    }
}

impl Source for Rows {
    type Error = Error;

    fn tables(&self) -> Vec<String> {
        self.0.iter().map(|(table, ..)| table.clone()).collect()
    }

    fn rows(
        &mut self,
        table: &str,
        columns: &[String],
        each: &mut dyn FnMut(Vec<Value>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for (_, given, rows) in self.0.iter().filter(|(name, ..)| name == table) {
            assert_eq!(given, columns);
            rows.iter().cloned().try_for_each(&mut *each)?;
        }
        Ok(())
    }
}

async fn visit(db: &Db, provider: u128, number: u128, site: u128) {
    db.write(Scope::all(id(provider)), move |tx| {
        let add = whole_sql!("INSERT INTO visit (provider_id, id, site_id) VALUES ($1, $2, $3)");
        tx.whole()?.exec(add, (id(number), id(site)))
    })
    .await
    .unwrap();
}

fn filled() -> (TestDb, Rows) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let home = TestDb::new(engines()[0]);
    let db = home.open(SCHEMA);
    runtime.block_on(async {
        for n in 0..130 {
            let provider = if n % 3 == 0 { OTHER } else { ACME };
            let scope = Scope::all(id(provider));
            add_site(&db, scope, n, 1, &format!("site {n} é\u{1F600}'\"\\")).await.unwrap();
            visit(&db, provider, 1000 + n, n).await;
        }
    });
    home.tamper("UPDATE site SET seal = X'00FF', open = FALSE, size = -9223372036854775807 - 1 WHERE name LIKE 'site 7%'");
    let rows = read(home.place());
    (home, rows)
}

fn read(place: &Place) -> Rows {
    let mut rows = Rows::default();
    assert_eq!(dump(place, &mut rows).unwrap().len(), SCHEMA.len());
    rows
}

fn put(place: &Place, migrations: &[Migration], rows: &Rows) -> Result<(), Error> {
    load(place, migrations, At::from_millis(0), &mut rows.clone())
}

#[test]
fn rows_go_from_each_engine_to_each_and_are_the_same() {
    let (_home, rows) = filled();
    assert_eq!(rows.0.iter().map(|(_, _, rows)| rows.len()).sum::<usize>(), 260);
    for first in engines() {
        let one = TestDb::new(first);
        put(one.place(), SCHEMA, &rows).unwrap();
        assert_eq!(read(one.place()), rows, "into {first:?}");
        for second in engines() {
            let two = TestDb::new(second);
            put(two.place(), SCHEMA, &read(one.place())).unwrap();
            assert_eq!(read(two.place()), rows, "from {first:?} into {second:?}");
            drop(Db::open(two.place(), SCHEMA, crate::migrate::Start::MustBeCurrent).unwrap());
        }
    }
}

#[test]
fn a_database_with_rows_is_left_as_it_is() {
    let (home, rows) = filled();
    for engine in engines() {
        let other = TestDb::new(engine);
        put(other.place(), SCHEMA, &rows).unwrap();
        let refused = put(other.place(), SCHEMA, &rows).unwrap_err().to_string();
        assert!(refused.contains("a database with rows already"), "{refused}");
        assert_eq!(read(other.place()), rows);
    }
    assert_eq!(read(home.place()), rows);
}

#[test]
fn what_cannot_be_put_in_leaves_nothing() {
    let (_home, rows) = filled();
    let broken = |change: &dyn Fn(&mut Rows)| {
        let mut rows = rows.clone();
        change(&mut rows);
        rows
    };
    let site = rows.0.iter().position(|(table, ..)| table == "site").unwrap();
    let again = rows.0[site].2[0].clone();
    let cases = [
        broken(&|rows| rows.0.retain(|(table, ..)| table != "site")),
        broken(&|rows| drop(rows.0[site].2[79].pop())),
        broken(&|rows| rows.0[site].2.push(again.clone())),
        broken(&|rows| rows.0.push(("other".to_owned(), Vec::new(), Vec::new()))),
    ];
    for engine in engines() {
        for case in &cases {
            let home = TestDb::new(engine);
            put(home.place(), SCHEMA, case).unwrap_err();
            if let Place::Sqlite(path) = home.place() {
                let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
                assert_eq!(left, 0, "not even the file");
            }
            put(home.place(), SCHEMA, &rows).unwrap();
            assert_eq!(read(home.place()), rows);
        }
    }
}

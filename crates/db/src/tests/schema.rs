//! A database that does not fit is refused, with a word on why, and is not touched.

use super::{ACME, SCHEMA, add_site, id, migrate, names};
use crate::migrate::{Migration, Start, expand};
use crate::testing::{TestDb, engines};
use crate::{Db, Engine, Error, Place, Scope, check};

pub(super) const SECOND: Migration = Migration {
    number: 2,
    name: "notes",
    text: "CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY) {strict};",
};
const BROKEN: Migration = Migration {
    number: 2,
    name: "half",
    text: "CREATE TABLE half (id BIGINT NOT NULL PRIMARY KEY) {strict}; CREATE TABLE half (id BIGINT) {strict};",
};

pub(super) fn with(more: Migration) -> Vec<Migration> {
    SCHEMA.iter().copied().chain([more]).collect()
}

fn refused(home: &TestDb, migrations: &[Migration], start: Start) -> String {
    match Db::open(home.place(), migrations, start) {
        Err(Error::Unusable(why)) => why,
        Err(other) => panic!("refused otherwise: {other}"),
        Ok(_) => panic!("it was opened"),
    }
}

#[test]
fn an_older_or_newer_or_foreign_schema_is_refused() {
    for engine in engines() {
        let home = TestDb::new(engine);
        drop(home.open(SCHEMA));
        assert!(
            refused(&home, &with(SECOND), Start::MustBeCurrent).contains("older than this Remit: 1 of 2")
        );
        drop(home.open(&with(SECOND)));
        assert!(refused(&home, SCHEMA, migrate()).contains("newer than this Remit"));
        let other = Migration { text: "CREATE TABLE other (id BIGINT) {strict};", ..SECOND };
        assert!(refused(&home, &with(other), migrate()).contains("migration 2 (notes) is not the one"));
        drop(Db::open(home.place(), &with(SECOND), Start::MustBeCurrent).unwrap());
    }
}

#[test]
fn an_empty_database_is_only_filled_when_asked() {
    for engine in engines() {
        let home = TestDb::new(engine);
        let why = refused(&home, SCHEMA, Start::MustBeCurrent);
        assert!(why.contains("there is no database at") || why.contains("the database is empty"), "{why}");
        if let Place::Sqlite(path) = home.place() {
            assert!(!path.exists(), "nothing was made");
        }
    }
}

#[test]
fn a_migration_that_fails_leaves_nothing_and_can_be_done_again() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for engine in engines() {
        let home = TestDb::new(engine);
        runtime.block_on(add_site(&home.open(SCHEMA), Scope::all(id(ACME)), 1, 1, "kept")).unwrap();
        assert!(refused(&home, &with(BROKEN), migrate()).contains("migration 2 (half) was not done"));
        let fixed =
            Migration { text: "CREATE TABLE half (id BIGINT NOT NULL PRIMARY KEY) {strict};", ..BROKEN };
        assert_eq!(runtime.block_on(names(&home.open(&with(fixed)), Scope::all(id(ACME)))), ["kept"]);
    }
}

#[test]
fn two_processes_may_migrate_at_once() {
    for engine in engines() {
        let home = TestDb::new(engine);
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| drop(home.open(&with(SECOND))));
            }
        });
    }
}

#[test]
fn a_file_of_another_program_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE mail (id INTEGER)").unwrap();
    drop(other);
    let before = std::fs::read(&path).unwrap();
    let why = Db::open(&Place::Sqlite(path.clone()), SCHEMA, migrate()).err().unwrap().to_string();
    assert!(why.contains("a database of another program"), "{why}");
    std::fs::write(
        &path,
        b"not a database, but long enough to have been one, or so it seems to whoever looks at it",
    )
    .unwrap();
    let why = Db::open(&Place::Sqlite(path.clone()), SCHEMA, migrate()).err().unwrap().to_string();
    assert!(why.contains("no sound SQLite database"), "{why}");
    assert_ne!(before, std::fs::read(&path).unwrap());
}

#[test]
fn a_server_that_is_not_there_is_named_at_once() {
    let place = Place::parse("postgres://nobody:secret@127.0.0.1:1/none");
    let error = Db::open(&place, SCHEMA, migrate()).err().unwrap();
    assert!(matches!(&error, Error::Gone(why) if why.contains("refused")), "{error}");
    assert!(!format!("{place:?} {error}").contains("secret"));
}

#[test]
fn a_user_above_row_level_security_is_refused() {
    let Ok(server) = std::env::var(crate::testing::SERVER) else { return };
    let why = Db::open(&Place::parse(&server), SCHEMA, migrate()).err().unwrap().to_string();
    assert!(why.contains("stands above row-level security"), "{why}");
}

#[test]
fn a_migration_is_written_out_for_each_engine() {
    let text = "CREATE TABLE t (a UUID, UUIDS TEXT, c BOOLEAN) {clustered};{only postgres} SELECT 1;{end}{only sqlite} SELECT 2;{end}";
    assert_eq!(
        expand(text, Engine::Sqlite).unwrap(),
        "CREATE TABLE t (a BLOB, UUIDS TEXT, c INTEGER) STRICT, WITHOUT ROWID; SELECT 2;"
    );
    assert_eq!(
        expand(text, Engine::Postgres).unwrap(),
        "CREATE TABLE t (a UUID, UUIDS TEXT COLLATE \"C\", c BOOLEAN) ; SELECT 1;"
    );
    assert!(expand("{sceure site}", Engine::Postgres).is_err());
    assert!(expand("{secure site", Engine::Postgres).is_err());
}

#[test]
fn a_whole_database_has_no_findings_and_a_damaged_one_has() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for engine in engines() {
        let home = TestDb::new(engine);
        let db = home.open(SCHEMA);
        runtime.block_on(async {
            for n in 0..500 {
                add_site(&db, Scope::all(id(ACME)), n, 1, &format!("site {n}")).await.unwrap();
            }
        });
        drop(db);
        assert_eq!(check(home.place()), Ok(Vec::new()));
        let said = match home.place() {
            Place::Sqlite(path) => {
                home.tamper("PRAGMA foreign_keys = OFF; INSERT INTO visit VALUES (x'0A', x'01', x'02')");
                let found = check(home.place()).unwrap().join("; ");
                assert!(found.contains("a row refers to one that is not there: visit, to site"), "{found}");
                home.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
                let mut bytes = std::fs::read(path).unwrap();
                // Pages of rows begin with 13, those of indexes with 10: one of them loses its end.
                let page =
                    (2..bytes.len() / 4096).rev().find(|n| [13, 10].contains(&bytes[n * 4096])).unwrap();
                bytes[page * 4096 + 100..(page + 1) * 4096].fill(0xEE);
                std::fs::write(path, bytes).unwrap();
                check(home.place()).unwrap_or_else(|error| vec![error.to_string()]).join("; ")
            }
            Place::Postgres(_) => {
                home.tamper("ALTER TABLE plan NO FORCE ROW LEVEL SECURITY");
                check(home.place()).unwrap().join("; ")
            }
        };
        assert!(
            ["damaged", "no sound SQLite", "row-level security is not forced on a table: plan"]
                .iter()
                .any(|part| said.contains(part)),
            "{said}"
        );
    }
}

//! A database that cannot be used as it is stays as it is, to the last byte, and it is said why.

use std::path::Path;

use super::schema::{SECOND, with};
use super::{ACME, SCHEMA, add_site, id, migrate};
use crate::migrate::Start;
use crate::testing::{SERVER, TestDb, engines};
use crate::{Db, Engine, Error, Place, Scope};

/// Every file of a folder with what is in it, but for the index of the log, which is made anew at each start.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    let mut contents: Vec<_> = files
        .map(|file| (file.file_name().to_string_lossy().into_owned(), std::fs::read(file.path()).unwrap()))
        .filter(|(name, _)| !name.ends_with("-shm"))
        .collect();
    contents.sort();
    contents
}

#[test]
fn a_newer_database_keeps_every_byte_even_when_its_server_was_killed() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let home = TestDb::new(Engine::Sqlite);
    let db = home.open(&with(SECOND));
    runtime.block_on(add_site(&db, Scope::all(id(ACME)), 1, 1, "kept")).unwrap();
    let Place::Sqlite(path) = home.place() else { unreachable!("it is a file") };
    // As it lies there while it is used, which is how a crash leaves it: with rows in the log.
    let crashed = tempfile::tempdir().unwrap();
    for name in ["remit.db", "remit.db-wal"] {
        std::fs::copy(path.with_file_name(name), crashed.path().join(name)).unwrap();
    }
    drop(db);
    for folder in [path.parent().unwrap(), crashed.path()] {
        let before = contents(folder);
        for start in [Start::MustBeCurrent, migrate()] {
            let refused = Db::open(&Place::Sqlite(folder.join("remit.db")), SCHEMA, start);
            let why = refused.err().unwrap().to_string();
            assert!(why.contains("newer than this Remit") && why.contains("Nothing was changed"), "{why}");
            assert!(contents(folder) == before, "{start:?} in {}", folder.display());
        }
    }
    let again =
        Db::open(&Place::Sqlite(crashed.path().join("remit.db")), &with(SECOND), Start::MustBeCurrent);
    assert_eq!(runtime.block_on(super::names(&again.unwrap(), Scope::all(id(ACME)))), ["kept"]);
}

#[test]
fn an_older_database_and_an_empty_file_are_not_touched_unless_asked() {
    for engine in engines() {
        let home = TestDb::new(engine);
        drop(home.open(SCHEMA));
        let folder = |home: &TestDb| match home.place() {
            Place::Sqlite(path) => contents(path.parent().unwrap()),
            Place::Postgres(_) => Vec::new(),
        };
        let before = folder(&home);
        let refused = Db::open(home.place(), &with(SECOND), Start::MustBeCurrent).err().unwrap().to_string();
        assert!(refused.contains("run `remit admin migrate`"), "{refused}");
        assert!(folder(&home) == before);
    }
    let empty = tempfile::tempdir().unwrap();
    let file = empty.path().join("remit.db");
    std::fs::write(&file, b"").unwrap();
    let refused = Db::open(&Place::Sqlite(file), SCHEMA, Start::MustBeCurrent).err().unwrap().to_string();
    assert!(refused.contains("the database is empty"), "{refused}");
    assert_eq!(contents(empty.path()), [("remit.db".to_owned(), Vec::new())]);
}

/// The address of the database of a test, for another user.
fn as_user(home: &TestDb, user: &str) -> Place {
    let Place::Postgres(url) = home.place() else { unreachable!("it is on a server") };
    let (_, host) = url.rsplit_once('@').unwrap();
    Place::Postgres(format!("postgres://{user}:{user}@{host}"))
}

#[test]
fn a_user_without_rights_is_told_which_are_missing() {
    if std::env::var_os(SERVER).is_none() {
        return;
    }
    let home = TestDb::new(Engine::Postgres);
    home.tamper(
        "DO $$ BEGIN CREATE ROLE remit_nobody LOGIN PASSWORD 'remit_nobody'; \
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
    );
    let nobody = as_user(&home, "remit_nobody");
    let refused = Db::open(&nobody, SCHEMA, migrate()).err().unwrap().to_string();
    assert!(refused.contains("may not make tables; make it the owner"), "{refused}");
    drop(home.open(SCHEMA));
    let refused = Db::open(&nobody, SCHEMA, Start::MustBeCurrent).err().unwrap().to_string();
    assert!(refused.contains("may not read and write the table plan"), "{refused}");
    home.tamper("GRANT SELECT ON ALL TABLES IN SCHEMA public TO remit_nobody");
    let refused = Db::open(&nobody, SCHEMA, Start::MustBeCurrent).err().unwrap().to_string();
    assert!(refused.contains("may not read and write the table plan"), "{refused}");
    let unknown = as_user(&home, "remit_unknown");
    let refused = Db::open(&unknown, SCHEMA, Start::MustBeCurrent).err().unwrap();
    assert!(
        matches!(&refused, Error::Gone(why) if why.contains("password authentication failed for user \"remit_unknown\"")),
        "{refused}"
    );
    home.tamper("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM remit_nobody");
}

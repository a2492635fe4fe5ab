//! Databases of their own for tests, on both engines.
//!
//! `REMIT_TEST_POSTGRES` is the address of a PostgreSQL server whose user may create roles and databases; the test command of the
//! repository starts one. Without it, tests run on SQLite and say so.

mod forgetful;

use std::sync::atomic::{AtomicU32, Ordering};

use postgres::NoTls;
use remit_core::At;
use tempfile::TempDir;
use uuid::Uuid;

use crate::migrate::{Migration, Start};
use crate::sqlite::Purpose;
use crate::statement::{Engine, expand};
use crate::{Db, Place, Reach};

pub(crate) use forgetful::forget;
pub use forgetful::{Forgotten, Words};

/// The variable that names the server.
pub const SERVER: &str = "REMIT_TEST_POSTGRES";
/// The user that tests connect as: it owns its tables and is below row-level security, as in production.
const ROLE: &str = "remit_test";

/// A database that is gone when this is dropped.
#[derive(Debug)]
pub struct TestDb {
    place: Place,
    folder: Option<TempDir>,
    dropped: Option<(String, String)>,
}

/// The engines that tests run on here.
pub fn engines() -> Vec<Engine> {
    if std::env::var_os(SERVER).is_some() {
        return vec![Engine::Sqlite, Engine::Postgres];
    }
    eprintln!("skipped on PostgreSQL: {SERVER} is not set; `cargo xtask test` sets it");
    vec![Engine::Sqlite]
}

/// The macros that statements are written with, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// `sql!`
    Reached,
    /// `whole_sql!`
    Whole,
    /// `shared_sql!`
    Shared,
    /// `system_sql!`
    System,
}

/// The statements in the text of a Rust file.
pub fn statements(file: &str) -> Vec<(Written, String)> {
    let mut found = Vec::new();
    let mut rest = file;
    while let Some((before, after)) = rest.split_once("sql!(") {
        rest = after;
        let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        let written = match word {
            "" => Written::Reached,
            "whole_" => Written::Whole,
            "shared_" => Written::Shared,
            "system_" => Written::System,
            _ => continue,
        };
        match after.trim_start().strip_prefix('"') {
            Some(text) => found.push((written, literal(text))),
            // By its name: whoever asks knows what is behind it.
            None => found.push((written, after.split(')').next().unwrap_or_default().trim().to_owned())),
        }
    }
    found
}

/// A string literal up to its closing quote.
fn literal(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next().filter(|c| *c != '"') {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            // At the end of a line it swallows the space at the beginning of the next.
            Some('\n') => chars = chars.as_str().trim_start().chars(),
            Some(other) => out.push(other),
            None => break,
        }
    }
    out
}

impl TestDb {
    /// An empty database.
    pub fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder can be made");
                let place = Place::Sqlite(folder.path().join("remit.db"));
                Self { place, folder: Some(folder), dropped: None }
            }
            Engine::Postgres => {
                let server = std::env::var(SERVER).expect("engines() asked for it");
                std::thread::spawn(move || Self::on_server(&server)).join().expect("a database is made")
            }
        }
    }

    fn on_server(server: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("remit_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut admin = postgres::Client::connect(server, NoTls).expect("the test server answers");
        let make = format!(
            "DO $$ BEGIN CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}'; \
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        admin.batch_execute(&make).expect("the user of the test server may create roles");
        let make = format!("CREATE DATABASE {name} OWNER {ROLE} TEMPLATE template0");
        admin.batch_execute(&make).expect("the user of the test server may create databases");
        let (_, host) = server.rsplit_once('@').expect("the address names a user");
        let host = host.split('/').next().unwrap_or(host);
        let place = Place::Postgres(format!("postgres://{ROLE}:{ROLE}@{host}/{name}"));
        Self { place, folder: None, dropped: Some((server.to_owned(), name)) }
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Changes it behind the back of this crate, as somebody might who got hold of the file or of the server.
    pub fn tamper(&self, sql: &str) {
        match (&self.place, &self.dropped) {
            (Place::Sqlite(path), _) => {
                let file = rusqlite::Connection::open(path).expect("the file is there");
                file.execute_batch(sql).expect("the statement is sound");
            }
            (Place::Postgres(_), Some((server, name))) => {
                let (server, sql) = (
                    format!("{}/{name}", server.rsplit_once('/').map_or(server.as_str(), |(host, _)| host)),
                    sql.to_owned(),
                );
                let change = move || {
                    let mut admin =
                        postgres::Client::connect(&server, NoTls).expect("the test server answers");
                    admin.batch_execute(&sql).expect("the statement is sound");
                };
                std::thread::spawn(change).join().expect("it was changed");
            }
            (Place::Postgres(_), None) => unreachable!("a database on a server is dropped in the end"),
        }
    }

    /// Prepares statements as they are written, for every kind of reach. Says which cannot be, and why.
    pub fn prepare(&self, statements: &[(Written, String)]) -> Vec<String> {
        let (place, statements) = (self.place.clone(), statements.to_vec());
        let prepare = move || {
            let mut connection = place.connect(Purpose::Read).expect("the database is there");
            let engine = connection.engine();
            let mut faults = Vec::new();
            for (written, text) in statements {
                let reaches = [Reach::All, Reach::Client(Uuid::nil()), Reach::Listed(Uuid::nil())];
                let used = if written == Written::Reached { &reaches[..] } else { &reaches[..1] };
                for reach in used {
                    let sql = expand(&text, engine, *reach, written != Written::System).sql;
                    let done = connection.prepare(&sql);
                    faults.extend(done.err().map(|error| format!("{engine:?}: {error}\n    {sql}")));
                }
            }
            faults
        };
        std::thread::spawn(prepare).join().expect("statements are prepared")
    }

    /// How SQLite goes about statements, for every kind of reach: the statement, and each step that goes through rows.
    pub fn plans(&self, statements: &[(Written, String)]) -> Vec<(String, Vec<String>)> {
        let Place::Sqlite(path) = &self.place else { return Vec::new() };
        let file = rusqlite::Connection::open(path).expect("the file is there");
        let stable = rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
        file.set_db_config(stable, true).expect("it is as whoever works has it");
        let mut found = Vec::new();
        for (written, text) in statements {
            let reaches = [Reach::All, Reach::Client(Uuid::nil()), Reach::Listed(Uuid::nil())];
            let used = if *written == Written::Reached { &reaches[..] } else { &reaches[..1] };
            for reach in used {
                let sql = expand(text, Engine::Sqlite, *reach, *written != Written::System).sql;
                let mut explain =
                    file.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("the statement is sound");
                let steps = explain.raw_query().mapped(|row| row.get(3));
                found.push((sql, steps.collect::<Result<_, _>>().expect("a plan is a list of words")));
            }
        }
        found
    }

    /// Opens it with a schema.
    pub fn open(&self, migrations: &[Migration]) -> Db {
        Db::open(&self.place, migrations, Start::Migrate(At::from_millis(0))).expect("the schema is sound")
    }

    /// Opens it with a schema, so that every statement runs without the words on its scope: what is left is row-level security, so this is
    /// for PostgreSQL alone. Says which statements ran.
    pub fn open_forgetful(&self, migrations: &[Migration]) -> (Db, Forgotten) {
        assert!(matches!(self.place, Place::Postgres(_)), "there is nothing behind the words on SQLite");
        let forgotten = Forgotten::default();
        let make = forgotten.clone();
        let start = Start::Migrate(At::from_millis(0));
        let db =
            Db::open_by(move |place, purpose| make.connect(place, purpose), &self.place, migrations, start);
        (db.expect("the schema is sound"), forgotten)
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        drop(self.folder.take());
        let Some((server, name)) = self.dropped.take() else { return };
        let remove = move || {
            // A server that is gone has taken the database with it.
            if let Ok(mut admin) = postgres::Client::connect(&server, NoTls) {
                let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            }
        };
        // In a thread of its own: a test may drop this within a runtime.
        let _ = std::thread::spawn(remove).join();
    }
}

//! Databases of their own for tests, on both engines.
//!
//! `REMIT_TEST_POSTGRES` is the address of a PostgreSQL server whose user may create roles and databases; the test command of the
//! repository starts one. Without it, tests run on SQLite and say so.

use std::sync::atomic::{AtomicU32, Ordering};

use postgres::NoTls;
use remit_core::At;
use tempfile::TempDir;

use crate::migrate::{Migration, Start};
use crate::statement::Engine;
use crate::{Db, Place};

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

impl TestDb {
    /// An empty database.
    pub fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder can be made");
                let place = Place::Sqlite(folder.path().join("remit.db"));
                Self { place, folder: Some(folder), dropped: None }
            }
            Engine::Postgres => Self::on_server(&std::env::var(SERVER).expect("engines() asked for it")),
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

    /// Opens it with a schema.
    pub fn open(&self, migrations: &[Migration]) -> Db {
        Db::open(&self.place, migrations, Start::Migrate(At::from_millis(0))).expect("the schema is sound")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        drop(self.folder.take());
        let Some((server, name)) = self.dropped.take() else { return };
        // A server that is gone has taken the database with it.
        if let Ok(mut admin) = postgres::Client::connect(&server, NoTls) {
            let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

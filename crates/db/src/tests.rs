//! Both engines, side by side: what one does, the other does too.

mod lost;
mod reach;
mod schema;
mod tls;
mod units;
mod untouched;

use remit_core::At;
use uuid::Uuid;

use crate::migrate::{Migration, Start};
use crate::testing::{TestDb, engines};
use crate::{Db, Engine, Error, Scope, sql, system_sql};

/// A small schema with every kind of table.
pub(crate) const SCHEMA: &[Migration] = &[Migration {
    number: 1,
    name: "sites",
    text: "
CREATE TABLE reach (
    provider_id UUID NOT NULL, membership_id UUID NOT NULL, client_id UUID NOT NULL,
    PRIMARY KEY (provider_id, membership_id, client_id)
) {clustered};
{secure reach by-membership};
{secure reach given};
CREATE TABLE site (
    provider_id UUID NOT NULL, id UUID NOT NULL, client_id UUID NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''), size BIGINT, open BOOLEAN NOT NULL DEFAULT TRUE, seal BYTEA,
    PRIMARY KEY (provider_id, id), UNIQUE (provider_id, client_id, name)
) {strict};
{secure site by client_id};
CREATE TABLE team (
    provider_id UUID NOT NULL, id UUID NOT NULL, client_id UUID, name TEXT NOT NULL, PRIMARY KEY (provider_id, id)
) {clustered};
{secure team by client_id?};
{secure team new client_id};
CREATE TABLE plan (
    provider_id UUID NOT NULL, id UUID NOT NULL, name TEXT NOT NULL, PRIMARY KEY (provider_id, id)
) {strict};
{secure plan whole};
CREATE TABLE visit (
    provider_id UUID NOT NULL, id UUID NOT NULL, site_id UUID NOT NULL, PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, site_id) REFERENCES site (provider_id, id)
) {strict};
{secure visit whole};
",
}];

/// An id that tests can name.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number)
}

pub(crate) const ACME: u128 = 0xA;
pub(crate) const OTHER: u128 = 0xB;

/// Runs a test on every engine, each with a database of its own.
#[expect(clippy::needless_pass_by_value, reason = "a test is written where it is passed")]
pub(crate) fn on_each(test: impl AsyncFn(&Db, &TestDb)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for engine in engines() {
        let home = TestDb::new(engine);
        let db = home.open(SCHEMA);
        runtime.block_on(test(&db, &home));
    }
}

pub(crate) async fn add_site(
    db: &Db,
    scope: Scope,
    site: u128,
    client: u128,
    name: &str,
) -> Result<u64, Error> {
    let name = name.to_owned();
    db.write(scope, move |tx| {
        let add =
            sql!("INSERT INTO site (provider_id, id, client_id, name) VALUES ($1, $2, {client: $3}, $4)");
        tx.exec(add, (id(site), id(client), name))
    })
    .await
}

pub(crate) async fn names(db: &Db, scope: Scope) -> Vec<String> {
    let list =
        sql!("SELECT name FROM site WHERE provider_id = $1 AND {reach: client_id} ORDER BY name LIMIT 100");
    let rows: Vec<(String,)> = db.read(scope, move |tx| tx.rows(list, ())).await.unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

/// How many sites there are, whoever asks.
pub(crate) async fn all_sites(db: &Db) -> i64 {
    let count = system_sql!("SELECT COUNT(*) FROM site");
    db.system_read("a test", move |tx| tx.find::<(i64,), _>(count, ())).await.unwrap().unwrap().0
}

pub(crate) fn migrate() -> Start {
    Start::Migrate(At::from_millis(0))
}

pub(crate) fn is_postgres(db: &Db) -> bool {
    db.engine() == Engine::Postgres
}

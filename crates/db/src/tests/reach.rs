//! Nothing beyond the scope can be read, changed or made, and on PostgreSQL not even without the words that say so.

use super::{ACME, OTHER, SCHEMA, add_site, id, names, on_each};
use crate::statement::expand;
use crate::testing::{TestDb, engines, forget};
use crate::{Db, Engine, Error, Reach, Scope, Value, sql, system_sql, whole_sql};

/// Two providers with two clients each (1 and 2), one site and one team for each client, a team of the provider, a plan.
async fn world(db: &Db) {
    for (n, provider) in [ACME, OTHER].into_iter().enumerate() {
        let scope = Scope::all(id(provider));
        let n = n as u128 * 100;
        for client in [1, 2] {
            add_site(db, scope, n + client, client, &format!("{provider:x}{client}")).await.unwrap();
        }
        db.write(scope, move |tx| {
            let team = sql!(
                "INSERT INTO team (provider_id, id, client_id, name) VALUES ($1, $2, {client?: $3}, $4)"
            );
            tx.exec(team, (id(n), None::<uuid::Uuid>, format!("{provider:x}0")))?;
            tx.exec(team, (id(n + 1), Some(id(1)), format!("{provider:x}1")))?;
            tx.exec(team, (id(n + 2), Some(id(2)), format!("{provider:x}2")))?;
            let plan = whole_sql!("INSERT INTO plan (provider_id, id, name) VALUES ($1, $2, $3)");
            tx.whole()?.exec(plan, (id(n), format!("{provider:x}")))
        })
        .await
        .unwrap();
        db.system("a test", move |tx| {
            let list =
                system_sql!("INSERT INTO reach (provider_id, membership_id, client_id) VALUES ($1, $2, $3)");
            tx.exec(list, (id(provider), id(77), id(2)))
        })
        .await
        .unwrap();
    }
}

fn scopes() -> [(Scope, &'static [&'static str]); 5] {
    [
        (Scope::all(id(ACME)), &["a1", "a2"]),
        (Scope::client(id(ACME), id(1)), &["a1"]),
        (Scope::listed(id(ACME), id(77)), &["a2"]),
        (Scope::listed(id(ACME), id(78)), &[]),
        (Scope::client(id(ACME), id(3)), &[]),
    ]
}

#[test]
fn each_scope_sees_what_it_reaches() {
    on_each(async |db, _| {
        world(db).await;
        for (scope, sites) in scopes() {
            assert_eq!(names(db, scope).await, sites, "{scope:?}");
            let teams = sql!(
                "SELECT name FROM team WHERE provider_id = $1 AND {reach?: client_id} ORDER BY name LIMIT 9"
            );
            let teams: Vec<(String,)> = db.read(scope, move |tx| tx.rows(teams, ())).await.unwrap();
            let mut wanted = vec!["a0"];
            wanted.extend(sites);
            assert_eq!(teams.iter().map(|(name,)| name.as_str()).collect::<Vec<_>>(), wanted);
        }
    });
}

#[test]
fn each_scope_changes_what_it_reaches_and_makes_nothing_elsewhere() {
    on_each(async |db, _| {
        world(db).await;
        for (scope, sites) in scopes() {
            let rename = sql!("UPDATE site SET name = name WHERE provider_id = $1 AND {reach: client_id}");
            let changed = db.write(scope, move |tx| tx.exec(rename, ())).await.unwrap();
            assert_eq!(changed as usize, sites.len());
            for client in [1, 2] {
                let reached = sites.contains(&format!("a{client}").as_str());
                let made = add_site(db, scope, 50, client, "new").await;
                assert_eq!(
                    made,
                    if reached { Ok(1) } else { Err(Error::OutOfReach) },
                    "{scope:?} client {client}"
                );
                if reached {
                    let remove =
                        sql!("DELETE FROM site WHERE provider_id = $1 AND {reach: client_id} AND id = $2");
                    assert_eq!(db.write(scope, move |tx| tx.exec(remove, (id(50),))).await, Ok(1));
                }
            }
            let whole = db.write(scope, |tx| tx.whole().map(drop)).await;
            assert_eq!(whole.is_ok(), scope.reach() == Reach::All);
        }
    });
}

/// What the callers of two providers are worth when every word on the scope is taken out of a statement.
#[test]
fn row_level_security_refuses_what_a_statement_forgot() {
    on_each(async |db, _| {
        if db.engine() == Engine::Sqlite {
            return;
        }
        world(db).await;
        for (scope, sites) in scopes() {
            for (table, column, all) in
                [("site", "name", sites.len()), ("plan", "name", 1), ("team", "name", sites.len() + 1)]
            {
                let all = if table == "plan" && scope.reach() != Reach::All { 0 } else { all };
                let seen = raw(db, scope, &format!("SELECT {column} FROM {table}")).await.unwrap();
                assert_eq!(seen.len(), all, "{scope:?} {table}");
                let changed =
                    raw(db, scope, &format!("UPDATE {table} SET {column} = {column} RETURNING {column}"))
                        .await;
                assert_eq!(changed.unwrap().len(), all, "{scope:?} {table}");
                let gone = raw(db, scope, &format!("DELETE FROM {table} RETURNING {column}")).await;
                assert_eq!(gone.unwrap().len(), all, "{scope:?} {table}");
                world_again(db).await;
            }
            let steal = format!(
                "INSERT INTO site (provider_id, id, client_id, name) VALUES ('{}', '{}', '{}', 'x') RETURNING name",
                id(OTHER),
                id(999),
                id(1)
            );
            assert_eq!(raw(db, scope, &steal).await, Err(Error::OutOfReach), "{scope:?}");
        }
    });
}

async fn world_again(db: &Db) {
    for table in [
        system_sql!("DELETE FROM site"),
        system_sql!("DELETE FROM team"),
        system_sql!("DELETE FROM plan"),
        system_sql!("DELETE FROM reach"),
    ] {
        db.system("a test", move |tx| tx.exec(table, ())).await.unwrap();
    }
    world(db).await;
}

/// Runs a text that no macro has looked at.
async fn raw(db: &Db, scope: Scope, sql: &str) -> Result<Vec<Value>, Error> {
    let sql = sql.to_owned();
    db.write(scope, move |tx| tx.raw(&sql)).await
}

#[test]
fn a_statement_is_written_out_for_each_reach_and_engine() {
    let text = "SELECT id FROM site s WHERE s.provider_id = $1 AND {reach: s.client_id} AND id > $2 LIMIT $3";
    let all = expand(text, Engine::Sqlite, Reach::All, true);
    assert_eq!(all.sql, "SELECT id FROM site s WHERE s.provider_id = ?1 AND 1 = 1 AND id > ?2 LIMIT ?3");
    assert_eq!((all.own, all.binds_reach), (2, false));
    let one = expand(text, Engine::Postgres, Reach::Client(id(1)), true);
    assert_eq!(
        one.sql,
        "SELECT id FROM site s WHERE s.provider_id = $1 AND s.client_id = $4 AND id > $2 LIMIT $3"
    );
    assert_eq!((one.own, one.binds_reach), (2, true));
    let listed = expand(
        "DELETE FROM team WHERE provider_id = $1 AND {reach?: client_id}",
        Engine::Sqlite,
        Reach::Listed(id(1)),
        true,
    );
    assert_eq!(
        listed.sql,
        "DELETE FROM team WHERE provider_id = ?1 AND (client_id IS NULL OR client_id IN (SELECT client_id FROM reach WHERE provider_id \
         = ?1 AND membership_id = ?2))"
    );
}

#[test]
fn a_statement_that_forgets_says_nothing_of_its_scope() {
    let text = "UPDATE site s SET name = $12 WHERE s.provider_id = $1 AND {reach?: s.client_id} AND x.provider_id = s.provider_id \
                AND id = {client: $3} AND provider_id = $10";
    let forgot = forget(text);
    assert_eq!(
        forgot.sql,
        "UPDATE site s SET name = $12 WHERE CAST($1 AS UUID) = CAST($1 AS UUID) AND 1 = 1 AND x.provider_id = s.provider_id \
         AND id = $3 AND provider_id = $10"
    );
    assert_eq!((forgot.own, forgot.binds_reach, forgot.guards.len()), (11, false, 0));
}

/// The same verbs on a database whose statements say nothing of their scope: row-level security alone gives the same answers, and where
/// that is off too, everybody sees everything, so it is nothing else that gave them.
#[test]
fn what_forgetful_statements_reach_is_what_row_level_security_leaves_them() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for engine in engines().into_iter().filter(|engine| *engine == Engine::Postgres) {
        let home = TestDb::new(engine);
        let (db, forgotten) = home.open_forgetful(SCHEMA);
        runtime.block_on(forgetful(&db, &home));
        let ran = forgotten.statements();
        assert!(ran.iter().any(|text| text.contains("{reach: client_id} ORDER BY name")), "{ran:?}");
    }
}

async fn forgetful(db: &Db, home: &TestDb) {
    world(db).await;
    for (scope, sites) in scopes() {
        assert_eq!(names(db, scope).await, sites, "{scope:?}");
        for client in [1, 2] {
            let made = add_site(db, scope, 50, client, "a1").await;
            let reached = sites.contains(&format!("a{client}").as_str());
            assert_eq!(made == Err(Error::OutOfReach), !reached, "{scope:?} client {client}: {made:?}");
            home.tamper(&format!("DELETE FROM site WHERE id = '{}'", id(50)));
        }
    }
    home.tamper("ALTER TABLE site DISABLE ROW LEVEL SECURITY");
    assert_eq!(names(db, Scope::client(id(ACME), id(1))).await, ["a1", "a2", "b1", "b2"]);
}

/// What everybody may see is not everybody's to add, and a list is not widened by whom it is for.
#[test]
fn row_level_security_refuses_new_rows_that_a_statement_forgot_to_guard() {
    on_each(async |db, _| {
        if db.engine() == Engine::Sqlite {
            return;
        }
        world(db).await;
        let acme = id(ACME);
        let team = |client: &str| {
            format!(
                "INSERT INTO team (provider_id, id, client_id, name) VALUES ('{acme}', '{}', {client}, 'x') RETURNING name",
                id(900)
            )
        };
        let listed = |change: &str| {
            change.replace("MEMBER", &format!("provider_id = '{acme}' AND membership_id = '{}'", id(77)))
        };
        let widen = format!(
            "INSERT INTO reach (provider_id, membership_id, client_id) VALUES ('{acme}', '{}', '{}') RETURNING client_id",
            id(77),
            id(1)
        );
        for (scope, sites) in scopes() {
            let all = scope.reach() == Reach::All;
            let made = raw(db, scope, &team("NULL")).await;
            assert_eq!(made.is_ok(), all, "{scope:?}: {made:?}");
            assert!(all || made == Err(Error::OutOfReach), "{scope:?}: {made:?}");
            if all {
                raw(db, scope, &format!("DELETE FROM team WHERE id = '{}' RETURNING name", id(900)))
                    .await
                    .unwrap();
            }
            let made = raw(db, scope, &team(&format!("'{}'", id(1)))).await;
            assert_eq!(made.is_ok(), sites.contains(&"a1"), "{scope:?}: {made:?}");
            if made.is_ok() {
                raw(db, scope, &format!("DELETE FROM team WHERE id = '{}' RETURNING name", id(900)))
                    .await
                    .unwrap();
            }
            for change in [
                "UPDATE reach SET client_id = client_id WHERE MEMBER RETURNING client_id",
                "DELETE FROM reach WHERE MEMBER RETURNING client_id",
            ] {
                let changed = raw(db, scope, &listed(change)).await.unwrap();
                assert_eq!(changed.len(), usize::from(all), "{scope:?}: {change}");
                world_again(db).await;
            }
            let widened = raw(db, scope, &widen).await;
            assert_eq!(widened.is_ok(), all, "{scope:?}: {widened:?}");
            world_again(db).await;
        }
    });
}

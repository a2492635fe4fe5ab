//! Units of work are whole, durable and in order.

use std::sync::Arc;

use super::{ACME, SCHEMA, add_site, all_sites, id, names, on_each};
use crate::{Db, Error, Scope, Tx, Value, sql, whole_sql};

type Site = (uuid::Uuid, String, Option<i64>, bool, Option<Vec<u8>>);

#[test]
fn every_kind_of_value_comes_back_as_it_went() {
    on_each(async |db, _| {
        let scope = Scope::all(id(ACME));
        for (n, (name, size, open, seal)) in [
            ("plain", Some(0i64), true, Some(vec![])),
            ("naïve Straße 東京 🦀 \u{7f}\n\t'\"\\%_$1?1", Some(i64::MIN), false, Some(vec![0u8, 255, 10])),
            ("z", Some(i64::MAX), true, None),
            ("null", None, false, Some(vec![7; 70_000])),
        ]
        .into_iter()
        .enumerate()
        {
            let (site, sealed) = (id(n as u128), seal.clone());
            db.write(scope, move |tx| {
                let add = sql!(
                    "INSERT INTO site (provider_id, id, client_id, name, size, open, seal) VALUES ($1, $2, {client: $3}, $4, $5, $6, $7)"
                );
                tx.exec(add, (site, id(1), name, size, open, sealed))
            })
            .await
            .unwrap();
            let get = sql!(
                "SELECT client_id, name, size, open, seal FROM site WHERE provider_id = $1 AND {reach: client_id} AND id = $2"
            );
            let found: Option<Site> = db.read(scope, move |tx| tx.find(get, (site,))).await.unwrap();
            assert_eq!(found, Some((id(1), name.to_owned(), size, open, seal)));
        }
    });
}

#[test]
fn text_is_ordered_by_its_bytes() {
    on_each(async |db, _| {
        let scope = Scope::all(id(ACME));
        for (n, name) in ["b", "B", "ä", "a", "Z", "a b", "ab", "_"].into_iter().enumerate() {
            add_site(db, scope, n as u128, 1, name).await.unwrap();
        }
        assert_eq!(names(db, scope).await, ["B", "Z", "_", "a", "a b", "ab", "b", "ä"]);
    });
}

#[test]
fn a_unit_of_work_that_fails_leaves_nothing() {
    on_each(async |db, _| {
        let scope = Scope::all(id(ACME));
        let add =
            sql!("INSERT INTO site (provider_id, id, client_id, name) VALUES ($1, $2, {client: $3}, $4)");
        let refused: Result<(), Error> = db
            .write(scope, move |tx| {
                tx.exec(add, (id(1), id(1), "kept?"))?;
                Err(Error::Busy)
            })
            .await;
        assert_eq!(refused, Err(Error::Busy));
        let taken: Result<u64, Error> = db
            .write(scope, move |tx| {
                tx.exec(add, (id(1), id(1), "same"))?;
                tx.exec(add, (id(2), id(1), "same"))
            })
            .await;
        assert!(taken.unwrap_err().is_unique("site.client_id, site.name"));
        assert_eq!(all_sites(db).await, 0);
    });
}

#[test]
fn a_unit_of_work_that_goes_on_after_a_failure_is_not_kept() {
    on_each(async |db, _| {
        let scope = Scope::all(id(ACME));
        let add =
            sql!("INSERT INTO site (provider_id, id, client_id, name) VALUES ($1, $2, {client: $3}, $4)");
        let done: Result<(), Error> = db
            .write(scope, move |tx| {
                tx.exec(add, (id(1), id(1), "one"))?;
                assert!(matches!(tx.exec(add, (id(2), id(1), "")), Err(Error::Check(_))));
                assert_eq!(tx.exec(add, (id(3), id(1), "three")), Err(Error::Poisoned));
                Ok(())
            })
            .await;
        assert_eq!(done, Err(Error::Poisoned));
        assert_eq!(all_sites(db).await, 0);
    });
}

#[test]
fn a_panic_leaves_nothing_and_hurts_nobody_else() {
    on_each(async |db, _| {
        let scope = Scope::all(id(ACME));
        let panics: Result<(), Error> = db
            .write(scope, |tx| {
                let add = sql!(
                    "INSERT INTO site (provider_id, id, client_id, name) VALUES ($1, $2, {client: $3}, $4)"
                );
                tx.exec(add, (id(1), id(1), "gone"))?;
                panic!("as the test wants");
            })
            .await;
        assert_eq!(panics, Err(Error::Panicked));
        let reads: Result<(), Error> = db.read(scope, |_| panic!("as the test wants")).await;
        assert_eq!(reads, Err(Error::Panicked));
        add_site(db, scope, 2, 1, "kept").await.unwrap();
        assert_eq!(names(db, scope).await, ["kept"]);
    });
}

#[test]
fn a_row_that_refers_to_nothing_is_refused() {
    on_each(async |db, _| {
        add_site(db, Scope::all(id(ACME)), 1, 1, "one").await.unwrap();
        let visit = |provider: u128, site: u128| async move {
            db.write(Scope::all(id(provider)), move |tx| {
                let add = whole_sql!("INSERT INTO visit (provider_id, id, site_id) VALUES ($1, $2, $3)");
                tx.whole()?.exec(add, (id(9), id(site)))
            })
            .await
        };
        assert_eq!(visit(ACME, 2).await, Err(Error::ForeignKey));
        assert_eq!(
            visit(super::OTHER, 1).await,
            Err(Error::ForeignKey),
            "a site of another provider is not there"
        );
        assert_eq!(visit(ACME, 1).await, Ok(1));
    });
}

#[test]
fn many_callers_at_once_are_all_kept() {
    on_each(async |db, home| {
        let scope = Scope::all(id(ACME));
        let each = |n: u128| async move {
            // Every tenth fails, beside others in its group that do not.
            let name = if n.is_multiple_of(10) { String::new() } else { format!("site {n}") };
            (n, add_site(db, scope, n, n, &name).await)
        };
        let all = futures_join(400, each).await;
        for (n, done) in all {
            assert_eq!(done.is_ok(), !n.is_multiple_of(10), "{n}: {done:?}");
        }
        assert_eq!(all_sites(db).await, 360);
        // Another process sees them too: they are not in the memory of this one.
        assert_eq!(all_sites(&home.open(SCHEMA)).await, 360);
    });
}

#[test]
fn whoever_of_a_group_fails_the_others_are_kept() {
    const GROUP: u128 = 4;
    on_each(async |db, _| {
        let mut kept = 0;
        for fails in 0..1_u128 << GROUP {
            let refused = group(db, (GROUP, fails)).await;
            assert_eq!(refused, fails.count_ones() as usize, "{fails:b}");
            kept += GROUP as usize - refused;
            assert_eq!(all_sites(db).await, i64::try_from(kept).unwrap(), "{fails:b}");
        }
    });
}

/// More than SQLite keeps in memory of how it was before a unit of work.
#[test]
fn a_unit_in_a_group_may_change_very_much_and_is_taken_back_alone() {
    const ROWS: u128 = 400;
    on_each(async |db, _| {
        let scope = Scope::all(id(ACME));
        for key in 0..ROWS {
            add_site(db, scope, key, key, &format!("{key:0>2000}")).await.unwrap();
        }
        let all = |sign: &'static str, keep: bool| {
            move |tx: &mut Tx<'_, '_>| {
                let set =
                    sql!("UPDATE site SET name = name || $2 WHERE provider_id = $1 AND {reach: client_id}");
                tx.exec(set, (sign,))?;
                if keep { Ok(()) } else { Err(Error::Check("taken back".to_owned())) }
            }
        };
        let each = |n: u128| async move {
            match n {
                1 => add_site(db, scope, ROWS, ROWS, "The first").await.map(drop),
                2 => db.write(scope, all("+", true)).await,
                3 => db.write(scope, all("-", false)).await,
                _ => db.write(scope, all("*", true)).await,
            }
        };
        let done: Vec<bool> = grouped(db, 4, each).await.iter().map(Result::is_ok).collect();
        assert_eq!(done, [true, true, false, true]);
        let names = move |tx: &mut Tx<'_, '_>| {
            let list = sql!(
                "SELECT name FROM site WHERE provider_id = $1 AND {reach: client_id} ORDER BY name LIMIT 1000"
            );
            tx.rows::<(String,), _>(list, ())
        };
        let names = db.read(scope, names).await.unwrap();
        assert_eq!(names.len(), usize::try_from(ROWS).unwrap() + 1);
        assert!(names.iter().all(|(name,)| name.ends_with("+*") && !name.contains('-')));
    });
}

/// So many sites that are added as one group, of which those fail whose bit is set; how many were refused.
async fn group(db: &Db, (size, fails): (u128, u128)) -> usize {
    let scope = Scope::all(id(ACME));
    let each = |n: u128| async move {
        let name = if fails >> (n - 1) & 1 == 1 { String::new() } else { format!("{fails} {n}") };
        let key = fails * 10 + n;
        add_site(db, scope, key, key, &name).await.map(drop)
    };
    grouped(db, size, each).await.iter().filter(|done| done.is_err()).count()
}

/// Units of work, from 1 on, that are run as one group.
async fn grouped<F: Future<Output = Result<(), Error>>>(
    db: &Db,
    size: u128,
    each: impl Fn(u128) -> F,
) -> Vec<Result<(), Error>> {
    let scope = Scope::all(id(ACME));
    let (go, wait) = std::sync::mpsc::channel::<()>();
    // The rest wait for the writer meanwhile.
    let hold = std::cell::Cell::new(Some(wait));
    let go = std::cell::Cell::new(Some(go));
    let (hold, go, each) = (&hold, &go, &each);
    let all = |n: u128| async move {
        if let Some(wait) = hold.take() {
            let waits = move |_: &mut Tx<'_, '_>| {
                let _ = wait.recv();
                Ok::<_, Error>(())
            };
            return db.write(scope, waits).await;
        }
        if n > size {
            drop(go.take());
            return Ok(());
        }
        each(n).await
    };
    let mut done = futures_join(size + 2, all).await;
    done.pop();
    done.split_off(1)
}

/// Runs `count` futures side by side on this task.
async fn futures_join<T, F: Future<Output = T>>(count: u128, each: impl Fn(u128) -> F) -> Vec<T> {
    let mut waiting: Vec<_> = (0..count).map(|n| Box::pin(each(n))).collect();
    let mut done: Vec<Option<T>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        for (future, done) in waiting.iter_mut().zip(&mut done).filter(|(_, done)| done.is_none()) {
            if let std::task::Poll::Ready(value) = future.as_mut().poll(cx) {
                *done = Some(value);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[test]
fn what_changed_is_told_after_it_is_kept_and_only_then() {
    on_each(async |db, home| {
        let elsewhere = Arc::new(home.open(SCHEMA));
        // Across processes only PostgreSQL can tell; an embedded database has one process.
        let mut listener = if super::is_postgres(db) { elsewhere.changes() } else { db.changes() };
        let scope = Scope::all(id(ACME));
        let failed: Result<(), Error> = db
            .write(scope, |tx| {
                tx.announce("never");
                Err(Error::Busy)
            })
            .await;
        failed.unwrap_err();
        db.write(scope, |tx| {
            tx.announce("sites");
            tx.announce("sites");
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
        let told = tokio::time::timeout(std::time::Duration::from_secs(10), listener.recv()).await;
        assert_eq!(told.unwrap().unwrap(), "sites");
    });
}

#[test]
fn what_one_engine_cannot_keep_neither_keeps() {
    on_each(async |db, _| {
        let zero = add_site(db, Scope::all(id(ACME)), 1, 1, "nul\0l").await;
        assert!(matches!(zero, Err(Error::Check(_))), "{zero:?}");
        let wrong: Result<Vec<(i64,)>, Error> = db
            .read(Scope::all(id(ACME)), |tx| {
                let list =
                    sql!("SELECT name FROM site WHERE provider_id = $1 AND {reach: client_id} LIMIT 1");
                tx.rows(list, Vec::<Value>::new())
            })
            .await;
        assert_eq!(wrong, Ok(Vec::new()));
        add_site(db, Scope::all(id(ACME)), 1, 1, "text").await.unwrap();
        let wrong: Result<Vec<(i64,)>, Error> = db
            .read(Scope::all(id(ACME)), |tx| {
                let list =
                    sql!("SELECT name FROM site WHERE provider_id = $1 AND {reach: client_id} LIMIT 1");
                tx.rows(list, ())
            })
            .await;
        assert!(matches!(wrong, Err(Error::Column { column: 0, .. })), "{wrong:?}");
    });
}

//! The drill: a backup under load is restored elsewhere, on either engine, and is equal.

use std::sync::atomic::{AtomicBool, Ordering};

use remit_db::testing::{TestDb, engines};
use remit_db::{Engine, Place};

use crate::run::{folder, names, remit, remit_told};

/// Makes an installation with a provider.
pub fn found_provider(data: &str, name: &str) {
    let run = remit(&[
        "admin",
        "init",
        "--data",
        data,
        "--provider",
        name,
        "--zone",
        "UTC",
        "--owner",
        "Mara Quist",
        "--email",
        "mara@example.com",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
}

fn tables(file: &str) -> serde_json::Value {
    let inspected = remit(&["restore", file, "--inspect", "--format", "json"]);
    assert_eq!(inspected.code, 0, "{}", inspected.err);
    inspected.json()["manifest"]["tables"].clone()
}

#[test]
fn a_backup_under_load_is_restored_elsewhere_and_is_equal() {
    let work = folder(&[]);
    let path = |name: &str| work.path().join(name).display().to_string();
    let data = path("first");
    found_provider(&data, "The first");
    let key = std::fs::read(work.path().join("first/audit.key")).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|threads| {
        // Other processes write while backups are made.
        let load = threads.spawn(|| {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) || n < 3 {
                n += 1;
                found_provider(&data, &format!("Provider {n}"));
            }
        });
        for n in 0..4 {
            let made = remit(&["backup", "--data", &data, "--out", &path(&format!("{n}.zip"))]);
            assert_eq!(made.code, 0, "{}", made.err);
            assert!(made.out.contains("read again and the same"), "{}", made.out);
        }
        stop.store(true, Ordering::Relaxed);
        load.join().unwrap();
    });
    let homes: Vec<TestDb> = engines().into_iter().map(TestDb::new).collect();
    for n in 0..4 {
        let file = path(&format!("{n}.zip"));
        let to = format!("restored-{n}");
        std::fs::create_dir(work.path().join(&to)).unwrap();
        std::fs::write(work.path().join(&to).join("audit.key"), &key).unwrap();
        // The last one goes by way of the other engine.
        let place = match homes.last().map(TestDb::place) {
            Some(Place::Postgres(url)) if n == 3 => url.clone(),
            _ => "remit.db".to_owned(),
        };
        let told = [("REMIT_DATABASE_PLACE", place.as_str())];
        let restored = remit_told(&["restore", &file, "--data", &path(&to)], &told);
        assert_eq!(restored.code, 0, "{}", restored.err);
        assert!(
            restored.out.contains("read again and the same; 0 attachments; audit logs checked: "),
            "{}",
            restored.out
        );
        let again = path(&format!("again-{n}.zip"));
        assert_eq!(remit_told(&["backup", "--data", &path(&to), "--out", &again], &told).code, 0);
        assert_eq!(tables(&again), tables(&file));
        let twice = remit_told(&["restore", &file, "--data", &path(&to)], &told);
        assert!(
            twice.err.contains("there is a database with rows already; nothing was changed"),
            "{}",
            twice.err
        );
    }
    assert!(engines().contains(&Engine::Sqlite));
}

#[test]
fn what_cannot_be_restored_is_told_and_nothing_is_made() {
    let work = folder(&[("text.zip", b"no backup at all")]);
    let path = |name: &str| work.path().join(name).display().to_string();
    found_provider(&path("first"), "The first");
    assert_eq!(remit(&["backup", "--data", &path("first"), "--out", &path("good.zip")]).code, 0);
    let again = remit(&["backup", "--data", &path("first"), "--out", &path("good.zip")]);
    assert!(again.err.contains("exists already and is kept"), "{}", again.err);
    let refused = remit(&["restore", &path("text.zip"), "--data", &path("second")]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("it is no backup"), "{}", refused.err);
    let refused = remit(&["restore", &path("good.zip"), "--data", &path("second")]);
    assert!(refused.err.contains("this is the key of the audit log"), "{}", refused.err);
    let inspected = remit(&["restore", &path("good.zip"), "--inspect", "--data", &path("second")]);
    assert!(inspected.out.contains("not checked: its key is not at hand"), "{}", inspected.out);
    assert_eq!(names(work.path()), ["first", "good.zip", "text.zip"]);
}

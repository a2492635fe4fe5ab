//! Work that is done later: daily backups come while it serves, and what was given up is seen and tried again.

use std::time::{Duration, Instant};

use crate::backups::found_provider;
use crate::run::{folder, names, remit, remit_told};
use crate::serving::{get, start};

#[test]
fn a_backup_is_written_when_it_is_due_and_the_doctor_asks_for_it() {
    let work = folder(&[]);
    let data = work.path().join("data").display().to_string();
    found_provider(&data, "Northwind");
    let told =
        [("REMIT_SERVER_LISTEN", "127.0.0.1:0"), ("REMIT_BACKUP_FOLDER", "kept"), ("REMIT_BACKUP_KEEP", "3")];
    let doctor = remit_told(&["doctor", "--data", &data], &told);
    assert!(doctor.out.contains("there is none in"), "{}", doctor.out);

    // The schedule is made at the first start; then its hour has come.
    let (mut served, ready) = start(&["serve", "--data", &data], &told);
    let listen = ready["listen"].as_str().unwrap();
    assert!(get(listen, "/readyz").starts_with("HTTP/1.1 200"));
    let log = served.stop();
    assert!(!work.path().join("data/kept").exists(), "it is not due yet: {log}");
    let db = rusqlite::Connection::open(work.path().join("data/remit.db")).unwrap();
    assert_eq!(db.execute("UPDATE schedule SET next_at = 0 WHERE name = 'daily backup'", []).unwrap(), 1);
    let (mut served, _) = start(&["serve", "--data", &data], &told);
    let until = Instant::now() + Duration::from_mins(1);
    let kept = work.path().join("data/kept");
    let found = loop {
        let found: Vec<String> = if kept.exists() { names(&kept) } else { Vec::new() };
        let whole: Vec<String> = found.into_iter().filter(|name| name.starts_with("remit-")).collect();
        if !whole.is_empty() || Instant::now() > until {
            break whole;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let log = served.stop();
    assert_eq!(found.len(), 1, "{log}");
    let file = kept.join(&found[0]).display().to_string();
    let inspected = remit(&["restore", &file, "--inspect"]);
    assert_eq!(inspected.code, 0, "{}", inspected.err);
    let doctor = remit_told(&["doctor", "--data", &data], &told);
    assert!(
        doctor.out.contains("daily backups") && !doctor.out.contains("there is none in"),
        "{}",
        doctor.out
    );

    let odd = remit_told(
        &["config", "check", "--data", &data],
        &[("REMIT_BACKUP_KEEP", "0"), ("REMIT_BACKUP_AT", "25:00")],
    );
    assert_eq!(odd.code, 2);
    assert!(odd.err.contains("backup.keep") && odd.err.contains("backup.at"), "{}", odd.err);
}

#[test]
fn what_was_given_up_is_seen_and_tried_again() {
    let work = folder(&[]);
    let data = work.path().join("data").display().to_string();
    found_provider(&data, "Northwind");
    let list = remit(&["jobs", "list", "--data", &data]);
    assert_eq!((list.code, list.out.as_str()), (0, "nothing waits, nothing was given up\n"));
    let db = rusqlite::Connection::open(work.path().join("data/remit.db")).unwrap();
    let dead = "INSERT INTO job (provider_id, id, queue, kind, payload, due_at, tries, made_at, ended_at, outcome, last_error) \
                VALUES (zeroblob(16), x'0193a6e0000070008000000000000001', 'mail', 'mail.send', '{}', 0, 12, 0, 1800000000000, 'dead', \
                'the mail server is not there')";
    db.execute(dead, []).unwrap();
    let list = remit(&["jobs", "list", "--data", &data]);
    assert_eq!(list.code, 1, "{}", list.err);
    assert!(
        list.out.contains("0 waiting, 1 given up") && list.out.contains("the mail server is not there"),
        "{}",
        list.out
    );
    let id = "0193a6e0-0000-7000-8000-000000000001";
    let json = remit(&["jobs", "list", "--data", &data, "--format", "json"]).json();
    assert_eq!((&json["given-up"][0]["job"], &json["given-up"][0]["tries"]), (&id.into(), &12.into()));

    let unknown = remit(&["jobs", "revive", "0193a6e0-0000-7000-8000-000000000009", "--data", &data]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("see `remit jobs list`"), "{}", unknown.err);
    assert_eq!(remit(&["jobs", "revive", "--data", &data]).code, 2, "it says which, or all");
    let revived = remit(&["jobs", "revive", id, "--data", &data]);
    assert_eq!((revived.code, revived.out.as_str()), (0, "1 job is tried again\n"));
    let list = remit(&["jobs", "list", "--data", &data]);
    assert!(list.code == 0 && list.out.contains("1 waiting"), "{}", list.out);
    assert_eq!(remit(&["jobs", "revive", "--all", "--data", &data]).out, "0 jobs are tried again\n");
}

//! An installation whose database cannot be used as it is: every command says why and what to do, and not a byte changes.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::run::{Run, folder, remit};
use crate::serving::{Served, get, started};

/// Makes an installation; says the link that signs its owner in.
fn init(data: &str) -> String {
    let owner =
        ["--provider", "Quist", "--zone", "UTC", "--owner", "Mara Quist", "--email", "mara@example.com"];
    let made = remit(&[&["admin", "init", "--data", data, "--format", "json"], &owner[..]].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    made.json()["link"]
        .as_str()
        .expect("it says a link")
        .trim_start_matches("http://127.0.0.1:8480")
        .to_owned()
}

/// Every file of a folder with what is in it.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files =
        std::fs::read_dir(folder).expect("the folder is there").map(|file| file.expect("it can be read"));
    let mut contents: Vec<_> = files
        .map(|file| {
            let bytes = std::fs::read(file.path()).expect("it can be read");
            (file.file_name().to_string_lossy().into_owned(), bytes)
        })
        .collect();
    contents.sort();
    contents
}

/// Runs a shell that has the mounts of its own which `mounts` makes, and becomes the binary; gone with it. None where that is not
/// allowed, which is said.
fn mounted(mounts: &str, arguments: &[&str]) -> Option<Command> {
    let rights = [&["-m"][..], &["-rm"]];
    let may = rights.into_iter().find(|how| {
        let tried =
            Command::new("unshare").args(*how).args(["mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
        tried.is_ok_and(|tried| tried.status.success())
    });
    let Some(how) = may else {
        eprintln!("skipped: this machine lets nobody mount");
        return None;
    };
    let mut command = Command::new("unshare");
    command.args(how).args(["sh", "-ec", &format!("{mounts}\nexec \"$0\" \"$@\"")]);
    command.arg(env!("CARGO_BIN_EXE_remit")).args(arguments).env("COLUMNS", "100");
    Some(command)
}

fn ended(mut command: Command) -> Run {
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    Run {
        code: output.status.code().expect("it ended by itself"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_newer_and_an_older_database_are_refused_by_every_command_and_not_touched() {
    let work = folder(&[]);
    let data = work.path().join("remit").display().to_string();
    init(&data);
    let file = work.path().join("remit/remit.db");
    let change = |sql: &str| {
        let db = rusqlite::Connection::open(&file).unwrap();
        db.execute_batch(sql).unwrap();
    };
    let commands: [&[&str]; 3] = [&["serve"], &["doctor"], &["audit", "verify"]];
    let refused = |said: &str, commands: &[&[&str]]| {
        let before = contents(&work.path().join("remit"));
        for command in commands {
            let refused = remit(&[*command, &["--data", &data]].concat());
            assert_eq!(refused.code, 2, "{command:?}: {}{}", refused.out, refused.err);
            assert!(refused.err.contains(said), "{command:?}: {}", refused.err);
            assert!(contents(&work.path().join("remit")) == before, "{command:?} changed something");
        }
    };
    change(
        "INSERT INTO schema_migration SELECT max(number) + 1, 'later', zeroblob(32), 0 FROM schema_migration",
    );
    refused("the database is newer than this Remit", &[&commands[..], &[&["admin", "migrate"]]].concat());
    change(
        "DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration); \
         DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration)",
    );
    refused("the database is older than this Remit", &commands);
}

#[test]
fn a_database_on_a_disk_that_is_read_only_is_refused_with_the_reason() {
    let work = folder(&[]);
    let data = work.path().join("remit").display().to_string();
    init(&data);
    let before = contents(&work.path().join("remit"));
    let bind = format!("mount --bind {data} {data}; mount -o remount,ro,bind {data}");
    for command in [&["serve"][..], &["doctor"], &["admin", "migrate"]] {
        let Some(command) = mounted(&bind, &[command, &["--data", &data]].concat()) else { return };
        let refused = ended(command);
        assert_eq!(refused.code, 2, "{}{}", refused.out, refused.err);
        let told = "the file may not be written by this user, or stands on a disk that is read-only";
        assert!(refused.err.contains(told), "{}", refused.err);
    }
    let out = work.path().join("out.zip").display().to_string();
    let backup =
        mounted(&bind, &["backup", "--data", &data, "--out", &out]).expect("it could be mounted before");
    let made = ended(backup);
    assert_eq!(made.code, 0, "what can be read can be saved: {}", made.err);
    assert!(contents(&work.path().join("remit")) == before);
}

/// Sends a form as a browser does.
fn post(address: &str, path: &str) -> String {
    let host = address.trim_start_matches("http://").trim_end_matches('/');
    let mut socket = std::net::TcpStream::connect(host).expect("it listens");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).expect("it listens");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("it answers in text");
    answer
}

#[test]
fn a_disk_that_fills_up_is_told_and_when_there_is_room_again_the_server_goes_on() {
    let work = folder(&[]);
    let data = work.path().join("remit").display().to_string();
    let link = init(&data);
    // A small disk with the installation and a ballast on it that takes all the rest.
    let disk = format!(
        "cp -a {data} {data}.kept; mount -t tmpfs -o size=16m tmpfs {data}; cp -a {data}.kept/. {data}; \
         head -c 400000 /dev/zero > {data}/room; cat /dev/zero > {data}/ballast 2>/dev/null || true; rm {data}/room"
    );
    let arguments = ["serve", "--data", &data, "--format", "json"];
    let Some(mut command) = mounted(&disk, &arguments) else { return };
    let (served, ready): (Served, _) = started(command.env("REMIT_SERVER_LISTEN", "127.0.0.1:0"));
    let address = format!("http://{}", ready["listen"].as_str().unwrap());
    // Within the mounts of the server.
    let inside =
        Path::new("/proc").join(served.id().to_string()).join("root").join(data.trim_start_matches('/'));
    if !inside.join("ballast").exists() {
        eprintln!("skipped: this machine shows nobody the mounts of others");
        return;
    }
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    let mut more = std::fs::File::options().append(true).open(inside.join("ballast")).unwrap();
    while more.write_all(&[0; 4096]).is_ok() {}
    let full = post(&address, &link);
    assert!(full.starts_with("HTTP/1.1 507"), "{full}");
    assert!(full.contains("The disk of the database is full") && full.contains("to make room"), "{full}");
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 503"), "who asks is sent elsewhere");
    assert!(get(&address, &link).starts_with("HTTP/1.1 200"), "what is there can be read");
    std::fs::remove_file(inside.join("ballast")).unwrap();
    drop(more);
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    let in_now = post(&address, &link);
    assert!(in_now.starts_with("HTTP/1.1 303"), "the link was not used up: {in_now}");
}

#[test]
fn a_backup_or_a_restore_onto_a_full_disk_leaves_nothing() {
    let work = folder(&[]);
    let path = |name: &str| work.path().join(name).display().to_string();
    init(&path("remit"));
    assert_eq!(remit(&["backup", "--data", &path("remit"), "--out", &path("good.zip")]).code, 0);
    for name in ["small", "restored"] {
        std::fs::create_dir(work.path().join(name)).unwrap();
    }
    let small = |name: &str, kilobytes: u32| {
        format!(
            "mount -t tmpfs -o size={kilobytes}k tmpfs {0}; cp {1}/audit.key {0}",
            path(name),
            path("remit")
        )
    };
    // What is left there is listed by the shell that the binary does not replace this time.
    let look = |arguments: &[&str], mounts: &str, name: &str| {
        let list = format!("{mounts}; set +e; \"$0\" \"$@\"; code=$?; ls -A {}; exit $code", path(name));
        mounted(&list, arguments).map(ended)
    };
    let out = path("small/out.zip");
    let Some(backup) =
        look(&["backup", "--data", &path("remit"), "--out", &out], &small("small", 8), "small")
    else {
        return;
    };
    assert_eq!((backup.code, backup.out.as_str()), (2, "audit.key\n"), "{}", backup.err);
    assert!(backup.err.contains("No space left on device"), "{}", backup.err);
    let arguments = ["restore", &path("good.zip"), "--data", &path("restored")];
    let restore = look(&arguments, &small("restored", 200), "restored").expect("it could be mounted before");
    assert_eq!((restore.code, restore.out.as_str()), (2, "audit.key\n"), "{}", restore.err);
    assert!(restore.err.contains("full"), "{}", restore.err);
}

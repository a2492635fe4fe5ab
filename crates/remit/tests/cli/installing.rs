//! An installation as somebody would make it: the first owner by a link from the command line, served, told to stop, migrated.

use crate::run::{folder, remit, remit_told};
use crate::serving::{get, start};

/// Makes an installation.
pub fn init(data: &str, more: &[(&str, &str)]) -> crate::run::Run {
    let args = [
        "admin",
        "init",
        "--data",
        data,
        "--provider",
        "Quist Managed IT",
        "--zone",
        "America/New_York",
        "--owner",
        "Mara Quist",
        "--email",
        "mara@example.com",
        "--format",
        "json",
    ];
    remit_told(&args, more)
}

#[test]
fn an_installation_is_made_once_served_and_ended_in_order() {
    let work = folder(&[]);
    let data = work.path().join("remit").display().to_string();
    let made = init(&data, &[]);
    assert_eq!(made.code, 0, "{}", made.err);
    let said: serde_json::Value = serde_json::from_str(&made.out).unwrap();
    let link = said["link"].as_str().unwrap().strip_prefix("http://127.0.0.1:8480").unwrap().to_owned();
    let again = init(&data, &[]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("the provider Quist Managed IT is there already"), "{}", again.err);
    for (file, mode) in [("", 0o700), ("audit.key", 0o600), ("remit.toml", 0o600)] {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let about = std::fs::metadata(work.path().join("remit").join(file)).unwrap();
            assert_eq!(about.permissions().mode() & 0o777, mode, "{file} is nobody else's");
        }
    }

    let variables = [("REMIT_SERVER_LISTEN", "127.0.0.1:0"), ("REMIT_LOG_FORM", "json")];
    let (mut served, ready) = start(&["serve", "--data", &data], &variables);
    let address = format!("http://{}/", ready["listen"].as_str().unwrap());
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    assert!(get(&address, &link).contains("signs you in once"));
    let log = served.stop();
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("every line of the log is JSON")).collect();
    let asked = lines.iter().find(|line| line["span"]["route"] == "/sign-in/link/{secret}");
    assert_eq!(asked.expect("it is logged")["status"], 200, "{log}");
    assert!(!log.contains(&link[14..]), "no secret is logged");
}

#[test]
fn what_is_not_there_is_told_with_what_to_do() {
    let work = folder(&[]);
    let data = work.path().join("none").display().to_string();
    for args in [&["serve", "--data", &data][..], &["admin", "link", "--data", &data, "mara@example.com"]] {
        let refused = remit(args);
        assert_eq!(refused.code, 2);
        assert!(refused.err.contains("there is no database at"), "{}", refused.err);
        assert!(refused.err.contains("remit admin init"), "{}", refused.err);
    }
    let refused = remit(&["admin", "migrate", "--data", &data]);
    assert!(refused.err.contains("there is no installation here yet"), "{}", refused.err);
    assert!(!work.path().join("none").exists());
}

#[test]
fn a_link_is_made_for_an_address_and_nobody_else() {
    let work = folder(&[]);
    let data = work.path().join("remit").display().to_string();
    assert_eq!(init(&data, &[]).code, 0);
    let made = remit(&["admin", "link", "--data", &data, " Mara@Example.com"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(
        made.out.contains("Mara Quist, Owner signs in with this link, once, within a day"),
        "{}",
        made.out
    );
    let nobody = remit(&["admin", "link", "--data", &data, "nobody@example.com"]);
    assert!(nobody.err.contains("nobody here has the address nobody@example.com"), "{}", nobody.err);
    let current = remit(&["admin", "migrate", "--data", &data]);
    assert!(current.out.contains("nothing to do: all "), "{}", current.out);
    let demo = remit(&["demo", "--data", &data, "--listen", "127.0.0.1:0"]);
    assert!(demo.err.contains("another installation lives in this folder"), "{}", demo.err);
}

#[test]
fn what_is_wrong_with_the_first_owner_is_all_said_and_nothing_is_kept() {
    let work = folder(&[]);
    let data = work.path().join("remit").display().to_string();
    let args = [
        "admin",
        "init",
        "--data",
        &data,
        "--provider",
        " ",
        "--zone",
        "Mars/Olympus",
        "--owner",
        "M",
        "--email",
        "m",
    ];
    let refused = remit(&args);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("provider: write a name") && refused.err.contains("zone:"),
        "{}",
        refused.err
    );
    assert_eq!(init(&data, &[]).code, 0, "the second try finds nothing half done");
}

#[test]
fn a_wrong_configuration_stops_before_anything_is_touched() {
    let work = folder(&[(
        "remit.toml",
        b"[server]\nlisten = \"0.0.0.0:80\"\n[database]\nplace = \"postgres://u:hunter2@[\"\n",
    )]);
    let data = work.path().display().to_string();
    let refused = init(&data, &[]);
    assert_eq!(refused.code, 2);
    let said: serde_json::Value = serde_json::from_str(&refused.err).unwrap();
    assert_eq!(
        (&said["errors"][0]["path"], &said["errors"][0]["line"]),
        (&"server.listen".into(), &2.into())
    );
    assert_eq!(
        (&said["errors"][1]["path"], &said["errors"][1]["line"]),
        (&"database.place".into(), &4.into())
    );
    assert!(!refused.err.contains("hunter2"), "{}", refused.err);
    assert!(!work.path().join("audit.key").exists());
    let checked = remit_told(
        &["config", "check", "--data", &data],
        &[
            ("REMIT_SERVER_ADDRESS", "https://remit.example.com"),
            ("REMIT_DATABASE_PLACE", "postgres://u:hunter2@db.example.com/remit"),
        ],
    );
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert!(checked.out.contains("PostgreSQL at db.example.com/remit"), "{}", checked.out);
    assert!(!checked.out.contains("hunter2"));
}

#[test]
fn a_doctor_finds_nothing_in_what_is_whole_and_says_what_is_wrong_with_the_rest() {
    let work = folder(&[]);
    let data = work.path().join("demo").display().to_string();
    let (mut served, _) =
        start(&["demo", "--data", &data, "--listen", "127.0.0.1:0", "--one-in", "1000"], &[]);
    // It can look while it is served.
    let well = remit(&["doctor", "--data", &data]);
    assert_eq!(well.code, 0, "{}{}", well.out, well.err);
    assert!(
        well.out.contains("matrices in force at Lanternworks IT") && well.out.contains("all is well"),
        "{}",
        well.out
    );
    let sound = remit(&["audit", "verify", "--data", &data, "--format", "json"]).json();
    let head = sound["logs"][0]["head"].as_str().unwrap().to_owned();
    served.stop();
    let through = remit(&["audit", "verify", "--data", &data, "--head", &head]);
    assert_eq!(through.code, 0, "{}{}", through.out, through.err);
    let (line, seal) = head.split_once(':').unwrap();
    let other = format!("{line}:{}", seal.chars().rev().collect::<String>());
    let other = remit(&["audit", "verify", "--data", &data, "--head", &other]);
    assert_eq!(other.code, 1, "{}", other.out);
    assert!(other.out.contains("does not go through line"), "{}", other.out);
    let nobody = remit(&["audit", "verify", "--data", &data, "--provider", "Nobody"]);
    assert!(nobody.err.contains("there is no provider `Nobody`"), "{}", nobody.err);

    let file = rusqlite::Connection::open(work.path().join("demo/remit.db")).unwrap();
    file.execute_batch(
        "UPDATE matrix_version SET hash = 'another' WHERE in_force_at IS NOT NULL AND number = 1; \
         UPDATE audit SET detail = 'nothing' WHERE seq = 5; UPDATE membership SET state = 'suspended' WHERE role = 'owner'",
    )
    .unwrap();
    drop(file);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(work.path().join("demo/audit.key"), open).unwrap();
    }
    let ill = remit(&["doctor", "--data", &data]);
    assert_eq!(ill.code, 1, "{}{}", ill.out, ill.err);
    for part in [
        "others on this machine may read it (mode 644)",
        "tampered with: line 5 is not as it was written",
        "no owner can sign in",
        "the text is not the one that was signed",
    ] {
        assert!(ill.out.contains(part), "{part} in\n{}", ill.out);
    }
}

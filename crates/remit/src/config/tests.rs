//! What is said holds, what is wrong is named with its place, and no secret is shown.

use remit_db::Place;
use remit_web::Transport;

use super::{Config, FILE, Reader, SETTINGS, Values};
use crate::commands::config::example;
use crate::failure::Failure;

fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, Failure> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), text).unwrap();
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::of(folder.path(), Values::read(folder.path(), variables)?)
}

fn refused(text: &str, variables: &[(&str, &str)]) -> String {
    anstream::adapter::strip_str(&load(text, variables).unwrap_err().text()).to_string()
}

#[test]
fn the_defaults_are_sound_and_the_example_says_nothing_else() {
    let config = load("", &[]).unwrap();
    assert_eq!((config.address.as_str(), config.transport), ("http://127.0.0.1:8480", Transport::Loopback));
    assert!(matches!(&config.place, Place::Sqlite(path) if path.ends_with("remit.db")));
    assert_eq!(load(&example(), &[]).unwrap().told, config.told);
    // Every line of it can be used by taking the mark away.
    let example = example();
    let lines =
        example.lines().map(|line| line.strip_prefix("# ").filter(|l| l.contains(" = ")).unwrap_or(line));
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
    // But for the file that it names, and for what this build has not.
    let absent = |line: &str| {
        line.starts_with("authority-file") || (cfg!(not(feature = "otlp")) && line.starts_with("traces"))
    };
    let lines: Vec<&str> = lines.into_iter().filter(|line| !absent(line)).collect();
    let all = load(&lines.join("\n"), &[]).unwrap();
    assert!(
        all.told
            .iter()
            .all(|told| told.from.starts_with(FILE) || absent(told.key.rsplit('.').next().unwrap())),
        "{:?}",
        all.told
    );
    assert_eq!((all.address.as_str(), all.transport), ("https://remit.example.com", Transport::Https));
}

#[test]
fn a_variable_stands_above_the_file_and_can_name_one() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "postgres://remit:hunter2@db.example.com/remit\n").unwrap();
    let variables = [
        ("REMIT_SERVER_LISTEN", "127.0.0.1:9"),
        ("REMIT_DATABASE_PLACE_FILE", secret.to_str().unwrap()),
        ("REMIT_HOME", "another program's"),
    ];
    let config = load("[server]\nlisten = \"127.0.0.1:8\"\nstop-seconds = 5\n", &variables).unwrap();
    assert_eq!(config.listen.port(), 9);
    assert_eq!(config.patience.stop.as_secs(), 5);
    assert!(matches!(&config.place, Place::Postgres(url) if url.contains("hunter2")));
    let from: Vec<&str> = config.told.iter().map(|told| told.from.as_str()).take(8).collect();
    assert_eq!(
        from,
        [
            "REMIT_SERVER_LISTEN",
            "default",
            "default",
            "default",
            "default",
            "default",
            "remit.toml:3",
            "REMIT_DATABASE_PLACE_FILE"
        ]
    );
    assert!(!format!("{:?}", config.told).contains("hunter2"), "{:?}", config.told);
}

#[test]
fn every_mistake_is_named_with_its_line_and_what_to_write() {
    let text =
        "[server]\nlisten = \"here\"\nlisen = 1\nstop-seconds = 0\n[log]\nlevel = \"info\"\n[databse]\n";
    let said = refused(text, &[("REMIT_SERVER_LISTN", "x")]);
    for part in [
        "there is no setting `server.lisen`",
        "remit.toml:3:1",
        "did you mean `server.listen`?",
        "there is no section `databse`",
        "remit.toml:7:2",
        "did you mean `database`?",
        "the variable REMIT_SERVER_LISTN sets nothing",
        "did you mean `REMIT_SERVER_LISTEN`?",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    let said = refused("[server]\nlisten = \"here\"\nstop-seconds = 0\n[log]\nform = \"xml\"\n", &[]);
    for part in [
        "server.listen `here` cannot be used",
        "remit.toml:2:10",
        "such as 127.0.0.1:8480",
        "server.stop-seconds `0` cannot be used",
        "remit.toml:3:16",
        "whole seconds from 1 to 3600",
        "log.form `xml` cannot be used",
        "`text` or `json`",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    let said = refused(
        "[server]\nconnections = 0\n[database]\nplace = \"postgres://u:hunter2@h/d?sslmode=verify\"\n",
        &[("REMIT_SERVER_HEAD_SECONDS", "soon")],
    );
    for part in [
        "server.connections `0` cannot be used",
        "a whole number from 1 to 1000000",
        "the variable REMIT_SERVER_HEAD_SECONDS `soon` cannot be used",
        "remit.toml:4:9",
        "`verify-ca` or `verify-full`",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    assert!(!said.contains("hunter2"), "{said}");
    assert!(refused("[server\n", &[]).contains("remit.toml:1:"));
    assert!(refused("server = 1\n", &[]).contains("write [server]"));
    assert!(refused("[server]\nlisten = [1]\n", &[]).contains("is one value"));
}

#[test]
fn no_message_shows_a_secret() {
    for text in [
        "[database]\nplace = \"postgres://remit:hunter2@db:port/remit\"\n",
        "[database]\nplaec = \"postgres://remit:hunter2@db/remit\"\n",
        "[mail]\npassword = \"hunter2\n",
    ] {
        let said = refused(text, &[]);
        assert!(!said.contains("hunter2"), "{said}");
        assert!(said.contains("remit.toml:2"), "{said}");
    }
}

#[test]
fn what_others_can_reach_is_served_by_https_only() {
    let said = refused("[server]\nlisten = \"0.0.0.0:8480\"\n", &[]);
    assert!(said.contains("say in server.address how browsers reach it"), "{said}");
    for (address, good) in [
        ("https://remit.example.com", true),
        ("https://remit.example.com/", true),
        ("https://remit.example.com:8443", true),
        ("http://localhost:8480", true),
        ("http://remit.example.com", false),
        ("https://remit.example.com/desk", false),
        ("https://", false),
        ("remit.example.com", false),
        ("https://user@remit.example.com", false),
    ] {
        let text = format!("[server]\nlisten = \"0.0.0.0:8480\"\naddress = \"{address}\"\n");
        assert_eq!(load(&text, &[]).is_ok(), good, "{address}");
    }
}

#[test]
fn mail_is_sent_where_a_server_is_named_and_never_in_the_open() {
    let mail = |more: &str| {
        format!("[mail]\nserver = \"mail.example.com:587\"\nfrom = \"R <r@example.com>\"\n{more}")
    };
    let config = load(&mail("user = \"remit\"\npassword = \"hunter2\"\n"), &[]).unwrap();
    let settings = config.mail.unwrap();
    assert_eq!((settings.host.as_str(), settings.port), ("mail.example.com", 587));
    assert!(settings.login.is_some() && settings.pages == "http://127.0.0.1:8480");
    assert!(load("", &[]).unwrap().mail.is_none());
    for (text, said) in [
        ("[mail]\nserver = \"mail.example.com\"\n".to_owned(), "write its name and its port"),
        ("[mail]\nserver = \"mail.example.com:25\"\n".to_owned(), "say whom mail comes from"),
        (mail("encryption = \"ssl\"\n"), "write `starttls`, `tls` or `none`"),
        (mail("encryption = \"none\"\n"), "would cross the network in the open"),
        (mail("authority-file = \"none.pem\"\n"), "it cannot be read"),
        (mail("").replace("R <r@example.com>", "nobody"), "is no address"),
    ] {
        let told = refused(&text, &[]);
        assert!(told.contains(said), "{said} in\n{told}");
    }
}

#[test]
fn proxies_are_addresses() {
    let config = load("[server]\nproxies = \"127.0.0.1, 10.0.0.7\"\n", &[]).unwrap();
    assert_eq!(config.proxies.len(), 2);
    assert!(refused("[server]\nproxies = \"localhost\"\n", &[]).contains("write addresses, such as"));
}

#[test]
fn a_build_without_traces_says_so_instead_of_sending_none() {
    let refused = |variables: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let values = Values::read(folder.path(), variables).unwrap();
        let mut reader = Reader { values, wrong: Vec::new() };
        super::telemetry::refuse(&mut reader);
        reader.wrong
    };
    let wrong = refused(&[("REMIT_TELEMETRY_TRACES", "http://127.0.0.1:4318/v1/traces")]);
    let [wrong] = &wrong[..] else { panic!("{wrong:?}") };
    assert!(
        wrong.message.contains("REMIT_TELEMETRY_TRACES cannot be used for telemetry.traces"),
        "{wrong:?}"
    );
    let hint = "this build has no OpenTelemetry; build with --features otlp";
    assert_eq!(wrong.hint.as_deref(), Some(hint));
    assert_eq!(refused(&[("REMIT_TELEMETRY_SHARE", "0.5")]), [], "what else is said of it does not matter");
    // Where this is such a build, that is what a whole file comes to.
    if cfg!(not(feature = "otlp")) {
        let said = self::refused("[telemetry]\ntraces = \"http://127.0.0.1:4318/v1/traces\"\n", &[]);
        assert!(said.contains(hint) && said.contains("remit.toml:2"), "{said}");
    }
}

#[cfg(feature = "otlp")]
#[test]
fn otlp_is_told_where_spans_go_and_which() {
    let text = |more: &str| format!("[telemetry]\ntraces = \"http://127.0.0.1:4318/v1/traces\"\n{more}");
    let told = load(&text("share = 0.25\n"), &[]).unwrap().telemetry.unwrap();
    assert_eq!(
        (told.traces.as_str(), told.service.as_str(), told.share),
        ("http://127.0.0.1:4318/v1/traces", "remit", 0.25)
    );
    assert_eq!(load("", &[]).unwrap().telemetry, None);
    for (text, said) in [
        (text("share = 1.5\n"), "a number from 0 to 1"),
        (text("share = \"nan\"\n"), "a number from 0 to 1"),
        (text("service = \"\"\n"), "write a name"),
        (text("").replace("http:", "grpc:"), "the whole address of a collector"),
        (text("").replace("127", "me:hunter2@127"), "OTEL_EXPORTER_OTLP_HEADERS"),
        ("[telemetry]\ntraces = \"collector\"\n".to_owned(), "the whole address of a collector"),
    ] {
        let told = refused(&text, &[]);
        assert!(told.contains(said) && !told.contains("hunter2"), "{said} in\n{told}");
    }
}

#[test]
fn keys_are_told_apart() {
    let mut names: Vec<String> = SETTINGS.iter().map(super::Setting::variable).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), SETTINGS.len());
}

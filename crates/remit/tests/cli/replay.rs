//! `replay`.

use crate::run::{folder, keys, matrix, names, remit, remit_in};

const LOG: &str = "ticket,time,state,group\nT1,2027-01-04T10:00:00Z,open,L1 desk\nT1,2027-01-04T11:00:00Z,open,L2 net\n\
    T1,2027-01-04T12:00:00Z,open,L1 desk\nT1,2027-01-04T13:00:00Z,closed,L1 desk\n";
const MAPPING: &str = "name = \"Test log\"\ndate = \"iso\"\n[columns]\nticket = \"ticket\"\nat = \"time\"\n\
    status = \"state\"\nteam = \"group\"\n[status]\nworking = [\"open\"]\nclosed = [\"closed\"]\n";

#[test]
fn a_log_without_a_mapping_says_what_it_needs() {
    let work = folder(&[("log.csv", LOG.as_bytes())]);
    let run = remit_in(work.path(), &["replay", "log.csv", "--page", "x.html"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("mapping"), "{}", run.err);
    assert_eq!(names(work.path()), ["log.csv"]);
}

#[test]
fn a_mapped_log_is_reported_under_matrices_in_every_form() {
    let work = folder(&[("log.csv", LOG.as_bytes()), ("m.toml", MAPPING.as_bytes())]);
    let file = matrix("sound.toml");
    let arguments = [
        "replay",
        "log.csv",
        "--mapping",
        "m.toml",
        "--matrix",
        &file,
        "--page",
        "r.html",
        "--out",
        "r.json",
    ];
    let run = remit_in(work.path(), &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("Page: r.html") && run.out.contains("In short"), "{}", run.out);
    assert_eq!(names(work.path()), ["log.csv", "m.toml", "r.html", "r.json"]);
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(work.path().join("r.json")).unwrap()).unwrap();
    assert_eq!(report["overall"]["tickets"], 1);
    assert_eq!(report["matrices"][0]["matrix"], "sound");
    let mut found = Vec::new();
    keys(&report, &mut found);
    assert_eq!(found.iter().find(|key| key.contains('_')), None);
}

#[test]
fn the_demo_ends_with_the_comparison_and_the_path_of_its_page() {
    let work = folder(&[]);
    let run = remit_in(work.path(), &["replay", "--demo"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let end: Vec<&str> = run.out.lines().rev().take(8).collect();
    assert_eq!(end[0], "Page: remit-replay.html");
    for matrix in ["fully-managed", "co-managed"] {
        assert!(end.iter().any(|line| line.trim_start().starts_with(matrix)), "{matrix}: {end:#?}");
    }
    let page = std::fs::read_to_string(work.path().join("remit-replay.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("CC BY 4.0"));
}

#[test]
fn a_log_that_is_not_there_gets_a_hint() {
    let work = folder(&[("log.csv", LOG.as_bytes())]);
    let run = remit_in(work.path(), &["replay", "lgo.csv"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("did you mean `log.csv`?"), "{}", run.err);
    assert_eq!(remit(&["replay"]).code, 2);
}

//! `new`, `import`, `export`: what is written is read back.

use crate::run::{folder, matrix, names, remit_in, remit_with};

#[test]
fn every_form_is_read_back_without_loss() {
    let work = folder(&[]);
    let file = matrix("sound.toml");
    for name in ["x.xlsx", "x.csv", "x.json", "x.toml"] {
        let run = remit_in(work.path(), &["matrix", "export", &file, "--to", name]);
        assert_eq!(run.code, 0, "{name}: {}", run.err);
        let run = remit_in(work.path(), &["matrix", "diff", &file, name]);
        assert_eq!(run.code, 0, "{name}: {}{}", run.out, run.err);
    }
    let run = remit_in(work.path(), &["matrix", "import", "x.xlsx", "--out", "back.toml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(remit_in(work.path(), &["matrix", "diff", &file, "back.toml"]).code, 0);
}

#[test]
fn documents_name_the_client_and_the_hash_that_is_signed() {
    let work = folder(&[]);
    let file = matrix("sound.toml");
    let hash = remit_in(work.path(), &["matrix", "check", &file, "--format", "json"]).json();
    let hash = hash["matrices"][0]["report"]["hash"].as_str().unwrap().to_owned();
    for name in ["x.md", "x.html"] {
        let run = remit_in(work.path(), &["matrix", "export", &file, "--to", name]);
        assert_eq!(run.code, 0, "{}", run.err);
        let text = std::fs::read_to_string(work.path().join(name)).unwrap();
        assert!(text.contains("Harbor Dental") && text.contains(&hash[..12]), "{name}");
    }
}

#[test]
fn the_form_is_told_by_the_ending_or_by_as() {
    let file = matrix("sound.toml");
    let work = folder(&[]);
    let run = remit_in(work.path(), &["matrix", "export", &file, "--to", "-", "--as", "csv"]);
    assert!(run.out.starts_with("[Matrix]"), "{}", run.out);
    let run = remit_in(work.path(), &["matrix", "export", &file, "--to", "x.docx"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("xlsx, csv, md, html, toml, json"), "{}", run.err);
    assert_eq!(names(work.path()), Vec::<String>::new());
}

#[test]
fn a_cell_at_fault_is_named() {
    let work = folder(&[]);
    remit_in(work.path(), &["matrix", "export", &matrix("sound.toml"), "--to", "x.csv"]);
    let path = work.path().join("x.csv");
    let text = std::fs::read_to_string(&path)
        .unwrap()
        .replace("after-hours-l3,backup,L3", "after-hours-l3,backup,L7");
    std::fs::write(&path, text).unwrap();
    let run = remit_in(work.path(), &["matrix", "check", "x.csv"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no tier `L7`") && run.err.contains("line 5, column 3"), "{}", run.err);
}

const RACI: &str = "Duty,Northwind MSP,Acme IT\nHelp desk,C,A/R\nBackups,A/R,I\nFirewall,R,A\n";

#[test]
fn a_raci_grid_becomes_a_matrix_with_its_doubts() {
    let work = folder(&[("raci.csv", RACI.as_bytes())]);
    let bare = remit_in(work.path(), &["matrix", "import", "raci.csv", "--out", "a.toml"]);
    assert_eq!(bare.code, 2);
    assert!(bare.err.contains("--client NAME"), "{}", bare.err);
    let check = remit_in(work.path(), &["matrix", "check", "raci.csv"]);
    assert_eq!(check.code, 2);
    assert!(check.err.contains("remit matrix import raci.csv"), "{}", check.err);
    let arguments =
        ["matrix", "import", "raci.csv", "--client", "Acme", "--zone", "Europe/Berlin", "--out", "a.toml"];
    let run = remit_in(work.path(), &arguments);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("Help desk") && run.out.contains("a.toml"), "{}", run.out);
    assert!(remit_in(work.path(), &["matrix", "check", "a.toml"]).code < 2);
    let again = remit_in(work.path(), &arguments);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("--force"), "{}", again.err);
}

#[test]
fn a_template_is_sound_and_is_never_written_over() {
    let work = folder(&[]);
    let arguments = [
        "matrix",
        "new",
        "--client",
        "Harbor",
        "--zone",
        "America/Los_Angeles",
        "--holidays",
        "US-CA",
        "--arrangement",
        "tier-3-escalation,after-hours",
        "--offshore",
        "--vendor",
        "isp=Pacific Fiber",
        "--team",
        "service-desk=Night desk",
        "--office-hours",
        "mon-thu 07:00-12:00, 13:00-17:00",
        "--office-hours",
        "fri 07:00-12:00",
        "--out",
        "a.toml",
    ];
    let run = remit_in(work.path(), &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("remit matrix check a.toml"), "{}", run.out);
    let check = remit_in(work.path(), &["matrix", "check", "a.toml"]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    let before = std::fs::read(work.path().join("a.toml")).unwrap();
    let again = remit_in(work.path(), &arguments);
    assert_eq!(again.code, 2);
    assert_eq!(std::fs::read(work.path().join("a.toml")).unwrap(), before);
}

#[test]
fn a_template_on_stdout_goes_straight_into_check() {
    let work = folder(&[]);
    for model in ["fully-managed", "co-managed"] {
        let mut arguments =
            vec!["matrix", "new", "--client", "A", "--zone", "Asia/Kathmandu", "--model", model];
        if model == "co-managed" {
            arguments.extend(["--arrangement", "hybrid-expertise"]);
        }
        let toml = remit_in(work.path(), &arguments);
        assert_eq!(toml.code, 0, "{}", toml.err);
        let check = remit_with(toml.out.as_bytes(), &["matrix", "check", "-"]);
        assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    }
    let list = remit_in(work.path(), &["matrix", "new", "--list", "--format", "json"]).json();
    assert!(list["shapes"].as_array().unwrap().len() >= 9);
}

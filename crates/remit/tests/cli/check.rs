//! `check`, `verify-certificate`, `diff`, `fmt`.

use crate::run::{folder, matrix, remit, remit_in, remit_with};

#[test]
fn a_sound_matrix_ends_with_0_and_says_what_was_proved() {
    let run = remit(&["matrix", "check", &matrix("sound.toml"), "--from", "2027-01-01"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.starts_with("sound: Harbor Dental version 3"), "{}", run.out);
    assert!(run.out.contains("3 rows over 2"), "{}", run.out);
    assert!(run.out.contains("2027-01-01 to 2028-02-01"), "{}", run.out);
}

#[test]
fn findings_end_with_1_and_name_rows_with_their_lines() {
    let run = remit(&["matrix", "check", &matrix("unsound.toml"), "--from", "2026-12-01"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("error[gap]: nobody owns users"), "{}", run.out);
    assert!(run.out.contains("row `day` in line 30, row `l3` in line 44"), "{}", run.out);
    assert!(
        run.out.contains("not sound: Gap & Co version 1: 1 gap and 3 conflicts, 4 warnings"),
        "{}",
        run.out
    );
}

#[test]
fn the_proposed_row_mends_the_gap() {
    let gap = "client = \"A\"\nzone = \"UTC\"\nmodel = \"fully-managed\"\nlast-resort = \"t\"\n\
        [parties.p]\nname = \"P\"\nkind = \"provider\"\n[teams.t]\nparty = \"p\"\n\
        [[rows]]\nid = \"day\"\ntime = \"mon-fri 09:00-17:00\"\naccountable = \"p\"\nresponsible = \"t\"\n";
    let run = remit_with(gap.as_bytes(), &["matrix", "check", "-", "--from", "2027-01-01"]);
    assert_eq!(run.code, 1, "{}", run.err);
    let fix: Vec<&str> = run.out.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let fix = fix[fix.iter().position(|line| *line == "[[rows]]").unwrap()..].join("\n");
    let mended = format!("{gap}\n{fix}\n");
    let run = remit_with(mended.as_bytes(), &["matrix", "check", "-", "--from", "2027-01-01"]);
    assert_eq!(run.code, 0, "{mended}\n{}{}", run.out, run.err);
}

#[test]
fn warnings_count_when_they_are_denied() {
    let text = std::fs::read_to_string(matrix("sound.toml")).unwrap();
    let copy = format!(
        "{text}\n[[rows]]\nid = \"again\"\nservice = [\"helpdesk\", \"backup\"]\ntime = \"not office\"\naccountable = \"northwind\"\nresponsible = \"desk\"\nrespond = \"30m\"\n"
    );
    let lenient = remit_with(copy.as_bytes(), &["matrix", "check", "-"]);
    let strict = remit_with(copy.as_bytes(), &["matrix", "check", "-", "--deny-warnings"]);
    assert_eq!((lenient.code, strict.code), (0, 1), "{}{}", lenient.out, lenient.err);
    assert!(lenient.out.contains("warning[redundant]"), "{}", lenient.out);
}

#[test]
fn a_folder_gets_a_table_and_ends_with_its_worst_file() {
    let (sound, unsound) =
        (std::fs::read(matrix("sound.toml")).unwrap(), std::fs::read(matrix("unsound.toml")).unwrap());
    let files: [(&str, &[u8]); 4] =
        [("a.toml", &sound), ("b.toml", &unsound), ("c.toml", b"client = 1"), ("notes.txt", b"not a matrix")];
    let clients = folder(&files);
    let run = remit_in(clients.path(), &["matrix", "check", "."]);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("1 of 3 matrices sound"), "{}", run.out);
    assert!(run.err.contains("c.toml:1:10"), "{}", run.err);
    let json = remit_in(clients.path(), &["matrix", "check", ".", "--format", "json"]).json();
    let verdicts: Vec<&str> =
        json["matrices"].as_array().unwrap().iter().filter_map(|m| m["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["sound", "unsound", "unreadable"]);
    assert_eq!(json["failures"][0]["line"], 1);
}

#[test]
fn a_certificate_holds_until_somebody_changes_it() {
    let work = folder(&[]);
    let file = matrix("sound.toml");
    let run =
        remit_in(work.path(), &["matrix", "check", &file, "--certificate", "p.json", "--from", "2027-01-01"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let run = remit_in(work.path(), &["matrix", "verify-certificate", "p.json", "--matrix", &file]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.starts_with("the proof holds"), "{}", run.out);

    let path = work.path().join("p.json");
    let mut proof: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    proof["proof"]["pieces"].as_array_mut().unwrap().pop();
    std::fs::write(&path, proof.to_string()).unwrap();
    let run = remit_in(work.path(), &["matrix", "verify-certificate", "p.json", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.json()["flaw"].as_str().unwrap().contains("add up"), "{}", run.out);
}

#[test]
fn a_certificate_of_another_matrix_is_told_apart() {
    let work = folder(&[]);
    let text = std::fs::read_to_string(matrix("sound.toml")).unwrap();
    std::fs::write(work.path().join("a.toml"), &text).unwrap();
    std::fs::write(work.path().join("b.toml"), text.replace("version = 3", "version = 4")).unwrap();
    remit_in(work.path(), &["matrix", "check", "a.toml", "--certificate", "p.json"]);
    let run = remit_in(work.path(), &["matrix", "verify-certificate", "p.json", "--matrix", "b.toml"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("another version"), "{}", run.out);
}

#[test]
fn a_certificate_whose_volume_fits_no_number_is_refused_without_a_panic() {
    let work = folder(&[]);
    remit_in(work.path(), &["matrix", "check", &matrix("sound.toml"), "--certificate", "p.json"]);
    let path = work.path().join("p.json");
    let mut proof: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for weights in proof["proof"]["weights"].as_array_mut().unwrap() {
        weights.as_array_mut().unwrap().iter_mut().for_each(|weight| *weight = u64::MAX.into());
    }
    std::fs::write(&path, proof.to_string()).unwrap();
    let run = remit_in(work.path(), &["matrix", "verify-certificate", "p.json"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
}

#[test]
fn versions_that_say_the_same_end_with_0_and_others_with_1() {
    let file = matrix("sound.toml");
    assert_eq!(remit(&["matrix", "diff", &file, &file]).code, 0);
    let text = std::fs::read_to_string(&file).unwrap();
    let other = text.replace("responsible = \"duty\"\nnote", "responsible = \"desk\"\nnote");
    let run = remit_with(
        other.as_bytes(),
        &["matrix", "diff", &file, "-", "--from", "2027-01-01", "--format", "json"],
    );
    assert_eq!(run.code, 1, "{}", run.err);
    let json = run.json();
    assert_eq!(json["rows"]["changed"], serde_json::json!(["after-hours-l3"]));
    let sentence = json["sentences"][0].as_str().unwrap();
    assert!(sentence.starts_with("backup; tier L3 — not office"), "{sentence}");
    assert!(sentence.ends_with("from northwind (duty) to northwind (desk)"), "{sentence}");
}

#[test]
fn fmt_keeps_what_the_matrix_says_and_refuses_to_lose_comments() {
    let text = std::fs::read_to_string(matrix("sound.toml")).unwrap();
    let work = folder(&[("a.toml", text.as_bytes()), ("b.toml", format!("# ours\n{text}").as_bytes())]);
    assert_eq!(remit_in(work.path(), &["matrix", "fmt", "--check", "a.toml"]).code, 1);
    assert_eq!(remit_in(work.path(), &["matrix", "fmt", "a.toml"]).code, 0);
    assert_eq!(remit_in(work.path(), &["matrix", "fmt", "--check", "a.toml"]).code, 0);
    assert_eq!(remit_in(work.path(), &["matrix", "diff", "a.toml", &matrix("sound.toml")]).code, 0);
    let run = remit_in(work.path(), &["matrix", "fmt", "b.toml"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--drop-comments"), "{}", run.err);
}

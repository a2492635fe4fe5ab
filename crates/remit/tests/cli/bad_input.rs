//! What cannot be used: a message that says where, what and what to write instead; exit code 2; nothing left behind.

use crate::run::{folder, matrix, names, remit, remit_in, remit_with};

const HEAD: &str = "client = \"A\"\nzone = \"Europe/Berlin\"\nmodel = \"fully-managed\"\nlast-resort = \"desk\"\n\
    [parties.msp]\nname = \"M\"\nkind = \"provider\"\n[teams.desk]\nparty = \"msp\"\n";
const ROW: &str = "[[rows]]\nid = \"all\"\naccountable = \"msp\"\nresponsible = \"desk\"\n";

/// Each text, and what the message must contain: place, complaint, hint.
#[test]
fn every_mistake_in_a_matrix_is_placed_named_and_mended() {
    let office = |hours: &str| format!("{HEAD}[calendars.office]\n{hours}\n{ROW}");
    let row = |line: &str| format!("{HEAD}{ROW}{line}\n");
    let cases: Vec<(&str, String, [&str; 3])> = vec![
        (
            "unknown key",
            format!("clent = \"A\"\n{HEAD}{ROW}"),
            [":1:1", "no field `clent`", "did you mean `client`?"],
        ),
        (
            "unknown zone",
            format!("{HEAD}{ROW}").replace("Berlin", "Berln"),
            [":2:8", "not a time zone", "Europe/Berlin"],
        ),
        (
            "unknown service",
            row("service = \"helpdsk\""),
            [":14:11", "no service `helpdsk`", "did you mean `helpdesk`"],
        ),
        (
            "unknown team",
            format!("{HEAD}{ROW}").replace("responsible = \"desk\"", "responsible = \"dsek\""),
            [":13:15", "no team `dsek`", "desk"],
        ),
        ("unknown tier", row("tier = \"L9\""), [":14:8", "no tier `L9`", "L1, L2, L3"]),
        ("unknown calendar", row("time = \"office\""), [":14:8", "no calendar `office`", "time"]),
        (
            "windows that overlap",
            office("week = { mon = \"08:00-12:00, 11:00-18:00\" }"),
            [":11:", "overlap", "join them"],
        ),
        (
            "a day that does not exist",
            office("week = { mon = \"08:00-12:00\" }\ndays = { \"2027-02-30\" = \"closed\" }"),
            [":12:", "2027-02-30", "a day that exists"],
        ),
        ("no TOML", "client = \"A".to_owned(), [":1:", "-->", "client"]),
        ("a row twice", format!("{HEAD}{ROW}{ROW}"), [":15:6", "all", "-->"]),
    ];
    for (name, text, wanted) in cases {
        let run = remit_with(text.as_bytes(), &["matrix", "check", "-"]);
        assert_eq!(run.code, 2, "{name}: {}", run.out);
        for wanted in wanted {
            assert!(run.err.contains(wanted), "{name}: `{wanted}` is missing in\n{}", run.err);
        }
        let json = remit_with(text.as_bytes(), &["matrix", "check", "-", "--format", "json"]);
        assert_eq!(json.code, 2, "{name}");
        let errors: serde_json::Value =
            serde_json::from_str(&json.err).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(errors["errors"][0]["message"].is_string(), "{name}");
    }
}

#[test]
fn other_encodings_are_named_with_the_command_that_mends_them() {
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("client = 1".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let files: [(&str, &[u8]); 3] = [
        ("u.toml", &utf16),
        ("l.toml", b"zone = \"x\"\nclient = \"Caf\xe9\"\n"),
        ("b.toml", b"\x00\x01\x02\xff"),
    ];
    let work = folder(&files);
    let run = |name| remit_in(work.path(), &["matrix", "check", name]);
    let wide = run("u.toml");
    assert_eq!(wide.code, 2);
    assert!(wide.err.contains("UTF-16") && wide.err.contains("iconv -f UTF-16"), "{}", wide.err);
    let latin = run("l.toml");
    assert!(latin.err.contains("l.toml:2:14") && latin.err.contains("WINDOWS-1252"), "{}", latin.err);
    assert_eq!(run("b.toml").code, 2);
}

#[test]
fn a_workbook_that_is_none_is_said_to_be_none() {
    let work = folder(&[("a.xlsx", b"\xff\x00 not a workbook"), ("b.xlsx", b"PK\x03\x04 cut off")]);
    for name in ["a.xlsx", "b.xlsx"] {
        let run = remit_in(work.path(), &["matrix", "check", name]);
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(run.err.contains("workbook") && run.err.contains(name), "{}", run.err);
    }
}

#[test]
fn a_utf8_mark_is_no_mistake() {
    let text = format!("\u{feff}{HEAD}{ROW}");
    assert_eq!(remit_with(text.as_bytes(), &["matrix", "check", "-"]).code, 0);
}

#[test]
fn files_and_folders_that_are_not_there_are_said() {
    let work = folder(&[("harbor.toml", b""), ("empty/readme.txt", b"")]);
    let missing = remit_in(work.path(), &["matrix", "check", "harbr.toml"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("did you mean `harbor.toml`?"), "{}", missing.err);
    let empty = remit_in(work.path(), &["matrix", "check", "empty"]);
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("no matrix in this folder"), "{}", empty.err);
    let directory = remit_in(work.path(), &["matrix", "who", "empty", "helpdesk"]);
    assert!(directory.err.contains("this is a folder"), "{}", directory.err);
}

#[test]
fn questions_that_make_no_sense_get_a_hint() {
    let file = matrix("sound.toml");
    let ask = |more: &[&str]| {
        let mut all = vec!["matrix", "who", &file];
        all.extend(more);
        let run = remit(&all);
        assert_eq!(run.code, 2, "{}", run.out);
        run.err
    };
    assert!(ask(&["zzqqxx"]).contains("remit matrix services"));
    assert!(ask(&["helpdesk", "--tier", "L9"]).contains("L1, L2, L3, other"));
    assert!(ask(&["helpdesk", "--kind", "incidnet"]).contains("did you mean `incident`?"));
    assert!(ask(&["helpdesk", "--at", "2027-02-30 10:00"]).contains("there is no day 2027-02-30"));
    assert!(ask(&["helpdesk", "--at", "soon"]).contains("write wall-clock time"));
    let week = remit(&["matrix", "week", &file, "helpdesk", "--week", "2027-W53"]);
    assert_eq!(week.code, 2);
    assert!(week.err.contains("2027 has no week 53"), "{}", week.err);
}

#[test]
fn arguments_that_make_no_command_end_with_2_in_either_form() {
    let text = remit(&["matrix", "chekc"]);
    assert_eq!(text.code, 2);
    assert!(text.err.contains("'check'"), "{}", text.err);
    let json = remit(&["matrix", "chekc", "--format", "json"]);
    assert_eq!(json.code, 2);
    let errors: serde_json::Value = serde_json::from_str(&json.err).unwrap();
    assert!(errors["errors"][0]["message"].as_str().unwrap().contains("chekc"));
}

#[test]
fn an_output_that_cannot_be_written_leaves_nothing_behind() {
    let work = folder(&[("taken/x", b"")]);
    let file = matrix("sound.toml");
    let outputs: [&[&str]; 4] = [
        &["matrix", "check", &file, "--certificate", "taken"],
        &["matrix", "week", &file, "helpdesk", "--svg", "none/x.svg"],
        &["matrix", "export", &file, "--to", "none/x.json"],
        &["matrix", "new", "--client", "A", "--zone", "UTC", "--out", "taken"],
    ];
    for arguments in outputs {
        let run = remit_in(work.path(), arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.err);
        assert!(run.err.contains("is a folder") || run.err.contains("folder does not exist"), "{}", run.err);
        assert_eq!(names(work.path()), ["taken"], "{arguments:?}");
        assert_eq!(names(&work.path().join("taken")), ["x"], "{arguments:?}");
    }
}

#[test]
fn bad_input_leaves_no_output_behind() {
    let work = folder(&[("bad.toml", b"client = 1")]);
    for output in [["--svg", "x.svg"], ["--html", "x.html"]] {
        assert_eq!(
            remit_in(work.path(), &["matrix", "week", "bad.toml", "helpdesk", output[0], output[1]]).code,
            2
        );
    }
    assert_eq!(remit_in(work.path(), &["matrix", "export", "bad.toml", "--to", "x.xlsx"]).code, 2);
    assert_eq!(remit_in(work.path(), &["replay", "bad.toml", "--page", "x.html", "--out", "x.json"]).code, 2);
    assert_eq!(names(work.path()), ["bad.toml"]);
}

#[test]
fn templates_refuse_what_they_cannot_follow() {
    let new = |more: &[&str]| {
        let mut all = vec!["matrix", "new", "--client", "A"];
        all.extend(more);
        let run = remit(&all);
        assert_eq!(run.code, 2, "{}", run.out);
        run.err
    };
    assert!(new(&["--zone", "EST"]).contains("America/New_York"));
    assert!(new(&["--zone", "UTC", "--arrangement", "after-huors"]).contains("did you mean `after-hours`?"));
    assert!(new(&["--zone", "UTC", "--model", "co-managed"]).contains("arrangement"));
    assert!(new(&["--zone", "UTC", "--office-hours", "always"]).contains("mon-fri 08:00-18:00"));
    assert!(new(&["--zone", "UTC", "--vendor", "isp"]).contains("isp=\"Pacific Fiber\""));
    assert!(new(&["--zone", "UTC", "--holidays", "US-XX"]).contains("US-"));
}

//! Forms of output: JSON, colour, pipes, completions, manual pages.

use crate::run::{folder, keys, matrix, names, remit, remit_in};

#[test]
fn every_answer_is_json_with_kebab_case_keys_and_a_schema() {
    let (sound, unsound) = (matrix("sound.toml"), matrix("unsound.toml"));
    let commands: [&[&str]; 8] = [
        &["matrix", "check", &unsound],
        &["matrix", "check", &sound, &unsound],
        &["matrix", "who", &sound, "backup"],
        &["matrix", "week", &sound, "backup"],
        &["matrix", "week", &unsound, "--all"],
        &["matrix", "diff", &sound, &unsound],
        &["matrix", "services"],
        &["matrix", "new", "--list"],
    ];
    for command in commands {
        let mut arguments = command.to_vec();
        arguments.extend(["--format", "json"]);
        let run = remit(&arguments);
        assert!(run.code < 2, "{command:?}: {}", run.err);
        let json = run.json();
        assert!(json["schema"].as_str().unwrap().starts_with("remit-"), "{command:?}");
        let mut found = Vec::new();
        keys(&json, &mut found);
        let odd =
            |key: &&String| key.chars().any(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        assert_eq!(found.iter().find(odd), None, "{command:?}");
    }
}

#[test]
fn a_pipe_gets_no_escape_sequences_unless_they_are_asked_for() {
    let file = matrix("unsound.toml");
    let plain = remit(&["matrix", "check", &file]);
    assert!(!plain.out.contains('\u{1b}'), "{:?}", plain.out);
    let coloured = remit(&["matrix", "check", &file, "--color", "always"]);
    assert!(coloured.out.contains("\u{1b}["), "{:?}", coloured.out);
    let json = remit(&["matrix", "check", &file, "--color", "always", "--format", "json"]);
    assert!(!json.out.contains('\u{1b}'));
}

#[test]
fn a_name_in_a_matrix_cannot_steer_the_terminal() {
    let text = std::fs::read_to_string(matrix("sound.toml")).unwrap();
    let hostile = text.replace("Harbor IT", "\\u001b[2J\\u0007Harbor").replace("Internal IT", "\\u202eTI");
    let work = folder(&[("a.toml", hostile.as_bytes())]);
    for command in ["check", "who", "week"] {
        let mut arguments = vec!["matrix", command, "a.toml", "--color", "never"];
        if command != "check" {
            arguments.insert(3, "network");
        }
        let run = remit_in(work.path(), &arguments);
        let steering = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!run.out.contains(steering), "{command}: {:?}", run.out);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_mistake() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_remit"))
        .args(["matrix", "services", "--tree"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}

#[test]
fn completions_exist_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = remit(&["completions", shell]);
        assert_eq!(run.code, 0, "{shell}");
        assert!(run.out.contains("verify-certificate"), "{shell}");
    }
    assert_eq!(remit(&["completions", "tcsh"]).code, 2);
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    assert!(remit(&["man"]).out.contains(".TH"));
    let work = folder(&[]);
    let run = remit_in(work.path(), &["man", "--out", "."]);
    assert_eq!(run.code, 0, "{}", run.err);
    let pages = names(work.path());
    for page in ["remit.1", "remit-matrix.1", "remit-matrix-who.1", "remit-replay.1"] {
        assert!(pages.contains(&page.to_owned()), "{page} is missing in {pages:?}");
    }
}

#[test]
fn the_schema_describes_rows() {
    let schema = remit(&["schema"]).json();
    assert!(schema["properties"]["rows"].is_object());
}

#[test]
fn help_names_the_exit_codes() {
    let run = remit(&["--help"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("Exit codes: 0 sound, 1 findings, 2 bad input."), "{}", run.out);
    assert!(remit(&["matrix", "check", "--help"]).out.contains("Examples:"));
}

#[test]
fn holidays_are_listed_by_region_and_unknown_ones_are_refused() {
    let run = remit(&["holidays", "US-CA", "--year", "2027"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("2027-07-05") && run.out.contains("Independence Day"), "{}", run.out);
    assert!(remit(&["holidays"]).out.contains("GB-SCT"));
    let wrong = remit(&["holidays", "US-CX"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("US-CA"), "{}", wrong.err);
    assert_eq!(remit(&["holidays", "US", "--year", "1900"]).code, 2);
}

//! `week`: terminal, SVG and page.

use crate::run::{folder, matrix, names, remit, remit_in};

#[test]
fn a_week_reads_well() {
    let run = remit(&["matrix", "week", &matrix("sound.toml"), "backup", "--week", "2027-W01"]);
    assert_eq!(run.code, 0, "{}", run.err);
    insta::assert_snapshot!(run.out);
}

#[test]
fn one_tier_is_drawn_day_by_day() {
    let run =
        remit(&["matrix", "week", &matrix("sound.toml"), "backup", "--week", "2027-W01", "--tier", "L3"]);
    assert!(run.out.contains("Mon  PPPPPPPPPPPPPPPPIIIIIIIIIIIIIIIIIIIIPPPPPPPPPPPP"), "{}", run.out);
}

#[test]
fn holes_end_with_1_and_are_said() {
    let run =
        remit(&["matrix", "week", &matrix("unsound.toml"), "network", "--tier", "L1", "--week", "2027-W01"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("no row covers this"), "{}", run.out);
}

#[test]
fn a_day_of_23_hours_leaves_the_skipped_hour_blank() {
    let file = matrix("sound.toml");
    let arguments =
        ["matrix", "week", &file, "network", "--tier", "L1", "--from", "2027-03-14", "--format", "json"];
    let json = remit(&arguments).json();
    let stretches = json["lanes"][0]["stretches"].as_array().unwrap();
    let minutes: u64 =
        stretches.iter().map(|s| s["to-minute"].as_u64().unwrap() - s["from-minute"].as_u64().unwrap()).sum();
    assert_eq!(minutes, 7 * 24 * 60 - 60);
    assert!(json["notes"][0].as_str().unwrap().contains("skip"));
}

#[test]
fn pictures_are_written_whole_and_need_nothing_else() {
    let work = folder(&[]);
    let file = matrix("sound.toml");
    let arguments =
        ["matrix", "week", &file, "--all", "--week", "2027-W01", "--svg", "w.svg", "--html", "w.html"];
    let run = remit_in(work.path(), &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(names(work.path()), ["w.html", "w.svg"]);
    let svg = std::fs::read_to_string(work.path().join("w.svg")).unwrap();
    assert!(svg.starts_with("<svg xmlns=") && svg.contains("Help desk"));
    let html = std::fs::read_to_string(work.path().join("w.html")).unwrap();
    assert!(html.starts_with("<!doctype html>") && !html.contains("http://") || html.contains("xmlns"));
    assert!(!html.contains("src=\""), "the page fetches something");
    let piped = remit_in(work.path(), &["matrix", "week", &file, "backup", "--svg", "-"]);
    assert!(piped.out.starts_with("<svg"), "{}", piped.out);
}

//! A part of what `cargo xtask bench desk --races` does.

use std::process::Command;

#[test]
fn no_change_is_lost_or_done_twice_however_many_race_for_the_same_tickets() {
    let mut campaign = Command::new(env!("CARGO_BIN_EXE_remit-load"));
    let done = campaign.args(["races", "--steps", "2000", "--seed", "7"]).output().expect("it starts");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    for line in said.lines() {
        let number = |before: &str| line.split(before).next()?.rsplit(' ').next()?.parse::<u32>().ok();
        assert!(number(" kept").is_some_and(|kept| kept > 500), "they got something done: {line}");
        assert!(number(" refused and").is_some_and(|refused| refused > 100), "they met each other: {line}");
    }
    println!("{said}");
}

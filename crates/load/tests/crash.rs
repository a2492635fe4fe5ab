//! A tenth of what `cargo xtask bench crash` does.

use std::process::Command;

#[test]
fn nothing_acknowledged_is_lost_doubled_or_half_done_when_the_process_is_killed() {
    let mut campaign = Command::new(env!("CARGO_BIN_EXE_remit-load"));
    let done = campaign.args(["crash", "--points", "300", "--seed", "7"]).output().expect("it starts");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    let acknowledged = said.split("; ").nth(1).and_then(|part| part.split(' ').next()?.parse::<u32>().ok());
    assert!(acknowledged.is_some_and(|deeds| deeds > 300), "the load worked: {said}");
    println!("{said}");
}

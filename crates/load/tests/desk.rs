//! A small part of what `cargo xtask bench desk` does: every deed, beside two thousand tickets. What it takes is not looked at.

use std::path::Path;
use std::process::Command;

#[test]
fn a_desk_is_filled_and_each_deed_is_answered_as_it_should_be() {
    let load = Path::new(env!("CARGO_BIN_EXE_remit-load"));
    let server = load.with_file_name(format!("remit{}", std::env::consts::EXE_SUFFIX));
    assert!(server.is_file(), "build the server first: cargo build --package remit");
    let mut measure = Command::new(load);
    measure.args(["desk", "--tickets", "2000", "--window", "60", "--program"]).arg(&server);
    let done = measure.output().expect("it starts");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    for deed in [
        "my queue by due time",
        "page of a ticket",
        "search, a rare word",
        "reply",
        "hand-off",
        "new ticket by form",
    ] {
        assert!(said.contains(deed), "nothing is said of {deed}: {said}");
    }
}

//! The certified `oidc-provider` of npm, the issuer that the tests of signing in start.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::command::run;
use crate::workspace;

/// The variable that tests read: a folder with `issuer.mjs` and what it needs.
pub const VARIABLE: &str = "REMIT_TEST_ISSUER";
/// What is installed, as the lock file says.
const FILES: [&str; 3] = ["package.json", "package-lock.json", "issuer.mjs"];

/// Installs it where it is missing or another; says the folder.
pub fn folder() -> Result<PathBuf, String> {
    let (from, folder) =
        (workspace::root().join("crates/xtask/issuer"), workspace::target().join("xtask/issuer"));
    let ready = folder.join("node_modules/oidc-provider/package.json").is_file();
    let mut same = ready;
    for file in FILES {
        let wanted = fs::read(from.join(file)).map_err(|error| format!("cannot read {file}: {error}"))?;
        let there = folder.join(file);
        if fs::read(&there).is_ok_and(|found| found == wanted) {
            continue;
        }
        same &= file == "issuer.mjs";
        let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&there, wanted));
        written.map_err(|error| format!("cannot write {}: {error}", there.display()))?;
    }
    if same {
        return Ok(folder);
    }
    println!("installing oidc-provider for the tests");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut install = Command::new(npm);
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    let done = run(install.current_dir(&folder));
    done.map(|()| folder).map_err(|error| {
        format!("{error}\nthe tests of signing in need Node 20 or later with npm; install it, and try again")
    })
}

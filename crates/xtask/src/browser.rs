//! What the browser tests need: Chromium, and the rules of accessibility. Also the task that takes pictures of the pages.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::command::{cargo, output, run};
use crate::workspace;

/// The variables that tests read.
pub const VARIABLES: [&str; 2] = ["REMIT_TEST_BROWSER", "REMIT_TEST_AXE"];
/// What Chromium is called, where it is.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// Version and integrity of the rules stand in the lock file here.
const AXE: &str = "crates/browser/axe";

/// The program and the script; installs them first where they are missing and that is allowed.
pub fn means() -> Result<[PathBuf; 2], String> {
    Ok([program()?, axe()?])
}

/// `cargo xtask screens`: takes the pictures in `docs/screens` again.
pub fn screens(args: &[String]) -> Result<(), String> {
    if !args.is_empty() {
        return Err("usage: cargo xtask screens".to_owned());
    }
    run(cargo().args(["build", "--quiet", "-p", "remit"]))?;
    let folder = workspace::root().join("docs/screens");
    let mut test = cargo();
    test.args(["test", "--quiet", "-p", "remit-browser", "--test", "journeys", "screens::"]);
    test.env("REMIT_SCREENS", &folder).envs(VARIABLES.into_iter().zip(means()?));
    run(&mut test)?;
    println!("look at every one of them: {}", folder.display());
    Ok(())
}

fn program() -> Result<PathBuf, String> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    let by_hand = "run `sudo apt-get install chromium`, or the like on your system, and try again";
    let root = output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !root || output(Command::new("apt-get").arg("--version")).is_none() {
        return Err(format!("the browser tests need Chromium, which is not here: {by_hand}"));
    }
    println!("installing Chromium for the tests");
    run(Command::new("apt-get").args(["update", "-q"]).stdout(Stdio::null()))?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-q", "-y", "--no-install-recommends"]);
    run(install.arg("chromium").stdout(Stdio::null()))?;
    installed().ok_or_else(|| format!("Chromium was installed but is not found: {by_hand}"))
}

fn installed() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// `npm ci` refuses what does not have the integrity that the lock file says.
fn axe() -> Result<PathBuf, String> {
    let folder = workspace::target().join("xtask/axe");
    let script = folder.join("node_modules/axe-core/axe.min.js");
    let files = ["package.json", "package-lock.json"];
    let ours = files.map(|name| fs::read(workspace::root().join(AXE).join(name)).unwrap_or_default());
    let theirs = files.map(|name| fs::read(folder.join(name)).unwrap_or_default());
    if ours == theirs && script.is_file() {
        return Ok(script);
    }
    println!("fetching axe-core for the browser tests");
    let failed = |error| format!("cannot write {}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    for (name, text) in files.iter().zip(ours) {
        fs::write(folder.join(name), text).map_err(failed)?;
    }
    let mut fetch = Command::new("npm");
    fetch.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder);
    run(&mut fetch).map_err(|error| {
        format!("{error}\nthe browser tests need axe-core: install npm (Debian: `sudo apt-get install npm`), or name axe.min.js in {}", VARIABLES[1])
    })?;
    Ok(script)
}

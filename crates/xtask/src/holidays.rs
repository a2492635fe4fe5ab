//! `cargo xtask holidays`: compares the built-in holiday rules with Python's `holidays` and npm's `date-holidays`.
//!
//! Installs pinned versions of both under `target/holidays`, lets each list the days of every region, and prints the
//! differences: those that `crates/core/tests/holidays/differences.txt` explains by line, the others day by day. Fails on
//! an unexplained difference, and when `python.txt` beside it is no longer what the pinned version says
//! (`--write` writes it anew).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[path = "../../core/tests/holidays/reference.rs"]
mod reference;

use reference::{Comparison, Days, Difference, Side};

const PYTHON_PACKAGE: &str = "holidays==0.109";
const NPM_PACKAGE: &str = "date-holidays@3.37.0";
/// The years that are checked in as `python.txt`.
const PYTHON_YEARS: RangeInclusive<u16> = 2010..=2050;
const NPM_YEARS: RangeInclusive<u16> = 2015..=2035;
const USAGE: &str = "usage: cargo xtask holidays [--write]";

/// Names by code and day, for the report.
type Names = BTreeMap<(String, String), String>;

/// One of the three sides: its days and their names.
struct Listing {
    days: Days,
    names: Names,
}

/// Runs the comparison. An error is a sentence for the terminal.
pub fn run(args: &[String]) -> Result<(), String> {
    let write = match args {
        [] => false,
        [flag] if flag == "--write" => true,
        _ => return Err(USAGE.to_owned()),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let work = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let work = work.join("holidays");
    fs::create_dir_all(&work).map_err(|error| format!("cannot make {}: {error}", work.display()))?;

    let ours = our_days(&root)?;
    let codes = ours.days.keys().map(String::as_str).collect::<Vec<_>>().join("\n");
    let python = python_days(&root, &work, &codes)?;
    let npm = npm_days(&root, &work, &codes)?;

    let data = root.join("crates/core/tests/holidays");
    let known = reference::read_differences(&read(&data.join("differences.txt"))?)?;
    let left = report("python", PYTHON_PACKAGE, (&ours, &python), &PYTHON_YEARS, &known)
        + report("npm", NPM_PACKAGE, (&ours, &npm), &NPM_YEARS, &known);
    check_golden(&data.join("python.txt"), &python.days, write)?;
    if left > 0 {
        return Err(format!("{left} differences are not explained in differences.txt"));
    }
    Ok(())
}

fn our_days(root: &Path) -> Result<Listing, String> {
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    cargo.args(["run", "--quiet", "-p", "remit-core", "--example", "holiday_dates", "--"]);
    let lines = output(cargo.args(years(&PYTHON_YEARS)).current_dir(root), "")?;
    Ok(listing(lines.lines().filter_map(|line| {
        let mut columns = line.split('\t');
        Some((columns.next()?, columns.next()?, columns.nth(1)?))
    })))
}

fn python_days(root: &Path, work: &Path, codes: &str) -> Result<Listing, String> {
    let venv = work.join("python");
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.exists() {
        output(Command::new("python3").args(["-m", "venv"]).arg(&venv), "")?;
    }
    output(Command::new(&python).args(["-m", "pip", "install", "--quiet", PYTHON_PACKAGE]), "")?;
    let mut command = Command::new(&python);
    command.arg(root.join("crates/xtask/holidays/compare.py")).args(years(&PYTHON_YEARS));
    Ok(three_columns(&output(&mut command, codes)?))
}

fn npm_days(root: &Path, work: &Path, codes: &str) -> Result<Listing, String> {
    let folder = work.join("npm");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let manifest = folder.join("package.json");
    fs::write(&manifest, "{\"private\": true}\n").map_err(|error| format!("cannot write it: {error}"))?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut install = Command::new(npm);
    install.args(["install", "--silent", "--no-audit", "--no-fund", NPM_PACKAGE]);
    output(install.current_dir(&folder), "")?;
    let mut command = Command::new("node");
    command.arg(root.join("crates/xtask/holidays/compare.mjs")).args(years(&NPM_YEARS));
    Ok(three_columns(&output(command.current_dir(&folder), codes)?))
}

fn years(years: &RangeInclusive<u16>) -> [String; 2] {
    [years.start().to_string(), years.end().to_string()]
}

/// Runs a command with some input and returns what it prints.
fn output(command: &mut Command, input: &str) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let failed = |error: std::io::Error| format!("cannot run {name}: {error}");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    let mut stdin = child.stdin.take().expect("stdin is piped");
    stdin.write_all(input.as_bytes()).map_err(failed)?;
    drop(stdin);
    let output = child.wait_with_output().map_err(failed)?;
    if !output.status.success() {
        return Err(format!("{name} failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{name} printed no UTF-8"))
}

fn three_columns(text: &str) -> Listing {
    listing(text.lines().filter_map(|line| {
        let mut columns = line.splitn(3, '\t');
        Some((columns.next()?, columns.next()?, columns.next()?))
    }))
}

fn listing<'a>(lines: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Listing {
    let mut listing = Listing { days: BTreeMap::new(), names: BTreeMap::new() };
    for (code, day, name) in lines {
        listing.days.entry(code.to_owned()).or_default().insert(day.to_owned());
        listing.names.insert((code.to_owned(), day.to_owned()), name.to_owned());
    }
    listing
}

/// Prints a comparison and returns how many differences nothing explains.
fn report(
    source: &str,
    package: &str,
    (ours, theirs): (&Listing, &Listing),
    years: &RangeInclusive<u16>,
    known: &[Difference],
) -> usize {
    let found = reference::compare(source, (&ours.days, &theirs.days), years, known);
    println!("\n{package}, {}-{}: {} days agree", years.start(), years.end(), found.same);
    let missing: Vec<&str> =
        ours.days.keys().filter(|code| !theirs.days.contains_key(*code)).map(String::as_str).collect();
    if !missing.is_empty() {
        println!("not in {package}: {}", missing.join(" "));
    }
    for (difference, days) in known.iter().zip(&found.explained) {
        if difference.is_about(source) {
            println!("{days:6} explained by line {}: {}", difference.line, difference.why);
        }
    }
    print_unexplained(&found, ours, theirs);
    found.unexplained.len()
}

/// A line for each region and name, with its days.
fn print_unexplained(found: &Comparison, ours: &Listing, theirs: &Listing) {
    let mut groups: BTreeMap<(&str, Side, &str), BTreeSet<&str>> = BTreeMap::new();
    for (code, side, day) in &found.unexplained {
        let names = if *side == Side::Ours { &ours.names } else { &theirs.names };
        let name = names.get(&(code.clone(), day.clone())).map_or("", String::as_str);
        groups.entry((code, *side, name)).or_default().insert(day);
    }
    for ((code, side, name), days) in groups {
        let days: Vec<&str> = days.into_iter().collect();
        println!("NOT EXPLAINED: {code}, {side:?}, {name}: {}", days.join(" "));
    }
}

fn check_golden(path: &Path, python: &Days, write: bool) -> Result<(), String> {
    let old = fs::read_to_string(path).unwrap_or_default();
    let head: String = old.split_inclusive('\n').take_while(|line| line.starts_with('#')).collect();
    let new = format!("{head}{}", reference::write_golden(python, &PYTHON_YEARS));
    if old == new && reference::read_golden(&new, &PYTHON_YEARS)? == *python {
        return Ok(());
    }
    if !write {
        return Err(format!("{} is not what {PYTHON_PACKAGE} says; --write writes it anew", path.display()));
    }
    fs::write(path, new).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

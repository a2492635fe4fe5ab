//! What each crate may know. `ARCHITECTURE.md` says why.

#[cfg(test)]
mod tests;

use crate::workspace::{self, SourceFile};

/// Which crates of the workspace each crate may depend on. A crate that is not listed fails the check.
const MAY_USE: [(&str, &[&str]); 16] = [
    ("core", &[]),
    ("db", &["core"]),
    ("draw", &[]),
    ("jobs", &["core", "db"]),
    ("web", &["core", "draw"]),
    ("matrix", &["core", "draw"]),
    ("custody", &["core"]),
    ("promise", &["core"]),
    ("replay", &["core", "matrix", "custody", "draw"]),
    ("app", &["core", "custody", "matrix", "promise", "draw", "db", "jobs", "web"]),
    ("remit", &["core", "matrix", "custody", "draw", "replay", "db", "jobs", "web", "app"]),
    ("load", &["core", "bench", "db", "web", "app"]),
    ("hostile", &["core", "matrix", "replay"]),
    ("bench", &["core", "custody", "matrix", "promise", "replay"]),
    ("browser", &[]),
    ("xtask", &[]),
];

/// Crates that compute and never touch the world outside: they cannot fail for reasons of the machine, and a test needs
/// nothing but a call.
const PURE: [&str; 5] = ["core", "matrix", "custody", "draw", "promise"];

/// What a pure crate does not mention.
const OUTSIDE: [(&str, &str); 7] = [
    ("std::fs", "reads or writes files"),
    ("std::net", "talks to a network"),
    ("std::process", "starts or ends processes"),
    ("std::env::var", "reads the environment"),
    ("std::thread", "starts threads"),
    ("tokio", "is asynchronous"),
    ("SystemTime", "reads the clock"),
];

/// The folder that knows boxes and numbers only, so that decision tables of any origin can test it.
const ENGINE: &str = "crates/matrix/src/engine/";

/// Ways out of a scope.
const WAYS_OUT: [&str; 4] = ["system_sql!", ".system(", ".system_read(", ".beyond("];

/// Files that may leave a scope, each with a reason where it does.
const MAY_LEAVE: &[&str] = &[
    // The schedule of the installation.
    "crates/app/src/api/mod.rs",
    // What was answered to one is for no other within the provider.
    "crates/app/src/api/once.rs",
    "crates/app/src/app.rs",
    // The schedule of the installation.
    "crates/app/src/attachments/collect.rs",
    "crates/app/src/demo/mod.rs",
    "crates/app/src/mail/ask.rs",
    "crates/app/src/mail/notice.rs",
    "crates/app/src/ratings/slip.rs",
    "crates/app/src/mail/send.rs",
    "crates/app/src/people/invite.rs",
    // A matrix that both sides signed names teams, whoever opens the first ticket.
    "crates/app/src/people/team.rs",
    // Plans of all providers fall due.
    "crates/app/src/recurring/due.rs",
    "crates/app/src/sign_in/attempt.rs",
    "crates/app/src/sign_in/factor.rs",
    "crates/app/src/sign_in/half.rs",
    "crates/app/src/sign_in/issuer/identity.rs",
    "crates/app/src/sign_in/issuer/mod.rs",
    "crates/app/src/sign_in/issuer/settings.rs",
    "crates/app/src/sign_in/issuer/trip.rs",
    "crates/app/src/sign_in/key.rs",
    "crates/app/src/sign_in/link.rs",
    "crates/app/src/sign_in/passkey/verbs.rs",
    "crates/app/src/sign_in/password.rs",
    "crates/app/src/sign_in/recovery.rs",
    "crates/app/src/sign_in/session.rs",
    "crates/app/src/sign_in/totp.rs",
    "crates/app/src/sign_in/turn.rs",
    "crates/app/src/sign_in/ways.rs",
    // Approvals of all providers fall due.
    "crates/app/src/tickets/approval/due.rs",
    // What is watched is the installation.
    "crates/app/src/tickets/figures.rs",
    // Tickets of all providers have their outcomes filled in.
    "crates/app/src/tickets/outcome/fill.rs",
    // What was sent goes out by a job, in the name of whoever sent it.
    "crates/app/src/tickets/sending.rs",
    // Tickets of all providers fall due.
    "crates/app/src/tickets/sweep.rs",
    "crates/jobs/src/lease.rs",
    // The schedule of the installation.
    "crates/remit/src/backup/daily.rs",
    "crates/jobs/src/schedule.rs",
    "crates/jobs/src/turn.rs",
    "crates/jobs/src/upkeep.rs",
    "crates/jobs/src/worker.rs",
];

/// Names that collect whatever has no home.
const NAMELESS: [&str; 8] = ["utils", "util", "helpers", "helper", "common", "types", "misc", "shared"];

/// Prints what crosses a boundary and fails for it.
pub fn check() -> Result<(), String> {
    let files = workspace::files()?;
    let mut findings: Vec<String> = files.iter().flat_map(dependencies).collect();
    findings.extend(files.iter().flat_map(impurities));
    findings.extend(files.iter().flat_map(engine_words));
    findings.extend(files.iter().flat_map(scope_left));
    findings.extend(files.iter().filter_map(nameless));
    workspace::report(&findings)
}

/// The folder below `crates/` that a file belongs to.
fn crate_of(file: &SourceFile) -> Option<&str> {
    file.path.strip_prefix("crates/")?.split('/').next()
}

fn dependencies(file: &SourceFile) -> Vec<String> {
    let Some(name) = crate_of(file).filter(|name| file.path == format!("crates/{name}/Cargo.toml")) else {
        return Vec::new();
    };
    let Some((_, may)) = MAY_USE.iter().find(|(listed, _)| *listed == name) else {
        return vec![format!("{}: the crate is not listed in crates/xtask/src/boundaries.rs", file.path)];
    };
    let used = file.text.lines().filter_map(workspace_dependency);
    let wrong = used.filter(|used| !may.contains(used));
    wrong.map(|used| format!("{}: `{name}` must not depend on `{used}`", file.path)).collect()
}

/// The crate of the workspace that a line of a manifest depends on: `remit-core.workspace = true`.
fn workspace_dependency(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix("remit-")?;
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))?;
    Some(&name[..end])
}

fn impurities(file: &SourceFile) -> Vec<String> {
    let pure = crate_of(file).is_some_and(|name| PURE.contains(&name)) && file.path.contains("/src/");
    if !pure || !file.is("rs") || file.is_test() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (number, line) in code_lines(&file.text) {
        for (word, does) in OUTSIDE.iter().filter(|(word, _)| line.contains(word)) {
            findings.push(format!("{}:{number}: `{word}` {does}; pass the value in", file.path));
        }
    }
    findings
}

fn engine_words(file: &SourceFile) -> Vec<String> {
    if !file.path.starts_with(ENGINE) || file.is_test() {
        return Vec::new();
    }
    let leaves =
        |line: &str| line.contains("remit_core") || line.replace("crate::engine", "").contains("crate::");
    let wrong = code_lines(&file.text).filter(|(_, line)| leaves(line));
    wrong
        .map(|(number, _)| format!("{}:{number}: the engine knows nothing outside its folder", file.path))
        .collect()
}

fn scope_left(file: &SourceFile) -> Vec<String> {
    let product =
        ["app", "jobs", "remit"].iter().any(|name| file.path.starts_with(&format!("crates/{name}/src/")));
    if !product || !file.is("rs") || file.is_test() || MAY_LEAVE.contains(&file.path.as_str()) {
        return Vec::new();
    }
    let leaves = |line: &str| WAYS_OUT.iter().any(|way| line.contains(way));
    let wrong = code_lines(&file.text).filter(|(_, line)| leaves(line));
    wrong.map(|(number, _)| format!("{}:{number}: leaves the scope of its caller", file.path)).collect()
}

fn nameless(file: &SourceFile) -> Option<String> {
    let parts = || file.path.strip_suffix(".rs").unwrap_or_default().split('/');
    let found = parts().find(|part| NAMELESS.contains(part))?;
    Some(format!("{}: `{found}` says nothing; name it after what it holds", file.path))
}

/// Lines of code with their numbers from 1, without comments.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(i, line)| (i + 1, line));
    numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

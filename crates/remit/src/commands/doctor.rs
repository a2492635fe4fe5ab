//! `remit doctor`.

use std::fmt::Write;
use std::path::Path;

use remit_app::doctor::{Look, examine};
use remit_db::{Place, check};
use serde::Serialize;

use crate::commands::backup::bar;
use crate::config::Config;
use crate::data::{Folder, Installation};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::{BOLD, DIM, Screen};
use crate::server;
use crate::table::grouped;

/// Look through an installation and say what is wrong with it, and what to do
#[derive(Debug, clap::Args)]
#[command(after_help = "\
It changes nothing, and can run while the installation serves: every page of the database, every reference, the audit logs, every \
matrix in force (is it the text that was signed, is it still proved from today on), every attachment, the queue, the key, the disk. Exit codes: 0 all is \
well, 1 findings, 2 it cannot be looked at.

Examples:
  remit doctor --data /var/lib/remit
  remit doctor --data /var/lib/remit --format json")]
pub struct Args {
    #[command(flatten)]
    folder: Folder,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer {
    schema: &'static str,
    sound: bool,
    looks: Vec<Looked>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Looked {
    what: String,
    seen: u64,
    findings: Vec<String>,
}

/// Free space on the disk below which it is a finding, in bytes.
const SCARCE: u64 = 1 << 30;

/// Looks through it.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let Installation { app, config } = args.folder.open()?;
    let bar = bar(screen);
    let mut looks = vec![key(&config.key_file)];
    looks.extend(disk(&config));
    if let Some(daily) = &config.backup {
        let (seen, findings) = daily.look(app.now())?;
        looks.push(Looked { what: "daily backups".to_owned(), seen, findings });
    }
    bar.set_message("database");
    let findings = check(&config.place)?;
    looks.push(Looked { what: format!("database, {:?}", config.place), seen: 1, findings });
    let told = server::runtime()?.block_on(examine(&app, &mut |what| bar.set_message(what.to_owned())))?;
    looks.extend(told.into_iter().map(|Look { what, seen, findings }| Looked { what, seen, findings }));
    bar.finish_and_clear();
    let sound = looks.iter().all(|look| look.findings.is_empty());
    let answer = Answer { schema: "remit-doctor/1", sound, looks };
    screen.answer(&answer, || text(&answer))?;
    Ok(Outcome::findings(!sound))
}

/// Whoever reads the key can forge the audit log.
fn key(path: &Path) -> Looked {
    let mut findings = Vec::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_or(0, |about| about.permissions().mode() & 0o777);
        if mode & 0o077 != 0 {
            findings.push(format!(
                "others on this machine may read it (mode {mode:o}): chmod 600 {}",
                path.display()
            ));
        }
    }
    Looked { what: "key of the audit log".to_owned(), seen: 1, findings }
}

/// The disk of a database that is a file.
fn disk(config: &Config) -> Option<Looked> {
    let Place::Sqlite(path) = &config.place else { return None };
    let free = rustix::fs::statvfs(path.parent()?).ok().map(|disk| disk.f_bavail * disk.f_frsize)?;
    let findings = if free < SCARCE {
        vec![format!("only {} MB are free: writing stops when it is full", grouped(free >> 20))]
    } else {
        Vec::new()
    };
    Some(Looked { what: "free MB on the disk".to_owned(), seen: free >> 20, findings })
}

fn text(answer: &Answer) -> String {
    let mut out = String::new();
    for Looked { what, seen, findings } in &answer.looks {
        let word = if findings.is_empty() { "well" } else { "ILL" };
        let _ = writeln!(out, "{BOLD}{word:>4}{BOLD:#}  {what}  {DIM}{}{DIM:#}", grouped(*seen));
        for finding in findings {
            out.extend(["      ", finding, "\n"]);
        }
    }
    let findings: usize = answer.looks.iter().map(|look| look.findings.len()).sum();
    match findings {
        0 => out.push_str("\nall is well\n"),
        1 => out.push_str("\n1 finding\n"),
        some => {
            let _ = writeln!(out, "\n{some} findings");
        }
    }
    out
}

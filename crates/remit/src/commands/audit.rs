//! `remit audit`.

use remit_app::Caller;
use remit_app::audit::{Head, Tampered, verify};
use serde::Serialize;

use crate::data::Folder;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::{BOLD, Screen};

/// What can be done with the audit log.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "\
Examples:
  remit audit verify --data demo")]
pub enum Command {
    /// Tell whether a line was changed, added or taken out
    Verify(Verify),
}

/// Checks the log of every provider of an installation.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Keep the head that it prints somewhere else: a log that was put back to an earlier state still fits together, but ends before \
that head. Give it to the next check with --head. An installation that serves several providers has a log for each. Exit codes: 0 sound, 1 tampered with, 2 bad input.

Examples:
  remit audit verify --data demo
  remit audit verify --data demo --head 1024:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
  remit audit verify --data demo --format json")]
pub struct Verify {
    #[command(flatten)]
    folder: Folder,
    /// A head that an earlier check printed: the log must go through it
    #[arg(long, value_name = "LINE:SEAL", value_parser = head)]
    head: Option<Head>,
    /// The provider whose log is checked; all of them without it
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer {
    schema: &'static str,
    logs: Vec<Log>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Log {
    provider: String,
    sound: bool,
    lines: Option<i64>,
    head: Option<String>,
    fault: Option<String>,
}

impl Command {
    /// Does it.
    pub fn run(&self, screen: Screen) -> Result<Outcome, Failure> {
        let Self::Verify(Verify { folder, head: kept, provider: only }) = self;
        let kept = *kept;
        let app = folder.open()?.app;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Failure::new(format!("cannot start: {e}")))?;
        let logs = runtime.block_on(async {
            let mut logs = Vec::new();
            let mut providers = app.providers().await?;
            providers.retain(|(_, name)| only.as_ref().is_none_or(|only| only == name));
            if let Some(only) = only.as_ref().filter(|_| providers.is_empty()) {
                return Err(Failure::new(format!("there is no provider `{only}` here")));
            }
            if kept.is_some() && providers.len() > 1 {
                return Err(Failure::new("there are several logs here, and a head is of one of them")
                    .hint("say which with --provider NAME"));
            }
            for (provider, name) in providers {
                let key = app.key().clone();
                let caller = Caller::operator(provider);
                let checked = app.read(&caller, move |tx, _| verify(&mut tx.whole()?, &key, kept)).await?;
                logs.push(log(name, checked));
            }
            Ok(logs)
        });
        let logs = logs?;
        let sound = logs.iter().all(|log| log.sound);
        let answer = Answer { schema: "remit-audit/1", logs };
        screen.answer(&answer, || text(&answer))?;
        Ok(Outcome::findings(!sound))
    }
}

/// Reads what was printed for a head: the number of its line and 64 hexadecimal digits.
fn head(text: &str) -> Result<Head, String> {
    let parts = text.split_once(':').and_then(|(seq, seal)| {
        let seal = blake3::Hash::from_hex(seal).ok()?;
        Some(Head { seq: seq.parse().ok()?, seal: *seal.as_bytes() })
    });
    parts.ok_or_else(|| "write it as it was printed: LINE:SEAL".to_owned())
}

fn log(provider: String, checked: Result<Head, Tampered>) -> Log {
    match checked {
        Ok(head) => {
            let seal = blake3::Hash::from_bytes(head.seal).to_hex();
            Log {
                provider,
                sound: true,
                lines: Some(head.seq),
                head: Some(format!("{}:{seal}", head.seq)),
                fault: None,
            }
        }
        Err(fault) => Log { provider, sound: false, lines: None, head: None, fault: Some(fault.to_string()) },
    }
}

fn text(answer: &Answer) -> String {
    let mut out = String::new();
    for log in &answer.logs {
        let lines = match (log.lines, &log.head, &log.fault) {
            (Some(lines), Some(head), _) => format!("{BOLD}sound{BOLD:#}: {lines} lines, head {head}"),
            (.., fault) => format!("{BOLD}tampered with{BOLD:#}: {}", fault.as_deref().unwrap_or_default()),
        };
        out.extend([log.provider.as_str(), ": ", &lines, "\n"]);
    }
    if answer.logs.is_empty() {
        out.push_str("there is no provider here yet\n");
    }
    out
}

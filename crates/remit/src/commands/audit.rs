//! `remit audit`.

use remit_app::Caller;
use remit_app::audit::{Tampered, verify};
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
that head. Exit codes: 0 sound, 1 tampered with, 2 bad input.

Examples:
  remit audit verify --data demo
  remit audit verify --data demo --format json")]
pub struct Verify {
    #[command(flatten)]
    folder: Folder,
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
        let Self::Verify(Verify { folder }) = self;
        let app = folder.open()?.app;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Failure::new(format!("cannot start: {e}")))?;
        let logs = runtime.block_on(async {
            let mut logs = Vec::new();
            for (provider, name) in app.providers().await? {
                let key = app.key().clone();
                let caller = Caller::operator(provider);
                let checked = app.read(&caller, move |tx, _| verify(&mut tx.whole()?, &key, None)).await?;
                logs.push(log(name, checked));
            }
            Ok(logs)
        });
        let logs = logs.map_err(|e: remit_app::Refused| Failure::new(e.to_string()))?;
        let sound = logs.iter().all(|log| log.sound);
        let answer = Answer { schema: "remit-audit/1", logs };
        screen.answer(&answer, || text(&answer))?;
        Ok(Outcome::findings(!sound))
    }
}

fn log(provider: String, checked: Result<remit_app::audit::Head, Tampered>) -> Log {
    match checked {
        Ok(head) => {
            let seal: String =
                head.seal.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
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

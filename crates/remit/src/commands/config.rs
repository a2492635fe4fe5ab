//! `remit config`.

use std::fmt::Write;

use serde::Serialize;

use crate::config::{Config, FILE, SETTINGS, Setting, Told};
use crate::data::Folder;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::{self, BOLD, DIM, Screen};

/// What can be done with the configuration of an installation.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "\
Examples:
  remit config check --data /var/lib/remit
  remit config example > /var/lib/remit/remit.toml")]
pub enum Command {
    /// Tell what an installation is told, and by whom
    Check(Check),
    /// Print a file with every setting, its default and what it is for
    Example(Example),
}

/// Reads `remit.toml` in the folder and the variables of the environment, and says what holds.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A variable stands above the file: REMIT_SERVER_LISTEN above `listen` in [server]. With _FILE behind its name it names a file that \
holds the value. Secrets are shown to nobody. Exit codes: 0 sound, 2 bad input.

Examples:
  remit config check --data /var/lib/remit
  REMIT_SERVER_LISTEN=127.0.0.1:9000 remit config check
  remit config check --format json")]
pub struct Check {
    #[command(flatten)]
    folder: Folder,
}

/// Prints the settings as a file that says nothing until a line of it is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  remit config example
  remit config example > /var/lib/remit/remit.toml")]
pub struct Example {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer<'c> {
    schema: &'static str,
    address: &'c str,
    settings: &'c [Told],
}

impl Command {
    /// Does it.
    pub fn run(&self, screen: Screen) -> Result<Outcome, Failure> {
        match self {
            Self::Check(Check { folder }) => {
                let config = folder.config()?;
                let answer =
                    Answer { schema: "remit-config/1", address: &config.address, settings: &config.told };
                screen.answer(&answer, || text(&config))?;
            }
            Self::Example(_) => screen::text(&example())?,
        }
        Ok(Outcome::Sound)
    }
}

fn text(config: &Config) -> String {
    let mut out = format!("{BOLD}sound{BOLD:#}: browsers reach it at {}\n\n", config.address);
    let widest = SETTINGS.iter().map(|setting| setting.key.len()).max().unwrap_or_default();
    let longest = config.told.iter().map(|told| shown(told).chars().count()).max().unwrap_or_default();
    for told in &config.told {
        let from = if told.from == "default" { format!("{DIM}default{DIM:#}") } else { told.from.clone() };
        let _ = writeln!(out, "  {:widest$}  {:longest$}  {from}", told.key, shown(told));
    }
    out
}

fn shown(told: &Told) -> &str {
    if told.value.is_empty() { "(none)" } else { &told.value }
}

/// The file `remit.toml` with every setting as a comment.
pub fn example() -> String {
    let mut out = format!(
        "# {FILE}: what this installation is told. Every line is the default, or an example where the default is none.\n\
         # Each can also be set by a variable: server.listen by {}. Look at what holds with: remit config check\n",
        SETTINGS[0].variable()
    );
    let mut section = "";
    for Setting { key, default, help, example, .. } in SETTINGS {
        let (of, name) = key.split_once('.').expect("keys have a section");
        if of != section {
            section = of;
            let _ = writeln!(out, "\n[{section}]");
        }
        let _ = writeln!(out, "# {help}");
        let (value, word) =
            if default.is_empty() { (example, "none by default; such as\n# ") } else { (default, "") };
        let number = value.parse::<i64>().is_ok();
        let value = if number { (*value).to_owned() } else { format!("\"{value}\"") };
        let _ = writeln!(out, "# {word}{name} = {value}");
    }
    out
}

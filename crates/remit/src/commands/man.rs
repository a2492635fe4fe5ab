//! `remit man`.

use std::path::PathBuf;

use clap_mangen::Man;
use serde::Serialize;

use crate::failure::Failure;
use crate::files::{self, Existing};
use crate::outcome::Outcome;
use crate::screen::{self, Screen};

/// Print the manual page, or write the pages of all commands to a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  remit man | man -l -
  remit man --out ~/.local/share/man/man1")]
pub struct Args {
    /// Folder to write a page for every command to; it must exist
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer {
    schema: &'static str,
    pages: Vec<String>,
}

/// Prints or writes the pages.
pub fn run(args: &Args, command: clap::Command, screen: Screen) -> Result<Outcome, Failure> {
    let Some(folder) = &args.out else {
        screen::bytes(&page(command)?)?;
        return Ok(Outcome::Sound);
    };
    let mut pages = Vec::new();
    let mut command = command;
    command.build();
    collect("remit", &command, &mut pages)?;
    for (name, text) in &pages {
        files::write(&folder.join(name), text, Existing::Replace)?;
    }
    let answer = Answer { schema: "remit-man/1", pages: pages.into_iter().map(|(name, _)| name).collect() };
    screen.answer(&answer, || format!("{} pages written to {}\n", answer.pages.len(), folder.display()))?;
    Ok(Outcome::Sound)
}

fn collect(name: &str, command: &clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    pages.push((format!("{name}.1"), page(command.clone().display_name(name))?));
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        collect(&format!("{name}-{}", sub.get_name()), sub, pages)?;
    }
    Ok(())
}

fn page(command: clap::Command) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let title = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    let man = Man::new(command).title(title.to_uppercase());
    man.render(&mut text).map_err(|e| Failure::new(format!("the manual page cannot be made: {e}")))?;
    Ok(text)
}

//! `remit completions`.

use clap_complete::Shell;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  remit completions bash > ~/.local/share/bash-completion/completions/remit
  remit completions zsh > ~/.zfunc/_remit
  remit completions fish > ~/.config/fish/completions/remit.fish
  remit completions powershell >> $PROFILE")]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub fn run(args: &Args, command: &mut clap::Command) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "remit", &mut script);
    screen::bytes(&script)?;
    Ok(Outcome::Sound)
}

//! The command line's grammar, and the way from arguments to an exit code.

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    admin, audit, backup, completions, config, demo, doctor, holidays, jobs, man, matrix, replay, restore,
    schema, serve,
};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::{Colour, Format, Screen};

/// Who owns which duty of a client at which hour: proved, explained, compared, and tried on real tickets.
#[derive(Debug, Parser)]
#[command(name = "remit", version, max_term_width = 100, arg_required_else_help = true)]
#[command(about = ABOUT, after_help = EXAMPLES, subcommand_required = true)]
pub struct Cli {
    /// Form of the answer
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORM",
        hide_possible_values = true,
        help_heading = "Everywhere"
    )]
    #[arg(help = "Form of the answer: text for people, json for programs")]
    pub format: Format,
    /// When to colour text: auto, always or never
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_possible_values = true,
        help_heading = "Everywhere"
    )]
    pub color: Colour,
    #[command(subcommand)]
    command: Command,
}

const ABOUT: &str =
    "Who owns which duty of a client at which hour: proved, explained, compared, tried on real tickets";

const EXAMPLES: &str = "\
Exit codes: 0 sound, 1 findings, 2 bad input.

Examples:
  remit demo
  remit replay --demo
  remit matrix new --client \"Harbor Dental\" --zone America/Los_Angeles \\
      --arrangement after-hours --holidays US-CA --out harbor.toml
  remit matrix check harbor.toml
  remit matrix who harbor.toml \"failed backup\" --at \"2027-01-03 02:00\"";

#[derive(Debug, Subcommand)]
enum Command {
    /// Look around in a provider with twelve clients, on this machine
    Demo(demo::Args),
    /// Serve an installation until it is told to stop
    Serve(serve::Args),
    /// Make an installation, sign somebody in, bring a database to this version
    #[command(subcommand)]
    Admin(admin::Command),
    /// Look at what an installation is told
    #[command(subcommand)]
    Config(config::Command),
    /// Write everything of an installation into one file, while it serves
    Backup(backup::Args),
    /// Make an installation from a backup, or look at what is in one
    Restore(restore::Args),
    /// Look through an installation and say what is wrong with it, and what to do
    Doctor(doctor::Args),
    /// Look at work that is done later, and try again what was given up
    #[command(subcommand)]
    Jobs(jobs::Command),
    /// Tell whether the log of what was done is as it was written
    #[command(subcommand)]
    Audit(audit::Command),
    /// Make, prove, ask, compare and exchange responsibility matrices
    #[command(subcommand)]
    Matrix(Box<matrix::Command>),
    /// Replay a ticket log: who held what, for how long, and who would have owned it
    Replay(replay::Args),
    /// List the public holidays that calendars can use
    Holidays(holidays::Args),
    /// Print the JSON Schema of a matrix's text form, for editors
    Schema(schema::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Print the manual page, or write the pages of all commands to a folder
    Man(man::Args),
}

/// Reads the arguments, does what they say, and says how it ended.
pub fn main() -> Outcome {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misunderstood(&error),
    };
    cli.color.choose();
    let screen = Screen::new(cli.format);
    let result = match &cli.command {
        Command::Demo(args) => demo::run(args, screen),
        Command::Serve(args) => serve::run(args, screen),
        Command::Admin(command) => command.run(screen),
        Command::Config(command) => command.run(screen),
        Command::Backup(args) => backup::run(args, screen),
        Command::Restore(args) => restore::run(args, screen),
        Command::Doctor(args) => doctor::run(args, screen),
        Command::Jobs(command) => command.run(screen),
        Command::Audit(command) => command.run(screen),
        Command::Matrix(command) => command.run(screen),
        Command::Replay(args) => replay::run(args, screen),
        Command::Holidays(args) => holidays::run(args, screen),
        Command::Schema(_) => schema::run(),
        Command::Completions(args) => completions::run(args, &mut Cli::command()),
        Command::Man(args) => man::run(args, Cli::command(), screen),
    };
    result.unwrap_or_else(|failure| {
        screen.failure(&failure);
        Outcome::BadInput
    })
}

/// Arguments that make no command; help and version are no mistake.
fn misunderstood(error: &clap::Error) -> Outcome {
    let arguments: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let json = arguments.iter().any(|a| a == "--format=json")
        || arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    if !error.use_stderr() {
        // A reader that has gone away has seen enough.
        let _ = error.print();
        return Outcome::Sound;
    }
    if json {
        let text = error.render().to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        let (message, rest) = text.split_once("\n\n").unwrap_or((text, ""));
        let failure = Failure::new(message.trim());
        let rest = rest.trim();
        Screen::new(Format::Json).failure(&if rest.is_empty() { failure } else { failure.hint(rest) });
    } else {
        let _ = error.print();
    }
    Outcome::BadInput
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples_in_its_help() {
        fn walk(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            if command.get_name() != "help" {
                let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains("Examples:"), "{path} has no examples");
                assert!(command.get_about().is_some(), "{path} does not say what it does");
                command.get_subcommands().for_each(|sub| walk(sub, &path));
            }
        }
        walk(&Cli::command(), "");
    }
}

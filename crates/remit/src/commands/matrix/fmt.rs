//! `remit matrix fmt`.

use std::path::PathBuf;

use remit_matrix::text;
use serde::Serialize;

use crate::failure::Failure;
use crate::files::{self, Existing};
use crate::outcome::Outcome;
use crate::screen::{self, Screen};

/// Write a matrix in its usual layout
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The layout keeps no comments: a file with comments is refused unless --drop-comments is given. What people \
should read belongs into the `note` of a row.

Examples:
  remit matrix fmt harbor.toml
  remit matrix fmt --check clients/*.toml
  cat harbor.toml | remit matrix fmt -")]
pub struct Args {
    /// Matrices as TOML, or - for stdin to stdout
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing; end with 1 if a file is not in its usual layout
    #[arg(long)]
    check: bool,
    /// Let comments go
    #[arg(long)]
    drop_comments: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Answer {
    schema: &'static str,
    files: Vec<Formatted>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Formatted {
    file: String,
    changed: bool,
}

/// Formats the files.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let mut answer = Answer { schema: "remit-fmt/1", files: Vec::new() };
    for path in &args.files {
        let name = files::name(path);
        let before = files::text(&name, files::read(path, files::LARGEST)?)?;
        let after = text::write(&text::read_draft(&name, &before)?);
        let comments = comments(&before);
        if comments > 0 && !args.check && !args.drop_comments {
            let failure = Failure::new(format!("{comments} lines with comments would be lost"));
            return Err(failure.hint("move them into notes, or add --drop-comments").of_file(&name));
        }
        if files::is_dash(path) && !args.check {
            screen::bytes(after.as_bytes())?;
            return Ok(Outcome::Sound);
        }
        let changed = before != after;
        if changed && !args.check {
            files::write(path, after.as_bytes(), Existing::Replace)?;
        }
        answer.files.push(Formatted { file: name, changed });
    }
    let changed: Vec<&str> = answer.files.iter().filter(|f| f.changed).map(|f| f.file.as_str()).collect();
    let verb = if args.check { "not in its usual layout" } else { "written" };
    let lines = changed.iter().map(|file| [file, ": ", verb, "\n"].concat());
    screen.answer(&answer, || lines.collect())?;
    Ok(Outcome::findings(args.check && !changed.is_empty()))
}

/// Lines that carry a comment. `#` inside a text on one line is none.
fn comments(text: &str) -> usize {
    let has = |line: &&str| {
        let (mut quote, mut escaped) = (None, false);
        for c in line.chars() {
            match (quote, c) {
                (Some('"'), '\\') if !escaped => {
                    escaped = true;
                    continue;
                }
                (Some(open), c) if c == open && !escaped => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '#') => return true,
                _ => {}
            }
            escaped = false;
        }
        false
    };
    text.lines().filter(has).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_inside_a_text_is_no_comment() {
        assert_eq!(comments("a = \"#1\"\nb = '#' # yes\n# yes\nc = \"\\\"#\""), 2);
    }
}

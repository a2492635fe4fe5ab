//! What the text of the repository may not contain.

#[cfg(test)]
mod tests;

use crate::workspace::{self, SourceFile};

/// Words that put something off; it belongs in the issue tracker. Split, so that this file does not find itself.
const PUT_OFF: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("todo", "!("),
    concat!("unimple", "mented!("),
];

/// Beginnings of paths that exist on one machine only.
const MACHINE: [&str; 6] = [
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
    concat!("/Us", "ers/"),
    concat!("\\Us", "ers\\"),
    concat!("../sh", "ared"),
];

/// The one file that looks for a folder beside the checkout.
const GATE: &str = ".ci/run";

/// Prints what should not be there and fails for it.
pub fn check() -> Result<(), String> {
    let files = workspace::files()?;
    let mut findings: Vec<String> = files.iter().flat_map(phrases).collect();
    findings.extend(files.iter().filter(|file| file.is("rs")).flat_map(lints));
    workspace::report(&findings)
}

fn phrases(file: &SourceFile) -> Vec<String> {
    // Data is not ours to word: a lock file, a log, a catalogue of names.
    if file.is("lock") || file.is("csv") || file.is("tsv") || file.path.contains("/corpus/") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (number, line) in file.text.lines().enumerate().map(|(i, line)| (i + 1, line)) {
        for word in PUT_OFF.iter().filter(|word| has_word(line, word)) {
            findings.push(format!("{}:{number}: `{word}`: do it, or open an issue", file.path));
        }
        for path in MACHINE.iter().filter(|path| file.path != GATE && line.contains(**path)) {
            findings.push(format!("{}:{number}: `{path}`: a path of one machine", file.path));
        }
    }
    findings
}

/// Whether the line has the word with no letter before or after it.
fn has_word(line: &str, word: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    line.match_indices(word).any(|(at, _)| {
        !letter(line[..at].chars().next_back())
            && (word.ends_with('(') || !letter(line[at + word.len()..].chars().next()))
    })
}

/// Lints are switched off with `expect` and a reason, so that the exception goes when its cause goes.
fn lints(file: &SourceFile) -> Vec<String> {
    let mut findings = Vec::new();
    for (open, wanted) in [(concat!("[al", "low("), false), (concat!("[exp", "ect("), true)] {
        for (at, _) in file.text.match_indices(open).filter(|(at, _)| file.text[..*at].ends_with(['#', '!']))
        {
            let number = file.text[..at].lines().count();
            let rest = &file.text[at..];
            let whole = &rest[..rest.find(")]").unwrap_or(rest.len())];
            if !wanted {
                findings.push(format!("{}:{number}: use `expect` with a reason", file.path));
            } else if !whole.contains("reason") {
                findings.push(format!("{}:{number}: an `expect` needs its reason", file.path));
            }
        }
    }
    findings
}

//! How long a file may be: longer ones are two rooms in one.

use crate::workspace::{self, SourceFile};

/// Lines from which a file is mentioned.
const SOFT: usize = 400;
/// Lines that no file may exceed, its tests included. Functions are clippy's business (`clippy.toml`).
const HARD: usize = 600;

/// Prints files over the soft limit and fails for those over the hard one.
pub fn check() -> Result<(), String> {
    let files = workspace::files()?;
    let mut sizes: Vec<(usize, &str)> = files
        .iter()
        .filter(|file| file.is("rs"))
        .map(|file| (file.text.lines().count(), &*file.path))
        .collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    for (lines, path) in sizes.iter().filter(|(lines, _)| (SOFT + 1..=HARD).contains(lines)) {
        println!("  {path} has {lines} lines (more than {SOFT}: think about splitting it)");
    }
    workspace::report(&too_long(&files))
}

fn too_long(files: &[SourceFile]) -> Vec<String> {
    let lines = |file: &SourceFile| file.text.lines().count();
    let long = files.iter().filter(|file| file.is("rs") && lines(file) > HARD);
    long.map(|file| format!("{} has {} lines, more than {HARD}", file.path, lines(file))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rust_over_the_limit_is_too_long() {
        let file = |path: &str, lines: usize| SourceFile { path: path.to_owned(), text: "x\n".repeat(lines) };
        let files = [file("a.rs", HARD), file("b.rs", HARD + 1), file("data.toml", HARD + 1)];
        assert_eq!(too_long(&files), ["b.rs has 601 lines, more than 600"]);
    }
}

//! Where the files are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command;

/// The root of the workspace, from wherever the task was started.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("crates/xtask is two folders below the root").to_owned()
}

/// The folder that cargo builds in.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A text file of the repository.
#[derive(Debug)]
pub struct SourceFile {
    /// Path from the root, with `/` between the parts.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl SourceFile {
    /// Whether the path ends in `.extension`.
    pub fn is(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|e| e == extension)
    }

    /// Whether it is Rust that only tests compile.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name == "tests.rs" || self.path.split('/').any(|part| part == "tests")
    }
}

/// All text files that git tracks or would track, except empty and binary ones, in the order of their paths.
pub fn files() -> Result<Vec<SourceFile>, String> {
    let mut git = std::process::Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let listed = command::output(&mut git).ok_or("`git ls-files` failed; the checks need a git checkout")?;
    let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    // A file that is deleted but still tracked, or that is not text, has no text to check.
    let read = |path: &str| {
        Some(SourceFile { path: path.to_owned(), text: fs::read_to_string(root().join(path)).ok()? })
    };
    Ok(paths.into_iter().filter_map(read).collect())
}

/// Prints findings and turns them into one error.
pub fn report(findings: &[String]) -> Result<(), String> {
    for finding in findings {
        println!("  {finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => Err("one finding".to_owned()),
        n => Err(format!("{n} findings")),
    }
}

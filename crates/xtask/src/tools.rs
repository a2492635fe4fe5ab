//! Tools of the gate that are not part of Rust, installed when they are missing.

use std::process::Stdio;

use crate::command::{cargo, output, run};
use crate::workspace;

/// A tool from crates.io.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// Package and program.
    pub name: &'static str,
    /// The version that the gate was written for.
    pub version: &'static str,
    /// How to ask for its version, after `cargo`.
    pub ask: &'static [&'static str],
}

/// Licences, sources and duplicates of the dependencies.
pub const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2", ask: &["deny", "--version"] };
/// Dependencies that nothing uses.
pub const MACHETE: Tool = Tool { name: "cargo-machete", version: "0.9.2", ask: &["machete", "--version"] };
/// Runs the fuzz targets; any version does.
pub const FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2", ask: &["fuzz", "--version"] };

impl Tool {
    /// Installs the tool unless it is there at this version.
    pub fn ensure(self) -> Result<(), String> {
        if self.is_there() {
            return Ok(());
        }
        println!("installing {} {}", self.name, self.version);
        let package = format!("{}@{}", self.name, self.version);
        let mut install = cargo();
        install.args(["install", "--locked", &package]);
        install.env("CARGO_TARGET_DIR", workspace::target().join("tools"));
        // Built to be used a few times: optimising it to the end would take longer than it ever saves.
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        install.env("CARGO_PROFILE_RELEASE_LTO", "off");
        install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        install.env("CARGO_PROFILE_RELEASE_DEBUG", "false");
        run(&mut install)
    }

    fn is_there(self) -> bool {
        let said = output(cargo().args(self.ask).stderr(Stdio::null()));
        said.is_some_and(|text| text.split_whitespace().any(|word| word == self.version))
    }
}

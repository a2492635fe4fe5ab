//! What the tests need beside the product.

use std::path::PathBuf;

/// Names the program of the browser.
pub const BROWSER: &str = "REMIT_TEST_BROWSER";
/// Names the file `axe.min.js`.
pub const AXE: &str = "REMIT_TEST_AXE";
/// Names the folder into which pictures are taken; without it none are.
pub const SCREENS: &str = "REMIT_SCREENS";

/// What is there to test with.
#[derive(Debug, Clone)]
pub struct Means {
    /// The program of the browser.
    pub browser: PathBuf,
    /// The rules of accessibility, as a script.
    pub axe: String,
}

impl Means {
    /// Reads the variables. Says on stderr why there is nothing to test with, where that is so.
    pub fn find() -> Option<Self> {
        let named = |variable: &str| {
            let value = std::env::var_os(variable);
            if value.is_none() {
                eprintln!("{variable} is not set: skipped; `cargo xtask test` sets it");
            }
            value.map(PathBuf::from)
        };
        let (browser, axe) = (named(BROWSER)?, named(AXE)?);
        let axe = std::fs::read_to_string(&axe).expect("the script that the variable names can be read");
        Some(Self { browser, axe })
    }
}

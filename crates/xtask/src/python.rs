//! Pythons with what some tests start: a mail server, a program that sends an API what its document allows and what it does not.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::command::run;
use crate::workspace;

/// A Python with packages of its own.
pub struct Python {
    /// The variable that tests read.
    pub variable: &'static str,
    /// Its folder below `target/xtask`.
    folder: &'static str,
    /// What is installed.
    packages: &'static [&'static str],
    /// What can be imported then.
    imports: &'static str,
    /// Which tests need it.
    tests: &'static str,
}

/// `aiosmtpd` is the mail server, `trustme` makes its certificate.
pub const MAIL: Python = Python {
    variable: "REMIT_TEST_MAIL",
    folder: "mail",
    packages: &["aiosmtpd==1.4.6", "trustme==1.2.1"],
    imports: "aiosmtpd.smtp, trustme",
    tests: "the tests of outgoing mail",
};

/// `schemathesis` makes requests out of an OpenAPI document and checks what is answered.
pub const API: Python = Python {
    variable: "REMIT_TEST_API",
    folder: "api",
    packages: &["schemathesis==4.32.5"],
    imports: "schemathesis",
    tests: "the tests of the API",
};

impl Python {
    /// Makes it where it is missing and nobody has named one; says which it is.
    pub fn ensure(&self) -> Result<Option<PathBuf>, String> {
        if std::env::var_os(self.variable).is_some() {
            return Ok(None);
        }
        let folder = workspace::target().join("xtask").join(self.folder);
        let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
        let ready = || {
            let mut ask = Command::new(&python);
            ask.args(["-c", &format!("import {}", self.imports)]).stdout(Stdio::null()).stderr(Stdio::null());
            ask.status().is_ok_and(|status| status.success())
        };
        if ready() {
            return Ok(Some(python));
        }
        let packages = self.packages.join(" ");
        println!("installing {packages} for the tests");
        let by_hand = format!(
            "{0} need Python with {packages}: run `python3 -m venv {1} && {2} -m pip install {packages}`, and try again",
            self.tests,
            folder.display(),
            python.display()
        );
        let made = run(Command::new("python3").args(["-m", "venv"]).arg(&folder)).and_then(|()| {
            run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(self.packages))
        });
        made.map_err(|error| format!("{error}\n{by_hand}"))?;
        if ready() { Ok(Some(python)) } else { Err(by_hand) }
    }
}

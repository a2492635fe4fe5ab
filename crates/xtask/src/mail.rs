//! A Python with `aiosmtpd`, the mail server that the tests of outgoing mail start, and with `trustme`, which makes its certificate.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::command::run;
use crate::workspace;

/// The variable that tests read.
pub const VARIABLE: &str = "REMIT_TEST_MAIL";
/// What is installed.
const PACKAGES: [&str; 2] = ["aiosmtpd==1.4.6", "trustme==1.2.1"];

/// Makes it where it is missing; says which Python it is.
pub fn python() -> Result<PathBuf, String> {
    let folder = workspace::target().join("xtask/mail");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let ready = || {
        let mut ask = Command::new(&python);
        ask.args(["-c", "import aiosmtpd.smtp, trustme"]).stdout(Stdio::null()).stderr(Stdio::null());
        ask.status().is_ok_and(|status| status.success())
    };
    if ready() {
        return Ok(python);
    }
    let packages = PACKAGES.join(" ");
    println!("installing {packages} for the tests");
    let by_hand = format!(
        "the tests of outgoing mail need Python with {packages}: run `python3 -m venv {0} && {1} -m pip install {packages}`, and try again",
        folder.display(),
        python.display()
    );
    let made = run(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        .and_then(|()| run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES)));
    made.map_err(|error| format!("{error}\n{by_hand}"))?;
    if ready() { Ok(python) } else { Err(by_hand) }
}

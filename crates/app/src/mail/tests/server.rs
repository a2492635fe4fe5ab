//! The mail server of the tests: another program, as it will be in life.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde::Deserialize;

use crate::mail::{Encryption, Login, MailSettings};

/// Names a Python that has `aiosmtpd`.
const PYTHON: &str = "REMIT_TEST_MAIL";

/// A running server.
pub struct Server {
    child: Child,
    port: u16,
    encryption: Encryption,
    authority: String,
    seen: Lines<BufReader<ChildStdout>>,
}

/// What became of a mail.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Seen {
    /// It was refused.
    Refused { refused: String },
    /// It arrived.
    Arrived(Box<Mail>),
}

/// A mail that arrived.
#[derive(Debug, Deserialize)]
pub struct Mail {
    pub to: String,
    pub from: String,
    pub subject: String,
    pub message_id: String,
    pub auto: String,
    pub plain: String,
    pub html: String,
}

impl Server {
    /// Starts one without protection; none where the program for it is not there.
    pub fn start(login: &[&str]) -> Option<Self> {
        Self::protected(Encryption::None, login)
    }

    /// Starts one with a certificate of an authority that it has just made.
    pub fn protected(encryption: Encryption, login: &[&str]) -> Option<Self> {
        let Some(python) = std::env::var_os(PYTHON) else {
            eprintln!("skipped: {PYTHON} is not set; `cargo xtask test` sets it");
            return None;
        };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/mail/tests/server.py");
        let mut command = Command::new(python);
        let how = match encryption {
            Encryption::None => "none",
            Encryption::StartTls => "starttls",
            Encryption::Tls => "tls",
        };
        command.arg(script).arg(how).args(login).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the mail server starts");
        let mut seen = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let port = seen.next().expect("it says its port").expect("in a line");
        let port = port.parse().expect("a port is a number");
        let authority = seen.next().expect("it says its authority").expect("in a line");
        let authority = serde_json::from_str(&authority).expect("it writes JSON");
        Some(Self { child, port, encryption, authority, seen })
    }

    /// What the operator would write about it.
    pub fn settings(&self, login: Option<(&str, &str)>) -> MailSettings {
        MailSettings {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            encryption: self.encryption,
            login: login
                .map(|(user, password)| Login { user: user.to_owned(), password: password.to_owned() }),
            authority: Some(self.authority.clone().into_bytes()),
            sender: "Northwind <desk@northwind.example>".to_owned(),
            pages: "http://remit.example/".to_owned(),
        }
    }

    /// The next mail that it took or refused.
    pub fn next(&mut self) -> Seen {
        let line = self.seen.next().expect("it runs on").expect("it writes lines");
        serde_json::from_str(&line).expect("it writes JSON")
    }

    /// The next mail, which arrived.
    pub fn arrived(&mut self) -> Mail {
        match self.next() {
            Seen::Arrived(mail) => *mail,
            Seen::Refused { refused } => panic!("mail to {refused} was refused"),
        }
    }
}

impl Mail {
    /// The secret of the link in it.
    pub fn secret(&self) -> &str {
        let (_, after) =
            self.plain.split_once("http://remit.example/sign-in/link/").expect("a link is in it");
        after.split_whitespace().next().expect("the link has an end")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

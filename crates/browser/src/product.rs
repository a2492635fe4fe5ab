//! The product, started as people start it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A server that is ended when this is dropped.
#[derive(Debug)]
pub struct Product {
    child: Child,
    /// What it said when it was ready.
    pub said: Value,
    /// Its address, without a slash at the end.
    pub address: String,
    _folder: TempDir,
}

impl Product {
    /// `remit demo` in a folder of its own, on a port of its own; without its year of tickets, so that a journey counts its own alone.
    pub fn demo() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let mut command = remit();
        command.arg("demo").arg("--data").arg(folder.path()).args([
            "--listen",
            "127.0.0.1:0",
            "--one-in",
            "0",
        ]);
        let (child, said) = ready(command);
        let address = said["address"].as_str().expect("it says its address").trim_end_matches('/').to_owned();
        Self { child, said, address, _folder: folder }
    }

    /// `remit admin init` and `remit serve`, as for real use. Says the link with which the first owner signs in, too.
    pub fn installed() -> (Self, String) {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let listen = port.expect("a port is free").to_string();
        let mut init = remit();
        init.args(["admin", "init", "--provider", "Fernhill IT", "--zone", "Europe/London"]);
        init.args(["--owner", "Mara Quist", "--email", "mara@fernhill.example", "--format", "json"]);
        init.arg("--data").arg(folder.path()).env("REMIT_SERVER_LISTEN", &listen);
        let made = init.output().expect("it starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let made: Value = serde_json::from_slice(&made.stdout).expect("it answers as it was asked to");
        let link = made["link"].as_str().expect("it says a link").to_owned();
        let mut serve = remit();
        serve.arg("serve").arg("--data").arg(folder.path()).env("REMIT_SERVER_LISTEN", &listen);
        let (child, said) = ready(serve);
        (Self { child, said, address: format!("http://{listen}"), _folder: folder }, link)
    }

    /// The link of the demo that signs somebody in once in this role.
    pub fn link(&self, role: &str) -> String {
        let all = self.said["sign-in"].as_array().expect("the demo says links");
        let one = all.iter().find(|entry| entry["role"] == role).expect("there is one for each role");
        one["link"].as_str().expect("it is a text").to_owned()
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The binary of the same build: cargo puts it beside the folder of the tests.
fn remit() -> Command {
    let test = std::env::current_exe().expect("a test knows its own file");
    let build = test.ancestors().nth(2).expect("tests are in the folder `deps` of a build");
    let program: PathBuf = build.join(format!("remit{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is missing: run `cargo build -p remit`, or all tests with `cargo xtask test`",
        program.display()
    );
    Command::new(program)
}

/// Starts a server and waits for the JSON document that says it is ready.
fn ready(mut command: Command) -> (Child, Value) {
    // Its log goes where the test's own words go.
    command.args(["--format", "json"]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.env("REMIT_LOG_LEVEL", "warn").spawn().expect("it starts");
    let mut said = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut text = String::new();
    while said.read_line(&mut text).expect("it says text") > 0 {
        if let Ok(ready) = serde_json::from_str(&text) {
            return (child, ready);
        }
    }
    let _ = child.wait();
    panic!("it ended before it was ready: {text}");
}

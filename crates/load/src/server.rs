//! The server as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running server; killed when this is dropped.
pub struct Server {
    child: Child,
    log: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts the program with its data in a folder and its database at a place, and waits until it says where it listens.
    pub fn start(program: &Path, folder: &Path, place: &str) -> Result<Self, String> {
        let mut command = Command::new(program);
        command.args(["serve", "--format", "json", "--data"]).arg(folder);
        command.env("REMIT_SERVER_LISTEN", "127.0.0.1:0").env("REMIT_DATABASE_PLACE", place);
        // A line for each request is part of the work.
        let log = folder.join("server.log");
        let lines =
            std::fs::File::create(&log).map_err(|e| format!("cannot write {}: {e}", log.display()))?;
        command.env("REMIT_LOG_FORM", "json").stdout(Stdio::piped()).stderr(lines);
        let mut child = command.spawn().map_err(|e| format!("cannot start {}: {e}", program.display()))?;
        let out = child.stdout.take().ok_or("it has no output")?;
        let (mut out, mut text) = (BufReader::new(out), String::new());
        let said = loop {
            if out.read_line(&mut text).map_err(|e| e.to_string())? == 0 {
                return Err(format!("the server ended: {text}"));
            }
            if let Ok(said) = serde_json::from_str::<serde_json::Value>(&text) {
                break said;
            }
        };
        let address = said["listen"].as_str().and_then(|at| at.parse().ok());
        Ok(Self {
            child,
            log,
            address: address.ok_or_else(|| format!("it does not say where it listens: {said}"))?,
        })
    }

    /// The last errors that it has logged: why an answer was not as it should be.
    pub fn errors(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let errors: Vec<&str> = log.lines().rev().filter(|line| line.contains("ERROR")).take(3).collect();
        errors.join("\n")
    }

    /// Bytes of memory that it holds now.
    pub fn resident(&self) -> Result<f64, String> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(&path).map_err(|e| format!("cannot read {path}: {e}"))?;
        let kilobytes =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
        let kilobytes: f64 = kilobytes.and_then(|text| text.parse().ok()).ok_or("its memory is not told")?;
        Ok(kilobytes * 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

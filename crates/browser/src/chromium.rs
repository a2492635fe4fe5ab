//! Chromium without a window.

use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::page::Page;
use crate::wire::Wire;

/// Nothing but what is asked for: no first steps, no updates, no requests of its own. `--no-sandbox` since tests may run as root, in
/// containers, and open the product's own pages alone.
const OPTIONS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
];

/// A running browser; ended when this is dropped.
#[derive(Debug)]
pub struct Chromium {
    wire: Rc<RefCell<Wire>>,
    child: Child,
    _profile: TempDir,
}

impl Chromium {
    /// Starts it.
    pub fn start(program: &Path) -> Self {
        let profile = tempfile::tempdir().expect("there is room for a folder");
        let mut command = Command::new(program);
        command.args(OPTIONS).arg(format!("--user-data-dir={}", profile.path().display())).arg("about:blank");
        let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = started.expect("the browser starts");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut text = String::new();
        let address = loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).expect("it says text") > 0, "the browser ended: {text}");
            if let Some(address) = line.trim().strip_prefix("DevTools listening on ") {
                break address.to_owned();
            }
            text += &line;
        };
        // Read to its end, so that the browser never waits for somebody to read what it says.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { wire: Rc::new(RefCell::new(Wire::connect(&address))), child, _profile: profile }
    }

    /// Somebody with a browser of their own: nobody else's cookies, an empty page.
    pub fn person(&self, origin: &str) -> Page {
        let context = self.ask("Target.createBrowserContext", &json!({}))["browserContextId"].take();
        let blank = json!({ "url": "about:blank", "browserContextId": context });
        let target = self.ask("Target.createTarget", &blank)["targetId"].take();
        let attach = json!({ "targetId": target, "flatten": true });
        let session = self.ask("Target.attachToTarget", &attach)["sessionId"].take();
        Page::new(Rc::clone(&self.wire), session.as_str().expect("a page has a session"), origin)
    }

    fn ask(&self, method: &str, params: &Value) -> Value {
        self.wire.borrow_mut().call("", method, params).expect("the browser does as it is told")
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

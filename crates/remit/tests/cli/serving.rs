//! The demo as somebody would use it: it says where it is, lets each role in, ends when told, and its log can be checked.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use crate::run::{folder, remit};

/// A server that is ended when this is dropped.
pub struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Served {
    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Tells it to stop, as a supervisor does, and says what it logged.
    pub fn stop(&mut self) -> String {
        let id = self.0.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().expect("it can be told");
        assert!(told.success());
        let ended = self.0.wait().expect("it ends");
        let mut log = String::new();
        self.0.stderr.take().expect("it is piped").read_to_string(&mut log).expect("its log is text");
        assert!(ended.success(), "it ends in order, not with {ended}: {log}");
        log
    }
}

/// Starts a server and says what it said: one JSON document.
pub fn start(arguments: &[&str], variables: &[(&str, &str)]) -> (Served, serde_json::Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_remit"));
    command.args(arguments).args(["--format", "json"]).envs(variables.iter().copied());
    started(&mut command)
}

/// Starts a server by a command that says one JSON document.
pub fn started(command: &mut Command) -> (Served, serde_json::Value) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the server starts");
    let mut said = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut text = String::new();
    let mut ready = None;
    while ready.is_none() && said.read_line(&mut text).expect("it says something") > 0 {
        ready = serde_json::from_str(&text).ok();
    }
    let mut served = Served(child);
    let ready = ready.unwrap_or_else(|| {
        let mut why = String::new();
        let _ = served.0.stderr.take().expect("it is piped").read_to_string(&mut why);
        panic!("it did not say where it is: {text}{why}")
    });
    (served, ready)
}

/// Starts the demo in a folder, with few of its tickets.
fn start_demo(data: &str) -> (Served, serde_json::Value) {
    start(&["demo", "--data", data, "--listen", "127.0.0.1:0", "--one-in", "1000"], &[])
}

/// Asks for a page as plainly as can be.
pub fn get(address: &str, path: &str) -> String {
    use std::io::Write;
    let host = address.trim_start_matches("http://").trim_end_matches('/');
    let mut socket = std::net::TcpStream::connect(host).expect("it listens");
    write!(socket, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("it listens");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("it answers in text");
    answer
}

#[test]
fn the_demo_serves_keeps_what_it_has_and_its_log_is_sound() {
    let work = folder(&[]);
    let data = work.path().join("demo").display().to_string();
    let (demo, ready) = start_demo(&data);
    let address = ready["address"].as_str().unwrap().to_owned();
    let roles: Vec<&str> =
        ready["sign-in"].as_array().unwrap().iter().map(|s| s["role"].as_str().unwrap()).collect();
    assert_eq!(roles.len(), 10, "{roles:?}");
    assert!(ready["credit"].as_str().unwrap().contains("CC BY 4.0"));
    assert!(get(&address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/").contains("/sign-in?next="), "nobody is signed in");
    let link = ready["sign-in"][0]["link"].as_str().unwrap();
    let path = link.strip_prefix(address.trim_end_matches('/')).unwrap();
    assert!(get(&address, path).contains("signs you in once"));
    drop(demo);

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = std::fs::metadata(work.path().join("demo/audit.key")).unwrap();
        assert_eq!(key.permissions().mode() & 0o777, 0o600, "the key is nobody else's to read");
    }

    let (again, ready) = start_demo(&data);
    assert_eq!(ready["sign-in"].as_array().unwrap().len(), 10, "it goes on with what is there");
    drop(again);
    let verified = remit(&["audit", "verify", "--data", &data]);
    assert_eq!(verified.code, 0, "{}", verified.err);
    assert!(verified.out.contains("Lanternworks IT: sound: "), "{}", verified.out);
    // Another key is another log.
    std::fs::write(work.path().join("demo/audit.key"), [1; 32]).unwrap();
    let tampered = remit(&["audit", "verify", "--data", &data]);
    assert_eq!(tampered.code, 1);
    assert!(tampered.out.contains("tampered with: line 1 is not as it was written"), "{}", tampered.out);
}

#[test]
fn what_cannot_be_served_is_told_and_nothing_is_made() {
    let work = folder(&[]);
    let data = work.path().join("none").display().to_string();
    let nothing = remit(&["audit", "verify", "--data", &data]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.err.contains("there is no database at"), "{}", nothing.err);
    let open = remit(&["demo", "--data", &data, "--listen", "0.0.0.0:0"]);
    assert_eq!(open.code, 2);
    assert!(open.err.contains("can be reached from elsewhere"), "{}", open.err);
    assert!(!work.path().join("none").exists());
}

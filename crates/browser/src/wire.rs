//! The protocol of the developer tools: calls, answers and events over one socket.

use std::collections::VecDeque;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// Longest wait for anything that a browser should say.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Something that happened in a page.
#[derive(Debug)]
pub struct Event {
    /// In which page.
    pub session: String,
    /// What.
    pub method: String,
    /// The rest.
    pub params: Value,
}

/// A socket to a browser.
#[derive(Debug)]
pub struct Wire {
    socket: WebSocket<TcpStream>,
    last: u64,
    heard: VecDeque<Event>,
}

impl Wire {
    /// Connects to the address that a browser says when it starts: `ws://127.0.0.1:PORT/devtools/browser/ID`.
    pub fn connect(address: &str) -> Self {
        let host = address.trim_start_matches("ws://").split('/').next().unwrap_or_default();
        let stream = TcpStream::connect(host).expect("the browser listens where it says");
        stream.set_read_timeout(Some(PATIENCE)).expect("a wait can be bounded");
        let (socket, _) = tungstenite::client(address, stream).expect("the browser speaks WebSocket");
        Self { socket, last: 0, heard: VecDeque::new() }
    }

    /// Calls a method, in a page or with an empty `session` in the browser, and says what it answers, or why not.
    pub fn call(&mut self, session: &str, method: &str, params: &Value) -> Result<Value, String> {
        self.last += 1;
        let mut call = json!({ "id": self.last, "method": method, "params": params });
        if !session.is_empty() {
            call["sessionId"] = session.into();
        }
        self.socket.send(Message::text(call.to_string())).expect("the browser listens");
        loop {
            let mut said = self.read(method);
            if said["id"] == self.last {
                return match said.get("error") {
                    Some(error) => Err(error["message"].as_str().unwrap_or_default().to_owned()),
                    None => Ok(said["result"].take()),
                };
            }
            self.keep(said);
        }
    }

    /// The next event of a page, in the order in which they happened.
    pub fn next(&mut self, session: &str, awaited: &str) -> Event {
        loop {
            if let Some(event) = self.heard(session) {
                return event;
            }
            let said = self.read(awaited);
            self.keep(said);
        }
    }

    /// The next event of a page that was heard already.
    pub fn heard(&mut self, session: &str) -> Option<Event> {
        let at = self.heard.iter().position(|event| event.session == session)?;
        self.heard.remove(at)
    }

    fn keep(&mut self, mut said: Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if let Some(method) = said["method"].as_str().map(str::to_owned) {
            let session = text(&said["sessionId"]);
            self.heard.push_back(Event { session, method, params: said["params"].take() });
        }
    }

    fn read(&mut self, awaited: &str) -> Value {
        loop {
            match self.socket.read() {
                Ok(Message::Text(text)) => {
                    return serde_json::from_str(&text).expect("the browser speaks JSON");
                }
                Ok(_) => {}
                Err(error) => panic!("while waiting for {awaited}, the browser said nothing: {error}"),
            }
        }
    }
}

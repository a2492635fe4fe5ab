//! A browser reduced to what can be measured: connections that stay open, a cookie, answers that are checked.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// What is asked for, and which answers are right.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The path, with what follows the question mark.
    pub path: String,
    /// Lines of the head besides the usual ones, each with its end.
    pub head: String,
    /// The body.
    pub body: String,
    /// The answers that are right.
    pub good: &'static [u16],
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    headers: Vec<String>,
    /// What it says.
    pub body: Vec<u8>,
}

/// One connection.
pub struct Browser {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
    cookie: String,
    /// The line in which scripts of some pages repeat a cookie.
    token: String,
}

/// A piece of work of a load.
pub type Done = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
/// Pieces of work, by their numbers.
pub type Work = Box<dyn Fn(u64) -> Done + Send + Sync>;

impl Request {
    /// A page.
    pub fn page(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), head: String::new(), body: String::new(), good: &[200] }
    }

    /// A form that is sent, and answered with the way to a page.
    pub fn form(path: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        Self {
            method: "POST",
            head: "Content-Type: application/x-www-form-urlencoded\r\n".to_owned(),
            body: fields.join("&"),
            good: &[303],
            ..Self::page(path)
        }
    }
}

/// A text as it stands in a form.
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

impl Answer {
    /// A line of the head.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.iter().filter_map(|line| line.split_once(':'));
        lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// All lines of the head with a name.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.headers.iter().filter_map(|line| line.split_once(':'));
        lines.filter(move |(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// What it says, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Browser {
    /// Opens a connection.
    pub async fn connect(address: SocketAddr, cookie: &str) -> Result<Self, String> {
        let token = cookie.split("; ").find_map(|cookie| cookie.strip_prefix("csrftoken="));
        let token = token.map(|token| format!("X-CSRFToken: {token}\r\n")).unwrap_or_default();
        Ok(Self { stream: open(address).await?, address, cookie: cookie.to_owned(), token })
    }

    /// Signs in with a link and says the cookie.
    pub async fn sign_in(address: SocketAddr, link: &str) -> Result<String, String> {
        let mut browser = Self::connect(address, "").await?;
        let answer = browser.send(&Request::form(format!("/sign-in/link/{link}"), &[])).await?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        cookie.map(str::to_owned).ok_or_else(|| format!("signing in was answered with {}", answer.status))
    }

    /// Work for as many tasks as there are connections: each piece is some requests, one after the other. `cookies` are shared out among the
    /// connections.
    pub async fn work(
        address: SocketAddr,
        cookies: &[String],
        connections: usize,
        make: impl Fn(u64) -> Vec<Request> + Send + Sync + 'static,
    ) -> Result<Work, String> {
        let mut open = Vec::new();
        for n in 0..connections {
            let cookie = cookies.get(n % cookies.len().max(1)).map_or("", String::as_str);
            open.push(Arc::new(Mutex::new(Self::connect(address, cookie).await?)));
        }
        let make = Arc::new(make);
        Ok(Box::new(move |n: u64| -> Done {
            let (browser, make) = (Arc::clone(&open[n as usize % open.len()]), Arc::clone(&make));
            Box::pin(async move {
                let mut browser = browser.lock().await;
                for request in make(n) {
                    browser.right(&request).await?;
                }
                Ok(())
            })
        }))
    }

    /// Asks, and sees to it that the answer is right.
    pub async fn right(&mut self, request: &Request) -> Result<Answer, String> {
        let answer = self.send(request).await?;
        if request.good.contains(&answer.status) {
            return Ok(answer);
        }
        let (Request { method, path, .. }, said) = (request, answer.text());
        let said: String = said.chars().take(300).collect();
        Err(format!("{method} {path} was answered with {}: {said}", answer.status))
    }

    /// Asks, and does not wait for an answer.
    pub async fn abandon(mut self, request: &Request) -> Result<(), String> {
        self.ask(request).await
    }

    /// Asks.
    pub async fn send(&mut self, request: &Request) -> Result<Answer, String> {
        self.ask(request).await?;
        self.answer().await
    }

    async fn ask(&mut self, request: &Request) -> Result<(), String> {
        let Self { address: host, cookie, token, .. } = &*self;
        let Request { method, path, head, body, .. } = request;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nReferer: http://{host}/\r\n\
             Sec-Fetch-Site: same-origin\r\nUser-Agent: bench\r\nCookie: {cookie}\r\nAccept: text/html, application/json\r\n{head}{token}\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).await.map_err(|e| e.to_string())
    }

    async fn answer(&mut self) -> Result<Answer, String> {
        let mut headers = Vec::new();
        loop {
            match self.line().await? {
                line if line.is_empty() => break,
                line => headers.push(line),
            }
        }
        let status = headers.first().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let mut answer =
            Answer { status: status.ok_or("an answer without a status")?, headers, body: Vec::new() };
        self.read(&mut answer).await?;
        // Some servers end a connection after an answer; a browser opens another.
        if answer.header("connection").is_some_and(|word| word.eq_ignore_ascii_case("close")) {
            self.stream = open(self.address).await?;
        }
        Ok(answer)
    }

    async fn read(&mut self, answer: &mut Answer) -> Result<(), String> {
        if let Some(length) = answer.header("content-length").and_then(|length| length.parse().ok()) {
            answer.body = vec![0; length];
            return self.stream.read_exact(&mut answer.body).await.map(drop).map_err(|e| e.to_string());
        }
        if answer.header("transfer-encoding") == Some("chunked") {
            loop {
                let size = self.line().await?;
                let size = size.split(';').next().and_then(|size| usize::from_str_radix(size, 16).ok());
                let size = size.ok_or("a part of an answer without a size")?;
                let mut part = vec![0; size];
                self.stream.read_exact(&mut part).await.map_err(|e| e.to_string())?;
                answer.body.extend(part);
                self.line().await?;
                if size == 0 {
                    return Ok(());
                }
            }
        }
        if matches!(answer.status, 204 | 304) {
            return Ok(());
        }
        self.stream.read_to_end(&mut answer.body).await.map_err(|e| e.to_string())?;
        self.stream = open(self.address).await?;
        Ok(())
    }

    async fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await {
            Ok(0) => Err("the server closed the connection".to_owned()),
            Ok(_) => Ok(line.trim_end().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

async fn open(address: SocketAddr) -> Result<BufReader<TcpStream>, String> {
    let stream = TcpStream::connect(address).await.map_err(|e| format!("{address}: {e}"))?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    Ok(BufReader::new(stream))
}

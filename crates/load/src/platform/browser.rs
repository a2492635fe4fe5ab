//! A browser reduced to what can be measured: connections that stay open, a cookie, answers that are checked.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// One connection.
pub struct Browser {
    stream: BufReader<TcpStream>,
    host: String,
    cookie: String,
}

/// An answer.
struct Answer {
    status: u16,
    headers: Vec<String>,
}

type Done = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

impl Browser {
    async fn connect(address: SocketAddr, cookie: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(address).await.map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        Ok(Self { stream: BufReader::new(stream), host: address.to_string(), cookie: cookie.to_owned() })
    }

    /// Signs in with a link and says the cookie.
    pub async fn sign_in(address: SocketAddr, link: &str) -> Result<String, String> {
        let mut browser = Self::connect(address, "").await?;
        let answer = browser.send("POST", &format!("/sign-in/link/{link}"), "").await?;
        let cookie = answer.headers.iter().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next());
        cookie.map(str::to_owned).ok_or_else(|| format!("signing in was answered with {}", answer.status))
    }

    /// Asks for a page, on as many connections as there are tasks.
    pub async fn asking(
        address: SocketAddr,
        cookie: &str,
        path: &str,
        connections: usize,
    ) -> Result<impl Fn(u64) -> Done + use<>, String> {
        let (open, path) = (Self::open(address, cookie, connections).await?, Arc::<str>::from(path));
        Ok(move |n: u64| -> Done {
            let (browser, path) = (Arc::clone(&open[n as usize % open.len()]), Arc::clone(&path));
            Box::pin(async move {
                let answer = browser.lock().await.send("GET", &path, "").await?;
                if answer.status == 200 { Ok(()) } else { Err(format!("{path} answered {}", answer.status)) }
            })
        })
    }

    /// Makes clients.
    pub async fn adding(
        address: SocketAddr,
        cookie: &str,
        connections: usize,
    ) -> Result<impl Fn(u64) -> Done + use<>, String> {
        let open = Self::open(address, cookie, connections).await?;
        Ok(move |n: u64| -> Done {
            let browser = Arc::clone(&open[n as usize % open.len()]);
            Box::pin(async move {
                let form = format!("name=Form+{connections}+{n}&zone=UTC");
                let answer = browser.lock().await.send("POST", "/clients", &form).await?;
                if answer.status == 303 {
                    Ok(())
                } else {
                    Err(format!("a form was answered {}", answer.status))
                }
            })
        })
    }

    async fn open(address: SocketAddr, cookie: &str, many: usize) -> Result<Vec<Arc<Mutex<Self>>>, String> {
        let mut open = Vec::new();
        for _ in 0..many {
            open.push(Arc::new(Mutex::new(Self::connect(address, cookie).await?)));
        }
        Ok(open)
    }

    async fn send(&mut self, method: &str, path: &str, form: &str) -> Result<Answer, String> {
        let Self { host, cookie, .. } = self;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n\
             Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).await.map_err(|e| e.to_string())?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            let read = self.stream.read_line(&mut line).await.map_err(|e| e.to_string())?;
            match line.trim_end() {
                _ if read == 0 => return Err("the server closed the connection".to_owned()),
                "" => break,
                line => headers.push(line.to_owned()),
            }
        }
        let length = headers.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.stream.read_exact(&mut body).await.map_err(|e| e.to_string())?;
        let status = headers.first().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        Ok(Answer { status: status.ok_or("an answer without a status")?, headers })
    }
}

//! The issuer of the tests: another program, as it will be in life, and somebody who logs in there.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use reqwest::{Client, Response, Url};

/// Names a folder with the issuer and what it needs.
const FOLDER: &str = "REMIT_TEST_ISSUER";

/// A running issuer.
pub struct Server {
    child: Child,
    pub url: String,
    /// Held open: it ends when what it writes is read by nobody.
    _out: BufReader<ChildStdout>,
}

impl Server {
    /// Starts it; none where the program for it is not there. `back` is where people come back to.
    pub fn start(back: &str) -> Option<Self> {
        let Some(folder) = std::env::var_os(FOLDER) else {
            eprintln!("skipped: {FOLDER} is not set; `cargo xtask test` sets it");
            return None;
        };
        let mut node = Command::new("node");
        node.arg("issuer.mjs").arg(back).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = node.spawn().expect("node starts");
        let mut url = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        out.read_line(&mut url).expect("it says its address");
        Some(Self { child, url: url.trim().to_owned(), _out: out })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser of somebody who logs in at the issuer.
pub struct Visitor {
    client: Client,
    cookies: HashMap<String, String>,
}

impl Visitor {
    pub fn new() -> Self {
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .expect("ring knows the versions")
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build();
        Self { client: client.expect("a client is made"), cookies: HashMap::new() }
    }

    async fn send(&mut self, url: &str, form: Option<&'static str>, account: &str) -> Response {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = match form {
            None => self.client.get(url),
            Some(form) => {
                let account: String = form_urlencoded::byte_serialize(account.as_bytes()).collect();
                let body = format!("{form}&login={account}");
                self.client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body)
            }
        };
        let answer = request.header("cookie", cookies.join("; ")).send().await.expect("the issuer answers");
        for cookie in answer.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().expect("cookies are text").split(';').next().unwrap_or_default();
            if let Some((name, value)) = cookie.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// What the clock of the issuer says.
    pub async fn clock(&mut self, server: &Server) -> remit_core::At {
        let answer = self.send(&format!("{}/.well-known/openid-configuration", server.url), None, "").await;
        let date = answer.headers()["date"].to_str().expect("a date is text");
        let date = jiff::fmt::rfc2822::parse(date).expect("it is a date");
        remit_core::At::from_millis(date.timestamp().as_millisecond())
    }

    /// Goes where Remit has sent them, logs in, and says with which path and query they come back.
    pub async fn log_in(&mut self, to: &str, account: &str, back: &str) -> String {
        let (mut url, mut form) = (to.to_owned(), None);
        for _ in 0..8 {
            let answer = self.send(&url, form.take(), account).await;
            let Some(next) = answer.headers().get("location") else {
                let text = answer.text().await.expect("it is text");
                assert!(text.contains("name=\"login\""), "{text}");
                form = Some("prompt=login&password=any");
                continue;
            };
            let here = Url::parse(&url).expect("it is an address");
            url = here.join(next.to_str().expect("it is text")).expect("it is an address").to_string();
            if url.starts_with(back) {
                return url["https://remit.example".len()..].to_owned();
            }
        }
        panic!("the issuer did not send anybody back, but to {url}");
    }
}

//! `remit demo`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use remit_app::people::Member;
use remit_app::site::{Site, routes};
use remit_app::{App, Caller, Refused, demo, sign_in};
use remit_core::{Id, Kind};
use remit_db::migrate::Start;
use remit_web::serve::{Stop, health, serve};
use remit_web::{ErrorPages, Random, Settings, SystemRandom, Transport, stack};
use serde::Serialize;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::{BOLD, DIM, Screen};
use crate::{clock, data};

/// Look around in a provider with twelve clients: a server on this machine, with a sign-in link for each role
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Everybody in the demo is invented. Without --data it is gone when the program ends. End it with Ctrl-C.

Examples:
  remit demo
  remit demo --data demo --listen 127.0.0.1:9000")]
pub struct Args {
    /// Keep it in this folder, and go on with what is there
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to listen; an address of this machine alone
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
}

/// How long requests that are under way may take to end.
const DEADLINE: Duration = Duration::from_secs(5);

/// What is said before it serves.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Ready {
    schema: &'static str,
    address: String,
    took_ms: u128,
    sign_in: Vec<SignIn>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct SignIn {
    role: &'static str,
    name: String,
    link: String,
}

/// Serves the demo until it is ended.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    if !args.listen.ip().is_loopback() {
        return Err(Failure::new(format!("{} can be reached from elsewhere", args.listen))
            .hint("the demo listens on this machine alone; write 127.0.0.1 and a port"));
    }
    let started = Instant::now();
    let gone_with_us = match args.data {
        Some(_) => None,
        None => Some(
            tempfile::tempdir().map_err(|e| Failure::new(format!("cannot make a temporary folder: {e}")))?,
        ),
    };
    let folder = match (&args.data, &gone_with_us) {
        (Some(folder), _) => folder.clone(),
        (None, Some(temporary)) => temporary.path().to_owned(),
        (None, None) => unreachable!("without a folder of the caller's there is a temporary one"),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|e| Failure::new(format!("cannot start threads: {e}")))?;
    runtime.block_on(async {
        let app = data::open(&folder, Start::Migrate(clock::now()))?;
        let (links, listener) = (links(&app).await?, tokio::net::TcpListener::bind(args.listen).await);
        let listener = listener.map_err(|e| {
            Failure::new(format!("cannot listen on {}: {e}", args.listen))
                .hint("choose another port with --listen")
        })?;
        let at = listener.local_addr().map_err(|e| Failure::new(e.to_string()))?;
        let ready = ready(at, &links, started.elapsed());
        screen.answer(&ready, || text(&ready))?;
        answer_requests(&app, listener).await
    })?;
    Ok(Outcome::Sound)
}

/// One link for each role; the demo is made first where there is none.
async fn links(app: &App) -> Result<Vec<(Member, String)>, Failure> {
    let failed = |e: Refused| Failure::new(e.to_string());
    let demo = match demo::find(app).await.map_err(failed)? {
        Some(demo) => demo,
        None => demo::make(app).await.map_err(failed)?,
    };
    let operator = Caller::operator(demo.provider);
    let mut links = Vec::new();
    for member in demo.roles {
        let id = member.id;
        let secret =
            app.write(&operator, move |tx, act| sign_in::make_link(tx, act, id)).await.map_err(failed)?;
        links.push((member, secret.reveal()));
    }
    Ok(links)
}

fn ready(at: SocketAddr, links: &[(Member, String)], took: Duration) -> Ready {
    let sign_in = links.iter().map(|(member, secret)| SignIn {
        role: member.role.name(),
        name: member.name.clone(),
        link: format!("http://{at}/sign-in/link/{secret}"),
    });
    Ready {
        schema: "remit-demo/1",
        address: format!("http://{at}/"),
        took_ms: took.as_millis(),
        sign_in: sign_in.collect(),
    }
}

fn text(ready: &Ready) -> String {
    let mut out = format!(
        "{BOLD}{}{BOLD:#}  {DIM}ready in {:.1} s; Ctrl-C ends it{DIM:#}\n\nSign in as (each link is good once):\n",
        ready.address,
        ready.took_ms as f64 / 1000.0
    );
    for SignIn { role, name, link } in &ready.sign_in {
        out.extend(["\n", role, ", ", name, "\n  ", link, "\n"]);
    }
    out
}

async fn answer_requests(app: &App, listener: tokio::net::TcpListener) -> Result<(), Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::new(format!("the server ended: {e}"));
    let stop = Stop::new();
    let site = Site::new(app.clone(), Transport::Loopback).stopped_by(stop.clone());
    let errors = ErrorPages { product: "Remit", api: "/api/", sign_in: Some("/sign-in") };
    let settings = Settings::new(Transport::Loopback, errors, Arc::new(request_id));
    let routes = stack(routes(site), settings).map_err(|e| failed(&e))?;
    let routes = routes.merge(health(async || Ok(()), stop.stopping()));
    let serving = serve(listener, routes, stop.stopping(), DEADLINE);
    let (served, stopped) = tokio::join!(serving, stop.at_signal());
    stopped.map_err(|e| failed(&e))?;
    served.map(drop).map_err(|e| failed(&e))
}

/// Names a request in its number.
enum Request {}

impl Kind for Request {
    const PREFIX: &'static str = "request";
}

fn request_id() -> uuid::Uuid {
    let mut bits = [0; 10];
    SystemRandom.fill(&mut bits);
    Id::<Request>::new(clock::now(), bits).uuid()
}

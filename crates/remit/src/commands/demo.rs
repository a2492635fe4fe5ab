//! `remit demo`.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use remit_app::demo::Demo;
use remit_app::people::Member;
use remit_app::sign_in::Networks;
use remit_app::{App, Caller, demo, sign_in};
use remit_db::migrate::Start;
use remit_web::Transport;
use remit_web::serve::Patience;
use serde::Serialize;

use crate::clock;
use crate::config::Config;
use crate::data::{Installation, make_folder, open};
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::past;
use crate::screen::{BOLD, DIM, Screen};
use crate::server::{self, Listeners, Service};

/// Look around in a provider with twelve clients: a server on this machine, with a sign-in link for each role
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Everybody in the demo is invented; when their tickets were opened, handed over and closed is that of a real log, moved to the past year. \
Without --data it is gone when the program ends. End it with Ctrl-C.

Examples:
  remit demo
  remit demo --data demo --listen 127.0.0.1:9000
  remit demo --one-in 50                          fewer tickets, ready at once")]
pub struct Args {
    /// Keep it in this folder, and go on with what is there
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to listen; an address of this machine alone
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// Tell every N-th incident of the log alone, to be ready sooner; 1 for all of them, 0 for none
    #[arg(long, value_name = "N", default_value_t = 1)]
    one_in: usize,
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
    /// For the log that its past was made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
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
    make_folder(&folder)?;
    server::runtime()?.block_on(async {
        let Installation { app, config } = open(Config::plain(&folder), Start::Migrate(clock::now()))?;
        let (links, credit) = links(&app, args.one_in, screen).await?;
        let listeners = Listeners::bind(args.listen, None).await?;
        let ready = ready(listeners.address()?, &links, (started.elapsed(), credit));
        screen.answer(&ready, || text(&ready))?;
        let service = Service {
            transport: Transport::Loopback,
            origin: None,
            proxies: Vec::new(),
            mail: None,
            backup: None,
            issuers: Networks::Public,
            request: config.request,
            patience: Patience::new(DEADLINE),
        };
        server::run(&app, &service, listeners).await
    })?;
    Ok(Outcome::Sound)
}

/// One link for each role; the demo is made first where there is none, and then says whom to credit for its past.
async fn links(
    app: &App,
    one_in: usize,
    screen: Screen,
) -> Result<(Vec<(Member, String)>, Option<String>), Failure> {
    let (demo, credit) = match demo::find(app).await? {
        Some(demo) => (demo, None),
        None if app.providers().await?.is_empty() => make(app, one_in, screen).await?,
        None => {
            return Err(Failure::new("another installation lives in this folder; nothing was changed")
                .hint("give the demo a folder of its own; serve what is here with: remit serve"));
        }
    };
    let operator = Caller::operator(demo.provider);
    let mut links = Vec::new();
    for member in demo.roles {
        let id = member.id;
        let secret = app.write(&operator, move |tx, act| sign_in::make_link(tx, act, id)).await?;
        links.push((member, secret.reveal()));
    }
    Ok((links, credit))
}

/// Makes it, and shows how far it is.
async fn make(app: &App, one_in: usize, screen: Screen) -> Result<(Demo, Option<String>), Failure> {
    if one_in == 0 {
        return Ok((demo::make(app).await?, None));
    }
    let bar = if screen.is_json() { ProgressBar::hidden() } else { ProgressBar::new(0) };
    let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  a year of tickets  {eta} left");
    bar.set_style(style.expect("the template is well-formed"));
    let (log, credit) = past::of_the_demo(one_in)?;
    let mut tell = |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let demo = demo::make_with_past(app, log, &mut tell).await?;
    bar.finish_and_clear();
    Ok((demo, Some(credit)))
}

fn ready(at: SocketAddr, links: &[(Member, String)], (took, credit): (Duration, Option<String>)) -> Ready {
    let sign_in = links.iter().map(|(member, secret)| SignIn {
        role: member.role.name(),
        name: member.name.clone(),
        link: format!("http://{at}/sign-in/link/{secret}"),
    });
    Ready {
        schema: "remit-demo/1",
        address: format!("http://{at}/"),
        took_ms: took.as_millis(),
        credit,
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
    if let Some(credit) = &ready.credit {
        let _ = write!(out, "\n{DIM}When things happened is real: {credit} The rest is invented.{DIM:#}\n");
    }
    out
}

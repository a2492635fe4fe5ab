//! `remit serve`.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use remit_web::serve::Ended;
use serde::Serialize;
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

use crate::config::{Config, LogForm};
use crate::data::Folder;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::screen::{BOLD, DIM, Screen};
use crate::server::{self, Listeners, Service};

/// Serve an installation until it is told to stop
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Make the installation first with `remit admin init`. It is told what to do by remit.toml in its folder; see `remit config example`. \
Ctrl-C or SIGTERM ends it: requests that are under way are answered first. Put a proxy that ends TLS in front, and say in \
server.address how browsers reach it. The log goes to stderr.

/healthz answers while the process lives, /readyz while it should be sent requests.

Examples:
  remit serve --data /var/lib/remit
  REMIT_LOG_FORM=json REMIT_METRICS_LISTEN=127.0.0.1:9464 remit serve --data /var/lib/remit")]
pub struct Args {
    #[command(flatten)]
    folder: Folder,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Ready<'c> {
    schema: &'static str,
    address: &'c str,
    listen: String,
    took_ms: u128,
}

/// Serves until it is told to stop.
pub fn run(args: &Args, screen: Screen) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let config = args.folder.config()?;
    let runtime = server::runtime()?;
    // Ends, and sends what is left, before the runtime does.
    #[cfg(feature = "otlp")]
    let _traces = record(&config, &runtime)?;
    #[cfg(not(feature = "otlp"))]
    log(&config);
    let installation = crate::data::open(config, remit_db::migrate::Start::MustBeCurrent)?;
    let config = &installation.config;
    let ended = runtime.block_on(async {
        let listeners = Listeners::bind(config.listen, config.metrics).await?;
        let listen = listeners.address()?.to_string();
        let ready = Ready {
            schema: "remit-serve/1",
            address: &config.address,
            listen,
            took_ms: started.elapsed().as_millis(),
        };
        screen.answer(&ready, || text(&ready, started.elapsed()))?;
        let service = Service {
            transport: config.transport,
            origin: Some(config.address.clone()),
            proxies: config.proxies.clone(),
            mail: config.mail.clone(),
            backup: config.backup.clone().map(|daily| (daily, config.place.clone())),
            issuers: config.issuers,
            request: config.request,
            patience: config.patience,
        };
        server::run(&installation.app, &service, listeners).await
    })?;
    if ended == Ended::CutOff {
        tracing::warn!(
            seconds = config.patience.stop.as_secs(),
            "stopped with requests still open; they were cut off"
        );
    }
    Ok(Outcome::Sound)
}

fn text(ready: &Ready<'_>, took: Duration) -> String {
    format!(
        "{BOLD}{}{BOLD:#}  {DIM}listening on {}, ready in {:.2} s; Ctrl-C ends it{DIM:#}\n",
        ready.address,
        ready.listen,
        took.as_secs_f64()
    )
}

/// From here on, what happens is logged to stderr.
#[cfg(not(feature = "otlp"))]
fn log(config: &Config) {
    tracing_subscriber::registry().with(lines(config)).init();
}

/// From here on, what happens is logged to stderr, and traced where somebody collects that.
#[cfg(feature = "otlp")]
fn record(
    config: &Config,
    runtime: &tokio::runtime::Runtime,
) -> Result<Option<crate::traces::Traces>, Failure> {
    let traces = config.telemetry.as_ref().map(|told| crate::traces::begin(told, runtime.handle()));
    let (spans, traces) = traces.transpose()?.unzip();
    tracing_subscriber::registry().with(lines(config)).with(spans).init();
    Ok(traces)
}

fn lines<S: Subscriber + for<'s> LookupSpan<'s>>(config: &Config) -> impl Layer<S> {
    let lines = match config.log_form {
        LogForm::Json => fmt::layer().json().flatten_event(true).with_writer(std::io::stderr).boxed(),
        LogForm::Text => {
            fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).boxed()
        }
    };
    lines.with_filter(config.log.clone())
}

//! From a socket to the last answer: listening, health, and stopping without cutting anybody off.

mod door;
#[cfg(test)]
mod tests;

use std::io;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;

use door::Door;

/// Says that the server is to stop.
#[derive(Debug, Clone)]
pub struct Stop(watch::Sender<bool>);

/// Hears that the server is to stop: given to everything that lasts longer than a request.
#[derive(Debug, Clone)]
pub struct Stopping(watch::Receiver<bool>);

impl Stop {
    /// A server that runs on.
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Stops it; a second time changes nothing.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Something that hears of it.
    pub fn stopping(&self) -> Stopping {
        Stopping(self.0.subscribe())
    }

    /// Stops at SIGTERM, or at Ctrl-C, that come from now on; what is given back runs until one has come. Within a runtime, and before
    /// anything is served: whoever has had an answer may tell the server to stop.
    pub fn at_signal(&self) -> io::Result<impl Future<Output = ()> + use<>> {
        #[cfg(unix)]
        let told = {
            use tokio::signal::unix::{SignalKind, signal};
            let (mut terminate, mut pressed) =
                (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
            async move {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = pressed.recv() => {}
                }
            }
        };
        #[cfg(not(unix))]
        let told = {
            let mut pressed = tokio::signal::windows::ctrl_c()?;
            async move { drop(pressed.recv().await) }
        };
        let stop = self.clone();
        Ok(async move {
            told.await;
            stop.begin();
        })
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

impl Stopping {
    /// Waits until the server is to stop; also when nobody is left who could say so.
    pub async fn begun(&mut self) {
        // An error means that the sender is gone, which is a stop too.
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    /// Whether it is to stop.
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }
}

/// How serving ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every answer was given.
    Drained,
    /// The deadline came first; what was still open was cut off.
    CutOff,
}

/// How much patience there is with clients. Whoever has more of it than the server is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long the head of a request may take to come: from the first moment of a connection, or from the answer before.
    pub head: Duration,
    /// Connections that may be open at once, at least one; more wait until one ends.
    pub connections: usize,
    /// How long requests that are under way may take to end when the server stops.
    pub stop: Duration,
}

impl Patience {
    /// The usual: 15 seconds for a head, 900 connections, for a process may often have no more than 1,024 files open.
    pub fn new(stop: Duration) -> Self {
        Self { head: Duration::from_secs(15), connections: 900, stop }
    }
}

/// Serves until `stopping`, then takes no more connections and gives those that are open some time to finish. Routes can ask for the
/// peer's address with `ConnectInfo<SocketAddr>`.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    stopping: Stopping,
    patience: Patience,
) -> io::Result<Ended> {
    let (mut stopping, door) = (stopping, Door::new(routes, patience));
    tokio::select! {
        () = door.take(&listener) => {}
        () = stopping.begun() => {}
    }
    drop(listener);
    tokio::select! {
        biased;
        () = door.close() => Ok(Ended::Drained),
        () = tokio::time::sleep(patience.stop) => Ok(Ended::CutOff),
    }
}

/// `/healthz`, whether the process answers, and `/readyz`, whether it should be sent requests: not while it stops, nor while
/// `ready` gives a reason against it. The reason goes to the log; strangers learn only that it is so.
pub fn health<F, W>(ready: F, stopping: Stopping) -> Router
where
    F: Fn() -> W + Clone + Send + Sync + 'static,
    W: Future<Output = Result<(), String>> + Send + 'static,
{
    let readiness = async move |State(stopping): State<Stopping>| -> Response {
        if stopping.has_begun() {
            return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
        }
        match ready().await {
            Ok(()) => "ready\n".into_response(),
            Err(reason) => {
                tracing::warn!(%reason, "not ready");
                (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
            }
        }
    };
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(readiness))
        .with_state(stopping)
}

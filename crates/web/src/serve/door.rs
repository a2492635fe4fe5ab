//! How connections are taken and kept: not more than there are places, and none that says nothing.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use super::Patience;

/// How often an open connection of HTTP/2 is asked whether anybody is there.
const STILL_THERE: Duration = Duration::from_secs(30);

/// Where connections come in.
pub(super) struct Door {
    routes: Router,
    patience: Patience,
    places: Arc<Semaphore>,
    open: GracefulShutdown,
    http: Builder<TokioExecutor>,
}

impl Door {
    pub fn new(routes: Router, patience: Patience) -> Self {
        let mut http = Builder::new(TokioExecutor::new());
        http.http1().timer(TokioTimer::new()).header_read_timeout(patience.head);
        http.http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(STILL_THERE)
            .keep_alive_timeout(patience.head);
        let places = Arc::new(Semaphore::new(patience.connections.clamp(1, Semaphore::MAX_PERMITS)));
        // Now, and not for each request.
        let routes = routes.with_state(());
        Self { routes, patience, places, open: GracefulShutdown::new(), http }
    }

    /// Takes connections for as long as it is asked to.
    pub async fn take(&self, listener: &TcpListener) {
        loop {
            let place = self.places.clone().acquire_owned().await;
            let place = place.expect("the places are never closed");
            match listener.accept().await {
                Ok((stream, peer)) => self.keep(stream, peer, place),
                // Whoever came has gone again.
                Err(error) if of_the_peer(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "no connection can be taken; trying again in a second");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Lets what is under way end, and waits for it.
    pub async fn close(self) {
        self.open.shutdown().await;
    }

    /// Answers on a connection until either side has had enough.
    fn keep(&self, stream: TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit) {
        let asked = Arc::new(AtomicBool::new(false));
        let (routes, asks) = (self.routes.clone(), asked.clone());
        let answer = service_fn(move |request: Request<Incoming>| {
            asks.store(true, Ordering::Relaxed);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            routes.clone().oneshot(request)
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), answer).into_owned();
        let connection = self.open.watch(connection);
        let head = self.patience.head;
        tokio::spawn(async move {
            let _place = place;
            // Before the first request it is not even known which version of HTTP it will be, and no limit of theirs holds.
            let silence = async move {
                tokio::time::sleep(head).await;
                if asked.load(Ordering::Relaxed) {
                    pending::<()>().await;
                }
            };
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended badly");
                },
                () = silence => tracing::debug!("a connection was closed: no request came"),
            }
        });
    }
}

fn of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

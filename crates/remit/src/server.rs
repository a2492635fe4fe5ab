//! From an open installation to the last answer.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use remit_app::mail::MailSettings;
use remit_app::sign_in::{Address, Issuers, Networks, Passkeys};
use remit_app::site::{Proxies, Site, UPLOADS, routes};
use remit_app::tickets::figures;
use remit_app::{App, work};
use remit_core::{Id, Kind};
use remit_db::Place;
use remit_jobs::Worker;
use remit_web::serve::{Ended, Patience, Stop, health, serve};
use remit_web::{ErrorPages, Random, Settings, SystemRandom, Transport, observe, stack};
use tokio::net::TcpListener;

use crate::backup::{self, Daily};
use crate::clock;
use crate::failure::Failure;

/// How requests are answered.
#[derive(Debug, Clone)]
pub struct Service {
    /// How browsers reach it.
    pub transport: Transport,
    /// The address that browsers say they come from, where a proxy changes it.
    pub origin: Option<String>,
    /// The proxies in front.
    pub proxies: Vec<IpAddr>,
    /// How mail is sent, if it is.
    pub mail: Option<MailSettings>,
    /// When backups come by themselves, if they do, and what of.
    pub backup: Option<(Daily, Place)>,
    /// Where the issuers of parties may be.
    pub issuers: Networks,
    /// How long an answer may take to begin.
    pub request: Duration,
    /// How long clients may take.
    pub patience: Patience,
}

/// What is listened to.
pub struct Listeners {
    /// For the product.
    pub pages: TcpListener,
    /// For figures, if they are served.
    pub figures: Option<TcpListener>,
    /// Stops the server,
    stop: Stop,
    /// when it is told to.
    told: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Listeners {
    /// Takes the addresses. From here on, a signal ends it in order.
    pub async fn bind(pages: SocketAddr, figures: Option<SocketAddr>) -> Result<Self, Failure> {
        let figures = match figures {
            Some(at) => Some(listen(at).await?),
            None => None,
        };
        let (pages, stop) = (listen(pages).await?, Stop::new());
        let told = stop.at_signal().map_err(|e| Failure::new(format!("cannot hear signals: {e}")))?;
        Ok(Self { pages, figures, stop, told: Box::pin(told) })
    }

    /// Where the product is.
    pub fn address(&self) -> Result<SocketAddr, Failure> {
        self.pages.local_addr().map_err(|e| Failure::new(e.to_string()))
    }
}

async fn listen(at: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(at).await.map_err(|e| {
        Failure::new(format!("cannot listen on {at}: {e}"))
            .hint("choose another port, or end what listens there")
    })
}

/// A runtime for a server.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|e| Failure::new(format!("cannot start threads: {e}")))
}

/// Answers requests until it is told to stop. Says whether all of them were answered.
pub async fn run(app: &App, service: &Service, listeners: Listeners) -> Result<Ended, Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::new(format!("the server ended: {e}"));
    let Listeners { pages: listener, figures, stop, told } = listeners;
    let errors = ErrorPages { product: "Remit", api: "/api/", sign_in: Some("/sign-in") };
    let mut settings = Settings::new(service.transport, errors, Arc::new(request_id));
    settings.origins.extend(service.origin.clone());
    settings.timeout = service.request;
    settings.uploads = Some(UPLOADS);
    let site = Site::new(app.clone(), service.transport)
        .stopped_by(stop.clone())
        .behind(Proxies::new(&service.proxies));
    let site = if service.mail.is_some() { site.with_mail() } else { site };
    let site = known_as(site, service)?;
    let handlers = work::handlers(app, service.mail.as_ref()).map_err(|e| failed(&e))?;
    let handlers = match &service.backup {
        Some((daily, place)) => backup::handlers(handlers, daily, place, app),
        None => handlers,
    };
    backup::schedule(app, service.backup.as_ref().map(|(daily, _)| daily)).await?;
    let worker = Worker::new(Arc::clone(&app.db), Arc::new(app.clone()), handlers);
    work::schedule(app).await.map_err(|e| failed(&e))?;
    let mut worker_stops = stop.stopping();
    let working = worker.run(async move { worker_stops.begun().await }, service.patience.stop);
    let ready = {
        let app = app.clone();
        move || {
            let app = app.clone();
            async move { app.db.ready().await.map_err(|e| e.to_string()) }
        }
    };
    let pages = stack(routes(site), settings).map_err(|e| failed(&e))?;
    #[cfg(feature = "otlp")]
    let pages = crate::traces::taken_up(pages, Proxies::new(&service.proxies));
    let pages = pages.merge(health(ready, stop.stopping()));
    let pages = serve(listener, pages, stop.stopping(), service.patience);
    let figures = async {
        match figures {
            Some(listener) => {
                let handle = observe::collect().map_err(|e| failed(&e))?;
                let patience = Patience::new(Duration::ZERO);
                let served = serve(listener, observe::metrics(handle), stop.stopping(), patience);
                tokio::select! {
                    served = served => served.map(drop).map_err(|e| failed(&e)),
                    () = counting(app) => Ok(()),
                }
            }
            None => Ok(()),
        }
    };
    let (ended, figures, left, ()) = tokio::join!(pages, figures, working, told);
    tracing::debug!(?left, "the worker has stopped");
    figures?;
    ended.map_err(|e| failed(&e))
}

/// Counts tickets once a minute, without end.
async fn counting(app: &App) {
    let mut every_minute = tokio::time::interval(Duration::from_mins(1));
    loop {
        every_minute.tick().await;
        if let Err(refused) = figures::keep(app).await {
            tracing::warn!(%refused, "tickets could not be counted");
        }
    }
}

/// What depends on how browsers reach the site: issuers lead back to it, passkeys belong to it.
fn known_as(site: Site, service: &Service) -> Result<Site, Failure> {
    let Some(origin) = &service.origin else { return Ok(site) };
    let address = Address::parse(origin).map_err(|why| Failure::new(format!("{origin}: {why}")))?;
    // Browsers bind passkeys to names, not to numbers.
    let named = address.host().parse::<IpAddr>().is_err();
    let site = if named { site.with_passkeys(Passkeys::new(&address)) } else { site };
    match Issuers::new(&address, service.issuers) {
        Ok(issuers) => Ok(site.with_issuers(issuers)),
        Err(why) => {
            tracing::warn!(%why, "nobody can sign in through an issuer");
            Ok(site)
        }
    }
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

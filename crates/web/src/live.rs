//! Live updates as server-sent events: the topics that changed, and nothing of what they say. The page then asks for its
//! parts again, through the same checks as ever.

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::Error;
use crate::serve::Stopping;

/// How long a connection is silent before a comment keeps it open; proxies close after 60 seconds.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// When a browser that lost the connection tries again.
const RETRY: Duration = Duration::from_secs(3);

/// Proof that a request comes from a page of this site. A stream is not protected by the check of forms, for it is a `GET`;
/// so it needs this, and a request without `Sec-Fetch-Site` and `Origin` is refused.
#[derive(Debug)]
pub struct SameOrigin(());

impl<S: Send + Sync> FromRequestParts<S> for SameOrigin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let here = parts.uri.authority().map(ToString::to_string);
        let here = here.or_else(|| text(&parts.headers, &HOST).map(ToOwned::to_owned));
        let origin = text(&parts.headers, &ORIGIN);
        let own = origin.map(|origin| origin.split_once("://").map(|(_, host)| host) == here.as_deref());
        let site = text(&parts.headers, &HeaderName::from_static("sec-fetch-site"));
        let refused = || Error::Forbidden("Live updates are for the pages of this site.".to_owned());
        match (site, own) {
            (Some("same-origin"), _) | (None, Some(true)) => Ok(Self(())),
            _ => Err(refused()),
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The stream for one listener: `event: topic` with the name of each topic that is `wanted`, `event: resync` when it was too
/// slow to be told of all, until the server stops. Whether the listener `may` still hear is asked before anything is told: where the right
/// is gone, nothing is, and the stream ends.
pub fn events<May: Future<Output = bool> + Send + 'static>(
    _: SameOrigin,
    topics: Receiver<String>,
    wanted: impl Fn(&str) -> bool + Send + 'static,
    may: impl Fn() -> May + Send + 'static,
    stopping: Stopping,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let listener = Listener { topics, wanted, may, stopping, greeted: false };
    let stream = unfold(listener, async |mut listener| Some((Ok(listener.next().await?), listener)));
    Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

struct Listener<W, F> {
    topics: Receiver<String>,
    wanted: W,
    may: F,
    stopping: Stopping,
    greeted: bool,
}

impl<W: Fn(&str) -> bool, F: Fn() -> May, May: Future<Output = bool>> Listener<W, F> {
    /// The next thing to tell; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        if !self.greeted {
            self.greeted = true;
            return Some(Event::default().retry(RETRY).comment("listening"));
        }
        loop {
            let received = tokio::select! {
                biased;
                () = self.stopping.begun() => return None,
                received = self.topics.recv() => received,
            };
            let event = match received {
                // A line break would end the event early.
                Ok(topic) if topic.contains(['\r', '\n']) || !(self.wanted)(&topic) => continue,
                Ok(topic) => Event::default().event("topic").data(topic),
                // Browsers drop an event without data.
                Err(RecvError::Lagged(_)) => Event::default().event("resync").data("all"),
                Err(RecvError::Closed) => return None,
            };
            let asked = (self.may)();
            return if asked.await { Some(event) } else { None };
        }
    }
}

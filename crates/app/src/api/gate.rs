//! What stands before every operation: who asks, how often they may, and whether they take what it answers.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, AUTHORIZATION};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use remit_core::Id;
use remit_web::limits::Limit;
use remit_web::{Error, Problem};

use super::operation::{For, Operation};
use crate::act::Caller;
use crate::sign_in::{Session, bearer, by_key};
use crate::site::{Remote, Signed, Site};

/// How often a program may ask, unless said otherwise: **the one place** for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Requests a minute of one key or one person.
    pub each_minute: NonZeroU32,
    /// Requests a minute of one address that are refused because nobody is signed in.
    pub strangers_minute: NonZeroU32,
}

impl Default for Rates {
    fn default() -> Self {
        let count = |n| NonZeroU32::new(n).expect("it is more than none");
        Self { each_minute: count(600), strangers_minute: count(120) }
    }
}

/// What requests of all callers share.
pub(crate) struct Desk {
    each: Limit,
    strangers: Limit,
    /// Names of what is being done right now, by the hash of caller and key.
    pub(super) doing: Mutex<Vec<[u8; 32]>>,
}

impl Desk {
    pub fn new(rates: Rates) -> Self {
        let minute = Duration::from_mins(1);
        Self {
            each: Limit::new("api", rates.each_minute, minute),
            strangers: Limit::new("strangers", rates.strangers_minute, minute),
            doing: Mutex::new(Vec::new()),
        }
    }

    /// How many operations with a key are under way.
    #[cfg(test)]
    pub fn busy(&self) -> usize {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub(super) fn enter(&self, name: [u8; 32]) -> bool {
        let mut doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        let free = !doing.contains(&name);
        if free {
            doing.push(name);
        }
        free
    }

    pub(super) fn leave(&self, name: &[u8; 32]) {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| other != name);
    }
}

/// Whoever asks: in a session or by a key.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub caller: Caller,
    /// The session, for people.
    pub session: Option<Id<Session>>,
    /// Tells keys and people apart; says nothing of the secret.
    pub name: [u8; 32],
    signed: Option<Signed>,
}

impl Who {
    /// Somebody who is signed in themselves; a key is refused.
    pub fn person(&self) -> Result<&Signed, Error> {
        let refused = "A person does this after signing in; a key cannot.";
        self.signed.as_ref().ok_or_else(|| Error::Forbidden(refused.to_owned()))
    }
}

impl FromRequestParts<Site> for Who {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Error> {
        parts.extensions.get::<Self>().cloned().ok_or(Error::Unauthenticated)
    }
}

/// Middleware, around each operation.
pub(crate) async fn gate(
    State((site, operation)): State<(Site, Arc<Operation>)>,
    request: Request,
    next: Next,
) -> Response {
    if operation.whom == For::Anybody {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let who = match who(&site, &mut parts).await {
        Ok(who) => who,
        Err(Error::Unauthenticated) => return stranger(&site, &mut parts).await,
        Err(error) => return error.into_response(),
    };
    let allowance = match site.desk.each.check(&blake3::Hash::from(who.name).to_hex()) {
        Ok(allowance) => allowance,
        Err(refusal) => return refusal.into_response(),
    };
    if !takes(&parts.headers, operation.answers.media) {
        let offered = operation.answers.media.join(", ");
        let problem = Problem::of(406).detail(format!("This answers {offered}."));
        return allowance.on(problem);
    }
    if let Err(error) = if operation.whom == For::Person { who.person().map(drop) } else { Ok(()) } {
        return allowance.on(error);
    }
    parts.extensions.insert(who);
    parts.extensions.insert(operation);
    allowance.on(next.run(Request::from_parts(parts, body)).await)
}

/// A key where one is sent, else the session.
async fn who(site: &Site, parts: &mut Parts) -> Result<Who, Error> {
    if parts.headers.contains_key(AUTHORIZATION) {
        let key = bearer(&parts.headers).ok_or(Error::Unauthenticated)?.to_owned();
        let caller = by_key(&site.app, &key).await?.ok_or(Error::Unauthenticated)?;
        let name = blake3::derive_key("remit 2026-11 name of an API key", key.as_bytes());
        return Ok(Who { caller, session: None, name, signed: None });
    }
    let signed = Signed::from_request_parts(parts, site).await?;
    let of = signed.caller.membership.map(Id::uuid).unwrap_or_default();
    let name = blake3::derive_key("remit 2026-11 name of a membership", of.as_bytes());
    Ok(Who { caller: signed.caller.clone(), session: Some(signed.session), name, signed: Some(signed) })
}

/// Who is not signed in is told so, and from one address not for ever.
async fn stranger(site: &Site, parts: &mut Parts) -> Response {
    // Whoever is on this machine can ask the database itself as often.
    let Ok(Remote(Some(from))) = Remote::from_request_parts(parts, site).await else {
        return Error::Unauthenticated.into_response();
    };
    match site.desk.strangers.check(&from.to_string()) {
        Ok(_) => Error::Unauthenticated.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// Whether the caller takes one of the media types. Errors are told to whoever asks, in whatever they take.
fn takes(headers: &HeaderMap, media: &[&str]) -> bool {
    let mut lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok()).peekable();
    if media.is_empty() || lines.peek().is_none() {
        return true;
    }
    lines.flat_map(|line| line.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        let fits = |media: &&str| {
            let media = media.split(';').next().unwrap_or_default();
            let family = media.split('/').next().unwrap_or_default();
            range.is_empty() || range == "*/*" || range == media || range == format!("{family}/*")
        };
        !refused && media.iter().any(fits)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_must_be_accepted() {
        let accept = |text: &'static str| HeaderMap::from_iter([(ACCEPT, text.parse().unwrap())]);
        for taken in ["*/*", "application/json", "text/html, application/*;q=0.1", "APPLICATION/JSON", ""] {
            assert!(takes(&accept(taken), &["application/json"]), "{taken}");
        }
        for refused in ["text/html", "application/json;q=0", "application/jsonx", "text/*"] {
            assert!(!takes(&accept(refused), &["application/json"]), "{refused}");
        }
        assert!(takes(&HeaderMap::new(), &["application/json"]) && takes(&accept("text/html"), &[]));
    }
}

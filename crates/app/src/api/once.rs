//! A repeated request is known by its key (draft-ietf-httpapi-idempotency-key-header): it is answered as the first was, and nothing is done
//! twice.
//!
//! The answer is kept in the unit of work that has the effect, so there is never one without the other. What was refused had no effect and is
//! not kept.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use remit_core::{At, Millis};
use remit_db::{Tx, system_sql};
use remit_jobs::{Failed, Task, Work};
use remit_web::body::read;
use remit_web::etag::Etag;
use remit_web::{Body, Error};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::gate::{Desk, Who};
use super::operation::{BODY, Operation};
use crate::App;
use crate::act::Act;
use crate::attachments::{self, Received, Waiting};
use crate::refused::Refused;
use crate::site::Site;

/// How long an answer is kept.
pub(crate) const KEPT: Millis = Millis::from_hours(24);
/// The longest key.
const LONGEST: usize = 255;
/// Answers that are forgotten in one unit of work.
const GROUP: i64 = 1000;
/// The header with the key.
pub(crate) const KEY: &str = "idempotency-key";
/// Says that an answer was given before.
pub(crate) const REPLAYED: &str = "idempotency-replayed";

/// A request that has an effect: who, what, and by which key it is known again.
pub(crate) struct Once<T> {
    pub site: Site,
    pub who: Who,
    pub body: T,
    pub headers: HeaderMap,
    known: Known,
}

/// By what a request is known again.
#[derive(Clone)]
pub(crate) struct Known {
    /// Of the caller and the key; none without a key.
    name: Option<[u8; 32]>,
    /// Of the request.
    request: [u8; 32],
}

/// What a verb did.
pub(crate) struct Made<T> {
    pub status: StatusCode,
    /// Where what was made is, behind the host.
    pub location: Option<String>,
    pub etag: Option<Etag>,
    /// None for an answer without a body.
    pub body: Option<T>,
}

impl<T> Made<T> {
    /// 201 with what was made.
    pub fn at(location: String, body: T) -> Self {
        Self { status: StatusCode::CREATED, location: Some(location), etag: None, body: Some(body) }
    }

    /// 200 with how it is now.
    pub fn now(body: T) -> Self {
        Self { status: StatusCode::OK, location: None, etag: None, body: Some(body) }
    }

    /// The same with a version.
    pub fn tagged(self, etag: Etag) -> Self {
        Self { etag: Some(etag), ..self }
    }
}

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    status: u16,
    location: Option<String>,
    etag: Option<String>,
    body: String,
}

impl Kept {
    fn of<T: Serialize>(made: &Made<T>) -> Result<Self, Refused> {
        let odd = |error: serde_json::Error| Refused::Db(remit_db::Error::Other(error.to_string()));
        Ok(Self {
            status: made.status.as_u16(),
            location: made.location.clone(),
            etag: made.etag.as_ref().map(ToString::to_string),
            body: made.body.as_ref().map_or(Ok(String::new()), serde_json::to_string).map_err(odd)?,
        })
    }

    fn answer(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = if self.body.is_empty() {
            status.into_response()
        } else {
            (status, [(CONTENT_TYPE, "application/json")], self.body).into_response()
        };
        let headers = response.headers_mut();
        let all = [(LOCATION, self.location), (ETAG, self.etag)];
        for (name, value) in all {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        }
        response
    }
}

impl<T: DeserializeOwned> FromRequest<Site> for Once<T> {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Error> {
        let who = request.extensions().get::<Who>().cloned().ok_or(Error::Unauthenticated)?;
        let headers = request.headers().clone();
        let key = key(&headers)?;
        let mut hash = hasher(&request);
        // What takes nothing can be sent without a body.
        let limit = request.extensions().get::<Arc<Operation>>().map_or(BODY, |operation| operation.limit);
        let bytes = if headers.contains_key(CONTENT_TYPE) {
            read(request, site, limit).await?
        } else {
            match to_bytes(request.into_body(), limit).await {
                Ok(none) if none.is_empty() => "{}".into(),
                _ => return Err(Error::MediaType("application/json")),
            }
        };
        hash.update(&bytes);
        let known = Known { name: named(&who, key.as_deref()), request: *hash.finalize().as_bytes() };
        let Body(body) = Body::parse(&bytes)?;
        Ok(Self { site: site.clone(), who, body, headers, known })
    }
}

impl Once<Waiting> {
    /// A request whose body is one file called `name`: it goes to the disk as it comes, and is known again by its bytes.
    pub async fn of_file(site: &Site, name: &str, request: Request) -> Result<Self, Error> {
        let who = request.extensions().get::<Who>().cloned().ok_or(Error::Unauthenticated)?;
        let headers = request.headers().clone();
        let key = key(&headers)?;
        let mut hash = hasher(&request);
        let body = attachments::waiting(site, &who.caller, (name, request)).await?;
        hash.update(body.hash().as_bytes());
        let known = Known { name: named(&who, key.as_deref()), request: *hash.finalize().as_bytes() };
        Ok(Self { site: site.clone(), who, body, headers, known })
    }

    /// The same with the file kept.
    pub async fn kept(self) -> Result<Once<Received>, Error> {
        let Self { site, who, body, headers, known } = self;
        let body = body.keep(&site.app, &who.caller).await?;
        Ok(Once { site, who, body, headers, known })
    }
}

/// Begins the hash of a request with its method and its address.
fn hasher(request: &Request) -> blake3::Hasher {
    let mut hash = blake3::Hasher::new_derive_key("remit 2026-11 request of a program");
    let place = request.uri().path_and_query().map_or("", |place| place.as_str());
    for part in [request.method().as_str().as_bytes(), place.as_bytes()] {
        hash.update(&(part.len() as u64).to_le_bytes()).update(part);
    }
    hash
}

/// Of the caller and the key; none without a key.
fn named(who: &Who, key: Option<&str>) -> Option<[u8; 32]> {
    key.map(|key| {
        let mut name = blake3::Hasher::new_derive_key("remit 2026-11 key of a request");
        *name.update(&who.name).update(key.as_bytes()).finalize().as_bytes()
    })
}

/// The key as it was sent, a quoted text or a bare one.
fn key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let mut lines = headers.get_all(KEY).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let text = line.to_str().unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let sound =
        (1..=LONGEST).contains(&text.len()) && text.bytes().all(|b| (0x21..0x7f).contains(&b) && b != b'"');
    if lines.next().is_some() || !sound {
        let message = format!("Send one key of 1 to {LONGEST} visible characters, such as a UUID.");
        return Err(Error::field(KEY, message));
    }
    Ok(Some(text.to_owned()))
}

/// Leaves the desk when the request is done, however it ends.
struct Doing(Arc<Desk>, [u8; 32]);

impl Drop for Doing {
    fn drop(&mut self) {
        self.0.leave(&self.1);
    }
}

/// How a unit of work ended.
pub(crate) enum Ended {
    /// It was done now.
    Done(KeptAnswer),
    /// It was done before.
    Before(KeptAnswer),
    /// The key stands for another request.
    Other,
}

/// An answer, on its way.
pub(crate) struct KeptAnswer(Kept);

impl Known {
    /// Part of a unit of work, before the effect: what was answered to this request before.
    pub fn before(&self, tx: &mut Tx<'_, '_>, act: &Act) -> Result<Option<Ended>, Refused> {
        let Some(name) = self.name else { return Ok(None) };
        let (provider, since) = (act.caller.provider, act.at - KEPT);
        let found: Option<([u8; 32], String)> =
            tx.beyond("nobody reads what others were answered", move |tx| {
                let old = system_sql!(
                    "DELETE FROM api_answer WHERE provider_id = $1 AND id = $2 AND made_at <= $3"
                );
                tx.exec(old, (provider, name, since))?;
                let find =
                    system_sql!("SELECT request, answer FROM api_answer WHERE provider_id = $1 AND id = $2");
                tx.find(find, (provider, name))
            })?;
        let Some((request, answer)) = found else { return Ok(None) };
        if request != self.request {
            return Ok(Some(Ended::Other));
        }
        let odd = |error: serde_json::Error| Refused::Db(remit_db::Error::Other(error.to_string()));
        Ok(Some(Ended::Before(KeptAnswer(serde_json::from_str(&answer).map_err(odd)?))))
    }

    /// Part of a unit of work, after the effect: keeps what is answered, without what `kept` leaves out.
    pub fn keep<T: Serialize>(
        &self,
        tx: &mut Tx<'_, '_>,
        act: &Act,
        answered: &Made<T>,
        kept: &Made<T>,
    ) -> Result<Ended, Refused> {
        let (answer, keep) = (Kept::of(answered)?, Kept::of(kept)?);
        if let Some(name) = self.name {
            let (provider, request, at) = (act.caller.provider, self.request, act.at);
            let text = serde_json::to_string(&keep).expect("an answer is written as JSON");
            tx.beyond("nobody reads what others were answered", move |tx| {
                let add = system_sql!(
                    "INSERT INTO api_answer (provider_id, id, request, answer, made_at) VALUES ($1, $2, $3, $4, $5)"
                );
                tx.exec(add, (provider, name, request, text, at)).map(drop)
            })
            .map_err(|error| {
                if error.is_unique("api_answer.id") {
                    Refused::Conflict("another request with this key is being done; ask again".to_owned())
                } else {
                    error.into()
                }
            })?;
        }
        Ok(Ended::Done(KeptAnswer(answer)))
    }
}

impl<T> Once<T> {
    /// Marks the request as being done: 409 for a second one with its key meanwhile.
    fn begin(&self) -> Result<Option<Doing>, Error> {
        let Some(name) = self.known.name else { return Ok(None) };
        if !self.site.desk.enter(name) {
            let why = "A request with this Idempotency-Key is being done right now.";
            return Err(Error::Conflict(why.to_owned()));
        }
        Ok(Some(Doing(Arc::clone(&self.site.desk), name)))
    }

    /// Does it, or says what was answered when it was done.
    pub async fn make<A: Serialize + Send + 'static>(
        self,
        verb: impl FnOnce(&mut Tx<'_, '_>, &Act, T) -> Result<Made<A>, Refused> + Send + 'static,
    ) -> Result<Response, Error>
    where
        T: Send + 'static,
    {
        let doing = self.begin()?;
        let Self { site, who, body, known, .. } = self;
        let work = move |tx: &mut Tx<'_, '_>, act: &Act| {
            if let Some(before) = known.before(tx, act)? {
                return Ok(before);
            }
            let made = verb(tx, act, body)?;
            known.keep(tx, act, &made, &made)
        };
        let ended = site.app.write(&who.caller, work).await;
        drop(doing);
        answer(ended?)
    }

    /// The same for what is not one unit of work within the caller's scope: the verb asks [`Known::before`] and tells [`Known::keep`].
    pub async fn make_with<F>(self, verb: impl FnOnce(App, Who, T, Known) -> F) -> Result<Response, Error>
    where
        F: Future<Output = Result<Ended, Refused>>,
    {
        let doing = self.begin()?;
        let ended = verb(self.site.app.clone(), self.who, self.body, self.known).await;
        drop(doing);
        answer(ended?)
    }
}

fn answer(ended: Ended) -> Result<Response, Error> {
    match ended {
        Ended::Done(answer) => Ok(answer.0.answer()),
        Ended::Before(answer) => {
            let mut response = answer.0.answer();
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Ok(response)
        }
        Ended::Other => Err(Error::field(KEY, "This key was used for another request. Choose a new one.")),
    }
}

/// Forgets answers that are kept long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Forget {}

impl Work for Forget {
    const KIND: &'static str = "api.forget";
    const QUEUE: &'static str = "upkeep";
}

/// Does [`Forget`]. Says how many are gone.
pub(crate) async fn forget(app: &App, now: At) -> Result<u64, Refused> {
    let mut gone = 0;
    loop {
        let some = app.db.system("old answers of all providers go", move |tx| {
            let old = system_sql!(
                "DELETE FROM api_answer WHERE (provider_id, id) IN \
                 (SELECT a.provider_id, a.id FROM api_answer a WHERE a.made_at <= $1 ORDER BY a.made_at LIMIT $2)"
            );
            tx.exec(old, (now - KEPT, GROUP)).map_err(Refused::from)
        });
        match some.await? {
            0 => return Ok(gone),
            some => gone += some,
        }
    }
}

/// [`forget`] as a job.
pub(crate) async fn forgetting(app: App, _: Task, _: Forget) -> Result<(), Failed> {
    forget(&app, app.now()).await.map(drop).map_err(|refused| Failed::Again(refused.to_string()))
}

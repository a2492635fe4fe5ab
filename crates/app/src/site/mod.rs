//! The pages of all features, put together: who asks, what is around a page, and the list of routes.

mod remote;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use remit_core::{At, Id, Zone};
use remit_web::layout::{Chrome, Link, Shell, Viewer};
use remit_web::limits::Limit;
use remit_web::paging::{Cursors, Key};
use remit_web::serve::Stop;
use remit_web::{Error, Form, Transport, Uploads, assets};

use crate::act::Caller;
use crate::api::{self, Desk, Rates};
use crate::mail::Asking;
use crate::people::{Permission, Role};
use crate::preferences::Preferences;
use crate::refused::{Field, Refused};
use crate::sign_in::{Issuers, LONGEST, Passkeys, Resumed, Secret, Session, resume_and_turn, turn};
use crate::waits::{COUNTED, Waits};
use crate::{
    App, attachments, audit, board, clients, go, matrix, notices, people, portal, preferences, promises,
    ratings, recurring, reports, search, settings, sign_in, styleguide, tickets,
};

pub use remote::Proxies;
pub(crate) use remote::Remote;

/// What every route has at hand.
#[derive(Clone)]
pub struct Site {
    /// The application.
    pub app: App,
    /// How browsers reach it.
    pub transport: Transport,
    /// Writes and reads where a list goes on.
    pub cursors: Cursors,
    /// Whose word on where a request comes from is taken.
    pub proxies: Proxies,
    /// Ends what lasts longer than a request.
    pub stop: Stop,
    /// How often links to sign in with may be asked for; none where no mail is sent.
    pub asking: Option<Asking>,
    /// What requests of programs share.
    pub(crate) desk: Arc<Desk>,
    /// What it takes to ask the issuers of parties; none where the address of this site is not known.
    pub issuers: Option<Issuers>,
    /// How often somebody may send a file.
    pub(crate) uploads: Arc<Limit>,
    /// For which site passkeys are; none where the address of this site is not known.
    pub passkeys: Option<Passkeys>,
}

impl Site {
    /// Puts it together.
    pub fn new(app: App, transport: Transport) -> Self {
        let cursors = Cursors::new(app.key().derive("remit 2026-11 cursors of lists"));
        let desk = Arc::new(Desk::new(Rates::default()));
        Self {
            app,
            transport,
            cursors,
            proxies: Proxies::default(),
            stop: Stop::new(),
            asking: None,
            issuers: None,
            passkeys: None,
            uploads: Arc::new(attachments::limit()),
            desk,
        }
    }

    /// The same for a server that is stopped by `stop`.
    #[must_use]
    pub fn stopped_by(self, stop: Stop) -> Self {
        Self { stop, ..self }
    }

    /// The same behind proxies.
    #[must_use]
    pub fn behind(self, proxies: Proxies) -> Self {
        Self { proxies, ..self }
    }

    /// The same with other rates for programs.
    #[must_use]
    pub fn at_rates(self, rates: Rates) -> Self {
        Self { desk: Arc::new(Desk::new(rates)), ..self }
    }

    /// Lets people sign in through the issuers of their parties.
    #[must_use]
    pub fn with_issuers(self, issuers: Issuers) -> Self {
        Self { issuers: Some(issuers), ..self }
    }

    /// Lets people sign in with passkeys.
    #[must_use]
    pub fn with_passkeys(self, passkeys: Passkeys) -> Self {
        Self { passkeys: Some(passkeys), ..self }
    }

    /// Lets people ask for a link to sign in with by mail.
    #[must_use]
    pub fn with_mail(self) -> Self {
        Self { asking: Some(Asking::new()), ..self }
    }
}

/// What is said in a form about something that is no longer as it was when the form was opened.
pub(crate) const CHANGED: &str =
    "Somebody else has changed this since you opened it. Open it again to see what it is now.";

/// Where a list goes on.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct After {
    /// A cursor.
    pub after: Option<String>,
    /// The form of a file, where the whole list is wanted as one.
    pub format: Option<String>,
}

/// One page of a list that was asked for one entry more, and the keys behind which the next begins.
pub(crate) fn page_of<T>(
    mut entries: Vec<T>,
    most: u16,
    keys: impl Fn(&T) -> Vec<Key>,
) -> (Vec<T>, Option<Vec<Key>>) {
    let more = entries.len() > usize::from(most);
    entries.truncate(usize::from(most));
    let next = entries.last().filter(|_| more).map(keys);
    (entries, next)
}

/// A page with its frame.
pub(crate) fn shell(chrome: Chrome, body: &impl Template) -> Shell {
    Shell::new(chrome, body.render().expect("a page is written to a text"))
}

/// Writes into a form why a verb did not do what it asks, where that can be mended there.
pub(crate) fn told(form: &mut Form, field: &str, refused: Refused) -> Result<(), Error> {
    match refused {
        Refused::Invalid(fields) => {
            for Field { name, message } in fields {
                form.wrong(&name, message);
            }
        }
        Refused::Conflict(why) => form.wrong(field, why),
        other => return Err(other.into()),
    }
    Ok(())
}

/// An instant on the wall clock of a zone, to the minute.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
pub(crate) fn when(at: &At, zone: &Zone) -> String {
    zone.local(*at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Somebody who is signed in. A route that takes this refuses everybody else.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Who.
    pub caller: Caller,
    /// In which session.
    pub session: Id<Session>,
    /// What waits for them.
    pub waits: Waits,
    /// How they want the pages.
    pub preferences: Preferences,
    turned: Turned,
}

/// The next secret of a session, on its way into the answer.
#[derive(Debug, Clone, Default)]
struct Turned(Arc<Mutex<Option<Secret>>>);

impl Turned {
    fn put(&self, secret: Secret) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret);
    }

    fn take(&self) -> Option<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Signed {
    /// Gives the session a new secret, after a proof of who it is.
    pub(crate) async fn turn(&self, site: &Site) -> Result<(), Error> {
        self.turned.put(turn(&site.app, &self.caller, self.session).await?);
        Ok(())
    }
}

/// Middleware. Hands the next secret over, unless the answer sets the cookie itself.
async fn hand_over(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let turned = Turned::default();
    request.extensions_mut().insert(turned.clone());
    let mut response = next.run(request).await;
    if let Some(secret) = turned.take().filter(|_| !response.headers().contains_key(SET_COOKIE)) {
        let keep = Duration::from_millis(LONGEST.millis().unsigned_abs());
        response.headers_mut().append(SET_COOKIE, site.transport.set_cookie(&secret.reveal(), keep));
    }
    response
}

impl FromRequestParts<Site> for Signed {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Error> {
        let secret =
            site.transport.secret(&parts.headers).and_then(Secret::parse).ok_or(Error::Unauthenticated)?;
        let turned = parts.extensions.get::<Turned>().cloned().unwrap_or_default();
        let resumed = resume_and_turn(&site.app, &secret).await?.ok_or(Error::Unauthenticated)?;
        let Resumed { caller, session, waits, preferences, next } = resumed;
        if let Some(next) = next {
            turned.put(next);
        }
        Ok(Self { caller, session, waits, preferences, turned })
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound | Refused::Db(remit_db::Error::OutOfReach) => Self::NotFound,
            Refused::Forbidden(permission) => {
                Self::Forbidden(format!("Your role may not {}.", permission.words()))
            }
            Refused::BeyondKey(permission) => {
                Self::Forbidden(format!("This key may not {}.", permission.words()))
            }
            Refused::Invalid(fields) => {
                let mut errors = remit_web::FieldErrors::default();
                for field in fields {
                    errors.add(&field.name, field.message);
                }
                Self::Invalid(errors)
            }
            Refused::Conflict(why) => Self::Conflict(why),
            Refused::Wait { seconds } => Self::TooMany { retry_after_s: seconds },
            Refused::Stale => Self::Precondition("It was changed since you opened it.".to_owned()),
            Refused::Db(remit_db::Error::Busy) => Self::Busy,
            Refused::Db(error) => out_of_order(error),
        }
    }
}

/// What a failure of the database is to whoever asked. What it says goes to the log alone.
fn out_of_order(error: remit_db::Error) -> Error {
    let told = match &error {
        remit_db::Error::Full => Error::NoRoom,
        remit_db::Error::ReadOnly(_) => Error::Unavailable(
            "The database can only be read at the moment. Nothing of this was kept.".to_owned(),
        ),
        remit_db::Error::Gone(_) | remit_db::Error::Unusable(_) => Error::Unavailable(
            "The database does not answer at the moment. If you sent something, look whether it was kept."
                .to_owned(),
        ),
        _ => return Error::internal(error),
    };
    tracing::error!(%error, "the database is out of order");
    told
}

/// All routes.
pub fn routes(site: Site) -> Router {
    Router::new()
        .route("/", get(home))
        .merge(sign_in::web::routes())
        .merge(clients::web::routes())
        .merge(matrix::web::routes())
        .merge(people::web::routes())
        .merge(go::web::routes())
        .merge(notices::web::routes())
        .merge(portal::web::routes())
        .merge(tickets::sharing::web::routes())
        .merge(preferences::web::routes())
        .merge(promises::web::routes())
        .merge(tickets::web::routes())
        .merge(attachments::web::routes())
        .merge(search::web::routes())
        .merge(audit::web::routes())
        .merge(ratings::web::routes())
        .merge(board::web::routes())
        .merge(recurring::web::routes())
        .merge(reports::web::routes())
        .merge(settings::web::routes())
        .merge(styleguide::routes())
        .merge(api::routes(&site))
        .fallback(nothing)
        .layer(from_fn_with_state(site.clone(), hand_over))
        .with_state(site)
        .merge(assets::router())
}

/// What holds where attachments are sent. A form may take ten minutes to come: 250 MB at 3.5 Mbit/s.
pub const UPLOADS: Uploads =
    Uploads { at: takes_files, body_limit: attachments::FORM, timeout: Duration::from_mins(10) };

/// Whether attachments are sent to a path.
fn takes_files(path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("tickets"), Some("new"), None, _) | (Some("tickets"), Some(_), Some("lines"), None) => true,
        (Some("api"), Some("v1"), Some("tickets"), Some(_)) => {
            parts.next() == Some("attachments") && parts.next().is_none()
        }
        _ => false,
    }
}

/// An address at which nothing is.
async fn nothing() -> Error {
    Error::NotFound
}

async fn home(signed: Signed) -> Response {
    let caller = &signed.caller;
    let asks = !caller.may(Permission::WorkTickets) && caller.role.party() == people::PartyKind::Internal;
    Redirect::to(if asks {
        "/portal"
    } else if caller.may(Permission::ReadClients) {
        "/clients"
    } else {
        "/tickets"
    })
    .into_response()
}

/// What is around a page of somebody who is signed in. `section` is the address of the entry of the menu that the page belongs to.
pub(crate) fn chrome(signed: &Signed, title: &str, section: &str) -> Chrome {
    let caller = &signed.caller;
    let mut chrome = Chrome::new("Remit", title);
    // Each with the key that leads there.
    let entries = [
        ("Tickets", "/tickets", "g t", Permission::AskForHelp),
        ("Approvals", "/approvals", "g a", Permission::AskForHelp),
        ("Notices", "/notices", "g n", Permission::AskForHelp),
        ("Clients", "/clients", "g c", Permission::ReadClients),
        ("Promises", "/promises", "g p", Permission::ReadClients),
        ("Report", "/reports/desk", "g r", Permission::ReadTickets),
        ("People", "/people", "g h", Permission::ReadPeople),
        ("Audit", "/audit", "g l", Permission::ReadAudit),
        ("Settings", "/settings", "g s", Permission::ManageSettings),
    ];
    if caller.role.party() == people::PartyKind::Internal {
        let link = Link::new("Get help", "/portal");
        chrome.nav.push(if section == "/portal" { link.current() } else { link });
    }
    for (text, href, key, _) in entries.into_iter().filter(|(.., permission)| caller.may(*permission)) {
        let link = Link::new(text, href).key(key).waiting(match href {
            "/approvals" => waiting(signed.waits.approvals),
            "/notices" => waiting(signed.waits.notices),
            _ => None,
        });
        chrome.nav.push(if href == section { link.current() } else { link });
    }
    chrome.search = Some("/search".to_owned());
    chrome.go = Some("/go".to_owned());
    chrome.foot = format!("Remit · times are those of {}", caller.zone.name());
    chrome.viewer = Some(Viewer {
        name: caller.name.clone(),
        party: caller.role.party().hue(),
        party_name: party_words(caller.role).to_owned(),
        href: "/me".to_owned(),
    });
    preferences::web::put_into(&mut chrome, &signed.preferences);
    chrome
}

/// A figure of the menu; nothing where nothing waits.
fn waiting(count: i64) -> Option<String> {
    let most = i64::from(COUNTED);
    match count {
        ..=0 => None,
        many if many >= most => Some(format!("{}+", most - 1)),
        some => Some(some.to_string()),
    }
}

const fn party_words(role: Role) -> &'static str {
    match role.party() {
        people::PartyKind::Provider => "provider",
        people::PartyKind::Internal => "client",
        people::PartyKind::Vendor => "vendor",
    }
}

//! The pages of all features, put together: who asks, what is around a page, and the list of routes.

#[cfg(test)]
mod tests;

use askama::Template;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use remit_core::{At, Id, Zone};
use remit_web::layout::{Chrome, Link, Shell, Viewer};
use remit_web::paging::{Cursors, Key};
use remit_web::{Error, Form, Transport, assets};

use crate::act::Caller;
use crate::mail::Asking;
use crate::people::{Permission, Role};
use crate::refused::{Field, Refused};
use crate::sign_in::{Secret, Session, resume};
use crate::{App, audit, clients, matrix, people, sign_in};

/// What every route has at hand.
#[derive(Clone)]
pub struct Site {
    /// The application.
    pub app: App,
    /// How browsers reach it.
    pub transport: Transport,
    /// Writes and reads where a list goes on.
    pub cursors: Cursors,
    /// How often links to sign in with may be asked for; none where no mail is sent.
    pub asking: Option<Asking>,
}

impl Site {
    /// Puts it together.
    pub fn new(app: App, transport: Transport) -> Self {
        let cursors = Cursors::new(app.key().derive("remit 2026-11 cursors of lists"));
        Self { app, transport, cursors, asking: None }
    }

    /// Lets people ask for a link to sign in with by mail.
    #[must_use]
    pub fn with_mail(self) -> Self {
        Self { asking: Some(Asking::new()), ..self }
    }
}

/// Where a list goes on.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct After {
    /// A cursor.
    pub after: Option<String>,
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
                form.wrong(name, message);
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
}

impl FromRequestParts<Site> for Signed {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Error> {
        let secret =
            site.transport.secret(&parts.headers).and_then(Secret::parse).ok_or(Error::Unauthenticated)?;
        let (caller, session) = resume(&site.app, &secret).await?.ok_or(Error::Unauthenticated)?;
        Ok(Self { caller, session })
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound | Refused::Db(remit_db::Error::OutOfReach) => Self::NotFound,
            Refused::Forbidden(permission) => {
                Self::Forbidden(format!("Your role may not {}.", permission.words()))
            }
            Refused::Invalid(fields) => {
                let mut errors = remit_web::FieldErrors::default();
                for field in fields {
                    errors.add(field.name, field.message);
                }
                Self::Invalid(errors)
            }
            Refused::Conflict(why) => Self::Conflict(why),
            Refused::Stale => Self::Precondition("It was changed since you opened it.".to_owned()),
            Refused::Db(remit_db::Error::Busy) => Self::Busy,
            Refused::Db(error) => Self::internal(error),
        }
    }
}

/// All routes.
pub fn routes(site: Site) -> Router {
    Router::new()
        .route("/", get(home))
        .merge(sign_in::web::routes())
        .merge(clients::web::routes())
        .merge(matrix::web::routes())
        .merge(people::web::routes())
        .merge(audit::web::routes())
        .with_state(site)
        .merge(assets::router())
}

async fn home(signed: Signed) -> Response {
    Redirect::to(if signed.caller.role.may(Permission::ReadClients) { "/clients" } else { "/me" })
        .into_response()
}

/// What is around a page of somebody who is signed in. `section` is the address of the entry of the menu that the page belongs to.
pub(crate) fn chrome(signed: &Signed, title: &str, section: &str) -> Chrome {
    let caller = &signed.caller;
    let mut chrome = Chrome::new("Remit", title);
    let entries = [
        ("Clients", "/clients", Permission::ReadClients),
        ("People", "/people", Permission::ReadPeople),
        ("Audit", "/audit", Permission::ReadAudit),
    ];
    for (text, href, _) in entries.into_iter().filter(|(.., permission)| caller.role.may(*permission)) {
        let link = Link::new(text, href);
        chrome.nav.push(if href == section { link.current() } else { link });
    }
    chrome.foot = format!("Remit · times are those of {}", caller.zone.name());
    chrome.viewer = Some(Viewer {
        name: caller.name.clone(),
        party: caller.role.party().hue(),
        party_name: party_words(caller.role).to_owned(),
        href: "/me".to_owned(),
    });
    chrome
}

const fn party_words(role: Role) -> &'static str {
    match role.party() {
        people::PartyKind::Provider => "provider",
        people::PartyKind::Internal => "client",
        people::PartyKind::Vendor => "vendor",
    }
}

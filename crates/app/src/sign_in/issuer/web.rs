//! Pages: to the issuer of one's party and back, and one's own accounts there.

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, HeaderName, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::{Id, Zone};
use remit_web::layout::{Chrome, Shell, local_path};
use remit_web::{Error, Form};

use super::trip::{self, Back, Ended, Purpose, Sent};
use super::{Identity, Issuers, TRIP, forget_identity, identities, is_there};
use crate::act::Access;
use crate::people::Party;
use crate::refused::Refused;
use crate::sign_in::factor_web::frame;
use crate::sign_in::{Secret, web};
use crate::site::{Remote, Signed, Site, shell, told};

const REFRESH: HeaderName = HeaderName::from_static("refresh");

pub(in crate::sign_in) fn routes() -> Router<Site> {
    Router::new()
        .route("/sign-in/company", post(set_out))
        .route("/sign-in/back", get(come_back))
        .route("/me/company", get(show_company).post(link_account))
        .route("/me/company/remove", post(remove_account))
        .merge(super::settings_web::routes())
}

/// What it takes to ask issuers; where there is nothing, the pages are not there.
pub(super) fn issuers(site: &Site) -> Result<&Issuers, Error> {
    site.issuers.as_ref().ok_or(Error::NotFound)
}

async fn set_out(State(site): State<Site>, Remote(from): Remote, mut form: Form) -> Result<Response, Error> {
    let issuers = issuers(&site)?;
    form.only(&["work", "party", "next"])?;
    issuers.place.check(&from.map(|from| from.to_canonical().to_string()).unwrap_or_default())?;
    let next = form.value("next").to_owned();
    let chosen: Option<Id<Party>> = form.parsed_optional("party").flatten();
    let whose = if let Some(party) = chosen {
        Some((trip::provider_of(&site.app, party).await?, party))
    } else {
        let Some(email) = form.required("work", 254) else {
            return web::sign_in_again(&site, &form, &next).await;
        };
        // With several it cannot be known which one is meant, and a wrong one would ask for a password that is not its own.
        let found = trip::parties_for(&site.app, &email).await?;
        <[_; 1]>::try_from(found).ok().map(|[one]| one)
    };
    let Some(whose) = whose else {
        form.wrong("work", "There is no company sign-in for this address. Use a password or a link.");
        return web::sign_in_again(&site, &form, &next).await;
    };
    match trip::set_out(&site.app, issuers, whose, Purpose::SignIn { next: local_path(&next).to_owned() })
        .await
    {
        Ok(sent) => {
            let keep = Duration::from_millis(TRIP.millis().unsigned_abs());
            let cookie = site.transport.set_cookie(&sent.browser.reveal(), keep);
            let mut response = leave(&sent, Chrome::new("Remit", "Sign in"));
            response.headers_mut().append(SET_COOKIE, cookie);
            Ok(response)
        }
        Err(Refused::Conflict(why)) => {
            form.wrong("work", why);
            web::sign_in_again(&site, &form, &next).await
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "sign_in/issuer/leave.html")]
struct LeavePage<'p> {
    to: &'p str,
    host: &'p str,
}

/// A page with a link that leads away, and goes there by itself. It is no redirect: pages here may send forms to this site alone, and browsers
/// hold redirects to that too.
fn leave(sent: &Sent, chrome: Chrome) -> Response {
    let page = LeavePage { to: sent.to.as_str(), host: sent.to.host_str().unwrap_or_default() };
    let mut response = shell(chrome, &page).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(refresh) = HeaderValue::from_str(&format!("0; url={}", sent.to)) {
        headers.insert(REFRESH, refresh);
    }
    response
}

async fn come_back(
    State(site): State<Site>,
    signed: Result<Signed, Error>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let issuers = issuers(&site)?;
    let signed = signed.ok();
    let caller = signed.as_ref().map(|signed| &signed.caller);
    let kept = site.transport.secret(&headers).and_then(Secret::parse);
    match trip::come_back(&site.app, issuers, &back, (kept, caller), web::agent(&headers)).await {
        Ok(Ended::Began(begun, next)) => Ok(web::go_on(&site, &begun, &next)),
        Ok(Ended::Linked) => Ok(Redirect::to("/me/company").into_response()),
        Err(Refused::NotFound) => Err(Error::Conflict(
            "This way to your company's sign-in was used already, is too old, or began in another browser. Begin again on the page to sign in."
                .to_owned(),
        )),
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "sign_in/issuer/mine.html")]
struct MinePage<'p> {
    form: &'p Form,
    own: Vec<Identity>,
    /// Whether the party of the caller has an issuer.
    can_link: bool,
    /// Whether these pages are but to look at.
    vouched: bool,
    zone: &'p Zone,
}

async fn show_company(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    mine(&site, &signed, &Form::default()).await
}

async fn mine(site: &Site, signed: &Signed, form: &Form) -> Result<Shell, Error> {
    let own = identities(&site.app, &signed.caller).await?;
    let can_link = site.issuers.is_some() && is_there(&site.app, &signed.caller).await?.is_some();
    let vouched = signed.caller.access == Access::Vouched;
    let page = MinePage { form, own, can_link, vouched, zone: &signed.caller.zone };
    Ok(shell(frame(signed, "Company sign-in"), &page).status(form.status()))
}

async fn link_account(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    let issuers = issuers(&site)?;
    form.only(&[])?;
    let membership = signed.caller.membership.ok_or(Error::NotFound)?;
    let party = is_there(&site.app, &signed.caller).await?.ok_or(Error::NotFound)?;
    let whose = (signed.caller.provider.uuid(), party);
    match trip::set_out(&site.app, issuers, whose, Purpose::Link(membership)).await {
        Ok(sent) => Ok(leave(&sent, frame(&signed, "Company sign-in"))),
        Err(refused) => {
            told(&mut form, "proof", refused)?;
            Ok(mine(&site, &signed, &form).await?.into_response())
        }
    }
}

async fn remove_account(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    form.only(&["party", "subject", "proof"])?;
    let party: Option<Id<Party>> = form.parsed("party");
    let (party, subject) = (party.ok_or(Error::NotFound)?, form.value("subject").to_owned());
    let proof = form.value("proof").to_owned();
    match forget_identity(&site.app, &signed.caller, &proof, (party, subject)).await {
        Ok(()) => {
            signed.turn(&site).await?;
            Ok(Redirect::to("/me/company").into_response())
        }
        Err(refused) => {
            form.forget("proof");
            told(&mut form, "proof", refused)?;
            Ok(mine(&site, &signed, &form).await?.into_response())
        }
    }
}

//! Pages: signing in, one's own page, signing out.

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use remit_core::{Id, Zone};
use remit_web::layout::{Chrome, Shell, local_path};
use remit_web::{Error, Form};

use super::factor_web::waits;
use super::{
    Begun, CODE, Factor, LONGEST, Listed, Secret, Session, end, end_all, issuer, list, others, second_factor,
    set_password, switch, use_link, with_password,
};
use crate::mail;
use crate::people::{Member, Membership, Party, Permission, Role};
use crate::refused::Refused;
use crate::site::{Remote, Signed, Site, chrome, shell, told};

pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/sign-in", get(show_sign_in).post(create_session))
        .route("/sign-in/ask", post(ask))
        .route("/sign-in/link/{secret}", get(show_link).post(create_session_by_link))
        .route("/me", get(show_me))
        .route("/me/password", post(set_own_password))
        .route("/me/membership", post(switch_membership))
        .route("/me/sessions/end", post(end_session))
        .route("/sign-out", post(sign_out))
        .merge(super::factor_web::routes())
        .merge(issuer::web::routes())
        .merge(super::key_web::routes())
        .merge(super::passkey::web::routes())
}

#[derive(Template)]
#[template(path = "sign_in/sign_in.html")]
struct SignInPage<'p> {
    form: &'p Form,
    next: &'p str,
    /// Whether links can be asked for by mail.
    mail: bool,
    /// Whether parties can have issuers.
    company: bool,
    /// Those that have a button.
    buttons: Vec<(Id<Party>, String)>,
    /// Whether passkeys can be used.
    passkeys: bool,
}

#[derive(serde::Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    pub next: String,
}

async fn show_sign_in(State(site): State<Site>, Query(Next { next }): Query<Next>) -> Result<Shell, Error> {
    Ok(sign_in_page(&site, &buttons(&site).await?, (&Form::default(), &next)))
}

async fn buttons(site: &Site) -> Result<Vec<(Id<Party>, String)>, Error> {
    if site.issuers.is_none() { Ok(Vec::new()) } else { Ok(issuer::buttons(&site.app).await?) }
}

fn sign_in_page(site: &Site, buttons: &[(Id<Party>, String)], (form, next): (&Form, &str)) -> Shell {
    let (mail, company) = (site.asking.is_some(), site.issuers.is_some());
    let page = SignInPage {
        form,
        next,
        mail,
        company,
        buttons: buttons.to_vec(),
        passkeys: site.passkeys.is_some(),
    };
    shell(Chrome::new("Remit", "Sign in"), &page)
}

/// The page again, with what is wrong.
pub(super) async fn sign_in_again(site: &Site, form: &Form, next: &str) -> Result<Response, Error> {
    let page = sign_in_page(site, &buttons(site).await?, (form, next));
    Ok(page.status(form.status()).into_response())
}

#[derive(Template)]
#[template(path = "sign_in/asked.html")]
struct AskedPage;

/// Asks for a link by mail. The answer is the same for every address.
async fn ask(State(site): State<Site>, Remote(from): Remote, mut form: Form) -> Result<Response, Error> {
    let asking = site.asking.as_ref().ok_or(Error::NotFound)?;
    // Not `email`: that is a field of the form above it.
    form.only(&["address"])?;
    let Some(email) = form.required("address", 254) else {
        return sign_in_again(&site, &form, "").await;
    };
    mail::ask_for_link(&site.app, asking, &email, from).await?;
    Ok(shell(Chrome::new("Remit", "Sign in"), &AskedPage).into_response())
}

async fn create_session(
    State(site): State<Site>,
    Remote(from): Remote,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["email", "password", "next"])?;
    let (email, password) = (form.required("email", 254), form.required("password", 512));
    let next = form.value("next").to_owned();
    if let (Some(email), Some(password)) = (email, password) {
        match with_password(&site.app, &email, &password, from, agent(&headers)).await {
            Ok(Some(begun)) => return Ok(go_on(&site, &begun, local_path(&next))),
            Ok(None) => {
                let wrong = "Address and password do not belong together, or you have no password yet.";
                form.wrong("email", wrong);
            }
            Err(Refused::Wait { seconds }) => {
                form.forget("password");
                let buttons = buttons(&site).await?;
                let page = |form: &Form| sign_in_page(&site, &buttons, (form, &next));
                return Ok(waits(&mut form, "email", seconds, page));
            }
            // Their password was right: they may know what their company wants.
            Err(Refused::Conflict(why)) => form.wrong("email", why),
            Err(other) => return Err(other.into()),
        }
    }
    form.forget("password");
    sign_in_again(&site, &form, &next).await
}

#[derive(Template)]
#[template(path = "sign_in/link.html")]
struct LinkPage;

/// A page with a button: programs that follow the links in a mail do not use it up.
async fn show_link(Path(_): Path<String>) -> Shell {
    shell(Chrome::new("Remit", "Sign in"), &LinkPage)
}

async fn create_session_by_link(
    State(site): State<Site>,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let used_up =
        || Error::Conflict("This link was used already, or is too old. Ask for another.".to_owned());
    let link = Secret::parse(&secret).ok_or_else(used_up)?;
    match use_link(&site.app, &link, agent(&headers)).await {
        Ok(begun) => Ok(go_on(&site, &begun, "/")),
        Err(Refused::NotFound) => Err(used_up()),
        Err(other) => Err(other.into()),
    }
}

pub(super) fn agent(headers: &HeaderMap) -> &str {
    headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("unknown")
}

/// To the page that was asked for, or to the one that asks for a code.
pub(super) fn go_on(site: &Site, begun: &Begun, to: &str) -> Response {
    match begun {
        Begun::Session(secret) => signed_in(site, secret, to),
        Begun::Half(secret) => {
            let keep = Duration::from_millis(CODE.millis().unsigned_abs());
            let next: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
            with_cookie(
                site.transport.set_cookie(&secret.reveal(), keep),
                &format!("/sign-in/code?next={next}"),
            )
        }
    }
}

pub(super) fn signed_in(site: &Site, secret: &Secret, to: &str) -> Response {
    let keep = Duration::from_millis(LONGEST.millis().unsigned_abs());
    with_cookie(site.transport.set_cookie(&secret.reveal(), keep), to)
}

fn with_cookie(cookie: HeaderValue, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

#[derive(Template)]
#[template(path = "sign_in/me.html")]
struct MePage<'p> {
    name: &'p str,
    role: &'static str,
    form: &'p Form,
    factor: Factor,
    others: Vec<Member>,
    sessions: Vec<(Listed, bool)>,
    roles: Vec<(Role, Vec<&'static str>)>,
    zone: &'p Zone,
    /// The party whose issuer they may set.
    party: Option<Id<Party>>,
}

async fn show_me(State(site): State<Site>, signed: Signed, headers: HeaderMap) -> Result<Response, Error> {
    me(&site, &signed, &Form::default()).await.map(|page| page.answer(&headers))
}

async fn me(site: &Site, signed: &Signed, form: &Form) -> Result<Shell, Error> {
    let sessions = list(&site.app, &signed.caller).await?;
    let page = MePage {
        name: &signed.caller.name,
        role: signed.caller.role.name(),
        form,
        factor: second_factor(&site.app, &signed.caller).await?,
        others: others(&site.app, &signed.caller).await?,
        sessions: sessions
            .into_iter()
            .map(|s| (s.id == signed.session, s))
            .map(|(own, s)| (s, own))
            .collect(),
        roles: Role::ALL
            .into_iter()
            .map(|role| (role, role.permissions().map(Permission::words).collect()))
            .collect(),
        zone: &signed.caller.zone,
        party: issuer::own_party(&site.app, &signed.caller).await?,
    };
    Ok(shell(chrome(signed, "You", "/me"), &page).status(if form.valid() {
        StatusCode::OK
    } else {
        form.status()
    }))
}

async fn set_own_password(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["password", "proof"])?;
    let proof = form.value("proof").to_owned();
    if let Some(password) = form.required("password", 512) {
        match set_password(&site.app, &signed.caller, &proof, &password).await {
            Ok(()) => {
                signed.turn(&site).await?;
                return Ok(Redirect::to("/me").into_response());
            }
            Err(refused) => told(&mut form, "password", refused)?,
        }
    }
    form.forget("password");
    form.forget("proof");
    Ok(me(&site, &signed, &form).await?.into_response())
}

async fn switch_membership(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["membership"])?;
    let to: Option<Id<Membership>> = form.parsed("membership");
    let Some(to) = to else { return Err(Error::NotFound) };
    let secret = switch(&site.app, &signed.caller, signed.session, to).await?;
    Ok(signed_in(&site, &secret, "/"))
}

async fn end_session(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    form.only(&["session"])?;
    if form.value("session") == "all" {
        end_all(&site.app, &signed.caller).await?;
        return Ok(with_cookie(site.transport.clear_cookie(), "/sign-in"));
    }
    let session: Option<Id<Session>> = form.parsed("session");
    end(&site.app, &signed.caller, session.ok_or(Error::NotFound)?).await?;
    Ok(Redirect::to("/me").into_response())
}

async fn sign_out(State(site): State<Site>, signed: Signed) -> Result<Response, Error> {
    end(&site.app, &signed.caller, signed.session).await?;
    Ok(with_cookie(site.transport.clear_cookie(), "/sign-in"))
}

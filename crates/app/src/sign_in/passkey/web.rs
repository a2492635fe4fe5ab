//! Pages: one's own passkeys, and signing in with one. They need a script, and say so.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use data_encoding::BASE64URL_NOPAD;
use remit_core::{Id, Zone};
use remit_web::layout::{Chrome, Shell, local_path};
use remit_web::{Error, Form};

use super::credential::{ALGORITHMS, Assertion, part};
use super::verbs::{self, Listed, Question};
use super::{Passkey, Passkeys, list_passkeys, remove_passkey};
use crate::act::Access;
use crate::refused::Refused;
use crate::sign_in::factor_web::{frame, secret};
use crate::sign_in::{Secret, web};
use crate::site::{Remote, Signed, Site, shell, told};

pub(in crate::sign_in) fn routes() -> Router<Site> {
    Router::new()
        .route("/sign-in/passkey/begin", post(begin_session))
        .route("/sign-in/passkey", post(create_session))
        .route("/me/passkeys", get(show_passkeys).post(add_passkey))
        .route("/me/passkeys/begin", post(begin_passkey))
        .route("/me/passkeys/remove", post(remove))
}

fn passkeys(site: &Site) -> Result<&Passkeys, Error> {
    site.passkeys.as_ref().ok_or(Error::NotFound)
}

/// What a script tells the device.
struct Told {
    host: String,
    challenge: String,
    user: String,
    credentials: String,
}

impl Told {
    fn new(passkeys: &Passkeys, question: &Question) -> Self {
        let credentials: Vec<String> =
            question.credentials.iter().map(|one| BASE64URL_NOPAD.encode(one)).collect();
        Self {
            host: passkeys.party.host.clone(),
            challenge: BASE64URL_NOPAD.encode(&question.challenge),
            user: BASE64URL_NOPAD.encode(&question.user),
            credentials: credentials.join(" "),
        }
    }
}

#[derive(Template)]
#[template(path = "sign_in/passkey/use.html")]
struct UsePage<'p> {
    form: &'p Form,
    told: Told,
    next: &'p str,
}

/// A page that asks the device. Where somebody has come as far as the code, for one of their own passkeys.
async fn begin_session(
    State(site): State<Site>,
    Remote(from): Remote,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Error> {
    form.only(&["next"])?;
    passkeys(&site)?.place.check(&from.map(|from| from.to_canonical().to_string()).unwrap_or_default())?;
    let next = form.value("next").to_owned();
    ask(&site, &headers, &Form::default(), &next).await
}

async fn ask(site: &Site, headers: &HeaderMap, form: &Form, next: &str) -> Result<Response, Error> {
    let half = site.transport.secret(headers).and_then(Secret::parse);
    let question = verbs::ask_any(&site.app, half.as_ref()).await?;
    let page = UsePage { form, told: Told::new(passkeys(site)?, &question), next };
    Ok(secret(shell(Chrome::new("Remit", "Passkey"), &page).status(form.status())))
}

async fn create_session(
    State(site): State<Site>,
    Remote(from): Remote,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["credential", "user", "client", "device", "signature", "next"])?;
    passkeys(&site)?.place.check(&from.map(|from| from.to_canonical().to_string()).unwrap_or_default())?;
    let next = form.value("next").to_owned();
    let half = site.transport.secret(&headers).and_then(Secret::parse);
    let begun = match assertion(&form) {
        Some(assertion) => {
            let from = (half.as_ref(), web::agent(&headers));
            verbs::enter(&site.app, passkeys(&site)?, assertion, from).await
        }
        None => Ok(None),
    };
    for field in ["credential", "user", "client", "device", "signature"] {
        form.forget(field);
    }
    match begun {
        Ok(Some(begun)) => return Ok(web::go_on(&site, &begun, local_path(&next))),
        Ok(None) => form.wrong(
            "passkey",
            "This passkey is not known here, or it took too long. Try again, or use another way in.",
        ),
        Err(Refused::Conflict(why)) => form.wrong("passkey", why),
        Err(other) => return Err(other.into()),
    }
    ask(&site, &headers, &form, &next).await
}

fn assertion(form: &Form) -> Option<Assertion> {
    let field = |name| part(form.value(name));
    Some(Assertion {
        credential: field("credential")?,
        user: field("user")?,
        client: field("client")?,
        device: field("device")?,
        signature: field("signature")?,
    })
}

#[derive(Template)]
#[template(path = "sign_in/passkey/list.html")]
struct ListPage<'p> {
    form: &'p Form,
    own: Vec<Listed>,
    can_add: bool,
    vouched: bool,
    zone: &'p Zone,
}

async fn show_passkeys(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    list(&site, &signed, &Form::default()).await
}

async fn list(site: &Site, signed: &Signed, form: &Form) -> Result<Shell, Error> {
    let vouched = signed.caller.access == Access::Vouched;
    let (own, can_add) =
        (list_passkeys(&site.app, &signed.caller).await?, site.passkeys.is_some() && !vouched);
    let page = ListPage { form, own, can_add, vouched, zone: &signed.caller.zone };
    Ok(shell(frame(signed, "Passkeys"), &page).status(form.status()))
}

#[derive(Template)]
#[template(path = "sign_in/passkey/make.html")]
struct MakePage<'p> {
    told: Told,
    name: &'p str,
    algorithms: String,
}

async fn begin_passkey(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    let passkeys = passkeys(&site)?;
    form.only(&["name", "proof"])?;
    let (name, proof) = (form.value("name").to_owned(), form.value("proof").to_owned());
    form.forget("proof");
    match verbs::ask_new(&site.app, &signed.caller, &name, &proof).await {
        Ok(question) => {
            signed.turn(&site).await?;
            let algorithms = ALGORITHMS.map(|number| number.to_string()).join(" ");
            let page =
                MakePage { told: Told::new(passkeys, &question), name: &signed.caller.name, algorithms };
            Ok(secret(shell(frame(&signed, "New passkey"), &page)))
        }
        Err(refused) => {
            told(&mut form, "name", refused)?;
            Ok(list(&site, &signed, &form).await?.into_response())
        }
    }
}

async fn add_passkey(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    let passkeys = passkeys(&site)?;
    form.only(&["client", "attestation"])?;
    let parts = part(form.value("client")).zip(part(form.value("attestation")));
    let parts = parts.ok_or_else(|| Error::malformed("The answer of the browser cannot be read."))?;
    match verbs::add(&site.app, passkeys, &signed.caller, parts).await {
        Ok(()) => Ok(Redirect::to("/me/passkeys").into_response()),
        Err(refused) => {
            form.forget("client");
            form.forget("attestation");
            told(&mut form, "name", refused)?;
            Ok(list(&site, &signed, &form).await?.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}

async fn remove(State(site): State<Site>, signed: Signed, mut form: Form) -> Result<Response, Error> {
    form.only(&["passkey", "proof"])?;
    let id: Option<Id<Passkey>> = form.parsed("passkey");
    let (id, proof) = (id.ok_or(Error::NotFound)?, form.value("proof").to_owned());
    form.forget("proof");
    match remove_passkey(&site.app, &signed.caller, &proof, id).await {
        Ok(()) => {
            signed.turn(&site).await?;
            Ok(Redirect::to("/me/passkeys").into_response())
        }
        Err(refused) => {
            told(&mut form, "proof", refused)?;
            Ok(list(&site, &signed, &form).await?.into_response())
        }
    }
}

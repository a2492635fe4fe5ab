//! Pages: the question for a code, and one's own second factor.

use std::fmt::Write as _;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use qrcodegen::{QrCode, QrCodeEcc};
use remit_core::Zone;
use remit_web::layout::{Chrome, Link, Shell, local_path};
use remit_web::{Error, Form};

use super::web::{Next, signed_in};
use super::{
    Factor, Secret, begin_factor, confirm_factor, new_codes, remove_factor, second_factor, with_code,
};
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell, told};

/// White around a picture, in its own units: apps want four.
const MARGIN: i32 = 4;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/sign-in/code", get(show_code).post(create_session_by_code))
        .route("/me/second-factor", get(show_factor).post(change_factor))
        .route("/me/second-factor/codes", post(replace_codes))
}

/// A form that was sent too often: 429, with what was typed, and when to come back.
pub(super) fn waits(form: &mut Form, field: &str, seconds: u64, page: impl Fn(&Form) -> Shell) -> Response {
    let mut why = Refused::Wait { seconds }.to_string();
    why.replace_range(..1, "T");
    form.wrong(field, format!("{why}."));
    let mut response = page(form).status(StatusCode::TOO_MANY_REQUESTS).into_response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct CodePage<'p> {
    form: &'p Form,
    next: &'p str,
    /// Whether a passkey can be used instead.
    passkeys: bool,
}

async fn show_code(State(site): State<Site>, Query(Next { next }): Query<Next>) -> Shell {
    code_page(&site, &Form::default(), &next)
}

fn code_page(site: &Site, form: &Form, next: &str) -> Shell {
    shell(Chrome::new("Remit", "Code"), &CodePage { form, next, passkeys: site.passkeys.is_some() })
}

async fn create_session_by_code(
    State(site): State<Site>,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["code", "next"])?;
    let next = form.value("next").to_owned();
    if let Some(code) = form.required("code", 64) {
        // Whoever comes too late begins again.
        let again = || Ok(Redirect::to("/sign-in").into_response());
        let Some(half) = site.transport.secret(&headers).and_then(Secret::parse) else { return again() };
        match with_code(&site.app, &half, &code).await {
            Ok(Some(secret)) => return Ok(signed_in(&site, &secret, local_path(&next))),
            Ok(None) => {
                form.wrong("code", "This code is not right, or was used already. Wait for the next one.");
            }
            Err(Refused::NotFound) => return again(),
            Err(Refused::Wait { seconds }) => {
                form.forget("code");
                return Ok(waits(&mut form, "code", seconds, |form| code_page(&site, form, &next)));
            }
            Err(other) => return Err(other.into()),
        }
    }
    form.forget("code");
    Ok(code_page(&site, &form, &next).status(form.status()).into_response())
}

#[derive(Template)]
#[template(path = "sign_in/factor.html")]
struct FactorPage<'p> {
    form: &'p Form,
    factor: Factor,
    picture: String,
    zone: &'p Zone,
}

async fn show_factor(State(site): State<Site>, signed: Signed) -> Result<Response, Error> {
    factor_page(&site, &signed, &Form::default()).await
}

async fn factor_page(site: &Site, signed: &Signed, form: &Form) -> Result<Response, Error> {
    let factor = second_factor(&site.app, &signed.caller).await?;
    let picture =
        if let Factor::Begun(enrolment) = &factor { picture(&enrolment.address) } else { String::new() };
    let page = FactorPage { form, factor, picture, zone: &signed.caller.zone };
    Ok(secret(shell(frame(signed, "Second factor"), &page).status(form.status())))
}

pub(super) fn frame(signed: &Signed, title: &str) -> Chrome {
    let mut chrome = chrome(signed, title, "/me");
    chrome.crumbs.push(Link::new("You", "/me"));
    chrome
}

/// A page that is not kept anywhere, not even for going back.
pub(super) fn secret(page: Shell) -> Response {
    let mut response = page.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn change_factor(State(site): State<Site>, signed: Signed, form: Form) -> Result<Response, Error> {
    form.only(&["step", "proof", "code"])?;
    let (proof, code) = (form.value("proof").to_owned(), form.value("code").to_owned());
    let done = match form.value("step") {
        "begin" => begin_factor(&site.app, &signed.caller, &proof).await.map(|()| None),
        "confirm" => confirm_factor(&site.app, &signed.caller, &code).await.map(Some),
        "remove" => remove_factor(&site.app, &signed.caller, &proof).await.map(|()| None),
        _ => return Err(Error::malformed("The step is `begin`, `confirm` or `remove`.")),
    };
    answer(&site, &signed, form, done).await
}

async fn replace_codes(State(site): State<Site>, signed: Signed, form: Form) -> Result<Response, Error> {
    form.only(&["proof"])?;
    let done = new_codes(&site.app, &signed.caller, form.value("proof")).await.map(Some);
    answer(&site, &signed, form, done).await
}

#[derive(Template)]
#[template(path = "sign_in/codes.html")]
struct CodesPage {
    codes: Vec<String>,
}

/// The recovery codes, once; the page again; or the form with what is wrong.
async fn answer(
    site: &Site,
    signed: &Signed,
    mut form: Form,
    done: Result<Option<Vec<String>>, Refused>,
) -> Result<Response, Error> {
    if done.is_ok() {
        signed.turn(site).await?;
    }
    match done {
        Ok(Some(codes)) => return Ok(secret(shell(frame(signed, "Recovery codes"), &CodesPage { codes }))),
        Ok(None) => return Ok(Redirect::to("/me/second-factor").into_response()),
        Err(refused) => told(&mut form, "proof", refused)?,
    }
    form.forget("proof");
    form.forget("code");
    factor_page(site, signed, &form).await
}

/// An address as a picture for the camera of a phone: black on white in either theme, for that is what cameras read.
fn picture(address: &str) -> String {
    let code =
        QrCode::encode_text(address, QrCodeEcc::Medium).expect("an address of some hundred letters fits");
    let (size, mut path) = (code.size(), String::new());
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN)
                .expect("writing into a text does not fail");
        }
    }
    let whole = size + 2 * MARGIN;
    format!(
        "<svg width=\"220\" height=\"220\" viewBox=\"0 0 {whole} {whole}\" role=\"img\" aria-label=\"The secret as a picture\" \
         shape-rendering=\"crispEdges\"><rect width=\"{whole}\" height=\"{whole}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

//! What hand-offs are asked, service by service.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Zone;
use remit_db::Tx;
use remit_matrix::catalogue::Catalogue;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::{
    HandOffForm, MOST_QUESTIONS, Question, Warm, hand_off_form, hand_off_forms, remove_hand_off_form,
    set_hand_off_form,
};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};

/// A line of the form.
struct Line<'f> {
    number: usize,
    text: &'f str,
    required: bool,
}

#[derive(Template)]
#[template(path = "tickets/hand_off.html")]
struct Page<'p> {
    forms: Vec<HandOffForm>,
    /// The service whose form is open; empty for any.
    service: Option<String>,
    /// Whether it has one.
    there: bool,
    /// What is wrong with the service that was asked for.
    odd: Option<String>,
    form: &'p Form,
    zone: Zone,
}

impl Page<'_> {
    fn lines(&self) -> Vec<Line<'_>> {
        let typed: Vec<&str> = self.form.values("question").collect();
        let line = |at: usize| Line {
            number: at + 1,
            text: typed.get(at).copied().unwrap_or_default(),
            required: self.form.has("required", &(at + 1).to_string()),
        };
        (0..MOST_QUESTIONS.max(typed.len())).map(line).collect()
    }

    fn services() -> impl Iterator<Item = (&'static str, &'static str)> {
        Catalogue::builtin().listed().map(|service| (&*service.id, service.name.as_str()))
    }
}

#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    service: Option<String>,
}

/// The page, with the form of a service in it where one is named.
async fn page(
    site: &Site,
    signed: &Signed,
    asked: Option<String>,
    form: Option<&Form>,
) -> Result<Shell, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let forms = hand_off_forms(tx, act)?;
        let Some(asked) = asked else { return Ok((forms, None, None)) };
        Ok(match hand_off_form(tx, act, &asked) {
            Ok(found) => (forms, Some((asked.trim().to_owned(), found)), None),
            Err(Refused::Invalid(fields)) => {
                (forms, None, Some(fields.into_iter().map(|field| field.message).collect::<String>()))
            }
            Err(other) => return Err(other),
        })
    };
    let (forms, open, odd) = site.app.read(&signed.caller, read).await?;
    let (service, found) = open.map_or((None, None), |(service, found)| (Some(service), found));
    let stored = filled(found.as_ref());
    let form = form.unwrap_or(&stored);
    let mut chrome = chrome(signed, "Hand-offs", "/settings");
    chrome.crumbs.push(Link::new("Settings", "/settings"));
    let status = if odd.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { form.status() };
    let there = found.is_some();
    let page = Page { forms, service, there, odd, form, zone: signed.caller.zone.clone() };
    Ok(shell(chrome, &page).status(status))
}

fn filled(found: Option<&HandOffForm>) -> Form {
    let mut fields = vec![("version", found.map_or(0, |form| form.version).to_string())];
    for (number, question) in (1..).zip(found.into_iter().flat_map(|form| &form.questions)) {
        fields.push(("question", question.text.clone()));
        fields.extend(question.required.then(|| ("required", i32::to_string(&number))));
    }
    Form::filled(fields)
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(Asked { service }): Query<Asked>,
) -> Result<Shell, Error> {
    page(&site, &signed, service, None).await
}

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    form.only(&["service", "version", "question", "required"])?;
    let version: i64 = form.given("version")?;
    let service = form.value("service").to_owned();
    let typed = (1..).zip(form.values("question")).filter(|(_, text)| !text.trim().is_empty());
    let question = |(number, text): (usize, &str)| Question {
        text: text.to_owned(),
        required: form.has("required", &number.to_string()),
    };
    let questions: Vec<Question> = typed.map(question).collect();
    let to = service.clone();
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| set_hand_off_form(tx, act, (&to, version), &questions);
    match site.app.write(&signed.caller, verb).await {
        Ok(_) => return Ok(Redirect::to("/settings/hand-off").into_response()),
        Err(Refused::Stale) => form.wrong("questions", CHANGED),
        Err(refused) => told(&mut form, "questions", refused)?,
    }
    Ok(page(&site, &signed, Some(service), Some(&form)).await?.into_response())
}

pub(super) async fn remove(State(site): State<Site>, signed: Signed, form: Form) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    form.only(&["service"])?;
    let service = form.value("service").to_owned();
    site.app.write(&signed.caller, move |tx, act| remove_hand_off_form(tx, act, &service)).await?;
    Ok(Redirect::to("/settings/hand-off").into_response())
}

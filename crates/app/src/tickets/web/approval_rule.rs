//! What approvers are asked by itself, kind by kind and service by service.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::{At, Zone};
use remit_db::Tx;
use remit_matrix::catalogue::Catalogue;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::{ApprovalRule, Kind, approval_rules, remove_approval_rule, set_approval_rule};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};

/// Hours to answer in, unless somebody says something else.
const USUAL: &str = "72";

#[derive(Template)]
#[template(path = "tickets/approval_rules.html")]
struct Page<'p> {
    rules: Vec<ApprovalRule>,
    form: &'p Form,
    zone: Zone,
}

impl Page<'_> {
    fn kinds<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        ApprovalRule::KINDS.iter().map(|kind| (kind.key(), kind.name()))
    }

    fn services() -> impl Iterator<Item = (&'static str, &'static str)> {
        Catalogue::builtin().listed().map(|service| (&*service.id, service.name.as_str()))
    }
}

/// The rule that is to be changed; none for a new one.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    kind: Option<String>,
    service: Option<String>,
}

fn filled(found: Option<&ApprovalRule>) -> Form {
    let Some(rule) = found else { return Form::filled([("version", "0"), ("hours", USUAL)]) };
    let needed = if rule.needed == 0 { String::new() } else { rule.needed.to_string() };
    Form::filled([
        ("kind", rule.kind.key().to_owned()),
        ("service", rule.service.clone()),
        ("question", rule.question.clone()),
        ("needed", needed),
        ("hours", rule.hours.to_string()),
        ("version", rule.version.to_string()),
    ])
}

async fn page(site: &Site, signed: &Signed, asked: &Asked, form: Option<&Form>) -> Result<Shell, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    let rules = site.app.read(&signed.caller, approval_rules).await?;
    let kind = asked.kind.as_deref().and_then(Kind::from_key);
    let service = asked.service.as_deref().unwrap_or_default();
    let stored = filled(rules.iter().find(|rule| Some(rule.kind) == kind && rule.service == service));
    let form = form.unwrap_or(&stored);
    let mut chrome = chrome(signed, "Approvals", "/settings");
    chrome.crumbs.push(Link::new("Settings", "/settings"));
    Ok(shell(chrome, &Page { rules, form, zone: signed.caller.zone.clone() }).status(form.status()))
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Shell, Error> {
    page(&site, &signed, &asked, None).await
}

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    form.only(&["kind", "service", "question", "needed", "hours", "version"])?;
    let version: i64 = form.given("version")?;
    let kind = Kind::from_key(form.value("kind"));
    if kind.is_none() {
        form.wrong("kind", "Choose one of the list.");
    }
    let needed: Option<Option<u32>> = form.parsed_optional("needed");
    let hours: Option<u32> = form.parsed("hours");
    if let (Some(kind), Some(needed), Some(hours)) = (kind, needed, hours) {
        let rule = ApprovalRule {
            kind,
            service: form.value("service").to_owned(),
            question: form.value("question").to_owned(),
            needed: needed.unwrap_or(0),
            hours,
            version,
            changed_at: At::from_millis(0),
        };
        let verb = move |tx: &mut Tx<'_, '_>, act: &Act| set_approval_rule(tx, act, &rule);
        match site.app.write(&signed.caller, verb).await {
            Ok(_) => return Ok(Redirect::to("/settings/approvals").into_response()),
            Err(Refused::Stale) if version == 0 => {
                form.wrong("service", "There is a rule for this already: open it in the list to change it.");
            }
            Err(Refused::Stale) => form.wrong("question", CHANGED),
            Err(refused) => told(&mut form, "question", refused)?,
        }
    }
    let none = Asked { kind: None, service: None };
    Ok(page(&site, &signed, &none, Some(&form)).await?.into_response())
}

pub(super) async fn remove(State(site): State<Site>, signed: Signed, form: Form) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    form.only(&["kind", "service"])?;
    let kind = Kind::from_key(form.value("kind"));
    let kind = kind.ok_or_else(|| Error::malformed("There is no such kind of ticket."))?;
    let service = form.value("service").to_owned();
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| remove_approval_rule(tx, act, (kind, &service));
    site.app.write(&signed.caller, verb).await?;
    Ok(Redirect::to("/settings/approvals").into_response())
}

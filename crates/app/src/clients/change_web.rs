//! Pages: giving a client another name, and agreeing how it is served.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use remit_core::{Date, Id, Zone};
use remit_db::Tx;
use remit_matrix::catalogue::Arrangement;
use remit_matrix::draft::ServiceModel;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::{Agreement, Client, Summary, agree, find, rename};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{Signed, Site, chrome, shell, told};

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/clients/{id}/name", get(show_name).post(set_name))
        .route("/clients/{id}/agreement", get(show_agreement).post(set_agreement))
}

/// The client, for whoever may change it.
async fn to_change(site: &Site, signed: &Signed, id: Id<Client>) -> Result<Summary, Error> {
    signed.caller.require(Permission::ManageClients)?;
    Ok(site.app.read(&signed.caller, move |tx: &mut Tx<'_, '_>, act: &Act| find(tx, act, id)).await?)
}

fn about(signed: &Signed, client: &Summary, title: &str, page: &impl Template) -> Shell {
    let mut chrome = chrome(signed, &format!("{title} {}", client.name), "/clients");
    chrome.crumbs.push(Link::new("Clients", "/clients"));
    chrome.crumbs.push(Link::new(client.name.as_str(), format!("/clients/{}", client.id)));
    shell(chrome, page)
}

#[derive(Template)]
#[template(path = "clients/name.html")]
struct NamePage<'p> {
    form: &'p Form,
    client: &'p Summary,
}

async fn show_name(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
) -> Result<Shell, Error> {
    let client = to_change(&site, &signed, id).await?;
    let form = Form::filled([("name", client.name.clone()), ("version", client.version.to_string())]);
    Ok(about(&signed, &client, "Rename", &NamePage { form: &form, client: &client }))
}

async fn set_name(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClients)?;
    form.only(&["name", "version"])?;
    let (name, version) = (form.value("name").to_owned(), form.parsed::<i64>("version"));
    if let Some(version) = version {
        match site.app.write(&signed.caller, move |tx, act| rename(tx, act, id, version, &name)).await {
            Ok(()) => return Ok(Redirect::to(&format!("/clients/{id}")).into_response()),
            Err(refused @ Refused::Stale) => return Err(refused.into()),
            Err(refused) => told(&mut form, "name", refused)?,
        }
    }
    let client = to_change(&site, &signed, id).await?;
    let page = about(&signed, &client, "Rename", &NamePage { form: &form, client: &client });
    Ok(page.status(form.status()).into_response())
}

#[derive(Template)]
#[template(path = "clients/agreement.html")]
struct AgreementPage<'p> {
    form: &'p Form,
    client: &'p Summary,
}

/// The choices of the field.
const MODELS: [(&str, &str); 2] = [("fully-managed", "Fully managed"), ("co-managed", "Co-managed")];

impl AgreementPage<'_> {
    /// Each arrangement: its key, its words.
    fn arrangements() -> impl Iterator<Item = (&'static str, &'static str)> {
        Arrangement::ALL.into_iter().map(|arrangement| (arrangement.key(), arrangement.words()))
    }
}

async fn show_agreement(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
) -> Result<Shell, Error> {
    let client = to_change(&site, &signed, id).await?;
    let zone = Zone::parse(&client.zone).unwrap_or_else(|_| Zone::utc());
    let mut fields = vec![("starts_on", zone.local(site.app.now()).date().to_string())];
    if let Some(agreement) = &client.agreement {
        let model = match agreement.model {
            ServiceModel::FullyManaged => "fully-managed",
            ServiceModel::CoManaged => "co-managed",
        };
        fields.push(("model", model.to_owned()));
        fields.push(("tier", agreement.tier.clone()));
        fields.extend(agreement.arrangements.iter().map(|a| ("arrangement", a.key().to_owned())));
    }
    let form = Form::filled(fields);
    Ok(about(&signed, &client, "Agreement with", &AgreementPage { form: &form, client: &client }))
}

async fn set_agreement(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageClients)?;
    form.only(&["model", "arrangement", "starts_on", "tier"])?;
    let model = match form.value("model") {
        "fully-managed" => Some(ServiceModel::FullyManaged),
        "co-managed" => Some(ServiceModel::CoManaged),
        _ => None,
    };
    if model.is_none() {
        form.wrong("model", "Choose how the client is served.");
    }
    let arrangements: Option<Vec<Arrangement>> =
        form.values("arrangement").map(Arrangement::from_key).collect();
    if arrangements.is_none() {
        form.wrong("arrangement", "Choose arrangements of the list.");
    }
    let starts_on: Option<Date> = form.value("starts_on").parse().ok();
    if starts_on.is_none() {
        form.wrong("starts_on", "Write a day that exists, such as 2027-01-31.");
    }
    if let (Some(model), Some(arrangements), Some(starts_on)) = (model, arrangements, starts_on) {
        let new = Agreement { model, arrangements, starts_on, tier: form.value("tier").to_owned() };
        match site.app.write(&signed.caller, move |tx, act| agree(tx, act, id, &new)).await {
            Ok(()) => return Ok(Redirect::to(&format!("/clients/{id}")).into_response()),
            Err(Refused::Invalid(fields)) => {
                for field in fields {
                    form.wrong(
                        if field.name == "arrangements" { "arrangement" } else { &field.name },
                        field.message,
                    );
                }
            }
            Err(refused) => told(&mut form, "starts_on", refused)?,
        }
    }
    let client = to_change(&site, &signed, id).await?;
    let page = about(&signed, &client, "Agreement with", &AgreementPage { form: &form, client: &client });
    Ok(page.status(form.status()).into_response())
}

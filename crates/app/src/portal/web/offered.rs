//! What people can ask for: listed, written, and taken away.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Id;
use remit_db::Tx;
use remit_matrix::catalogue::Catalogue;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::{
    NewRequestType, RequestType, add_request_type, change_request_type, may_say, remove_request_type,
    request_type, request_types,
};
use super::own_client;
use crate::act::Act;
use crate::clients::{self, Client};
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};
use crate::tickets::{Kind, Urgency};

const FIELDS: [&str; 9] =
    ["name", "client", "head", "about", "kind", "urgency", "service", "private", "version"];
/// The most clients that can be chosen from.
const CLIENTS: u16 = 500;

#[derive(Template)]
#[template(path = "portal/types.html")]
struct ListPage {
    groups: Vec<(String, Vec<RequestType>)>,
}

#[derive(Template)]
#[template(path = "portal/type.html")]
struct EditPage<'p> {
    /// The one that is changed; none where it is new.
    of: Option<RequestType>,
    /// Who can be let ask for it: keys and words.
    clients: Vec<(String, String)>,
    services: Vec<(String, String)>,
    changes: bool,
    gone: bool,
    form: &'p Form,
}

impl EditPage<'_> {
    fn clients(&self) -> impl Iterator<Item = (&str, &str)> {
        self.clients.iter().map(|(key, words)| (key.as_str(), words.as_str()))
    }

    fn kinds<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        [Kind::Request, Kind::Incident, Kind::Change].into_iter().map(|kind| (kind.key(), kind.name()))
    }
}

const ALL: &str = "People of all clients";

/// Names of the clients within reach.
fn names(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<(Id<Client>, String)>, Refused> {
    Ok(clients::list(tx, act, None, CLIENTS)?.into_iter().map(|one| (one.id, one.name)).collect())
}

pub(super) async fn list(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    signed.caller.require(Permission::PlanTickets)?;
    let client = own_client(&signed.caller);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let names: BTreeMap<_, _> = names(tx, act)?.into_iter().map(|(id, name)| (id.uuid(), name)).collect();
        let mut groups: Vec<(String, Vec<RequestType>)> = Vec::new();
        for one in request_types(tx, act, client)? {
            let of = |id: Id<Client>| names.get(&id.uuid()).cloned().unwrap_or_default();
            let words = one.says.client.map_or(ALL.to_owned(), of);
            match groups.iter_mut().find(|(other, _)| *other == words) {
                Some((_, all)) => all.push(one),
                None => groups.push((words, vec![one])),
            }
        }
        groups.sort_by_key(|(words, _)| (words != ALL, words.to_lowercase()));
        Ok::<_, Refused>(groups)
    };
    let groups = site.app.read(&signed.caller, read).await?;
    let mut chrome = chrome(&signed, "What people can ask for", "/settings");
    chrome.crumbs.push(Link::new("Settings", "/settings"));
    Ok(shell(chrome, &ListPage { groups }))
}

async fn edit_page(
    site: &Site,
    signed: &Signed,
    (of, gone): (Option<RequestType>, bool),
    form: &Form,
) -> Result<Shell, Error> {
    let there = of.as_ref().map(|one| one.says.client);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let all = names(tx, act)?.into_iter().map(|(id, name)| (Some(id), name));
        let all = [(None, ALL.to_owned())].into_iter().chain(all);
        // Whose it is stays; a new one is for those for whom the caller can say it.
        let fits = |client: Option<Id<Client>>| there.map_or(may_say(act, client), |there| there == client);
        let clients = all.filter(|(client, _)| fits(*client));
        let keyed = |(id, name): (Option<Id<Client>>, String)| {
            (id.map(|id| id.to_string()).unwrap_or_default(), name)
        };
        Ok::<_, Refused>((clients.map(keyed).collect(), there.is_none_or(|client| may_say(act, client))))
    };
    let (clients, changes) = site.app.read(&signed.caller, read).await?;
    let title = of.as_ref().map_or("New request type", |one| one.says.name.as_str());
    let mut chrome = chrome(signed, title, "/settings");
    chrome.crumbs.push(Link::new("What people can ask for", "/requests"));
    let services = Catalogue::builtin().listed();
    let services = services.map(|service| (service.id.to_string(), service.name.clone())).collect();
    Ok(shell(chrome, &EditPage { of, clients, services, changes, gone, form }).status(form.status()))
}

/// What one says, as a form.
fn filled(says: &NewRequestType, version: i64) -> Form {
    Form::filled([
        ("name", says.name.clone()),
        ("client", says.client.map(|client| client.to_string()).unwrap_or_default()),
        ("head", says.head.clone()),
        ("about", says.about.clone()),
        ("kind", says.kind.key().to_owned()),
        ("urgency", says.urgency.key().to_owned()),
        ("service", says.service.clone()),
        ("private", if says.private { "on" } else { "" }.to_owned()),
        ("version", version.to_string()),
    ])
}

/// What was typed; none where something is to be chosen again.
fn typed(form: &mut Form) -> Option<NewRequestType> {
    let client: Option<Option<Id<Client>>> = form.parsed_optional("client");
    let (kind, urgency) = (Kind::from_key(form.value("kind")), Urgency::from_key(form.value("urgency")));
    for (name, there) in [("kind", kind.is_some()), ("urgency", urgency.is_some())] {
        if !there {
            form.wrong(name, "Choose one of the list.");
        }
    }
    Some(NewRequestType {
        client: client?,
        name: form.value("name").to_owned(),
        about: form.value("about").to_owned(),
        head: form.value("head").to_owned(),
        kind: kind?,
        service: form.value("service").to_owned(),
        urgency: urgency?,
        private: form.has("private", "on"),
    })
}

pub(super) async fn ask(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    signed.caller.require(Permission::PlanTickets)?;
    let form = Form::filled([("kind", Kind::Request.key()), ("urgency", Urgency::Low.key())]);
    edit_page(&site, &signed, (None, false), &form).await
}

pub(super) async fn make(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::PlanTickets)?;
    form.only(&FIELDS)?;
    if let Some(says) = typed(&mut form) {
        match site.app.write(&signed.caller, move |tx, act| add_request_type(tx, act, &says)).await {
            Ok(_) => return Ok(Redirect::to("/requests").into_response()),
            Err(refused) => told(&mut form, "client", refused)?,
        }
    }
    Ok(edit_page(&site, &signed, (None, false), &form).await?.into_response())
}

async fn found(site: &Site, signed: &Signed, id: Id<RequestType>) -> Result<RequestType, Error> {
    signed.caller.require(Permission::PlanTickets)?;
    Ok(site.app.read(&signed.caller, move |tx, act| request_type(tx, act, id)).await?)
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<RequestType>>,
) -> Result<Shell, Error> {
    let one = found(&site, &signed, id).await?;
    let form = filled(&one.says, one.version);
    edit_page(&site, &signed, (Some(one), false), &form).await
}

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<RequestType>>,
    mut form: Form,
) -> Result<Response, Error> {
    let one = found(&site, &signed, id).await?;
    form.only(&FIELDS)?;
    let version: i64 = form.given("version")?;
    if let Some(says) = typed(&mut form) {
        let verb = move |tx: &mut Tx<'_, '_>, act: &Act| change_request_type(tx, act, (id, version), &says);
        match site.app.write(&signed.caller, verb).await {
            Ok(()) => return Ok(Redirect::to("/requests").into_response()),
            Err(Refused::Stale) => form.wrong("name", CHANGED),
            Err(refused) => told(&mut form, "name", refused)?,
        }
    }
    Ok(edit_page(&site, &signed, (Some(one), false), &form).await?.into_response())
}

/// Takes it away, and shows what it said, so that it can be kept again.
pub(super) async fn remove(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<RequestType>>,
    form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::PlanTickets)?;
    form.only(&[])?;
    let one = site.app.write(&signed.caller, move |tx, act| remove_request_type(tx, act, id)).await?;
    let form = filled(&one.says, 0);
    Ok(edit_page(&site, &signed, (None, true), &form).await?.into_response())
}

//! Page: inviting somebody.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Id;
use remit_db::Tx;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::{Invitation, Party, PartyKind, Permission, Role, invite, list_parties};
use crate::act::Act;
use crate::clients::{self, Client};
use crate::refused::{Field, Refused};
use crate::site::{Signed, Site, chrome, shell, told};

/// Names of clients that can be written into the field.
const MOST_NAMES: usize = 500;

#[derive(Template)]
#[template(path = "people/new.html")]
struct NewPage<'p> {
    form: &'p Form,
    client: String,
    parties: Vec<(String, String)>,
    roles: Vec<(&'static str, &'static str)>,
    /// Whether somebody can be invited who works for several clients.
    several: bool,
    mailed: bool,
}

/// The choices of the field.
pub(super) const REACHES: [(&str, &str); 2] = [("all", "All clients"), ("listed", "Only those below")];

impl NewPage<'_> {
    fn parties(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parties.iter().map(|(id, name)| (id.as_str(), name.as_str()))
    }

    fn roles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.roles.iter().copied()
    }
}

#[derive(serde::Deserialize)]
pub(super) struct For {
    client: Option<String>,
}

/// For the provider and its vendors, or for a client.
pub(super) async fn new_person(
    State(site): State<Site>,
    signed: Signed,
    Query(For { client }): Query<For>,
) -> Result<Shell, Error> {
    let client = client.map(|text| Id::parse(&text)).transpose().map_err(|_| Error::NotFound)?;
    new_page(&site, &signed, &Form::default(), client).await
}

async fn new_page(
    site: &Site,
    signed: &Signed,
    form: &Form,
    client: Option<Id<Client>>,
) -> Result<Shell, Error> {
    let caller = &signed.caller;
    let provider = caller.may(Permission::ManageProviderPeople);
    if !provider {
        caller.require(Permission::ManageClientPeople)?;
    }
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        if let Some(client) = client {
            clients::find(tx, act, client)?;
        }
        list_parties(tx, client)
    };
    let mut parties = site.app.read(caller, read).await?;
    // People of a client are invited where the client is, and its own people see no other party to invite into.
    parties.retain(|(_, kind, _)| match client {
        Some(_) => *kind == PartyKind::Internal,
        None => provider || *kind == PartyKind::Internal,
    });
    let has = |role: &Role| parties.iter().any(|(_, kind, _)| *kind == role.party());
    let page = NewPage {
        form,
        client: client.map(|id| id.to_string()).unwrap_or_default(),
        roles: Role::ALL.into_iter().filter(has).map(|role| (role.key(), role.name())).collect(),
        several: parties.iter().any(|(_, kind, _)| *kind != PartyKind::Internal),
        parties: parties.into_iter().map(|(id, _, name)| (id.to_string(), name)).collect(),
        mailed: site.asking.is_some(),
    };
    let mut chrome = chrome(signed, "Invite somebody", "/people");
    chrome.crumbs.push(Link::new("People", "/people"));
    Ok(shell(chrome, &page).status(form.status()))
}

pub(super) async fn invite_person(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    form.only(&["client", "party", "role", "name", "email", "reach", "clients"])?;
    let client: Option<Option<Id<Client>>> = form.parsed_optional("client");
    let client = client.ok_or(Error::NotFound)?;
    let party: Option<Id<Party>> = form.parsed("party");
    let role = Role::from_key(form.value("role"));
    if role.is_none() {
        form.wrong("role", "Choose a role of the list.");
    }
    let (name, email) = (form.required("name", 200), form.required("email", 254));
    let everywhere = form.value("reach") != "listed";
    let names: Vec<String> = form.value("clients").lines().map(|line| line.trim().to_owned()).collect();
    if let (Some(party), Some(role), Some(name), Some(email), true) = (party, role, name, email, form.valid())
    {
        let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
            let clients = if everywhere { Vec::new() } else { named(tx, act, &names)? };
            invite(tx, act, &Invitation { party, role, name, email, everywhere, clients })
        };
        match site.app.write(&signed.caller, verb).await {
            Ok(id) => return Ok(Redirect::to(&format!("/people/{id}")).into_response()),
            Err(refused) => told(&mut form, "email", refused)?,
        }
    }
    Ok(new_page(&site, &signed, &form, client).await?.into_response())
}

/// The clients of these names.
pub(super) fn named(tx: &mut Tx<'_, '_>, act: &Act, names: &[String]) -> Result<Vec<Id<Client>>, Refused> {
    let wrong = |message: String| Refused::Invalid(vec![Field::new("clients", message)]);
    let names: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(wrong("name the clients, one on each line".to_owned()));
    }
    if names.len() > MOST_NAMES {
        return Err(wrong(format!("name at most {MOST_NAMES} clients; whoever has more reaches all")));
    }
    let find = |name: &&String| {
        clients::named(tx, act, name)?.ok_or_else(|| wrong(format!("there is no client called {name}")))
    };
    names.iter().map(find).collect()
}

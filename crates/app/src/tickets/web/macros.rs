//! Macros: listed, written, taken away, and put into what somebody writes.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::Id;
use remit_db::{Reach, Tx};
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};
use uuid::Uuid;

use super::super::named::client_names;
use super::super::{
    Macro, MacroText, NAMES, Of, Status, Visibility, add_macro, change_macro, drop_macro, fill_macro,
    find_macro, keep_draft, macro_statuses, macros, may_change,
};
use super::deed::worked;
use super::show::again;
use super::{is_said, tag};
use crate::act::{Act, Caller};
use crate::attachments;
use crate::clients::Client;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};

const FIELDS: [&str; 7] = ["name", "of", "text", "visibility", "status", "tags", "version"];

/// Macros of the same.
pub(super) struct Group {
    pub words: String,
    pub macros: Vec<Macro>,
}

/// The same macros, by whose they are: those of the fewest first.
pub(super) fn grouped(all: Vec<Macro>, names: &BTreeMap<Uuid, String>) -> Vec<Group> {
    let mut groups: Vec<(Of, Group)> = Vec::new();
    for one in all {
        if let Some((_, group)) = groups.iter_mut().find(|(of, _)| *of == one.says.of) {
            group.macros.push(one);
        } else {
            let words = whose(one.says.of, names);
            groups.push((one.says.of, Group { words, macros: vec![one] }));
        }
    }
    let rank = |of: Of| match of {
        Of::Own => 0,
        Of::Client(_) => 1,
        Of::All => 2,
    };
    groups.sort_by(|(a, left), (b, right)| rank(*a).cmp(&rank(*b)).then(left.words.cmp(&right.words)));
    groups.into_iter().map(|(_, group)| group).collect()
}

fn whose(of: Of, names: &BTreeMap<Uuid, String>) -> String {
    match of {
        Of::Own => "Your own".to_owned(),
        Of::Client(client) => names.get(&client.uuid()).map_or("Of a client", String::as_str).to_owned(),
        Of::All => "Of all clients".to_owned(),
    }
}

#[derive(Template)]
#[template(path = "tickets/macros.html")]
struct ListPage {
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "tickets/macro.html")]
struct EditPage<'p> {
    /// The one that is changed; none where it is new.
    of: Option<Macro>,
    /// Whose it is, or can be.
    whose: Vec<(String, String)>,
    changes: bool,
    gone: bool,
    form: &'p Form,
}

impl EditPage<'_> {
    fn statuses<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        std::iter::once(("", "as it is")).chain(macro_statuses().map(|to| (to.key(), to.name())))
    }

    fn of(&self) -> impl Iterator<Item = (&str, &str)> {
        self.whose.iter().map(|(key, words)| (key.as_str(), words.as_str()))
    }

    fn names() -> &'static [(&'static str, &'static str)] {
        &NAMES
    }
}

/// For whose tickets a new one can be: those that were named, and those of whoever works for one client.
fn choices(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Option<Id<Client>>,
) -> Result<Vec<(String, String)>, Refused> {
    let client = match act.caller.scope.reach() {
        Reach::Client(own) => Id::from_uuid(own),
        Reach::All | Reach::Listed(_) => client,
    };
    let names = client_names(tx, client.into_iter())?;
    let client = client.filter(|client| names.contains_key(&client.uuid())).map(Of::Client);
    let all = [Some(Of::Own), client, Some(Of::All)].into_iter().flatten();
    let all = all
        .filter(|of| may_change(act, *of) && (*of != Of::All || act.caller.may(Permission::ManageSettings)));
    Ok(all
        .map(|of| {
            let words = match of {
                Of::Own => "you alone".to_owned(),
                Of::Client(_) => format!("both IT teams, on tickets of {}", whose(of, &names)),
                Of::All => "both IT teams, on tickets of all clients".to_owned(),
            };
            (key(of), words)
        })
        .collect())
}

fn key(of: Of) -> String {
    match of {
        Of::Own => "own".to_owned(),
        Of::Client(client) => client.to_string(),
        Of::All => "all".to_owned(),
    }
}

fn read_key(key: &str) -> Option<Of> {
    match key {
        "own" => Some(Of::Own),
        "all" => Some(Of::All),
        client => Id::parse(client).ok().map(Of::Client),
    }
}

/// For tickets of which client a new one is.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    client: Option<Id<Client>>,
}

/// What the page of one is about.
#[derive(Debug, Default)]
struct About {
    of: Option<Macro>,
    client: Option<Id<Client>>,
    gone: bool,
}

async fn edit_page(site: &Site, signed: &Signed, about: About, form: &Form) -> Result<Shell, Error> {
    let About { of, client, gone } = about;
    let there = of.as_ref().map(|one| one.says.of);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| match there {
        None => Ok((choices(tx, act, client)?, true)),
        Some(of) => {
            let names = client_names(tx, of.client().into_iter())?;
            Ok((vec![(key(of), whose(of, &names))], may_change(act, of)))
        }
    };
    let (whose, changes) = site.app.read(&signed.caller, read).await?;
    let title = of.as_ref().map_or("New macro", |one| one.says.name.as_str());
    let mut chrome = chrome(signed, title, "/tickets");
    chrome.crumbs.extend([Link::new("Tickets", "/tickets"), Link::new("Macros", "/macros")]);
    Ok(shell(chrome, &EditPage { of, whose, changes, gone, form }).status(form.status()))
}

/// What a macro says, as a form.
fn filled(says: &MacroText, version: i64) -> Form {
    Form::filled([
        ("name", says.name.clone()),
        ("of", key(says.of)),
        ("text", says.text.clone()),
        ("visibility", says.visibility.key().to_owned()),
        ("status", says.status.map_or("", Status::key).to_owned()),
        ("tags", says.tags.join(", ")),
        ("version", version.to_string()),
    ])
}

/// What was typed; whose it is, is chosen for a new one alone.
fn typed(form: &Form, of: Option<Of>) -> Result<MacroText, Error> {
    let odd = |what: &str| Error::malformed(format!("There is no such {what}."));
    let status = match form.value("status") {
        "" => None,
        key => Some(Status::from_key(key).ok_or_else(|| odd("status"))?),
    };
    Ok(MacroText {
        name: form.value("name").to_owned(),
        of: of.or_else(|| read_key(form.value("of"))).ok_or_else(|| odd("choice of whose it is"))?,
        text: form.value("text").to_owned(),
        visibility: Visibility::from_key(form.value("visibility")).ok_or_else(|| odd("reader"))?,
        status,
        tags: tag::typed(form.value("tags")),
    })
}

fn works(caller: &Caller) -> Result<(), Error> {
    Ok(caller.require(Permission::WorkTickets)?)
}

pub(super) async fn list(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    works(&signed.caller)?;
    let read = |tx: &mut Tx<'_, '_>, act: &Act| {
        let all = macros(tx, act, None)?;
        let clients = all.iter().filter_map(|one| one.says.of.client());
        let names = client_names(tx, clients)?;
        Ok(grouped(all, &names))
    };
    let groups = site.app.read(&signed.caller, read).await?;
    let mut chrome = chrome(&signed, "Macros", "/tickets");
    chrome.crumbs.push(Link::new("Tickets", "/tickets"));
    Ok(shell(chrome, &ListPage { groups }))
}

pub(super) async fn ask(
    State(site): State<Site>,
    signed: Signed,
    Query(Asked { client }): Query<Asked>,
) -> Result<Shell, Error> {
    works(&signed.caller)?;
    let of = client.map_or(Of::Own, Of::Client);
    let form = Form::filled([("of", key(of)), ("visibility", Visibility::Public.key().to_owned())]);
    edit_page(&site, &signed, About { client, ..About::default() }, &form).await
}

pub(super) async fn make(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    works(&signed.caller)?;
    form.only(&FIELDS)?;
    let says = typed(&form, None)?;
    let client = says.of.client();
    match site.app.write(&signed.caller, move |tx, act| add_macro(tx, act, &says)).await {
        Ok(_) => Ok(Redirect::to("/macros").into_response()),
        Err(refused) if is_said(&refused) => {
            told(&mut form, "of", refused)?;
            let about = About { client, ..About::default() };
            Ok(edit_page(&site, &signed, about, &form).await?.into_response())
        }
        Err(refused) => Err(refused.into()),
    }
}

async fn found(site: &Site, signed: &Signed, id: Id<Macro>) -> Result<Macro, Error> {
    works(&signed.caller)?;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| find_macro(tx, act, id);
    Ok(site.app.read(&signed.caller, read).await?)
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Macro>>,
) -> Result<Shell, Error> {
    let one = found(&site, &signed, id).await?;
    let form = filled(&one.says, one.version);
    edit_page(&site, &signed, About { of: Some(one), ..About::default() }, &form).await
}

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Macro>>,
    mut form: Form,
) -> Result<Response, Error> {
    let one = found(&site, &signed, id).await?;
    form.only(&FIELDS)?;
    let version: i64 = form.given("version")?;
    let says = typed(&form, Some(one.says.of))?;
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| change_macro(tx, act, (id, version), &says);
    match site.app.write(&signed.caller, verb).await {
        Ok(()) => return Ok(Redirect::to("/macros").into_response()),
        Err(Refused::Stale) => form.wrong("name", CHANGED),
        Err(refused) => told(&mut form, "name", refused)?,
    }
    let about = About { of: Some(one), ..About::default() };
    Ok(edit_page(&site, &signed, about, &form).await?.into_response())
}

/// Takes it away, and shows what it was: keeping that is having it back.
pub(super) async fn remove(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Macro>>,
    form: Form,
) -> Result<Response, Error> {
    let one = found(&site, &signed, id).await?;
    form.only(&[])?;
    match site.app.write(&signed.caller, move |tx, act| drop_macro(tx, act, id)).await {
        Ok(says) => {
            let client = says.of.client();
            let about = About { client, gone: true, of: None };
            Ok(edit_page(&site, &signed, about, &filled(&says, 0)).await?.into_response())
        }
        Err(refused) => {
            let mut form = filled(&one.says, one.version);
            told(&mut form, "name", refused)?;
            let about = About { of: Some(one), ..About::default() };
            Ok(edit_page(&site, &signed, about, &form).await?.into_response())
        }
    }
}

/// Puts a macro into what somebody writes: behind what is there already, and nothing is sent.
pub(super) async fn put(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    mut form: Form,
) -> Result<Response, Error> {
    let id = worked(&site, &signed, number).await?.id;
    form.only(&["visibility", "text", "seen", "undo", "files", "put", "macro"])?;
    let seen: Option<Option<i64>> = form.parsed_optional("seen");
    let put: Option<Option<Id<Macro>>> = form.parsed_optional("put");
    let (Some(seen), Some(put)) = (seen, put) else {
        return Err(Error::malformed("There is no such macro."));
    };
    let Some(put) = put else {
        form.wrong("put", "Choose one.");
        return again(&site, &signed, number, &form).await;
    };
    let begun = form.value("text").trim_end().to_owned();
    let verb = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let mut filled = fill_macro(tx, act, (id, put))?;
        if !begun.is_empty() && !filled.text.is_empty() {
            filled.text = format!("{begun}\n\n{}", filled.text);
        } else if filled.text.is_empty() {
            filled.text = begun;
        }
        keep_draft(tx, act, (id, seen), (filled.visibility, &filled.text))?;
        Ok(filled)
    };
    let filled = match site.app.write(&signed.caller, verb).await {
        Ok(filled) => filled,
        Err(Refused::NotFound) => {
            form.wrong("put", "It is not there any more: choose another.");
            return again(&site, &signed, number, &form).await;
        }
        Err(refused) if is_said(&refused) => {
            told(&mut form, "put", refused)?;
            return again(&site, &signed, number, &form).await;
        }
        Err(refused) => return Err(refused.into()),
    };
    let files = form.values("files").any(|name| !name.is_empty());
    let with = if filled.of.acts() { filled.of.id.to_string() } else { String::new() };
    let mut form = Form::filled([
        ("text", filled.text),
        ("visibility", filled.visibility.key().to_owned()),
        ("macro", with),
    ]);
    if !filled.missing.is_empty() {
        let words =
            format!("Nothing stands for {} on this ticket: write it yourself.", filled.missing.join(", "));
        form.wrong("text", words);
    }
    if files {
        form.wrong(attachments::FIELD, attachments::CHOOSE_AGAIN);
    }
    again(&site, &signed, number, &form).await
}

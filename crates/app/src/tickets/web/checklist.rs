//! The checklists of the provider: listed, written, retired.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use remit_core::{Id, Zone};
use remit_db::Tx;
use remit_matrix::catalogue::Catalogue;
use remit_web::layout::{Link, Shell};
use remit_web::{Error, Form};

use super::super::{
    Checklist, ChecklistText, FromStart, Kind, MOST_ITEMS, Side, ToDo, change_checklist, checklist,
    checklists, create_checklist, restore_checklist, retire_checklist,
};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{CHANGED, Signed, Site, chrome, shell, told};

const FIELDS: [&str; 8] = ["name", "from-start", "kind", "service", "text", "required", "side", "version"];
/// Empty lines behind those that are there.
const SPARE: usize = 5;
/// When tickets have it, as it is chosen.
const WHEN: [(&str, &str); 2] =
    [("hand", "When somebody puts it there"), ("start", "From the start, by itself")];

#[derive(Template)]
#[template(path = "tickets/checklists.html")]
struct ListPage {
    used: Vec<Checklist>,
    retired: Vec<Checklist>,
    zone: Zone,
}

impl ListPage {
    /// Which tickets have it.
    fn which(list: &Checklist) -> String {
        let Some(from) = &list.text.from_start else { return "put there by hand".to_owned() };
        let kind =
            from.kind.map_or("all tickets".to_owned(), |kind| format!("each {}", kind.name().to_lowercase()));
        if from.service.is_empty() { kind } else { format!("{kind} about {}", from.service) }
    }

    fn required(list: &Checklist) -> usize {
        list.text.items.iter().filter(|item| item.required).count()
    }
}

/// A line of the form.
struct Line<'f> {
    number: usize,
    text: &'f str,
    side: &'f str,
    required: bool,
}

#[derive(Template)]
#[template(path = "tickets/checklist.html")]
struct EditPage<'p> {
    /// The one that is changed; none where it is new.
    of: Option<Checklist>,
    form: &'p Form,
}

impl EditPage<'_> {
    /// What was typed, and empty lines behind it.
    fn lines(&self) -> Vec<Line<'_>> {
        let sides: Vec<&str> = self.form.values("side").collect();
        let typed: Vec<&str> = self.form.values("text").collect();
        let last = typed.iter().rposition(|text| !text.trim().is_empty()).map_or(0, |at| at + 1);
        let many = (last + SPARE).min(MOST_ITEMS.max(last));
        let line = |at: usize| Line {
            number: at + 1,
            text: typed.get(at).copied().unwrap_or_default(),
            side: sides.get(at).copied().unwrap_or_default(),
            required: self.form.has("required", &(at + 1).to_string()),
        };
        (0..many).map(line).collect()
    }

    fn kinds<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        std::iter::once(("", "of any kind")).chain(Kind::pairs())
    }

    fn services() -> impl Iterator<Item = (&'static str, &'static str)> {
        Catalogue::builtin().listed().map(|service| (&*service.id, service.name.as_str()))
    }

    fn when<'k>() -> impl Iterator<Item = (&'k str, &'k str)> {
        WHEN.into_iter()
    }
}

fn edit_page(signed: &Signed, of: Option<Checklist>, form: &Form) -> Shell {
    let title = of.as_ref().map_or("New checklist", |list| list.text.name.as_str());
    let mut chrome = chrome(signed, title, "/settings");
    chrome.crumbs.push(Link::new("Settings", "/settings"));
    chrome.crumbs.push(Link::new("Checklists", "/settings/checklists"));
    shell(chrome, &EditPage { of, form }).status(form.status())
}

/// What stands in a checklist, as a form.
fn filled(list: &Checklist) -> Form {
    let from = list.text.from_start.as_ref();
    let mut fields: Vec<(&str, String)> = vec![
        ("name", list.text.name.clone()),
        ("from-start", WHEN[usize::from(from.is_some())].0.to_owned()),
        ("kind", from.and_then(|from| from.kind).map_or("", Kind::key).to_owned()),
        ("service", from.map_or("", |from| from.service.as_str()).to_owned()),
        ("version", list.version.to_string()),
    ];
    for (number, item) in (1..).zip(&list.text.items) {
        fields.extend([("text", item.text.clone()), ("side", item.side.key().to_owned())]);
        fields.extend(item.required.then(|| ("required", number.to_string())));
    }
    Form::filled(fields)
}

/// What was typed; none where something in it cannot be meant.
fn typed(form: &mut Form) -> Result<Option<ChecklistText>, Error> {
    let odd = || Error::malformed("The lines of the form cannot be told apart.");
    let (texts, sides) = (form.values("text").count(), form.values("side").count());
    if texts != sides {
        return Err(odd());
    }
    let mut items = Vec::new();
    for (number, (text, side)) in (1..).zip(form.values("text").zip(form.values("side"))) {
        if text.trim().is_empty() {
            continue;
        }
        let side = Side::from_key(side).ok_or_else(odd)?;
        let required = form.has("required", &number.to_string());
        items.push(ToDo { text: text.to_owned(), required, side });
    }
    let (kind, service) = (form.value("kind").to_owned(), form.value("service").trim().to_owned());
    let kind = Some(kind).filter(|key| !key.is_empty());
    let from_start = match form.value("from-start") {
        "start" => {
            let of = kind.as_deref().map(Kind::from_key);
            if of == Some(None) {
                form.wrong("kind", "Choose one of the list.");
            }
            Some(FromStart { kind: of.flatten(), service })
        }
        "hand" => {
            if kind.is_some() || !service.is_empty() {
                let words = "Kind and service say which tickets have it from the start: choose that, or leave both empty.";
                form.wrong("from-start", words);
            }
            None
        }
        _ => {
            form.wrong("from-start", "Choose one of the two.");
            None
        }
    };
    let text = ChecklistText { name: form.value("name").to_owned(), from_start, items };
    Ok(form.valid().then_some(text))
}

pub(super) async fn list(State(site): State<Site>, signed: Signed) -> Result<Shell, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    let all = site.app.read(&signed.caller, checklists).await?;
    let (used, retired) = all.into_iter().partition(|list| list.retired_at.is_none());
    let mut chrome = chrome(&signed, "Checklists", "/settings");
    chrome.crumbs.push(Link::new("Settings", "/settings"));
    Ok(shell(chrome, &ListPage { used, retired, zone: signed.caller.zone.clone() }))
}

pub(super) async fn ask(signed: Signed) -> Result<Shell, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    Ok(edit_page(&signed, None, &Form::filled([("from-start", WHEN[1].0)])))
}

pub(super) async fn make(
    State(site): State<Site>,
    signed: Signed,
    mut form: Form,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    form.only(&FIELDS)?;
    if let Some(text) = typed(&mut form)? {
        match site.app.write(&signed.caller, move |tx, act| create_checklist(tx, act, &text)).await {
            Ok(_) => return Ok(Redirect::to("/settings/checklists").into_response()),
            Err(refused) => told(&mut form, "name", refused)?,
        }
    }
    Ok(edit_page(&signed, None, &form).into_response())
}

/// The checklist of a page, for those who may change settings.
async fn found(site: &Site, signed: &Signed, id: Id<Checklist>) -> Result<Checklist, Error> {
    signed.caller.require(Permission::ManageSettings)?;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| checklist(tx, act, id);
    Ok(site.app.read(&signed.caller, read).await?)
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Checklist>>,
) -> Result<Shell, Error> {
    let list = found(&site, &signed, id).await?;
    let form = filled(&list);
    Ok(edit_page(&signed, Some(list), &form))
}

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Checklist>>,
    mut form: Form,
) -> Result<Response, Error> {
    let list = found(&site, &signed, id).await?;
    form.only(&FIELDS)?;
    let version: i64 = form.given("version")?;
    if let Some(text) = typed(&mut form)? {
        let verb = move |tx: &mut Tx<'_, '_>, act: &Act| change_checklist(tx, act, (id, version), &text);
        match site.app.write(&signed.caller, verb).await {
            Ok(()) => return Ok(Redirect::to("/settings/checklists").into_response()),
            Err(Refused::Stale) => form.wrong("name", CHANGED),
            Err(refused) => told(&mut form, "name", refused)?,
        }
    }
    Ok(edit_page(&signed, Some(list), &form).into_response())
}

pub(super) async fn retire(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Checklist>>,
    form: Form,
) -> Result<Response, Error> {
    found(&site, &signed, id).await?;
    form.only(&[])?;
    site.app.write(&signed.caller, move |tx, act| retire_checklist(tx, act, id)).await?;
    Ok(Redirect::to("/settings/checklists").into_response())
}

pub(super) async fn restore(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Checklist>>,
    form: Form,
) -> Result<Response, Error> {
    let list = found(&site, &signed, id).await?;
    form.only(&[])?;
    match site.app.write(&signed.caller, move |tx, act| restore_checklist(tx, act, id)).await {
        Ok(()) => Ok(Redirect::to("/settings/checklists").into_response()),
        Err(refused) => {
            let mut form = filled(&list);
            told(&mut form, "name", refused)?;
            Ok(edit_page(&signed, Some(list), &form).into_response())
        }
    }
}

//! All ratings, as a page and as a file.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use remit_core::{At, Id, Zone};
use remit_db::Tx;
use remit_web::Error;
use remit_web::layout::Link;
use remit_web::paging::Key;

use super::super::store::Behind;
use super::super::{Grade, Listed, Which, list};
use crate::act::Act;
use crate::clients::{self, Client};
use crate::export::{Cell, Form, List, file, heads, instant, rows};
use crate::people::Permission;
use crate::refused::Refused;
use crate::reports::web::address;
use crate::site::{Signed, Site, chrome, page_of, shell};

/// Ratings on a page.
const PAGE: u16 = 50;
const COLUMNS: &[&str] = &[
    "Ticket",
    "Client",
    "Subject",
    "Who",
    "How it was",
    "In their words",
    "When",
    "Followed up by",
    "Followed up at",
];

#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    client: String,
    #[serde(default)]
    which: String,
    after: Option<String>,
    format: Option<String>,
}

impl Asked {
    fn read(&self) -> Result<Which, Error> {
        let none = || {
            Error::malformed(
                "There are no such ratings: write good, fair, poor or to-follow, and a client’s id.",
            )
        };
        let client: Option<Id<Client>> = match self.client.as_str() {
            "" => None,
            id => Some(Id::parse(id).map_err(|_| none())?),
        };
        let (grade, to_follow) = match self.which.as_str() {
            "" => (None, false),
            "to-follow" => (None, true),
            key => (Some(Grade::from_key(key).ok_or_else(none)?), false),
        };
        Ok(Which { client, grade, to_follow })
    }
}

#[derive(Template)]
#[template(path = "ratings/list.html")]
struct Page {
    ratings: Vec<Listed>,
    /// The lists: their words, their addresses, and whether it is the present one.
    tabs: Vec<(&'static str, String, bool)>,
    client: Option<String>,
    /// The address of the list.
    query: String,
    more: Option<String>,
    to_follow: bool,
    zone: Zone,
}

fn tabs(asked: &Asked) -> Vec<(&'static str, String, bool)> {
    [
        ("All", ""),
        ("To follow up", "to-follow"),
        ("Good", "good"),
        ("All right", "fair"),
        ("Not good", "poor"),
    ]
    .into_iter()
    .map(|(words, which)| {
        (words, address("/ratings", &[("client", &asked.client), ("which", which)]), which == asked.which)
    })
    .collect()
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ReadTickets)?;
    let which = asked.read()?;
    if let Some(form) = Form::asked(asked.format.as_deref())? {
        return as_file(&site, &signed, form, which).await;
    }
    let query = address("/ratings", &[("client", &asked.client), ("which", &asked.which)]);
    let after = asked.after.as_deref().filter(|after| !after.is_empty());
    let after: Option<(i64, String)> = after.map(|text| site.cursors.read(&query, text)).transpose()?;
    let behind: Option<Behind> = after.and_then(|(at, id)| Some((At::from_millis(at), Id::parse(&id).ok()?)));
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let name = which.client.map(|id| clients::find(tx, act, id)).transpose()?.map(|one| one.name);
        Ok::<_, Refused>((name, list(tx, act, which, (behind, PAGE + 1))?))
    };
    let (client, found) = site.app.read(&signed.caller, read).await?;
    let keys = |one: &Listed| vec![Key::Int(one.at.millis()), Key::Text(one.ticket.to_string())];
    let (ratings, next) = page_of(found, PAGE, keys);
    let more = next.map(|keys| site.cursors.write(&query, &keys));
    let mut chrome = chrome(&signed, "How it was", "/reports/desk");
    chrome.crumbs.push(Link::new("Report of the desk", "/reports/desk"));
    let (tabs, zone) = (tabs(&asked), signed.caller.zone.clone());
    let page = Page { ratings, tabs, client, query, more, to_follow: which.to_follow, zone };
    Ok(shell(chrome, &page).into_response())
}

async fn as_file(site: &Site, signed: &Signed, form: Form, which: Which) -> Result<Response, Error> {
    let list_of = List { name: "ratings".to_owned(), action: "rating.export", columns: heads(COLUMNS) };
    let zone = signed.caller.zone.clone();
    let page = move |tx: &mut Tx<'_, '_>, act: &Act, behind: Option<Behind>, most: u16| {
        let found = list(tx, act, which, (behind, most))?;
        Ok(rows(&found, most, |one| row(one, &zone), |one| (one.at, one.ticket)))
    };
    file((site, signed), form, list_of, page).await
}

fn row(one: &Listed, zone: &Zone) -> Vec<Cell> {
    let (by, at) = one
        .followed
        .as_ref()
        .map_or((None, Cell::Empty), |(name, at)| (Some(name.as_str()), instant(*at, zone)));
    vec![
        Cell::Number(one.number),
        one.client.as_str().into(),
        one.subject.as_str().into(),
        one.name.as_str().into(),
        one.grade.name().into(),
        Some(one.comment.as_str()).filter(|comment| !comment.is_empty()).into(),
        instant(one.at, zone),
        by.into(),
        at,
    ]
}

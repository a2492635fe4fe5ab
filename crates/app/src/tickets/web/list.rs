//! Lists of tickets.

use askama::Template;
use axum::extract::{OriginalUri, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{At, Id};
use remit_web::Error;
use remit_web::paging::Key;

use super::super::visibility::Sight;
use super::super::{Listed, NO_PROMISE, Priority, Ticket, View, list, tag_named, tags_of};
use super::export;
use crate::act::Act;
use crate::clients::Client;
use crate::export::Form;
use crate::people::Permission;
use crate::site::{Signed, Site, chrome, page_of, shell};

/// Tickets on a page.
const PAGE: u16 = 50;

#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    view: String,
    #[serde(default)]
    priority: String,
    client: Option<Id<Client>>,
    #[serde(default)]
    tag: String,
    after: Option<String>,
    format: Option<String>,
}

/// A list that can be chosen.
struct Tab {
    key: &'static str,
    name: &'static str,
    current: bool,
}

#[derive(Template)]
#[template(path = "tickets/list.html")]
struct ListPage {
    /// Each with the words on it.
    tickets: Vec<(Listed, Vec<String>)>,
    tabs: Vec<Tab>,
    view: &'static str,
    /// The client whose tickets they are, where it is one's alone.
    client: Option<Id<Client>>,
    priority: Option<Priority>,
    /// The word on all of them, where they are listed by one.
    tag: Option<String>,
    more: Option<String>,
    may_open: bool,
    now: At,
    /// The address of the page, for what is alive on it.
    here: String,
}

/// The lists of a caller, the usual one first.
fn views(sight: Sight) -> &'static [(&'static str, &'static str, View)] {
    match sight {
        Sight::Working(_) => &[
            ("team", "My teams", View::MyTeams),
            ("mine", "Mine", View::Mine),
            ("offered", "Offered to us", View::Offered),
            ("open", "All open", View::Open),
            ("own", "Asked by me", View::Own),
        ],
        Sight::Vendor(_) => {
            &[("team", "My teams", View::MyTeams), ("offered", "Offered to us", View::Offered)]
        }
        Sight::Reading => &[("open", "All open", View::Open), ("own", "Asked by me", View::Own)],
        Sight::Own(_) => &[("own", "Asked by me", View::Own)],
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let sight = Sight::of(&site.app.act(&signed.caller))?;
    let all = views(sight);
    let (mut key, _, mut view) = *all.iter().find(|(key, ..)| *key == asked.view).unwrap_or(&all[0]);
    if let Some(client) = asked.client {
        (key, view) = ("client", View::Client(client));
    }
    // Whoever may not see the words is shown the list without them.
    let tag = Some(asked.tag.trim().to_owned()).filter(|tag| !tag.is_empty() && sight.reads_teams());
    if let Some(text) = tag.clone() {
        let found = site.app.read(&signed.caller, move |tx, _| tag_named(tx, &text)).await?;
        (key, view) = ("tag", View::Tagged(found));
    }
    let priority = Priority::from_key(&asked.priority).filter(|_| tag.is_none());
    if let Some(form) = Form::asked(asked.format.as_deref())? {
        return export::view((&site, &signed), form, (key, view), priority).await;
    }
    let name = match (view, asked.client) {
        (View::Tagged(found), _) => format!("tickets: with {found:?}"),
        (_, Some(client)) => format!("tickets: of {client}"),
        (_, None) => format!("tickets: {key}"),
    };
    let behind = begins(&site, &name, asked.after)?;
    let read = move |tx: &mut remit_db::Tx<'_, '_>, act: &Act| {
        let found = list(tx, act, view, (priority, behind, PAGE + 1))?;
        let ids: Vec<Id<Ticket>> = found.iter().map(|listed| listed.ticket.id).collect();
        let tags = tags_of(tx, act, &ids)?;
        Ok(found.into_iter().zip(tags).collect::<Vec<_>>())
    };
    let tickets = site.app.read(&signed.caller, read).await?;
    let (tickets, next) = page_of(tickets, PAGE, |(listed, _)| {
        let due = if view == View::Offered {
            listed.ticket.answer_by.unwrap_or(NO_PROMISE)
        } else {
            listed.ticket.due_at
        };
        vec![Key::Int(due.millis()), Key::Text(listed.ticket.id.to_string())]
    });
    let page = ListPage {
        more: next.map(|keys| site.cursors.write(&name, &keys)),
        tabs: all.iter().map(|(tab, name, _)| Tab { key: tab, name, current: *tab == key }).collect(),
        may_open: signed.caller.may(Permission::AskForHelp),
        now: site.app.now(),
        here: uri.path_and_query().map_or_else(|| "/tickets".to_owned(), ToString::to_string),
        tickets,
        view: key,
        client: asked.client,
        priority,
        tag,
    };
    let mut chrome = chrome(&signed, "Tickets", "/tickets");
    chrome.live = Some("/tickets/live".to_owned());
    Ok(shell(chrome, &page).answer(&headers))
}

/// Behind which ticket a page begins.
fn begins(site: &Site, name: &str, after: Option<String>) -> Result<Option<(At, Id<Ticket>)>, Error> {
    let Some(text) = after.filter(|after| !after.is_empty()) else { return Ok(None) };
    let (due, id): (i64, String) = site.cursors.read(name, &text)?;
    let id = Id::parse(&id).map_err(|_| Error::malformed("This is not where a list goes on."))?;
    Ok(Some((At::from_millis(due), id)))
}

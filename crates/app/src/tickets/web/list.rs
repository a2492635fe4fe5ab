//! Lists of tickets.

use askama::Template;
use axum::extract::{OriginalUri, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{At, Id};
use remit_web::Error;
use remit_web::paging::Key;

use super::super::visibility::Sight;
use super::super::{Listed, NO_PROMISE, Priority, Ticket, View, list};
use super::export;
use crate::act::Act;
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
    tickets: Vec<Listed>,
    tabs: Vec<Tab>,
    view: &'static str,
    priority: Option<Priority>,
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
    let (key, _, view) = *all.iter().find(|(key, ..)| *key == asked.view).unwrap_or(&all[0]);
    let priority = Priority::from_key(&asked.priority);
    if let Some(form) = Form::asked(asked.format.as_deref())? {
        return export::view((&site, &signed), form, (key, view), priority).await;
    }
    let name = format!("tickets: {key}");
    let behind: Option<(At, Id<Ticket>)> = match asked.after.filter(|after| !after.is_empty()) {
        None => None,
        Some(text) => {
            let (due, id): (i64, String) = site.cursors.read(&name, &text)?;
            let id = Id::parse(&id).map_err(|_| Error::malformed("This is not where a list goes on."))?;
            Some((At::from_millis(due), id))
        }
    };
    let read =
        move |tx: &mut remit_db::Tx<'_, '_>, act: &Act| list(tx, act, view, (priority, behind, PAGE + 1));
    let tickets = site.app.read(&signed.caller, read).await?;
    let (tickets, next) = page_of(tickets, PAGE, |listed| {
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
        priority,
    };
    let mut chrome = chrome(&signed, "Tickets", "/tickets");
    chrome.live = Some("/tickets/live".to_owned());
    Ok(shell(chrome, &page).answer(&headers))
}

//! Moving a card: chosen from a list, or dropped on a column.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use remit_db::Tx;
use remit_web::layout::Shell;
use remit_web::{Error, Form};

use super::super::shown::COUNTED;
use super::super::{By, Move, Spot, shift};
use super::board::{Moved, page};
use super::{Which, counted, frame};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{Signed, Site, shell};
use crate::tickets::{self, PersonLoad, Ticket, find_number, held, people_load};

/// People who can be chosen.
const PEOPLE: u16 = 500;

#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    team: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "board/move.html")]
struct MovePage {
    ticket: Ticket,
    which: Which,
    /// Where it lies, and that in words.
    from: Spot,
    now: String,
    /// Where it can go.
    to: Vec<(String, String)>,
    /// Why it cannot be moved at all.
    why_not: Option<String>,
}

impl MovePage {
    fn team(&self) -> String {
        self.which.team.map(|team| team.to_string()).unwrap_or_default()
    }

    fn after(&self) -> String {
        self.which.after.map(|after| after.to_string()).unwrap_or_default()
    }

    /// The board that it is on.
    fn board(&self) -> String {
        self.which.address(&[])
    }

    /// What is chosen, in a word.
    fn label(&self) -> &'static str {
        if self.which.by == By::Status { "Status" } else { "Who works on it first" }
    }
}

/// Somebody, with what they have to do already.
fn words(person: &PersonLoad) -> String {
    let count = |count: i64| counted(usize::try_from(count).unwrap_or_default(), COUNTED);
    match (person.works, person.late) {
        (0, _) => format!("{} (works on nothing)", person.name),
        (works, 0) => format!("{} (works on {})", person.name, count(works)),
        (works, late) => format!("{} (works on {}, {} late)", person.name, count(works), count(late)),
    }
}

/// Where a ticket can go from where it lies.
fn targets(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (ticket, by): (&Ticket, By),
) -> Result<Vec<(String, String)>, Refused> {
    if by == By::Status {
        let next = ticket.status.next().map(|to| (to.key().to_owned(), to.name().to_owned()));
        return Ok(next.collect());
    }
    let people = people_load(tx, act, ticket.team, (COUNTED, PEOPLE))?;
    let others = people.iter().filter(|person| ticket.worker != Some(person.id));
    let mut all: Vec<(String, String)> =
        others.map(|person| (person.id.to_string(), words(person))).collect();
    if ticket.worker.is_some() {
        all.push((String::new(), "nobody yet".to_owned()));
    }
    Ok(all)
}

pub(super) async fn ask(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Shell, Error> {
    let ticket = site.app.read(&signed.caller, move |tx, act| find_number(tx, act, number)).await?;
    signed.caller.require(Permission::ReadLoad)?;
    let which = Which::read(&asked.team, &asked.by, &asked.after)?;
    let from = match which.by {
        By::Person => Spot::Worker(ticket.worker),
        By::Status => Spot::Status(ticket.status),
    };
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let why_not = match held(tx, act, ticket.id) {
            Ok(_) => None,
            Err(Refused::Conflict(why)) => Some(why),
            Err(other) => return Err(other),
        };
        let to = if why_not.is_none() { targets(tx, act, (&ticket, which.by))? } else { Vec::new() };
        Ok(MovePage { now: from.words(tx)?, ticket, which, from, to, why_not })
    };
    let page = site.app.read(&signed.caller, read).await?;
    let mut chrome = frame(&signed, &format!("Move #{number}"));
    chrome.crumbs.push(remit_web::layout::Link::new("Board", which.address(&[])));
    Ok(shell(chrome, &page))
}

pub(super) async fn go(
    State(site): State<Site>,
    signed: Signed,
    Path(number): Path<i64>,
    headers: HeaderMap,
    mut form: Form,
) -> Result<Response, Error> {
    let ticket = site.app.read(&signed.caller, move |tx, act| find_number(tx, act, number)).await?;
    signed.caller.require(Permission::ReadLoad)?;
    form.only(&["team", "by", "after", "was", "to", "back"])?;
    let which = Which::read(form.value("team"), form.value("by"), form.value("after"))?;
    let (from, to) = (which.spot(form.value("was"))?, which.spot(form.value("to"))?);
    let back: Option<Option<i64>> = form.parsed_optional("back");
    let back = back.ok_or_else(|| Error::malformed("This cannot be moved back."))?;
    let moved = Move { ticket: ticket.id, from, to, back };
    match site.app.write(&signed.caller, move |tx, act| shift(tx, act, moved)).await {
        Ok(now) => {
            let (number, lines, was) = (number.to_string(), now.lines.to_string(), from.key());
            let mut said = vec![("moved", number.as_str()), ("was", was.as_str())];
            if back.is_none() {
                said.push(("seen", &lines));
            }
            Ok(Redirect::to(&format!("{}#card-{number}", which.address(&said))).into_response())
        }
        Err(refused @ (Refused::Invalid(_) | Refused::Conflict(_) | Refused::Stale)) => {
            let moved = Moved::refused(&ticket, tickets::why(&refused));
            page(&site, &signed, (which, Some(moved)), &headers).await
        }
        Err(refused) => Err(refused.into()),
    }
}

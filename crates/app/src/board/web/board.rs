//! The board of a team.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use remit_core::At;
use remit_db::Tx;
use remit_web::Error;

use super::super::shown::COUNTED;
use super::super::{By, Column, Seen, Shown, Spot, shown};
use super::{Which, counted, frame};
use crate::act::Act;
use crate::people::Permission;
use crate::refused::Refused;
use crate::site::{Signed, Site, shell};
use crate::tickets::{Listed, Status, Ticket, find_number};

#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    team: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    after: String,
    /// What was moved just now, where it was, and how many lines it has had since.
    moved: Option<i64>,
    #[serde(default)]
    was: String,
    seen: Option<i64>,
}

/// What became of a card that was moved.
pub(super) struct Moved {
    number: i64,
    subject: String,
    /// Where it is now, or why it is not where it should be.
    words: String,
    done: bool,
    /// Where it was, and how many lines it has, where it can be moved back.
    back: Option<(Spot, Spot, i64)>,
}

impl Moved {
    /// It was not moved.
    pub fn refused(ticket: &Ticket, why: String) -> Self {
        let (number, subject) = (ticket.number, ticket.subject.clone());
        Self { number, subject, words: why, done: false, back: None }
    }

    /// It was; it can be moved back while nothing else has happened to it.
    fn of(tx: &mut Tx<'_, '_>, ticket: Ticket, (was, seen): (Spot, Option<i64>)) -> Result<Self, Refused> {
        let now = was.of(&ticket);
        let returns = match (now, was) {
            (Spot::Status(now), Spot::Status(was)) => now.may_become(was),
            (now, was) => now != was,
        };
        let back = (returns && seen == Some(ticket.lines)).then_some((now, was, ticket.lines));
        let words = now.words(tx)?;
        Ok(Self { number: ticket.number, subject: ticket.subject, words, done: true, back })
    }
}

#[derive(Template)]
#[template(path = "board/board.html")]
struct BoardPage {
    shown: Shown,
    which: Which,
    moved: Option<Moved>,
    now: At,
    /// The address of the board, for what is alive on it.
    here: String,
}

impl BoardPage {
    /// Whether the cards can be moved.
    fn moves(&self) -> bool {
        self.shown.team.as_ref().is_some_and(|seen| seen.ours)
    }

    /// The same by something else.
    fn other(&self, by: By) -> String {
        Which { by, after: None, ..self.which }.address(&[])
    }

    fn team(&self) -> String {
        self.which.team.map(|team| team.to_string()).unwrap_or_default()
    }

    fn after(&self) -> String {
        self.which.after.map(|after| after.to_string()).unwrap_or_default()
    }

    /// Whether there is something in it that nobody works on: that is no colour, but a hatch.
    fn is_nobody(column: &Column) -> bool {
        column.spot == Spot::Worker(None) && column.stack.count > 0
    }

    fn is(&self, by: By) -> bool {
        self.which.by == by
    }

    fn more(&self) -> Option<String> {
        self.shown.more.map(|after| Which { after: Some(after), ..self.which }.address(&[]))
    }

    fn count(column: &Column) -> String {
        counted(column.stack.count, COUNTED)
    }

    /// The page on which a card is moved.
    fn moving(&self, ticket: &Ticket) -> String {
        let address = self.here.strip_prefix("/board").unwrap_or_default();
        format!("/tickets/{}/move{address}", ticket.number)
    }

    fn is_chosen(&self, seen: &Seen) -> bool {
        self.shown.team.as_ref().is_some_and(|team| team.team.id == seen.team.id)
    }

    /// Whether another team of the party holds it: then the card says which.
    fn elsewhere(&self, listed: &Listed) -> bool {
        self.shown.team.as_ref().is_none_or(|seen| seen.team.id != listed.ticket.team)
    }

    /// Where its work stands, where the column does not say so.
    fn state(&self, ticket: &Ticket) -> Option<&'static str> {
        let said = self.which.by == By::Status || matches!(ticket.status, Status::New | Status::Working);
        (!said).then(|| ticket.status.name())
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ReadLoad)?;
    let which = Which::read(&asked.team, &asked.by, &asked.after)?;
    let was = asked.moved.map(|number| Ok::<_, Error>((number, which.spot(&asked.was)?)));
    let moved = was.transpose()?.map(|(number, was)| (number, was, asked.seen));
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let Some((number, was, seen)) = moved else { return Ok(None) };
        match find_number(tx, act, number) {
            Ok(ticket) => Moved::of(tx, ticket, (was, seen)).map(Some),
            Err(Refused::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    };
    let moved = if asked.moved.is_some() { site.app.read(&signed.caller, read).await? } else { None };
    page(&site, &signed, (which, moved), &headers).await
}

/// The board, with what became of a card that was moved.
pub(super) async fn page(
    site: &Site,
    signed: &Signed,
    (which, moved): (Which, Option<Moved>),
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let wanted = (which.team, which.by, which.after);
    let found = site.app.read(&signed.caller, move |tx, act| shown(tx, act, wanted)).await?;
    let title =
        found.team.as_ref().map_or_else(|| "Board".to_owned(), |seen| format!("Board: {}", seen.team.name));
    let status =
        if moved.as_ref().is_none_or(|moved| moved.done) { StatusCode::OK } else { StatusCode::CONFLICT };
    let which = Which { team: found.team.as_ref().map(|seen| seen.team.id), ..which };
    let page = BoardPage { shown: found, which, moved, now: site.app.now(), here: which.address(&[]) };
    let mut chrome = frame(signed, &title);
    chrome.live = Some("/tickets/live".to_owned());
    Ok(shell(chrome, &page).status(status).answer(headers))
}

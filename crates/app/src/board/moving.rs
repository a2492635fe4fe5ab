//! Moving a card, and moving it back.

use remit_core::Id;
use remit_db::Tx;

use crate::act::Act;
use crate::people::{self, Membership};
use crate::refused::Refused;
use crate::tickets::{self, Status, Ticket};

/// Where a card lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot {
    /// With somebody who works on it first, or with nobody.
    Worker(Option<Id<Membership>>),
    /// In a status.
    Status(Status),
}

impl Spot {
    /// In forms and addresses.
    pub fn key(self) -> String {
        match self {
            Self::Worker(who) => who.map(|who| who.to_string()).unwrap_or_default(),
            Self::Status(status) => status.key().to_owned(),
        }
    }

    /// Where a ticket lies, seen the same way.
    pub fn of(self, ticket: &Ticket) -> Self {
        match self {
            Self::Worker(_) => Self::Worker(ticket.worker),
            Self::Status(_) => Self::Status(ticket.status),
        }
    }

    /// In words, for whoever sees the ticket.
    pub fn words(self, tx: &mut Tx<'_, '_>) -> Result<String, Refused> {
        Ok(match self {
            Self::Worker(None) => "nobody works on it yet".to_owned(),
            Self::Worker(Some(who)) => format!("{} works on it first", people::known(tx, who)?.name),
            Self::Status(status) => format!("it is in the status “{}”", status.name()),
        })
    }
}

/// A card that is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    /// Which ticket.
    pub ticket: Id<Ticket>,
    /// Where whoever moves it saw it.
    pub from: Spot,
    /// Where it is to lie.
    pub to: Spot,
    /// How many lines it had when it was moved, where that is taken back.
    pub back: Option<i64>,
}

/// Moves a card, if it still lies where it was seen; back only if nothing else has happened to the ticket.
pub(crate) fn shift(tx: &mut Tx<'_, '_>, act: &Act, moved: Move) -> Result<Ticket, Refused> {
    let ticket = tickets::held(tx, act, moved.ticket)?;
    if moved.back.is_some_and(|lines| lines != ticket.lines) {
        let words = "something else has happened to it since, so it is not moved back: look at it, and move it yourself";
        return Err(Refused::Conflict(words.to_owned()));
    }
    let now = moved.from.of(&ticket);
    if now != moved.from {
        let words = now.words(tx)?;
        return Err(Refused::Conflict(format!("somebody else has moved it: {words}")));
    }
    match (moved.from, moved.to) {
        (Spot::Worker(_), Spot::Worker(to)) => tickets::assign(tx, act, moved.ticket, to),
        (Spot::Status(from), Spot::Status(to)) => tickets::set_status(tx, act, moved.ticket, (from, to)),
        _ => Err(Refused::Conflict("a card goes from one column of a board to another".to_owned())),
    }
}

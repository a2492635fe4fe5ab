//! Finding tickets, people and clients by a few words, by a number, or by the number that a ticket had elsewhere.
//!
//! All words must stand in one text, in any order; the last may be unfinished. Where nothing has them, words that are one slip away do.
//! A text of a ticket is found by whoever reads it on the ticket's page and by nobody else; people and clients by whoever sees their lists.
//! What is found is in the index since the unit of work that wrote it (`docs/decisions/022-search.md`).

mod excerpt;
mod mend;
mod names;
#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::Id;
use remit_db::Tx;
use remit_db::search::{Place, Query};

use crate::act::Act;
use crate::clients::{self, Client};
use crate::people::{self, Member, Membership, Permission};
use crate::refused::{Field, Refused};
use crate::tickets::{self, Hit, Hits, Listed};

pub use excerpt::{Piece, excerpt};
pub(crate) use mend::at_start;
pub use mend::{Compared, compare, mend};
pub(crate) use names::{client_named, person_named};

/// Characters of the longest question.
pub const LONGEST: usize = 200;
/// People and clients that are shown at most.
const FEW: usize = 10;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Tickets that the question names by a number.
    pub meant: Vec<Listed>,
    /// Clients by their names.
    pub clients: Vec<clients::Summary>,
    /// People by their names and addresses.
    pub people: Vec<Member>,
    /// Tickets by the texts in them, the newest first.
    pub tickets: Vec<Hit>,
    /// Where it goes on; none when all was looked at.
    pub next: Option<Further>,
    /// The question as it was understood; none where it has no words.
    pub query: Option<Query>,
    /// Whether nothing has the words as they were typed, and this is what words one slip away find.
    pub mistyped: bool,
}

/// Where a search goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Further {
    /// Before this place.
    pub before: Place,
    /// With words one slip away.
    pub mistyped: bool,
}

/// Looks for what somebody typed: all of it, or tickets alone from where a search goes on. At most `most` tickets.
///
/// # Errors
/// [`Refused::Invalid`] names the field `q` where nothing can be looked for.
pub fn find(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    asked: &str,
    (further, most): (Option<Further>, usize),
) -> Result<Found, Refused> {
    act.require(Permission::AskForHelp)?;
    let query = understood(asked)?;
    if let Some(Further { before, mistyped }) = further {
        let query = if mistyped { query.tolerant() } else { query };
        let Hits { tickets, next } = tickets::by_words(tx, act, &query, (Some(before), most))?;
        let next = next.map(|before| Further { before, mistyped });
        return Ok(Found { tickets, next, mistyped, query: Some(query), ..Found::default() });
    }
    let meant = tickets::by_number(tx, act, asked)?;
    let found = Found { meant, ..by_words(tx, act, query.clone(), (false, most))? };
    if !found.is_empty() {
        return Ok(found);
    }
    let near = by_words(tx, act, query.tolerant(), (true, most))?;
    Ok(if near.is_empty() && near.next.is_none() { found } else { near })
}

fn understood(asked: &str) -> Result<Query, Refused> {
    let wrong = |why: String| Refused::Invalid(vec![Field::new("q", why)]);
    if asked.chars().take(LONGEST + 1).count() > LONGEST {
        return Err(wrong(format!("write at most {LONGEST} characters: a few words that stand in it")));
    }
    Query::read(asked).map_err(|why| wrong(why.to_string()))
}

fn by_words(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    query: Query,
    (mistyped, most): (bool, usize),
) -> Result<Found, Refused> {
    let clients = if act.caller.may(Permission::ReadClients) {
        names::clients(tx, &query, FEW)?
            .into_iter()
            .map(|id| clients::find(tx, act, id))
            .collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    let people = if act.caller.may(Permission::ReadPeople) {
        names::people(tx, &query, FEW)?
            .into_iter()
            .map(|id| people::member(tx, act, id))
            .collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    let Hits { tickets, next } = tickets::by_words(tx, act, &query, (None, most))?;
    let next = next.map(|before| Further { before, mistyped });
    Ok(Found { meant: Vec::new(), clients, people, tickets, next, query: Some(query), mistyped })
}

impl Found {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.meant.is_empty() && self.clients.is_empty() && self.people.is_empty() && self.tickets.is_empty()
    }
}

/// A membership or a client whose name is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Client(Id<Client>),
    Person(Id<Membership>, Option<Id<Client>>),
}

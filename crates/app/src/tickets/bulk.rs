//! One deed for several tickets. Each is a unit of work of its own, so what cannot be done to one keeps nothing from the others.

use remit_core::Id;
use remit_db::Tx;

use super::kind::Status;
use super::{Ticket, assign, merge, set_status, store, tag, watch};
use crate::App;
use crate::act::{Act, Caller};
use crate::people::{Membership, Permission};
use crate::refused::{Field, Refused};

/// The most tickets of one deed.
pub const MOST_AT_ONCE: usize = 200;
/// How often something is tried that somebody else changes at the same time.
const TRIES: usize = 3;

/// What is done to each of several tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkDeed {
    /// Somebody of the party that holds it works on it first; nobody with `None`.
    Assign(Option<Id<Membership>>),
    /// Its status moves from wherever it stands.
    Status(Status),
    /// Words are put on it and others taken off it.
    Tag {
        /// Those that it has since.
        add: Vec<String>,
        /// Those that it has no longer.
        remove: Vec<String>,
    },
    /// The caller follows it.
    Watch,
    /// It goes on in the one with this number.
    Merge(i64),
}

/// What became of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Which.
    pub ticket: Id<Ticket>,
    /// Its number and its subject; none where the caller sees no such ticket.
    pub seen: Option<(i64, String)>,
    /// Why it was not done; none where it was.
    pub why_not: Option<String>,
}

/// Refuses what is too much for one deed, or nothing at all.
pub(crate) fn few(many: usize) -> Result<(), Refused> {
    let words = match many {
        0 => "choose at least one ticket".to_owned(),
        1..=MOST_AT_ONCE => return Ok(()),
        many => {
            format!(
                "choose at most {MOST_AT_ONCE} tickets at once, these are {many}; nothing was done to any of them"
            )
        }
    };
    Err(Refused::Invalid(vec![Field::new("tickets", words)]))
}

/// Does one thing to each of several tickets, in their order, and says what became of each. A ticket that is named twice counts once.
pub async fn bulk(
    app: &App,
    caller: &Caller,
    ids: &[Id<Ticket>],
    deed: &BulkDeed,
) -> Result<Vec<Outcome>, Refused> {
    caller.require(if *deed == BulkDeed::Watch {
        Permission::AskForHelp
    } else {
        Permission::WorkTickets
    })?;
    few(ids.len())?;
    let mut all: Vec<Outcome> = Vec::with_capacity(ids.len());
    for id in ids.iter().copied() {
        if all.iter().any(|one| one.ticket == id) {
            continue;
        }
        let read = move |tx: &mut Tx<'_, '_>, act: &Act| store::find(tx, act, id);
        let (seen, done) = match app.read(caller, read).await {
            Ok(ticket) => (Some((ticket.number, ticket.subject)), tried(app, caller, id, deed).await),
            Err(refused) => (None, Err(refused)),
        };
        all.push(Outcome { ticket: id, seen, why_not: done.err().map(|refused| why(&refused)) });
    }
    Ok(all)
}

/// Does it to one, again where somebody else has changed it just then.
async fn tried(app: &App, caller: &Caller, id: Id<Ticket>, deed: &BulkDeed) -> Result<(), Refused> {
    let mut tries = TRIES;
    loop {
        tries -= 1;
        let deed = deed.clone();
        match app.write(caller, move |tx, act| done(tx, act, id, &deed)).await {
            Err(Refused::Stale) if tries > 0 => {}
            done => return done.map(drop),
        }
    }
}

fn done(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, deed: &BulkDeed) -> Result<Ticket, Refused> {
    match deed {
        BulkDeed::Assign(worker) => assign(tx, act, id, *worker),
        BulkDeed::Status(to) => {
            let from = store::find(tx, act, id)?.status;
            if from == *to { store::find(tx, act, id) } else { set_status(tx, act, id, (from, *to)) }
        }
        BulkDeed::Tag { add, remove } => tag(tx, act, id, (add, remove)),
        BulkDeed::Watch => watch(tx, act, id, None),
        BulkDeed::Merge(into) => merge(tx, act, id, *into),
    }
}

/// Why something was not done, for whoever reads the list of it.
pub(crate) fn why(refused: &Refused) -> String {
    match refused {
        Refused::NotFound => "there is no such ticket that you can see".to_owned(),
        Refused::Stale => "somebody else changed it at the same time: try it again".to_owned(),
        Refused::Invalid(fields) => {
            fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join("; ")
        }
        // What is wrong there is in the log, and nobody's who reads this.
        Refused::Db(_) => "it could not be written down just now: try it again".to_owned(),
        other => other.to_string(),
    }
}

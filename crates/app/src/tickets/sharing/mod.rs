//! What people of a client read of what their colleagues asked for.
//!
//! Leadership, approvers and both IT teams read all tickets of a client by their role. Whoever only asks for help reads their own, what they
//! follow, and what a colleague **shares**: each ticket by itself, while the client lets its people share at all, with those whom it names
//! or with everybody. Shared is what everybody on the ticket reads; lines of the IT teams are not.
//!
//! Rules: the client's own IT and the provider's managers say who reads what is shared; whoever asked for a ticket, or works on it, shares
//! it and takes that back. Where a client stops sharing, nothing is read from that instant on, and nothing is forgotten. A request type
//! that is private is not shared when it is asked for.

mod store;
#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::Id;
use remit_db::Tx;

use super::event::Happened;
use super::ticket::Change;
use super::visibility::Sight;
use super::{Ticket, find};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::{self, Client};
use crate::keyed::keyed;
use crate::people::{Membership, Permission};
use crate::refused::{Field, Refused};

pub(super) use store::{begin, reader_of, reads};
pub(crate) use store::{offered, reads_some as reads_shared, shared};

/// The most who can be chosen.
const MOST: usize = 200;

keyed! {
    /// Who of a client's people reads what colleagues share.
    Readers as "SharingReaders" {
        /// Nobody: everybody reads their own.
        Nobody = "nobody", "nobody";
        /// Those who are named.
        Chosen = "chosen", "those who are named";
        /// All of them.
        Everyone = "everyone", "everybody of the client";
    }
}

/// How a client shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sharing {
    /// Changes whenever it does; 0 where nobody has said it yet.
    pub version: i64,
    /// Who reads what is shared.
    pub readers: Readers,
    /// Those who are named: who they are, and their mail addresses.
    pub chosen: Vec<(Id<Membership>, String)>,
}

/// How a client shares.
pub fn sharing(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Sharing, Refused> {
    act.require(Permission::ManageClientPeople)?;
    clients::find(tx, act, client)?;
    store::sharing(tx, client)
}

/// Says how a client shares, if it still is as the caller read it. Those who are named are named by their mail addresses.
pub fn set_sharing(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (client, version): (Id<Client>, i64),
    (readers, addresses): (Readers, &[String]),
) -> Result<(), Refused> {
    let before = sharing(tx, act, client)?;
    if before.version != version {
        return Err(Refused::Stale);
    }
    let wrong = |why: String| Err(Refused::Invalid(vec![Field::new("addresses", why)]));
    if addresses.len() > MOST {
        return wrong(format!("name at most {MOST} people; to share with more, share with everybody"));
    }
    let mut chosen = Vec::new();
    for address in addresses {
        match store::colleague(tx, client, &address.to_lowercase())? {
            Some(who) if !chosen.contains(&who) => chosen.push(who),
            Some(_) => {}
            None => return wrong(format!("nobody of this client has the address {address}")),
        }
    }
    if readers == Readers::Chosen && chosen.is_empty() {
        return wrong("name somebody, or choose nobody above".to_owned());
    }
    store::keep(tx, (client, version), readers, &chosen)?;
    let detail = format!("{}; {} named", readers.name(), chosen.len());
    let (action, subject) = ("client.sharing", client.to_string());
    audit::note(tx, act, Event { action, subject, client: Some(client), detail: &detail })
}

/// Whether the caller shares a ticket, and takes that back.
pub(crate) fn may_share(act: &Act, ticket: &Ticket) -> bool {
    act.caller.membership == Some(ticket.requester) || matches!(Sight::of(act), Ok(Sight::Working(_)))
}

/// Shares a ticket with colleagues of whoever asked for it, or takes that back.
pub fn share(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>, with: bool) -> Result<Ticket, Refused> {
    let ticket = find(tx, act, id)?;
    if !may_share(act, &ticket) {
        return Err(Refused::Conflict(
            "whoever asked for it says who reads it: ask them, or your IT".to_owned(),
        ));
    }
    if with && offered(tx, ticket.client)? == Readers::Nobody {
        return Err(Refused::Conflict(
            "this client's people read their own tickets alone: its IT can change that".to_owned(),
        ));
    }
    if shared(tx, &ticket)? == with {
        return Ok(ticket);
    }
    if with {
        begin(tx, &ticket)?;
    } else {
        store::end(tx, &ticket)?;
    }
    let mut change = Change::of(ticket);
    change.happened(act, Happened::Shared { with });
    change.keep(tx, act)
}

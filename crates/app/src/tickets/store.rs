//! Finding tickets, and lists of them. No list grows with the table: each is served by an index and goes on from a key.

use remit_core::{At, Id};
use remit_db::{Error, FromRow, Row, Tx, sql};
use uuid::Uuid;

use super::Ticket;
use super::kind::Priority;
use super::ticket::{COLUMNS, hand, ticket_columns};
use super::visibility::Sight;
use super::watch::watches;
use crate::act::Act;
use crate::clients::Client;
use crate::keyed::texts;
use crate::people::{Membership, PartyKind, Permission, Team};
use crate::refused::Refused;

/// The names around a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Of the client.
    pub client: String,
    /// Its zone.
    pub zone: String,
    /// Of the party that holds it.
    pub party: String,
    /// What that party is.
    pub kind: PartyKind,
    /// Of the team that holds it.
    pub team: String,
    /// Of the requester.
    pub requester: String,
    /// Of whoever works on it.
    pub worker: Option<String>,
    /// Of the team that it is offered to, and what its party is.
    pub offered: Option<(String, PartyKind)>,
    /// Of the site.
    pub site: Option<String>,
}

/// A ticket as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// It.
    pub ticket: Ticket,
    /// The names around it.
    pub named: Named,
}

/// Which tickets are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Open, held by a team that the caller is in; by what is due first.
    MyTeams,
    /// Open, and the caller works on it; by what is due first.
    Mine,
    /// Offered to a team that the caller is in; what is to be answered first.
    Offered,
    /// Open, held by a team; by what is due first.
    Team(Id<Team>),
    /// All open ones within reach; by what is due first.
    Open,
    /// All of a client, the newest first.
    Client(Id<Client>),
    /// Those that the caller asked for, the newest first.
    Own,
}

impl FromRow for Listed {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let kind = |key: &str| {
            PartyKind::from_key(key).ok_or_else(|| Error::Other(format!("a party holds the kind {key}")))
        };
        let (party_kind, offered, offered_kind): (String, Option<String>, Option<String>) =
            (row.get(COLUMNS + 3)?, row.get(COLUMNS + 7)?, row.get(COLUMNS + 8)?);
        let offered = match (offered, offered_kind) {
            (Some(team), Some(key)) => Some((team, kind(&key)?)),
            _ => None,
        };
        let named = Named {
            client: row.get(COLUMNS)?,
            zone: row.get(COLUMNS + 1)?,
            party: row.get(COLUMNS + 2)?,
            kind: kind(&party_kind)?,
            team: row.get(COLUMNS + 4)?,
            requester: row.get(COLUMNS + 5)?,
            worker: row.get(COLUMNS + 6)?,
            offered,
            site: row.get(COLUMNS + 9)?,
        };
        Ok(Self { ticket: Ticket::read(&mut row)?, named })
    }
}

/// Tickets with the names around them; what follows is the condition, with the order and the limit.
macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            ticket_columns!(),
            ", c.name, c.zone, p.name, p.kind, h.name, r.name, w.name, o.name, q.kind, s.name FROM ticket t ",
            "JOIN client c ON c.provider_id = t.provider_id AND c.id = t.client_id ",
            "JOIN party p ON p.provider_id = t.provider_id AND p.id = t.party_id ",
            "JOIN team h ON h.provider_id = t.provider_id AND h.id = t.team_id ",
            "JOIN membership r ON r.provider_id = t.provider_id AND r.id = t.requester_id ",
            "LEFT JOIN membership w ON w.provider_id = t.provider_id AND w.id = t.worker_id ",
            "LEFT JOIN team o ON o.provider_id = t.provider_id AND o.id = t.offered_team_id ",
            "LEFT JOIN party q ON q.provider_id = o.provider_id AND q.id = o.party_id ",
            "LEFT JOIN site s ON s.provider_id = t.provider_id AND s.id = t.site_id ",
            "WHERE t.provider_id = $1 AND {reach: t.client_id} AND ",
            $rest
        )
    };
}

/// The same without the names.
macro_rules! plain {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            ticket_columns!(),
            " FROM ticket t WHERE t.provider_id = $1 AND {reach: t.client_id} AND ",
            $rest
        )
    };
}

texts! {
    BY_ID = plain!("t.id = $2");
    BY_NUMBER = plain!("t.number = $2");
    SHOWN = listed!("t.id = $2");
    MY_TEAMS = listed!(
        "t.closed_at IS NULL AND t.team_id IN (SELECT m.team_id FROM team_member m WHERE m.provider_id = t.provider_id \
         AND m.membership_id = $2) AND (t.due_at > $3 OR (t.due_at = $3 AND t.id > $4)) AND (t.priority = $5 OR $5 = '') \
         ORDER BY t.due_at, t.id LIMIT $6"
    );
    MINE = listed!(
        "t.closed_at IS NULL AND t.worker_id = $2 AND (t.due_at > $3 OR (t.due_at = $3 AND t.id > $4)) \
         AND (t.priority = $5 OR $5 = '') ORDER BY t.due_at, t.id LIMIT $6"
    );
    OFFERED = listed!(
        "t.offered_team_id IN (SELECT m.team_id FROM team_member m WHERE m.provider_id = t.provider_id \
         AND m.membership_id = $2) AND (t.answer_by > $3 OR (t.answer_by = $3 AND t.id > $4)) AND (t.priority = $5 OR $5 = '') \
         ORDER BY t.answer_by, t.id LIMIT $6"
    );
    OF_TEAM = listed!(
        "t.closed_at IS NULL AND t.team_id = $2 AND (t.due_at > $3 OR (t.due_at = $3 AND t.id > $4)) \
         AND (t.priority = $5 OR $5 = '') ORDER BY t.due_at, t.id LIMIT $6"
    );
    OPEN = listed!(
        "t.closed_at IS NULL AND (t.due_at > $2 OR (t.due_at = $2 AND t.id > $3)) AND (t.priority = $4 OR $4 = '') \
         ORDER BY t.due_at, t.id LIMIT $5"
    );
    OF_CLIENT = listed!("t.client_id = $2 AND t.id < $3 AND (t.priority = $4 OR $4 = '') ORDER BY t.id DESC LIMIT $5");
    OF_REQUESTER = listed!("t.requester_id = $2 AND t.id < $3 AND (t.priority = $4 OR $4 = '') ORDER BY t.id DESC LIMIT $5");
}

/// A ticket that the caller may see.
pub fn find(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Ticket, Refused> {
    let ticket = get(tx, id)?;
    seen(tx, act, ticket)
}

/// A ticket within reach, for verbs that have asked already who may see it.
pub(super) fn get(tx: &mut Tx<'_, '_>, id: Id<Ticket>) -> Result<Ticket, Refused> {
    tx.find(sql!(BY_ID), (id,))?.ok_or(Refused::NotFound)
}

/// The same by its number.
pub fn find_number(tx: &mut Tx<'_, '_>, act: &Act, number: i64) -> Result<Ticket, Refused> {
    let ticket: Ticket = tx.find(sql!(BY_NUMBER), (number,))?.ok_or(Refused::NotFound)?;
    seen(tx, act, ticket)
}

/// Not yours looks exactly like not there.
fn seen(tx: &mut Tx<'_, '_>, act: &Act, ticket: Ticket) -> Result<Ticket, Refused> {
    let seen = act.caller.membership == Some(ticket.requester)
        || match (Sight::of(act)?, ticket.custody.offer()) {
            (Sight::Working(_) | Sight::Reading, _) => true,
            (Sight::Vendor(party), _) if party == ticket.party => true,
            (Sight::Vendor(party), Some(offer)) => hand(tx, offer.to)?.party == party,
            (Sight::Vendor(_), None) => false,
            (Sight::Own(own), _) => watches(tx, ticket.id, own)?,
        };
    if seen { Ok(ticket) } else { Err(Refused::NotFound) }
}

/// A ticket with the names around it.
pub fn shown(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Listed, Refused> {
    find(tx, act, id)?;
    tx.find(sql!(SHOWN), (id,))?.ok_or(Refused::NotFound)
}

/// Where a list goes on: behind what is due then, and behind an id.
pub type Behind = (At, Id<Ticket>);

/// Tickets of a view from behind a key on; of one priority alone, where one is named.
pub fn list(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    view: View,
    (priority, behind, most): (Option<Priority>, Option<Behind>, u16),
) -> Result<Vec<Listed>, Refused> {
    match (Sight::of(act)?, view) {
        (_, View::Own)
        | (Sight::Working(_), _)
        | (Sight::Vendor(_), View::MyTeams | View::Mine | View::Offered)
        | (Sight::Reading, View::Open | View::Client(_)) => {}
        (Sight::Reading, _) => act.require(Permission::WorkTickets)?,
        (Sight::Vendor(_) | Sight::Own(_), _) => act.require(Permission::ReadTickets)?,
    }
    let own = act.caller.membership;
    let some = priority.map_or("", Priority::key);
    let (due, above) = behind.map_or((At::from_millis(i64::MIN), Uuid::nil()), |(due, id)| (due, id.uuid()));
    let below = behind.map_or(Uuid::max(), |(_, id)| id.uuid());
    Ok(match view {
        View::MyTeams => tx.rows(sql!(MY_TEAMS), (own, due, above, some, most))?,
        View::Mine => tx.rows(sql!(MINE), (own, due, above, some, most))?,
        View::Offered => tx.rows(sql!(OFFERED), (own, due, above, some, most))?,
        View::Team(team) => tx.rows(sql!(OF_TEAM), (team, due, above, some, most))?,
        View::Open => tx.rows(sql!(OPEN), (due, above, some, most))?,
        View::Client(client) => tx.rows(sql!(OF_CLIENT), (client, below, some, most))?,
        View::Own => tx.rows(sql!(OF_REQUESTER), (own, below, some, most))?,
    })
}

/// People of the holding team, and then the rest of its party, who can work on a ticket.
pub fn workers(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<Vec<(Id<Membership>, String)>, Refused> {
    let list = sql!(
        "SELECT m.id, m.name FROM team_member t JOIN membership m ON m.provider_id = t.provider_id AND m.id = t.membership_id \
         WHERE t.provider_id = $1 AND {reach?: m.client_id} AND t.team_id = $2 AND m.state IN ('active', 'invited') \
         ORDER BY m.folded, m.id LIMIT 200"
    );
    Ok(tx.rows(list, (ticket.team,))?)
}

/// The ids of tickets behind one, in order.
pub(crate) fn ids(
    tx: &mut Tx<'_, '_>,
    after: Option<Id<Ticket>>,
    most: u16,
) -> Result<Vec<Id<Ticket>>, Refused> {
    let list = sql!(
        "SELECT id FROM ticket WHERE provider_id = $1 AND {reach: client_id} AND id > $2 ORDER BY id LIMIT $3"
    );
    let after = after.map_or(Uuid::nil(), Id::uuid);
    let found: Vec<(Id<Ticket>,)> = tx.rows(list, (after, most))?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The name of somebody within reach.
pub(super) fn name_of(tx: &mut Tx<'_, '_>, who: Id<Membership>) -> Result<String, Refused> {
    let find = sql!("SELECT name FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND id = $2");
    Ok(tx.find::<(String,), _>(find, (who,))?.ok_or(Refused::NotFound)?.0)
}

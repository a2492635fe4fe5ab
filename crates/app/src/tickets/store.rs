//! Finding tickets, and lists of them. No list grows with the table: each is served by an index and goes on from a key.

use remit_core::{At, Id};
use remit_db::statement::Reached;
use remit_db::{Error, FromRow, Row, Statement, Tx, sql};
use uuid::Uuid;

use super::Ticket;
use super::kind::Priority;
use super::tag::Tag;
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
    /// All with a word on them, the newest first; none has a word that is not there.
    Tagged(Option<Id<Tag>>),
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

/// Tickets with the names around them, from where they are found; what follows is the condition, with the order and the limit.
macro_rules! named {
    ($rest:literal, $($from:tt)+) => {
        concat!(
            "SELECT ",
            ticket_columns!(),
            ", c.name, c.zone, p.name, p.kind, h.name, r.name, w.name, o.name, q.kind, s.name FROM ",
            $($from)+,
            " JOIN client c ON c.provider_id = t.provider_id AND c.id = t.client_id ",
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

/// The same of all tickets.
macro_rules! listed {
    ($rest:literal) => {
        named!($rest, "ticket t")
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

/// The first keys of open tickets of one priority behind a key, straight from an index. What follows is the rest of the condition.
macro_rules! due {
    ($priority:literal, $rest:literal) => {
        concat!(
            "SELECT id, due_at FROM (SELECT x.id, x.due_at FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} ",
            "AND x.closed_at IS NULL AND x.priority = '",
            $priority,
            "' AND ('",
            $priority,
            "' = $4 OR $4 = '') AND (x.due_at, x.id) > ($2, $3)",
            $rest,
            " ORDER BY x.due_at, x.id LIMIT $5) ",
            $priority
        )
    };
}

/// The same of all priorities or of the one that is asked for. A list of one priority is as quick as one of all, however rare it is: each
/// priority is a stretch of the index.
macro_rules! keys {
    ($rest:literal) => {
        concat!(
            due!("P1", $rest),
            " UNION ALL ",
            due!("P2", $rest),
            " UNION ALL ",
            due!("P3", $rest),
            " UNION ALL ",
            due!("P4", $rest)
        )
    };
}

/// The newest tickets of a client of one priority, before an id.
macro_rules! newest {
    ($priority:literal) => {
        concat!(
            "SELECT id FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.client_id = $2 ",
            "AND x.priority = '",
            $priority,
            "' AND ('",
            $priority,
            "' = $4 OR $4 = '') AND x.id < $3 ORDER BY x.id DESC LIMIT $5) ",
            $priority
        )
    };
}

texts! {
    BY_ID = plain!("t.id = $2");
    BY_NUMBER = plain!("t.number = $2");
    SHOWN = listed!("t.id = $2");
    // The bounds are those of the keys: no more rows are read than are shown. The teams are a question of their own, not one for each
    // ticket: PostgreSQL could not go in by the index then.
    OF_TEAMS = listed!(
        "t.closed_at IS NULL AND t.team_id IN (SELECT m.team_id FROM team_member m WHERE m.provider_id = $1 \
         AND m.membership_id = $2) AND t.priority IN ('P1', 'P2', 'P3', 'P4') AND (t.due_at, t.id) > ($3, $4) \
         AND (t.due_at, t.id) <= ($5, $6) AND (t.priority = $7 OR $7 = '') ORDER BY t.due_at, t.id LIMIT $8"
    );
    KEYS_OF_TEAM = concat!(
        "SELECT due_at, id FROM (", keys!(" AND x.team_id = $6"), ") k ORDER BY due_at, id LIMIT $5"
    );
    MINE = listed!(
        "t.closed_at IS NULL AND t.worker_id = $2 AND (t.due_at, t.id) > ($3, $4) \
         AND (t.priority = $5 OR $5 = '') ORDER BY t.due_at, t.id LIMIT $6"
    );
    OFFERED = listed!(
        "t.offered_team_id IN (SELECT m.team_id FROM team_member m WHERE m.provider_id = $1 \
         AND m.membership_id = $2) AND (t.answer_by, t.id) > ($3, $4) AND (t.answer_by, t.id) <= ($5, $6) \
         AND (t.priority = $7 OR $7 = '') ORDER BY t.answer_by, t.id LIMIT $8"
    );
    KEYS_OFFERED = "SELECT x.answer_by, x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.offered_team_id = $6 \
         AND (x.answer_by, x.id) > ($2, $3) AND (x.priority = $4 OR $4 = '') ORDER BY x.answer_by, x.id LIMIT $5";
    // Keys first, and the order of the join fixed: SQLite would sooner go through all tickets of a client.
    OF_TEAM = named!(
        "t.id = k.id ORDER BY k.due_at, k.id",
        "(SELECT id, due_at FROM (", keys!(" AND x.team_id = $6"), ") u ORDER BY due_at, id LIMIT $5) k CROSS JOIN ticket t"
    );
    OPEN = named!(
        "t.id = k.id ORDER BY k.due_at, k.id",
        "(SELECT id, due_at FROM (", keys!(""), ") u ORDER BY due_at, id LIMIT $5) k CROSS JOIN ticket t"
    );
    OF_CLIENT = named!(
        "t.id = k.id ORDER BY k.id DESC",
        "(SELECT id FROM (", newest!("P1"), " UNION ALL ", newest!("P2"), " UNION ALL ", newest!("P3"), " UNION ALL ",
        newest!("P4"), ") u ORDER BY id DESC LIMIT $5) k CROSS JOIN ticket t"
    );
    TAGGED = named!(
        "t.id = k.ticket_id ORDER BY k.ticket_id DESC",
        "(SELECT x.ticket_id FROM ticket_tag x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.tag_id = $2 \
         AND x.ticket_id < $3 ORDER BY x.ticket_id DESC LIMIT $4) k CROSS JOIN ticket t"
    );
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
        // A word is no ticket of theirs, and says something that is not for them.
        (_, View::Tagged(_)) => return Err(Refused::Forbidden(Permission::WorkTickets)),
        (Sight::Reading, _) => act.require(Permission::WorkTickets)?,
        (Sight::Vendor(_) | Sight::Own(_), _) => act.require(Permission::ReadTickets)?,
    }
    let own = act.caller.membership;
    let some = priority.map_or("", Priority::key);
    let (due, above) = behind.map_or((At::from_millis(i64::MIN), Uuid::nil()), |(due, id)| (due, id.uuid()));
    let below = behind.map_or(Uuid::max(), |(_, id)| id.uuid());
    Ok(match view {
        View::MyTeams => of_teams(tx, (sql!(KEYS_OF_TEAM), sql!(OF_TEAMS)), own, ((due, above), some, most))?,
        View::Mine => tx.rows(sql!(MINE), (own, due, above, some, most))?,
        View::Offered => of_teams(tx, (sql!(KEYS_OFFERED), sql!(OFFERED)), own, ((due, above), some, most))?,
        View::Team(team) => tx.rows(sql!(OF_TEAM), (due, above, some, most, team))?,
        View::Open => tx.rows(sql!(OPEN), (due, above, some, most))?,
        View::Client(client) => tx.rows(sql!(OF_CLIENT), (client, below, some, most))?,
        // One word is on few tickets: of which priority they are is seen.
        View::Tagged(Some(tag)) => tx.rows(sql!(TAGGED), (tag, below, most))?,
        View::Tagged(None) => Vec::new(),
        View::Own => tx.rows(sql!(OF_REQUESTER), (own, below, some, most))?,
    })
}

/// Tickets of all teams that somebody is in. The keys of each team are looked up first, so that a team with a long queue costs no more
/// than one with a short one.
fn of_teams(
    tx: &mut Tx<'_, '_>,
    (of_team, between): (&'static Statement<Reached>, &'static Statement<Reached>),
    own: Option<Id<Membership>>,
    ((due, above), some, most): ((At, Uuid), &str, u16),
) -> Result<Vec<Listed>, Refused> {
    let teams = sql!(
        "SELECT team_id FROM team_member WHERE provider_id = $1 AND {reach?: client_id} AND membership_id = $2 \
         ORDER BY team_id LIMIT 1000"
    );
    let mut keys: Vec<(At, Uuid)> = Vec::new();
    for (team,) in tx.rows::<(Id<Team>,), _>(teams, (own,))? {
        keys.extend(tx.rows::<(At, Uuid), _>(of_team, (due, above, some, most, team))?);
    }
    keys.sort_unstable();
    keys.truncate(usize::from(most));
    let Some((last, id)) = keys.last().copied() else { return Ok(Vec::new()) };
    Ok(tx.rows(between, (own, due, above, last, id, some, most))?)
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

//! Finding tickets, and lists of them. No list grows with the table: each is served by an index and goes on from a key.

use std::collections::BTreeMap;

use remit_core::{At, Id, Millis};
use remit_db::{IntoValue, Tx, Value, sql};
use uuid::Uuid;

use super::kind::Priority;
use super::named::{Listed, among, named, rows_among};
use super::tag::Tag;
use super::ticket::{hand, ticket_columns};
use super::visibility::Sight;
use super::watch::watches;
use super::{Kind, Narrow, Pile, Status, Ticket, approval, pile, sharing};
use crate::act::Act;
use crate::clients::Client;
use crate::keyed::texts;
use crate::people::{Membership, Permission, Team};
use crate::refused::Refused;

/// Which tickets are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Open, held by a team that the caller is in; by what is due first.
    MyTeams,
    /// The same, of which something is late or due within the hour.
    Soon,
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
    /// What a team or somebody has to do, of one sort; by what is due first.
    Pile(Pile),
    /// Those that the caller asked for, the newest first.
    Own,
    /// Those that colleagues of the caller share with them, the newest first.
    Shared,
}

/// Tickets; what follows is the condition, with the order and the limit.
macro_rules! plain {
    ($($rest:expr),+) => {
        concat!(
            "SELECT ",
            ticket_columns!(),
            " FROM ticket t WHERE t.provider_id = $1 AND {reach: t.client_id} AND ",
            $($rest),+
        )
    };
}

/// The first keys of open tickets of one priority behind a key, straight from an index. What follows is the rest of the condition.
macro_rules! due {
    ($name:literal, $priority:literal, $rest:literal) => {
        concat!(
            "SELECT due_at, id FROM (SELECT x.due_at, x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} ",
            "AND x.closed_at IS NULL AND x.priority = ",
            $priority,
            " AND (x.due_at, x.id) > ($2, $3)",
            $rest,
            " ORDER BY x.due_at, x.id LIMIT $4) ",
            $name
        )
    };
}

pub(super) use due;

/// The same of all priorities: each is a stretch of the index, so that a list of one is as quick as one of all, however rare it is.
macro_rules! all_due {
    ($rest:literal) => {
        concat!(
            "SELECT due_at, id FROM (",
            due!("p1", "'P1'", $rest),
            " UNION ALL ",
            due!("p2", "'P2'", $rest),
            " UNION ALL ",
            due!("p3", "'P3'", $rest),
            " UNION ALL ",
            due!("p4", "'P4'", $rest),
            ") k ORDER BY due_at, id LIMIT $4"
        )
    };
}

pub(super) use all_due;

/// Open tickets of which something was due before an instant. What follows is the rest of the condition.
macro_rules! late {
    ($rest:literal) => {
        concat!(
            "SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL AND x.due_at < $2 \
             AND x.priority IN ('P1', 'P2', 'P3', 'P4')",
            $rest,
            " LIMIT $3"
        )
    };
}

/// The newest tickets of a client of one priority, before an id.
macro_rules! newest {
    ($name:literal, $priority:literal) => {
        concat!(
            "SELECT id FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.client_id = $4 ",
            "AND x.priority = ",
            $priority,
            " AND x.id < $2 ORDER BY x.id DESC LIMIT $3) ",
            $name
        )
    };
}

/// What is asked of tickets among many besides: kind, status, priority, service with all below it, client, and whether only open ones.
macro_rules! fitting {
    () => {
        " AND (t.kind = $66 OR $66 = '') AND (t.status = $67 OR $67 = '') AND (t.priority = $68 OR $68 = '') \
         AND (t.service = $69 OR substr(t.service, 1, length($69) + 1) = $69 || '.' OR $69 = '') \
         AND (t.client_id = $70 OR $70 IS NULL) AND t.status <> $71 LIMIT 64"
    };
}

texts! {
    BY_ID = plain!("t.id = $2");
    BY_NUMBER = plain!("t.number = $2");
    BY_IDS = plain!("t.id ", among!(), " LIMIT 64");
    FITTING_BY_IDS = plain!("t.id ", among!(), fitting!());
    FITTING_BY_NUMBERS = plain!("t.number ", among!(), fitting!());
    // The keys of a page first, from the index alone: no more tickets are read than are shown.
    OF_TEAM = all_due!(" AND x.team_id = $5");
    OF_TEAM_ONE = due!("p", "$6", " AND x.team_id = $5");
    SOON_OF_TEAM = all_due!(" AND x.team_id = $5 AND x.due_at <= $6");
    SOON_OF_TEAM_ONE = due!("p", "$6", " AND x.team_id = $5 AND x.due_at <= $7");
    OPEN = all_due!("");
    OPEN_ONE = due!("p", "$5", "");
    MINE = "SELECT x.due_at, x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.worker_id = $5 AND (x.due_at, x.id) > ($2, $3) AND (x.priority = $6 OR $6 = '') ORDER BY x.due_at, x.id LIMIT $4";
    HELPED = "SELECT x.due_at, x.id FROM ticket_helper h JOIN ticket x ON x.provider_id = h.provider_id AND x.id = h.ticket_id \
         WHERE h.provider_id = $1 AND {reach: x.client_id} AND h.membership_id = $5 AND h.open = TRUE AND x.closed_at IS NULL \
         AND (x.due_at, x.id) > ($2, $3) AND (x.priority = $6 OR $6 = '') ORDER BY x.due_at, x.id LIMIT $4";
    OFFERED = "SELECT x.answer_by, x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.offered_team_id = $5 \
         AND (x.answer_by, x.id) > ($2, $3) AND (x.priority = $6 OR $6 = '') ORDER BY x.answer_by, x.id LIMIT $4";
    OF_CLIENT = concat!(
        "SELECT id FROM (", newest!("p1", "'P1'"), " UNION ALL ", newest!("p2", "'P2'"), " UNION ALL ", newest!("p3", "'P3'"),
        " UNION ALL ", newest!("p4", "'P4'"), ") k ORDER BY id DESC LIMIT $3"
    );
    OF_CLIENT_ONE = newest!("p", "$5");
    LATE = late!("");
    LATE_OF_CLIENT = late!(" AND x.client_id = $4");
    TAGGED = "SELECT x.ticket_id FROM ticket_tag x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.tag_id = $4 \
         AND x.ticket_id < $2 ORDER BY x.ticket_id DESC LIMIT $3";
    OF_REQUESTER = "SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.requester_id = $4 AND x.id < $2 \
         AND (x.priority = $5 OR $5 = '') ORDER BY x.id DESC LIMIT $3";
    SHARED = "SELECT s.ticket_id FROM ticket_shared s JOIN ticket x ON x.provider_id = s.provider_id AND x.id = s.ticket_id \
         WHERE s.provider_id = $1 AND {reach: s.client_id} AND s.client_id = $5 AND s.ticket_id < $2 \
         AND x.requester_id <> $6 AND (x.priority = $4 OR $4 = '') ORDER BY s.ticket_id DESC LIMIT $3";
}

/// The most tickets that somebody helps with which a narrowed list knows of.
const MOST_HELPED: u16 = 1000;

/// What is due within this time is soon: an hour is left to do something about it.
pub(super) const SOON: Millis = Millis::from_hours(1);

/// The most that are counted of what is late.
pub(crate) const COUNTED: u16 = 1000;

/// How many tickets are late, counted to [`COUNTED`]: what is promised next about them was due before an instant, and is still owed. Of one
/// client, or of all within reach.
pub(crate) fn late(tx: &mut Tx<'_, '_>, at: At, client: Option<Id<Client>>) -> Result<i64, Refused> {
    let found: Vec<(Id<Ticket>,)> = match client {
        None => tx.rows(sql!(LATE), (at, COUNTED))?,
        Some(client) => tx.rows(sql!(LATE_OF_CLIENT), (at, COUNTED, client))?,
    };
    Ok(found.len() as i64)
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

/// What a ticket must be by itself. Statements ask it, so that others are not read.
#[derive(Debug, Clone)]
pub(super) struct Fit([Value; 6]);

impl Fit {
    /// Whatever it is.
    pub(super) fn any() -> Self {
        Self::of(&Narrow::default(), false)
    }

    /// What a list is narrowed down to, without words and tags; `open` for open ones alone.
    pub(super) fn of(narrow: &Narrow, open: bool) -> Self {
        Self([
            narrow.kind.map_or("", Kind::key).into_value(),
            narrow.status.map_or("", Status::key).into_value(),
            narrow.priority.map_or("", Priority::key).into_value(),
            narrow.service.as_str().into_value(),
            narrow.client.into_value(),
            (if open { Status::Closed.key() } else { "" }).into_value(),
        ])
    }
}

/// Tickets by their numbers, those that the caller sees and that fit.
pub(super) fn numbered(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (numbers, fit): (&[i64], &Fit),
) -> Result<BTreeMap<i64, Ticket>, Refused> {
    let numbers: Vec<Value> = numbers.iter().map(|number| Value::Int(*number)).collect();
    let mut all = BTreeMap::new();
    for ticket in rows_among::<Ticket>(tx, sql!(FITTING_BY_NUMBERS), (&numbers, &fit.0))? {
        match seen(tx, act, ticket) {
            Ok(ticket) => all.insert(ticket.number, ticket),
            Err(Refused::NotFound) => continue,
            Err(other) => return Err(other),
        };
    }
    Ok(all)
}

/// Not yours looks exactly like not there.
fn seen(tx: &mut Tx<'_, '_>, act: &Act, ticket: Ticket) -> Result<Ticket, Refused> {
    let seen = act.caller.membership == Some(ticket.requester)
        || match (Sight::of(act)?, ticket.custody.offer()) {
            (Sight::Working(_) | Sight::Reading, _) => true,
            (Sight::Vendor(party), _) if party == ticket.party => true,
            (Sight::Vendor(party), Some(offer)) => hand(tx, offer.to)?.party == party,
            (Sight::Vendor(_), None) => false,
            (Sight::Own(own), _) => {
                watches(tx, ticket.id, own)?
                    || approval::is_asked(tx, ticket.id, own)?
                    || sharing::reads(tx, act, &ticket)?
            }
        };
    if seen { Ok(ticket) } else { Err(Refused::NotFound) }
}

/// A ticket with the names around it.
pub fn shown(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Listed, Refused> {
    let ticket = find(tx, act, id)?;
    named(tx, vec![ticket])?.pop().ok_or(Refused::NotFound)
}

/// Where a list goes on: behind what is due then, and behind an id. Lists by age know the id alone.
pub type Behind = (At, Id<Ticket>);

/// Refuses a view that is not for the caller.
pub(super) fn allowed(act: &Act, view: View) -> Result<(), Refused> {
    match (Sight::of(act)?, view) {
        (_, View::Pile(_)) => act.require(Permission::ReadLoad),
        (_, View::Own)
        | (Sight::Own(_), View::Shared)
        | (Sight::Working(_), _)
        | (Sight::Vendor(_), View::MyTeams | View::Soon | View::Mine | View::Offered)
        | (Sight::Reading, View::Open | View::Client(_)) => Ok(()),
        // A word is no ticket of theirs, and says something that is not for them.
        // For whoever sees no more than that.
        (_, View::Shared) => Err(Refused::NotFound),
        (_, View::Tagged(_)) => Err(Refused::Forbidden(Permission::WorkTickets)),
        (Sight::Reading, _) => act.require(Permission::WorkTickets),
        (Sight::Vendor(_) | Sight::Own(_), _) => act.require(Permission::ReadTickets),
    }
}

/// Tickets of a view from behind a key on; of one priority alone, where one is named.
pub fn list(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    view: View,
    page: (Option<Priority>, Option<Behind>, u16),
) -> Result<Vec<Listed>, Refused> {
    let keys = keys(tx, act, view, page)?;
    let tickets = in_order(tx, &keys, None)?;
    named(tx, tickets)
}

/// Where the tickets of a page stand in a list.
pub(super) fn keys(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    view: View,
    (priority, behind, most): (Option<Priority>, Option<Behind>, u16),
) -> Result<Vec<Behind>, Refused> {
    allowed(act, view)?;
    match view {
        View::MyTeams | View::Soon | View::Team(_) | View::Mine | View::Offered | View::Open => {
            by_due(tx, act, view, (priority, behind, most))
        }
        View::Pile(pile) => pile::keys(tx, act, pile, (priority, behind, most)),
        View::Client(_) | View::Tagged(_) | View::Own | View::Shared => {
            newest(tx, act, view, (priority, behind, most))
        }
    }
}

/// How many tickets a view has, counted to a limit.
pub(super) fn counted(tx: &mut Tx<'_, '_>, act: &Act, (view, most): (View, u16)) -> Result<usize, Refused> {
    Ok(keys(tx, act, view, (None, None, most))?.len())
}

/// Tickets with the names around them, in the order of their ids; for whoever sees all within reach.
pub(crate) fn listed_by(tx: &mut Tx<'_, '_>, act: &Act, ids: &[Id<Ticket>]) -> Result<Vec<Listed>, Refused> {
    allowed(act, View::Open)?;
    let keys: Vec<Behind> = ids.iter().map(|id| (At::from_millis(0), *id)).collect();
    let tickets = in_order(tx, &keys, None)?;
    named(tx, tickets)
}

/// Tickets within reach in the order of their keys, all or those that fit.
pub(super) fn in_order(
    tx: &mut Tx<'_, '_>,
    keys: &[Behind],
    fit: Option<&Fit>,
) -> Result<Vec<Ticket>, Refused> {
    let ids: Vec<Value> = keys.iter().map(|(_, id)| Value::Uuid(id.uuid())).collect();
    let found: Vec<Ticket> = match fit {
        Some(fit) => rows_among(tx, sql!(FITTING_BY_IDS), (&ids, &fit.0))?,
        None => rows_among(tx, sql!(BY_IDS), (&ids, &[]))?,
    };
    let mut found: BTreeMap<Uuid, Ticket> =
        found.into_iter().map(|ticket| (ticket.id.uuid(), ticket)).collect();
    Ok(keys.iter().filter_map(|(_, id)| found.remove(&id.uuid())).collect())
}

pub(super) type Page = (Option<Priority>, Option<Behind>, u16);

/// The keys of a page of what is due, what is due first before the rest.
fn by_due(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    view: View,
    (priority, behind, most): Page,
) -> Result<Vec<Behind>, Refused> {
    let own = act.caller.membership;
    let (at, above) = behind.map_or((At::from_millis(i64::MIN), Uuid::nil()), |(due, id)| (due, id.uuid()));
    let some = priority.map_or("", Priority::key);
    match (view, priority) {
        (View::Team(team), Some(_)) => Ok(tx.rows(sql!(OF_TEAM_ONE), (at, above, most, team, some))?),
        (View::Team(team), None) => Ok(tx.rows(sql!(OF_TEAM), (at, above, most, team))?),
        (View::Open, Some(_)) => Ok(tx.rows(sql!(OPEN_ONE), (at, above, most, some))?),
        (View::Open, None) => Ok(tx.rows(sql!(OPEN), (at, above, most))?),
        (View::Mine, _) => {
            let mut keys: Vec<Behind> = tx.rows(sql!(MINE), (at, above, most, own, some))?;
            keys.extend(tx.rows::<Behind, _>(sql!(HELPED), (at, above, most, own, some))?);
            Ok(first_of(keys, most))
        }
        (View::Offered, _) => {
            let of = |tx: &mut Tx<'_, '_>, team| Ok(tx.rows(sql!(OFFERED), (at, above, most, team, some))?);
            of_teams(tx, (own, most), of)
        }
        (View::Soon, _) => {
            let soon = act.at + SOON;
            let of = |tx: &mut Tx<'_, '_>, team: Id<Team>| match priority {
                Some(_) => Ok(tx.rows(sql!(SOON_OF_TEAM_ONE), (at, above, most, team, some, soon))?),
                None => Ok(tx.rows(sql!(SOON_OF_TEAM), (at, above, most, team, soon))?),
            };
            of_teams(tx, (own, most), of)
        }
        _ => {
            let of = |tx: &mut Tx<'_, '_>, team: Id<Team>| match priority {
                Some(_) => Ok(tx.rows(sql!(OF_TEAM_ONE), (at, above, most, team, some))?),
                None => Ok(tx.rows(sql!(OF_TEAM), (at, above, most, team))?),
            };
            of_teams(tx, (own, most), of)
        }
    }
}

/// The keys of a page of what was opened, the newest before the rest.
fn newest(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    view: View,
    (priority, behind, most): Page,
) -> Result<Vec<Behind>, Refused> {
    let below = behind.map_or(Uuid::max(), |(_, id)| id.uuid());
    let some = priority.map_or("", Priority::key);
    let ids: Vec<(Id<Ticket>,)> = match (view, priority) {
        (View::Client(client), Some(_)) => tx.rows(sql!(OF_CLIENT_ONE), (below, most, client, some))?,
        (View::Client(client), None) => tx.rows(sql!(OF_CLIENT), (below, most, client))?,
        // One word is on few tickets: of which priority they are is seen.
        (View::Tagged(Some(tag)), _) => tx.rows(sql!(TAGGED), (below, most, tag))?,
        (View::Own, _) => tx.rows(sql!(OF_REQUESTER), (below, most, act.caller.membership, some))?,
        (View::Shared, _) => match sharing::reader_of(tx, act)? {
            Some(client) => tx.rows(sql!(SHARED), (below, most, some, client, act.caller.membership))?,
            None => Vec::new(),
        },
        _ => Vec::new(),
    };
    Ok(ids.into_iter().map(|(id,)| (At::from_millis(0), id)).collect())
}

/// The keys of all teams that somebody is in. Those of each team are looked up by themselves, so that a team with a long queue costs no
/// more than one with a short one.
fn of_teams(
    tx: &mut Tx<'_, '_>,
    (own, most): (Option<Id<Membership>>, u16),
    of: impl Fn(&mut Tx<'_, '_>, Id<Team>) -> Result<Vec<Behind>, Refused>,
) -> Result<Vec<Behind>, Refused> {
    let teams = sql!(
        "SELECT team_id FROM team_member WHERE provider_id = $1 AND {reach?: client_id} AND membership_id = $2 \
         ORDER BY team_id LIMIT 1000"
    );
    let mut keys: Vec<Behind> = Vec::new();
    for (team,) in tx.rows::<(Id<Team>,), _>(teams, (own,))? {
        keys.extend(of(tx, team)?);
    }
    Ok(first_of(keys, most))
}

/// The first of several lists of keys, each once.
fn first_of(mut keys: Vec<Behind>, most: u16) -> Vec<Behind> {
    keys.sort_unstable_by_key(|(due, id)| (*due, id.uuid()));
    keys.dedup();
    keys.truncate(usize::from(most));
    keys
}

/// The open tickets that somebody helps with.
pub(super) fn helped(tx: &mut Tx<'_, '_>, who: Option<Id<Membership>>) -> Result<Vec<Id<Ticket>>, Refused> {
    let start = (At::from_millis(i64::MIN), Uuid::nil(), MOST_HELPED, who, "");
    let keys: Vec<Behind> = tx.rows(sql!(HELPED), start)?;
    Ok(keys.into_iter().map(|(_, id)| id).collect())
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

/// People of both IT teams who can help with a ticket: of the provider's teams that hold or own it and of internal IT.
pub(crate) fn both_teams(
    tx: &mut Tx<'_, '_>,
    ticket: &Ticket,
) -> Result<Vec<(Id<Membership>, String)>, Refused> {
    let list = sql!(
        "SELECT m.id, m.name FROM membership m WHERE m.provider_id = $1 AND {reach?: m.client_id} AND m.id IN ( \
         SELECT t.membership_id FROM team_member t WHERE t.provider_id = $1 AND t.team_id IN ($2, $3) \
         UNION ALL SELECT c.id FROM membership c WHERE c.provider_id = $1 AND c.client_id = $4 AND c.role = 'client-it') \
         AND m.state IN ('active', 'invited') ORDER BY m.folded, m.id LIMIT 200"
    );
    let found: Vec<(Id<Membership>, String)> = tx.rows(list, (ticket.team, ticket.owner.1, ticket.client))?;
    Ok(found)
}

/// People of the teams that the caller is in, by name.
pub(super) fn colleagues(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<(Id<Membership>, String)>, Refused> {
    let list = sql!(
        "SELECT m.id, m.name FROM membership m WHERE m.provider_id = $1 AND {reach?: m.client_id} AND m.id IN ( \
         SELECT t.membership_id FROM team_member o JOIN team_member t ON t.provider_id = o.provider_id AND t.team_id = o.team_id \
         WHERE o.provider_id = $1 AND o.membership_id = $2) AND m.state IN ('active', 'invited') \
         ORDER BY m.folded, m.id LIMIT 200"
    );
    Ok(tx.rows(list, (act.caller.membership,))?)
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

//! Tickets with the names around them. They are looked up for a whole list at once, each name once: a statement that joined them to each
//! ticket would be ten tables wide, which is longer in planning than in reading.

use std::collections::BTreeMap;

use remit_core::Id;
use remit_db::statement::Reached;
use remit_db::{FromRow, Statement, Tx, Value, sql};

use super::Ticket;
use crate::clients::{Client, Site};
use crate::keyed::texts;
use crate::people::{Membership, PartyKind, Team};
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

/// Ids that one statement has room for.
pub(super) const AT_ONCE: usize = 64;

/// So many of them, from the second parameter on.
macro_rules! among {
    () => {
        "IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
         $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, \
         $53, $54, $55, $56, $57, $58, $59, $60, $61, $62, $63, $64, $65)"
    };
}
pub(super) use among;

texts! {
    CLIENTS = concat!(
        "SELECT id, name, zone FROM client WHERE provider_id = $1 AND {reach: id} AND id ", among!(), " LIMIT 64"
    );
    TEAMS = concat!(
        "SELECT t.id, t.name, p.name, p.kind FROM team t JOIN party p ON p.provider_id = t.provider_id AND p.id = t.party_id \
         WHERE t.provider_id = $1 AND {reach?: t.client_id} AND t.id ", among!(), " LIMIT 64"
    );
    PEOPLE = concat!(
        "SELECT id, name FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND id ", among!(), " LIMIT 64"
    );
    SITES = concat!(
        "SELECT id, name FROM site WHERE provider_id = $1 AND {reach: client_id} AND id ", among!(), " LIMIT 64"
    );
}

/// What a statement with [`among`] finds for some ids.
pub(super) fn found_among<K, T: FromRow>(
    tx: &mut Tx<'_, '_>,
    statement: &'static Statement<Reached>,
    ids: &[Id<K>],
) -> Result<Vec<T>, Refused> {
    let ids: Vec<Value> = ids.iter().map(|id| Value::Uuid(id.uuid())).collect();
    rows_among(tx, statement, (&ids, &[]))
}

/// The same for any values, with what else the statement asks for. It has room for so many; the first stands for those that are not there.
pub(super) fn rows_among<T: FromRow>(
    tx: &mut Tx<'_, '_>,
    statement: &'static Statement<Reached>,
    (values, besides): (&[Value], &[Value]),
) -> Result<Vec<T>, Refused> {
    let mut found = Vec::new();
    for some in values.chunks(AT_ONCE) {
        let given = (0..AT_ONCE).map(|at| some.get(at).unwrap_or(&some[0]));
        let given = given.chain(besides).cloned();
        found.extend(tx.rows::<T, _>(statement, given.collect::<Vec<_>>())?);
    }
    Ok(found)
}

/// Names by ids. Each id is asked for once.
fn by_id<K, T>(
    tx: &mut Tx<'_, '_>,
    statement: &'static Statement<Reached>,
    ids: impl Iterator<Item = Id<K>>,
    split: impl Fn(T) -> (Id<K>, Names),
) -> Result<BTreeMap<uuid::Uuid, Names>, Refused>
where
    T: FromRow,
{
    let mut ids: Vec<Id<K>> = ids.collect();
    ids.sort_unstable_by_key(|id| id.uuid());
    ids.dedup_by_key(|id| id.uuid());
    let found = found_among::<K, T>(tx, statement, &ids)?;
    Ok(found.into_iter().map(split).map(|(id, names)| (id.uuid(), names)).collect())
}

/// A name, and two words more where there are any.
#[derive(Debug, Clone, Default)]
struct Names(String, String, Option<PartyKind>);

/// Names of clients within reach.
pub(super) fn client_names(
    tx: &mut Tx<'_, '_>,
    ids: impl Iterator<Item = Id<Client>>,
) -> Result<BTreeMap<uuid::Uuid, String>, Refused> {
    let split = |(id, name, zone): (Id<Client>, _, _)| (id, Names(name, zone, None));
    let found = by_id(tx, sql!(CLIENTS), ids, split)?;
    Ok(found.into_iter().map(|(id, Names(name, ..))| (id, name)).collect())
}

/// Tickets that the caller may see, with the names around them, in their order.
pub(super) fn named(tx: &mut Tx<'_, '_>, tickets: Vec<Ticket>) -> Result<Vec<Listed>, Refused> {
    let clients = by_id(
        tx,
        sql!(CLIENTS),
        tickets.iter().map(|ticket| ticket.client),
        |(id, name, zone): (Id<Client>, _, _)| (id, Names(name, zone, None)),
    )?;
    let offered = |ticket: &Ticket| ticket.custody.offer().map(|offer| offer.to);
    let held = tickets.iter().map(|ticket| ticket.team).chain(tickets.iter().filter_map(offered));
    let teams = by_id(tx, sql!(TEAMS), held, |(id, name, party, kind): (Id<Team>, _, _, String)| {
        (id, Names(name, party, PartyKind::from_key(&kind)))
    })?;
    let people = tickets
        .iter()
        .map(|ticket| ticket.requester)
        .chain(tickets.iter().filter_map(|ticket| ticket.worker));
    let people = by_id(tx, sql!(PEOPLE), people, |(id, name): (Id<Membership>, _)| {
        (id, Names(name, String::new(), None))
    })?;
    let sites = tickets.iter().filter_map(|ticket| ticket.site);
    let sites =
        by_id(tx, sql!(SITES), sites, |(id, name): (Id<Site>, _)| (id, Names(name, String::new(), None)))?;
    let listed = tickets.into_iter().filter_map(|ticket| {
        let client = clients.get(&ticket.client.uuid())?;
        let team = teams.get(&ticket.team.uuid())?;
        let person = |id: Id<Membership>| people.get(&id.uuid()).map(|names| names.0.clone());
        let to = offered(&ticket).and_then(|to| teams.get(&to.uuid()));
        let named = Named {
            client: client.0.clone(),
            zone: client.1.clone(),
            party: team.1.clone(),
            kind: team.2?,
            team: team.0.clone(),
            requester: person(ticket.requester)?,
            worker: ticket.worker.and_then(person),
            offered: to.and_then(|to| Some((to.0.clone(), to.2?))),
            site: ticket.site.and_then(|site| sites.get(&site.uuid())).map(|names| names.0.clone()),
        };
        Some(Listed { ticket, named })
    });
    Ok(listed.collect())
}

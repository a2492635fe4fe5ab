//! Clients in the database.

use remit_core::{At, Id, Zone};
use remit_db::{Error, Tx, sql};

use super::{Agreement, Client, Summary};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::{NewParty, PartyKind, Permission, insert_party};
use crate::refused::{Faults, Refused, folded};
use crate::search;

type Found = (Id<Client>, String, String, i64, At, Option<String>);

/// Makes a client and the party of its internal IT.
pub fn create(tx: &mut Tx<'_, '_>, act: &Act, name: &str, zone: &str) -> Result<Id<Client>, Refused> {
    act.require(Permission::ManageClients)?;
    let mut faults = Faults::default();
    let name = faults.name("name", name).unwrap_or_default();
    faults.take("zone", Zone::parse(zone));
    faults.end()?;
    let id: Id<Client> = act.id();
    let add = sql!(
        "INSERT INTO client (provider_id, id, name, folded, zone, state, version, created_at) \
         VALUES ($1, {client: $2}, $3, $4, $5, 'active', 1, $6)"
    );
    tx.exec(add, (id, &name, folded(&name), zone, act.at)).map_err(|error| taken(error, &name))?;
    let internal = NewParty {
        kind: PartyKind::Internal,
        client: Some(id),
        slug: "internal",
        name: &format!("{name} IT"),
    };
    insert_party(tx, act, &internal)?;
    search::client_named(tx, id, &name)?;
    audit::note(
        tx,
        act,
        Event { action: "client.create", subject: id.to_string(), client: Some(id), detail: &name },
    )?;
    tx.announce("clients");
    Ok(id)
}

/// Gives a client another name, if it is still at the version that the caller read.
pub fn rename(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Client>,
    version: i64,
    name: &str,
) -> Result<(), Refused> {
    act.require(Permission::ManageClients)?;
    let before = find(tx, act, id)?;
    let mut faults = Faults::default();
    let name = faults.name("name", name).unwrap_or_default();
    faults.end()?;
    let set = sql!(
        "UPDATE client SET name = $4, folded = $5, version = version + 1 \
         WHERE provider_id = $1 AND {reach: id} AND id = $2 AND version = $3"
    );
    let changed = tx.exec(set, (id, version, &name, folded(&name))).map_err(|error| taken(error, &name))?;
    if changed == 0 {
        return Err(Refused::Stale);
    }
    search::client_named(tx, id, &name)?;
    let detail = format!("{} to {name}", before.name);
    audit::note(
        tx,
        act,
        Event { action: "client.rename", subject: id.to_string(), client: Some(id), detail: &detail },
    )?;
    tx.announce("clients");
    Ok(())
}

fn taken(error: Error, name: &str) -> Refused {
    if error.is_unique("client.folded") {
        Refused::Conflict(format!("there is a client called {name} already"))
    } else {
        error.into()
    }
}

/// The client within reach that has a name, whatever its case.
pub fn named(tx: &mut Tx<'_, '_>, act: &Act, name: &str) -> Result<Option<Id<Client>>, Refused> {
    act.require(Permission::ReadClients)?;
    let find = sql!("SELECT id FROM client WHERE provider_id = $1 AND {reach: id} AND folded = $2");
    Ok(tx.find::<(Id<Client>,), _>(find, (folded(name),))?.map(|(id,)| id))
}

/// A client within reach.
pub fn find(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Client>) -> Result<Summary, Refused> {
    act.require(Permission::ReadClients)?;
    let get = sql!(
        "SELECT id, name, zone, version, created_at, (SELECT a.model || '|' || a.arrangements || '|' || a.starts_on || '|' || a.tier \
         FROM agreement a WHERE a.provider_id = client.provider_id AND a.client_id = client.id AND a.starts_at <= $3 \
         ORDER BY a.starts_at DESC LIMIT 1) FROM client WHERE provider_id = $1 AND {reach: id} AND id = $2"
    );
    let found: Option<Found> = tx.find(get, (id, act.at))?;
    found.map(summary).ok_or(Refused::NotFound)
}

/// Clients within reach by name, from behind the last one that was seen.
pub fn list(tx: &mut Tx<'_, '_>, act: &Act, after: Option<&str>, most: u16) -> Result<Vec<Summary>, Refused> {
    act.require(Permission::ReadClients)?;
    let name = after.map_or_else(String::new, folded);
    let list = sql!(
        "SELECT id, name, zone, version, created_at, (SELECT a.model || '|' || a.arrangements || '|' || a.starts_on || '|' || a.tier \
         FROM agreement a WHERE a.provider_id = client.provider_id AND a.client_id = client.id AND a.starts_at <= $4 \
         ORDER BY a.starts_at DESC LIMIT 1) FROM client \
         WHERE provider_id = $1 AND {reach: id} AND folded > $2 ORDER BY folded LIMIT $3"
    );
    let found: Vec<Found> = tx.rows(list, (name, most, act.at))?;
    Ok(found.into_iter().map(summary).collect())
}

fn summary((id, name, zone, version, created_at, agreement): Found) -> Summary {
    let agreement = agreement.and_then(|text| Agreement::read(&text));
    Summary { id, name, zone, version, created_at, agreement }
}

/// The wall clock of a client within reach; UTC where a newer release took its zone out of its data.
pub(crate) fn zone(tx: &mut Tx<'_, '_>, id: Id<Client>) -> Result<Zone, Refused> {
    let get = sql!("SELECT zone FROM client WHERE provider_id = $1 AND {reach: id} AND id = $2");
    let (zone,): (String,) = tx.find(get, (id,))?.ok_or(Refused::NotFound)?;
    Ok(Zone::parse(&zone).unwrap_or_else(|_| Zone::utc()))
}

//! Where it is kept who reads what colleagues share.

use remit_core::Id;
use remit_db::{Reach, Tx, sql};

use super::{MOST, Readers, Sharing};
use crate::act::Act;
use crate::clients::Client;
use crate::people::Membership;
use crate::refused::Refused;
use crate::tickets::Ticket;

fn readers(tx: &mut Tx<'_, '_>, client: Id<Client>) -> Result<Option<(Readers, i64)>, Refused> {
    let find = sql!(
        "SELECT readers, version FROM sharing WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2"
    );
    let found: Option<(String, i64)> = tx.find(find, (client,))?;
    Ok(found.map(|(key, version)| (Readers::from_key(&key).unwrap_or(Readers::Nobody), version)))
}

/// With whom tickets of a client can be shared.
pub(crate) fn offered(tx: &mut Tx<'_, '_>, client: Id<Client>) -> Result<Readers, Refused> {
    Ok(readers(tx, client)?.map_or(Readers::Nobody, |(readers, _)| readers))
}

pub(super) fn sharing(tx: &mut Tx<'_, '_>, client: Id<Client>) -> Result<Sharing, Refused> {
    let chosen = sql!(
        "SELECT m.id, m.email FROM sharing_reader r JOIN membership m ON m.provider_id = r.provider_id AND m.id = r.membership_id \
         WHERE r.provider_id = $1 AND {reach: r.client_id} AND r.client_id = $2 ORDER BY m.email, m.id LIMIT $3"
    );
    let (readers, version) = readers(tx, client)?.unwrap_or((Readers::Nobody, 0));
    Ok(Sharing { version, readers, chosen: tx.rows(chosen, (client, MOST as u16))? })
}

/// Somebody of a client, by their address.
pub(super) fn colleague(
    tx: &mut Tx<'_, '_>,
    client: Id<Client>,
    address: &str,
) -> Result<Option<Id<Membership>>, Refused> {
    let find = sql!(
        "SELECT id FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND client_id = $2 AND email = $3 \
         AND state IN ('active', 'invited') ORDER BY folded, id LIMIT 1"
    );
    Ok(tx.find::<(Id<Membership>,), _>(find, (client, address))?.map(|(id,)| id))
}

pub(super) fn keep(
    tx: &mut Tx<'_, '_>,
    (client, version): (Id<Client>, i64),
    readers: Readers,
    chosen: &[Id<Membership>],
) -> Result<(), Refused> {
    let key = readers.key();
    let kept = if version == 0 {
        let add = sql!(
            "INSERT INTO sharing (provider_id, client_id, readers, version) VALUES ($1, {client: $2}, $3, 1) ON CONFLICT DO NOTHING"
        );
        tx.exec(add, (client, key))?
    } else {
        let set = sql!(
            "UPDATE sharing SET readers = $4, version = version + 1 \
             WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 AND version = $3"
        );
        tx.exec(set, (client, version, key))?
    };
    if kept == 0 {
        return Err(Refused::Stale);
    }
    let cut =
        sql!("DELETE FROM sharing_reader WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2");
    tx.exec(cut, (client,))?;
    let add = sql!(
        "INSERT INTO sharing_reader (provider_id, client_id, membership_id) VALUES ($1, {client: $2}, $3)"
    );
    for who in chosen {
        tx.exec(add, (client, *who))?;
    }
    Ok(())
}

/// Whether a ticket is shared.
pub(crate) fn shared(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<bool, Refused> {
    let find = sql!(
        "SELECT ticket_id FROM ticket_shared WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 AND ticket_id = $3"
    );
    Ok(tx.find::<(Id<Ticket>,), _>(find, (ticket.client, ticket.id))?.is_some())
}

pub(in crate::tickets) fn begin(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<(), Refused> {
    let add = sql!(
        "INSERT INTO ticket_shared (provider_id, client_id, ticket_id) VALUES ($1, {client: $2}, $3) ON CONFLICT DO NOTHING"
    );
    tx.exec(add, (ticket.client, ticket.id))?;
    Ok(())
}

pub(super) fn end(tx: &mut Tx<'_, '_>, ticket: &Ticket) -> Result<(), Refused> {
    let cut = sql!(
        "DELETE FROM ticket_shared WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 AND ticket_id = $3"
    );
    tx.exec(cut, (ticket.client, ticket.id))?;
    Ok(())
}

/// The client of which the caller reads what colleagues share, if it lets them.
pub(in crate::tickets) fn reader_of(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Option<Id<Client>>, Refused> {
    let Reach::Client(client) = act.caller.scope.reach() else { return Ok(None) };
    let find = sql!(
        "SELECT s.client_id FROM sharing s WHERE s.provider_id = $1 AND {reach: s.client_id} AND s.client_id = $2 \
         AND (s.readers = 'everyone' OR (s.readers = 'chosen' AND EXISTS (SELECT 1 FROM sharing_reader r \
         WHERE r.provider_id = s.provider_id AND r.client_id = s.client_id AND r.membership_id = $3)))"
    );
    Ok(tx.find::<(Id<Client>,), _>(find, (client, act.caller.membership))?.map(|(client,)| client))
}

/// Whether the caller reads what colleagues share.
pub(crate) fn reads_some(tx: &mut Tx<'_, '_>, act: &Act) -> Result<bool, Refused> {
    Ok(reader_of(tx, act)?.is_some())
}

/// Whether the caller reads this ticket of a colleague.
pub(in crate::tickets) fn reads(tx: &mut Tx<'_, '_>, act: &Act, ticket: &Ticket) -> Result<bool, Refused> {
    Ok(shared(tx, ticket)? && reads_some(tx, act)?)
}

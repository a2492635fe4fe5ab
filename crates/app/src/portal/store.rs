//! Where request types are kept. There are few.

use remit_core::Id;
use remit_db::{IntoValue, Tx, Value, sql};

use super::{NewRequestType, RequestType};
use crate::act::Act;
use crate::clients::Client;
use crate::people::Permission;
use crate::refused::Refused;

/// What can be asked for, by head and name: what people of one client can, or all within reach.
pub fn request_types(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Option<Id<Client>>,
) -> Result<Vec<RequestType>, Refused> {
    act.require(Permission::AskForHelp)?;
    let of_client = sql!(
        "SELECT id, version, client_id, name, about, head, kind, service, urgency, private FROM request_type \
         WHERE provider_id = $1 AND {reach?: client_id} AND (client_id = $2 OR client_id IS NULL) ORDER BY head, name, id LIMIT 200"
    );
    let all = sql!(
        "SELECT id, version, client_id, name, about, head, kind, service, urgency, private FROM request_type \
         WHERE provider_id = $1 AND {reach?: client_id} ORDER BY head, name, id LIMIT 1000"
    );
    Ok(match client {
        Some(client) => tx.rows(of_client, (client,))?,
        None => tx.rows(all, ())?,
    })
}

/// One of them.
pub fn request_type(tx: &mut Tx<'_, '_>, act: &Act, id: Id<RequestType>) -> Result<RequestType, Refused> {
    act.require(Permission::AskForHelp)?;
    let get = sql!(
        "SELECT id, version, client_id, name, about, head, kind, service, urgency, private FROM request_type \
         WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
    );
    tx.find(get, (id,))?.ok_or(Refused::NotFound)
}

pub(super) fn add(tx: &mut Tx<'_, '_>, id: Id<RequestType>, says: &NewRequestType) -> Result<(), Refused> {
    let add = sql!(
        "INSERT INTO request_type (provider_id, id, client_id, name, about, head, kind, service, urgency, private, version) \
         VALUES ($1, $2, {client?: $3}, $4, $5, $6, $7, $8, $9, $10, 1)"
    );
    let own: Vec<Value> =
        [id.into_value(), says.client.into_value()].into_iter().chain(says.written()).collect();
    tx.exec(add, own)?;
    Ok(())
}

pub(super) fn change(
    tx: &mut Tx<'_, '_>,
    (id, version): (Id<RequestType>, i64),
    says: &NewRequestType,
) -> Result<(), Refused> {
    let set = sql!(
        "UPDATE request_type SET name = $4, about = $5, head = $6, kind = $7, service = $8, urgency = $9, private = $10, version = version + 1 \
         WHERE provider_id = $1 AND {reach?: client_id} AND id = $2 AND version = $3"
    );
    let own: Vec<Value> = [id.into_value(), version.into_value()].into_iter().chain(says.written()).collect();
    if tx.exec(set, own)? == 0 { Err(Refused::Stale) } else { Ok(()) }
}

pub(super) fn remove(tx: &mut Tx<'_, '_>, id: Id<RequestType>) -> Result<(), Refused> {
    let cut = sql!("DELETE FROM request_type WHERE provider_id = $1 AND {reach?: client_id} AND id = $2");
    tx.exec(cut, (id,))?;
    Ok(())
}

//! Versions in the database.

use remit_core::{At, Id};
use remit_db::{Error, FromRow, Row, Tx, sql};

use super::{Side, Signature, Signed, Standing, Version};
use crate::act::Act;
use crate::clients::Client;
use crate::people::Permission;
use crate::refused::Refused;

/// Versions that a history shows at most; a client changes its matrix some times a year.
const MOST: u16 = 500;

impl FromRow for Signed {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let starts_on: String = row.get(5)?;
        let (in_force_at, withdrawn_at): (Option<At>, Option<At>) = (row.get(6)?, row.get(7)?);
        let odd = || Error::Other(format!("a matrix starts on {starts_on}"));
        Ok(Self {
            id: row.get(0)?,
            client: row.get(1)?,
            number: row.get(2)?,
            text: row.get(3)?,
            hash: row.get(4)?,
            starts_on: starts_on.parse().map_err(|_| odd())?,
            standing: match (in_force_at, withdrawn_at) {
                (Some(from), _) => Standing::Published { from },
                (None, Some(_)) => Standing::Withdrawn,
                (None, None) => Standing::Proposed,
            },
            signatures: Vec::new(),
        })
    }
}

impl FromRow for Signature {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let side: String = row.get(0)?;
        let side = if side == Side::Provider.key() { Side::Provider } else { Side::Client };
        Ok(Self { side, name: row.get(1)?, role: row.get(2)?, signed_at: row.get(3)? })
    }
}

/// A version within reach, with its signatures.
pub fn find(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Version>) -> Result<Signed, Refused> {
    act.require(Permission::ReadMatrix)?;
    let get = sql!(
        "SELECT id, client_id, number, text, hash, starts_on, in_force_at, withdrawn_at FROM matrix_version \
         WHERE provider_id = $1 AND {reach: client_id} AND id = $2"
    );
    let mut found: Signed = tx.find(get, (id,))?.ok_or(Refused::NotFound)?;
    found.signatures = signatures(tx, id)?;
    Ok(found)
}

/// The version that is in force for a client at an instant, if any is; without its signatures.
pub fn in_force(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    at: At,
) -> Result<Option<Signed>, Refused> {
    act.require(Permission::ReadMatrix)?;
    let find = sql!(
        "SELECT id, client_id, number, text, hash, starts_on, in_force_at, withdrawn_at FROM matrix_version \
         WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 AND in_force_at <= $3 \
         ORDER BY in_force_at DESC, number DESC LIMIT 1"
    );
    Ok(tx.find(find, (client, at))?)
}

/// The same, with its signatures.
pub fn in_force_signed(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    at: At,
) -> Result<Option<Signed>, Refused> {
    let mut found = in_force(tx, act, client, at)?;
    if let Some(version) = &mut found {
        version.signatures = signatures(tx, version.id)?;
    }
    Ok(found)
}

/// All versions of a client, newest first, without their signatures.
pub fn history(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Vec<Signed>, Refused> {
    act.require(Permission::ReadMatrix)?;
    let list = sql!(
        "SELECT id, client_id, number, text, hash, starts_on, in_force_at, withdrawn_at FROM matrix_version \
         WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 ORDER BY number DESC LIMIT $3"
    );
    Ok(tx.rows(list, (client, MOST))?)
}

/// The number of the last version of a client, 0 before the first.
pub(super) fn last_number(tx: &mut Tx<'_, '_>, client: Id<Client>) -> Result<i64, Refused> {
    let find = sql!(
        "SELECT number FROM matrix_version WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 \
         ORDER BY number DESC LIMIT 1"
    );
    Ok(tx.find::<(i64,), _>(find, (client,))?.map_or(0, |(number,)| number))
}

/// When the first day of a version begins at the client.
pub(super) fn starts_at(tx: &mut Tx<'_, '_>, id: Id<Version>) -> Result<At, Refused> {
    let find = sql!(
        "SELECT starts_at FROM matrix_version WHERE provider_id = $1 AND {reach: client_id} AND id = $2"
    );
    tx.find::<(At,), _>(find, (id,))?.map(|(at,)| at).ok_or(Refused::NotFound)
}

/// Versions of a client with their signatures and without their texts, newest first, from behind a number.
pub fn signed_history(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    before: Option<i64>,
    most: u16,
) -> Result<Vec<Signed>, Refused> {
    act.require(Permission::ReadMatrix)?;
    let list = sql!(
        "SELECT id, client_id, number, '' AS text, hash, starts_on, in_force_at, withdrawn_at FROM matrix_version \
         WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 AND number < $3 ORDER BY number DESC LIMIT $4"
    );
    let mut found: Vec<Signed> = tx.rows(list, (client, before.unwrap_or(i64::MAX), most))?;
    for version in &mut found {
        version.signatures = signatures(tx, version.id)?;
    }
    Ok(found)
}

/// When each published version of a client begins to hold, the earliest first; each holds until the next begins.
pub fn reigns(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Vec<(i64, At)>, Refused> {
    act.require(Permission::ReadMatrix)?;
    let list = sql!(
        "SELECT number, in_force_at FROM matrix_version WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 \
         AND in_force_at IS NOT NULL ORDER BY in_force_at DESC, number DESC LIMIT $3"
    );
    let mut found: Vec<(i64, At)> = tx.rows(list, (client, MOST))?;
    found.reverse();
    Ok(found)
}

/// A version of a client by its number, with its signatures.
pub fn numbered(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>, number: i64) -> Result<Signed, Refused> {
    act.require(Permission::ReadMatrix)?;
    let get = sql!(
        "SELECT id FROM matrix_version WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 AND number = $3"
    );
    let (id,): (Id<Version>,) = tx.find(get, (client, number))?.ok_or(Refused::NotFound)?;
    find(tx, act, id)
}

fn signatures(tx: &mut Tx<'_, '_>, version: Id<Version>) -> Result<Vec<Signature>, Refused> {
    let list = sql!(
        "SELECT side, name, role, signed_at FROM matrix_signature WHERE provider_id = $1 AND {reach: client_id} \
         AND version_id = $2 ORDER BY signed_at, side LIMIT 2"
    );
    Ok(tx.rows(list, (version,))?)
}

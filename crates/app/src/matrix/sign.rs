//! Proposing, signing, withdrawing.

use remit_core::{At, Date, Edge, Id};
use remit_db::{Tx, sql};

use remit_matrix::{Matrix, text};

use super::{Checked, Signed, Standing, Version, draft, find, route, store};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::{self, Client};
use crate::people::{Permission, named_team};
use crate::refused::{Field, Refused};
use crate::{promises, tickets};

/// The two that sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The provider.
    Provider,
    /// The client.
    Client,
}

/// Who signed, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// For which side.
    pub side: Side,
    /// Their name at the time.
    pub name: String,
    /// Their role at the time.
    pub role: String,
    /// When.
    pub signed_at: At,
}

impl Side {
    /// In the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Client => "client",
        }
    }

    /// The side for which a caller may sign, if any.
    pub fn of(act: &Act) -> Option<Self> {
        if act.require(Permission::SignForProvider).is_ok() {
            Some(Self::Provider)
        } else {
            act.require(Permission::SignForClient).is_ok().then_some(Self::Client)
        }
    }
}

/// Freezes the draft as a version that is to hold from the day on from which it was proved sound. The proof is made before the unit of work, so
/// that nobody waits for it; one of another text counts for nothing.
pub fn propose(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    draft_version: i64,
    checked: &Checked,
) -> Result<Id<Version>, Refused> {
    act.require(Permission::EditMatrix)?;
    let known = clients::find(tx, act, client)?;
    let draft = draft(tx, act, client)?.ok_or(Refused::NotFound)?;
    if draft.version != draft_version || !checked.is_of(&draft.text) {
        return Err(Refused::Stale);
    }
    let starts_on = checked.from;
    let zone = known.wall_clock()?;
    if starts_on < zone.local(act.at).date() {
        let message = format!("{starts_on} has passed at the client; a matrix cannot begin before today");
        return Err(Refused::Invalid(vec![Field::new("starts_on", message)]));
    }
    let meaning = sound(checked, &known.name)?;
    let number = store::last_number(tx, client)? + 1;
    let hash = hash(client, number, starts_on, &meaning);
    let id: Id<Version> = act.id();
    let add = sql!(
        "INSERT INTO matrix_version (provider_id, id, client_id, number, text, hash, starts_on, starts_at, proposed_at, proposed_by) \
         VALUES ($1, $2, {client: $3}, $4, $5, $6, $7, $8, $9, $10)"
    );
    let starts_at = zone.at(starts_on.at(0, 0, 0, 0), Edge::Start);
    let by = act.caller.membership.map_or(act.caller.provider.uuid(), Id::uuid);
    tx.exec(add, (id, client, number, &draft.text, &hash, starts_on.to_string(), starts_at, act.at, by))?;
    note(
        tx,
        act,
        id,
        client,
        ("matrix.propose", &format!("version {number} from {starts_on}, hash {hash}")),
    )?;
    Ok(id)
}

/// What a sound matrix says, as a hash.
fn sound(checked: &Checked, client: &str) -> Result<String, Refused> {
    let wrong = |message: String| Refused::Invalid(vec![Field::new("text", message)]);
    let (Some(matrix), Some(report)) = (&checked.matrix, &checked.report) else {
        let first = checked.faults.first().map_or_else(String::new, |fault| fault.message.clone());
        return Err(wrong(format!("it cannot be read as a matrix: {first}")));
    };
    if matrix.client() != client {
        return Err(wrong(format!("it is the matrix of `{}`; write client = \"{client}\"", matrix.client())));
    }
    let blocking: Vec<&str> =
        report.findings.iter().filter(|f| f.kind.blocks()).map(|f| f.message.as_str()).collect();
    if report.sound && blocking.is_empty() {
        return Ok(matrix.hash());
    }
    Err(wrong(format!("it is not sound: {}", blocking.join("; "))))
}

/// What both sides sign: whose matrix, which version, from when on, and what it says.
fn hash(client: Id<Client>, number: i64, starts_on: Date, meaning: &str) -> String {
    let signed = format!("remit-matrix/1 {client} {number} {starts_on} {meaning}");
    blake3::hash(signed.as_bytes()).to_hex().to_string()
}

/// Whether the text of a version, read as `matrix`, is still what both sides signed.
pub(crate) fn is_as_signed(version: &Signed, matrix: &Matrix) -> bool {
    hash(version.client, version.number, version.starts_on, &matrix.hash()) == version.hash
}

/// Signs a version for the caller's side. `hash` is that of the version as the caller saw it.
pub fn sign(tx: &mut Tx<'_, '_>, act: &Act, version: Id<Version>, hash: &str) -> Result<Standing, Refused> {
    let side = Side::of(act).ok_or(Refused::Forbidden(Permission::SignForClient))?;
    let signed = find(tx, act, version)?;
    open(&signed)?;
    if signed.hash != hash {
        return Err(Refused::Stale);
    }
    if signed.signatures.iter().any(|signature| signature.side == side) {
        return Err(Refused::Conflict("your side has signed it already".to_owned()));
    }
    let Some(membership) = act.caller.membership else {
        return Err(Refused::Conflict(
            "a matrix is signed by a person, not from the command line".to_owned(),
        ));
    };
    let add = sql!(
        "INSERT INTO matrix_signature (provider_id, version_id, side, client_id, membership_id, name, role, hash, signed_at) \
         VALUES ($1, $2, $3, {client: $4}, $5, $6, $7, $8, $9)"
    );
    let (name, role) = (act.caller.name.as_str(), act.caller.role.key());
    tx.exec(add, (version, side.key(), signed.client, membership, name, role, hash, act.at))?;
    note(tx, act, version, signed.client, ("matrix.sign", &format!("for the {}, hash {hash}", side.key())))?;
    if signed.signatures.is_empty() {
        return Ok(Standing::Proposed);
    }
    publish(tx, act, &signed)
}

/// Both have signed: it is in force from its day on, or from now on if that has passed.
fn publish(tx: &mut Tx<'_, '_>, act: &Act, signed: &Signed) -> Result<Standing, Refused> {
    let starts_at = store::starts_at(tx, signed.id)?;
    let from = starts_at.max(act.at);
    let set = sql!(
        "UPDATE matrix_version SET published_at = $3, in_force_at = $4 \
         WHERE provider_id = $1 AND {reach: client_id} AND id = $2 AND published_at IS NULL AND withdrawn_at IS NULL"
    );
    tx.exec(set, (signed.id, act.at, from))?;
    // So that people can be in them before the first ticket comes.
    let matrix = text::read("matrix.toml", &signed.text).map_err(|e| Refused::Conflict(e.to_string()))?;
    for team in route::teams(&matrix) {
        named_team(tx, act, signed.client, &team)?;
    }
    promises::adopt(tx, act, signed.client, (&matrix, from))?;
    tickets::look_again(tx, signed.client, from)?;
    let detail = format!("version {} in force from {from}", signed.number);
    note(tx, act, signed.id, signed.client, ("matrix.publish", &detail))?;
    Ok(Standing::Published { from })
}

/// Takes a proposal back that not both have signed.
pub fn withdraw(tx: &mut Tx<'_, '_>, act: &Act, version: Id<Version>) -> Result<(), Refused> {
    act.require(Permission::EditMatrix)?;
    let signed = find(tx, act, version)?;
    open(&signed)?;
    let set = sql!(
        "UPDATE matrix_version SET withdrawn_at = $3 WHERE provider_id = $1 AND {reach: client_id} AND id = $2 \
         AND published_at IS NULL AND withdrawn_at IS NULL"
    );
    tx.exec(set, (version, act.at))?;
    note(tx, act, version, signed.client, ("matrix.withdraw", &format!("version {}", signed.number)))
}

fn open(signed: &Signed) -> Result<(), Refused> {
    match signed.standing {
        Standing::Proposed => Ok(()),
        Standing::Withdrawn => Err(Refused::Conflict("it was withdrawn; propose the draft again".to_owned())),
        Standing::Published { .. } => {
            Err(Refused::Conflict("both sides have signed it; it stays as it is".to_owned()))
        }
    }
}

fn note(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    version: Id<Version>,
    client: Id<Client>,
    (action, detail): (&'static str, &str),
) -> Result<(), Refused> {
    audit::note(tx, act, Event { action, subject: version.to_string(), client: Some(client), detail })?;
    tx.announce(format!("matrix {client}"));
    Ok(())
}

//! Which role somebody has in their party, and which clients they reach.

use remit_core::Id;
use remit_db::{Reach, Tx, sql};

use super::invite::may_manage;
use super::standing::{may_end, note};
use super::{Member, Membership, PartyKind, Permission, Role, State, store};
use crate::act::Act;
use crate::clients::Client;
use crate::matrix;
use crate::refused::{Field, Refused};

/// A role, and how far it reaches.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// In which role; one of the kind of party.
    pub role: Role,
    /// Whether they reach all clients. People abroad, of vendors and of clients never do.
    pub everywhere: bool,
    /// The clients they reach otherwise; people of a client reach that one, whatever this says.
    pub clients: Vec<Id<Client>>,
}

impl Assignment {
    /// Whether somebody of a kind of party reaches all clients by it.
    pub(super) fn reaches_all(&self, kind: PartyKind) -> bool {
        kind == PartyKind::Provider && self.everywhere && self.role != Role::OffshoreTechnician
    }

    /// Nobody gives more reach than they have.
    pub(super) fn may_give(&self, act: &Act, kind: PartyKind) -> Result<(), Refused> {
        if self.reaches_all(kind) && act.caller.scope.reach() != Reach::All {
            let message = "you reach some of the clients yourself: list those of them that they shall reach";
            return Err(Refused::Invalid(vec![Field::new("reach", message)]));
        }
        Ok(())
    }

    /// Puts the clients on the list of a membership.
    pub(super) fn list(&self, tx: &mut Tx<'_, '_>, id: Id<Membership>) -> Result<(), Refused> {
        for client in &self.clients {
            let list = sql!(
                "INSERT INTO reach (provider_id, membership_id, client_id) VALUES ($1, $2, {client: $3}) \
                 ON CONFLICT (provider_id, membership_id, client_id) DO NOTHING"
            );
            tx.exec(list, (id, *client))?;
        }
        Ok(())
    }
}

/// Gives somebody another role in their party, another reach, or both; from their next request on. What they hold they must still be able
/// to work on. Clients beyond the caller's own reach stay as they were.
pub fn assign(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Membership>, new: &Assignment) -> Result<(), Refused> {
    let member = store::member(tx, act, id)?;
    may_assign(tx, act, &member)?;
    may_manage(act, new.role)?;
    let kind = member.role.party();
    if new.role.party() != kind {
        let message = "this role is one of another kind of party: invite them into that one";
        return Err(Refused::Invalid(vec![Field::new("role", message)]));
    }
    new.may_give(act, kind)?;
    let everywhere = new.reaches_all(kind);
    can_go_on(tx, &member, new, everywhere)?;
    let set = sql!(
        "UPDATE membership SET role = $4, everywhere = $5, version = version + 1 \
         WHERE provider_id = $1 AND {reach?: client_id} AND id = $2 AND role = $3 AND state <> 'left'"
    );
    let changed = tx.exec(set, (id, member.role.key(), new.role.key(), everywhere)).map_err(|error| {
        if error.is_unique("membership.person_id, membership.party_id, membership.role") {
            Refused::Conflict(format!("{} has this role in this party already", member.name))
        } else {
            error.into()
        }
    })?;
    if changed == 0 {
        return Err(Refused::Stale);
    }
    let reach = if kind == PartyKind::Internal { "their company" } else { put(tx, id, new, everywhere)? };
    note(tx, act, &member, "person.assign", &format!("now {}, reaching {reach}", new.role.name()))
}

/// Whether the caller may give somebody another role: as they may suspend them, and they have not left.
pub(super) fn may_assign(tx: &mut Tx<'_, '_>, act: &Act, member: &Member) -> Result<(), Refused> {
    may_end(tx, act, member)?;
    if member.state == State::Left {
        return Err(Refused::Conflict(format!("{} has left; invite them again", member.name)));
    }
    Ok(())
}

fn put(
    tx: &mut Tx<'_, '_>,
    id: Id<Membership>,
    new: &Assignment,
    everywhere: bool,
) -> Result<&'static str, Refused> {
    let clear =
        sql!("DELETE FROM reach WHERE provider_id = $1 AND {reach: client_id} AND membership_id = $2");
    tx.exec(clear, (id,))?;
    if everywhere {
        return Ok("all clients");
    }
    new.list(tx, id)?;
    Ok("those clients that are listed")
}

/// Drafts and open proposals stay with whoever can work on them.
fn can_go_on(
    tx: &mut Tx<'_, '_>,
    member: &Member,
    new: &Assignment,
    everywhere: bool,
) -> Result<(), Refused> {
    let held = matrix::held_by(tx, member.id)?;
    let reached = |client| everywhere || member.client == Some(client) || new.clients.contains(&client);
    let lost = held.iter().find(|held| !new.role.may(Permission::EditMatrix) || !reached(held.client));
    lost.map_or(Ok(()), |held| {
        let (name, what) = (&member.name, &held.what);
        Err(Refused::Conflict(format!(
            "{name} holds {what} and could not go on with it: let somebody else save the draft, or have the proposal signed or withdrawn first"
        )))
    })
}

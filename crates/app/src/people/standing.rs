//! Whether a membership can be used: suspending it, and taking that back.

use remit_core::Id;
use remit_db::{Tx, sql};

use super::{Member, Membership, Person, Role, State, invite::may_manage, store};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::refused::Refused;
use crate::sign_in;

/// Stops a membership for a while: its sessions and keys end at once, nothing else changes hands.
pub fn suspend(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Membership>) -> Result<(), Refused> {
    let member = store::member(tx, act, id)?;
    may_end(tx, act, &member)?;
    if member.state != State::Active {
        let why = format!("{} is {} and cannot be suspended", member.name, member.state.key());
        return Err(Refused::Conflict(why));
    }
    set(tx, id, State::Active, State::Suspended)?;
    let ended = sign_in::end_ways_in(tx, act, id)?;
    note(tx, act, &member, "person.suspend", &ended.to_string())
}

/// Takes a suspension back. Whoever was signed in signs in again.
pub fn reinstate(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Membership>) -> Result<(), Refused> {
    let member = store::member(tx, act, id)?;
    may_manage(act, member.role)?;
    if member.state != State::Suspended {
        return Err(Refused::Conflict(format!("{} is not suspended", member.name)));
    }
    set(tx, id, State::Suspended, State::Active)?;
    note(tx, act, &member, "person.reinstate", "")
}

/// Whether the caller may suspend somebody or see them out: it takes the permission to invite them, it is not themselves, and an owner
/// remains.
pub(super) fn may_end(tx: &mut Tx<'_, '_>, act: &Act, member: &Member) -> Result<(), Refused> {
    may_manage(act, member.role)?;
    let own = act.caller.membership == Some(member.id) || is_person(tx, member.id, act.caller.person)?;
    if own {
        return Err(Refused::Conflict("this is you: ask somebody else who may do it".to_owned()));
    }
    if member.role == Role::Owner && !another_owner(tx, member.id)? {
        let why = format!("{} is the last owner: let another owner sign in first", member.name);
        return Err(Refused::Conflict(why));
    }
    Ok(())
}

fn is_person(tx: &mut Tx<'_, '_>, id: Id<Membership>, person: Option<Id<Person>>) -> Result<bool, Refused> {
    let same = sql!(
        "SELECT id FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND id = $2 AND person_id = $3"
    );
    Ok(tx.find::<(Id<Membership>,), _>(same, (id, person))?.is_some())
}

fn another_owner(tx: &mut Tx<'_, '_>, than: Id<Membership>) -> Result<bool, Refused> {
    let find = sql!(
        "SELECT id FROM membership WHERE provider_id = $1 AND {reach?: client_id} AND role = $2 AND state = 'active' AND id <> $3 LIMIT 1"
    );
    Ok(tx.find::<(Id<Membership>,), _>(find, (Role::Owner.key(), than))?.is_some())
}

/// Goes from one state to another, if nobody else was quicker.
pub(super) fn set(tx: &mut Tx<'_, '_>, id: Id<Membership>, from: State, to: State) -> Result<(), Refused> {
    let set = sql!(
        "UPDATE membership SET state = $4, version = version + 1 \
         WHERE provider_id = $1 AND {reach?: client_id} AND id = $2 AND state = $3"
    );
    if tx.exec(set, (id, from.key(), to.key()))? == 1 { Ok(()) } else { Err(Refused::Stale) }
}

pub(super) fn note(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    member: &Member,
    action: &'static str,
    what: &str,
) -> Result<(), Refused> {
    let more = if what.is_empty() { String::new() } else { format!("; {what}") };
    let detail = format!("{} <{}>, {}{more}", member.name, member.email, member.role.name());
    let event = Event { action, subject: member.id.to_string(), client: member.client, detail: &detail };
    audit::note(tx, act, event)
}

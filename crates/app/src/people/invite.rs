//! Inviting somebody into a party.

use remit_core::Id;
use remit_db::{Tx, sql, system_sql};

use super::{Assignment, Membership, Party, PartyKind, Permission, Person, Role, State};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::Client;
use crate::mail::{self, Letter};
use crate::refused::{Faults, Refused, folded};
use crate::search;

/// Who is invited, into what.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Into which party.
    pub party: Id<Party>,
    /// In which role.
    pub role: Role,
    /// Name.
    pub name: String,
    /// Where they get mail, and sign in with.
    pub email: String,
    /// Whether they reach all clients; for technicians and the like only.
    pub everywhere: bool,
    /// The clients they reach otherwise; people of a client reach that one, whatever this says.
    pub clients: Vec<Id<Client>>,
}

/// Invites somebody, and mails them a link to sign in with. The person is made when nobody has the address yet.
pub fn invite(tx: &mut Tx<'_, '_>, act: &Act, invitation: &Invitation) -> Result<Id<Membership>, Refused> {
    let (id, client) = admit(tx, act, invitation)?;
    mail::post(tx, act, client, &Letter::Invitation { membership: id })?;
    Ok(id)
}

/// Invites somebody without a word to them, for whoever hands over the link in another way. Says the client of the party, too.
pub(crate) fn admit(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    invitation: &Invitation,
) -> Result<(Id<Membership>, Option<Id<Client>>), Refused> {
    let party =
        sql!("SELECT kind, client_id FROM party WHERE provider_id = $1 AND {reach?: client_id} AND id = $2");
    let (kind, client): (String, Option<Id<Client>>) =
        tx.find(party, (invitation.party,))?.ok_or(Refused::NotFound)?;
    let kind = PartyKind::from_key(&kind).ok_or(Refused::NotFound)?;
    may_manage(act, invitation.role)?;
    let (name, email) = check(invitation, kind)?;
    let person = person(tx, act, &email)?;
    let assignment = Assignment {
        role: invitation.role,
        everywhere: invitation.everywhere,
        clients: invitation.clients.clone(),
    };
    assignment.may_give(act, kind)?;
    let everywhere = assignment.reaches_all(kind);
    let id = match again(tx, (person, invitation), &name, everywhere)? {
        Some(id) => id,
        None => add(tx, act, (person, client, invitation), (&name, &email, everywhere))?,
    };
    if client.is_none() && !everywhere {
        assignment.list(tx, id)?;
    }
    search::person_named(tx, (id, client), (&name, &email))?;
    let detail = format!("{} <{email}> as {}", name, invitation.role.name());
    audit::note(
        tx,
        act,
        Event { action: "person.invite", subject: id.to_string(), client, detail: &detail },
    )?;
    Ok((id, client))
}

/// The membership of somebody who had this role in this party and has left, invited again. What it held is gone; what it did stays its own.
fn again(
    tx: &mut Tx<'_, '_>,
    (person, invitation): (Id<Person>, &Invitation),
    name: &str,
    everywhere: bool,
) -> Result<Option<Id<Membership>>, Refused> {
    let reopen = sql!(
        "UPDATE membership SET state = 'invited', name = $5, folded = $6, everywhere = $7, version = version + 1 \
         WHERE provider_id = $1 AND {reach?: client_id} AND person_id = $2 AND party_id = $3 AND role = $4 AND state = 'left' RETURNING id"
    );
    let values = (person, invitation.party, invitation.role.key(), name, folded(name), everywhere);
    Ok(tx.find::<(Id<Membership>,), _>(reopen, values)?.map(|(id,)| id))
}

fn add(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (person, client, invitation): (Id<Person>, Option<Id<Client>>, &Invitation),
    (name, email, everywhere): (&str, &str, bool),
) -> Result<Id<Membership>, Refused> {
    let id: Id<Membership> = act.id();
    let add = sql!(
        "INSERT INTO membership (provider_id, id, person_id, party_id, client_id, role, name, folded, email, state, everywhere, version, \
         created_at) VALUES ($1, $2, $3, $4, {client?: $5}, $6, $7, $8, $9, $10, $11, 1, $12)"
    );
    let values = vec![
        value(id),
        value(person),
        value(invitation.party),
        value(client),
        value(invitation.role.key()),
        value(name),
        value(folded(name)),
        value(email),
        value(State::Invited.key()),
        value(everywhere),
        value(act.at),
    ];
    tx.exec(add, values).map_err(|error| {
        if error.is_unique("membership.person_id, membership.party_id, membership.role") {
            Refused::Conflict(format!("{email} has this role in this party already"))
        } else {
            error.into()
        }
    })?;
    Ok(id)
}

/// Whoever has the address; made when nobody has.
fn person(tx: &mut Tx<'_, '_>, act: &Act, email: &str) -> Result<Id<Person>, Refused> {
    let (provider, new, email, at) = (act.caller.provider, act.id::<Person>(), email.to_owned(), act.at);
    let found = tx.beyond("one person can belong to parties that do not see each other", move |tx| {
        let find = system_sql!("SELECT id FROM person WHERE provider_id = $1 AND email = $2");
        if let Some((id,)) = tx.find::<(Id<Person>,), _>(find, (provider, &email))? {
            return Ok(id);
        }
        let add =
            system_sql!("INSERT INTO person (provider_id, id, email, created_at) VALUES ($1, $2, $3, $4)");
        tx.exec(add, (provider, new, &email, at))?;
        Ok(new)
    })?;
    Ok(found)
}

fn value(value: impl remit_db::IntoValue) -> remit_db::Value {
    value.into_value()
}

/// Whether the caller may invite into a role, suspend somebody in it, or see them out. Nobody gives or takes a permission that they do
/// not have, except those that only the other side can have.
pub(super) fn may_manage(act: &Act, role: Role) -> Result<(), Refused> {
    match role.party() {
        PartyKind::Provider | PartyKind::Vendor => act.require(Permission::ManageProviderPeople)?,
        PartyKind::Internal => act.require(Permission::ManageClientPeople)?,
    }
    let theirs = |permission: &Permission| {
        matches!(permission, Permission::SignForClient | Permission::ManageClientSignIn)
    };
    let given = role.permissions().filter(|permission| !theirs(permission));
    for permission in given {
        act.require(permission)?;
    }
    Ok(())
}

fn check(invitation: &Invitation, kind: PartyKind) -> Result<(String, String), Refused> {
    let mut faults = Faults::default();
    let name = faults.name("name", &invitation.name);
    let email = faults.take("email", address(&invitation.email));
    let fits = if invitation.role.party() == kind {
        Ok(())
    } else {
        Err("this role is not one of this kind of party")
    };
    faults.take("role", fits);
    faults.end()?;
    Ok((name.unwrap_or_default(), email.unwrap_or_default()))
}

/// An address as mail servers take it: one @, a dot behind it, no spaces; folded, so that it is found again.
fn address(text: &str) -> Result<String, &'static str> {
    let address = text.trim().to_lowercase();
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c);
    let sound = address.len() <= 254
        && !address.contains(odd)
        && address.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && local.len() <= 64
                && domain.contains('.')
                && !domain.contains('@')
                && domain.split('.').all(|part| !part.is_empty())
        });
    if sound { Ok(address) } else { Err("write an address such as ana@example.org") }
}

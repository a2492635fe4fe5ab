//! Parties and memberships in the database.

use remit_core::Id;
use remit_db::{FromRow, Row, Tx, sql};

use super::{Member, Membership, Party, PartyKind, Permission, Role, State};
use crate::act::Act;
use crate::clients::Client;
use crate::refused::{Faults, Refused, folded};

/// A party that is to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewParty<'p> {
    pub kind: PartyKind,
    pub client: Option<Id<Client>>,
    pub slug: &'p str,
    pub name: &'p str,
}

impl FromRow for Member {
    fn from_row(mut row: Row) -> Result<Self, remit_db::Error> {
        let (role, state): (String, String) = (row.get(3)?, row.get(6)?);
        let odd = |what: &str| remit_db::Error::Other(format!("a membership holds the {what}"));
        Ok(Self {
            id: row.get(0)?,
            party: row.get(1)?,
            client: row.get(2)?,
            role: Role::from_key(&role).ok_or_else(|| odd(&format!("role {role}")))?,
            name: row.get(4)?,
            email: row.get(5)?,
            state: State::from_key(&state).ok_or_else(|| odd(&format!("state {state}")))?,
            everywhere: row.get(7)?,
        })
    }
}

/// Founds a party.
pub fn found_party(tx: &mut Tx<'_, '_>, act: &Act, vendor: &str, slug: &str) -> Result<Id<Party>, Refused> {
    act.require(Permission::ManageProviderPeople)?;
    let mut faults = Faults::default();
    let name = faults.name("name", vendor);
    let slug = faults.take("slug", remit_core::Slug::parse(slug));
    faults.end()?;
    let (name, slug) = (name.unwrap_or_default(), slug.map(|s| s.as_str().to_owned()).unwrap_or_default());
    insert_party(tx, act, &NewParty { kind: PartyKind::Vendor, client: None, slug: &slug, name: &name })
}

pub(crate) fn insert_party(tx: &mut Tx<'_, '_>, act: &Act, new: &NewParty<'_>) -> Result<Id<Party>, Refused> {
    let id = act.id();
    let add = sql!(
        "INSERT INTO party (provider_id, id, client_id, slug, name, kind) VALUES ($1, $2, {client?: $3}, $4, $5, $6)"
    );
    tx.exec(add, (id, new.client, new.slug, new.name, new.kind.key()))?;
    Ok(id)
}

/// Parties within reach: the provider, vendors, and the internal IT of each client within reach.
pub fn list_parties(
    tx: &mut Tx<'_, '_>,
    client: Option<Id<Client>>,
) -> Result<Vec<(Id<Party>, PartyKind, String)>, Refused> {
    let list = sql!(
        "SELECT id, kind, name FROM party WHERE provider_id = $1 AND {reach?: client_id} \
         AND (client_id IS NULL OR client_id = $2) ORDER BY kind, name, id LIMIT 500"
    );
    let rows: Vec<(Id<Party>, String, String)> = tx.rows(list, (client,))?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, kind, name)| Some((id, PartyKind::from_key(&kind)?, name)))
        .collect())
}

/// A membership within reach.
pub fn member(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Membership>) -> Result<Member, Refused> {
    act.require(Permission::ReadPeople)?;
    known(tx, id)
}

/// Somebody within reach, for verbs that have asked already who may know of them.
pub(crate) fn known(tx: &mut Tx<'_, '_>, id: Id<Membership>) -> Result<Member, Refused> {
    let get = sql!(
        "SELECT id, party_id, client_id, role, name, email, state, everywhere FROM membership \
         WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
    );
    tx.find(get, (id,))?.ok_or(Refused::NotFound)
}

/// The first of those whose names begin like that: of a client and of the provider's side, of one party alone where it is named; without
/// those who have left.
pub(crate) fn named_like(
    tx: &mut Tx<'_, '_>,
    (client, party): (Id<Client>, Option<Id<Party>>),
    begins: &str,
    most: u16,
) -> Result<Vec<Member>, Refused> {
    let from = folded(begins);
    let to = format!("{from}\u{10FFFF}");
    let list = sql!(
        "SELECT id, party_id, client_id, role, name, email, state, everywhere FROM membership \
         WHERE provider_id = $1 AND {reach?: client_id} AND folded >= $2 AND folded < $3 AND (client_id IS NULL OR client_id = $4) \
         AND (party_id = $5 OR $5 IS NULL) AND state <> 'left' ORDER BY folded, id LIMIT $6"
    );
    Ok(tx.rows(list, (from, to, client, party, most))?)
}

/// The other memberships of the same person that are within reach.
pub fn of_same_person(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Membership>) -> Result<Vec<Member>, Refused> {
    member(tx, act, id)?;
    let list = sql!(
        "SELECT m.id, m.party_id, m.client_id, m.role, m.name, m.email, m.state, m.everywhere FROM membership m \
         JOIN membership o ON o.provider_id = m.provider_id AND o.person_id = m.person_id AND o.id = $2 \
         WHERE m.provider_id = $1 AND {reach?: m.client_id} AND m.id <> $2 ORDER BY m.folded, m.id LIMIT 100"
    );
    Ok(tx.rows(list, (id,))?)
}

/// People within reach by name, from behind the last one that was seen.
pub fn list(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    after: Option<(String, uuid::Uuid)>,
    most: u16,
) -> Result<Vec<Member>, Refused> {
    act.require(Permission::ReadPeople)?;
    let (name, id) = after.unwrap_or_default();
    let list = sql!(
        "SELECT id, party_id, client_id, role, name, email, state, everywhere FROM membership \
         WHERE provider_id = $1 AND {reach?: client_id} AND (folded, id) > ($2, $3) ORDER BY folded, id LIMIT $4"
    );
    Ok(tx.rows(list, (name, id, most))?)
}

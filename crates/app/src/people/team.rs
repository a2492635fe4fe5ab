//! Teams: people of one party who work together. Whoever may manage the people of a party manages its teams.

use remit_core::{Id, Slug, Zone};
use remit_db::{Error, FromRow, Row, Scope, Tx, sql};

use super::{Member, Membership, NewParty, Party, PartyKind, Permission, State, Team, store};
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::Client;
use crate::refused::{Faults, Field, Refused};

/// A team as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamSummary {
    /// Its id.
    pub id: Id<Team>,
    /// Of which party.
    pub party: Id<Party>,
    /// The name of the party.
    pub party_name: String,
    /// The kind of the party.
    pub kind: PartyKind,
    /// Of which client, for internal IT.
    pub client: Option<Id<Client>>,
    /// Its name.
    pub name: String,
    /// The IANA zone in which it works.
    pub zone: String,
    /// Changes whenever its name or zone does.
    pub version: i64,
    /// How many people are in it.
    pub size: i64,
}

impl FromRow for TeamSummary {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let kind: String = row.get(3)?;
        let odd = || Error::Other(format!("a party holds the kind {kind}"));
        Ok(Self {
            kind: PartyKind::from_key(&kind).ok_or_else(odd)?,
            id: row.get(0)?,
            party: row.get(1)?,
            party_name: row.get(2)?,
            client: row.get(4)?,
            name: row.get(5)?,
            zone: row.get(6)?,
            version: row.get(7)?,
            size: row.get(8)?,
        })
    }
}

/// A team as a matrix names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TeamName {
    /// Of which kind of party.
    pub kind: PartyKind,
    /// The short name of the party and its name.
    pub party: (String, String),
    /// The short name of the team and its name.
    pub team: (String, String),
    /// The zone in which it works, where it is founded.
    pub zone: String,
    /// What it is here, where somebody has looked already: teams stay, and stay with their party.
    pub known: Option<(Id<Party>, Id<Team>)>,
}

impl TeamName {
    /// The client that it is of: internal IT alone is of one.
    fn of(&self, client: Id<Client>) -> Option<Id<Client>> {
        (self.kind == PartyKind::Internal).then_some(client)
    }
}

/// A party, and its team where it has one of that name.
type Known = (Id<Party>, Option<Id<Team>>);

/// The party that a matrix of a client names, and its team, as far as they are there.
pub(crate) fn known_team(
    tx: &mut Tx<'_, '_>,
    client: Id<Client>,
    named: &TeamName,
) -> Result<Option<Known>, Refused> {
    let find = sql!(
        "SELECT p.id, t.id FROM party p LEFT JOIN team t ON t.provider_id = p.provider_id AND t.party_id = p.id AND t.slug = $4 \
         WHERE p.provider_id = $1 AND {reach?: p.client_id} AND p.kind = $2 AND p.client_id IS NOT DISTINCT FROM $3 \
         AND (p.kind <> 'vendor' OR p.slug = $5 OR p.name = $6) ORDER BY CASE p.slug WHEN $5 THEN 0 ELSE 1 END, p.id LIMIT 1"
    );
    let (slug, name) = (named.party.0.as_str(), named.party.1.as_str());
    let own = (named.kind.key(), named.of(client), named.team.0.as_str(), slug, name);
    Ok(tx.find(find, own)?)
}

/// The party and the team that a matrix of a client names. A matrix that both sides have signed says who works for whom: what is not there
/// yet is founded, whoever asks.
pub(crate) fn named_team(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    client: Id<Client>,
    named: &TeamName,
) -> Result<(Id<Party>, Id<Team>), Refused> {
    if let Some(known) = named.known {
        return Ok(known);
    }
    let of = named.of(client);
    let party = match known_team(tx, client, named)? {
        Some((party, Some(team))) => return Ok((party, team)),
        Some((party, None)) => Some(party),
        None => None,
    };
    let whole = Scope::all(act.caller.provider.uuid());
    let (act, named) = (act.clone(), named.clone());
    let founded = tx.beyond("a signed matrix names teams of the provider, whoever asks", move |tx| {
        tx.within(whole, |tx| {
            let party = match party {
                Some(party) => party,
                None => insert_vendor(tx, &act, &named)?,
            };
            let id: Id<Team> = act.id();
            let add = sql!(
                "INSERT INTO team (provider_id, id, party_id, client_id, slug, name, zone, version) \
                 VALUES ($1, $2, $3, {client?: $4}, $5, $6, $7, 1)"
            );
            let (slug, name) = (named.team.0.as_str(), named.team.1.as_str());
            tx.exec(add, (id, party, of, slug, name, &named.zone))?;
            note(tx, &act, "team.found", (id, of), name)?;
            Ok::<_, Refused>((party, id))
        })
    });
    founded?
}

fn insert_vendor(tx: &mut Tx<'_, '_>, act: &Act, named: &TeamName) -> Result<Id<Party>, Refused> {
    if named.kind != PartyKind::Vendor {
        return Err(Refused::NotFound);
    }
    let (slug, name) = (named.party.0.as_str(), named.party.1.as_str());
    store::insert_party(tx, act, &NewParty { kind: named.kind, client: None, slug, name })
}

/// Founds a team of a party.
pub fn found_team(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    party: Id<Party>,
    name: &str,
    zone: &str,
) -> Result<Id<Team>, Refused> {
    let get =
        sql!("SELECT kind, client_id FROM party WHERE provider_id = $1 AND {reach?: client_id} AND id = $2");
    let found: Option<(String, Option<Id<Client>>)> = tx.find(get, (party,))?;
    let (kind, client) = found.ok_or(Refused::NotFound)?;
    may_found(act, PartyKind::from_key(&kind).ok_or(Refused::NotFound)?)?;
    let (name, zone) = check(name, zone)?;
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = Slug::parse(&words.collect::<Vec<_>>().join("-").to_ascii_lowercase());
    let why =
        "begin it with a letter of a to z, and write fewer than 100: rows of the matrix name the team by it";
    let slug = slug.map_err(|_| Refused::Invalid(vec![Field::new("name", why)]))?;
    let id: Id<Team> = act.id();
    let add = sql!(
        "INSERT INTO team (provider_id, id, party_id, client_id, slug, name, zone, version) \
         VALUES ($1, $2, $3, {client?: $4}, $5, $6, $7, 1)"
    );
    tx.exec(add, (id, party, client, slug.as_str(), &name, &zone)).map_err(|error| {
        if error.is_unique("team.party_id, team.slug") {
            Refused::Conflict(format!("this party has a team {slug} already"))
        } else {
            error.into()
        }
    })?;
    note(tx, act, "team.found", (id, client), &name)?;
    Ok(id)
}

/// Gives a team another name or zone, if it is still at the version that the caller read.
pub fn change_team(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, version): (Id<Team>, i64),
    name: &str,
    zone: &str,
) -> Result<(), Refused> {
    let before = team(tx, act, id)?;
    may_found(act, before.kind)?;
    let (name, zone) = check(name, zone)?;
    let set = sql!(
        "UPDATE team SET name = $4, zone = $5, version = version + 1 \
         WHERE provider_id = $1 AND {reach?: client_id} AND id = $2 AND version = $3"
    );
    if tx.exec(set, (id, version, &name, &zone))? == 0 {
        return Err(Refused::Stale);
    }
    let detail = format!("{} ({}) to {name} ({zone})", before.name, before.zone);
    note(tx, act, "team.change", (id, before.client), &detail)
}

/// Puts somebody of the same party into a team. Who is in it already stays.
pub fn join_team(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Team>, who: Id<Membership>) -> Result<(), Refused> {
    let team = team(tx, act, id)?;
    may_found(act, team.kind)?;
    let member = store::member(tx, act, who)?;
    if member.party != team.party || member.state == State::Left {
        return Err(Refused::Invalid(vec![Field::new("member", "choose somebody of the list")]));
    }
    let add = sql!(
        "INSERT INTO team_member (provider_id, team_id, membership_id, client_id) VALUES ($1, $2, $3, {client?: $4}) \
         ON CONFLICT (provider_id, team_id, membership_id) DO NOTHING"
    );
    if tx.exec(add, (id, who, team.client))? == 0 {
        return Ok(());
    }
    note(tx, act, "team.join", (id, team.client), &format!("{} in {}", member.name, team.name))
}

/// Takes somebody out of a team.
pub fn part_team(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Team>, who: Id<Membership>) -> Result<(), Refused> {
    let team = team(tx, act, id)?;
    may_found(act, team.kind)?;
    let member = store::member(tx, act, who)?;
    let remove = sql!(
        "DELETE FROM team_member WHERE provider_id = $1 AND {reach?: client_id} AND team_id = $2 AND membership_id = $3"
    );
    if tx.exec(remove, (id, who))? == 0 {
        return Err(Refused::NotFound);
    }
    note(tx, act, "team.part", (id, team.client), &format!("{} of {}", member.name, team.name))
}

/// A team within reach.
pub fn team(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Team>) -> Result<TeamSummary, Refused> {
    act.require(Permission::ReadPeople)?;
    let get = sql!(
        "SELECT t.id, t.party_id, p.name, p.kind, t.client_id, t.name, t.zone, t.version, \
         (SELECT COUNT(*) FROM team_member m WHERE m.provider_id = t.provider_id AND m.team_id = t.id) \
         FROM team t JOIN party p ON p.provider_id = t.provider_id AND p.id = t.party_id \
         WHERE t.provider_id = $1 AND {reach?: t.client_id} AND t.id = $2"
    );
    tx.find(get, (id,))?.ok_or(Refused::NotFound)
}

/// The teams within reach, those of the provider first, at most 1,000.
pub fn teams(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<TeamSummary>, Refused> {
    act.require(Permission::ReadPeople)?;
    let list = sql!(
        "SELECT t.id, t.party_id, p.name, p.kind, t.client_id, t.name, t.zone, t.version, \
         (SELECT COUNT(*) FROM team_member m WHERE m.provider_id = t.provider_id AND m.team_id = t.id) \
         FROM team t JOIN party p ON p.provider_id = t.provider_id AND p.id = t.party_id \
         WHERE t.provider_id = $1 AND {reach?: t.client_id} \
         ORDER BY CASE p.kind WHEN 'provider' THEN 0 WHEN 'vendor' THEN 1 ELSE 2 END, p.name, t.name, t.id LIMIT 1000"
    );
    Ok(tx.rows(list, ())?)
}

/// The people of a team by name, at most 500.
pub fn team_members(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Team>) -> Result<Vec<Member>, Refused> {
    act.require(Permission::ReadPeople)?;
    let list = sql!(
        "SELECT m.id, m.party_id, m.client_id, m.role, m.name, m.email, m.state, m.everywhere FROM team_member t \
         JOIN membership m ON m.provider_id = t.provider_id AND m.id = t.membership_id \
         WHERE t.provider_id = $1 AND {reach?: m.client_id} AND t.team_id = $2 ORDER BY m.folded, m.id LIMIT 500"
    );
    Ok(tx.rows(list, (id,))?)
}

/// Who could join a team: people of its party who are not in it, at most 500.
pub fn joinable(tx: &mut Tx<'_, '_>, act: &Act, team: &TeamSummary) -> Result<Vec<Member>, Refused> {
    may_found(act, team.kind)?;
    let list = sql!(
        "SELECT m.id, m.party_id, m.client_id, m.role, m.name, m.email, m.state, m.everywhere FROM membership m \
         WHERE m.provider_id = $1 AND {reach?: m.client_id} AND m.party_id = $2 AND m.state <> 'left' \
         AND m.role <> 'requester' AND NOT EXISTS (SELECT 1 FROM team_member t WHERE t.provider_id = m.provider_id \
         AND t.team_id = $3 AND t.membership_id = m.id) ORDER BY m.folded, m.id LIMIT 500"
    );
    Ok(tx.rows(list, (team.party, team.id))?)
}

/// Whether the caller may found and change teams of this kind of party.
pub(super) fn may_found(act: &Act, kind: PartyKind) -> Result<(), Refused> {
    match kind {
        PartyKind::Provider | PartyKind::Vendor => act.require(Permission::ManageProviderPeople),
        PartyKind::Internal => act.require(Permission::ManageClientPeople),
    }
}

fn check(name: &str, zone: &str) -> Result<(String, String), Refused> {
    let mut faults = Faults::default();
    let name = faults.name("name", name).unwrap_or_default();
    faults.take("zone", Zone::parse(zone.trim()));
    faults.end()?;
    Ok((name, zone.trim().to_owned()))
}

fn note(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    action: &'static str,
    (id, client): (Id<Team>, Option<Id<Client>>),
    detail: &str,
) -> Result<(), Refused> {
    audit::note(tx, act, Event { action, subject: id.to_string(), client, detail })
}

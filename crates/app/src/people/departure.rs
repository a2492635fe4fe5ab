//! Departure: everything that somebody holds ends or goes to a successor, and then they are gone; their name stays in the history.

use remit_core::Id;
use remit_db::{Tx, sql};

use super::standing::{may_end, note, set};
use super::{Member, Membership, Permission, State, store};
use crate::act::Act;
use crate::clients::Client;
use crate::matrix;
use crate::refused::{Field, Refused};
use crate::sign_in;
use crate::tickets;

/// What becomes of something that a leaver holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It ends with the membership.
    Ends,
    /// It goes to the successor, who must be there.
    Passes,
    /// It goes to a successor of the same party, and ends without one.
    MayPass,
}

/// Something that a membership holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What, in words.
    pub what: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// Who takes over, and what the caller saw there was to take.
#[derive(Debug, Clone)]
pub struct Departure {
    /// Who; nobody where nothing needs somebody.
    pub successor: Option<Id<Membership>>,
    /// What [`seen`] said of the list that was shown.
    pub seen: String,
}

impl Fate {
    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Ends => "ends at once",
            Self::Passes => "goes to the successor",
            Self::MayPass => "goes to a successor of the same party, otherwise ends",
        }
    }
}

/// Everything that a membership holds: **the one list** of it. Whatever can be held is added here, and in [`leave`].
pub fn holds(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Membership>) -> Result<Vec<Held>, Refused> {
    let member = store::member(tx, act, id)?;
    super::invite::may_manage(act, member.role)?;
    let mut held: Vec<Held> = Vec::new();
    let mut add = |what: String, fate: Fate| held.push(Held { what, fate });
    for what in sign_in::ways_in(tx, act, id)?.words() {
        add(what, Fate::Ends);
    }
    for matrix in matrix::held_by(tx, id)? {
        add(matrix.what, Fate::Passes);
    }
    let worked = tickets::worked_by(tx, id)?;
    if !worked.is_empty() {
        let numbers: Vec<String> = worked.iter().map(|(_, number)| format!("#{number}")).collect();
        add(format!("work on {}", numbers.join(", ")), Fate::MayPass);
    }
    let asked = tickets::waiting_of(tx, id)?;
    if !asked.is_empty() {
        let numbers: Vec<String> = asked.iter().map(|number| format!("#{number}")).collect();
        add(format!("a word that approvals of {} wait for", numbers.join(", ")), Fate::MayPass);
    }
    for (_, team) in teams(tx, id)? {
        add(format!("a place in the team {team}"), Fate::MayPass);
    }
    for (_, client) in reach(tx, id)? {
        add(format!("reach of {client}"), Fate::MayPass);
    }
    Ok(held)
}

/// Names what was shown, so that nothing that came later goes unseen. What ends anyhow does not count: sessions come and go.
pub fn seen(held: &[Held]) -> String {
    let mut hash = blake3::Hasher::new();
    for held in held.iter().filter(|held| held.fate != Fate::Ends) {
        hash.update(&(held.what.len() as u64).to_le_bytes()).update(held.what.as_bytes());
    }
    hash.finalize().to_hex().to_string()
}

/// Who can take over: whoever is in use in the same party, or in that of the provider.
pub fn successors(tx: &mut Tx<'_, '_>, act: &Act, leaver: &Member) -> Result<Vec<Member>, Refused> {
    act.require(Permission::ReadPeople)?;
    let list = sql!(
        "SELECT m.id, m.party_id, m.client_id, m.role, m.name, m.email, m.state, m.everywhere FROM membership m \
         JOIN party p ON p.provider_id = m.provider_id AND p.id = m.party_id \
         WHERE m.provider_id = $1 AND {reach?: m.client_id} AND (m.party_id = $2 OR p.kind = 'provider') AND m.id <> $3 \
         AND m.state = 'active' ORDER BY m.folded, m.id LIMIT 500"
    );
    Ok(tx.rows(list, (leaver.party, leaver.id))?)
}

/// Sees somebody out. What needs a successor has one, or nothing is done; other memberships of the person stay.
pub fn leave(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    id: Id<Membership>,
    departure: &Departure,
) -> Result<(), Refused> {
    let member = store::member(tx, act, id)?;
    may_end(tx, act, &member)?;
    if member.state == State::Left {
        return Err(Refused::Conflict(format!("{} has left already", member.name)));
    }
    let held = holds(tx, act, id)?;
    if seen(&held) != departure.seen {
        return Err(Refused::Stale);
    }
    let successor = match departure.successor {
        Some(to) => Some(successor(tx, act, &member, to)?),
        None if held.iter().any(|held| held.fate == Fate::Passes) => {
            return Err(unfit("choose who takes over what does not end"));
        }
        None => None,
    };
    if let Some(to) = &successor {
        matrix::hand_over(tx, act, id, to.id)?;
    }
    let heir = successor.as_ref().filter(|to| to.party == member.party);
    tickets::pass_work(tx, act, id, heir.map(|heir| (heir.id, heir.name.as_str())))?;
    pass_teams(tx, &member, heir)?;
    pass_reach(tx, &member, heir)?;
    tickets::pass_asked(tx, act, id, heir.map(|heir| heir.id))?;
    let ended = sign_in::end_ways_in(tx, act, id)?;
    set(tx, id, member.state, State::Left)?;
    let to = successor.map_or_else(|| "nobody".to_owned(), |to| format!("{} ({})", to.name, to.id));
    note(tx, act, &member, "person.leave", &format!("handed over to {to}; {ended}"))
}

/// Whoever takes over: in use, somebody else, and able to do something with all of it.
fn successor(tx: &mut Tx<'_, '_>, act: &Act, leaver: &Member, to: Id<Membership>) -> Result<Member, Refused> {
    let able = successors(tx, act, leaver)?.into_iter().find(|member| member.id == to);
    let able = able.ok_or_else(|| unfit("choose somebody of the list"))?;
    let matrices = matrix::held_by(tx, leaver.id)?;
    if !matrices.is_empty() && !able.role.may(Permission::EditMatrix) {
        return Err(unfit(&format!("{} may not change matrices; choose somebody who may", able.name)));
    }
    // Those of the leaver's reach come with it, to a successor of the same party.
    let mut listed: Vec<Id<Client>> = reach(tx, able.id)?.into_iter().map(|(client, _)| client).collect();
    if able.party == leaver.party {
        listed.extend(reach(tx, leaver.id)?.into_iter().map(|(client, _)| client));
    }
    let reaches = |client| able.everywhere || able.client == Some(client) || listed.contains(&client);
    match matrices.iter().find(|matrix| !reaches(matrix.client)) {
        Some(matrix) => Err(unfit(&format!("{} does not reach {}", able.name, matrix.what))),
        None => Ok(able),
    }
}

fn unfit(message: &str) -> Refused {
    Refused::Invalid(vec![Field::new("successor", message)])
}

fn teams(tx: &mut Tx<'_, '_>, id: Id<Membership>) -> Result<Vec<(Id<super::Team>, String)>, Refused> {
    let list = sql!(
        "SELECT t.id, t.name FROM team_member m JOIN team t ON t.provider_id = m.provider_id AND t.id = m.team_id \
         WHERE m.provider_id = $1 AND {reach?: m.client_id} AND m.membership_id = $2 ORDER BY t.name, t.id LIMIT 500"
    );
    Ok(tx.rows(list, (id,))?)
}

/// The clients that are listed for a membership, within the caller's own reach.
pub(super) fn reach(tx: &mut Tx<'_, '_>, id: Id<Membership>) -> Result<Vec<(Id<Client>, String)>, Refused> {
    let list = sql!(
        "SELECT c.id, c.name FROM reach r JOIN client c ON c.provider_id = r.provider_id AND c.id = r.client_id \
         WHERE r.provider_id = $1 AND {reach: r.client_id} AND r.membership_id = $2 ORDER BY c.name, c.id LIMIT 10000"
    );
    Ok(tx.rows(list, (id,))?)
}

fn pass_teams(tx: &mut Tx<'_, '_>, leaver: &Member, heir: Option<&Member>) -> Result<(), Refused> {
    if let Some(heir) = heir {
        for (team, _) in teams(tx, leaver.id)? {
            let add = sql!(
                "INSERT INTO team_member (provider_id, team_id, membership_id, client_id) VALUES ($1, $2, $3, {client?: $4}) \
                 ON CONFLICT (provider_id, team_id, membership_id) DO NOTHING"
            );
            tx.exec(add, (team, heir.id, heir.client))?;
        }
    }
    let remove =
        sql!("DELETE FROM team_member WHERE provider_id = $1 AND {reach?: client_id} AND membership_id = $2");
    tx.exec(remove, (leaver.id,))?;
    Ok(())
}

fn pass_reach(tx: &mut Tx<'_, '_>, leaver: &Member, heir: Option<&Member>) -> Result<(), Refused> {
    if let Some(heir) = heir.filter(|heir| !heir.everywhere && heir.client.is_none()) {
        for (client, _) in reach(tx, leaver.id)? {
            let add = sql!(
                "INSERT INTO reach (provider_id, membership_id, client_id) VALUES ($1, $2, {client: $3}) \
                 ON CONFLICT (provider_id, membership_id, client_id) DO NOTHING"
            );
            tx.exec(add, (heir.id, client))?;
        }
    }
    let remove =
        sql!("DELETE FROM reach WHERE provider_id = $1 AND {reach: client_id} AND membership_id = $2");
    tx.exec(remove, (leaver.id,))?;
    Ok(())
}

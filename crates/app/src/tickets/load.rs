//! How much teams and people have to do, in figures: what each [`Pile`](super::Pile) of theirs holds, all of a team with one question.

use remit_core::Id;
use remit_db::{Error, FromRow, Row, Tx, sql};

use super::store::SOON;
use crate::act::Act;
use crate::people::{Membership, Permission, Role, Team};
use crate::refused::Refused;

/// What a team has to do. Each figure is counted to a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TeamLoad {
    /// What it holds that is not closed.
    pub held: i64,
    /// What it is asked to take.
    pub offered: i64,
    /// What it holds that is late.
    pub late: i64,
    /// What it holds that is due within the hour.
    pub soon: i64,
    /// What it holds that nobody works on yet.
    pub nobody: i64,
    /// What it holds that waits.
    pub paused: i64,
}

impl FromRow for TeamLoad {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        Ok(Self {
            held: row.get(0)?,
            offered: row.get(1)?,
            late: row.get(2)?,
            soon: row.get(3)?,
            nobody: row.get(4)?,
            paused: row.get(5)?,
        })
    }
}

/// What somebody of a team has to do. Each figure is counted to a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLoad {
    /// Who.
    pub id: Id<Membership>,
    /// What they are called.
    pub name: String,
    /// What they work on first.
    pub works: i64,
    /// What of that is late.
    pub late: i64,
    /// What they help with.
    pub helps: i64,
}

/// What a team has to do, counted to `most`.
pub(crate) fn team_load(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    team: Id<Team>,
    most: u16,
) -> Result<TeamLoad, Refused> {
    act.require(Permission::ReadLoad)?;
    let count = sql!(
        "SELECT \
         (SELECT COUNT(*) FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.team_id = $2 LIMIT $5) a), \
         (SELECT COUNT(*) FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} \
         AND x.offered_team_id = $2 LIMIT $5) b), \
         (SELECT COUNT(*) FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.team_id = $2 AND x.priority IN ('P1', 'P2', 'P3', 'P4') AND x.due_at < $3 LIMIT $5) c), \
         (SELECT COUNT(*) FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.team_id = $2 AND x.priority IN ('P1', 'P2', 'P3', 'P4') AND x.due_at >= $3 AND x.due_at <= $4 LIMIT $5) d), \
         (SELECT COUNT(*) FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.solved_at IS NULL AND x.worker_id IS NULL AND x.team_id = $2 LIMIT $5) e), \
         (SELECT COUNT(*) FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.team_id = $2 AND x.status IN ('waiting-requester', 'waiting-vendor', 'scheduled', 'waiting-approval') LIMIT $5) f)"
    );
    Ok(tx.find(count, (team, act.at, act.at + SOON, most))?.unwrap_or_default())
}

/// Who, what they are called, in which role, and their figures.
type Found = (Id<Membership>, String, String, i64, i64, i64);

/// What the people of a team have to do who work on tickets, by name; counted to `most`, of `people` at most.
pub(crate) fn people_load(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    team: Id<Team>,
    (most, people): (u16, u16),
) -> Result<Vec<PersonLoad>, Refused> {
    act.require(Permission::ReadLoad)?;
    let count = sql!(
        "SELECT m.id, m.name, m.role, \
         (SELECT COUNT(*) FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.worker_id = m.id LIMIT $4) a), \
         (SELECT COUNT(*) FROM (SELECT x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.worker_id = m.id AND x.due_at < $3 LIMIT $4) b), \
         (SELECT COUNT(*) FROM (SELECT h.ticket_id FROM ticket_helper h WHERE h.provider_id = $1 AND {reach: h.client_id} \
         AND h.membership_id = m.id AND h.open = TRUE LIMIT $4) c) \
         FROM team_member t JOIN membership m ON m.provider_id = t.provider_id AND m.id = t.membership_id \
         WHERE t.provider_id = $1 AND {reach?: m.client_id} AND t.team_id = $2 AND m.state IN ('active', 'invited') \
         ORDER BY m.folded, m.id LIMIT $5"
    );
    let found: Vec<Found> = tx.rows(count, (team, act.at, most, people))?;
    let works = |role: &str| Role::from_key(role).is_some_and(|role| role.may(Permission::WorkTickets));
    let person = |(id, name, role, works_on, late, helps): Found| {
        works(&role).then_some(PersonLoad { id, name, works: works_on, late, helps })
    };
    Ok(found.into_iter().filter_map(person).collect())
}

/// The teams of the provider that hold something within reach, or are asked to take it; at most 1,000.
pub(crate) fn active_teams(tx: &mut Tx<'_, '_>, act: &Act) -> Result<Vec<Id<Team>>, Refused> {
    act.require(Permission::ReadLoad)?;
    let list = sql!(
        "SELECT t.id FROM team t JOIN party p ON p.provider_id = t.provider_id AND p.id = t.party_id \
         WHERE t.provider_id = $1 AND {reach?: t.client_id} AND p.kind = 'provider' AND (EXISTS (SELECT 1 FROM ticket x \
         WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.team_id = t.id AND x.closed_at IS NULL) OR EXISTS (SELECT 1 FROM ticket y \
         WHERE y.provider_id = $1 AND {reach: y.client_id} AND y.offered_team_id = t.id)) ORDER BY t.id LIMIT 1000"
    );
    let found: Vec<(Id<Team>,)> = tx.rows(list, ())?;
    Ok(found.into_iter().map(|(team,)| team).collect())
}

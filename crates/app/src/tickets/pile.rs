//! Piles: what a team or somebody has to do, of one sort. Each is a stretch of an index, so that it is counted to a limit, shown from its top
//! and listed page by page, whatever else there is.

use std::collections::BTreeMap;

use remit_core::{At, Id, Millis};
use remit_db::{Tx, sql};
use uuid::Uuid;

use super::named::{Listed, named};
use super::store::{Behind, Page, SOON, all_due, due, in_order};
use super::{Priority, Status, Ticket};
use crate::act::Act;
use crate::keyed::texts;
use crate::people::{Membership, Permission, Team};
use crate::refused::Refused;

/// Tickets of one sort that a team holds or is asked to take, or that somebody works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pile {
    /// Held by the team, and not closed.
    Held(Id<Team>),
    /// Offered to the team; what is to be answered first.
    Offered(Id<Team>),
    /// Held by the team, and what is promised next about it is past its time.
    Late(Id<Team>),
    /// Held by the team, and due within the hour.
    Soon(Id<Team>),
    /// Held by the team, not solved, and nobody works on it yet.
    Nobody(Id<Team>),
    /// Held by the team, which waits.
    Paused(Id<Team>),
    /// Held by the team in one status.
    Status(Id<Team>, Status),
    /// What somebody works on first.
    Works(Id<Membership>),
    /// The same, late.
    WorksLate(Id<Membership>),
    /// What somebody helps with.
    Helps(Id<Membership>),
}

/// What waits, without what waits for nothing.
pub(super) const WAITING: [Status; 4] =
    [Status::WaitingRequester, Status::WaitingVendor, Status::Scheduled, Status::WaitingApproval];

/// The first keys of what a team holds in one status, behind a key.
macro_rules! in_status {
    ($name:literal, $status:literal) => {
        concat!(
            "SELECT due_at, id FROM (SELECT x.due_at, x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} \
             AND x.closed_at IS NULL AND x.team_id = $5 AND x.status = ",
            $status,
            " AND (x.due_at, x.id) > ($2, $3) AND (x.priority = $6 OR $6 = '') ORDER BY x.due_at, x.id LIMIT $4) ",
            $name
        )
    };
}

texts! {
    PILE_HELD = all_due!(" AND x.team_id = $5 AND x.due_at <= $6");
    PILE_HELD_ONE = due!("p", "$6", " AND x.team_id = $5 AND x.due_at <= $7");
    PILE_OFFERED = "SELECT x.answer_by, x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.offered_team_id = $5 \
         AND (x.answer_by, x.id) > ($2, $3) AND (x.priority = $6 OR $6 = '') ORDER BY x.answer_by, x.id LIMIT $4";
    PILE_NOBODY = "SELECT x.due_at, x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.solved_at IS NULL AND x.worker_id IS NULL AND x.team_id = $5 AND (x.due_at, x.id) > ($2, $3) \
         AND (x.priority = $6 OR $6 = '') ORDER BY x.due_at, x.id LIMIT $4";
    PILE_STATUS = in_status!("s", "$7");
    PILE_PAUSED = concat!(
        "SELECT due_at, id FROM (", in_status!("s1", "'waiting-requester'"), " UNION ALL ", in_status!("s2", "'waiting-vendor'"),
        " UNION ALL ", in_status!("s3", "'scheduled'"), " UNION ALL ", in_status!("s4", "'waiting-approval'"),
        ") k ORDER BY due_at, id LIMIT $4"
    );
    PILE_WORKS = "SELECT x.due_at, x.id FROM ticket x WHERE x.provider_id = $1 AND {reach: x.client_id} AND x.closed_at IS NULL \
         AND x.worker_id = $5 AND (x.due_at, x.id) > ($2, $3) AND (x.priority = $6 OR $6 = '') AND x.due_at <= $7 \
         ORDER BY x.due_at, x.id LIMIT $4";
    PILE_HELPS = "SELECT x.due_at, x.id FROM ticket_helper h JOIN ticket x ON x.provider_id = h.provider_id AND x.id = h.ticket_id \
         WHERE h.provider_id = $1 AND {reach: x.client_id} AND h.membership_id = $5 AND h.open = TRUE AND x.closed_at IS NULL \
         AND (x.due_at, x.id) > ($2, $3) AND (x.priority = $6 OR $6 = '') ORDER BY x.due_at, x.id LIMIT $4";
}

/// The last instant that is late.
fn late(now: At) -> At {
    now - Millis::from_millis(1)
}

const NEVER: At = At::from_millis(i64::MAX);

impl Pile {
    /// In addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Held(_) => "held",
            Self::Offered(_) => "offered",
            Self::Late(_) => "late",
            Self::Soon(_) => "soon",
            Self::Nobody(_) => "nobody",
            Self::Paused(_) => "paused",
            Self::Status(_, status) => status.key(),
            Self::Works(_) => "works",
            Self::WorksLate(_) => "works-late",
            Self::Helps(_) => "helps",
        }
    }

    /// The pile with this key, of a team or of somebody.
    pub fn from_key(key: &str, team: Option<Id<Team>>, who: Option<Id<Membership>>) -> Option<Self> {
        Some(match (key, team, who) {
            ("works", _, Some(who)) => Self::Works(who),
            ("works-late", _, Some(who)) => Self::WorksLate(who),
            ("helps", _, Some(who)) => Self::Helps(who),
            ("held", Some(team), _) => Self::Held(team),
            ("offered", Some(team), _) => Self::Offered(team),
            ("late", Some(team), _) => Self::Late(team),
            ("soon", Some(team), _) => Self::Soon(team),
            ("nobody", Some(team), _) => Self::Nobody(team),
            ("paused", Some(team), _) => Self::Paused(team),
            (key, Some(team), _) => {
                Self::Status(team, Status::from_key(key).filter(|status| *status != Status::Closed)?)
            }
            _ => return None,
        })
    }

    /// The list of it.
    pub fn address(self) -> String {
        match self.of() {
            Ok(team) => format!("/tickets?pile={}&team={team}", self.key()),
            Err(who) => format!("/tickets?pile={}&person={who}", self.key()),
        }
    }

    /// Of which team, or of whom.
    const fn of(self) -> Result<Id<Team>, Id<Membership>> {
        match self {
            Self::Held(team)
            | Self::Offered(team)
            | Self::Late(team)
            | Self::Soon(team)
            | Self::Nobody(team)
            | Self::Paused(team)
            | Self::Status(team, _) => Ok(team),
            Self::Works(who) | Self::WorksLate(who) | Self::Helps(who) => Err(who),
        }
    }

    /// What it is, before the name of its team or of somebody.
    const fn words(self) -> &'static str {
        match self {
            Self::Held(_) => "Held by",
            Self::Offered(_) => "Offered to",
            Self::Late(_) => "Late, held by",
            Self::Soon(_) => "Due within the hour, held by",
            Self::Nobody(_) => "Nobody works on it yet, held by",
            Self::Paused(_) => "Paused, held by",
            Self::Status(_, Status::New) => "New, held by",
            Self::Status(_, Status::Working) => "In progress, held by",
            Self::Status(_, Status::WaitingRequester) => "Waiting for the requester, held by",
            Self::Status(_, Status::WaitingVendor) => "Waiting for a vendor, held by",
            Self::Status(_, Status::Scheduled) => "Scheduled, held by",
            Self::Status(_, Status::WaitingApproval) => "Waiting for approval, held by",
            Self::Status(_, Status::Solved) => "Solved, held by",
            Self::Status(_, Status::Closed) => "Closed, held by",
            Self::Works(_) => "Worked on first by",
            Self::WorksLate(_) => "Late, worked on first by",
            Self::Helps(_) => "Helped with by",
        }
    }

    /// Whether a ticket is on it; with what somebody helps is looked up before.
    pub(super) fn holds(self, ticket: &Ticket, (now, helped): (At, &[Id<Ticket>])) -> bool {
        let open = ticket.closed_at.is_none();
        let held = |team: Id<Team>| open && ticket.team == team;
        match self {
            Self::Held(team) => held(team),
            Self::Offered(team) => ticket.custody.offer().is_some_and(|offer| offer.to == team),
            Self::Late(team) => held(team) && ticket.due_at < now,
            Self::Soon(team) => held(team) && ticket.due_at >= now && ticket.due_at <= now + SOON,
            Self::Nobody(team) => held(team) && ticket.status.is_open() && ticket.worker.is_none(),
            Self::Paused(team) => held(team) && WAITING.contains(&ticket.status),
            Self::Status(team, status) => held(team) && ticket.status == status,
            Self::Works(who) => open && ticket.worker == Some(who),
            Self::WorksLate(who) => open && ticket.worker == Some(who) && ticket.due_at < now,
            Self::Helps(_) => open && helped.contains(&ticket.id),
        }
    }
}

/// What a pile is, with the name of its team or of somebody, for whoever may see both.
pub(super) fn words(tx: &mut Tx<'_, '_>, act: &Act, pile: Pile) -> Result<String, Refused> {
    act.require(Permission::ReadLoad)?;
    let name = match pile.of() {
        Ok(team) => super::ticket::hand(tx, team)?.team_name,
        Err(who) => super::store::name_of(tx, who)?,
    };
    Ok(format!("{} {name}", pile.words()))
}

/// The keys of a page of a pile.
pub(super) fn keys(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    pile: Pile,
    (priority, behind, most): Page,
) -> Result<Vec<Behind>, Refused> {
    let (mut at, mut above) =
        behind.map_or((At::from_millis(i64::MIN), Uuid::nil()), |(due, id)| (due, id.uuid()));
    let some = priority.map_or("", Priority::key);
    if matches!(pile, Pile::Soon(_)) && at < act.at {
        (at, above) = (act.at, Uuid::nil());
    }
    let from = (at, above, most);
    let until = match pile {
        Pile::Late(_) | Pile::WorksLate(_) => late(act.at),
        Pile::Soon(_) => act.at + SOON,
        _ => NEVER,
    };
    Ok(match (pile, priority) {
        (Pile::Held(team) | Pile::Late(team) | Pile::Soon(team), None) => {
            tx.rows(sql!(PILE_HELD), (from.0, from.1, from.2, team, until))?
        }
        (Pile::Held(team) | Pile::Late(team) | Pile::Soon(team), Some(_)) => {
            tx.rows(sql!(PILE_HELD_ONE), (from.0, from.1, from.2, team, some, until))?
        }
        (Pile::Offered(team), _) => tx.rows(sql!(PILE_OFFERED), (from.0, from.1, from.2, team, some))?,
        (Pile::Nobody(team), _) => tx.rows(sql!(PILE_NOBODY), (from.0, from.1, from.2, team, some))?,
        (Pile::Paused(team), _) => tx.rows(sql!(PILE_PAUSED), (from.0, from.1, from.2, team, some))?,
        (Pile::Status(team, status), _) => {
            tx.rows(sql!(PILE_STATUS), (from.0, from.1, from.2, team, some, status))?
        }
        (Pile::Works(who) | Pile::WorksLate(who), _) => {
            tx.rows(sql!(PILE_WORKS), (from.0, from.1, from.2, who, some, until))?
        }
        (Pile::Helps(who), _) => tx.rows(sql!(PILE_HELPS), (from.0, from.1, from.2, who, some))?,
    })
}

/// The top of a pile, and how many are on it, counted to a limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stack {
    /// How many.
    pub count: usize,
    /// Those on top.
    pub top: Vec<Listed>,
}

/// The tops of several piles, `shown` tickets of each; counted to `most`. The tickets and the names around them are read for all at once.
pub(crate) fn stacks(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    piles: &[Pile],
    (shown, most): (usize, u16),
) -> Result<Vec<Stack>, Refused> {
    act.require(Permission::ReadLoad)?;
    let mut all: Vec<Vec<Behind>> = Vec::with_capacity(piles.len());
    for pile in piles {
        all.push(keys(tx, act, *pile, (None, None, most))?);
    }
    let tops: Vec<Behind> = all.iter().flat_map(|keys| keys.iter().take(shown)).copied().collect();
    let tickets = in_order(tx, &tops, None)?;
    let listed: BTreeMap<Uuid, Listed> =
        named(tx, tickets)?.into_iter().map(|listed| (listed.ticket.id.uuid(), listed)).collect();
    let top = |keys: &[Behind]| {
        keys.iter().take(shown).filter_map(|(_, id)| listed.get(&id.uuid()).cloned()).collect()
    };
    Ok(all.iter().map(|keys| Stack { count: keys.len(), top: top(keys) }).collect())
}

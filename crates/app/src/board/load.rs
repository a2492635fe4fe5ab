//! What each team has to do, and each of its people.

use remit_core::Id;
use remit_db::Tx;

use super::{Seen, teams};
use crate::act::Act;
use crate::people::Team;
use crate::refused::Refused;
use crate::tickets::{PersonLoad, TeamLoad, people_load, team_load};

/// How far the figures are counted.
pub(crate) const COUNTED: u16 = 1000;
/// People of a team who are shown.
const PEOPLE: u16 = 100;

/// What a team has to do, and each of its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TeamBurden {
    /// Which.
    pub seen: Seen,
    /// What it has to do.
    pub figures: TeamLoad,
    /// Who of it has what, by name; of a team of another company those alone who have something within reach.
    pub people: Vec<PersonLoad>,
    /// Whether it has more people than are looked at.
    pub more: bool,
}

/// A page of teams.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Load {
    /// What each has to do.
    pub teams: Vec<TeamBurden>,
    /// Behind which team the next page begins.
    pub next: Option<Id<Team>>,
}

/// What teams have to do, from behind one of them on.
pub(crate) fn load(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (after, most): (Option<Id<Team>>, usize),
) -> Result<Load, Refused> {
    let all = teams(tx, act)?;
    let begin = after.and_then(|after| all.iter().position(|seen| seen.team.id == after));
    let begin = begin.map_or(0, |place| place + 1);
    let more = all.len() > begin + most;
    let page = all.into_iter().skip(begin).take(most);
    let burdens = page.map(|seen| of_team(tx, act, seen)).collect::<Result<Vec<_>, _>>()?;
    let next = burdens.last().filter(|_| more).map(|burden| burden.seen.team.id);
    Ok(Load { teams: burdens, next })
}

/// What one team has to do.
fn of_team(tx: &mut Tx<'_, '_>, act: &Act, seen: Seen) -> Result<TeamBurden, Refused> {
    let figures = team_load(tx, act, seen.team.id, COUNTED)?;
    let mut people = people_load(tx, act, seen.team.id, (COUNTED, PEOPLE + 1))?;
    let more = people.len() > usize::from(PEOPLE);
    people.truncate(usize::from(PEOPLE));
    people.retain(|person| seen.ours || person.works + person.helps > 0);
    Ok(TeamBurden { seen, figures, people, more })
}

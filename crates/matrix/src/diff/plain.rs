//! A difference in plain words: names instead of ids, hours as people say them.

use remit_core::Millis;
use remit_draw::Hue;

use super::{Change, Difference, OwnerIds};
use crate::ask::hue;
use crate::document::hours_in_words;
use crate::model::{Dimension, Matrix, OTHER};
use crate::words::Region;

/// Duties that pass from one party and team to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Who has them before.
    pub from: Side,
    /// Who has them after.
    pub to: Side,
    /// What passes, and when.
    pub duties: Vec<Duty>,
    /// Duties beyond those listed.
    pub more: usize,
}

/// One side of a move; nobody where there is a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The hue of the party.
    pub hue: Hue,
    /// The party.
    pub party: String,
    /// The team; empty for nobody.
    pub team: String,
}

/// What passes, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Services and conditions: `Help desk; tier L3`.
    pub what: String,
    /// When: `outside office hours`.
    pub when: String,
    /// How long that is in a week.
    pub weekly: String,
    /// For the first time.
    pub first: String,
}

/// Names of one kind that are written out.
const NAMES: usize = 6;

/// Says a difference in words; the largest moves come first.
pub fn moves(found: &Difference, before: &Matrix, after: &Matrix) -> Vec<Move> {
    let one = |change: &Change| Move {
        from: side(change.from.as_ref(), before),
        to: side(change.to.as_ref(), after),
        duties: change.regions.iter().map(|region| duty(region, before, after)).collect(),
        more: change.more_regions,
    };
    found.changes.iter().map(one).collect()
}

fn side(ids: Option<&OwnerIds>, matrix: &Matrix) -> Side {
    let Some(ids) = ids else {
        return Side { hue: Hue::Nobody, party: "nobody".to_owned(), team: String::new() };
    };
    match matrix.teams.iter().find(|team| team.id == ids.team) {
        Some(team) => Side {
            hue: hue(matrix, team.party),
            party: matrix.party(team.party).name.clone(),
            team: team.name.clone(),
        },
        None => Side { hue: Hue::Neutral, party: ids.party.clone(), team: ids.team.clone() },
    }
}

fn duty(region: &Region, before: &Matrix, after: &Matrix) -> Duty {
    let mut parts: Vec<String> = Vec::new();
    for condition in &region.conditions {
        let names: Vec<String> =
            condition.values.iter().map(|value| name(condition.dimension, value, before, after)).collect();
        let more = names.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let names = names.into_iter().take(NAMES).collect::<Vec<_>>().join(", ");
        parts.push(match condition.dimension {
            Dimension::Service => format!("{names}{more}"),
            listed => format!("{} {names}{more}", listed.label()),
        });
    }
    let who = |id: &str| {
        let teams = after.teams.iter().chain(&before.teams);
        teams.clone().find(|team| team.id == id).map_or_else(|| id.to_owned(), |team| team.name.clone())
    };
    Duty {
        what: if parts.is_empty() { "Everything".to_owned() } else { parts.join("; ") },
        when: hours_in_words(&region.when, &who),
        weekly: Millis::from_minutes(region.minutes_per_week as i64).to_string(),
        first: region.first.first().map(|stretch| stretch.local.clone()).unwrap_or_default(),
    }
}

fn name(dimension: Dimension, value: &str, before: &Matrix, after: &Matrix) -> String {
    if dimension == Dimension::Service {
        let service = after.services.get(value).or_else(|| before.services.get(value));
        return service.map_or_else(|| value.to_owned(), |service| service.name.clone());
    }
    if value == OTHER { "any other".to_owned() } else { value.to_owned() }
}

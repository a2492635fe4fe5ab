//! Who owns a service at an instant, and why.

use std::sync::Arc;

use remit_core::{At, DateTime, Edge, Horizon, Millis};
use remit_draw::Hue;
use remit_matrix::draft::PartyKind;
use remit_matrix::engine::Answer as Held;
use remit_matrix::model::{Dimension, Row};
use remit_matrix::{Compiled, Matrix, Query, Resolver, Taker};

/// What is asked; what is not said is `other`, and the instant is now.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Asked {
    /// A service of the catalogue.
    #[serde(default)]
    pub service: String,
    /// Wall time of the client, such as 2027-01-03T02:00.
    #[serde(default)]
    pub at: String,
    /// A support line.
    #[serde(default)]
    pub tier: String,
    /// A priority.
    #[serde(default)]
    pub priority: String,
}

/// Who owns it, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The hue of the party.
    pub hue: Hue,
    /// Who, or that nobody does.
    pub who: String,
    /// Who takes it at that hour.
    pub taker: String,
    /// Why.
    pub reason: String,
    /// Rows that one condition keeps out.
    pub near: Vec<String>,
}

/// Near misses that are shown.
const NEAR: usize = 5;

/// Asks a matrix.
pub fn ask(matrix: &Arc<Matrix>, asked: &Asked, now: At) -> Answer {
    answer(matrix, asked, now).unwrap_or_else(|why| Answer {
        hue: Hue::Nobody,
        who: why,
        taker: String::new(),
        reason: String::new(),
        near: Vec::new(),
    })
}

fn answer(matrix: &Arc<Matrix>, asked: &Asked, now: At) -> Result<Answer, String> {
    let at = instant(matrix, &asked.at, now)?;
    let day = Millis::from_hours(24);
    let compiled =
        Compiled::new(Arc::clone(matrix), Horizon::new(at - day, at + day)).map_err(|e| e.to_string())?;
    let resolver = Resolver::new(compiled);
    let mut query = Query::new(&asked.service, at);
    for (given, place) in [(&asked.tier, &mut query.tier), (&asked.priority, &mut query.priority)] {
        if !given.is_empty() {
            *place = given;
        }
    }
    let explained = resolver.explain(&query).map_err(|e| e.to_string())?;
    let row = |row: u32| &matrix.rows[row as usize];
    let near = explained.reason.near.iter().take(NEAR);
    let near = near.map(|(r, d)| {
        let dimension = Dimension::ALL[*d].label();
        format!("{} would own it with row {} but for its {dimension}", party(matrix, row(*r)).1, row(*r).id)
    });
    let near = near.collect();
    Ok(match explained.reason.answer {
        Held::Owned(owner) => {
            let owner = row(owner);
            let (hue, who) = party(matrix, owner);
            let beaten: Vec<&str> = explained.reason.beaten.iter().map(|b| row(*b).id.as_str()).collect();
            let mut reason = format!("row {} says so", owner.id);
            if !beaten.is_empty() {
                reason = format!("{reason}; it is narrower than {}", beaten.join(", "));
            }
            Answer { hue, who, taker: taker(matrix, explained.taker), reason, near }
        }
        Held::Gap => Answer {
            hue: Hue::Nobody,
            who: "nobody".to_owned(),
            taker: String::new(),
            reason: "no row covers it".to_owned(),
            near,
        },
        Held::Conflict(rows) => {
            let ids: Vec<&str> = rows.iter().map(|r| row(*r).id.as_str()).collect();
            let reason = format!("rows {} claim it for different owners", ids.join(" and "));
            Answer { hue: Hue::Nobody, who: "nobody alone".to_owned(), taker: String::new(), reason, near }
        }
    })
}

/// Wall time of the client, or an instant with an offset; empty is now.
fn instant(matrix: &Matrix, text: &str, now: At) -> Result<At, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(now);
    }
    if let Ok(local) = text.parse::<DateTime>() {
        return Ok(matrix.zone.at(local, Edge::Start));
    }
    At::parse(text).map_err(|error| error.to_string())
}

fn party(matrix: &Matrix, row: &Row) -> (Hue, String) {
    let party = matrix.party(row.accountable);
    (hue(party.kind), party.name.clone())
}

/// The colour and letter of a kind of party.
pub(super) fn hue(kind: PartyKind) -> Hue {
    match kind {
        PartyKind::Provider => Hue::Provider,
        PartyKind::Internal => Hue::Internal,
        PartyKind::Vendor => Hue::Vendor(0),
    }
}

fn taker(matrix: &Matrix, taker: Option<Taker>) -> String {
    match taker {
        Some(Taker::Responsible(team)) => format!("{} is on duty and takes it", matrix.team(team).name),
        Some(Taker::Fallback(team)) => {
            format!("its team is not on duty; {} takes it", matrix.team(team).name)
        }
        Some(Taker::LastResort(team)) => {
            format!("nobody it names is on duty; {} takes it as the last resort", matrix.team(team).name)
        }
        None => String::new(),
    }
}

//! Parties and teams in words and hues.

use remit_draw::Hue;
use serde::Serialize;

use crate::draft::PartyKind;
use crate::model::{Matrix, PartyIx, Row, Subject};

/// The hue of a party; vendors are numbered in the order of their ids.
pub fn hue(matrix: &Matrix, party: PartyIx) -> Hue {
    match matrix.party(party).kind {
        PartyKind::Provider => Hue::Provider,
        PartyKind::Internal => Hue::Internal,
        PartyKind::Vendor => {
            let before = &matrix.parties[..usize::from(party.0)];
            let vendors = before.iter().filter(|other| other.kind == PartyKind::Vendor).count();
            Hue::Vendor(u8::try_from(vendors).unwrap_or(u8::MAX))
        }
    }
}

/// A party and a team of it, as programs read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Owner {
    /// Id of the accountable party.
    pub party: String,
    /// Its name.
    pub party_name: String,
    /// What it is.
    pub kind: PartyKind,
    /// Id of the responsible team.
    pub team: String,
    /// Its name.
    pub team_name: String,
    /// The party's hue.
    #[serde(skip)]
    pub hue: Hue,
}

impl Owner {
    /// The owner that a row names.
    pub fn of(matrix: &Matrix, row: &Row) -> Self {
        let (party, team) = (matrix.party(row.accountable), matrix.team(row.responsible));
        Self {
            party: party.id.clone(),
            party_name: party.name.clone(),
            kind: party.kind,
            team: team.id.clone(),
            team_name: team.name.clone(),
            hue: hue(matrix, row.accountable),
        }
    }
}

/// Names of those who are consulted or informed.
pub fn subjects(matrix: &Matrix, subjects: &[Subject]) -> Vec<String> {
    let name = |subject: &Subject| match subject {
        Subject::Party(party) => matrix.party(*party).name.clone(),
        Subject::Team(team) => matrix.team(*team).name.clone(),
    };
    subjects.iter().map(name).collect()
}

//! What is asked about: the values of the listed dimensions.

use clap::Args;
use remit_core::At;
use remit_matrix::model::{Dimension, OTHER};
use remit_matrix::{Matrix, Query};

use crate::failure::{Failure, did_you_mean};

/// Conditions of a question. What is not given is `other`, but the kind is then an incident.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Conditions")]
pub struct Conditions {
    /// Support line, such as L1
    #[arg(long, value_name = "TIER")]
    pub tier: Option<String>,
    /// Priority, such as P2
    #[arg(long, value_name = "PRIORITY")]
    pub priority: Option<String>,
    /// Site of the client
    #[arg(long, value_name = "SITE")]
    pub site: Option<String>,
    /// Class of the asset, such as server
    #[arg(long, value_name = "CLASS")]
    pub asset_class: Option<String>,
    /// Group of the requester, such as executives
    #[arg(long, value_name = "GROUP")]
    pub requester_group: Option<String>,
    /// Kind of work [default: incident, where the matrix has it]
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
}

/// The kind of work that is meant when nobody says.
const USUAL_KIND: &str = "incident";

/// Conditions whose values the matrix knows.
#[derive(Debug, Clone)]
pub struct Values {
    /// One per listed dimension.
    values: [String; 6],
    /// Whether it was given.
    given: [bool; 6],
}

impl Conditions {
    fn of(&self, dimension: Dimension) -> Option<&str> {
        match dimension {
            Dimension::Tier => self.tier.as_deref(),
            Dimension::Priority => self.priority.as_deref(),
            Dimension::Site => self.site.as_deref(),
            Dimension::AssetClass => self.asset_class.as_deref(),
            Dimension::RequesterGroup => self.requester_group.as_deref(),
            Dimension::Kind => self.kind.as_deref(),
            Dimension::Service | Dimension::Time => None,
        }
    }

    /// The values as the matrix spells them.
    pub fn values(&self, matrix: &Matrix) -> Result<Values, Failure> {
        let mut values: [String; 6] = std::array::from_fn(|_| OTHER.to_owned());
        let mut given = [false; 6];
        for dimension in Dimension::LISTED {
            let (n, known) = (dimension.index() - 1, matrix.values_of(dimension));
            if let Some(text) = self.of(dimension) {
                values[n] = spelt(dimension, known, text)?;
                given[n] = true;
            } else if dimension == Dimension::Kind && known.iter().any(|kind| kind == USUAL_KIND) {
                USUAL_KIND.clone_into(&mut values[n]);
            }
        }
        Ok(Values { values, given })
    }
}

fn spelt(dimension: Dimension, known: &[String], text: &str) -> Result<String, Failure> {
    if let Some(value) = known.iter().find(|value| value.eq_ignore_ascii_case(text.trim())) {
        return Ok(value.clone());
    }
    let failure = Failure::new(format!("this matrix knows no {} `{text}`", dimension.label()));
    Err(match did_you_mean(text, known.iter().map(String::as_str)) {
        Some(hint) => failure.hint(hint),
        None => failure,
    })
}

impl Values {
    /// The value of a listed dimension.
    pub fn get(&self, dimension: Dimension) -> &str {
        &self.values[dimension.index() - 1]
    }

    /// Whether the value of a listed dimension was given.
    pub fn is_given(&self, dimension: Dimension) -> bool {
        self.given[dimension.index() - 1]
    }

    /// The same with another value.
    #[must_use]
    pub fn with(&self, dimension: Dimension, value: &str) -> Self {
        let mut other = self.clone();
        value.clone_into(&mut other.values[dimension.index() - 1]);
        other
    }

    /// The question about a service at an instant.
    pub fn query<'q>(&'q self, service: &'q str, at: At) -> Query<'q> {
        Query {
            service,
            tier: self.get(Dimension::Tier),
            priority: self.get(Dimension::Priority),
            site: self.get(Dimension::Site),
            asset_class: self.get(Dimension::AssetClass),
            requester_group: self.get(Dimension::RequesterGroup),
            kind: self.get(Dimension::Kind),
            at,
        }
    }
}

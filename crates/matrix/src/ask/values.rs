//! What is asked about: the values of the listed dimensions.

use remit_core::At;

use super::Unclear;
use crate::model::{Dimension, Matrix, OTHER, did_you_mean};
use crate::resolve::Query;

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

impl Values {
    /// The values as the matrix spells them. What is not given is `other`, but the kind is then an incident.
    pub fn new<'g>(matrix: &Matrix, given: impl Fn(Dimension) -> Option<&'g str>) -> Result<Self, Unclear> {
        let mut this = Self { values: std::array::from_fn(|_| OTHER.to_owned()), given: [false; 6] };
        for dimension in Dimension::LISTED {
            let (n, known) = (dimension.index() - 1, matrix.values_of(dimension));
            if let Some(text) = given(dimension) {
                this.values[n] = spelt(dimension, known, text)?;
                this.given[n] = true;
            } else if dimension == Dimension::Kind && known.iter().any(|kind| kind == USUAL_KIND) {
                USUAL_KIND.clone_into(&mut this.values[n]);
            }
        }
        Ok(this)
    }

    /// The same for what was not written with this matrix in mind: a value that it does not know is `other`.
    pub fn lenient<'g>(matrix: &Matrix, given: impl Fn(Dimension) -> Option<&'g str>) -> Self {
        let known = |dimension: Dimension| {
            given(dimension).filter(|text| spelt(dimension, matrix.values_of(dimension), text).is_ok())
        };
        Self::new(matrix, known).expect("what is not known is not given")
    }

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

fn spelt(dimension: Dimension, known: &[String], text: &str) -> Result<String, Unclear> {
    if let Some(value) = known.iter().find(|value| value.eq_ignore_ascii_case(text.trim())) {
        return Ok(value.clone());
    }
    let unclear = Unclear::new(format!("this matrix knows no {} `{text}`", dimension.label()));
    Err(match did_you_mean(text, known.iter().map(String::as_str)) {
        Some(hint) => unclear.hint(hint),
        None => unclear,
    })
}

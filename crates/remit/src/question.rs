//! What is asked about: the values of the listed dimensions.

use clap::Args;
use remit_matrix::Matrix;
use remit_matrix::ask::Values;
use remit_matrix::model::Dimension;

use crate::failure::Failure;

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
        Ok(Values::new(matrix, |dimension| self.of(dimension))?)
    }
}

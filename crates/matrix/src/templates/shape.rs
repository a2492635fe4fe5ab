//! The templates by name, for help texts and command lines.

use super::{Offshore, TemplateError, TemplateOptions};
use crate::catalogue::Arrangement;
use crate::draft::ServiceModel;

/// One named way of sharing the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The word to write, such as `after-hours`.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub description: &'static str,
    adds: Adds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Adds {
    Managed,
    Arrangement(Arrangement),
    InternalHelpdesk,
    Offshore,
}

const SHAPES: [Shape; 9] = [
    Shape {
        name: "fully-managed",
        description: "The provider is the whole IT department, at every hour; the client keeps the approvals.",
        adds: Adds::Managed,
    },
    Shape {
        name: "tools-only",
        description: "Internal IT does the work in the provider's tools; the provider runs and watches the tools.",
        adds: Adds::Arrangement(Arrangement::ToolsOnly),
    },
    Shape {
        name: "tier-3-escalation",
        description: "Internal IT does tiers 1 and 2, the provider's engineers take tier 3.",
        adds: Adds::Arrangement(Arrangement::Tier3Escalation),
    },
    Shape {
        name: "after-hours",
        description: "Internal IT has the office hours; the provider takes what is urgent on nights, weekends and holidays.",
        adds: Adds::Arrangement(Arrangement::AfterHours),
    },
    Shape {
        name: "project-augmentation",
        description: "Internal IT does business as usual, the provider does the projects.",
        adds: Adds::Arrangement(Arrangement::ProjectAugmentation),
    },
    Shape {
        name: "hybrid-expertise",
        description: "Internal IT are generalists; the provider brings specialists for security, cloud and compliance.",
        adds: Adds::Arrangement(Arrangement::HybridExpertise),
    },
    Shape {
        name: "strategic-partnership",
        description: "Internal IT runs operations, the provider leads strategy as the client's vCIO.",
        adds: Adds::Arrangement(Arrangement::StrategicPartnership),
    },
    Shape {
        name: "internal-helpdesk",
        description: "The provider does strategy and infrastructure, internal IT does the help desk.",
        adds: Adds::InternalHelpdesk,
    },
    Shape {
        name: "offshore",
        description: "Beside any of the others: a day shift in Manila helps while the client's office is closed.",
        adds: Adds::Offshore,
    },
];

/// All templates with a sentence on each. `offshore` and the co-managed ones can be combined; `fully-managed` takes
/// `offshore` only.
pub fn shapes() -> &'static [Shape] {
    &SHAPES
}

impl TemplateOptions {
    /// Options for shapes given by name, such as `["tier-3-escalation", "after-hours", "offshore"]`.
    pub fn shaped(client: &str, zone: &str, names: &[&str]) -> Result<Self, TemplateError> {
        let mut options = Self::co_managed(client, zone, &[]);
        for name in names {
            let Some(shape) = SHAPES.iter().find(|shape| shape.name == *name) else {
                let known: Vec<&str> = SHAPES.iter().map(|shape| shape.name).collect();
                return Err(TemplateError::UnknownShape {
                    name: (*name).to_owned(),
                    known: known.join(", "),
                });
            };
            match shape.adds {
                Adds::Managed => options.model = ServiceModel::FullyManaged,
                Adds::Arrangement(arrangement) => options.arrangements.push(arrangement),
                Adds::InternalHelpdesk => options.internal_helpdesk = true,
                Adds::Offshore => options.offshore = Some(Offshore::manila()),
            }
        }
        Ok(options)
    }
}

/// The word for an arrangement.
pub(super) fn name_of(arrangement: Arrangement) -> &'static str {
    let shape = SHAPES.iter().find(|shape| shape.adds == Adds::Arrangement(arrangement));
    shape.expect("every arrangement is a shape").name
}

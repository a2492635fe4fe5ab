//! What is written down about one service, and who typically owns it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One service as it is written in `catalogue.toml` or in a client's own additions.
///
/// The parent follows from the id: `patching.os` is a child of `patching`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NewNode {
    /// Dotted id in lower case, such as `line-of-business.cad-support`.
    pub id: String,
    /// Short name, such as "CAD support".
    pub name: String,
    /// What the duty is, in one or two plain sentences.
    #[serde(default)]
    pub description: String,
    /// Who typically owns it; absent means as its parent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owners>,
    /// True when a fully managed fee usually leaves it out, so that it is billed as a project or passed through.
    #[serde(default)]
    pub outside_fee: bool,
    /// The ITIL 4 practice it belongs to, one of [`ITIL_PRACTICES`](super::ITIL_PRACTICES).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub itil: Option<String>,
    /// NIST CSF 2.0 subcategories it serves, each one of [`CSF_SUBCATEGORIES`](super::CSF_SUBCATEGORIES).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub csf: Vec<String>,
    /// Other names people use for it; `find` knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

/// The typical owner of a service in each operating model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Owners {
    /// Owner where the provider is the whole IT department.
    pub managed: Owner,
    /// Usual owner where the provider and the client's internal IT share the work.
    pub co_managed: Owner,
    /// The co-managed arrangements in which the provider owns it. See [`Owners::in_arrangements`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub provider_in: Vec<Arrangement>,
}

impl Owners {
    /// The typical owner where exactly these co-managed arrangements are agreed and nothing else: the provider
    /// for what one of them gives to it, a vendor where it is a vendor's anyway, otherwise internal IT.
    pub fn in_arrangements(&self, arrangements: &[Arrangement]) -> Owner {
        if self.provider_in.iter().any(|a| arrangements.contains(a)) {
            return Owner::Provider;
        }
        match self.co_managed {
            Owner::Vendor => Owner::Vendor,
            Owner::NotApplicable => Owner::NotApplicable,
            Owner::Provider | Owner::Internal | Owner::Shared => Owner::Internal,
        }
    }
}

/// Who typically owns a service. A matrix names exactly one party; `Shared` says that it must be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// The managed service provider.
    Provider,
    /// The client's internal IT.
    Internal,
    /// Divided between both or decided case by case: ask the client, then name one.
    Shared,
    /// A third party, such as the internet provider.
    Vendor,
    /// The duty does not exist in this model, such as mentoring where there is no internal IT.
    NotApplicable,
}

impl Owner {
    /// The owner's name in a sentence or a table.
    pub fn label(self) -> &'static str {
        match self {
            Owner::Provider => "provider",
            Owner::Internal => "internal IT",
            Owner::Shared => "shared",
            Owner::Vendor => "vendor",
            Owner::NotApplicable => "not applicable",
        }
    }
}

/// The six co-managed arrangements; a client can agree several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Arrangement {
    /// Internal IT works in the provider's tools.
    ToolsOnly,
    /// Internal IT does tiers 1 and 2, the provider tier 3.
    #[serde(rename = "tier-3-escalation")]
    Tier3Escalation,
    /// Internal IT has business hours, the provider nights, weekends and holidays.
    AfterHours,
    /// Internal IT does business as usual, the provider projects.
    ProjectAugmentation,
    /// Internal IT are generalists, the provider brings specialists in security, cloud and compliance.
    HybridExpertise,
    /// Internal IT runs operations, the provider leads strategy.
    StrategicPartnership,
}

impl Arrangement {
    /// All six, in the order in which they are usually listed.
    pub const ALL: [Arrangement; 6] = [
        Arrangement::ToolsOnly,
        Arrangement::Tier3Escalation,
        Arrangement::AfterHours,
        Arrangement::ProjectAugmentation,
        Arrangement::HybridExpertise,
        Arrangement::StrategicPartnership,
    ];

    /// As it is written in a matrix.
    pub const fn key(self) -> &'static str {
        match self {
            Arrangement::ToolsOnly => "tools-only",
            Arrangement::Tier3Escalation => "tier-3-escalation",
            Arrangement::AfterHours => "after-hours",
            Arrangement::ProjectAugmentation => "project-augmentation",
            Arrangement::HybridExpertise => "hybrid-expertise",
            Arrangement::StrategicPartnership => "strategic-partnership",
        }
    }

    /// The arrangement with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|arrangement| arrangement.key() == key)
    }

    /// In plain words.
    pub const fn words(self) -> &'static str {
        match self {
            Arrangement::ToolsOnly => "tools only",
            Arrangement::Tier3Escalation => "tier 3 escalation",
            Arrangement::AfterHours => "after-hours cover",
            Arrangement::ProjectAugmentation => "project augmentation",
            Arrangement::HybridExpertise => "hybrid expertise",
            Arrangement::StrategicPartnership => "strategic partnership",
        }
    }
}

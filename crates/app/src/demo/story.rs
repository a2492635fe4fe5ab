//! Who is in it.

use jiff::{Span, ToSpan};
use remit_matrix::catalogue::Arrangement::{
    self, AfterHours, HybridExpertise, ProjectAugmentation, StrategicPartnership, Tier3Escalation, ToolsOnly,
};
use remit_matrix::draft::ServiceModel;

use crate::people::Role;

pub const PROVIDER: &str = "Lanternworks IT";
pub const ZONE: &str = "America/Los_Angeles";

/// The provider's own people who reach all clients.
pub const STAFF: &[(Role, usize)] =
    &[(Role::Owner, 1), (Role::ServiceManager, 2), (Role::Technician, 9), (Role::Billing, 2)];

/// Vendors, by slug.
pub const VENDORS: &[(&str, &str)] =
    &[("bayline", "Bayline Internet"), ("clearbite", "Clearbite Imaging"), ("tallow", "Tallow Phones")];

/// A client.
#[derive(Debug)]
pub struct Story {
    pub name: &'static str,
    pub domain: &'static str,
    pub zone: &'static str,
    pub holidays: &'static [&'static str],
    /// None: fully managed.
    pub arrangements: &'static [Arrangement],
    /// What it is moving to.
    pub next: Option<&'static [Arrangement]>,
    pub internal_it: usize,
    pub offshore: bool,
    /// Its draft has a hole.
    pub hole: bool,
    /// Stands for the roles of clients.
    pub shown: bool,
}

const PLAIN: Story = Story {
    name: "",
    domain: "",
    zone: "America/Los_Angeles",
    holidays: &["US-CA"],
    arrangements: &[],
    next: None,
    internal_it: 0,
    offshore: false,
    hole: false,
    shown: false,
};

/// Four fully managed, one for each co-managed arrangement, a combination, and one in transition.
pub const CLIENTS: &[Story] = &[
    Story { name: "Harbor Dental", domain: "harbor-dental.example", offshore: true, ..PLAIN },
    Story {
        name: "Bellweather Legal",
        domain: "bellweather.example",
        zone: "America/New_York",
        holidays: &["US-NY"],
        ..PLAIN
    },
    Story {
        name: "Copper Kettle Foods",
        domain: "copperkettle.example",
        zone: "America/Chicago",
        holidays: &["US-IL"],
        offshore: true,
        ..PLAIN
    },
    Story {
        name: "Quince and Rowe Architects",
        domain: "quincerowe.example",
        zone: "America/Denver",
        holidays: &["US-CO"],
        ..PLAIN
    },
    Story {
        name: "Serra Clara Hospital",
        domain: "serraclara.example",
        arrangements: &[ToolsOnly],
        internal_it: 12,
        ..PLAIN
    },
    Story {
        name: "Ardent Manufacturing",
        domain: "ardent.example",
        zone: "America/Chicago",
        holidays: &["US-IL"],
        arrangements: &[Tier3Escalation],
        internal_it: 6,
        hole: true,
        shown: true,
        ..PLAIN
    },
    Story {
        name: "Meridian Credit Union",
        domain: "meridian.example",
        zone: "America/Phoenix",
        holidays: &["US-AZ"],
        arrangements: &[AfterHours],
        internal_it: 5,
        offshore: true,
        ..PLAIN
    },
    Story {
        name: "Tidewater Logistics",
        domain: "tidewater.example",
        zone: "America/New_York",
        holidays: &["US-NY"],
        arrangements: &[ProjectAugmentation],
        internal_it: 4,
        ..PLAIN
    },
    Story {
        name: "Lumen Biotech",
        domain: "lumen.example",
        zone: "America/New_York",
        holidays: &["US-NY"],
        arrangements: &[HybridExpertise],
        internal_it: 4,
        ..PLAIN
    },
    Story {
        name: "Granite Insurance",
        domain: "granite.example",
        zone: "America/New_York",
        holidays: &["US-NY"],
        arrangements: &[StrategicPartnership],
        internal_it: 8,
        ..PLAIN
    },
    Story {
        name: "Northgate Schools",
        domain: "northgate.example",
        zone: "America/Chicago",
        holidays: &["US-IL"],
        arrangements: &[Tier3Escalation, AfterHours],
        internal_it: 3,
        offshore: true,
        ..PLAIN
    },
    Story {
        name: "Palisade Hotels",
        domain: "palisade.example",
        next: Some(&[Tier3Escalation, AfterHours]),
        internal_it: 2,
        offshore: true,
        ..PLAIN
    },
];

impl Story {
    pub fn model(&self) -> ServiceModel {
        if self.arrangements.is_empty() { ServiceModel::FullyManaged } else { ServiceModel::CoManaged }
    }

    /// The tier of what is promised.
    pub fn tier(&self) -> &'static str {
        match self.arrangements {
            [] | [StrategicPartnership, ..] => "gold",
            [ToolsOnly, ..] => "bronze",
            _ => "silver",
        }
    }
}

/// How long ago the agreement of a client began.
pub fn since(n: usize) -> Span {
    (200 + 61 * n as i64).days()
}

/// When the client in transition changes over.
pub fn until() -> Span {
    45.days()
}

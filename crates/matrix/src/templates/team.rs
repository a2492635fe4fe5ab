//! The teams of every template and who stands in for them.

/// A team that a template can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Team {
    /// The provider's first and second line.
    ServiceDesk,
    /// The provider's engineers: servers, network, cloud.
    Engineering,
    /// The provider's security and compliance people.
    Security,
    /// The provider's project team.
    Projects,
    /// The provider's vCIO and account management.
    Vcio,
    /// The provider's engineer who can be called at any hour.
    OnCall,
    /// The provider's people elsewhere.
    Offshore,
    /// The client's internal IT.
    InternalIt,
    /// Who leads the client's internal IT.
    ItLead,
    /// Internal IT's own phone at night.
    InternalOnCall,
    /// The management of a client without IT.
    Management,
    /// The support of a vendor, by its place in the options.
    Vendor(usize),
}

/// Which side a team stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// The provider.
    Provider,
    /// The client's internal IT.
    Internal,
    /// The client's management, where there is no internal IT.
    Client,
    /// A vendor, by its place in the options.
    Vendor(usize),
}

impl Team {
    /// Every team except the vendors'.
    pub(super) const OWN: [Team; 11] = [
        Team::ServiceDesk,
        Team::Engineering,
        Team::Security,
        Team::Projects,
        Team::Vcio,
        Team::OnCall,
        Team::Offshore,
        Team::InternalIt,
        Team::ItLead,
        Team::InternalOnCall,
        Team::Management,
    ];

    /// Its id in the draft; a vendor's is made from the vendor's.
    pub(super) fn id(self) -> &'static str {
        match self {
            Team::ServiceDesk => "service-desk",
            Team::Engineering => "engineering",
            Team::Security => "security",
            Team::Projects => "projects",
            Team::Vcio => "vcio",
            Team::OnCall => "on-call",
            Team::Offshore => "offshore",
            Team::InternalIt => "internal-it",
            Team::ItLead => "it-lead",
            Team::InternalOnCall => "internal-on-call",
            Team::Management => "management",
            Team::Vendor(_) => "vendor",
        }
    }

    /// The word for its share of a branch, in the ids of rows.
    pub(super) fn word(self) -> &'static str {
        match self {
            Team::ServiceDesk => "desk",
            Team::Engineering => "engineers",
            Team::Security => "specialists",
            Team::Vcio => "steering",
            Team::InternalIt => "internal",
            Team::ItLead | Team::Management => "decisions",
            other => other.id(),
        }
    }

    /// The side it stands on.
    pub(super) fn side(self) -> Side {
        match self {
            Team::InternalIt | Team::ItLead | Team::InternalOnCall => Side::Internal,
            Team::Management => Side::Client,
            Team::Vendor(vendor) => Side::Vendor(vendor),
            _ => Side::Provider,
        }
    }
}

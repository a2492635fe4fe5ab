//! Roles, and what each may do: one table, shown in the product as it stands here.

use Role as R;

/// What a person does in a party.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Owns the provider's business.
    Owner,
    /// Runs the service: dispatches, plans, signs for the provider.
    ServiceManager,
    /// Works on what clients need.
    Technician,
    /// The same from abroad, for the clients that are listed.
    OffshoreTechnician,
    /// Writes the invoices.
    Billing,
    /// Internal IT of a client: a peer of the technicians, for their own company.
    ClientIt,
    /// Approves for a client.
    ClientApprover,
    /// Leads a client: sees, does not operate.
    ClientLeadership,
    /// Asks for help.
    Requester,
    /// Works for a vendor, for the clients that are listed.
    VendorContact,
}

/// What a role may do.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// See clients, their sites and how they are served.
    ReadClients,
    /// Add clients, change them, change how they are served.
    ManageClients,
    /// See who works where.
    ReadPeople,
    /// Invite and suspend people of the provider and of vendors.
    ManageProviderPeople,
    /// Invite and suspend people of a client.
    ManageClientPeople,
    /// See who owns what.
    ReadMatrix,
    /// Change the draft.
    EditMatrix,
    /// Sign for the provider.
    SignForProvider,
    /// Sign for the client.
    SignForClient,
    /// Read the audit log.
    ReadAudit,
    /// Change the settings of the provider.
    ManageSettings,
    /// Say how the people of a client sign in. Its own people alone: whoever does, can sign as them.
    ManageClientSignIn,
    /// Open tickets and follow one's own.
    AskForHelp,
    /// See the tickets of all clients within reach, and what is public in them.
    ReadTickets,
    /// Work on tickets: take and hand them over, write between the teams. Those of a vendor see what they hold or are offered.
    WorkTickets,
    /// See what both IT teams, and each of their people, have to do.
    ReadLoad,
    /// Say what is opened again and again for a client.
    PlanTickets,
}

impl Role {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Owner,
        Self::ServiceManager,
        Self::Technician,
        Self::OffshoreTechnician,
        Self::Billing,
        Self::ClientIt,
        Self::ClientApprover,
        Self::ClientLeadership,
        Self::Requester,
        Self::VendorContact,
    ];

    /// What this role may do, in the order of the table. A requester and a vendor's contact see their own tickets only, which are not in it.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.may(*permission))
    }

    /// Whether this role may do it.
    pub fn may(self, permission: Permission) -> bool {
        permission.roles().contains(&self)
    }

    /// In the database and in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::ServiceManager => "service-manager",
            Self::Technician => "technician",
            Self::OffshoreTechnician => "offshore-technician",
            Self::Billing => "billing",
            Self::ClientIt => "client-it",
            Self::ClientApprover => "client-approver",
            Self::ClientLeadership => "client-leadership",
            Self::Requester => "requester",
            Self::VendorContact => "vendor-contact",
        }
    }

    /// The role with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::ServiceManager => "Service manager",
            Self::Technician => "Technician",
            Self::OffshoreTechnician => "Offshore technician",
            Self::Billing => "Billing",
            Self::ClientIt => "Internal IT",
            Self::ClientApprover => "Approver",
            Self::ClientLeadership => "Leadership",
            Self::Requester => "Requester",
            Self::VendorContact => "Vendor contact",
        }
    }

    /// The kind of party in which somebody can have this role.
    pub const fn party(self) -> super::PartyKind {
        match self {
            Self::Owner
            | Self::ServiceManager
            | Self::Technician
            | Self::OffshoreTechnician
            | Self::Billing => super::PartyKind::Provider,
            Self::ClientIt | Self::ClientApprover | Self::ClientLeadership | Self::Requester => {
                super::PartyKind::Internal
            }
            Self::VendorContact => super::PartyKind::Vendor,
        }
    }
}

impl Permission {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 17] = [
        Self::ReadClients,
        Self::ManageClients,
        Self::ReadPeople,
        Self::ManageProviderPeople,
        Self::ManageClientPeople,
        Self::ReadMatrix,
        Self::EditMatrix,
        Self::SignForProvider,
        Self::SignForClient,
        Self::ReadAudit,
        Self::ManageSettings,
        Self::ManageClientSignIn,
        Self::AskForHelp,
        Self::ReadTickets,
        Self::WorkTickets,
        Self::ReadLoad,
        Self::PlanTickets,
    ];

    /// The roles that have it: the one table of who may do what.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::ReadClients | Self::ReadMatrix | Self::ReadTickets => &[
                R::Owner,
                R::ServiceManager,
                R::Technician,
                R::OffshoreTechnician,
                R::Billing,
                R::ClientIt,
                R::ClientApprover,
                R::ClientLeadership,
            ],
            Self::ReadPeople => &[
                R::Owner,
                R::ServiceManager,
                R::Technician,
                R::OffshoreTechnician,
                R::Billing,
                R::ClientIt,
                R::ClientApprover,
            ],
            Self::EditMatrix | Self::PlanTickets => {
                &[R::Owner, R::ServiceManager, R::Technician, R::ClientIt]
            }
            Self::ManageClients | Self::ManageProviderPeople | Self::SignForProvider => {
                &[R::Owner, R::ServiceManager]
            }
            Self::ManageClientPeople => &[R::Owner, R::ServiceManager, R::ClientIt],
            Self::SignForClient => &[R::ClientApprover, R::ClientLeadership],
            Self::ReadAudit => &[R::Owner, R::ServiceManager, R::ClientIt, R::ClientApprover],
            Self::ManageSettings => &[R::Owner],
            Self::ManageClientSignIn => &[R::ClientIt],
            Self::AskForHelp => &Role::ALL,
            Self::ReadLoad => {
                &[R::Owner, R::ServiceManager, R::Technician, R::OffshoreTechnician, R::ClientIt]
            }
            Self::WorkTickets => &[
                R::Owner,
                R::ServiceManager,
                R::Technician,
                R::OffshoreTechnician,
                R::ClientIt,
                R::VendorContact,
            ],
        }
    }

    /// What it allows, as the end of "your role may not".
    pub const fn words(self) -> &'static str {
        match self {
            Self::ReadClients => "see clients",
            Self::ManageClients => "add or change clients",
            Self::ReadPeople => "see people",
            Self::ManageProviderPeople => "invite or suspend people of the provider",
            Self::ManageClientPeople => "invite or suspend people of a client",
            Self::ReadMatrix => "see the matrix",
            Self::EditMatrix => "change the draft of a matrix",
            Self::SignForProvider => "sign for the provider",
            Self::SignForClient => "sign for the client",
            Self::ReadAudit => "read the audit log",
            Self::ManageSettings => "change settings",
            Self::ManageClientSignIn => "say how people of a client sign in",
            Self::AskForHelp => "open tickets",
            Self::ReadTickets => "see the tickets of others",
            Self::WorkTickets => "work on tickets",
            Self::ReadLoad => "see what the IT teams have to do",
            Self::PlanTickets => "plan tickets",
        }
    }
}

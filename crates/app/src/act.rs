//! Who does something, when, and with which random bits.

use std::sync::Arc;

use remit_core::{At, Id, Kind, Zone};
use remit_db::Scope;
use remit_web::Random;

use crate::audit::Key;
use crate::people::{Member, Membership, Party, Permission, Person, Provider, Role};
use crate::promises::Policies;
use crate::refused::Refused;

/// The clock of the application.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> At;
}

/// How much of what their role may do somebody has at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// All of it: a person, or the operator.
    Whole,
    /// The same for a person whom the issuer of a party has vouched for, except for their own ways in.
    Vouched,
    /// A program with an API key. It never signs: a signature is a person's.
    Key,
    /// The same, for some clients: nothing that belongs to the provider as a whole.
    KeyForClients,
    /// A program that only reads.
    ReadOnlyKey,
}

/// Somebody who is signed in, in one of their memberships, or the operator at the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The outer tenant.
    pub provider: Id<Provider>,
    /// Who; none for the operator and for API keys.
    pub person: Option<Id<Person>>,
    /// In which membership.
    pub membership: Option<Id<Membership>>,
    /// For which party they speak; none for the operator.
    pub party: Option<Id<Party>>,
    /// As others see them.
    pub name: String,
    /// In which role.
    pub role: Role,
    /// How much of the role they have at hand.
    pub access: Access,
    /// What they reach.
    pub scope: Scope,
    /// In which zone they are shown the time.
    pub zone: Zone,
}

/// One deed: who, when, and what it takes to make ids and to seal the line in the log.
#[derive(Clone)]
pub struct Act {
    /// Who.
    pub caller: Caller,
    /// When.
    pub at: At,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) key: Key,
    pub(crate) policies: Arc<Policies>,
    /// Whether it is told of the past: nobody is told of it now, and clocks are reckoned when all is told.
    pub(crate) past: bool,
}

impl Access {
    const fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Whole | Self::Vouched => true,
            Self::Key => !matches!(permission, P::SignForProvider | P::SignForClient | P::ManageClientSignIn),
            Self::KeyForClients => !matches!(
                permission,
                P::SignForProvider
                    | P::SignForClient
                    | P::ManageProviderPeople
                    | P::ManageSettings
                    | P::ManageClientSignIn
            ),
            Self::ReadOnlyKey => {
                matches!(
                    permission,
                    P::ReadClients
                        | P::ReadPeople
                        | P::ReadMatrix
                        | P::ReadAudit
                        | P::ReadTickets
                        | P::ReadLoad
                )
            }
        }
    }
}

impl Caller {
    /// Whoever runs the binary beside the database: may do everything an owner may.
    pub fn operator(provider: Id<Provider>) -> Self {
        Self {
            provider,
            person: None,
            membership: None,
            party: None,
            name: "operator at the command line".to_owned(),
            role: Role::Owner,
            access: Access::Whole,
            scope: Scope::all(provider.uuid()),
            zone: Zone::utc(),
        }
    }

    /// Whoever is not signed in, for lines in the audit log: may do nothing.
    pub(crate) fn stranger(provider: Id<Provider>) -> Self {
        let name = "somebody who is not signed in".to_owned();
        Self { name, role: Role::Requester, ..Self::operator(provider) }
    }

    /// Somebody in a membership.
    pub fn member(provider: Id<Provider>, person: Option<Id<Person>>, member: &Member) -> Self {
        Self {
            provider,
            person,
            membership: Some(member.id),
            party: Some(member.party),
            name: member.name.clone(),
            role: member.role,
            access: Access::Whole,
            scope: member.scope(provider),
            zone: Zone::utc(),
        }
    }

    /// Whether they may do it.
    pub fn may(&self, permission: Permission) -> bool {
        self.require(permission).is_ok()
    }

    /// Refuses what the role may not do, and what a key may not do with it.
    pub fn require(&self, permission: Permission) -> Result<(), Refused> {
        match (self.role.may(permission), self.access.allows(permission)) {
            (false, _) => Err(Refused::Forbidden(permission)),
            (true, false) => Err(Refused::BeyondKey(permission)),
            (true, true) => Ok(()),
        }
    }
}

impl Act {
    /// A new id.
    pub fn id<K: Kind>(&self) -> Id<K> {
        let mut random = [0; 10];
        self.random.fill(&mut random);
        Id::new(self.at, random)
    }

    /// Refuses what the caller's role may not do.
    pub fn require(&self, permission: Permission) -> Result<(), Refused> {
        self.caller.require(permission)
    }
}

impl std::fmt::Debug for Act {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Act").field("caller", &self.caller).field("at", &self.at).finish_non_exhaustive()
    }
}

//! Who asks, as far as rows are concerned.

use uuid::Uuid;

/// What a unit of work may touch. Every product statement binds it; nothing of another provider can be reached with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    provider: Uuid,
    reach: Reach,
}

/// Which clients of the provider a unit of work may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All of them, and what belongs to the provider alone.
    All,
    /// One.
    Client(Uuid),
    /// Those that the table `reach` lists for a membership.
    Listed(Uuid),
}

impl Scope {
    /// Everything of a provider.
    pub fn all(provider: Uuid) -> Self {
        Self { provider, reach: Reach::All }
    }

    /// One client of a provider.
    pub fn client(provider: Uuid, client: Uuid) -> Self {
        Self { provider, reach: Reach::Client(client) }
    }

    /// The clients that are listed for a membership.
    pub fn listed(provider: Uuid, membership: Uuid) -> Self {
        Self { provider, reach: Reach::Listed(membership) }
    }

    /// The provider: the outer tenant.
    pub fn provider(self) -> Uuid {
        self.provider
    }

    /// Which of its clients.
    pub fn reach(self) -> Reach {
        self.reach
    }
}

impl Reach {
    /// The id that a statement binds, if any.
    pub(crate) fn id(self) -> Option<Uuid> {
        match self {
            Self::All => None,
            Self::Client(id) | Self::Listed(id) => Some(id),
        }
    }
}

//! What is asked for, and how it can end.

use remit_core::At;
use remit_db::Scope;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// A kind of work. What is written of it stands in the database until it is done, and in backups for longer: no secrets.
pub trait Work: Serialize + DeserializeOwned + Send + 'static {
    /// Names it in the database; never changed once released.
    const KIND: &'static str;
    /// The queue it waits in. Queues do not wait for each other.
    const QUEUE: &'static str;
}

/// When a job is to be done, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub(crate) id: Uuid,
    pub(crate) at: At,
    pub(crate) due: At,
    pub(crate) client: Option<Uuid>,
    pub(crate) deed: Option<String>,
}

/// A job in the hands of whoever does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The same in every try: whatever goes outside is named after it.
    pub id: Uuid,
    /// For which provider; none is the installation.
    pub provider: Option<Uuid>,
    /// For which client, if for one.
    pub client: Option<Uuid>,
    /// Which try this is, counted from 1.
    pub attempt: u32,
    /// Whether there is none after it.
    pub last: bool,
}

/// Why a try failed. The words are kept beside the job and shown to the operator: no secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// It may be different later.
    #[error("{0}")]
    Again(String),
    /// It will never be different.
    #[error("{0}")]
    ForGood(String),
}

impl Order {
    /// At once. `id` is new.
    pub fn new(id: Uuid, at: At) -> Self {
        Self { id, at, due: at, client: None, deed: None }
    }

    /// Not before this instant.
    #[must_use]
    pub fn due(self, due: At) -> Self {
        Self { due, ..self }
    }

    /// Within one client: whoever does it reaches that one alone.
    #[must_use]
    pub fn client(self, client: Option<Uuid>) -> Self {
        Self { client, ..self }
    }

    /// Names the deed: while a job of the provider with that name is remembered ([`crate::upkeep::DONE`]), a second is none.
    #[must_use]
    pub fn deed(self, name: impl Into<String>) -> Self {
        Self { deed: Some(name.into()), ..self }
    }
}

impl Task {
    /// What the job may touch: its client, or else its provider. None for a job of the installation.
    pub fn scope(&self) -> Option<Scope> {
        let provider = self.provider?;
        Some(self.client.map_or_else(|| Scope::all(provider), |client| Scope::client(provider, client)))
    }
}

impl From<remit_db::Error> for Failed {
    fn from(error: remit_db::Error) -> Self {
        Self::Again(error.to_string())
    }
}

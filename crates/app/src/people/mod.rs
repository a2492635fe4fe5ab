//! Who works in which party, in what role, and what a role may do.
//!
//! A **party** can own work: the provider, the internal IT of a client, a vendor. A **person** signs in; a **membership** is that person as
//! part of a party, in one **role**. One person can have several memberships and acts in one at a time. What others see of a
//! person stands in the membership, so that no party learns of another.
//!
//! Rules: a role belongs to one kind of party. People of a client reach that client. Technicians reach all clients or those that are
//! listed; offshore technicians and vendors those that are listed. Nobody invites into a role that may do what they may not, nor gives
//! more reach than they have. Role and reach can be **assigned** anew within the party. Whoever has left is invited again as they were.
//!
//! A membership is **suspended** for a while, or ends by **departure**: what it holds ends or goes to a successor first. Both end its
//! sessions at once. Nobody does either to themselves, nor to the last owner.

mod assignment;
mod assignment_web;
mod departure;
mod invite;
mod invite_web;
mod person_web;
mod role;
mod standing;
mod store;
mod team;
mod team_web;
#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::{Id, Kind};
use remit_db::Scope;

pub use assignment::{Assignment, assign};
pub use departure::{Departure, Fate, Held, holds, leave, seen, successors};
pub(crate) use invite::admit;
pub use invite::{Invitation, invite};
pub use role::{Permission, Role};
pub use standing::{reinstate, suspend};
pub(crate) use store::{NewParty, insert_party, known, named_like};
pub use store::{found_party, list, list_parties, member, of_same_person};

pub(crate) use team::{TeamName, known_team, named_team};
pub use team::{
    TeamSummary, change_team, found_team, join_team, joinable, part_team, team, team_members, teams,
};

use crate::clients::Client;

/// Names the outer tenant in ids.
#[derive(Debug)]
pub enum Provider {}
/// Names a person in ids.
#[derive(Debug)]
pub enum Person {}
/// Names a membership in ids.
#[derive(Debug)]
pub enum Membership {}
/// Names a party in ids.
#[derive(Debug)]
pub enum Party {}
/// Names a team in ids.
#[derive(Debug)]
pub enum Team {}

impl Kind for Provider {
    const PREFIX: &'static str = "provider";
}
impl Kind for Person {
    const PREFIX: &'static str = "person";
}
impl Kind for Membership {
    const PREFIX: &'static str = "membership";
}
impl Kind for Party {
    const PREFIX: &'static str = "party";
}
impl Kind for Team {
    const PREFIX: &'static str = "team";
}

/// The kinds of party.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "KindOfParty")]
pub enum PartyKind {
    /// Serves.
    Provider,
    /// The internal IT of a client, and whoever else of the client takes part.
    Internal,
    /// Delivers what the provider or a client has bought.
    Vendor,
}

/// Whether a membership can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "MembershipState")]
pub enum State {
    /// Invited, has not signed in yet.
    Invited,
    /// In use.
    Active,
    /// Stopped for a while.
    Suspended,
    /// Gone for good.
    Left,
}

/// A membership as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: Id<Membership>,
    /// Of which party.
    pub party: Id<Party>,
    /// Of which client, for people of clients.
    pub client: Option<Id<Client>>,
    /// In which role.
    pub role: Role,
    /// Name.
    pub name: String,
    /// Where they get mail.
    pub email: String,
    /// Whether it can be used.
    pub state: State,
    /// Whether it reaches all clients.
    pub everywhere: bool,
}

impl Member {
    /// What it reaches.
    pub fn scope(&self, provider: Id<Provider>) -> Scope {
        match self.client {
            Some(client) => Scope::client(provider.uuid(), client.uuid()),
            None if self.everywhere => Scope::all(provider.uuid()),
            None => Scope::listed(provider.uuid(), self.id.uuid()),
        }
    }
}

impl PartyKind {
    /// In the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Internal => "internal",
            Self::Vendor => "vendor",
        }
    }

    /// Its colour and letter.
    pub const fn hue(self) -> remit_draw::Hue {
        match self {
            Self::Provider => remit_draw::Hue::Provider,
            Self::Internal => remit_draw::Hue::Internal,
            Self::Vendor => remit_draw::Hue::Vendor(0),
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Provider, Self::Internal, Self::Vendor].into_iter().find(|kind| kind.key() == key)
    }
}

impl State {
    /// In the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Left => "left",
        }
    }

    /// The state with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Invited, Self::Active, Self::Suspended, Self::Left]
            .into_iter()
            .find(|state| state.key() == key)
    }
}

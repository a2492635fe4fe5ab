//! Whom the provider serves, where, and under which model.
//!
//! A **client** has **sites** and, from some day on, an **agreement**: fully managed, or co-managed with its arrangements. Moving
//! between the models is a new agreement with the day from which it holds; nothing old is changed, so that any past day can be
//! asked for, and the move can be taken back by another.
//!
//! A **contact** is whom to call there, whether or not they sign in here; it is changed by whoever may manage the people of the client.
//!
//! Rules: names are unique among the clients of a provider, without regard to case. With a client comes the party of its internal IT.

mod agreement;
mod change_web;
mod contact;
mod contact_web;
mod site;
mod site_web;
mod store;
#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::{At, Id, Kind, Zone};

use crate::refused::Refused;

pub(crate) use agreement::tiers;
pub use agreement::{Agreement, agree, agreement_at, agreements, next_agreement};
pub use contact::{
    ContactSummary, ContactText, add_contact, change_contact, contact, contacts, remove_contact,
};
pub use site::{SiteSummary, add_site, change_site, site, sites};
pub(crate) use store::zone;
pub use store::{create, find, list, named, rename};

/// Names a client in ids.
#[derive(Debug)]
pub enum Client {}
/// Names a site in ids.
#[derive(Debug)]
pub enum Site {}

/// Names a contact in ids.
#[derive(Debug)]
pub enum Contact {}

impl Kind for Client {
    const PREFIX: &'static str = "client";
}
impl Kind for Site {
    const PREFIX: &'static str = "site";
}
impl Kind for Contact {
    const PREFIX: &'static str = "contact";
}

/// A client as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Its id.
    pub id: Id<Client>,
    /// Its name.
    pub name: String,
    /// Its IANA zone.
    pub zone: String,
    /// Changes whenever it does.
    pub version: i64,
    /// Since when it is a client.
    pub created_at: At,
    /// How it is served now; none before its first agreement.
    pub agreement: Option<Agreement>,
}

impl Summary {
    /// How it is served, as it stands wherever its name stands.
    pub fn served(&self) -> String {
        self.agreement.as_ref().map_or_else(|| "not agreed yet".to_owned(), Agreement::words)
    }

    /// The zone of its wall clock. Refused where a newer release took it out of its data.
    pub fn wall_clock(&self) -> Result<Zone, Refused> {
        Zone::parse(&self.zone).map_err(|error| Refused::Conflict(error.to_string()))
    }
}

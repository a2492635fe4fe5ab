//! Who owns what, for each client: a draft, versions that both sides sign, and the answer for any instant.
//!
//! There is one **draft** for each client. It can be anything, and is checked as it is edited. **Proposing** it freezes its text as a
//! **version** with a number and a first day, if it is proved sound for 13 months from that day on. Each side **signs** what it saw:
//! the signature names the hash. With the second signature the version is **published** and in force from its day on, or from that moment if the day has
//! passed; it never reaches back, so that what was answered for the past stays the answer. It is in force until another one is.
//!
//! Rules: nothing but a sound matrix is proposed. A proposal that not both have signed can be withdrawn. A published version is never
//! changed or removed.

mod check;
mod draft;
mod export;
mod hand_over;
mod route;
mod shelf;
mod sign;
mod store;
#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::{At, Date, Id, Kind};

pub use check::{Checked, check};
pub use draft::{Draft, draft, edit, first_text, mended, start, undo};
pub use export::{Exported, export_draft, export_version};
pub(crate) use hand_over::{hand_over, held_by};
pub use route::Targets;
pub(crate) use route::{Ruling, Work, route, still_rules};
pub(crate) use shelf::{Shelf, aside};
pub(crate) use sign::is_as_signed;
pub use sign::{Side, Signature, propose, sign, withdraw};
pub use store::{find, history, in_force, in_force_signed, numbered, reigns, signed_history};

/// Names a version in ids.
#[derive(Debug)]
pub enum Version {}

impl Kind for Version {
    const PREFIX: &'static str = "matrix";
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Waits for one signature or both.
    Proposed,
    /// Taken back before both had signed.
    Withdrawn,
    /// Signed by both; in force from this instant on, until a later one is.
    Published {
        /// From when on.
        from: At,
    },
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Its id.
    pub id: Id<Version>,
    /// Of which client.
    pub client: Id<crate::clients::Client>,
    /// Counted from 1 for each client.
    pub number: i64,
    /// The matrix, in its text form.
    pub text: String,
    /// What both sides sign.
    pub hash: String,
    /// The first day for which it was proposed, on the client's wall clock.
    pub starts_on: Date,
    /// Where it stands.
    pub standing: Standing,
    /// Who has signed.
    pub signatures: Vec<Signature>,
}

//! What options no template can follow.

use thiserror::Error;

/// Why there is no template for the options; the message says what to change.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// The client has no name.
    #[error("the client's name is empty; give the name that both sides sign under")]
    NoClient,
    /// The zone, or the offshore team's, is not known.
    #[error("{0}")]
    Zone(String),
    /// A region of the holidays is not known.
    #[error("{0}")]
    Holidays(String),
    /// Hours that cannot be read or that overlap.
    #[error("{whose} hours: {reason}")]
    Hours {
        /// Whose: `office` or `offshore`.
        whose: &'static str,
        /// What is wrong and what to write.
        reason: String,
    },
    /// The first day in force is not a date.
    #[error("`{0}` is not a date; write one such as 2027-01-01")]
    Date(String),
    /// A co-managed client for whom nothing is agreed.
    #[error(
        "a co-managed client needs at least one arrangement; name one such as `tier-3-escalation`, or choose `fully-managed`"
    )]
    NothingAgreed,
    /// A fully managed client with an arrangement between two IT teams.
    #[error(
        "`{0}` divides work with the client's internal IT, and a fully managed client has none; leave out one of the two"
    )]
    ManagedWith(String),
    /// Cover for hours that do not exist.
    #[error(
        "the office is open at every hour, so there is nothing after hours; narrow the office hours or leave out {0}"
    )]
    NothingAfterHours(&'static str),
    /// The offshore shift only falls into the client's own office hours.
    #[error(
        "the offshore team is never on duty while the office in {zone} is closed; move its shift or choose another zone for it"
    )]
    OffshoreNeverHelps {
        /// The client's zone.
        zone: String,
    },
    /// A vendor's id is taken or is no id.
    #[error("vendor `{id}`: {reason}")]
    Vendor {
        /// The id as given.
        id: String,
        /// What is wrong and what to write.
        reason: String,
    },
    /// No team of this template has that id.
    #[error("there is no team `{id}` in this template; its teams are {teams}")]
    UnknownTeam {
        /// The id as given.
        id: String,
        /// The ids there are.
        teams: String,
    },
    /// A word that is no shape.
    #[error("there is no template `{name}`; there are {known}")]
    UnknownShape {
        /// The word as given.
        name: String,
        /// All names.
        known: String,
    },
}

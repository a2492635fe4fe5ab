//! Who owns a service at an instant, as programs read it.

use remit_core::At;
use schemars::JsonSchema;
use serde::Serialize;

use super::Owner;
use crate::model::Dimension;

/// The answer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Answer {
    /// Form of this document.
    pub schema: &'static str,
    /// Name of the client.
    pub client: String,
    /// Version of the matrix.
    pub version: u32,
    /// Id of the service.
    pub service: String,
    /// Its name.
    pub service_name: String,
    /// The instant.
    #[schemars(with = "String")]
    pub at: At,
    /// The instant on the client's wall clock.
    pub local: String,
    /// The client's zone.
    pub zone: String,
    /// What else was asked, in the order of the dimensions.
    pub asked: Vec<Asked>,
    /// Whether there is one owner.
    pub verdict: Verdict,
    /// The owner, where there is one.
    pub owner: Option<Owner>,
    /// The row that says so.
    pub row: Option<RowWords>,
    /// Who takes the work at this instant.
    pub taker: Option<TakerWords>,
    /// What the row promises.
    pub promise: Option<PromiseWords>,
    /// Who is consulted.
    pub consulted: Vec<String>,
    /// Who is informed.
    pub informed: Vec<String>,
    /// Rows that disagree, where there is a conflict.
    pub conflict: Vec<RowWords>,
    /// Rows that apply too and give way to a narrower one.
    pub beaten: Vec<RowWords>,
    /// Rows that one single condition keeps out.
    pub near_misses: Vec<NearMiss>,
    /// Conditions that were not given and on which the answer depends.
    pub depends_on: Vec<Dependence>,
    /// For a service with others below it: who owns those, where it is not all the same.
    pub below: Vec<Share>,
    /// When the answer changes next within a week.
    pub next_change: Option<Change>,
    /// What was assumed.
    pub notes: Vec<String>,
}

/// Whether there is one owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Exactly one.
    Owned,
    /// Nobody.
    Gap,
    /// Rows disagree.
    Conflict,
}

/// A condition that was asked with.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Asked {
    /// The dimension.
    pub dimension: Dimension,
    /// Its value.
    pub value: String,
    /// Whether it was given, not assumed.
    pub given: bool,
}

/// A row in words.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct RowWords {
    /// Its id.
    pub id: String,
    /// Its conditions in one line.
    pub conditions: String,
    /// Whom it names.
    pub owner: Owner,
    /// Its note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Why a team takes the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It is responsible and on duty.
    OnDuty,
    /// The responsible team is not on duty, this fallback is.
    Fallback,
    /// Nobody that the row names is on duty.
    LastResort,
}

/// Who takes the work now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TakerWords {
    /// Id of the team.
    pub team: String,
    /// Its name.
    pub team_name: String,
    /// Why it.
    pub why: Why,
}

/// What is promised.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PromiseWords {
    /// The first answer.
    pub respond: Option<Target>,
    /// The solution.
    pub resolve: Option<Target>,
    /// The calendar whose minutes count; all count when absent.
    pub clock: Option<String>,
}

/// A target and when it is due for work that comes now.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Target {
    /// Time allowed.
    pub within: String,
    /// When it is over; none when the calendar has too little open time in a year.
    #[schemars(with = "Option<String>")]
    pub due: Option<At>,
    /// The same on the client's wall clock.
    pub due_local: Option<String>,
}

/// A row that one condition keeps out.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NearMiss {
    /// The row.
    #[serde(flatten)]
    pub row: RowWords,
    /// The dimension of the condition.
    pub dimension: Dimension,
    /// What the row demands there.
    pub demands: String,
    /// What was asked.
    pub asked: String,
}

/// A condition on which the answer depends.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Dependence {
    /// The dimension.
    pub dimension: Dimension,
    /// The answers.
    pub answers: Vec<Share>,
}

/// Values or services that have the same owner.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Share {
    /// The values or the ids of services.
    pub values: Vec<String>,
    /// The owner; none for a gap or a conflict.
    pub owner: Option<Owner>,
}

/// The next change of the answer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Change {
    /// When.
    #[schemars(with = "String")]
    pub at: At,
    /// On the client's wall clock.
    pub local: String,
    /// The owner from then on.
    pub owner: Option<Owner>,
    /// The team that takes the work from then on.
    pub taker: Option<TakerWords>,
}

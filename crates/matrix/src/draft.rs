//! A matrix as a person writes it: names and texts, nothing checked yet.
//!
//! Every form (TOML, JSON, CSV, XLSX, template) is read into a [`Draft`]; [`crate::model::Matrix::check`] turns a draft into a
//! matrix or into a list of problems, each of which names the path of the field at fault.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Arrangement, NewNode};

/// The version of the text form that this release reads and writes.
pub const FORMAT: u32 = 1;

/// The whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "Remit responsibility matrix")]
pub struct Draft {
    /// Version of this text form; 1 today.
    #[serde(default = "format_default")]
    pub format: u32,
    /// Name of the client whose duties these are.
    pub client: String,
    /// IANA zone of the client, such as `America/Los_Angeles`; calendars and dates use it unless they name another.
    pub zone: String,
    /// How the client is served: `fully-managed` or `co-managed`.
    pub model: ServiceModel,
    /// For a co-managed client, which arrangements are combined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrangements: Vec<Arrangement>,
    /// Number of this version of the matrix, counted up from 1.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub version: u32,
    /// First local day on which this version is in force, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force_from: Option<String>,
    /// The team that gets what nobody on duty can take; its use always raises a finding.
    pub last_resort: String,
    /// Who can own: the provider, the client's internal IT, vendors. The key is the party's id.
    pub parties: BTreeMap<String, PartyDraft>,
    /// Teams of the parties. The key is the team's id.
    pub teams: BTreeMap<String, TeamDraft>,
    /// Named working hours. The key is the word that rows use in `time`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calendars: BTreeMap<String, CalendarDraft>,
    /// The values that conditions may name, per dimension. Each dimension also has the value `other`.
    #[serde(default, skip_serializing_if = "ValuesDraft::is_empty")]
    pub values: ValuesDraft,
    /// Duties of this client beyond the built-in catalogue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<NewNode>,
    /// The rows. Their order means nothing: the narrower row wins.
    pub rows: Vec<RowDraft>,
}

/// How a client is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceModel {
    /// The provider is the whole IT department.
    FullyManaged,
    /// The provider and the client's internal IT share the work.
    CoManaged,
}

/// What a party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// The managed service provider.
    Provider,
    /// The client's internal IT.
    Internal,
    /// A third company, such as an internet carrier.
    Vendor,
}

/// One company that can own duties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PartyDraft {
    /// Name as people say it.
    pub name: String,
    /// Provider, internal IT or vendor.
    pub kind: PartyKind,
}

/// One team of a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TeamDraft {
    /// Name as people say it; the id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Id of the party that the team belongs to.
    pub party: String,
    /// When somebody of the team is on duty, as a time expression; `always` when absent.
    #[serde(default = "always", skip_serializing_if = "is_always")]
    pub hours: String,
}

/// Named working hours in one zone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CalendarDraft {
    /// IANA zone; the client's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Windows per weekday or range of weekdays: `mon-fri = "08:00-12:00, 13:00-17:30"`. A day that is absent is closed.
    pub week: BTreeMap<String, String>,
    /// Regions whose public holidays close the calendar, such as `US-CA` or `GB-SCT`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<String>,
    /// Own dates: `"2026-12-24" = "08:00-12:00"` for a half day, `"2026-12-31" = "closed"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub days: BTreeMap<String, String>,
}

/// The values of the listed dimensions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ValuesDraft {
    /// Support lines; `L1`, `L2`, `L3` when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tier: Vec<String>,
    /// Priorities; `P1` to `P4` when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priority: Vec<String>,
    /// Sites of the client.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub site: Vec<String>,
    /// Classes of assets, such as `server` or `workstation`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asset_class: Vec<String>,
    /// Groups of requesters, such as `executives`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requester_group: Vec<String>,
    /// Kinds of work; the built-in kinds when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<String>,
}

impl ValuesDraft {
    /// Whether nothing is listed, so that every dimension has its built-in values.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One assignment. A condition that is absent means "all".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RowDraft {
    /// Id of the row, unique in the matrix; it stays the same through versions.
    pub id: String,
    /// Service nodes; each covers its subtree.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub service: Names,
    /// Support lines.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub tier: Names,
    /// Priorities.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub priority: Names,
    /// Sites.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub site: Names,
    /// Asset classes.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub asset_class: Names,
    /// Requester groups.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub requester_group: Names,
    /// Kinds of work.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub kind: Names,
    /// When, as a time expression: `office`, `not office`, `holidays(office) or sat-sun`, `2026-12-24..2027-01-02`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Party that answers for the outcome.
    pub accountable: String,
    /// Team of that party that does the work.
    pub responsible: String,
    /// Teams or parties that are asked before.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub consulted: Names,
    /// Teams or parties that are told after.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub informed: Names,
    /// Teams that take over, in order, while nobody of the responsible team is on duty.
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    pub fallback: Names,
    /// Time to the first answer, such as `15m` or `4h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respond: Option<String>,
    /// Time to the solution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve: Option<String>,
    /// The calendar whose open minutes count for the promise; every minute counts when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// Free text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One name or a list of names; empty means "all" in a condition and "nobody" elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(untagged)]
pub enum Names {
    /// None given.
    #[default]
    #[schemars(skip)]
    Absent,
    /// One name.
    One(String),
    /// Several names.
    Many(Vec<String>),
}

impl Names {
    /// The names as a slice, empty when absent.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::Absent => &[],
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }

    /// Whether no name is given.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

impl<S: Into<String>> FromIterator<S> for Names {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        match names.len() {
            0 => Self::Absent,
            1 => names.pop().map_or(Self::Absent, Self::One),
            _ => Self::Many(names),
        }
    }
}

impl From<&str> for Names {
    fn from(name: &str) -> Self {
        Self::One(name.to_owned())
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Names;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name such as \"L1\" or a list such as [\"L1\", \"L2\"]")
            }
            fn visit_str<E>(self, name: &str) -> Result<Names, E> {
                Ok(Names::from(name))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = seq.next_element::<String>()? {
                    names.push(name);
                }
                Ok(Names::Many(names))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

fn format_default() -> u32 {
    FORMAT
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
fn is_one(n: &u32) -> bool {
    *n == 1
}

fn always() -> String {
    "always".to_owned()
}

fn is_always(hours: &str) -> bool {
    hours == "always"
}

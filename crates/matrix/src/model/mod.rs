//! A matrix that has been read and checked: names resolved, values known, times and targets understood.

mod check;
pub(crate) mod problem;

pub(crate) use problem::did_you_mean;
pub use problem::{Problem, Problems};

use std::sync::Arc;

use remit_core::{Date, Millis, WorkingCalendar, Zone};

use crate::catalogue::{Arrangement, Catalogue};
use crate::draft::{Draft, PartyKind, ServiceModel};
use crate::time::Expr;

/// The eight things a condition can be about, in the order of the engine's dimensions.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// A node of the service catalogue.
    Service,
    /// Support line.
    Tier,
    /// Priority.
    Priority,
    /// Site of the client.
    Site,
    /// Class of the asset concerned.
    AssetClass,
    /// Group of the requester.
    RequesterGroup,
    /// Kind of work.
    Kind,
    /// When.
    Time,
}

impl Dimension {
    /// All eight, in the order of the engine.
    pub const ALL: [Self; 8] = [
        Self::Service,
        Self::Tier,
        Self::Priority,
        Self::Site,
        Self::AssetClass,
        Self::RequesterGroup,
        Self::Kind,
        Self::Time,
    ];
    /// The six whose values are plain lists.
    pub const LISTED: [Self; 6] =
        [Self::Tier, Self::Priority, Self::Site, Self::AssetClass, Self::RequesterGroup, Self::Kind];

    /// The key of the text form.
    pub fn key(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Tier => "tier",
            Self::Priority => "priority",
            Self::Site => "site",
            Self::AssetClass => "asset-class",
            Self::RequesterGroup => "requester-group",
            Self::Kind => "kind",
            Self::Time => "time",
        }
    }

    /// The name in a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Self::AssetClass => "asset class",
            Self::RequesterGroup => "requester group",
            other => other.key(),
        }
    }

    /// Its number in the engine, 0 to 7.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The values it has when a matrix lists none, without `other`.
    pub fn default_values(self) -> &'static [&'static str] {
        match self {
            Self::Tier => &["L1", "L2", "L3"],
            Self::Priority => &["P1", "P2", "P3", "P4"],
            Self::AssetClass => &["workstation", "server", "network", "mobile", "printer", "cloud"],
            Self::Kind => &["request", "incident", "problem", "change", "alert", "task"],
            Self::Service | Self::Site | Self::RequesterGroup | Self::Time => &[],
        }
    }
}

/// The value that stands for everything a dimension does not list.
pub const OTHER: &str = "other";

/// Number of a party in [`Matrix::parties`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyIx(pub u16);

/// Number of a team in [`Matrix::teams`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TeamIx(pub u16);

/// Number of a calendar in [`Matrix::calendars`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarIx(pub u16);

/// A time expression whose names are known; `on-duty` has become the team's hours.
pub type Hours = Expr<CalendarIx>;

/// A company that can own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Id in the text form.
    pub id: String,
    /// Name as people say it.
    pub name: String,
    /// Provider, internal IT or vendor.
    pub kind: PartyKind,
}

/// A team of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Id in the text form.
    pub id: String,
    /// Name as people say it.
    pub name: String,
    /// The party it belongs to.
    pub party: PartyIx,
    /// When somebody of the team is on duty.
    pub hours: Hours,
}

/// Named working hours.
#[derive(Debug, Clone)]
pub struct NamedCalendar {
    /// The word that rows use.
    pub id: String,
    /// The hours.
    pub calendar: WorkingCalendar,
}

/// Somebody who is consulted or informed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A whole party.
    Party(PartyIx),
    /// A team.
    Team(TeamIx),
}

/// What a row promises about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Promise {
    /// Time to the first answer.
    pub respond: Option<Millis>,
    /// Time to the solution.
    pub resolve: Option<Millis>,
    /// The calendar whose open minutes count; every minute counts when absent.
    pub clock: Option<CalendarIx>,
}

/// One assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Id, unique in the matrix.
    pub id: String,
    /// Ids of service nodes; empty means all.
    pub services: Vec<Arc<str>>,
    /// Value numbers per listed dimension (`conditions[d - 1]` for dimension `d`); `None` means all.
    pub conditions: [Option<Vec<u16>>; 6],
    /// When.
    pub time: Hours,
    /// Who answers for the outcome.
    pub accountable: PartyIx,
    /// Who does the work.
    pub responsible: TeamIx,
    /// Who is asked before.
    pub consulted: Vec<Subject>,
    /// Who is told after.
    pub informed: Vec<Subject>,
    /// Who takes over, in order, while nobody of the responsible team is on duty.
    pub fallback: Vec<TeamIx>,
    /// Targets.
    pub promise: Promise,
}

/// A checked matrix. It keeps the draft it came from, so that writing it back loses nothing.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// What was written.
    pub draft: Draft,
    /// Zone of the client.
    pub zone: Zone,
    /// First local day in force.
    pub in_force_from: Option<Date>,
    /// All parties, by id.
    pub parties: Vec<Party>,
    /// All teams, by id.
    pub teams: Vec<Team>,
    /// All calendars, by id.
    pub calendars: Vec<NamedCalendar>,
    /// The built-in catalogue with the client's own services.
    pub services: Arc<Catalogue>,
    /// Values of the listed dimensions, `other` last.
    pub values: [Vec<String>; 6],
    /// The rows, in the order written.
    pub rows: Vec<Row>,
    /// The team that gets what nobody on duty can take.
    pub last_resort: TeamIx,
}

impl Matrix {
    /// Name of the client.
    pub fn client(&self) -> &str {
        &self.draft.client
    }

    /// How the client is served.
    pub fn service_model(&self) -> ServiceModel {
        self.draft.model
    }

    /// The arrangements of a co-managed client.
    pub fn arrangements(&self) -> &[Arrangement] {
        &self.draft.arrangements
    }

    /// A party.
    pub fn party(&self, party: PartyIx) -> &Party {
        &self.parties[usize::from(party.0)]
    }

    /// A team.
    pub fn team(&self, team: TeamIx) -> &Team {
        &self.teams[usize::from(team.0)]
    }

    /// A calendar.
    pub fn calendar(&self, calendar: CalendarIx) -> &NamedCalendar {
        &self.calendars[usize::from(calendar.0)]
    }

    /// The values of a listed dimension, `other` last; empty for service and time.
    pub fn values_of(&self, dimension: Dimension) -> &[String] {
        match dimension {
            Dimension::Service | Dimension::Time => &[],
            listed => &self.values[listed.index() - 1],
        }
    }

    /// A digest of everything the matrix says, independent of layout, comments and the order of rows: what both sides sign.
    pub fn hash(&self) -> String {
        let mut draft = self.draft.clone();
        draft.rows.sort_by(|a, b| a.id.cmp(&b.id));
        let text = serde_json::to_string(&draft).expect("a draft is plain data");
        blake3::hash(text.as_bytes()).to_hex().to_string()
    }
}

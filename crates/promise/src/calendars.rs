//! Working calendars with dates: which hours counted for whom, and when.

mod open;

pub(crate) use open::Hour;

use remit_core::{At, BusinessTime, Slug, Span, Spans, WorkingCalendar};
use serde::{Deserialize, Serialize};

use crate::id::{ClientId, PartyId};
use crate::promise::{Kind, Promise};
use crate::scope::Place;

/// Whose a calendar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CalendarOf {
    /// Everybody's who has none of their own of this name.
    Everyone,
    /// A client's: its SLAs are counted in it.
    Client(ClientId),
    /// A party's: its OLAs and UCs are counted in it.
    Party(PartyId),
}

/// A calendar from an instant on, until a later one of the same name and owner.
#[derive(Debug, Clone)]
pub struct DatedCalendar {
    /// The name that rules use.
    pub name: Slug,
    /// Whose it is.
    pub of: CalendarOf,
    /// From when on.
    pub from: At,
    /// The hours.
    pub calendar: WorkingCalendar,
}

/// Calendars, compiled so that questions about them cost nanoseconds.
///
/// The versions of one calendar become one set of open time, each until the next begins. So a new version never changes what was
/// counted before it, and a window that is open at the change is cut there.
#[derive(Debug, Clone)]
pub struct Calendars {
    horizon: Span,
    /// Sorted by name and owner.
    hours: Vec<OpenHours>,
}

/// One name of one owner.
#[derive(Debug, Clone)]
pub(crate) struct OpenHours {
    key: (Slug, CalendarOf),
    /// Without a hole from the first, which begins where the hours do.
    versions: Vec<(At, WorkingCalendar)>,
    open: Spans,
    pub(crate) time: BusinessTime,
}

/// Why calendars do not stand together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarsError {
    /// Two calendars of one name and owner begin at one instant. Positions count from 0.
    #[error(
        "calendars {first} and {second} are both named `{name}`, of the same owner, and begin at {from}: keep one"
    )]
    Twice {
        /// The position of one.
        first: usize,
        /// The position of the other.
        second: usize,
        /// Their name.
        name: Slug,
        /// When they begin.
        from: At,
    },
    /// More time than calendars are compiled for.
    #[error("{horizon} is longer than the {years} years for which calendars can be made", years = Calendars::MOST_YEARS)]
    TooLong {
        /// What was asked for.
        horizon: Span,
    },
    /// More calendars than can be meant.
    #[error("{count} calendars are more than {most}", most = Calendars::MOST)]
    TooMany {
        /// How many.
        count: usize,
    },
}

impl Calendars {
    /// The most calendars, versions counted.
    pub const MOST: usize = 10_000;
    /// The longest horizon in years of 366 days.
    pub const MOST_YEARS: i64 = 100;

    /// Compiles calendars for a horizon, which must hold every event that is asked about and every instant at which something
    /// can be due: what is due later has no due instant.
    pub fn new(horizon: Span, calendars: Vec<DatedCalendar>) -> Result<Self, CalendarsError> {
        if horizon.length().millis() > Self::MOST_YEARS * 366 * 86_400_000 {
            return Err(CalendarsError::TooLong { horizon });
        }
        if calendars.len() > Self::MOST {
            return Err(CalendarsError::TooMany { count: calendars.len() });
        }
        let mut sorted: Vec<(usize, DatedCalendar)> = calendars.into_iter().enumerate().collect();
        sorted.sort_by(|(_, a), (_, b)| (&a.name, a.of, a.from).cmp(&(&b.name, b.of, b.from)));
        let twice = sorted.windows(2).find(|pair| {
            let (a, b) = (&pair[0].1, &pair[1].1);
            (&a.name, a.of, a.from) == (&b.name, b.of, b.from)
        });
        if let Some([(first, a), (second, _)]) = twice {
            let (first, second) = ((*first).min(*second), (*first).max(*second));
            return Err(CalendarsError::Twice { first, second, name: a.name.clone(), from: a.from });
        }
        let mut hours: Vec<OpenHours> = Vec::new();
        for group in sorted.chunk_by(|(_, a), (_, b)| (&a.name, a.of) == (&b.name, b.of)) {
            let own = group.iter().map(|(_, dated)| (dated.from, dated.calendar.clone())).collect();
            let key = (group[0].1.name.clone(), group[0].1.of);
            // `Everyone` sorts before the owners of the same name.
            let shared = hours.iter().rfind(|hours| hours.key == (key.0.clone(), CalendarOf::Everyone));
            let compiled = OpenHours::compile(key, own, shared, horizon);
            hours.push(compiled);
        }
        Ok(Self { horizon, hours })
    }

    /// No calendars: for rules that count every minute. All of time is within their horizon.
    pub fn none() -> Self {
        Self { horizon: Span::new(At::MIN, At::MAX), hours: Vec::new() }
    }

    /// What they were compiled for.
    pub fn horizon(&self) -> Span {
        self.horizon
    }

    /// The owner's own hours of this name, else those that all share.
    pub(crate) fn find(&self, name: &Slug, of: CalendarOf) -> Option<&OpenHours> {
        let find = |of| {
            let at = self.hours.binary_search_by(|hours| (&hours.key.0, hours.key.1).cmp(&(name, of)));
            at.ok().map(|at| &self.hours[at])
        };
        find(of).or_else(|| find(CalendarOf::Everyone))
    }

    /// Whether somebody has hours of this name from `from` on: the one named, or all.
    pub(crate) fn known(&self, name: &Slug, of: CalendarOf, from: At) -> bool {
        self.find(name, of).is_some_and(|hours| hours.begins() <= from.max(self.horizon.start))
    }
}

impl OpenHours {
    fn compile(
        key: (Slug, CalendarOf),
        own: Vec<(At, WorkingCalendar)>,
        shared: Option<&Self>,
        horizon: Span,
    ) -> Self {
        let first = own[0].0;
        let before = shared.iter().flat_map(|shared| &shared.versions).filter(|(from, _)| *from < first);
        let versions: Vec<_> = before.cloned().chain(own).collect();
        let open: Spans = versions
            .iter()
            .enumerate()
            .flat_map(|(at, (_, calendar))| {
                let open = calendar.open(validity(&versions, at).intersect(horizon));
                open.as_slice().to_vec()
            })
            .collect();
        let time = BusinessTime::compile(&open, horizon);
        Self { key, versions, open, time }
    }

    /// From when on the hours are known; before, nothing is open.
    fn begins(&self) -> At {
        self.versions[0].0
    }
}

/// From when to when a version is in force.
fn validity(versions: &[(At, WorkingCalendar)], at: usize) -> Span {
    Span::new(versions[at].0, versions.get(at + 1).map_or(At::MAX, |next| next.0))
}

/// Whose calendar counts: a promise to a client is kept in the client's hours, any other in those of whoever promises.
pub(crate) fn owner(promise: Promise, place: Place<'_>, party: PartyId) -> CalendarOf {
    match promise.kind {
        Kind::Sla => CalendarOf::Client(place.client),
        Kind::Ola | Kind::Uc => CalendarOf::Party(party),
    }
}

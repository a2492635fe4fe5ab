//! Who would own a piece of work under a matrix: the seam between a log and the ownership engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use remit_core::{At, Date, Horizon, Zone};
use remit_draw::Hue;
use remit_matrix::draft::PartyKind;
use remit_matrix::model::{Dimension, OTHER, TeamIx};
use remit_matrix::{Compiled, Matrix, Query as MatrixQuery, Resolver, Taker};

use crate::event::Line;

/// A piece of work at an instant. Its kind is always an incident.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// Id in the service catalogue.
    pub service: &'a str,
    /// Its support line.
    pub line: Line,
    /// `P1` to `P4`; empty when unknown.
    pub priority: &'a str,
    /// When.
    pub at: At,
}

/// Who takes a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner {
    /// Number of the party, below [`Ownership::parties`]' length.
    pub party: u16,
    /// Number of the team, below [`Ownership::teams`]' length.
    pub team: u16,
    /// Nobody named for this work was on duty, so the last resort takes it.
    pub last_resort: bool,
}

/// Answers who owns what. Asked some hundred thousand times for a log, so it should be quick.
pub trait Ownership {
    /// What the matrix is called in a report.
    fn label(&self) -> &str;
    /// The parties by number: name and hue.
    fn parties(&self) -> Vec<(String, Hue)>;
    /// The teams by number.
    fn teams(&self) -> Vec<String>;
    /// Whether the catalogue has this service.
    fn has_service(&self, service: &str) -> bool;
    /// Who takes the work; `None` when nobody owns it.
    fn owner(&mut self, query: &Query<'_>) -> Option<Owner>;
}

/// A responsibility matrix as [`Ownership`]. A log can span decades, so the hours are compiled one calendar year at a time,
/// when the log first gets there.
pub struct MatrixOwnership {
    label: String,
    matrix: Arc<Matrix>,
    years: BTreeMap<i16, Option<Resolver>>,
    present: Option<(At, At, i16)>,
}

/// Years kept compiled at once.
const YEARS: usize = 8;

impl MatrixOwnership {
    /// A matrix, named `label` in the report.
    pub fn new(label: impl Into<String>, matrix: Arc<Matrix>) -> Self {
        Self { label: label.into(), matrix, years: BTreeMap::new(), present: None }
    }

    fn resolver(&mut self, at: At) -> Option<&Resolver> {
        let year = match self.present {
            Some((from, to, year)) if from <= at && at < to => year,
            _ => {
                let year = Zone::utc().local(at).date().year();
                let first =
                    |year| Date::new(year, 1, 1).ok().map(|date| Horizon::months(date, &Zone::utc(), 12));
                let horizon = first(year)?;
                self.present = Some((horizon.start, horizon.end, year));
                if !self.years.contains_key(&year) {
                    if self.years.len() >= YEARS {
                        self.years.pop_first();
                    }
                    let compiled = Compiled::new(Arc::clone(&self.matrix), horizon).ok();
                    self.years.insert(year, compiled.map(Resolver::new));
                }
                year
            }
        };
        self.years.get(&year)?.as_ref()
    }

    fn known<'a>(&self, dimension: Dimension, value: &'a str) -> &'a str {
        let values = self.matrix.values_of(dimension);
        if values.iter().any(|known| known == value) { value } else { OTHER }
    }

    fn owner_of(&self, team: TeamIx, last_resort: bool) -> Owner {
        Owner { party: self.matrix.team(team).party.0, team: team.0, last_resort }
    }
}

impl Ownership for MatrixOwnership {
    fn label(&self) -> &str {
        &self.label
    }

    fn parties(&self) -> Vec<(String, Hue)> {
        let mut vendors = 0..;
        let mut hue = |kind| match kind {
            PartyKind::Provider => Hue::Provider,
            PartyKind::Internal => Hue::Internal,
            PartyKind::Vendor => Hue::Vendor(vendors.next().unwrap_or(u8::MAX)),
        };
        self.matrix.parties.iter().map(|party| (party.name.clone(), hue(party.kind))).collect()
    }

    fn teams(&self) -> Vec<String> {
        self.matrix.teams.iter().map(|team| team.name.clone()).collect()
    }

    fn has_service(&self, service: &str) -> bool {
        self.matrix.services.leaves(service).is_some()
    }

    fn owner(&mut self, query: &Query<'_>) -> Option<Owner> {
        let tier = self.known(Dimension::Tier, query.line.name());
        let priority = self.known(Dimension::Priority, query.priority);
        let kind = self.known(Dimension::Kind, "incident");
        let asked = MatrixQuery { tier, priority, kind, ..MatrixQuery::new(query.service, query.at) };
        let resolver = self.resolver(query.at)?;
        let point = resolver.point(&asked).ok()?;
        let row = resolver.row(&point)?;
        let taker = resolver.taker(row, point[point.len() - 1]);
        Some(self.owner_of(taker.team(), matches!(taker, Taker::LastResort(_))))
    }
}

//! Who owns this, now? A compiled matrix answers from names and an instant, and can say why.

use remit_core::At;

use crate::compile::Compiled;
use crate::engine::bitmap::{Bitmap, Reason};
use crate::engine::{Answer, DIMS};
use crate::model::{Dimension, OTHER, Row, TeamIx};

/// What is asked: values by name, and the instant. What is not given is `other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<'q> {
    /// Service id; an inner node stands for its `other` leaf.
    pub service: &'q str,
    /// Support line.
    pub tier: &'q str,
    /// Priority.
    pub priority: &'q str,
    /// Site.
    pub site: &'q str,
    /// Asset class.
    pub asset_class: &'q str,
    /// Requester group.
    pub requester_group: &'q str,
    /// Kind of work.
    pub kind: &'q str,
    /// When.
    pub at: At,
}

impl<'q> Query<'q> {
    /// A query about a service at an instant, everything else `other`.
    pub fn new(service: &'q str, at: At) -> Self {
        let other = OTHER;
        Self {
            service,
            tier: other,
            priority: other,
            site: other,
            asset_class: other,
            requester_group: other,
            kind: other,
            at,
        }
    }

    /// The value asked for in a listed dimension; the service id for service, empty for time.
    pub fn value(&self, dimension: Dimension) -> &'q str {
        match dimension {
            Dimension::Service => self.service,
            Dimension::Tier => self.tier,
            Dimension::Priority => self.priority,
            Dimension::Site => self.site,
            Dimension::AssetClass => self.asset_class,
            Dimension::RequesterGroup => self.requester_group,
            Dimension::Kind => self.kind,
            Dimension::Time => "",
        }
    }
}

/// Why a query has no point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// A name that the matrix does not know.
    #[error("there is no {} `{name}` in this matrix", dimension.label())]
    Unknown {
        /// Of which dimension.
        dimension: Dimension,
        /// The name.
        name: String,
    },
    /// An instant that was not compiled.
    #[error("{at} lies outside the time that was compiled ({horizon})")]
    OutsideHorizon {
        /// The instant.
        at: At,
        /// What was compiled.
        horizon: remit_core::Horizon,
    },
}

/// A point: one atom per dimension.
pub type Point = [u16; DIMS];

/// A matrix ready to answer. Built once per version, then read by any number of threads.
#[derive(Debug, Clone)]
pub struct Resolver {
    /// The matrix as boxes.
    pub compiled: Compiled,
    bitmap: Bitmap,
}

/// Who owns a point, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Gap, owner or conflict, with the rows that give way and the near misses.
    pub reason: Reason,
    /// Who takes it at this instant: the responsible team when it is on duty, else the first fallback that is, else the
    /// last resort. `None` where no single row owns the point.
    pub taker: Option<Taker>,
}

/// Who takes a piece of work at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taker {
    /// The responsible team is on duty.
    Responsible(TeamIx),
    /// It is not; this fallback is.
    Fallback(TeamIx),
    /// Nobody named by the row is on duty. Using the last resort is a finding.
    LastResort(TeamIx),
}

impl Taker {
    /// The team.
    pub fn team(self) -> TeamIx {
        match self {
            Self::Responsible(team) | Self::Fallback(team) | Self::LastResort(team) => team,
        }
    }
}

impl Resolver {
    /// Compiles the lookups.
    pub fn new(compiled: Compiled) -> Self {
        let bitmap = Bitmap::new(&compiled.table);
        Self { compiled, bitmap }
    }

    /// The point of a query.
    #[inline]
    pub fn point(&self, query: &Query<'_>) -> Result<Point, QueryError> {
        let lexicon = &self.compiled.lexicon;
        let mut point = [0; DIMS];
        point[0] = self.leaf(query.service)?;
        for dimension in Dimension::LISTED {
            let name = query.value(dimension);
            let unknown = || QueryError::Unknown { dimension, name: name.to_owned() };
            point[dimension.index()] = lexicon.value(dimension, name).ok_or_else(unknown)?;
        }
        let outside = || QueryError::OutsideHorizon { at: query.at, horizon: lexicon.time.horizon() };
        point[DIMS - 1] = lexicon.time.atom(query.at).ok_or_else(outside)?;
        Ok(point)
    }

    fn leaf(&self, service: &str) -> Result<u16, QueryError> {
        let unknown = || QueryError::Unknown { dimension: Dimension::Service, name: service.to_owned() };
        let leaves = self.compiled.lexicon.services.leaves(service).ok_or_else(unknown)?;
        Ok((leaves.end - 1) as u16)
    }

    /// What holds at a point.
    pub fn answer(&self, point: &Point) -> Answer {
        self.bitmap.answer(&self.compiled.table, point)
    }

    /// The row that owns a point, where exactly one owner does, in nanoseconds.
    #[inline]
    pub fn row(&self, point: &Point) -> Option<&Row> {
        let row = self.bitmap.row(&self.compiled.table, point)?;
        self.compiled.matrix.rows.get(row as usize)
    }

    /// The row that owns a query's point.
    pub fn resolve(&self, query: &Query<'_>) -> Result<Option<&Row>, QueryError> {
        Ok(self.row(&self.point(query)?))
    }

    /// Who owns a query's point, why, and who takes it.
    pub fn explain(&self, query: &Query<'_>) -> Result<Explanation, QueryError> {
        let point = self.point(query)?;
        let reason = self.bitmap.reason(&self.compiled.table, &point);
        let taker = match reason.answer {
            Answer::Owned(row) => Some(self.taker(&self.compiled.matrix.rows[row as usize], point[DIMS - 1])),
            Answer::Gap | Answer::Conflict(_) => None,
        };
        Ok(Explanation { reason, taker })
    }

    /// Who takes the work of a row during a time atom.
    pub fn taker(&self, row: &Row, atom: u16) -> Taker {
        let on_duty = |team: &TeamIx| {
            let hours = self.compiled.hours(&self.compiled.matrix.team(*team).hours);
            hours[usize::from(atom) / 64] >> (atom % 64) & 1 == 1
        };
        if on_duty(&row.responsible) {
            return Taker::Responsible(row.responsible);
        }
        match row.fallback.iter().find(|t| on_duty(t)) {
            Some(&team) => Taker::Fallback(team),
            None => Taker::LastResort(self.compiled.matrix.last_resort),
        }
    }
}

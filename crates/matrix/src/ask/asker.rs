//! From a question to its answer.

use std::sync::Arc;

use super::answer::{
    Answer, Asked, Change, Dependence, NearMiss, PromiseWords, RowWords, Share, TakerWords, Target, Verdict,
    Why,
};
use super::{Owner, Unclear, Values, conditions, subjects};
use crate::catalogue::Service;
use crate::engine::{Answer as Held, DIMS};
use crate::model::{Dimension, OTHER, Party, Row, Team};
use crate::resolve::Point;
use crate::{Compiled, Explanation, Matrix, Resolver, Taker};
use remit_core::{At, BusinessTime, Horizon, Millis, Span};

/// Wall-clock time as people read it.
const LOCAL: &str = "%a %Y-%m-%d %H:%M";

/// A matrix compiled around a day.
#[derive(Debug)]
pub struct Asker {
    matrix: Arc<Matrix>,
    resolver: Resolver,
}

/// What a piece of work is routed by.
#[derive(Debug, Clone, Copy)]
pub struct Route<'m> {
    /// The row that says so.
    pub row: &'m Row,
    /// The party that answers for the outcome.
    pub party: &'m Party,
    /// The team that takes it at this instant.
    pub team: &'m Team,
    /// Why that team.
    pub taker: Taker,
    /// When party or team change next within a week.
    pub until: Option<At>,
}

impl Asker {
    /// Compiles the time around the day of `at` in UTC, enough to answer about any instant of that day.
    pub fn new(matrix: &Arc<Matrix>, at: At) -> Result<Self, Unclear> {
        let day = Self::day(at) * 24;
        let from = |hours: i64| At::from_minute((day + hours) * 60);
        let horizon = Horizon::new(from(-48), from(24 * 11));
        let compiled = Compiled::new(Arc::clone(matrix), horizon).map_err(|e| Unclear::new(e.to_string()))?;
        Ok(Self { matrix: Arc::clone(matrix), resolver: Resolver::new(compiled) })
    }

    /// The number of the day of an instant in UTC, counted from 1970-01-01: instants of one day can ask the same asker.
    pub fn day(at: At) -> i64 {
        at.minute().div_euclid(24 * 60)
    }

    /// The answer about a service at an instant of the day for which this was made.
    pub fn answer(&self, service: &Service, values: &Values, at: At) -> Result<Answer, Unclear> {
        let found = self.explain(&service.id, values, at)?;
        let (verdict, row, rows) = match &found.reason.answer {
            Held::Owned(row) => (Verdict::Owned, Some(*row), Vec::new()),
            Held::Gap => (Verdict::Gap, None, Vec::new()),
            Held::Conflict(rows) => (Verdict::Conflict, None, rows.clone()),
        };
        let held = row.map(|row| &self.matrix.rows[row as usize]);
        Ok(Answer {
            schema: "remit-who/1",
            client: self.matrix.client().to_owned(),
            version: self.matrix.draft.version,
            service: service.id.to_string(),
            service_name: service.name.clone(),
            at,
            local: self.local(at),
            zone: self.matrix.zone.name().to_owned(),
            asked: Dimension::LISTED.map(|d| asked(d, values)).into(),
            verdict,
            owner: held.map(|row| Owner::of(&self.matrix, row)),
            row: row.map(|row| self.row(row)),
            taker: found.taker.map(|taker| self.taker(taker)),
            promise: held.and_then(|row| self.promise(row, at)),
            consulted: held.map(|row| subjects(&self.matrix, &row.consulted)).unwrap_or_default(),
            informed: held.map(|row| subjects(&self.matrix, &row.informed)).unwrap_or_default(),
            conflict: rows.iter().map(|row| self.row(*row)).collect(),
            beaten: found.reason.beaten.iter().map(|row| self.row(*row)).collect(),
            near_misses: self.near_misses(&found, service, values, at),
            depends_on: self.depends_on(service, values, at)?,
            below: self.below(service, values, at)?,
            next_change: self.next_change((service, values), &found, at)?,
            notes: Vec::new(),
        })
    }

    /// Who owns a service and who takes its work at an instant of the day for which this was made: what a ticket is routed by. `None` where no
    /// single owner is named, which a sound matrix never leaves. A value that the matrix does not know is `other`.
    pub fn route(&self, service: &str, values: &Values, at: At) -> Result<Option<Route<'_>>, Unclear> {
        let known = self.matrix.services.get(service).is_some();
        let query = values.query(if known { service } else { OTHER }, at);
        let mut point = self.resolver.point(&query).map_err(|e| Unclear::new(e.to_string()))?;
        let Some((row, taker)) = self.taken(&point) else { return Ok(None) };
        let time = &self.resolver.compiled.lexicon.time;
        let until = self.changes(at).find(|at| {
            point[DIMS - 1] = time.atom(*at).unwrap_or(point[DIMS - 1]);
            let then = self.taken(&point);
            then.map(|(row, taker)| (row.accountable, taker)) != Some((row.accountable, taker))
        });
        Ok(Some(Route {
            row,
            party: self.matrix.party(row.accountable),
            team: self.matrix.team(taker.team()),
            taker,
            until,
        }))
    }

    fn taken(&self, point: &Point) -> Option<(&Row, Taker)> {
        let row = self.resolver.row(point)?;
        Some((row, self.resolver.taker(row, point[DIMS - 1])))
    }

    /// When the hours in use change within the week after an instant.
    fn changes(&self, from: At) -> impl Iterator<Item = At> {
        let week = from + Millis::from_hours(7 * 24);
        let times = self.resolver.compiled.lexicon.time.after(from);
        times.map(|(at, _)| at).take_while(move |at| *at < week)
    }

    fn explain(&self, service: &str, values: &Values, at: At) -> Result<Explanation, Unclear> {
        self.resolver.explain(&values.query(service, at)).map_err(|e| Unclear::new(e.to_string()))
    }

    fn owner(&self, found: &Explanation) -> Option<Owner> {
        match found.reason.answer {
            Held::Owned(row) => Some(Owner::of(&self.matrix, &self.matrix.rows[row as usize])),
            Held::Gap | Held::Conflict(_) => None,
        }
    }

    fn local(&self, at: At) -> String {
        self.matrix.zone.local(at).strftime(LOCAL).to_string()
    }

    fn row(&self, row: u32) -> RowWords {
        let draft = &self.matrix.draft.rows[row as usize];
        RowWords {
            id: draft.id.clone(),
            conditions: conditions::line(draft),
            owner: Owner::of(&self.matrix, &self.matrix.rows[row as usize]),
            note: draft.note.clone(),
        }
    }

    fn taker(&self, taker: Taker) -> TakerWords {
        let team = self.matrix.team(taker.team());
        let why = match taker {
            Taker::Responsible(_) => Why::OnDuty,
            Taker::Fallback(_) => Why::Fallback,
            Taker::LastResort(_) => Why::LastResort,
        };
        TakerWords { team: team.id.clone(), team_name: team.name.clone(), why }
    }

    fn promise(&self, row: &Row, at: At) -> Option<PromiseWords> {
        let promise = &row.promise;
        if promise.respond.is_none() && promise.resolve.is_none() {
            return None;
        }
        // The longest promise that somebody would write fits into two years of open hours.
        let year = Span::new(at - Millis::from_hours(48), at + Millis::from_hours(24 * 731));
        let clock = promise.clock.map(|clock| self.matrix.calendar(clock));
        let open = clock.map(|clock| BusinessTime::compile(&clock.calendar.open(year), year));
        let target = |within: Millis| {
            let due = match &open {
                Some(open) => open.add(at, within),
                None => at.checked_add(within),
            };
            Target { within: within.to_string(), due, due_local: due.map(|due| self.local(due)) }
        };
        Some(PromiseWords {
            respond: promise.respond.map(target),
            resolve: promise.resolve.map(target),
            clock: clock.map(|clock| clock.id.clone()),
        })
    }

    fn near_misses(&self, found: &Explanation, service: &Service, values: &Values, at: At) -> Vec<NearMiss> {
        let miss = |&(row, dimension): &(u32, usize)| {
            let dimension = Dimension::ALL[dimension];
            let asked = match dimension {
                Dimension::Service => service.id.to_string(),
                Dimension::Time => self.local(at),
                listed => values.get(listed).to_owned(),
            };
            let demands = conditions::demand(&self.matrix.draft.rows[row as usize], dimension);
            NearMiss {
                row: self.row(row),
                dimension,
                demands: demands.unwrap_or_else(|| "never".to_owned()),
                asked,
            }
        };
        let mut misses: Vec<NearMiss> = found.reason.near.iter().map(miss).collect();
        // A row about another service is the least near.
        misses.sort_by_key(|miss| miss.dimension == Dimension::Service);
        misses
    }

    /// Conditions that were not given and change the owner.
    fn depends_on(&self, service: &Service, values: &Values, at: At) -> Result<Vec<Dependence>, Unclear> {
        let mut found = Vec::new();
        for dimension in Dimension::LISTED.into_iter().filter(|d| !values.is_given(*d)) {
            let mut answers: Vec<Share> = Vec::new();
            for value in self.matrix.values_of(dimension) {
                let explained = self.explain(&service.id, &values.with(dimension, value), at)?;
                share(&mut answers, value, self.owner(&explained));
            }
            if answers.len() > 1 {
                found.push(Dependence { dimension, answers });
            }
        }
        Ok(found)
    }

    /// Owners of what lies below a service, where it is not all the same.
    fn below(&self, service: &Service, values: &Values, at: At) -> Result<Vec<Share>, Unclear> {
        let mut shares: Vec<Share> = Vec::new();
        for leaf in service.leaves().filter(|_| !service.is_leaf()) {
            let Some(leaf) = self.matrix.services.leaf(leaf) else { continue };
            let explained = self.explain(&leaf.id, values, at)?;
            share(&mut shares, &leaf.id, self.owner(&explained));
        }
        Ok(if shares.len() > 1 { shares } else { Vec::new() })
    }

    fn next_change(
        &self,
        (service, values): (&Service, &Values),
        now: &Explanation,
        from: At,
    ) -> Result<Option<Change>, Unclear> {
        let spoken = |found: &Explanation| (self.owner(found), found.taker.map(|taker| self.taker(taker)));
        let present = spoken(now);
        for at in self.changes(from) {
            let (owner, taker) = spoken(&self.explain(&service.id, values, at)?);
            if (&owner, &taker) != (&present.0, &present.1) {
                return Ok(Some(Change { at, local: self.local(at), owner, taker }));
            }
        }
        Ok(None)
    }
}

fn asked(dimension: Dimension, values: &Values) -> Asked {
    Asked { dimension, value: values.get(dimension).to_owned(), given: values.is_given(dimension) }
}

/// Adds a value to those with the same owner.
fn share(shares: &mut Vec<Share>, value: &str, owner: Option<Owner>) {
    match shares.iter_mut().find(|share| share.owner == owner) {
        Some(share) => share.values.push(value.to_owned()),
        None => shares.push(Share { values: vec![value.to_owned()], owner }),
    }
}

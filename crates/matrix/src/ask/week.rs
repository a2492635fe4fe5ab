//! Who owns a service minute by minute through a week.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use remit_core::{Date, Edge, Horizon};
use remit_draw::{Hue, MINUTES_OF_WEEK, Run, Week};
use serde::Serialize;

use super::{Owner, Unclear, Values};
use crate::engine::Answer as Held;
use crate::model::Dimension;
use crate::{Compiled, Matrix, Resolver, Taker};

/// One row of the picture.
#[derive(Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Lane {
    /// What the row is: tiers, or a service.
    pub name: String,
    /// Stretches of one owner, in order.
    pub stretches: Vec<Stretch>,
}

/// A stretch of the week.
#[derive(Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Stretch {
    /// First minute, counted from Monday 00:00 on the client's wall clock.
    pub from_minute: u16,
    /// The minute after the last.
    pub to_minute: u16,
    /// The same in words.
    pub hours: String,
    /// Who.
    #[serde(flatten)]
    pub who: Who,
}

/// Who has a minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Who {
    /// The owner; none for a hole, a conflict, or a branch that several share.
    pub owner: Option<Owner>,
    /// In words, for people.
    pub label: String,
    /// Whether nobody, or nobody alone, owns it.
    pub hole: bool,
    #[serde(skip)]
    hue: Hue,
}

/// A matrix compiled over a week.
#[derive(Debug)]
pub struct Lanes {
    matrix: Arc<Matrix>,
    resolver: Resolver,
    /// The time atom of every minute of the week; none for a minute that the clocks skip.
    atoms: Vec<Option<u16>>,
    repeated: bool,
}

impl Lanes {
    /// Compiles the week that begins on `monday`.
    pub fn new(matrix: &Arc<Matrix>, monday: Date, horizon: Horizon) -> Result<Self, Unclear> {
        let compiled = Compiled::new(Arc::clone(matrix), horizon).map_err(|e| Unclear::new(e.to_string()))?;
        let zone = &matrix.zone;
        let (mut atoms, mut repeated) = (Vec::with_capacity(usize::from(MINUTES_OF_WEEK)), false);
        let mut day = monday;
        for _ in 0..7 {
            for minute in 0..1440i16 {
                let local = day.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
                let at = zone.at(local, Edge::Start);
                repeated |= zone.at(local, Edge::End) != at;
                let exists = zone.local(at) == local;
                atoms.push(compiled.lexicon.time.atom(at).filter(|_| exists));
            }
            day = day.tomorrow().map_err(|_| Unclear::new("this week lies at the end of all calendars"))?;
        }
        Ok(Self { matrix: Arc::clone(matrix), resolver: Resolver::new(compiled), atoms, repeated })
    }

    /// What the clocks do in this week.
    pub fn clock_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.atoms.contains(&None) {
            notes.push("the clocks skip some time in this week; it is left blank".to_owned());
        }
        if self.repeated {
            notes.push("the clocks repeat some time in this week; its first occurrence is shown".to_owned());
        }
        notes
    }

    /// One row, or one for each tier that differs where no tier is given.
    pub fn of_service(&self, service: &str, values: &Values) -> Result<Vec<Lane>, Unclear> {
        if values.is_given(Dimension::Tier) {
            let name = format!("tier {}", values.get(Dimension::Tier));
            return Ok(vec![self.lane(&name, &|atom| self.who(service, values, atom))?]);
        }
        let mut lanes: Vec<Lane> = Vec::new();
        for tier in self.matrix.values_of(Dimension::Tier) {
            let values = values.with(Dimension::Tier, tier);
            let lane = self.lane(tier, &|atom| self.who(service, &values, atom))?;
            match lanes.iter_mut().find(|other| other.stretches == lane.stretches) {
                Some(same) => same.name = format!("{}, {tier}", same.name),
                None => lanes.push(lane),
            }
        }
        if let [only] = lanes.as_mut_slice() {
            "every tier".clone_into(&mut only.name);
        }
        Ok(lanes)
    }

    /// One row for every top-level service.
    pub fn of_all(&self, values: &Values) -> Result<Vec<Lane>, Unclear> {
        let services = &self.matrix.services;
        let mut lanes = Vec::new();
        for root in services.roots() {
            let leaves: Vec<&str> =
                root.leaves().filter_map(|leaf| Some(&*services.leaf(leaf)?.id)).collect();
            lanes.push(self.lane(&root.name, &|atom| self.branch(&leaves, values, atom))?);
        }
        Ok(lanes)
    }

    fn lane(&self, name: &str, who: &dyn Fn(u16) -> Result<Who, Unclear>) -> Result<Lane, Unclear> {
        let mut known: BTreeMap<u16, Who> = BTreeMap::new();
        let mut stretches: Vec<Stretch> = Vec::new();
        for (minute, atom) in (0u16..).zip(&self.atoms) {
            let Some(atom) = *atom else { continue };
            let who = match known.entry(atom) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(who(atom)?),
            };
            match stretches.last_mut() {
                Some(last) if last.to_minute == minute && last.who == *who => last.to_minute = minute + 1,
                _ => stretches.push(Stretch {
                    from_minute: minute,
                    to_minute: minute + 1,
                    hours: String::new(),
                    who: who.clone(),
                }),
            }
        }
        for stretch in &mut stretches {
            stretch.hours = stretch.run().hours();
        }
        Ok(Lane { name: name.to_owned(), stretches })
    }

    fn held(&self, service: &str, values: &Values, atom: u16) -> Result<(Held, u16), Unclear> {
        // Any instant will do for the point; its time is replaced.
        let at = self.resolver.compiled.lexicon.time.horizon().start;
        let point = self.resolver.point(&values.query(service, at));
        let mut point = point.map_err(|e| Unclear::new(e.to_string()))?;
        point[Dimension::Time.index()] = atom;
        Ok((self.resolver.answer(&point), atom))
    }

    fn who(&self, service: &str, values: &Values, atom: u16) -> Result<Who, Unclear> {
        let hole = |label: &str| Who { owner: None, label: label.to_owned(), hole: true, hue: Hue::Nobody };
        Ok(match self.held(service, values, atom)?.0 {
            Held::Gap => hole("no row covers this"),
            Held::Conflict(rows) => {
                let ids: Vec<&str> = rows.iter().map(|r| self.matrix.rows[*r as usize].id.as_str()).collect();
                hole(&format!("rows in dispute: {}", ids.join(", ")))
            }
            Held::Owned(row) => {
                let row = &self.matrix.rows[row as usize];
                let owner = Owner::of(&self.matrix, row);
                let name = |team| &self.matrix.team(team).name;
                let label = match self.resolver.taker(row, atom) {
                    Taker::Responsible(team) => name(team).clone(),
                    Taker::Fallback(team) => format!("{} (fallback)", name(team)),
                    Taker::LastResort(team) => format!("{} (last resort)", name(team)),
                };
                Who { hue: owner.hue, owner: Some(owner), label, hole: false }
            }
        })
    }

    /// Which party has most of a branch; a hole in any part of it is a hole.
    fn branch(&self, leaves: &[&str], values: &Values, atom: u16) -> Result<Who, Unclear> {
        let mut shares: BTreeMap<Hue, (usize, Who)> = BTreeMap::new();
        let mut teams = Vec::new();
        for leaf in leaves {
            let who = self.who(leaf, values, atom)?;
            if !teams.contains(&who.owner) {
                teams.push(who.owner.clone());
            }
            shares.entry(who.hue).or_insert_with(|| (0, who)).0 += 1;
        }
        let most = shares.into_values().max_by_key(|(count, who)| (who.hole, *count));
        let (count, mut who) = most.expect("a branch has a leaf");
        if let Some(owner) = &who.owner {
            who.label.clone_from(&owner.party_name);
        }
        if count < leaves.len() {
            who.label = format!("{}: {count} of {} services", who.label, leaves.len());
        }
        if teams.len() > 1 {
            who.owner = None;
        }
        Ok(who)
    }
}

impl Lane {
    /// Whether nobody, or nobody alone, owns some minute.
    pub fn has_hole(&self) -> bool {
        self.stretches.iter().any(|stretch| stretch.who.hole)
    }

    /// The row for the pictures.
    pub fn week(&self) -> Week {
        let add = |week: Week, s: &Stretch| week.run(s.from_minute, s.to_minute, s.who.hue, &s.who.label);
        self.stretches.iter().fold(Week::new(), add)
    }
}

impl Stretch {
    /// The stretch for the pictures.
    pub fn run(&self) -> Run {
        Run { from: self.from_minute, to: self.to_minute, hue: self.who.hue, label: self.who.label.clone() }
    }

    /// Its hue.
    pub fn hue(&self) -> Hue {
        self.who.hue
    }
}

//! The log tried under a matrix: who would have owned every ticket, and which hand-offs would have fallen away.
//!
//! The owner is asked for at every event that opens a ticket, moves it to another team, changes its support line or its
//! service or priority. Between two such events the owner can change with the hour alone; what is found so at the next event
//! is counted as a change by the clock, apart from hand-offs. The log's own teams decide only where a hand-off happened and on
//! which line the work was. Who holds it then, and what is a hand-back or a bounce, says the rule of custody (`held.rs`).

use remit_core::{At, Weekday, Zone};
use remit_custody::Way;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::event::Line;
use crate::held::Kept;
use crate::ledger::Dictionary;
use crate::mapping::Mapping;
use crate::names::{NameId, Names};
use crate::ownership::{Owner, Ownership, Query};

/// What one event of a ticket means for its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub at: At,
    pub team: Option<NameId>,
    pub line: Line,
    pub priority: NameId,
    pub category: NameId,
    /// Resolved or closed: nobody needs to take it any more.
    pub done: bool,
}

/// Work that nobody owned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Unowned {
    /// The service.
    pub service: String,
    /// The support line.
    pub line: Line,
    /// The priority, empty when unknown.
    pub priority: String,
    /// The first time, as RFC 3339 in UTC.
    pub first: String,
    /// How often.
    pub count: u64,
}

/// Counts of one trial.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Moves {
    /// Times that the owner was asked for.
    pub asked: u64,
    /// Changes of team in the log.
    pub logged: u64,
    /// Those of them that leave the owner as it is: they would have fallen away.
    pub fall_away: u64,
    /// Those of them that change the owner.
    pub remain: u64,
    /// Changes of owner where the log has none, because service, line or priority changed.
    pub added: u64,
    /// Of the changes of owner that remain or are added, those that go back to whoever handed the work over.
    pub hand_backs: u64,
    /// Of the same, those that go to somebody who has owned the work before.
    pub bounces: u64,
    /// Changes of owner by the hour alone, found at the next event.
    pub by_clock: u64,
    /// Times that the last resort had to take the work.
    pub last_resort: u64,
    /// Times that nobody owned the work.
    pub nobody: u64,
}

/// One matrix on trial.
pub(crate) struct Trial<'m> {
    pub matrix: &'m mut dyn Ownership,
    pub moves: Moves,
    /// By party, line (0 to 2) and hour of the week, Monday 00:00 first, in the zone of the log.
    pub load: Vec<[Vec<u64>; 3]>,
    /// Times that work came to a team, by its number.
    pub by_team: Vec<u64>,
    pub unowned: Vec<Unowned>,
    /// Tickets whose category has no service of its own in the mapping or in the matrix.
    pub without_service: u64,
    /// Tickets that some party other than the first to own them came to own.
    pub across: u64,
    services: FxHashMap<NameId, bool>,
}

const HOURS: usize = 168;
const UNOWNED_KEPT: usize = 100;
/// The service asked for when the mapping names none.
const ANY_SERVICE: &str = "helpdesk";

impl<'m> Trial<'m> {
    pub fn new(matrix: &'m mut dyn Ownership) -> Self {
        let parties = matrix.parties().len();
        let by_team = vec![0; matrix.teams().len()];
        let line = || vec![0; HOURS];
        Self {
            matrix,
            moves: Moves::default(),
            load: (0..parties).map(|_| [line(), line(), line()]).collect(),
            by_team,
            unowned: Vec::new(),
            without_service: 0,
            across: 0,
            services: FxHashMap::default(),
        }
    }

    /// Tries one ticket.
    pub fn ticket(&mut self, mapping: &Mapping, names: &Dictionary, zone: &Zone, points: &[Point]) {
        let mut before: Option<(Point, Kept)> = None;
        let (mut first_party, mut crossed) = (None, false);
        for point in points {
            let Some((last, kept)) = &mut before else {
                let owner = self.route(mapping, names, zone, point);
                first_party = owner.map(|owner| owner.party);
                before = Some((*point, Kept::open(owner, point.at)));
                continue;
            };
            let logged = point.team != last.team && last.team.is_some();
            let changed =
                (point.line, point.priority, point.category) != (last.line, last.priority, last.category);
            let assigned = point.team != last.team;
            if !(assigned || changed) || (point.done && !logged) {
                continue;
            }
            let by_now = self.ask(mapping, names, &Point { at: point.at, ..*last });
            self.moves.by_clock += u64::from(kept.name(by_now, point.at).is_some());
            let owner = self.route(mapping, names, zone, point);
            let went = kept.name(owner, point.at);
            let moved = went.is_some();
            self.moves.hand_backs += u64::from(went.is_some_and(|went| went.way == Way::Back));
            self.moves.bounces += u64::from(went.is_some_and(|went| went.bounce));
            self.moves.logged += u64::from(logged);
            self.moves.fall_away += u64::from(logged && !moved);
            self.moves.remain += u64::from(logged && moved);
            self.moves.added += u64::from(!logged && moved);
            crossed |= owner.is_some_and(|owner| first_party.is_some_and(|first| first != owner.party));
            *last = *point;
        }
        self.across += u64::from(crossed);
        if let Some(point) = points.last() {
            self.without_service += u64::from(self.service(mapping, names, point.category).1);
        }
    }

    /// The service of a category, and whether it is only the default.
    fn service<'n>(&mut self, mapping: &'n Mapping, names: &Dictionary, category: NameId) -> (&'n str, bool) {
        let text = if category == Names::NONE { "" } else { names.categories.text(category) };
        let mapped = mapping.service(text);
        let known = mapped.filter(|service| {
            let matrix = &*self.matrix;
            *self.services.entry(category).or_insert_with(|| matrix.has_service(service))
        });
        (known.or(mapping.default_service()).unwrap_or(ANY_SERVICE), known.is_none())
    }

    fn ask(&mut self, mapping: &Mapping, names: &Dictionary, point: &Point) -> Option<Owner> {
        let service = self.service(mapping, names, point.category).0;
        let priority = priority(mapping, names, point.priority);
        self.matrix.owner(&Query { service, line: point.line, priority, at: point.at })
    }

    /// Asks for the owner and counts the work as coming to it.
    fn route(&mut self, mapping: &Mapping, names: &Dictionary, zone: &Zone, point: &Point) -> Option<Owner> {
        self.moves.asked += 1;
        let owner = self.ask(mapping, names, point);
        let Some(found) = owner else {
            self.moves.nobody += 1;
            let service = self.service(mapping, names, point.category).0.to_owned();
            self.note_unowned(service, priority(mapping, names, point.priority), point);
            return None;
        };
        self.moves.last_resort += u64::from(found.last_resort);
        let local = zone.local(point.at);
        let hour = Weekday::of(local.date()).index() * 24 + local.hour() as usize;
        if let Some(party) = self.load.get_mut(usize::from(found.party)) {
            party[point.line as usize][hour] += 1;
        }
        if let Some(count) = self.by_team.get_mut(usize::from(found.team)) {
            *count += 1;
        }
        owner
    }

    fn note_unowned(&mut self, service: String, priority: &str, point: &Point) {
        let same = |u: &&mut Unowned| u.service == service && u.line == point.line && u.priority == priority;
        if let Some(known) = self.unowned.iter_mut().find(same) {
            known.count += 1;
        } else if self.unowned.len() < UNOWNED_KEPT {
            let first = point.at.to_string();
            let (line, priority) = (point.line, priority.to_owned());
            self.unowned.push(Unowned { service, line, priority, first, count: 1 });
        }
    }
}

fn priority<'m>(mapping: &'m Mapping, names: &Dictionary, priority: NameId) -> &'m str {
    if priority == Names::NONE { "" } else { mapping.priority(names.priorities.text(priority)).unwrap_or("") }
}

//! From a draft to a matrix: every name is looked up, every text is read, all mistakes are collected.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use remit_core::{Date, DayPlan, HolidaySet, Millis, Weekdays, Window, WorkingCalendar, Zone};

use super::problem::did_you_mean;
use super::{
    CalendarIx, Dimension, Hours, Matrix, NamedCalendar, OTHER, Party, PartyIx, Problem, Problems, Promise,
    Row, Subject, Team, TeamIx,
};
use crate::catalogue::Catalogue;
use crate::draft::{CalendarDraft, Draft, FORMAT, Names, PartyKind, RowDraft, ServiceModel, ValuesDraft};
use crate::time::{Expr, Term};

/// Limits that keep every later step small: far above what any client needs.
const MOST_ROWS: usize = 50_000;
const MOST_PARTIES: usize = 64;
const MOST_TEAMS: usize = 1_000;
const MOST_CALENDARS: usize = 200;
const MOST_VALUES: usize = 2_000;
const LONGEST_TEXT: usize = 2_000;

impl Matrix {
    /// Checks a draft; on failure returns everything that is wrong with it.
    pub fn check(draft: Draft) -> Result<Self, Problems> {
        let mut checker = Checker::new(&draft);
        checker.header();
        checker.parties();
        checker.calendars();
        checker.teams();
        checker.services();
        checker.values();
        checker.rows();
        let Checker {
            zone,
            parties,
            teams,
            calendars,
            services,
            values,
            rows,
            last_resort,
            problems,
            in_force,
            ..
        } = checker;
        if problems.is_empty() {
            Ok(Self {
                zone,
                in_force_from: in_force,
                parties,
                teams,
                calendars,
                services,
                values,
                rows,
                last_resort,
                draft,
            })
        } else {
            Err(Problems(problems))
        }
    }
}

impl CalendarDraft {
    /// The hours that it means, for whoever keeps calendars outside a matrix; `zone` is where it names none. On failure everything that is
    /// wrong with it, by paths such as `calendar.week.mon-fri`.
    pub fn hours(&self, zone: &Zone) -> Result<WorkingCalendar, Problems> {
        let empty = Draft {
            format: FORMAT,
            client: String::new(),
            zone: String::new(),
            model: ServiceModel::FullyManaged,
            arrangements: Vec::new(),
            version: 1,
            in_force_from: None,
            last_resort: String::new(),
            parties: BTreeMap::new(),
            teams: BTreeMap::new(),
            calendars: BTreeMap::new(),
            values: ValuesDraft::default(),
            services: Vec::new(),
            rows: Vec::new(),
        };
        let mut checker = Checker { zone: zone.clone(), ..Checker::new(&empty) };
        let calendar = checker.calendar("calendar", self);
        calendar.filter(|_| checker.problems.is_empty()).ok_or(Problems(checker.problems))
    }
}

struct Checker<'d> {
    draft: &'d Draft,
    problems: Vec<Problem>,
    zone: Zone,
    in_force: Option<Date>,
    parties: Vec<Party>,
    teams: Vec<Team>,
    calendars: Vec<NamedCalendar>,
    services: Arc<Catalogue>,
    values: [Vec<String>; 6],
    rows: Vec<Row>,
    last_resort: TeamIx,
}

impl<'d> Checker<'d> {
    fn new(draft: &'d Draft) -> Self {
        Self {
            draft,
            problems: Vec::new(),
            zone: Zone::utc(),
            in_force: None,
            parties: Vec::new(),
            teams: Vec::new(),
            calendars: Vec::new(),
            services: Arc::new(Catalogue::builtin().clone()),
            values: Default::default(),
            rows: Vec::new(),
            last_resort: TeamIx(0),
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes a mistake and goes on without the value.
    fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn header(&mut self) {
        let draft = self.draft;
        if draft.format != FORMAT {
            let message = format!("format {} is not known to this release", draft.format);
            self.problem(Problem::new("format", message).hint(format!("write format = {FORMAT}")));
        }
        if draft.client.trim().is_empty() || draft.client.len() > LONGEST_TEXT {
            self.problem(Problem::new("client", "the client's name is missing or too long"));
        }
        match Zone::parse(&draft.zone) {
            Ok(zone) => self.zone = zone,
            Err(e) => self.problem(Problem::new("zone", e.to_string())),
        }
        if draft.version == 0 {
            self.problem(Problem::new("version", "versions are counted from 1"));
        }
        if let Some(day) = &draft.in_force_from {
            self.in_force = self.keep(date(day, "in-force-from"));
        }
        let sizes = [
            ("rows", draft.rows.len(), MOST_ROWS),
            ("parties", draft.parties.len(), MOST_PARTIES),
            ("teams", draft.teams.len(), MOST_TEAMS),
            ("calendars", draft.calendars.len(), MOST_CALENDARS),
        ];
        for (path, found, most) in sizes {
            if found > most {
                self.problem(Problem::new(path, format!("{found} {path}, at most {most} are possible")));
            }
        }
    }

    fn parties(&mut self) {
        for (id, party) in &self.draft.parties {
            self.id(&format!("parties.{id}"), id);
            self.parties.push(Party { id: id.clone(), name: party.name.clone(), kind: party.kind });
        }
        for kind in [PartyKind::Provider, PartyKind::Internal] {
            let mut of_kind = self.draft.parties.iter().filter(|(_, p)| p.kind == kind).map(|(id, _)| id);
            if let (Some(first), Some(second)) = (of_kind.next(), of_kind.next()) {
                let message =
                    format!("`{first}` is already the party of this kind; a matrix has one at most");
                self.problem(
                    Problem::new(format!("parties.{second}.kind"), message)
                        .hint("a third company is a `vendor`"),
                );
            }
        }
        if self.parties.is_empty() {
            let hint = "add [parties.provider] with name and kind";
            self.problem(Problem::new("parties", "nobody is there to own anything").hint(hint));
        }
    }

    fn id(&mut self, path: &str, id: &str) {
        let good = !id.is_empty()
            && id.len() <= 120
            && id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_'))
            && id.starts_with(|c: char| c.is_ascii_lowercase());
        if !good {
            let hint = "use lower-case letters, digits, `-` and `.`, beginning with a letter";
            self.problem(Problem::new(path, format!("`{id}` is not an id")).hint(hint));
        }
    }

    fn calendars(&mut self) {
        for (id, draft) in &self.draft.calendars {
            let path = format!("calendars.{id}");
            self.id(&path, id);
            if matches!(id.as_str(), "always" | "and" | "or" | "not") || Weekdays::parse(id).is_ok() {
                let message = format!("`{id}` already means something in time expressions");
                self.problem(Problem::new(&path, message).hint("choose another name"));
            }
            let calendar =
                self.calendar(&path, draft).unwrap_or_else(|| WorkingCalendar::always(self.zone.clone()));
            self.calendars.push(NamedCalendar { id: id.clone(), calendar });
        }
    }

    fn calendar(&mut self, path: &str, draft: &CalendarDraft) -> Option<WorkingCalendar> {
        let zone = match &draft.zone {
            None => self.zone.clone(),
            Some(name) => {
                self.keep(Zone::parse(name).map_err(|e| Problem::new(format!("{path}.zone"), e.to_string())))?
            }
        };
        let mut week: [Vec<Window>; 7] = Default::default();
        for (days, text) in &draft.week {
            let at = format!("{path}.week.{days}");
            let days = self.keep(Weekdays::parse(days).map_err(|e| Problem::new(&at, e.to_string())))?;
            let windows = self.keep(windows(text, &at))?;
            days.iter().for_each(|day| week[day.index()].extend(&windows));
        }
        let mut own = BTreeMap::new();
        for (day, text) in &draft.days {
            let at = format!("{path}.days.{day}");
            let day = self.keep(date(day, &at))?;
            let plan = match text.trim() {
                "closed" => DayPlan::Closed,
                text => DayPlan::Open(self.keep(windows(text, &at))?),
            };
            own.insert(day, plan);
        }
        let holidays = HolidaySet::parse(&draft.holidays);
        let holidays =
            self.keep(holidays.map_err(|e| Problem::new(format!("{path}.holidays"), e.to_string())))?;
        let calendar = WorkingCalendar::new(zone, week, holidays, own);
        self.keep(calendar.map_err(|e| Problem::new(format!("{path}.week"), e.to_string())))
    }

    fn teams(&mut self) {
        for (id, draft) in &self.draft.teams {
            let path = format!("teams.{id}");
            self.id(&path, id);
            if self.draft.parties.contains_key(id) {
                let message = format!("`{id}` is a party already");
                self.problem(Problem::new(&path, message).hint("give the team another id"));
            }
            let party = self.party(&draft.party, &format!("{path}.party")).unwrap_or(PartyIx(0));
            let hours = self.hours(&draft.hours, &format!("{path}.hours"), false).unwrap_or(Expr::Always);
            let name = draft.name.clone().unwrap_or_else(|| id.clone());
            self.teams.push(Team { id: id.clone(), name, party, hours });
        }
        if let Some(team) = self.team(&self.draft.last_resort, "last-resort") {
            self.last_resort = team;
        }
    }

    fn services(&mut self) {
        if self.draft.services.is_empty() {
            return;
        }
        match Catalogue::builtin().extended(self.draft.services.clone()) {
            Ok(services) => self.services = Arc::new(services),
            Err(e) => self.problem(Problem::new("services", e.to_string())),
        }
    }

    fn values(&mut self) {
        let values = &self.draft.values;
        let given = [
            &values.tier,
            &values.priority,
            &values.site,
            &values.asset_class,
            &values.requester_group,
            &values.kind,
        ];
        for (dimension, given) in Dimension::LISTED.into_iter().zip(given) {
            let path = format!("values.{}", dimension.key());
            let mut seen = HashSet::new();
            for (i, value) in given.iter().enumerate() {
                if value == OTHER || value.trim().is_empty() || value.len() > 200 || !seen.insert(value) {
                    let message = format!("`{value}` cannot be listed");
                    let hint = "values are listed once, are not empty, and `other` is always there";
                    self.problem(Problem::new(format!("{path}.{i}"), message).hint(hint));
                }
            }
            if given.len() > MOST_VALUES {
                self.problem(Problem::new(&path, format!("more than {MOST_VALUES} values")));
            }
            let listed = &mut self.values[dimension.index() - 1];
            if given.is_empty() {
                listed.extend(dimension.default_values().iter().map(|v| (*v).to_owned()));
            } else {
                listed.extend(given.iter().cloned());
            }
            listed.push(OTHER.to_owned());
        }
    }

    fn rows(&mut self) {
        let mut seen: HashSet<&str> = HashSet::new();
        let draft = self.draft;
        if draft.rows.is_empty() {
            let hint = "add a [[rows]] with id, accountable and responsible";
            self.problem(Problem::new("rows", "there is no row, so nobody owns anything").hint(hint));
        }
        for (i, row) in draft.rows.iter().enumerate() {
            let path = format!("rows.{i}");
            self.id(&format!("{path}.id"), &row.id);
            if !seen.insert(&row.id) {
                let message = format!("another row is called `{}` already", row.id);
                self.problem(Problem::new(format!("{path}.id"), message).hint("ids are unique in a matrix"));
            }
            if let Some(row) = self.row(row, &path) {
                self.rows.push(row);
            }
        }
    }

    fn row(&mut self, draft: &RowDraft, path: &str) -> Option<Row> {
        let at = |field: &str| format!("{path}.{field}");
        let mut services = Vec::new();
        for (i, id) in draft.service.as_slice().iter().enumerate() {
            services.extend(self.service(id, &element(&at("service"), &draft.service, i)));
        }
        let given = [
            &draft.tier,
            &draft.priority,
            &draft.site,
            &draft.asset_class,
            &draft.requester_group,
            &draft.kind,
        ];
        let mut conditions: [Option<Vec<u16>>; 6] = Default::default();
        for (dimension, names) in Dimension::LISTED.into_iter().zip(given) {
            conditions[dimension.index() - 1] = self.condition(dimension, names, &at(dimension.key()));
        }
        let time = match &draft.time {
            None => Some(Expr::Always),
            Some(text) => self.hours(text, &at("time"), true),
        };
        let accountable = self.party(&draft.accountable, &at("accountable"));
        let responsible = self.team(&draft.responsible, &at("responsible"));
        let consulted = self.subjects(&draft.consulted, &at("consulted"));
        let informed = self.subjects(&draft.informed, &at("informed"));
        let fallback = self.fallback(&draft.fallback, &at("fallback"));
        let promise = self.promise(draft, path);
        let (accountable, responsible, time) = (accountable?, responsible?, time?);
        if self.teams[usize::from(responsible.0)].party != accountable {
            let team_party = self.teams[usize::from(responsible.0)].party;
            let owner = &self.parties[usize::from(team_party.0)].id;
            let message =
                format!("team `{}` belongs to `{owner}`, not to `{}`", draft.responsible, draft.accountable);
            let hint = "the responsible team is one of the accountable party";
            self.problem(Problem::new(at("responsible"), message).hint(hint));
        }
        Some(Row {
            id: draft.id.clone(),
            services,
            conditions,
            time,
            accountable,
            responsible,
            consulted,
            informed,
            fallback,
            promise,
        })
    }

    fn service(&mut self, id: &str, path: &str) -> Option<Arc<str>> {
        if let Some(service) = self.services.get(id) {
            return Some(Arc::clone(&service.id));
        }
        let found = self.services.find(id);
        let hint = found.first().map(|f| format!("did you mean `{}` ({})?", f.service.id, f.service.name));
        let hint = hint.unwrap_or_else(|| "`remit matrix services` lists them all".to_owned());
        self.problem(Problem::new(path, format!("there is no service `{id}`")).hint(hint));
        None
    }

    fn condition(&mut self, dimension: Dimension, names: &Names, path: &str) -> Option<Vec<u16>> {
        if names.is_empty() {
            return None;
        }
        let known = &self.values[dimension.index() - 1];
        let mut numbers = Vec::new();
        let mut problems = Vec::new();
        for (i, name) in names.as_slice().iter().enumerate() {
            if let Some(number) = known.iter().position(|v| v == name) {
                numbers.push(number as u16);
                continue;
            }
            let message = format!("there is no {} `{name}`", dimension.label());
            let mut problem = Problem::new(element(path, names, i), message);
            problem.hint = did_you_mean(name, known.iter().map(String::as_str));
            problems.push(problem);
        }
        self.problems.append(&mut problems);
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers)
    }

    fn party(&mut self, id: &str, path: &str) -> Option<PartyIx> {
        let found = self.parties.iter().position(|p| p.id == id);
        if found.is_none() {
            let mut problem = Problem::new(path, format!("there is no party `{id}`"));
            problem.hint = did_you_mean(id, self.parties.iter().map(|p| p.id.as_str()));
            self.problem(problem);
        }
        found.map(|i| PartyIx(i as u16))
    }

    fn team(&mut self, id: &str, path: &str) -> Option<TeamIx> {
        let found = self.teams.iter().position(|t| t.id == id);
        if found.is_none() {
            let mut problem = Problem::new(path, format!("there is no team `{id}`"));
            problem.hint = did_you_mean(id, self.teams.iter().map(|t| t.id.as_str()));
            self.problem(problem);
        }
        found.map(|i| TeamIx(i as u16))
    }

    fn subjects(&mut self, names: &Names, path: &str) -> Vec<Subject> {
        let mut subjects = Vec::new();
        for (i, id) in names.as_slice().iter().enumerate() {
            if let Some(party) = self.parties.iter().position(|p| p.id == *id) {
                subjects.push(Subject::Party(PartyIx(party as u16)));
            } else if let Some(team) = self.team(id, &element(path, names, i)) {
                subjects.push(Subject::Team(team));
            }
        }
        subjects
    }

    fn fallback(&mut self, names: &Names, path: &str) -> Vec<TeamIx> {
        let ids = names.as_slice().iter().enumerate();
        ids.filter_map(|(i, id)| self.team(id, &element(path, names, i))).collect()
    }

    fn promise(&mut self, draft: &RowDraft, path: &str) -> Promise {
        let mut target = |text: &Option<String>, field: &str| {
            let text = text.as_ref()?;
            let at = format!("{path}.{field}");
            let target = self.keep(Millis::parse(text).map_err(|e| Problem::new(&at, e.to_string())))?;
            if target <= Millis::ZERO {
                self.problem(Problem::new(at, "a target is longer than nothing").hint("such as 15m or 4h"));
                return None;
            }
            Some(target)
        };
        let (respond, resolve) = (target(&draft.respond, "respond"), target(&draft.resolve, "resolve"));
        let clock = draft.clock.as_ref().and_then(|name| self.calendar_named(name, &format!("{path}.clock")));
        Promise { respond, resolve, clock }
    }

    fn calendar_named(&mut self, name: &str, path: &str) -> Option<CalendarIx> {
        let found = self.calendars.iter().position(|c| c.id == name);
        if found.is_none() {
            self.problem(unknown_calendar(name, path, &self.calendars));
        }
        found.map(|i| CalendarIx(i as u16))
    }

    /// Reads a time expression; `on-duty(team)` becomes the team's hours.
    fn hours(&mut self, text: &str, path: &str, teams: bool) -> Option<Hours> {
        if text.len() > LONGEST_TEXT {
            self.problem(Problem::new(path, format!("longer than {LONGEST_TEXT} bytes")));
            return None;
        }
        let expr = Expr::parse(text).map_err(|e| {
            let mut problem = Problem::new(path, e.message);
            (problem.offset, problem.hint) = (e.at, e.hint);
            problem
        });
        let expr = self.keep(expr)?;
        let bound = expr.try_map(&mut |term| self.bind(term, path, teams));
        self.keep(bound)
    }

    fn bind(&self, term: &Term, path: &str, teams: bool) -> Result<Hours, Problem> {
        let calendar = |name: &str| {
            let found = self.calendars.iter().position(|c| c.id == name);
            found.map(|i| CalendarIx(i as u16)).ok_or_else(|| unknown_calendar(name, path, &self.calendars))
        };
        Ok(match term {
            Term::Calendar(name) => Expr::Term(Term::Calendar(calendar(name)?)),
            Term::Holidays(name) => Expr::Term(Term::Holidays(calendar(name)?)),
            Term::Weekly(days, windows) => Expr::Term(Term::Weekly(*days, windows.clone())),
            Term::Days(first, last) => Expr::Term(Term::Days(*first, *last)),
            Term::OnDuty(_) if !teams => {
                let message = "a team's hours cannot refer to another team's";
                return Err(Problem::new(path, message).hint("name the calendar that both use"));
            }
            Term::OnDuty(name) => {
                let found = self.teams.iter().find(|t| t.id == *name);
                let unknown = || {
                    let mut problem = Problem::new(path, format!("there is no team `{name}`"));
                    problem.hint = did_you_mean(name, self.teams.iter().map(|t| t.id.as_str()));
                    problem
                };
                found.ok_or_else(unknown)?.hours.clone()
            }
        })
    }
}

fn unknown_calendar(name: &str, path: &str, known: &[NamedCalendar]) -> Problem {
    let mut problem = Problem::new(path, format!("there is no calendar `{name}`"));
    problem.hint = did_you_mean(name, known.iter().map(|c| c.id.as_str()));
    if known.is_empty() {
        problem.hint =
            Some(format!("add [calendars.{name}], or write weekdays and windows: `mon-fri 08:00-18:00`"));
    }
    problem
}

/// The path of one element: the field itself when it was written as a single name.
fn element(path: &str, names: &Names, i: usize) -> String {
    match names {
        Names::Many(_) => format!("{path}.{i}"),
        Names::Absent | Names::One(_) => path.to_owned(),
    }
}

fn date(text: &str, path: &str) -> Result<Date, Problem> {
    text.parse::<Date>().map_err(|e| {
        Problem::new(path, format!("`{text}` is not a date: {e}"))
            .hint("write a day that exists, as 2026-12-24")
    })
}

fn windows(text: &str, path: &str) -> Result<Vec<Window>, Problem> {
    let parse = |part: &str| Window::parse(part.trim()).map_err(|e| Problem::new(path, e.to_string()));
    text.split(',').map(parse).collect()
}

//! Folding one ticket into the figures.

use remit_core::{At, Weekday};
use remit_custody::{Chain, Phase};

use super::level::Ending;
use super::{Ledger, Stay};
use crate::error::shown;
use crate::event::{Line, State};
use crate::findings::FindingKind;
use crate::names::{NameId, Names};
use crate::tickets::{Step, Ticket};
use crate::trial::Point;

impl Ledger<'_> {
    /// Folds a ticket that is done with.
    pub fn fold(&mut self, mut ticket: Ticket) {
        self.put_in_order(&mut ticket);
        let (Some(first), Some(last)) = (ticket.steps.first().copied(), ticket.steps.last().copied()) else {
            return;
        };
        let start = self.start(&ticket, first);
        self.count_overall(&ticket, start, last);
        let ending = self.ending(&ticket, last);
        self.overall.resolved += u64::from(ending.resolved);
        if ending.resolved {
            self.overall.sla_kept += u64::from(ending.sla_kept == Some(true));
            self.overall.sla_missed += u64::from(ending.sla_kept == Some(false));
        }
        self.overall.sla_kept_all += u64::from(ending.sla_kept == Some(true));
        self.overall.sla_missed_all += u64::from(ending.sla_kept == Some(false));

        let teams = self.chain(&ticket, start, |_, step| known(step.team));
        self.count_statuses(&ticket);
        self.count_persons(&ticket);
        self.note_longest(&ticket, &teams);
        if teams.holders().is_empty() {
            let id = &ticket.id;
            self.findings.add(FindingKind::NeverAssigned, first.line, || Some(shown(id)));
        }
        let lines = self.chain(&ticket, start, |ledger, step| ledger.line(step).map(|line| line as NameId));
        let parties = self.chain(&ticket, start, |ledger, step| {
            known(step.team).and_then(|team| ledger.places.get(team as usize)).map(|place| place.party)
        });
        self.teams.count(&teams, &ending);
        self.lines.count(&lines, &ending);
        self.parties.count(&parties, &ending);
        self.try_matrices(&ticket, start);
    }

    /// Sorts the events by time, keeping the file's order among equals, and takes exact repetitions out.
    fn put_in_order(&mut self, ticket: &mut Ticket) {
        let mut late = false;
        for pair in ticket.steps.windows(2) {
            if pair[1].at < pair[0].at {
                late = true;
                self.findings.add(FindingKind::OutOfOrder, pair[1].line, || Some(shown(&ticket.id)));
            }
        }
        if late {
            ticket.steps.sort_by_key(|step| step.at);
        }
        self.overall.most_events = self.overall.most_events.max(ticket.steps.len() as u64);
        let mut kept: Vec<Step> = Vec::with_capacity(ticket.steps.len());
        for step in &ticket.steps {
            let twins = kept.iter().rev().take_while(|twin| twin.at == step.at);
            if twins.take(REPEATED_WITHIN).any(|twin| twin.row == step.row) {
                self.findings.add(FindingKind::Repeated, step.line, || Some(shown(&ticket.id)));
            } else {
                kept.push(*step);
            }
        }
        ticket.steps = kept;
    }

    fn start(&mut self, ticket: &Ticket, first: Step) -> At {
        match ticket.opened {
            Some(opened) if opened <= first.at => opened,
            Some(_) => {
                self.findings.add(FindingKind::OpenedLate, first.line, || Some(shown(&ticket.id)));
                first.at
            }
            None => first.at,
        }
    }

    fn count_overall(&mut self, ticket: &Ticket, start: At, last: Step) {
        let local = self.zone.local(start);
        let day = Weekday::of(local.date()) as usize;
        let overall = &mut self.overall;
        overall.tickets += 1;
        overall.arrivals[day * 24 + local.hour() as usize] += 1;
        *overall.months.entry((local.year(), local.month())).or_default() += 1;
        let life = last.at.millis() - start.millis();
        overall.life.add(life);
        overall.life_sum += i128::from(life);
        overall.first_at = overall.first_at.min(start.millis());
        overall.last_at = overall.last_at.max(last.at.millis());
        let closed = ticket.steps.iter().position(|step| step.state == State::Closed);
        let reopened = closed.and_then(|closed| {
            ticket.steps[closed..].iter().find(|step| !matches!(step.state, State::Closed | State::Unknown))
        });
        if let Some(step) = reopened {
            overall.reopened += 1;
            self.findings.add(FindingKind::Reopened, step.line, || Some(shown(&ticket.id)));
        }
        for step in ticket.steps.iter().filter(|step| step.team == Names::NONE) {
            self.findings.add(FindingKind::TeamNotSaid, step.line, || Some(shown(&ticket.id)));
        }
    }

    fn ending(&mut self, ticket: &Ticket, last: Step) -> Ending {
        let is_done = |state| matches!(state, State::Resolved | State::Closed);
        let states: Vec<(At, State)> =
            ticket.steps.iter().filter(|s| s.state != State::Unknown).map(|s| (s.at, s.state)).collect();
        let turn = |to: State| {
            let turned = |n: usize| states[n].1 == to && (n == 0 || states[n - 1].1 != to);
            (0..states.len()).rev().find(|n| turned(*n)).map(|n| states[n].0)
        };
        let solved_at = turn(State::Resolved).or_else(|| turn(State::Closed));
        let done = states.last().is_some_and(|(_, state)| is_done(*state));
        let resolved = match &self.mapping.columns.resolved {
            Some(_) => ticket.resolved.is_some(),
            None => done,
        };
        if done && !resolved {
            self.findings.add(FindingKind::ClosedUnresolved, last.line, || Some(shown(&ticket.id)));
        }
        Ending { resolved, sla_kept: last.sla_kept, solved_at }
    }

    /// The chain of the ticket among the holders that `holder` names.
    fn chain(
        &self,
        ticket: &Ticket,
        start: At,
        holder: impl Fn(&Self, &Step) -> Option<NameId>,
    ) -> Chain<NameId> {
        let mut phase = Phase::Working;
        let mut chain: Option<Chain<NameId>> = None;
        for step in &ticket.steps {
            phase = match step.state {
                State::Working => Phase::Working,
                State::Waiting => Phase::Waiting,
                State::Resolved | State::Closed => Phase::Done,
                State::Unknown => phase,
            };
            let holder = holder(self, step);
            match &mut chain {
                None => chain = Some(Chain::start(start, holder, phase)),
                Some(chain) => chain.tell(step.at, holder, phase).expect("the steps are in order of time"),
            }
        }
        chain.expect("a ticket has at least one step")
    }

    /// The support line of an event: its column, else its team's.
    fn line(&self, step: &Step) -> Option<Line> {
        step.support_line.or_else(|| self.places.get(step.team as usize).and_then(|place| place.line))
    }

    fn count_statuses(&mut self, ticket: &Ticket) {
        let mut seen: Vec<NameId> = Vec::new();
        for step in &ticket.steps {
            if !seen.contains(&step.status) {
                seen.push(step.status);
            }
        }
        for (n, status) in seen.into_iter().enumerate() {
            if let Some(tally) = self.statuses.get_mut(status as usize) {
                tally.tickets += 1;
                tally.first += u64::from(n == 0);
            }
        }
    }

    fn count_persons(&mut self, ticket: &Ticket) {
        let said = ticket.steps.iter().filter(|step| step.person != Names::NONE);
        let mut before: Option<&Step> = None;
        for step in said {
            let passed = before.is_some_and(|b| b.team == step.team && b.person != step.person);
            self.overall.passed_within_team += u64::from(passed);
            before = Some(step);
        }
    }

    fn note_longest(&mut self, ticket: &Ticket, teams: &Chain<NameId>) {
        for stint in teams.stints() {
            self.longest.see(stint.held.working, || Stay {
                ticket: shown(&ticket.id),
                team: stint.holder,
                from: stint.from,
                to: stint.to,
                working: stint.held.working,
            });
        }
    }

    fn try_matrices(&mut self, ticket: &Ticket, start: At) {
        let last = ticket.steps.last().expect("a ticket has at least one step");
        *self.categories.entry(last.category).or_default() += 1;
        if self.trials.is_empty() {
            return;
        }
        let mut points: Vec<Point> = Vec::new();
        for (n, step) in ticket.steps.iter().enumerate() {
            let at = if n == 0 { start } else { step.at };
            let before = points.last();
            let team = known(step.team).or(before.and_then(|point| point.team));
            let line = self.line(step).or(before.map(|point| point.line)).unwrap_or(Line::L1);
            let done = matches!(step.state, State::Resolved | State::Closed);
            points.push(Point { at, team, line, priority: step.priority, category: step.category, done });
        }
        for trial in &mut self.trials {
            trial.ticket(&self.mapping, &self.names, &self.zone, &points);
        }
    }
}

/// How many events of the same instant an event is compared with to find out that it repeats one.
const REPEATED_WITHIN: usize = 64;

fn known(name: NameId) -> Option<NameId> {
    (name != Names::NONE).then_some(name)
}

//! What is promised, where and from when on.

mod ties;

use remit_core::{At, Millis, Slug, Span};
use serde::{Deserialize, Serialize};

use crate::calendars::{self, CalendarOf, Calendars};
use crate::hours::Ticks;
use crate::id::PartyId;
use crate::promise::{Hours, Kind, Promise, Target, Term, Waits, Within};
use crate::scope::{Place, Scope};

/// What is said about one promise in one scope, from an instant on until a later rule of the same promise and scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// Which promise.
    pub promise: Promise,
    /// Where.
    #[serde(default)]
    pub scope: Scope,
    /// From when on, [`At::MIN`] for always; a ticket that is open then goes on with what it has used.
    pub from: At,
    /// What is said.
    pub term: Term,
}

/// Dated rules and calendars, checked: at every instant, for every ticket and promise, the narrowest rule that holds speaks, and
/// there is never a second that says something else.
#[derive(Debug, Clone)]
pub struct Policy {
    calendars: Calendars,
    rules: Vec<Rule>,
    /// Sorted by promise, then the narrowest first.
    lines: Vec<Line>,
    /// The instants at which a rule begins, in order, each once.
    changes: Vec<At>,
    /// Whether a rule of an SLA is about one party.
    asks_who_holds: bool,
}

/// Everything said about one promise in one scope, in order.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    promise: Promise,
    scope: Scope,
    depth: usize,
    /// When, and the position of the rule.
    dated: Vec<(At, usize)>,
}

/// Why rules do not make a policy. Positions count from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Two rules say different things about the same tickets and neither is the narrower.
    #[error(
        "rules {first} and {second} both speak about the {promise} of {decide} from {at} on, say different things, and neither is \
         narrower: add a rule for {decide}"
    )]
    Tie {
        /// The position of the earlier one in the list.
        first: usize,
        /// The position of the later one.
        second: usize,
        /// The promise.
        promise: Promise,
        /// Since when.
        at: At,
        /// The scope of a rule that would decide.
        decide: Box<Scope>,
    },
    /// Two rules of one promise and scope begin at one instant.
    #[error(
        "rules {first} and {second} are both about the {promise} of the same tickets from {at} on: keep one"
    )]
    Twice {
        /// The position of the earlier one in the list.
        first: usize,
        /// The position of the later one.
        second: usize,
        /// The promise.
        promise: Promise,
        /// When both begin.
        at: At,
    },
    /// A rule counts in a calendar that some of its tickets do not have when it begins.
    #[error(
        "rule {rule} counts in the calendar `{name}`, which not all of its tickets have from its beginning on: give everyone one \
         of that name, or the client or party that the rule is about"
    )]
    NoCalendar {
        /// The position of the rule.
        rule: usize,
        /// The name.
        name: Slug,
    },
    /// A length that cannot be meant.
    #[error("rule {rule} promises {length}: a promise is longer than nothing and at most {longest}; if nothing is promised, say so", longest = Within::LONGEST)]
    Length {
        /// The position of the rule.
        rule: usize,
        /// The length.
        length: Millis,
    },
    /// A client is offered no hand-off.
    #[error("rule {rule} promises a client the acceptance of a hand-off: that is for an OLA or a UC")]
    Acceptance {
        /// The position of the rule.
        rule: usize,
    },
    /// More rules than can be meant.
    #[error("{count} rules are more than {most}", most = Policy::MOST)]
    TooMany {
        /// How many.
        count: usize,
    },
}

/// Who says what is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The rule at this position of [`Policy::rules`].
    Rule(usize),
    /// The event at this position of the ticket's events, an [`Event::Agreed`](crate::Event::Agreed).
    Event(usize),
}

/// What is said, and what follows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spoken<'a> {
    pub by: By,
    /// None when nothing is promised.
    pub within: Option<Counted<'a>>,
}

/// A promise in figures, with its hours at hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub length: Millis,
    pub ticks: Ticks<'a>,
    pub paused_by: Waits,
}

impl Policy {
    /// The most rules.
    pub const MOST: usize = 4_096;
    /// The most faults that are told at once.
    pub const MOST_FAULTS: usize = 100;

    /// Checks rules against each other and against the calendars that they name. The faults, when there are some, are told all
    /// together, the first [`Policy::MOST_FAULTS`] of them.
    pub fn new(rules: Vec<Rule>, calendars: Calendars) -> Result<Self, Vec<PolicyError>> {
        if rules.len() > Self::MOST {
            return Err(vec![PolicyError::TooMany { count: rules.len() }]);
        }
        let mut faults: Vec<PolicyError> =
            rules.iter().enumerate().filter_map(|(at, rule)| fault(at, rule, &calendars)).collect();
        let lines = lines(&rules, &mut faults);
        ties::find(&lines, &rules, &mut faults);
        if !faults.is_empty() {
            faults.truncate(Self::MOST_FAULTS);
            return Err(faults);
        }
        let mut changes: Vec<At> = rules.iter().map(|rule| rule.from).collect();
        changes.sort_unstable();
        changes.dedup();
        let of_holder = |rule: &Rule| rule.promise.kind == Kind::Sla && rule.scope.party.is_some();
        let asks_who_holds = rules.iter().any(of_holder);
        Ok(Self { calendars, rules, lines, changes, asks_who_holds })
    }

    /// The rules, in the order in which they were given; [`By::Rule`] is a position here.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The span for which its calendars were made.
    pub fn horizon(&self) -> Span {
        self.calendars.horizon()
    }

    /// What is wrong with something that is agreed as if it were a rule.
    pub(crate) fn fault(&self, position: usize, rule: &Rule) -> Option<PolicyError> {
        fault(position, rule, &self.calendars)
    }

    /// Whether another holder can mean another rule for an SLA.
    pub(crate) fn asks_who_holds(&self) -> bool {
        self.asks_who_holds
    }

    /// The instants after `from` until `to`, `to` included, at which rules begin.
    pub(crate) fn changes(&self, from: At, to: At) -> &[At] {
        let upto = |at: At| self.changes.partition_point(|change| *change <= at);
        &self.changes[upto(from)..upto(to.max(from))]
    }

    /// The narrowest rule that holds, if any rule does. `party` is whoever holds the ticket for an SLA, else whoever promises.
    pub(crate) fn speaks(
        &self,
        promise: Promise,
        place: Place<'_>,
        party: PartyId,
        at: At,
    ) -> Option<Spoken<'_>> {
        let first = self.lines.partition_point(|line| line.promise < promise);
        let lines = self.lines[first..].iter().take_while(|line| line.promise == promise);
        let rule = lines
            .filter(|line| line.scope.holds(place, party))
            .find_map(|line| line.rule(at, &self.rules))?;
        let of = calendars::owner(promise, place, party);
        Some(self.spoken(By::Rule(rule), &self.rules[rule].term, of))
    }

    /// What follows from a term, counted in the hours of `of`.
    pub(crate) fn spoken(&self, by: By, term: &Term, of: CalendarOf) -> Spoken<'_> {
        let Term::Within(within) = term else {
            return Spoken { by, within: None };
        };
        let ticks = match &within.hours {
            Hours::EveryMinute => Ticks::EveryMinute,
            Hours::Calendar(name) => {
                let hours = self.calendars.find(name, of);
                Ticks::Open(hours.expect("every term was checked to have its calendar"))
            }
        };
        let counted = Counted { length: within.length, ticks, paused_by: within.paused_by };
        Spoken { by, within: Some(counted) }
    }
}

impl Line {
    /// The rule of this scope in force at an instant, unless it is withdrawn or not begun.
    fn rule(&self, at: At, rules: &[Rule]) -> Option<usize> {
        let after = self.dated.partition_point(|(from, _)| *from <= at);
        let (_, rule) = *self.dated.get(after.checked_sub(1)?)?;
        (rules[rule].term != Term::Withdrawn).then_some(rule)
    }
}

/// What is wrong with one rule.
fn fault(position: usize, rule: &Rule, calendars: &Calendars) -> Option<PolicyError> {
    if rule.promise == (Promise { kind: Kind::Sla, target: Target::Acceptance }) {
        return Some(PolicyError::Acceptance { rule: position });
    }
    let Term::Within(within) = &rule.term else { return None };
    if within.length <= Millis::ZERO || within.length > Within::LONGEST {
        return Some(PolicyError::Length { rule: position, length: within.length });
    }
    let Hours::Calendar(name) = &within.hours else { return None };
    let own = match rule.promise.kind {
        Kind::Sla => rule.scope.client.map(CalendarOf::Client),
        Kind::Ola | Kind::Uc => rule.scope.party.map(CalendarOf::Party),
    };
    let known = calendars.known(name, own.unwrap_or(CalendarOf::Everyone), rule.from);
    (!known).then(|| PolicyError::NoCalendar { rule: position, name: name.clone() })
}

/// Brings together what is said about the same promise and scope.
fn lines(rules: &[Rule], faults: &mut Vec<PolicyError>) -> Vec<Line> {
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by_key(|at| (rules[*at].promise, &rules[*at].scope, rules[*at].from, *at));
    let same =
        |a: &usize, b: &usize| (rules[*a].promise, &rules[*a].scope) == (rules[*b].promise, &rules[*b].scope);
    let mut lines: Vec<Line> = Vec::new();
    for group in order.chunk_by(same) {
        let Rule { promise, scope, .. } = &rules[group[0]];
        let dated: Vec<_> = group.iter().map(|at| (rules[*at].from, *at)).collect();
        let twice = dated.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        faults.extend(twice.map(|pair| PolicyError::Twice {
            first: pair[0].1,
            second: pair[1].1,
            promise: *promise,
            at: pair[0].0,
        }));
        lines.push(Line { promise: *promise, scope: scope.clone(), depth: scope.depth(), dated });
    }
    // A scope that lies strictly within another is deeper, so the first that holds is one of the narrowest.
    lines.sort_by(|a, b| (a.promise, b.depth, &a.scope).cmp(&(b.promise, a.depth, &b.scope)));
    lines
}

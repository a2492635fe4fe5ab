//! Rules in words.

use remit_core::Zone;
use remit_promise::{Hours, Kind, PolicyError, Promise, Rule, Scope, Target, Term, Wait};

use super::rule::ListedRule;

/// `SLA response`, for people.
pub(crate) fn promise(promise: Promise) -> &'static str {
    match (promise.kind, promise.target) {
        (Kind::Sla, Target::Response) => "SLA: first answer",
        (Kind::Sla, Target::Update) => "SLA: next word",
        (Kind::Sla, Target::Resolution) => "SLA: solution",
        (Kind::Ola, Target::Response) => "OLA: first answer",
        (Kind::Ola, Target::Update) => "OLA: next word",
        (Kind::Ola, Target::Resolution) => "OLA: solution",
        (Kind::Ola, Target::Acceptance) => "OLA: answer to a hand-off",
        (Kind::Uc, Target::Response) => "UC: first answer",
        (Kind::Uc, Target::Update) => "UC: next word",
        (Kind::Uc, Target::Resolution) => "UC: solution",
        (Kind::Uc, Target::Acceptance) => "UC: answer to a hand-off",
        (Kind::Sla, Target::Acceptance) => "SLA: answer to a hand-off",
    }
}

/// For which tickets, without the client and the party: those have names that are shown beside it.
pub(super) fn scope(scope: &Scope) -> String {
    let words = [
        scope.tier.as_ref().map(|tier| format!("tier {tier}")),
        scope.service.as_ref().map(|service| format!("service {service}")),
        scope.priority.as_ref().map(|priority| format!("priority {priority}")),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    if words.is_empty() { "all tickets".to_owned() } else { words.join(", ") }
}

/// What is said. A clock that stands still whenever the ticket waits is the usual one.
pub(super) fn term(term: &Term) -> String {
    match term {
        Term::NoPromise => "nothing is promised".to_owned(),
        Term::Withdrawn => "taken back".to_owned(),
        Term::Within(within) => {
            let hours = match &within.hours {
                Hours::EveryMinute => "day and night".to_owned(),
                Hours::Calendar(name) => format!("in the hours “{name}”"),
            };
            let waits: Vec<&str> =
                Wait::ALL.into_iter().filter(|wait| within.paused_by.has(*wait)).map(wait).collect();
            let still = match waits.len() {
                0 => "; never stands still".to_owned(),
                // That is usual, and goes without saying.
                4 => String::new(),
                _ => format!("; stands still for {}", waits.join(", ")),
            };
            format!("{}, {hours}{still}", within.length)
        }
    }
}

const fn wait(wait: Wait) -> &'static str {
    match wait {
        Wait::Requester => "the requester",
        Wait::Vendor => "a vendor",
        Wait::Window => "an agreed day",
        Wait::Approval => "an approval",
    }
}

/// A whole rule in a line.
pub(crate) fn rule(rule: &Rule) -> String {
    let from = Zone::utc().local(rule.from).date();
    format!("{}, {}: {}, from {from} on", promise(rule.promise), scope(&rule.scope), term(&rule.term))
}

/// What is wrong with rules, said by what they say.
pub(super) fn fault(fault: &PolicyError, rules: &[ListedRule]) -> String {
    let said = |at: &usize| rules.get(*at).map_or_else(String::new, |listed| rule(&listed.rule));
    match fault {
        PolicyError::Tie { first, second, decide, .. } => format!(
            "“{}” and “{}” say different things about the same tickets, and neither is narrower: first add a rule for {}{}",
            said(first),
            said(second),
            scope(decide),
            if decide.client.is_some() { " of that client" } else { "" }
        ),
        PolicyError::Twice { first, second, .. } => format!(
            "“{}” and “{}” are about the same tickets and begin at the same instant: choose another day",
            said(first),
            said(second)
        ),
        PolicyError::NoCalendar { rule, name } => format!(
            "“{}” counts in the hours `{name}`, which not all of its tickets have: add a calendar of that name for everybody first, or for the \
             client or party that the rule is about",
            said(rule)
        ),
        PolicyError::Length { rule, .. } | PolicyError::Acceptance { rule } => {
            format!("“{}” cannot be: {fault}", said(rule))
        }
        PolicyError::TooMany { .. } => fault.to_string(),
    }
}

//! Two rules that hold for one ticket, of which neither is the narrower.

use remit_core::At;
use std::collections::HashMap;

use super::{Line, Policy, PolicyError, Rule};
use crate::scope::Scope;

/// Adds every tie, up to the most that are told.
///
/// What two scopes have in common is a scope again, so exactly the rule of that scope can decide between them. Two that say
/// the same need nobody to decide.
pub(super) fn find(lines: &[Line], rules: &[Rule], faults: &mut Vec<PolicyError>) {
    for lines in lines.chunk_by(|a, b| a.promise == b.promise) {
        let by_scope: HashMap<&Scope, &Line> = lines.iter().map(|line| (&line.scope, line)).collect();
        for (at, a) in lines.iter().enumerate() {
            // The deeper stand first, so none of those behind lies strictly within this one.
            let rivals =
                lines[at + 1..].iter().filter(|b| a.scope.crosses(&b.scope) && !a.scope.is_within(&b.scope));
            for b in rivals.filter(|b| !agree(a, b, rules)) {
                let decide = a.scope.meet(&b.scope);
                let since = tie(a, b, by_scope.get(&decide).copied(), rules);
                faults.extend(since.map(|(at, x, y)| PolicyError::Tie {
                    first: x.min(y),
                    second: x.max(y),
                    promise: a.promise,
                    at,
                    decide: Box::new(decide),
                }));
                if faults.len() >= Policy::MOST_FAULTS {
                    return;
                }
            }
        }
    }
}

/// Whether two lines never say anything but one and the same: most pairs of a large policy, and quickly seen.
fn agree(a: &Line, b: &Line, rules: &[Rule]) -> bool {
    let mut terms = a.dated.iter().chain(&b.dated).map(|(_, rule)| &rules[*rule].term);
    terms.next().is_none_or(|first| terms.all(|term| term == first))
}

/// The first instant at which both are in force with different terms and nobody decides, and their rules then.
fn tie(a: &Line, b: &Line, decides: Option<&Line>, rules: &[Rule]) -> Option<(At, usize, usize)> {
    let instants = [Some(a), Some(b), decides].into_iter().flatten().flat_map(|line| &line.dated);
    let tied = instants.filter_map(|(at, _)| {
        let (x, y) = (a.rule(*at, rules)?, b.rule(*at, rules)?);
        let settled = decides.is_some_and(|line| line.rule(*at, rules).is_some());
        (!settled && rules[x].term != rules[y].term).then_some((*at, x, y))
    });
    tied.min()
}

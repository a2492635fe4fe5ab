//! What the demo's provider promises: by tier and priority, in office hours and day and night, and what the teams promise each other.

use std::collections::BTreeMap;

use remit_core::{At, Millis, Slug};
use remit_db::Tx;
use remit_matrix::draft::CalendarDraft;
use remit_promise::{Hours, Kind, Promise, Rule, Scope, Target, Term, Waits, Within};

use crate::act::Act;
use crate::promises::{self, NewCalendar};
use crate::refused::Refused;

/// For a tier: minutes to the first answer and hours to the solution, of P1 to P4, and whether they count day and night.
const TIERS: [Tier; 3] = [
    ("gold", [(15, 4), (30, 8), (120, 24), (240, 72)], true),
    ("silver", [(30, 8), (60, 16), (240, 40), (480, 80)], false),
    ("bronze", [(60, 16), (240, 40), (480, 80), (960, 160)], false),
];
/// A tier: its name, its targets, and whether they count day and night.
type Tier = (&'static str, [(i64, i64); 4], bool);
/// Hours to the solution that each of the two teams promises the other while it holds a ticket, of P1 to P4, day and night.
const OWN: [i64; 4] = [3, 6, 20, 60];

/// Promises it from an instant on, which may lie in the past: tickets of the demo do, too.
pub(super) fn promise(tx: &mut Tx<'_, '_>, act: &Act, (zone, from): (&str, At)) -> Result<(), Refused> {
    let week = BTreeMap::from([("mon-fri".to_owned(), "08:00-18:00".to_owned())]);
    let holidays = vec!["US".to_owned()];
    let hours = CalendarDraft { zone: Some(zone.to_owned()), week, holidays, ..CalendarDraft::default() };
    let office =
        NewCalendar { client: None, party: None, name: "office".to_owned(), from: Some(from), hours };
    promises::keep_calendar(tx, act, &office)?;
    let name = Slug::parse("office").map_err(|e| Refused::Conflict(e.to_string()))?;
    let mut say = |promise, tier: Option<&str>, n: usize, length, hours| {
        let priority = Some(format!("P{}", n + 1));
        let scope = Scope { tier: tier.map(ToOwned::to_owned), priority, ..Scope::default() };
        let term = Term::Within(Within { length, hours, paused_by: Waits::ALL });
        promises::insert(tx, act, None, &Rule { promise, scope, from, term }).map(drop)
    };
    for (tier, targets, always) in TIERS {
        for (n, (answer, solution)) in targets.into_iter().enumerate() {
            let hours = || if always { Hours::EveryMinute } else { Hours::Calendar(name.clone()) };
            say(Promise::RESPONSE, Some(tier), n, Millis::from_minutes(answer), hours())?;
            say(Promise::RESOLUTION, Some(tier), n, Millis::from_hours(solution), hours())?;
        }
    }
    for (n, solution) in OWN.into_iter().enumerate() {
        for kind in [Kind::Ola, Kind::Uc] {
            let promise = Promise { kind, target: Target::Resolution };
            say(promise, None, n, Millis::from_hours(solution), Hours::EveryMinute)?;
        }
    }
    Ok(())
}

//! What is promised: to clients (SLA), between the two IT teams (OLA), by vendors (UC).
//!
//! A **rule** says how long something may take, for which tickets, from when on. A **calendar** says which hours count. Both are dated and only
//! ever added, so nothing that was counted changes later. The narrowest rule speaks, and two that say different things about the same
//! tickets are refused when they are written, never found out at night.
//!
//! Rows of a matrix promise too: their targets go before all rules, counted in the hours that the matrix itself names.
//!
//! Time is counted by [`remit_promise`] alone. Here is what goes into it; what comes out stands with the tickets.

mod calendar;
mod compiled;
mod rule;
#[cfg(test)]
mod tests;
pub(crate) mod web;
mod words;

use remit_core::Kind as IdKind;
use remit_db::{Tx, shared_sql};
use uuid::Uuid;

use crate::act::Act;
use crate::refused::Refused;

pub use calendar::{ListedCalendar, NewCalendar, add_calendar, calendars};
pub(crate) use calendar::{MATRIX, adopt, keep as keep_calendar};
pub(crate) use compiled::{Compiled, Policies, of};
pub use rule::{ListedRule, NewRule, add_rule, end_rule, find_rule, rules};
pub(crate) use rule::{found, insert};
pub(crate) use web::{key_of as promise_key, promise_of};
pub(crate) use words::{promise as promise_words, rule as rule_words};

/// A rule about promises.
#[derive(Debug)]
pub struct Rule;

impl IdKind for Rule {
    const PREFIX: &'static str = "promise";
}

/// Hours in which promises count.
#[derive(Debug)]
pub struct Calendar;

impl IdKind for Calendar {
    const PREFIX: &'static str = "calendar";
}

/// Something that promised time depends on has changed.
pub(crate) fn turned(tx: &mut Tx<'_, '_>, act: &Act) -> Result<(), Refused> {
    let turn = shared_sql!(
        "INSERT INTO promise_turn (provider_id, turn) VALUES ($1, $2) ON CONFLICT (provider_id) DO UPDATE SET turn = excluded.turn"
    );
    // Never the same again: what was compiled in a unit of work that came to nothing is not taken for what comes after it.
    tx.exec(turn, (act.id::<Rule>(),))?;
    Ok(())
}

/// Under which turn promised time is counted now.
pub(crate) fn turn(tx: &mut Tx<'_, '_>) -> Result<Uuid, Refused> {
    let get = shared_sql!("SELECT turn FROM promise_turn WHERE provider_id = $1");
    Ok(tx.find::<(Uuid,), _>(get, ())?.map_or(Uuid::nil(), |(turn,)| turn))
}

//! All that is promised to a client, compiled: milliseconds to make, microseconds to ask, so it is kept.

use std::sync::Arc;

use quick_cache::sync::Cache;
use remit_core::{At, Date, Edge, Id, Span, Zone};
use remit_db::Tx;
use remit_promise::{CalendarOf, Calendars, ClientId, DatedCalendar, PartyId, Policy, PolicyError};
use uuid::Uuid;

use super::calendar::{self, ListedCalendar, MATRIX};
use super::rule::{self, ListedRule};
use super::{turn, words};
use crate::act::Act;
use crate::clients::{self, Client};
use crate::refused::Refused;

/// Clients whose promises are kept compiled.
const KEPT: usize = 1000;
/// Years back, and ahead, for which clocks can be reckoned: a ticket that has been open for longer has none.
const YEARS: (i16, i16) = (10, 4);

/// What is promised to a client.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Under which turn: another one wants another policy.
    pub turn: Uuid,
    /// Rules and calendars.
    pub policy: Policy,
    /// The tiers of its agreements, from when on each.
    pub tiers: Vec<(At, String)>,
    /// Its wall clock; of one whose zone a newer release took out of its data, UTC.
    pub zone: Zone,
}

/// Of which provider and client, under which turn, in which year.
type Key = (Uuid, Uuid, Uuid, i16);

/// What was compiled. Shared by all who ask.
pub(crate) struct Policies(Cache<Key, Arc<Compiled>>);

impl Default for Policies {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

/// What is promised to a client now.
pub(crate) fn of(tx: &mut Tx<'_, '_>, act: &Act, client: Id<Client>) -> Result<Arc<Compiled>, Refused> {
    let (turn, year) = (turn(tx)?, Zone::utc().local(act.at).date().year());
    let key = (act.caller.provider.uuid(), client.uuid(), turn, year);
    if let Some(kept) = act.policies.0.get(&key) {
        return Ok(kept);
    }
    let (rules, hours) = (rule::of_client(tx, Some(client))?, calendar::of_client(tx, Some(client))?);
    let policy = policy(&rules, &hours, year).unwrap_or_else(|faults| {
        // What is written was checked, so this is a fault of ours; tickets go on, without promises, and the log says why.
        tracing::error!(%client, ?faults, "what is promised to a client cannot be compiled");
        Policy::new(Vec::new(), Calendars::none()).expect("no rules have no faults")
    });
    let compiled = Arc::new(Compiled {
        turn,
        policy,
        tiers: clients::tiers(tx, client)?,
        zone: clients::zone(tx, client)?,
    });
    act.policies.0.insert(key, Arc::clone(&compiled));
    Ok(compiled)
}

/// Whether all that is written stands together, in words that name what does not: for a client, or for everybody.
pub(super) fn checked(tx: &mut Tx<'_, '_>, act: &Act, client: Option<Id<Client>>) -> Result<(), String> {
    let wrong = |refused: Refused| refused.to_string();
    let rules = match client {
        Some(_) => rule::of_client(tx, client),
        None => rule::of_all(tx),
    };
    let rules = rules.map_err(wrong)?;
    let hours = calendar::of_client(tx, client).map_err(wrong)?;
    let year = Zone::utc().local(act.at).date().year();
    policy(&rules, &hours, year).map(drop).map_err(|faults| match faults.first() {
        Some(fault) => words::fault(fault, &rules),
        None => "the calendars do not stand together: two of one name and owner begin at the same instant"
            .to_owned(),
    })
}

fn policy(rules: &[ListedRule], hours: &[ListedCalendar], year: i16) -> Result<Policy, Vec<PolicyError>> {
    let new_year = |year: i16| {
        let day = Date::new(year, 1, 1).unwrap_or(Date::ZERO);
        Zone::utc().at(day.at(0, 0, 0, 0), Edge::Start)
    };
    let horizon = Span::new(new_year(year - YEARS.0), new_year(year + YEARS.1));
    let dated = hours.iter().filter_map(dated).collect();
    let calendars = Calendars::new(horizon, dated).map_err(|_| Vec::new())?;
    Policy::new(rules.iter().map(|listed| listed.rule.clone()).collect(), calendars)
}

fn dated(listed: &ListedCalendar) -> Option<DatedCalendar> {
    let calendar = listed.hours.hours(&Zone::utc()).ok()?;
    let of = match (listed.client, listed.party) {
        // Those of a matrix count for whoever its rows name, and only here: this is one client's.
        _ if listed.name.parts().next() == Some(MATRIX) => CalendarOf::Everyone,
        (_, Some(party)) => CalendarOf::Party(PartyId(party.uuid().as_u128())),
        (Some(client), None) => CalendarOf::Client(ClientId(client.uuid().as_u128())),
        (None, None) => CalendarOf::Everyone,
    };
    Some(DatedCalendar { name: listed.name.clone(), of, from: listed.from, calendar })
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Policies").field(&self.0.len()).finish()
    }
}

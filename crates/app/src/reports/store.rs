//! What is read for the report: sums of months, whose time was used, and the tickets that a number stands for.

use std::collections::BTreeMap;

use remit_core::Id;
use remit_db::{Error, FromRow, Row, Tx, sql};

use super::sum::{Share, Used};
use super::{Month, Which};
use crate::act::Act;
use crate::clients::{self, Client};
use crate::keyed::texts;
use crate::people::{Party, PartyKind, Permission};
use crate::refused::Refused;
use crate::tickets::outcome::{Figures, NOTHING, Outcome, listed};
use crate::tickets::{Listed, Ticket, listed_by};

/// Outcomes that are read at once.
const AT_ONCE: i64 = 500;
/// Outcomes that are looked at for one page.
const LOOKED: usize = 40_000;

/// Sums by month; what follows is the rest of the condition.
macro_rules! sums {
    ($rest:literal) => {
        concat!(
            "SELECT month, CAST(SUM(opened) AS BIGINT), CAST(SUM(by_l1) AS BIGINT), CAST(SUM(by_l2) AS BIGINT), CAST(SUM(by_l3) AS BIGINT), \
             CAST(SUM(by_unsaid) AS BIGINT), CAST(SUM(by_internal) AS BIGINT), CAST(SUM(by_vendor) AS BIGINT), CAST(SUM(handed) AS \
             BIGINT), CAST(SUM(bounced) AS BIGINT), CAST(SUM(sla_response_kept) AS BIGINT), CAST(SUM(sla_response_missed) AS \
             BIGINT), CAST(SUM(sla_update_kept) AS BIGINT), CAST(SUM(sla_update_missed) AS BIGINT), CAST(SUM(sla_resolution_kept) AS \
             BIGINT), CAST(SUM(sla_resolution_missed) AS BIGINT), CAST(SUM(ola_response_kept) AS BIGINT), \
             CAST(SUM(ola_response_missed) AS BIGINT), CAST(SUM(ola_update_kept) AS BIGINT), CAST(SUM(ola_update_missed) AS BIGINT), \
             CAST(SUM(ola_resolution_kept) AS BIGINT), CAST(SUM(ola_resolution_missed) AS BIGINT), CAST(SUM(ola_acceptance_kept) AS \
             BIGINT), CAST(SUM(ola_acceptance_missed) AS BIGINT), CAST(SUM(uc_response_kept) AS BIGINT), \
             CAST(SUM(uc_response_missed) AS BIGINT), CAST(SUM(uc_update_kept) AS BIGINT), CAST(SUM(uc_update_missed) AS BIGINT), \
             CAST(SUM(uc_resolution_kept) AS BIGINT), CAST(SUM(uc_resolution_missed) AS BIGINT), CAST(SUM(uc_acceptance_kept) AS \
             BIGINT), CAST(SUM(uc_acceptance_missed) AS BIGINT) FROM desk_month \
             WHERE provider_id = $1 AND {reach: client_id} AND month >= $2 AND month <= $3",
            $rest,
            " GROUP BY month ORDER BY month"
        )
    };
}

/// Whose time was used in a month; what follows is the rest of the condition.
macro_rules! used {
    ($rest:literal) => {
        concat!(
            "SELECT d.promise, d.party_id, p.name, p.kind, CAST(SUM(d.millis) AS BIGINT) FROM desk_used d \
             LEFT JOIN party p ON p.provider_id = d.provider_id AND p.id = d.party_id \
             WHERE d.provider_id = $1 AND {reach: d.client_id} AND d.month = $2",
            $rest,
            " GROUP BY d.promise, d.party_id, p.name, p.kind ORDER BY d.promise, d.party_id"
        )
    };
}

texts! {
    MONTHS_OF_ALL = sums!("");
    MONTHS_OF_ONE = sums!(" AND client_id = $4");
    USED_OF_ALL = used!("");
    USED_OF_ONE = used!(" AND d.client_id = $3");
}

struct Sum(String, Figures);

impl FromRow for Sum {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let mut figures = NOTHING;
        for (n, figure) in figures.0.iter_mut().enumerate() {
            *figure = row.get(n + 1)?;
        }
        Ok(Self(row.get(0)?, figures))
    }
}

/// The sums of months, from one to another: of all within reach, or of one client.
pub(super) fn months(
    tx: &mut Tx<'_, '_>,
    (from, to): (Month, Month),
    client: Option<Id<Client>>,
) -> Result<BTreeMap<String, Figures>, Refused> {
    let (from, to) = (from.to_string(), to.to_string());
    let found: Vec<Sum> = match client {
        None => tx.rows(sql!(MONTHS_OF_ALL), (from, to))?,
        Some(client) => tx.rows(sql!(MONTHS_OF_ONE), (from, to, client))?,
    };
    Ok(found.into_iter().map(|Sum(month, figures)| (month, figures)).collect())
}

/// Whose time missed promises took in a month.
pub(super) fn used(tx: &mut Tx<'_, '_>, month: Month, client: Option<Id<Client>>) -> Result<Used, Refused> {
    type One = (String, Id<Party>, Option<String>, Option<String>, i64);
    let month = month.to_string();
    let found: Vec<One> = match client {
        None => tx.rows(sql!(USED_OF_ALL), (month,))?,
        Some(client) => tx.rows(sql!(USED_OF_ONE), (month, client))?,
    };
    let mut used = Used::new();
    for (promise, party, name, kind, millis) in found {
        let name = name.unwrap_or_else(|| "somebody".to_owned());
        let kind = kind.and_then(|kind| PartyKind::from_key(&kind));
        used.entry(promise).or_default().push(Share { party: Some(party), name, kind, millis });
    }
    Ok(used)
}

/// A ticket that a number stands for, and what became of it.
pub(crate) type Counted = (Listed, Outcome);

/// The tickets of a month that a number stands for, the newest first, from before one on; and before which the next page begins.
pub(crate) fn tickets(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (month, client, which): (Month, Option<Id<Client>>, Which),
    (mut before, most): (Option<Id<Ticket>>, usize),
) -> Result<(Vec<Counted>, Option<Id<Ticket>>), Refused> {
    act.require(Permission::ReadTickets)?;
    if let Some(client) = client {
        clients::find(tx, act, client)?;
    }
    let month = month.to_string();
    let (mut kept, mut looked, mut next) = (Vec::new(), 0, None);
    while kept.len() <= most && looked < LOOKED {
        let page = listed(tx, (which.of(), &month), (before, AT_ONCE))?;
        looked += page.len();
        let whole = page.len() < usize::try_from(AT_ONCE).unwrap_or(0);
        before = page.last().map(|one| one.ticket).or(before);
        let fits = page.into_iter().filter(|one| client.is_none_or(|client| client == one.client));
        kept.extend(fits.filter(|one| which.has(&one.outcome)));
        next = before.filter(|_| !whole);
        if whole {
            break;
        }
    }
    if kept.len() > most {
        kept.truncate(most);
        next = kept.last().map(|one| one.ticket);
    }
    let ids: Vec<Id<Ticket>> = kept.iter().map(|one| one.ticket).collect();
    let shown = listed_by(tx, act, &ids)?;
    let mut outcomes: BTreeMap<_, _> = kept.into_iter().map(|one| (one.ticket, one.outcome)).collect();
    let each = shown.into_iter().filter_map(|listed| {
        let outcome = outcomes.remove(&listed.ticket.id)?;
        Some((listed, outcome))
    });
    Ok((each.collect(), next))
}

//! Where outcomes are kept: a row for each ticket, and the sums of them for each month of a client.

use std::collections::BTreeMap;

use remit_core::Id;
use remit_db::{Error, FromRow, IntoValue as _, Row, Tx, Value, sql};
use uuid::Uuid;

use super::{Facts, Figures, NOTHING, Outcome, Solved, SolvedBy};
use crate::clients::Client;
use crate::refused::Refused;
use crate::tickets::Ticket;

/// Rows that are compared at once.
const PAGE: i64 = 1000;

/// The columns of an outcome as they are kept.
type Kept = (Option<String>, Option<String>, Option<SolvedBy>, String);

fn read((opened, month, by, facts): Kept) -> Result<Outcome, Refused> {
    let solved = match month.zip(by) {
        None => None,
        Some((month, by)) => {
            let facts: Facts = serde_json::from_str(&facts)
                .map_err(|e| Error::Other(format!("the outcome of a ticket cannot be read: {e}")))?;
            Some(Solved { month, by, facts })
        }
    };
    Ok(Outcome { opened, solved })
}

fn written(outcome: &Outcome) -> (Option<&str>, Option<&str>, Option<SolvedBy>, String) {
    let solved = outcome.solved.as_ref();
    let facts = solved.map(|solved| serde_json::to_string(&solved.facts).expect("facts are plain data"));
    (
        outcome.opened.as_deref(),
        solved.map(|solved| solved.month.as_str()),
        solved.map(|solved| solved.by),
        facts.unwrap_or_default(),
    )
}

/// What is kept of a ticket; none where it was not reckoned since there is a report.
pub(crate) fn stored(tx: &mut Tx<'_, '_>, id: Id<Ticket>) -> Result<Option<Outcome>, Refused> {
    let get = sql!(
        "SELECT opened_month, solved_month, solved_by, facts FROM ticket_outcome \
         WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2"
    );
    tx.find::<Kept, _>(get, (id,))?.map(read).transpose()
}

/// Keeps an outcome, and moves the sums by what it differs from the one before. Comes last in a unit of work, when the ticket and the head of the
/// audit log are locked already: nobody else changes this outcome meanwhile, and nobody waits for these sums with something that is waited for here.
pub(crate) fn keep(tx: &mut Tx<'_, '_>, ticket: &Ticket, outcome: &Outcome) -> Result<(), Refused> {
    let before = stored(tx, ticket.id)?;
    if before.as_ref() == Some(outcome) {
        return Ok(());
    }
    let (opened, month, by, facts) = written(outcome);
    if before.is_none() {
        let add = sql!(
            "INSERT INTO ticket_outcome (provider_id, ticket_id, client_id, opened_month, solved_month, solved_by, facts) \
             VALUES ($1, $2, {client: $3}, $4, $5, $6, $7)"
        );
        tx.exec(add, (ticket.id, ticket.client, opened, month, by, facts))?;
    } else {
        let set = sql!(
            "UPDATE ticket_outcome SET opened_month = $3, solved_month = $4, solved_by = $5, facts = $6 \
             WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2"
        );
        tx.exec(set, (ticket.id, opened, month, by, facts))?;
    }
    let mut sums = Sums::default();
    sums.add(ticket.client.uuid(), outcome, 1);
    if let Some(before) = &before {
        sums.add(ticket.client.uuid(), before, -1);
    }
    sums.keep(tx)
}

/// Sums by month and client, and whose time was used by month, client, promise and party.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    months: BTreeMap<(String, Uuid), Figures>,
    used: BTreeMap<(String, Uuid, String, Uuid), i64>,
}

impl Sums {
    fn add(&mut self, client: Uuid, outcome: &Outcome, times: i64) {
        for (month, figures) in Figures::of(outcome) {
            self.months.entry((month.to_owned(), client)).or_insert(NOTHING).add(&figures, times);
        }
        let Some(Solved { month, facts, .. }) = &outcome.solved else { return };
        for (promise, used) in &facts.used {
            for (party, millis) in used {
                let key = (month.clone(), client, promise.clone(), party.uuid());
                *self.used.entry(key).or_default() += times * millis;
            }
        }
    }

    /// Without what is nothing.
    fn rid(mut self) -> Self {
        self.months.retain(|_, figures| *figures != NOTHING);
        self.used.retain(|_, millis| *millis != 0);
        self
    }

    /// Adds them to what is kept, always in the same order.
    fn keep(self, tx: &mut Tx<'_, '_>) -> Result<(), Refused> {
        let add = sql!(
            "INSERT INTO desk_month (provider_id, month, client_id, opened, by_l1, by_l2, by_l3, by_unsaid, by_internal, by_vendor, \
         handed, bounced, sla_response_kept, sla_response_missed, sla_update_kept, sla_update_missed, sla_resolution_kept, \
         sla_resolution_missed, ola_response_kept, ola_response_missed, ola_update_kept, ola_update_missed, ola_resolution_kept, \
         ola_resolution_missed, ola_acceptance_kept, ola_acceptance_missed, uc_response_kept, uc_response_missed, \
         uc_update_kept, uc_update_missed, uc_resolution_kept, uc_resolution_missed, uc_acceptance_kept, uc_acceptance_missed) \
         VALUES ($1, $2, {client: $3}, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
         $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34) ON CONFLICT (provider_id, month, client_id) DO UPDATE SET \
         opened = desk_month.opened + excluded.opened, by_l1 = desk_month.by_l1 + excluded.by_l1, by_l2 = desk_month.by_l2 + \
         excluded.by_l2, by_l3 = desk_month.by_l3 + excluded.by_l3, by_unsaid = desk_month.by_unsaid + excluded.by_unsaid, \
         by_internal = desk_month.by_internal + excluded.by_internal, by_vendor = desk_month.by_vendor + excluded.by_vendor, \
         handed = desk_month.handed + excluded.handed, bounced = desk_month.bounced + excluded.bounced, sla_response_kept = \
         desk_month.sla_response_kept + excluded.sla_response_kept, sla_response_missed = desk_month.sla_response_missed + \
         excluded.sla_response_missed, sla_update_kept = desk_month.sla_update_kept + excluded.sla_update_kept, \
         sla_update_missed = desk_month.sla_update_missed + excluded.sla_update_missed, sla_resolution_kept = \
         desk_month.sla_resolution_kept + excluded.sla_resolution_kept, sla_resolution_missed = desk_month.sla_resolution_missed \
         + excluded.sla_resolution_missed, ola_response_kept = desk_month.ola_response_kept + excluded.ola_response_kept, \
         ola_response_missed = desk_month.ola_response_missed + excluded.ola_response_missed, ola_update_kept = \
         desk_month.ola_update_kept + excluded.ola_update_kept, ola_update_missed = desk_month.ola_update_missed + \
         excluded.ola_update_missed, ola_resolution_kept = desk_month.ola_resolution_kept + excluded.ola_resolution_kept, \
         ola_resolution_missed = desk_month.ola_resolution_missed + excluded.ola_resolution_missed, ola_acceptance_kept = \
         desk_month.ola_acceptance_kept + excluded.ola_acceptance_kept, ola_acceptance_missed = desk_month.ola_acceptance_missed \
         + excluded.ola_acceptance_missed, uc_response_kept = desk_month.uc_response_kept + excluded.uc_response_kept, \
         uc_response_missed = desk_month.uc_response_missed + excluded.uc_response_missed, uc_update_kept = \
         desk_month.uc_update_kept + excluded.uc_update_kept, uc_update_missed = desk_month.uc_update_missed + \
         excluded.uc_update_missed, uc_resolution_kept = desk_month.uc_resolution_kept + excluded.uc_resolution_kept, \
         uc_resolution_missed = desk_month.uc_resolution_missed + excluded.uc_resolution_missed, uc_acceptance_kept = \
         desk_month.uc_acceptance_kept + excluded.uc_acceptance_kept, uc_acceptance_missed = desk_month.uc_acceptance_missed + \
         excluded.uc_acceptance_missed"
        );
        let Self { months, used } = self.rid();
        for ((month, client), figures) in months {
            let mut own: Vec<Value> = vec![month.into_value(), Value::Uuid(client)];
            own.extend(figures.0.map(Value::Int));
            tx.exec(add, own)?;
        }
        let add = sql!(
            "INSERT INTO desk_used (provider_id, month, client_id, promise, party_id, millis) \
             VALUES ($1, $2, {client: $3}, $4, $5, $6) ON CONFLICT (provider_id, month, client_id, promise, party_id) \
             DO UPDATE SET millis = desk_used.millis + excluded.millis"
        );
        for ((month, client, promise, party), millis) in used {
            tx.exec(add, (month, client, promise, party, millis))?;
        }
        Ok(())
    }
}

/// A row of sums as it is kept.
struct KeptMonth((String, Uuid), Figures);

impl FromRow for KeptMonth {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let mut figures = NOTHING;
        for (n, figure) in figures.0.iter_mut().enumerate() {
            *figure = row.get(n + 2)?;
        }
        Ok(Self((row.get(0)?, row.get(1)?), figures))
    }
}

/// Adds the sums up again out of all outcomes within reach; in words, where others are kept. Gives how many outcomes there were.
pub(crate) fn compare(tx: &mut Tx<'_, '_>) -> Result<(u64, Vec<String>), Refused> {
    type One = (Id<Ticket>, Id<Client>, Option<String>, Option<String>, Option<SolvedBy>, String);
    let list = sql!(
        "SELECT ticket_id, client_id, opened_month, solved_month, solved_by, facts FROM ticket_outcome \
         WHERE provider_id = $1 AND {reach: client_id} AND ticket_id > $2 ORDER BY ticket_id LIMIT $3"
    );
    let (mut again, mut seen, mut behind) = (Sums::default(), 0, Uuid::nil());
    loop {
        let page: Vec<One> = tx.rows(list, (behind, PAGE))?;
        let Some((newest, ..)) = page.last() else { break };
        behind = newest.uuid();
        seen += page.len() as u64;
        for (_, client, opened, month, by, facts) in page {
            again.add(client.uuid(), &read((opened, month, by, facts))?, 1);
        }
    }
    let again = again.rid();
    let kept = kept(tx)?;
    let mut odd = Vec::new();
    let months = again.months.keys().chain(kept.months.keys());
    for key in months.filter(|key| again.months.get(*key) != kept.months.get(*key)) {
        odd.push(format!("{}: the sums of a client are kept otherwise than its tickets add up", key.0));
    }
    let used = again.used.keys().chain(kept.used.keys());
    for key in used.filter(|key| again.used.get(*key) != kept.used.get(*key)) {
        odd.push(format!("{}: whose time {} took is kept otherwise than tickets add up", key.0, key.2));
    }
    odd.sort();
    odd.dedup();
    Ok((seen, odd))
}

fn kept(tx: &mut Tx<'_, '_>) -> Result<Sums, Refused> {
    let months = sql!(
        "SELECT month, client_id, opened, by_l1, by_l2, by_l3, by_unsaid, by_internal, by_vendor, handed, bounced, sla_response_kept, \
         sla_response_missed, sla_update_kept, sla_update_missed, sla_resolution_kept, sla_resolution_missed, ola_response_kept, \
         ola_response_missed, ola_update_kept, ola_update_missed, ola_resolution_kept, ola_resolution_missed, \
         ola_acceptance_kept, ola_acceptance_missed, uc_response_kept, uc_response_missed, uc_update_kept, uc_update_missed, \
         uc_resolution_kept, uc_resolution_missed, uc_acceptance_kept, uc_acceptance_missed FROM desk_month \
         WHERE provider_id = $1 AND {reach: client_id} AND (month, client_id) > ($2, $3) ORDER BY month, client_id LIMIT $4"
    );
    let mut sums = Sums::default();
    let mut behind = (String::new(), Uuid::nil());
    loop {
        let page: Vec<KeptMonth> = tx.rows(months, (&behind.0, behind.1, PAGE))?;
        let Some(KeptMonth(last, _)) = page.last() else { break };
        behind = last.clone();
        sums.months.extend(page.into_iter().map(|KeptMonth(key, figures)| (key, figures)));
    }
    let used = sql!(
        "SELECT month, client_id, promise, party_id, millis FROM desk_used WHERE provider_id = $1 AND {reach: client_id} \
         AND (month, client_id, promise, party_id) > ($2, $3, $4, $5) ORDER BY month, client_id, promise, party_id LIMIT $6"
    );
    let mut behind = (String::new(), Uuid::nil(), String::new(), Uuid::nil());
    loop {
        let page: Vec<(String, Uuid, String, Uuid, i64)> =
            tx.rows(used, (&behind.0, behind.1, &behind.2, behind.3, PAGE))?;
        let Some((month, client, promise, party, _)) = page.last().cloned() else { break };
        behind = (month, client, promise, party);
        let row = |(month, client, promise, party, millis)| ((month, client, promise, party), millis);
        sums.used.extend(page.into_iter().map(row));
    }
    Ok(sums.rid())
}

/// Which outcomes are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Of tickets that were opened in a month.
    Opened,
    /// Of those that were solved in it.
    Solved,
}

/// An outcome with its ticket.
pub(crate) struct ListedOutcome {
    /// Of which ticket.
    pub ticket: Id<Ticket>,
    /// Of which client.
    pub client: Id<Client>,
    /// What became of it.
    pub outcome: Outcome,
}

impl FromRow for ListedOutcome {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let kept = (row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
        let outcome = read(kept).map_err(|refused| Error::Other(refused.to_string()))?;
        Ok(Self { ticket: row.get(0)?, client: row.get(1)?, outcome })
    }
}

/// Outcomes of a month, those of the newest tickets first, from before an id on.
pub(crate) fn listed(
    tx: &mut Tx<'_, '_>,
    (of, month): (Of, &str),
    (before, most): (Option<Id<Ticket>>, i64),
) -> Result<Vec<ListedOutcome>, Refused> {
    let opened = sql!(
        "SELECT ticket_id, client_id, opened_month, solved_month, solved_by, facts FROM ticket_outcome \
         WHERE provider_id = $1 AND {reach: client_id} AND opened_month = $2 AND ticket_id < $3 ORDER BY ticket_id DESC LIMIT $4"
    );
    let solved = sql!(
        "SELECT ticket_id, client_id, opened_month, solved_month, solved_by, facts FROM ticket_outcome \
         WHERE provider_id = $1 AND {reach: client_id} AND solved_month = $2 AND ticket_id < $3 ORDER BY ticket_id DESC LIMIT $4"
    );
    let before = before.map_or(Uuid::max(), Id::uuid);
    let list = if of == Of::Opened { opened } else { solved };
    Ok(tx.rows(list, (month, before, most))?)
}

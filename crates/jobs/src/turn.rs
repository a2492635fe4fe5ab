//! Whose job is next: one of each provider in turn, the oldest of each first, so that nobody's thousand jobs keep another's one waiting.

use std::collections::VecDeque;
use std::ops::Bound;

use remit_core::At;
use remit_db::{Error, System, Tx, system_sql};
use uuid::Uuid;

/// Providers that are looked at in one go.
const PROVIDERS: usize = 10_000;

/// Up to `most` jobs of a queue that are due, those of providers behind `last` first; and the provider of the last one.
pub(crate) fn due(
    tx: &mut Tx<'_, '_, System>,
    queue: &str,
    now: At,
    last: Uuid,
    most: usize,
) -> Result<(Vec<Uuid>, Uuid), Error> {
    let mut lines: VecDeque<(Uuid, VecDeque<Uuid>)> = VecDeque::new();
    for (from, to) in [(Bound::Excluded(last), Uuid::max()), (Bound::Included(Uuid::nil()), last)] {
        for provider in providers(tx, queue, now, (from, to), most.saturating_sub(lines.len()))? {
            let ids = system_sql!(
                "SELECT id FROM job WHERE queue = $1 AND provider_id = $2 AND ended_at IS NULL AND due_at <= $3 \
                 ORDER BY due_at, id LIMIT $4"
            );
            let ids: Vec<(Uuid,)> = tx.rows(ids, (queue, provider, now, most as i64))?;
            lines.push_back((provider, ids.into_iter().map(|(id,)| id).collect()));
        }
    }
    let (mut chosen, mut last) = (Vec::new(), last);
    while chosen.len() < most {
        let Some((provider, mut ids)) = lines.pop_front() else { break };
        let Some(id) = ids.pop_front() else { continue };
        chosen.push(id);
        last = provider;
        lines.push_back((provider, ids));
    }
    Ok((chosen, last))
}

/// Up to `most` providers with a job that is due, from a bound up to and with another. Steps from provider to provider through the
/// index, however many jobs each of them has.
fn providers(
    tx: &mut Tx<'_, '_, System>,
    queue: &str,
    now: At,
    (mut from, to): (Bound<Uuid>, Uuid),
    most: usize,
) -> Result<Vec<Uuid>, Error> {
    let mut found = Vec::new();
    for _ in 0..PROVIDERS {
        if found.len() >= most {
            break;
        }
        let (first, behind) = (
            system_sql!(
                "SELECT provider_id, due_at FROM job WHERE queue = $1 AND ended_at IS NULL \
                 AND provider_id >= $2 AND provider_id <= $3 ORDER BY provider_id, due_at, id LIMIT 1"
            ),
            system_sql!(
                "SELECT provider_id, due_at FROM job WHERE queue = $1 AND ended_at IS NULL \
                 AND provider_id > $2 AND provider_id <= $3 ORDER BY provider_id, due_at, id LIMIT 1"
            ),
        );
        let next: Option<(Uuid, At)> = match from {
            Bound::Excluded(from) => tx.find(behind, (queue, from, to))?,
            Bound::Included(from) => tx.find(first, (queue, from, to))?,
            Bound::Unbounded => tx.find(first, (queue, Uuid::nil(), to))?,
        };
        let Some((provider, due)) = next else { break };
        if due <= now {
            found.push(provider);
        }
        from = Bound::Excluded(provider);
    }
    Ok(found)
}

/// When the next job of a queue is due, those that somebody has included: their leases may end.
pub(crate) fn next_due(tx: &mut Tx<'_, '_, System>, queue: &str) -> Result<Option<At>, Error> {
    let next =
        system_sql!("SELECT due_at FROM job WHERE queue = $1 AND ended_at IS NULL ORDER BY due_at LIMIT 1");
    Ok(tx.find::<(At,), _>(next, (queue,))?.map(|(at,)| at))
}

//! Every way in that a membership has, for whoever ends it.

use remit_core::Id;
use remit_db::{Tx, system_sql};

use super::{IDLE, key};
use crate::act::Act;
use crate::people::Membership;
use crate::refused::Refused;

/// How many of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Ways {
    /// Sessions, and those that wait for a code.
    pub sessions: i64,
    /// Links that were not used yet.
    pub links: i64,
    /// API keys.
    pub keys: i64,
}

impl Ways {
    /// Those that there are, in words.
    pub fn words(self) -> impl Iterator<Item = String> {
        let all =
            [(self.sessions, "session", "sessions"), (self.links, "link to sign in", "links to sign in")];
        all.into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more }))
    }
}

impl std::fmt::Display for Ways {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<String> = self.words().collect();
        f.write_str(&if words.is_empty() { "no session".to_owned() } else { words.join(", ") })?;
        f.write_str(" ended")
    }
}

/// The ways in of a membership, which the caller has found within reach.
pub(crate) fn ways_in(tx: &mut Tx<'_, '_>, act: &Act, membership: Id<Membership>) -> Result<Ways, Refused> {
    let (provider, now) = (act.caller.provider, act.at);
    Ok(tx.beyond("whoever ends a membership ends its ways in", move |tx| {
        let sessions = system_sql!(
            "SELECT COUNT(*) FROM session WHERE provider_id = $1 AND membership_id = $2 AND ends_at > $3 AND seen_at > $4"
        );
        let links = system_sql!(
            "SELECT COUNT(*) FROM link WHERE provider_id = $1 AND membership_id = $2 AND ends_at > $3 AND used_at IS NULL"
        );
        let first = |found: Option<(i64,)>| found.map_or(0, |(count,)| count);
        Ok(Ways {
            sessions: first(tx.find(sessions, (provider, membership, now, now - IDLE))?),
            links: first(tx.find(links, (provider, membership, now))?),
            keys: key::count(tx, provider.uuid(), membership)?,
        })
    })?)
}

/// Ends all of them at once. The caller notes it with what it was done for.
pub(crate) fn end_ways_in(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    membership: Id<Membership>,
) -> Result<Ways, Refused> {
    let ended = ways_in(tx, act, membership)?;
    let provider = act.caller.provider;
    tx.beyond("whoever ends a membership ends its ways in", move |tx| {
        let all = [
            system_sql!("DELETE FROM session WHERE provider_id = $1 AND membership_id = $2"),
            system_sql!("DELETE FROM half_session WHERE provider_id = $1 AND membership_id = $2"),
            system_sql!("DELETE FROM link WHERE provider_id = $1 AND membership_id = $2"),
        ];
        key::end_all(tx, provider.uuid(), membership)?;
        all.into_iter().try_for_each(|end| tx.exec(end, (provider, membership)).map(drop))
    })?;
    Ok(ended)
}

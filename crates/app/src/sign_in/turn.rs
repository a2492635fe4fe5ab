//! New secrets for sessions that go on: one that was copied from somewhere is of no use for long.
//!
//! After [`TURN`] the next secret is offered with an answer. It counts from its first use on; until then the present one does, so that an
//! answer that never arrived signs nobody out. The one before it stays good for [`GRACE`], for what was asked at the same time.

use remit_core::{At, Id, Millis};
use remit_db::{System, Tx, system_sql};

use super::{IDLE, Secret, Session};
use crate::App;
use crate::act::Caller;
use crate::people::{Membership, Party};
use crate::refused::Refused;

/// How old a secret gets before the next is offered.
pub const TURN: Millis = Millis::from_hours(1);
/// How long a secret stays good after the next was used.
pub const GRACE: Millis = Millis::from_millis(10_000);
/// How long an offer may stay unused before another is made.
const OFFER: Millis = Millis::from_minutes(1);

/// How a secret stands to its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is the present one; whether the next may be offered.
    Present {
        /// Whether it is old enough, and there is no other offer.
        due: bool,
    },
    /// It is the next one, used for the first time.
    Next,
    /// It is the one before, still good.
    Before,
}

/// A session that was found by a secret.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub membership: Id<Membership>,
    pub id: Id<Session>,
    pub seen_at: At,
    pub standing: Standing,
    /// The party whose issuer has vouched for it.
    pub vouched_by: Option<Id<Party>>,
}

/// Whether the next secret may be offered, by when the present one is from and when the next was offered last.
pub(super) fn is_due(since: At, offered: Option<At>, now: At) -> bool {
    now - since >= TURN && offered.is_none_or(|offered| now - offered >= OFFER)
}

type Columns = (Id<Membership>, Id<Session>, At, Option<Id<Party>>);

/// The session whose next secret this is, or was until shortly, if it is good.
pub(super) fn find_other(
    tx: &mut Tx<'_, '_, System>,
    secret: &Secret,
    now: At,
) -> Result<Option<Known>, Refused> {
    let next = system_sql!(
        "SELECT membership_id, id, seen_at, vouched_by FROM session \
         WHERE provider_id = $1 AND next_hash = $2 AND ends_at > $3 AND seen_at > $4"
    );
    let known = |(membership, id, seen_at, vouched_by): Columns, standing| Known {
        membership,
        id,
        seen_at,
        standing,
        vouched_by,
    };
    let (provider, hash, idle) = (secret.provider, secret.hash(), now - IDLE);
    if let Some(found) = tx.find::<Columns, _>(next, (provider, hash, now, idle))? {
        return Ok(Some(known(found, Standing::Next)));
    }
    let before = system_sql!(
        "SELECT membership_id, id, seen_at, vouched_by FROM session \
         WHERE provider_id = $1 AND old_hash = $2 AND ends_at > $3 AND seen_at > $4 AND turned_at > $5"
    );
    let found: Option<Columns> = tx.find(before, (provider, hash, now, idle, now - GRACE))?;
    Ok(found.map(|found| known(found, Standing::Before)))
}

/// The next secret was used: from now on it is the present one.
pub(super) fn take(tx: &mut Tx<'_, '_, System>, secret: &Secret, now: At) -> Result<(), Refused> {
    let set = system_sql!(
        "UPDATE session SET old_hash = hash, hash = next_hash, next_hash = NULL, next_at = NULL, turned_at = $3 \
         WHERE provider_id = $1 AND next_hash = $2"
    );
    tx.exec(set, (secret.provider, secret.hash(), now))?;
    Ok(())
}

/// Offers the next secret, unless another request was quicker.
pub(super) fn offer(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    secret: &Secret,
    now: At,
) -> Result<Option<Secret>, Refused> {
    let next = Secret::new(secret.provider, app.random());
    let set = system_sql!(
        "UPDATE session SET next_hash = $3, next_at = $4 WHERE provider_id = $1 AND hash = $2 AND (next_at IS NULL OR next_at <= $5)"
    );
    let set = tx.exec(set, (secret.provider, secret.hash(), next.hash(), now, now - OFFER))?;
    Ok((set == 1).then_some(next))
}

/// A new secret at once, for a session whose owner has just proved who they are.
pub async fn turn(app: &App, caller: &Caller, session: Id<Session>) -> Result<Secret, Refused> {
    let (provider, person, now) = (caller.provider, caller.person, app.now());
    let next = Secret::new(provider.uuid(), app.random());
    let hash = next.hash();
    let work = move |tx: &mut Tx<'_, '_, System>| {
        let set = system_sql!(
            "UPDATE session SET old_hash = hash, hash = $4, next_hash = NULL, next_at = NULL, turned_at = $5 \
             WHERE provider_id = $1 AND person_id = $2 AND id = $3"
        );
        match tx.exec(set, (provider, person, session, hash, now))? {
            0 => Err(Refused::NotFound),
            _ => Ok(()),
        }
    };
    app.db.system("sessions are found across scopes", work).await?;
    Ok(next)
}

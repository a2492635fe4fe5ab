//! What somebody has begun to write and not sent: kept as they type, there again on another device, gone once it is sent. It is read by
//! whoever writes it and by nobody else, so that keeping it is not noted in the audit log: nothing has been said yet.

use remit_core::{At, Id};
use remit_db::{Tx, sql};

use super::visibility::{Sight, Visibility};
use super::{Ticket, open, store};
use crate::act::Act;
use crate::people::Membership;
use crate::refused::{Faults, Refused};

/// A text that is not sent yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who would read it.
    pub visibility: Visibility,
    /// What is there so far.
    pub text: String,
    /// When it was kept last.
    pub kept_at: At,
}

/// Keeps what the caller has written so far, in place of what they had before; nothing at all where the text is empty. Refused as [`super::write`]
/// would refuse the text itself, so that nobody goes on writing what cannot be sent.
///
/// `seen` is how many lines the ticket had when they began: what is kept as they type can arrive after what they sent, and is no draft then.
pub fn keep_draft(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (id, seen): (Id<Ticket>, Option<i64>),
    (visibility, text): (Visibility, &str),
) -> Result<(), Refused> {
    let ticket = store::find(tx, act, id)?;
    let mut faults = Faults::default();
    let text = faults.take("text", open::prose(text)).unwrap_or_default();
    if !Sight::of(act)?.writes().contains(&visibility) {
        faults
            .take::<(), _>("visibility", Err("what you write here is read by everybody who sees the ticket"));
    }
    faults.end()?;
    let own = writer(act)?;
    if text.is_empty() {
        return forget(tx, id, own);
    }
    let since = sql!(
        "SELECT seq FROM ticket_event WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND seq > $3 AND actor_id = $4 \
         AND action = 'ticket.write' ORDER BY seq LIMIT 1"
    );
    if let Some(seen) = seen
        && tx.find::<(i64,), _>(since, (id, seen, own))?.is_some()
    {
        return Ok(());
    }
    put(tx, (&ticket, own), &Draft { visibility, text, kept_at: act.at })
}

/// Keeps it in place of what was kept before.
pub(super) fn put(
    tx: &mut Tx<'_, '_>,
    (ticket, own): (&Ticket, Id<Membership>),
    draft: &Draft,
) -> Result<(), Refused> {
    let set = sql!(
        "INSERT INTO ticket_draft (provider_id, ticket_id, membership_id, client_id, visibility, text, kept_at) \
         VALUES ($1, $2, $3, {client: $4}, $5, $6, $7) ON CONFLICT (provider_id, ticket_id, membership_id) \
         DO UPDATE SET visibility = excluded.visibility, text = excluded.text, kept_at = excluded.kept_at"
    );
    tx.exec(set, (ticket.id, own, ticket.client, draft.visibility, &draft.text, draft.kept_at))?;
    Ok(())
}

/// What the caller has not sent yet.
pub fn draft(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<Option<Draft>, Refused> {
    store::find(tx, act, id)?;
    let Some(own) = act.caller.membership else { return Ok(None) };
    let found = of(tx, (id, own))?;
    // Somebody who had another role when they began may not send it as it is: the text is kept, and read by fewer.
    let writes = Sight::of(act)?.writes();
    Ok(found.map(|Draft { visibility: said, text, kept_at }| {
        let narrowest = writes.last().copied().unwrap_or(said);
        let visibility = if writes.contains(&said) { said } else { narrowest };
        Draft { visibility, text, kept_at }
    }))
}

/// What somebody has not sent yet, as it was kept.
pub(super) fn of(
    tx: &mut Tx<'_, '_>,
    (id, own): (Id<Ticket>, Id<Membership>),
) -> Result<Option<Draft>, Refused> {
    let find = sql!(
        "SELECT visibility, text, kept_at FROM ticket_draft WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 \
         AND membership_id = $3"
    );
    let found: Option<(Visibility, String, At)> = tx.find(find, (id, own))?;
    Ok(found.map(|(visibility, text, kept_at)| Draft { visibility, text, kept_at }))
}

/// Throws it away.
pub fn drop_draft(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<(), Refused> {
    store::find(tx, act, id)?;
    forget(tx, id, writer(act)?)
}

/// What is sent is no draft any more.
pub(super) fn sent(tx: &mut Tx<'_, '_>, act: &Act, id: Id<Ticket>) -> Result<(), Refused> {
    act.caller.membership.map_or(Ok(()), |own| forget(tx, id, own))
}

fn forget(tx: &mut Tx<'_, '_>, id: Id<Ticket>, own: Id<Membership>) -> Result<(), Refused> {
    let cut = sql!(
        "DELETE FROM ticket_draft WHERE provider_id = $1 AND {reach: client_id} AND ticket_id = $2 AND membership_id = $3"
    );
    tx.exec(cut, (id, own))?;
    Ok(())
}

pub(super) fn writer(act: &Act) -> Result<Id<Membership>, Refused> {
    act.caller.membership.ok_or_else(|| Refused::Conflict("the command line keeps no drafts".to_owned()))
}

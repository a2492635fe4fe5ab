//! What somebody holds in the matrices, and handing it over.

use remit_core::Id;
use remit_db::{Tx, sql};

use super::Version;
use crate::act::Act;
use crate::audit::{self, Event};
use crate::clients::Client;
use crate::people::Membership;
use crate::refused::Refused;

/// A draft or an open proposal that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Handed {
    /// Of which client.
    pub client: Id<Client>,
    /// What it is, in words.
    pub what: String,
}

/// Drafts that a membership was the last to edit, and proposals of it that not both sides have signed; within the caller's reach.
pub(crate) fn held_by(tx: &mut Tx<'_, '_>, membership: Id<Membership>) -> Result<Vec<Handed>, Refused> {
    let drafts = sql!(
        "SELECT d.client_id, c.name FROM matrix_draft d JOIN client c ON c.provider_id = d.provider_id AND c.id = d.client_id \
         WHERE d.provider_id = $1 AND {reach: d.client_id} AND d.edited_by = $2 ORDER BY c.name LIMIT 1000"
    );
    let drafts: Vec<(Id<Client>, String)> = tx.rows(drafts, (membership,))?;
    let open = sql!(
        "SELECT v.client_id, c.name, v.number FROM matrix_version v JOIN client c ON c.provider_id = v.provider_id AND c.id = v.client_id \
         WHERE v.provider_id = $1 AND {reach: v.client_id} AND v.proposed_by = $2 AND v.published_at IS NULL AND v.withdrawn_at IS NULL \
         ORDER BY c.name, v.number LIMIT 1000"
    );
    let open: Vec<(Id<Client>, String, i64)> = tx.rows(open, (membership,))?;
    let mut held = Vec::with_capacity(drafts.len() + open.len());
    for (client, name) in drafts {
        held.push(Handed { client, what: format!("the draft of the matrix of {name}") });
    }
    for (client, name, number) in open {
        let what = format!("the proposal of version {number} for {name}, not signed by both");
        held.push(Handed { client, what });
    }
    Ok(held)
}

/// From now on somebody else answers for them.
pub(crate) fn hand_over(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    from: Id<Membership>,
    to: Id<Membership>,
) -> Result<(), Refused> {
    let drafts = sql!(
        "UPDATE matrix_draft SET edited_by = $3 WHERE provider_id = $1 AND {reach: client_id} AND edited_by = $2 RETURNING client_id"
    );
    let drafts: Vec<(Id<Client>,)> = tx.rows(drafts, (from, to))?;
    let open = sql!(
        "UPDATE matrix_version SET proposed_by = $3 WHERE provider_id = $1 AND {reach: client_id} AND proposed_by = $2 \
         AND published_at IS NULL AND withdrawn_at IS NULL RETURNING client_id, id"
    );
    let open: Vec<(Id<Client>, Id<Version>)> = tx.rows(open, (from, to))?;
    let drafts = drafts.into_iter().map(|(client,)| (client, client.to_string()));
    let open = open.into_iter().map(|(client, id)| (client, id.to_string()));
    for (client, subject) in drafts.chain(open) {
        let detail = format!("from {from} to {to}");
        let event = Event { action: "matrix.hand-over", subject, client: Some(client), detail: &detail };
        audit::note(tx, act, event)?;
    }
    Ok(())
}

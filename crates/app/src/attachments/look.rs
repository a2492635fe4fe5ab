//! Whether every attachment is there, and as it was written.

use blake3::Hash;
use remit_core::Id;
use remit_db::{Tx, sql};
use tokio::task::spawn_blocking;

use super::{Attachment, Found};
use crate::App;
use crate::act::{Act, Caller};
use crate::refused::Refused;

/// Attachments that are read from the database at once.
const PAGE: u16 = 500;

type Row = (Id<Attachment>, String, String, i64);

fn page(tx: &mut Tx<'_, '_>, after: Option<Id<Attachment>>) -> Result<Vec<Row>, Refused> {
    let after = after.map(Id::uuid).unwrap_or_default();
    let list = sql!(
        "SELECT a.id, a.name, a.hash, t.number FROM attachment a \
         JOIN ticket t ON t.provider_id = a.provider_id AND t.id = a.ticket_id \
         WHERE a.provider_id = $1 AND {reach: a.client_id} AND a.removed_at IS NULL AND a.id > $2 ORDER BY a.id LIMIT $3"
    );
    Ok(tx.rows(list, (after, PAGE))?)
}

/// Reads all of a provider again. Says how many there are, and what is wrong.
pub(crate) async fn look(app: &App, caller: &Caller) -> Result<(u64, Vec<String>), Refused> {
    let (mut seen, mut findings, mut after) = (0, Vec::new(), None);
    loop {
        let read = move |tx: &mut Tx<'_, '_>, _: &Act| page(tx, after);
        let rows = app.read_long(caller, read).await?;
        let more = rows.len() == usize::from(PAGE);
        seen += rows.len() as u64;
        after = rows.last().map(|(id, ..)| *id);
        for (_, name, hash, number) in rows {
            let why = match app.stored().zip(Hash::from_hex(&hash).ok()) {
                None => Some("it cannot be looked for"),
                Some((store, hash)) => {
                    let (store, provider) = (std::sync::Arc::clone(store), caller.provider);
                    match spawn_blocking(move || store.check(provider, &hash)).await {
                        Ok(Ok(Found::Whole)) => None,
                        Ok(Ok(Found::Missing)) => Some("its bytes are missing"),
                        Ok(Ok(Found::Damaged)) => Some("its bytes are not as they were written"),
                        _ => Some("its bytes cannot be read"),
                    }
                }
            };
            findings
                .extend(why.map(|why| format!("“{name}” of #{number}: {why}; fetch {hash} from a backup")));
        }
        if !more {
            return Ok((seen, findings));
        }
    }
}

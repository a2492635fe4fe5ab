//! Bytes that no row names any more go, after a time of grace: what was taken away, and what was sent for a line that was not kept.

use std::sync::Arc;

use blake3::Hash;
use remit_core::{At, Id, Millis};
use remit_db::{System, Tx, sql};
use remit_jobs::handlers::Policy;
use remit_jobs::schedule::{Schedule, set};
use remit_jobs::{Failed, Handlers, Recurrence, Task, Work};
use serde::{Deserialize, Serialize};

use super::Store;
use super::receive::outside;
use crate::App;
use crate::act::Caller;
use crate::people::Provider;
use crate::refused::Refused;

/// How long bytes stay that no row names, from when they were sent or taken away on: longer than any backup takes, which copies them
/// after it has read the rows; and a removal can be regretted.
pub(crate) const GRACE: Millis = Millis::from_hours(7 * 24);
/// How long a file may take to come; what is older and not whole is of a machine that stopped.
const COMING: std::time::Duration = std::time::Duration::from_hours(24);
/// How often it is looked, in minutes.
const EVERY: u32 = 24 * 60;

/// What was collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Collected {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Collects what no row names.
pub(crate) async fn collect(app: &App) -> Result<Collected, String> {
    let Some(store) = app.stored() else { return Ok(Collected::default()) };
    let (before, mut all) = (app.now() - GRACE, Collected::default());
    for (provider, _) in app.providers().await.map_err(|refused| refused.to_string())? {
        let old = {
            let store = Arc::clone(store);
            outside(move || store.older(provider, before)).await
        };
        for hash in old.map_err(|error| format!("{error:?}"))? {
            let gone = one(app, store, provider, (hash, before)).await?;
            all.files += u64::from(gone.is_some());
            all.bytes += gone.unwrap_or_default();
        }
    }
    let store = Arc::clone(store);
    // Files that are coming in have the time of the machine.
    let now = std::time::SystemTime::UNIX_EPOCH
        + std::time::Duration::from_millis(app.now().millis().max(0).unsigned_abs());
    let cleared = outside(move || store.clear(now.checked_sub(COMING).unwrap_or(now))).await;
    all.files += cleared.map_err(|error| format!("{error:?}"))?;
    Ok(all)
}

async fn one(
    app: &App,
    store: &Arc<Store>,
    provider: Id<Provider>,
    (hash, before): (Hash, At),
) -> Result<Option<u64>, String> {
    let name = hash.to_hex().to_string();
    let read = move |tx: &mut Tx<'_, '_>, _: &crate::Act| {
        let find = sql!(
            "SELECT id FROM attachment WHERE provider_id = $1 AND {reach: client_id} AND hash = $2 AND (removed_at IS NULL OR removed_at > $3) LIMIT 1"
        );
        Ok(tx.find::<(Id<super::Attachment>,), _>(find, (name, before))?.is_some())
    };
    if app.read(&Caller::operator(provider), read).await.map_err(|refused| refused.to_string())? {
        return Ok(None);
    }
    let store = Arc::clone(store);
    outside(move || store.remove(provider, &hash, before)).await.map_err(|error| format!("{error:?}"))
}

/// Collects; scheduled every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Collect {}

impl Work for Collect {
    const KIND: &'static str = "attachments.collect";
    const QUEUE: &'static str = "upkeep";
}

/// Adds who does it.
pub(crate) fn handlers(app: &App, handlers: Handlers) -> Handlers {
    let app = app.clone();
    handlers.add(Policy::USUAL, move |_: Task, _: Collect| {
        let app = app.clone();
        async move {
            let Collected { files, bytes } = collect(&app).await.map_err(Failed::Again)?;
            if files > 0 {
                tracing::info!(files, bytes, "attachments that no line names were taken away");
            }
            Ok(())
        }
    })
}

/// Sees to it that it is done. Called at every start.
pub(crate) async fn schedule(app: &App) -> Result<(), Refused> {
    let now = app.now();
    let daily = Schedule {
        provider: None,
        client: None,
        name: "attachments".to_owned(),
        recurrence: Recurrence::every(EVERY),
    };
    let set = move |tx: &mut Tx<'_, '_, System>| set(tx, &daily, &Collect {}, now).map_err(Refused::from);
    app.db.system("schedules of the installation", set).await
}

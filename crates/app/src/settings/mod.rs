//! What holds for the provider as a whole: its name, and the zone in which it works.
//!
//! Rules: everybody who is signed in may look; whoever may change settings changes them, if nobody else did since they looked.

#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::Zone;
use remit_db::{Tx, shared_sql};

use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::Permission;
use crate::refused::{Faults, Refused};

/// The settings of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its name.
    pub name: String,
    /// The IANA zone in which its people are shown the time.
    pub zone: String,
    /// Changes whenever they do.
    pub version: i64,
}

/// The settings of the caller's provider.
pub fn settings(tx: &mut Tx<'_, '_>) -> Result<Settings, Refused> {
    let get = shared_sql!("SELECT name, zone, version FROM provider WHERE provider_id = $1");
    let found: Option<(String, String, i64)> = tx.find(get, ())?;
    found.map(|(name, zone, version)| Settings { name, zone, version }).ok_or(Refused::NotFound)
}

/// Changes them, if they are still at the version that the caller read.
pub fn change(tx: &mut Tx<'_, '_>, act: &Act, version: i64, name: &str, zone: &str) -> Result<(), Refused> {
    act.require(Permission::ManageSettings)?;
    let mut faults = Faults::default();
    let (name, zone) = (faults.name("name", name).unwrap_or_default(), zone.trim());
    faults.take("zone", Zone::parse(zone));
    faults.end()?;
    let before = settings(tx)?;
    let set = shared_sql!(
        "UPDATE provider SET name = $3, zone = $4, version = version + 1 WHERE provider_id = $1 AND version = $2"
    );
    if tx.exec(set, (version, &name, zone))? == 0 {
        return Err(Refused::Stale);
    }
    let detail = format!("{} ({}) to {name} ({zone})", before.name, before.zone);
    let subject = act.caller.provider.to_string();
    audit::note(tx, act, Event { action: "settings.change", subject, client: None, detail: &detail })
}

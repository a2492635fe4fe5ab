//! How somebody wants the pages to be: light or dark, dense or comfortable, and which keys do what. It is theirs alone and changes nothing for
//! anybody else, so that it is not noted in the audit log.

mod keys;
#[cfg(test)]
mod tests;
pub(crate) mod web;

use remit_core::Id;
use remit_db::{Tx, shared_sql};

use crate::act::Act;
use crate::keyed::keyed;
use crate::people::Membership;
use crate::refused::{Faults, Refused};

pub use keys::{KEYS, Key, Keys, Place};

keyed! {
    /// The colours of the pages.
    Theme as "Theme" {
        /// What the device says.
        System = "system", "as the device has it";
        /// Dark on light.
        Light = "light", "light";
        /// Light on dark.
        Dark = "dark", "dark";
    }
}

keyed! {
    /// How much stands on a page.
    Density as "Density" {
        /// As much as can be read well.
        Dense = "dense", "dense";
        /// Larger, with more room.
        Comfortable = "comfortable", "comfortable";
    }
}

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// Which colours.
    pub theme: Theme,
    /// How much on a page.
    pub density: Density,
    /// Whether keys without a modifier do anything: who dictates, or types with a switch, is better off without them.
    pub single_keys: bool,
    /// Whether what they send into tickets can be taken back for a moment.
    pub undo: bool,
    /// Which keys they have changed.
    pub keys: Keys,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            density: Density::Dense,
            single_keys: true,
            undo: true,
            keys: Keys::default(),
        }
    }
}

impl Preferences {
    /// Of a membership, within the scope of the unit of work.
    pub(crate) fn of(tx: &mut Tx<'_, '_>, who: Id<Membership>) -> Result<Self, Refused> {
        let find = shared_sql!(
            "SELECT theme, density, single_keys, undo, own_keys FROM preference WHERE provider_id = $1 AND membership_id = $2"
        );
        let found: Option<(Theme, Density, bool, bool, String)> = tx.find(find, (who,))?;
        Ok(found.map_or_else(Self::default, |(theme, density, single_keys, undo, own)| Self {
            theme,
            density,
            single_keys,
            undo,
            keys: Keys::read(&own),
        }))
    }
}

/// What the caller wants from now on; `keys` in place of its own by their ids, with what is to be pressed; nothing for the usual one.
///
/// # Errors
/// [`Refused::Invalid`] names the field of a key as `key-` and its id.
pub fn prefer(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    wanted: &Preferences,
    keys: &[(String, String)],
) -> Result<Preferences, Refused> {
    let own = act.caller.membership.ok_or(Refused::NotFound)?;
    let mut faults = Faults::default();
    let wanted = Preferences { keys: Keys::chosen(keys, &mut faults), ..wanted.clone() };
    faults.end()?;
    let set = shared_sql!(
        "INSERT INTO preference (provider_id, membership_id, theme, density, single_keys, undo, own_keys) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (provider_id, membership_id) DO UPDATE SET theme = excluded.theme, density = excluded.density, \
         single_keys = excluded.single_keys, undo = excluded.undo, own_keys = excluded.own_keys"
    );
    tx.exec(
        set,
        (own, wanted.theme, wanted.density, wanted.single_keys, wanted.undo, wanted.keys.written()),
    )?;
    Ok(wanted)
}

//! Passkeys: a key pair that a device holds for this site, and gives nothing of to anybody else.
//!
//! A **ceremony** is one question that a device signs, good once, for five minutes. A passkey that is used with a PIN, a finger or a face is
//! both proofs at once; without, it is the first. It also stands in for the code of somebody with a second factor.
//!
//! A device that counts its uses and says a smaller number than before may have been copied: it is let in, and noted.

mod credential;
mod verbs;
pub(super) mod web;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use remit_core::{Id, Kind, Millis};
use remit_web::limits::Limit;

use super::Address;
use crate::people::Person;

pub use verbs::{list_passkeys, remove_passkey};

/// Names a passkey in ids.
#[derive(Debug)]
pub enum Passkey {}

impl Kind for Passkey {
    const PREFIX: &'static str = "passkey";
}

/// How long a question is good for.
pub const CEREMONY: Millis = Millis::from_minutes(5);
/// Questions that one place on the network may be asked in [`WINDOW`].
const PER_PLACE: NonZeroU32 = NonZeroU32::new(120).expect("it is not zero");
const WINDOW: Duration = Duration::from_mins(10);

/// For which site passkeys are.
#[derive(Clone)]
pub struct Passkeys {
    party: credential::Party,
    place: Arc<Limit>,
}

impl Passkeys {
    /// They are for the host of this address, and for good: at another host, none of them works.
    pub fn new(address: &Address) -> Self {
        let party =
            credential::Party { origin: address.origin().to_owned(), host: address.host().to_owned() };
        Self { party, place: Arc::new(Limit::new("passkey-place", PER_PLACE, WINDOW)) }
    }
}

impl std::fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passkeys").field("party", &self.party).finish_non_exhaustive()
    }
}

/// What a device is told about whose passkey it is: provider and person, 32 bytes. It says so again when it signs somebody in.
fn handle(provider: uuid::Uuid, person: Id<Person>) -> [u8; 32] {
    let mut handle = [0; 32];
    handle[..16].copy_from_slice(provider.as_bytes());
    handle[16..].copy_from_slice(person.uuid().as_bytes());
    handle
}

//! What stands in the link of a letter: whose word on which ticket it takes. It is not kept anywhere: a seal says that it was written here.

use data_encoding::BASE64URL_NOPAD;
use remit_core::Id;
use remit_db::{System, Tx};
use uuid::Uuid;

use crate::App;
use crate::act::Caller;
use crate::people::{Membership, State};
use crate::refused::Refused;
use crate::sign_in;
use crate::tickets::Ticket;

/// Bytes of the seal: nobody tries 2¹²⁸ of them.
const SEAL: usize = 16;

/// Lets its holder say how one ticket was, as whoever asked for it, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slip {
    /// At which provider.
    pub provider: Uuid,
    /// Which ticket.
    pub ticket: Id<Ticket>,
    /// Whose word it takes.
    pub membership: Id<Membership>,
}

impl Slip {
    fn bytes(&self) -> Vec<u8> {
        [self.provider, self.ticket.uuid(), self.membership.uuid()]
            .iter()
            .flat_map(|id| *id.as_bytes())
            .collect()
    }

    fn seal(app: &App, bytes: &[u8]) -> [u8; SEAL] {
        let key = app.key().derive("remit 2026-11 links to ratings");
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&blake3::keyed_hash(&key, bytes).as_bytes()[..SEAL]);
        seal
    }

    /// As it stands in a link: 86 letters.
    pub fn write(&self, app: &App) -> String {
        let mut bytes = self.bytes();
        let seal = Self::seal(app, &bytes);
        bytes.extend(seal);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Reads what was written here. What was not is none; why, nobody is told.
    pub fn read(app: &App, text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (bytes, seal) = bytes.split_at_checked(48)?;
        let seal: [u8; SEAL] = seal.try_into().ok()?;
        // Compared as hashes are: how long it takes says nothing.
        if blake3::hash(&seal) != blake3::hash(&Self::seal(app, bytes)) {
            return None;
        }
        let id = |n: usize| Uuid::from_slice(&bytes[n * 16..][..16]).ok();
        Some(Self { provider: id(0)?, ticket: Id::from_uuid(id(1)?)?, membership: Id::from_uuid(id(2)?)? })
    }

    /// Whoever holds it speaks as them; nobody does when they cannot sign in any more.
    pub async fn holder(&self, app: &App) -> Result<Option<Caller>, Refused> {
        let (provider, who) = (self.provider, self.membership);
        let why = "whoever says how it was need not be signed in";
        let found = app
            .db
            .system_read(why, move |tx: &mut Tx<'_, '_, System>| sign_in::mailed_member(tx, provider, who));
        let found = found.await?.filter(|(_, state, _)| !matches!(state, State::Suspended | State::Left));
        Ok(found.map(|(provider, _, member)| Caller::member(provider, None, &member)))
    }
}

//! Signing in through what a party has: an **issuer** (OpenID Connect) that **vouches** for its people.
//!
//! A party sets its issuer, and the domains of the addresses that it may vouch for. Somebody goes there and comes back: one **trip**, good
//! once, for 10 minutes, in the browser in which it began. An account there (issuer and subject, never the address alone) becomes an
//! **identity** of a person in that party: the first time by a verified address of a vouched-for domain to which the party has invited
//! somebody, or while they are signed in.
//!
//! Rules: an issuer speaks for its own party and for no other. A session that it has vouched for stays within the party, and changes none of
//! the person's own ways in: with those, one party could act as somebody in another.

mod identity;
mod outward;
mod settings;
mod settings_web;
mod token;
mod trip;
pub(super) mod web;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::url::Url;
use remit_core::{Id, Millis};
use remit_db::{System, Tx, system_sql};
use remit_web::limits::Limit;
use uuid::Uuid;

use crate::App;
use crate::act::Caller;
use crate::people::{Membership, Party, PartyKind, Permission};
use crate::refused::Refused;

pub use identity::{Identity, forget_identity, identities};
pub use outward::Networks;
pub use settings::{Issuer, NewIssuer, issuer_of, remove_issuer, set_issuer};
pub(super) use trip::buttons;

/// How long a trip may take.
pub const TRIP: Millis = Millis::from_minutes(10);
/// Trips that one place on the network may begin in [`WINDOW`].
const PER_PLACE: NonZeroU32 = NonZeroU32::new(60).expect("sixty is not zero");
/// Trips to one issuer, so that nobody has Remit call it without end.
const PER_ISSUER: NonZeroU32 = NonZeroU32::new(600).expect("six hundred is not zero");
const WINDOW: Duration = Duration::from_mins(10);

/// Where browsers find this site, such as `https://desk.example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    origin: String,
    host: String,
}

impl Address {
    /// Reads it: a scheme, a host, perhaps a port, and nothing else. Without https it is this machine's own.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "write an address such as https://desk.example.com")?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        match url.scheme() {
            _ if host.is_empty() || !bare => {
                Err("write it without path, name and password: https://desk.example.com")
            }
            "https" => Ok(()),
            "http" if matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]") => Ok(()),
            _ => Err("write it with https://"),
        }?;
        Ok(Self { origin: url.origin().ascii_serialization(), host })
    }

    /// As browsers write it: no path, no slash at its end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host alone.
    pub fn host(&self) -> &str {
        &self.host
    }
}

/// What it takes to ask the issuers of parties.
#[derive(Clone)]
pub struct Issuers {
    outward: outward::Outward,
    back: String,
    place: Arc<Limit>,
    each: Arc<Limit>,
}

impl Issuers {
    /// Fails where this machine has no TLS to offer, with the reason.
    pub fn new(address: &Address, networks: Networks) -> Result<Self, String> {
        Ok(Self {
            outward: outward::Outward::new(networks)?,
            back: format!("{}/sign-in/back", address.origin()),
            place: Arc::new(Limit::new("company-place", PER_PLACE, WINDOW)),
            each: Arc::new(Limit::new("company-issuer", PER_ISSUER, WINDOW)),
        })
    }

    /// The address that an issuer has to know: where people come back to.
    pub fn back(&self) -> &str {
        &self.back
    }
}

impl std::fmt::Debug for Issuers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issuers").field("back", &self.back).finish_non_exhaustive()
    }
}

/// Whether the people of a party have to come through its issuer.
pub(super) fn is_required(
    tx: &mut Tx<'_, '_, System>,
    provider: Uuid,
    party: Id<Party>,
) -> Result<bool, Refused> {
    let find = system_sql!(
        "SELECT version FROM issuer WHERE provider_id = $1 AND party_id = $2 AND required = TRUE"
    );
    Ok(tx.find::<(i64,), _>(find, (provider, party))?.is_some())
}

/// What somebody is told who comes another way.
pub(super) fn required() -> Refused {
    Refused::Conflict("your company has its people sign in through its own sign-in: write your work address on the page to sign in".to_owned())
}

/// The party of a membership.
async fn party_of(app: &App, caller: &Caller) -> Result<Id<Party>, Refused> {
    let own: Option<Id<Membership>> = caller.membership;
    let find = system_sql!("SELECT party_id FROM membership WHERE provider_id = $1 AND id = $2");
    let (provider, why) = (caller.provider, "everybody may know the party that they are of");
    let found: Option<(Id<Party>,)> =
        app.db.system_read(why, move |tx| tx.find(find, (provider, own))).await?;
    found.map(|(party,)| party).ok_or(Refused::NotFound)
}

/// The party of the caller, if it has an issuer.
async fn is_there(app: &App, caller: &Caller) -> Result<Option<Id<Party>>, Refused> {
    let (provider, party) = (caller.provider, party_of(app, caller).await?);
    let find = system_sql!("SELECT party_id FROM issuer WHERE provider_id = $1 AND party_id = $2");
    let why = "nobody within a scope reads issuers";
    let found: Option<(Id<Party>,)> =
        app.db.system_read(why, move |tx| tx.find(find, (provider, party))).await?;
    Ok(found.map(|(party,)| party))
}

/// The party of the caller, if they may set its issuer.
pub(super) async fn own_party(app: &App, caller: &Caller) -> Result<Option<Id<Party>>, Refused> {
    let permission = match caller.role.party() {
        PartyKind::Internal => Permission::ManageClientSignIn,
        PartyKind::Provider | PartyKind::Vendor => Permission::ManageSettings,
    };
    if caller.may(permission) { party_of(app, caller).await.map(Some) } else { Ok(None) }
}

//! Asking for a link to sign in with, by whoever says an address.
//!
//! The page does the same for every address: it adds a job with the address as it was written. Whether anybody has it, the job finds
//! out, so neither the answer nor the time that it takes says.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use remit_core::Id;
use remit_db::{Scope, System, Tx, system_sql};
use remit_jobs::{Failed, Order, Task, Work, enqueue};
use remit_web::Error;
use remit_web::limits::Limit;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Letter, Posted, QUEUE};
use crate::App;
use crate::clients::Client;
use crate::people::{Membership, Person};
use crate::refused::Refused;

/// Mails that one address may be asked to get in [`WINDOW`].
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(4).expect("four is not zero");
/// How often one place on the network may ask in [`WINDOW`].
const PER_PLACE: NonZeroU32 = NonZeroU32::new(20).expect("twenty is not zero");
const WINDOW: Duration = Duration::from_hours(1);

/// How often links may be asked for.
#[derive(Clone)]
pub struct Asking {
    address: Arc<Limit>,
    place: Arc<Limit>,
}

/// An address that somebody wrote.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Asked {
    email: String,
}

impl Work for Asked {
    const KIND: &'static str = "mail.ask";
    const QUEUE: &'static str = QUEUE;
}

impl Asking {
    /// The usual limits: four mails an hour to one address, twenty requests an hour from one place.
    pub fn new() -> Self {
        let limit = |name, most| Arc::new(Limit::new(name, most, WINDOW));
        Self { address: limit("link-address", PER_ADDRESS), place: limit("link-place", PER_PLACE) }
    }
}

impl Default for Asking {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Asking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asking").finish_non_exhaustive()
    }
}

/// Asks for a link for whoever has an address. `place` is where on the network the request comes from.
pub async fn ask_for_link(
    app: &App,
    asking: &Asking,
    email: &str,
    place: Option<IpAddr>,
) -> Result<(), Error> {
    asking.place.check(&place.map(network).unwrap_or_default())?;
    let email = email.trim().to_lowercase();
    if asking.address.check(&email).is_err() {
        // As if it had been sent: another answer would tell that somebody asks for this address.
        return Ok(());
    }
    let act = app.act(&crate::Caller::operator(Id::new(app.now(), [0; 10])));
    let (id, at) = (act.id::<Posted>().uuid(), act.at);
    let add = move |tx: &mut Tx<'_, '_, System>| {
        // Without a provider: which of them knows the address is not known yet.
        tx.within(Scope::all(Uuid::nil()), |tx| enqueue(tx, &Asked { email }, Order::new(id, at)))?
    };
    let added = app.db.system("nobody is in a scope before they have signed in", add).await;
    added.map(drop).map_err(|error| Refused::from(error).into())
}

/// Where a request comes from, as far as one customer of a network can be told from another: of a long address, the first half.
fn network(place: IpAddr) -> String {
    match place.to_canonical() {
        IpAddr::V4(place) => place.to_string(),
        IpAddr::V6(place) => format!("{:x?}", &place.segments()[..4]),
    }
}

/// A provider, and a person and a membership there.
type Found = (Uuid, Id<Person>, Id<Membership>, Option<Id<Client>>);

/// Posts a letter to each person that has the address: for their oldest membership; another can be chosen once inside.
pub(super) async fn answer(app: App, task: Task, asked: Asked) -> Result<(), Failed> {
    let at = app.now();
    let db = Arc::clone(&app.db);
    let answered = db.system("nobody is in a scope before they have signed in", move |tx| {
        let find = system_sql!(
            "SELECT m.provider_id, m.person_id, m.id, m.client_id FROM person p JOIN membership m \
             ON m.provider_id = p.provider_id AND m.person_id = p.id \
             WHERE p.email = $1 AND m.state IN ('active', 'invited') ORDER BY m.provider_id, m.person_id, m.state, m.id LIMIT 64"
        );
        let mut found: Vec<Found> = tx.rows(find, (&asked.email,))?;
        found.dedup_by_key(|(provider, person, ..)| (*provider, *person));
        for (provider, _, membership, client) in found {
            let act = app.act(&crate::Caller::operator(Id::new(at, [0; 10])));
            let order = Order::new(act.id::<Posted>().uuid(), at)
                .client(client.map(Id::uuid))
                .deed(format!("link {} {membership}", task.id));
            tx.within(Scope::all(provider), |tx| enqueue(tx, &Letter::Link { membership }, order))??;
        }
        Ok::<_, remit_db::Error>(())
    });
    Ok(answered.await?)
}

//! The application: its database, its clock, its random bits.

use std::sync::Arc;

use remit_core::{At, Id, Zone};
use remit_db::{Db, Tx, shared_sql, system_sql};
use remit_web::Random;

use crate::act::{Act, Caller, Clock};
use crate::attachments::Store;
use crate::audit::{self, Event, Key};
use crate::matrix::Shelf;
use crate::people::{self, Invitation, NewParty, Party, PartyKind, Provider, Role, insert_party};
use crate::promises::{self, Policies};
use crate::refused::{Faults, Refused};
use crate::sign_in::{self, Secret};

/// Everything that a request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Arc<Db>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    key: Key,
    shelf: Arc<Shelf>,
    policies: Arc<Policies>,
    store: Option<Arc<Store>>,
}

impl App {
    /// Puts an application together. `key` seals the audit log and does not stand in the database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, random: Arc<dyn Random>, key: Key) -> Self {
        let (shelf, policies) = (Arc::default(), Arc::default());
        Self { db: Arc::new(db), clock, random, key, shelf, policies, store: None }
    }

    /// The same with a place for attachments.
    #[must_use]
    pub fn keeping(self, store: Store) -> Self {
        Self { store: Some(Arc::new(store)), ..self }
    }

    /// Where attachments stand, if there is a place for them.
    pub fn stored(&self) -> Option<&Arc<Store>> {
        self.store.as_ref()
    }

    /// The same application as of another instant: whatever is done with it happens then.
    pub(crate) fn as_of(&self, at: At) -> Self {
        Self { clock: Arc::new(Then(at)), ..self.clone() }
    }

    /// Matrices that were read and compiled.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The present instant.
    pub fn now(&self) -> At {
        self.clock.now()
    }

    /// Random bits.
    pub fn random(&self) -> &dyn Random {
        &*self.random
    }

    /// The same, for work beside the threads that answer.
    pub(crate) fn random_bits(&self) -> Arc<dyn Random> {
        Arc::clone(&self.random)
    }

    /// The key of the audit log.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// A deed of the caller, now.
    pub fn act(&self, caller: &Caller) -> Act {
        Act {
            caller: caller.clone(),
            at: self.now(),
            random: Arc::clone(&self.random),
            key: self.key.clone(),
            policies: Arc::clone(&self.policies),
            past: false,
        }
    }

    /// Founds a provider with its party. For the command line: nothing on the network can.
    pub async fn found(&self, name: &str, zone: &str) -> Result<(Id<Provider>, Id<Party>), Refused> {
        let (name, zone) = (name.to_owned(), zone.to_owned());
        let caller = self.founder();
        self.write(&caller, move |tx, act| Ok((act.caller.provider, found(tx, act, &name, &zone)?))).await
    }

    /// Founds a provider with its first owner, all of it or nothing. Says the link that signs the owner in once.
    pub async fn establish(&self, new: NewProvider) -> Result<(Id<Provider>, Secret), Refused> {
        let caller = self.founder();
        self.write(&caller, move |tx, act| {
            let party = found(tx, act, &new.name, &new.zone)?;
            let owner = Invitation {
                party,
                role: Role::Owner,
                name: new.owner,
                email: new.email,
                everywhere: true,
                clients: Vec::new(),
            };
            // The link is handed over here, not mailed.
            let (membership, _) = people::admit(tx, act, &owner)?;
            Ok((act.caller.provider, sign_in::make_link(tx, act, membership)?))
        })
        .await
    }

    /// The operator of a provider that is yet to be.
    fn founder(&self) -> Caller {
        let act = self.act(&Caller::operator(Id::new(self.now(), [0; 10])));
        Caller::operator(act.id())
    }

    /// All providers of the installation, for the command line.
    pub async fn providers(&self) -> Result<Vec<(Id<Provider>, String)>, Refused> {
        let list =
            system_sql!("SELECT provider_id, name FROM provider ORDER BY name, provider_id LIMIT 1000");
        Ok(self.db.system_read("the operator stands above providers", move |tx| tx.rows(list, ())).await?)
    }

    /// Does something: all of it, with its lines in the audit log, or nothing.
    pub async fn write<T: Send + 'static>(
        &self,
        caller: &Caller,
        verb: impl FnOnce(&mut Tx<'_, '_>, &Act) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        let act = self.act(caller);
        self.db.write(caller.scope, move |tx| verb(tx, &act)).await
    }

    /// Reads something that takes its time, all of it as of one moment.
    pub async fn read_long<T: Send + 'static>(
        &self,
        caller: &Caller,
        verb: impl FnOnce(&mut Tx<'_, '_>, &Act) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        let act = self.act(caller);
        self.db.read_long(caller.scope, move |tx| verb(tx, &act)).await
    }

    /// Reads something, all of it as of one moment.
    pub async fn read<T: Send + 'static>(
        &self,
        caller: &Caller,
        verb: impl FnOnce(&mut Tx<'_, '_>, &Act) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        let act = self.act(caller);
        self.db.read(caller.scope, move |tx| verb(tx, &act)).await
    }
}

/// A clock that stands still.
struct Then(At);

impl Clock for Then {
    fn now(&self) -> At {
        self.0
    }
}

/// A provider that is to be founded, and who owns it.
#[derive(Debug, Clone)]
pub struct NewProvider {
    /// Its name.
    pub name: String,
    /// The zone in which it works, such as `America/New_York`.
    pub zone: String,
    /// The name of its first owner.
    pub owner: String,
    /// Their address.
    pub email: String,
}

fn found(tx: &mut Tx<'_, '_>, act: &Act, name: &str, zone: &str) -> Result<Id<Party>, Refused> {
    let mut faults = Faults::default();
    let name = faults.name("provider", name).unwrap_or_default();
    faults.take("zone", Zone::parse(zone));
    faults.end()?;
    let add =
        shared_sql!("INSERT INTO provider (provider_id, name, zone, created_at) VALUES ($1, $2, $3, $4)");
    tx.exec(add, (&name, zone, act.at))?;
    let own = NewParty { kind: PartyKind::Provider, client: None, slug: "provider", name: &name };
    let party = insert_party(tx, act, &own)?;
    promises::found(tx, act, act.at)?;
    let subject = act.caller.provider.to_string();
    audit::note(tx, act, Event { action: "provider.found", subject, client: None, detail: &name })?;
    Ok(party)
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

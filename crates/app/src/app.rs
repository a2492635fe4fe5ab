//! The application: its database, its clock, its random bits.

use std::sync::Arc;

use remit_core::{At, Id, Zone};
use remit_db::{Db, Tx, shared_sql, system_sql};
use remit_web::Random;

use crate::act::{Act, Caller, Clock};
use crate::audit::{self, Event, Key};
use crate::people::{NewParty, Party, PartyKind, Provider, insert_party};
use crate::refused::{Faults, Refused};

/// Everything that a request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Arc<Db>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    key: Key,
}

impl App {
    /// Puts an application together. `key` seals the audit log and does not stand in the database.
    pub fn new(db: Db, clock: Arc<dyn Clock>, random: Arc<dyn Random>, key: Key) -> Self {
        Self { db: Arc::new(db), clock, random, key }
    }

    /// The present instant.
    pub fn now(&self) -> At {
        self.clock.now()
    }

    /// Random bits.
    pub fn random(&self) -> &dyn Random {
        &*self.random
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
        }
    }

    /// Founds a provider with its party. For the command line: nothing on the network can.
    pub async fn found(&self, name: &str, zone: &str) -> Result<(Id<Provider>, Id<Party>), Refused> {
        let act = self.act(&Caller::operator(Id::new(self.now(), [0; 10])));
        let provider: Id<Provider> = act.id();
        let caller = Caller::operator(provider);
        let (name, zone) = (name.to_owned(), zone.to_owned());
        self.write(&caller, move |tx, act| {
            let mut faults = Faults::default();
            let name = faults.name("name", &name).unwrap_or_default();
            faults.take("zone", Zone::parse(&zone));
            faults.end()?;
            let add = shared_sql!(
                "INSERT INTO provider (provider_id, name, zone, created_at) VALUES ($1, $2, $3, $4)"
            );
            tx.exec(add, (&name, zone, act.at))?;
            let own = NewParty { kind: PartyKind::Provider, client: None, slug: "provider", name: &name };
            let party = insert_party(tx, act, &own)?;
            let event = Event {
                action: "provider.found",
                subject: provider.to_string(),
                client: None,
                detail: &name,
            };
            audit::note(tx, act, event)?;
            Ok((provider, party))
        })
        .await
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

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

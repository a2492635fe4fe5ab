//! A whole application with a database of its own, a clock that stands still until it is told to go on, and random bits from a seed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use remit_core::{At, Id, Millis};
use remit_db::testing::{Forgotten, TestDb, engines};
use remit_db::{Db, Engine, Tx};
use remit_web::Random;

use crate::act::{Act, Caller, Clock};
use crate::attachments::Store;
use crate::audit::Key;
use crate::clients::{self, Client};
use crate::people::{self, Invitation, Party, PartyKind, Provider, Role};
use crate::refused::Refused;
use crate::tickets::{Impact, Kind, NewTicket, Tier, Urgency};
use crate::{App, MIGRATIONS, attachments, tickets};

/// The application and its home.
pub struct TestApp {
    /// The application.
    pub app: App,
    /// Its provider.
    pub provider: Id<Provider>,
    /// The party of the provider.
    pub party: Id<Party>,
    clock: Arc<StandingClock>,
    home: TestDb,
    _attachments: tempfile::TempDir,
}

struct StandingClock(AtomicI64);

impl Clock for StandingClock {
    fn now(&self) -> At {
        At::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// `SplitMix64`: good enough to tell ids apart, and the same in every run.
struct Seeded(AtomicU64);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let bits = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&bits[..chunk.len()]);
        }
    }
}

/// Random bits from a seed.
#[cfg(test)]
pub(crate) fn seeded(seed: u64) -> Arc<dyn Random> {
    Arc::new(Seeded(AtomicU64::new(seed)))
}

/// When tests begin: a Monday, 09:00 in Los Angeles.
pub const START: &str = "2026-11-23T17:00:00Z";

/// Runs a test on every engine, each with an application of its own.
#[expect(clippy::needless_pass_by_value, reason = "a test is written where it is passed")]
pub fn on_each(test: impl AsyncFn(&TestApp)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    for engine in engines() {
        let home = TestDb::new(engine);
        let db = home.open(MIGRATIONS);
        runtime.block_on(async {
            let app = TestApp::new(home, db).await;
            test(&app).await;
        });
    }
}

/// Runs a test on PostgreSQL with every statement rid of the words on its scope, so that row-level security is all that is left to keep
/// tenants apart. The test must have run `least` statements at least.
#[expect(clippy::needless_pass_by_value, reason = "a test is written where it is passed")]
pub fn on_forgetful(least: usize, test: impl AsyncFn(&TestApp)) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    for engine in engines().into_iter().filter(|engine| *engine == Engine::Postgres) {
        let home = TestDb::new(engine);
        let (db, forgotten): (Db, Forgotten) = home.open_forgetful(MIGRATIONS);
        runtime.block_on(async {
            let app = TestApp::new(home, db).await;
            test(&app).await;
        });
        let ran = forgotten.statements().len();
        assert!(ran >= least, "only {ran} statements ran without the words on their scope");
    }
}

impl TestApp {
    async fn new(home: TestDb, db: Db) -> Self {
        let start = At::parse(START).expect("it is an instant");
        let clock = Arc::new(StandingClock(AtomicI64::new(start.millis())));
        let random = Arc::new(Seeded(AtomicU64::new(7)));
        let app = App::new(db, Arc::<StandingClock>::clone(&clock), random, Key::new([7; 32]));
        let attachments = tempfile::tempdir().expect("a folder is made");
        let app = app.keeping(Store::at(attachments.path()));
        let (provider, party) =
            app.found("Northwind", "America/Los_Angeles").await.expect("a provider is founded");
        Self { app, provider, party, clock, home, _attachments: attachments }
    }

    /// Lets time pass.
    pub fn pass(&self, time: Millis) {
        self.clock.0.fetch_add(time.millis(), Ordering::Relaxed);
    }

    /// Where its database is.
    pub fn home(&self) -> &TestDb {
        &self.home
    }

    /// Whoever may do everything.
    pub fn operator(&self) -> Caller {
        Caller::operator(self.provider)
    }

    /// A ticket with three attachments. Says the hashes of their bytes.
    pub async fn attached(&self) -> [blake3::Hash; 3] {
        let client = self.client("Harbor Dental").await;
        let requester = self.caller(Role::Requester, Some(client)).await;
        let new = NewTicket {
            client,
            kind: Kind::Incident,
            subject: "No network drive".to_owned(),
            text: String::new(),
            impact: Impact::Low,
            urgency: Urgency::Low,
            service: String::new(),
            tier: Tier::Unsaid,
            site: None,
            asset_class: String::new(),
            requester: None,
        };
        let (mut files, mut hashes) = (Vec::new(), Vec::new());
        for n in 0..3 {
            let bytes = format!("attachment {n}");
            files.push(attachments::received(&self.app, &requester, ("notes.txt", bytes.as_bytes())));
            hashes.push(blake3::hash(bytes.as_bytes()));
        }
        tickets::open_with(&self.app, &requester, (new, tickets::Extra { files, ..Default::default() }))
            .await
            .expect("a ticket is opened");
        hashes.try_into().expect("there are three")
    }

    /// A client called `name`.
    pub async fn client(&self, name: &str) -> Id<Client> {
        let (name, operator) = (name.to_owned(), self.operator());
        let made =
            self.app.write(&operator, move |tx, act| clients::create(tx, act, &name, "America/Los_Angeles"));
        made.await.expect("a client is made")
    }

    /// Somebody of the provider who reaches everything, or of a client.
    pub async fn caller(&self, role: Role, client: Option<Id<Client>>) -> Caller {
        let (name, email) = (format!("{} Test", role.name()), format!("{}@test.example", role.key()));
        let everywhere = !matches!(role, Role::OffshoreTechnician | Role::VendorContact);
        let operator = self.operator();
        let made = self.app.write(&operator, move |tx, act| {
            let party = party_for(tx, act, role, client)?;
            let clients = client.into_iter().collect();
            let id = people::invite(tx, act, &Invitation { party, role, name, email, everywhere, clients })?;
            people::member(tx, act, id)
        });
        let member = made.await.expect("somebody is invited");
        Caller::member(self.provider, None, &member)
    }
}

fn party_for(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    role: Role,
    client: Option<Id<Client>>,
) -> Result<Id<Party>, Refused> {
    if role.party() == PartyKind::Vendor {
        return people::found_party(tx, act, "Bayline Internet", "bayline");
    }
    let parties = people::list_parties(tx, client.filter(|_| role.party() == PartyKind::Internal))?;
    let fits = |(_, kind, _): &&(Id<Party>, PartyKind, String)| *kind == role.party();
    parties.iter().find(fits).map(|(id, ..)| *id).ok_or(Refused::NotFound)
}

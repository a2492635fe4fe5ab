//! API keys: what a program signs in with, in somebody's name and never with more than they have.
//!
//! It acts as the membership of its maker: their role and reach are looked up at each use.

use remit_core::{At, Id, Kind, Millis, Zone};
use remit_db::{Error, FromRow, Row, System, Tx, system_sql};
use uuid::Uuid;

use super::factor::prove;
use super::key_text::{read, written};
use super::session;
use crate::App;
use crate::act::{Access, Act, Caller};
use crate::audit::{self, Event};
use crate::clients::{self, Client};
use crate::people::{Membership, State};
use crate::refused::{Faults, Field, Refused};

/// Names an API key in ids.
#[derive(Debug)]
pub enum ApiKey {}

impl Kind for ApiKey {
    const PREFIX: &'static str = "key";
}

/// The longest that a key can be made for, in days.
pub const LONGEST_DAYS: u16 = 366;
/// How long a key is made for unless somebody says otherwise, in days.
pub const USUAL_DAYS: u16 = 90;
/// Keys that a membership can have.
const MOST: usize = 50;
/// Clients that a key can be limited to.
const MOST_CLIENTS: usize = 500;
const WHY: &str = "nobody is in a scope before it is known who they are";

/// A key that is to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// Whether it can only read.
    pub reads_only: bool,
    /// The clients that it is limited to; empty for all that its maker reaches.
    pub clients: Vec<Id<Client>>,
    /// After how many days it ends, from 1 to [`LONGEST_DAYS`].
    pub days: u16,
}

/// A key as its maker sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// Its id.
    pub id: Id<ApiKey>,
    /// What it is for.
    pub name: String,
    /// Whether it can only read.
    pub reads_only: bool,
    /// To how many clients it is limited; none for all that its maker reaches.
    pub clients: Option<i64>,
    /// Since when it is there.
    pub made_at: At,
    /// When it ends.
    pub ends_at: At,
    /// The last day (UTC) on which it was used.
    pub used_on: Option<String>,
}

impl FromRow for ListedKey {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        let limited: bool = row.get(3)?;
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            reads_only: row.get(2)?,
            clients: row.get::<i64>(4).map(|count| limited.then_some(count))?,
            made_at: row.get(5)?,
            ends_at: row.get(6)?,
            used_on: row.get(7)?,
        })
    }
}

/// Makes a key for the caller's membership. Says its secret, which is never shown again. Takes a proof of who it is, as a second factor does.
pub async fn create_key(app: &App, caller: &Caller, new: &NewKey, proof: &str) -> Result<String, Refused> {
    create_key_with(app, caller, new, proof, |_, _, key| Ok(key)).await
}

/// The same, and something else in the same unit of work, which is told the secret.
pub(crate) async fn create_key_with<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    new: &NewKey,
    proof: &str,
    also: impl FnOnce(&mut Tx<'_, '_>, &Act, String) -> Result<T, Refused> + Send + 'static,
) -> Result<T, Refused> {
    let membership = owner(caller)?;
    let mut faults = Faults::default();
    let name = faults.name("name", &new.name);
    let in_range = (1..=LONGEST_DAYS).contains(&new.days);
    faults.take("days", in_range.then_some(()).ok_or(format!("write a number from 1 to {LONGEST_DAYS}")));
    let few = new.clients.len() <= MOST_CLIENTS;
    faults.take("client", few.then_some(()).ok_or(format!("choose at most {MOST_CLIENTS} clients")));
    faults.end()?;
    prove(app, caller, proof).await?;
    let mut secret = [0; 32];
    app.random().fill(&mut secret);
    let new = NewKey { name: name.unwrap_or_default(), ..new.clone() };
    let act = app.act(caller);
    let id: Id<ApiKey> = act.id();
    app.db
        .system("keys are read by nobody within a scope", move |tx| {
            within_reach(tx, &act, &new.clients)?;
            insert(tx, &act, membership, (id, &secret), &new)?;
            tx.within(act.caller.scope, |tx| also(tx, &act, written(id, &secret)))?
        })
        .await
}

/// Refuses clients that the maker does not reach.
fn within_reach(tx: &mut Tx<'_, '_, System>, act: &Act, clients: &[Id<Client>]) -> Result<(), Refused> {
    let wrong = |_| Refused::Invalid(vec![Field::new("client", "choose clients that you reach")]);
    tx.within(act.caller.scope, |tx| {
        clients.iter().try_for_each(|client| clients::find(tx, act, *client).map(drop).map_err(wrong))
    })?
}

fn insert(
    tx: &mut Tx<'_, '_, System>,
    act: &Act,
    membership: Id<Membership>,
    (id, secret): (Id<ApiKey>, &[u8; 32]),
    new: &NewKey,
) -> Result<(), Refused> {
    if kept(tx, act, membership)?.len() >= MOST {
        return Err(Refused::Conflict(format!("there are {MOST} keys already; revoke one first")));
    }
    // People of a client reach that one client anyhow.
    let limited = !new.clients.is_empty() && act.caller.scope.reach() != reach_of_one(&new.clients);
    let add = system_sql!(
        "INSERT INTO api_key (provider_id, id, membership_id, name, hash, reads_only, limited, made_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let ends_at = act.at + Millis::from_hours(24 * i64::from(new.days));
    let (provider, hash) = (act.caller.provider, *blake3::hash(secret).as_bytes());
    tx.exec(add, (provider, id, membership, &new.name, hash, new.reads_only, limited, act.at, ends_at))?;
    for client in new.clients.iter().filter(|_| limited) {
        let list = system_sql!(
            "INSERT INTO reach (provider_id, membership_id, client_id) VALUES ($1, $2, $3) \
             ON CONFLICT (provider_id, membership_id, client_id) DO NOTHING"
        );
        tx.exec(list, (provider, id, *client))?;
    }
    let detail = format!(
        "{}, {}, {}, {} days",
        new.name,
        if new.reads_only { "reads only" } else { "reads and writes" },
        if limited {
            format!("{} clients", new.clients.len())
        } else {
            "all that its maker reaches".to_owned()
        },
        new.days
    );
    note(tx, act, "key.create", id, &detail)
}

fn reach_of_one(clients: &[Id<Client>]) -> remit_db::Reach {
    clients.first().map_or(remit_db::Reach::All, |client| remit_db::Reach::Client(client.uuid()))
}

/// The keys of the caller's membership, newest first.
pub async fn list_keys(app: &App, caller: &Caller) -> Result<Vec<ListedKey>, Refused> {
    let (act, membership) = (app.act(caller), owner(caller)?);
    app.db.system_read("keys are read by nobody within a scope", move |tx| kept(tx, &act, membership)).await
}

fn kept(
    tx: &mut Tx<'_, '_, System>,
    act: &Act,
    membership: Id<Membership>,
) -> Result<Vec<ListedKey>, Refused> {
    let list = system_sql!(
        "SELECT k.id, k.name, k.reads_only, k.limited, \
         (SELECT COUNT(*) FROM reach r WHERE r.provider_id = k.provider_id AND r.membership_id = k.id), \
         k.made_at, k.ends_at, k.used_on FROM api_key k WHERE k.provider_id = $1 AND k.membership_id = $2 \
         ORDER BY k.made_at DESC, k.id DESC LIMIT 100"
    );
    Ok(tx.rows(list, (act.caller.provider, membership))?)
}

/// Ends a key of the caller's membership at once.
pub async fn revoke_key(app: &App, caller: &Caller, id: Id<ApiKey>) -> Result<(), Refused> {
    let (act, membership) = (app.act(caller), owner(caller)?);
    app.db
        .system("keys are read by nobody within a scope", move |tx| {
            let remove = system_sql!(
                "DELETE FROM api_key WHERE provider_id = $1 AND membership_id = $2 AND id = $3 RETURNING name"
            );
            let found: Option<(String,)> = tx.find(remove, (act.caller.provider, membership, id))?;
            let (name,) = found.ok_or(Refused::NotFound)?;
            let reach = system_sql!("DELETE FROM reach WHERE provider_id = $1 AND membership_id = $2");
            tx.exec(reach, (act.caller.provider, id))?;
            note(tx, &act, "key.revoke", id, &name)
        })
        .await
}

/// Who a key stands for, if it is still good: its maker in the role that they have now, with no more reach than they have now. Keys are no
/// persons: they never sign, and change nothing about how somebody signs in.
pub async fn by_key(app: &App, text: &str) -> Result<Option<Caller>, Refused> {
    let Some((id, secret)) = read(text) else { return Ok(None) };
    let (now, hash) = (app.now(), blake3::hash(&secret));
    let used = app.db.system_read(WHY, move |tx| find(tx, id, hash, now)).await?;
    let Some(used) = used else { return Ok(None) };
    let today = Zone::utc().local(now).date().to_string();
    if used.too_far || used.used_on.as_deref() != Some(today.as_str()) {
        let (provider, maker) = (used.caller.provider, used.caller.membership);
        let work = move |tx: &mut Tx<'_, '_, System>| {
            let set = system_sql!("UPDATE api_key SET used_on = $3 WHERE provider_id = $1 AND id = $2");
            tx.exec(set, (provider, id, today))?;
            if !used.too_far {
                return Ok(());
            }
            let shrink = system_sql!(
                "DELETE FROM reach WHERE provider_id = $1 AND membership_id = $2 AND client_id NOT IN \
                 (SELECT m.client_id FROM reach m WHERE m.provider_id = $1 AND m.membership_id = $3)"
            );
            tx.exec(shrink, (provider, id, maker)).map(drop)
        };
        app.db.system(WHY, work).await?;
    }
    Ok(Some(used.caller))
}

/// A key that is used.
struct Presented {
    caller: Caller,
    used_on: Option<String>,
    /// Its list has clients that its maker does not reach any more.
    too_far: bool,
}

/// A row of a key: provider, membership, name, hash, reads only, limited, last day of use.
type Kept = (Uuid, Id<Membership>, String, [u8; 32], bool, bool, Option<String>);

fn find(
    tx: &mut Tx<'_, '_, System>,
    id: Id<ApiKey>,
    hash: blake3::Hash,
    now: At,
) -> Result<Option<Presented>, Refused> {
    let find = system_sql!(
        "SELECT provider_id, membership_id, name, hash, reads_only, limited, used_on FROM api_key WHERE id = $1 AND ends_at > $2"
    );
    let found: Option<Kept> = tx.find(find, (id, now))?;
    let Some((provider, membership, name, kept, reads_only, limited, used_on)) = found else {
        return Ok(None);
    };
    // `blake3::Hash` compares in constant time.
    let maker = session::member(tx, provider, membership)?;
    let Some(maker) = maker.filter(|maker| hash == kept && maker.state == State::Active) else {
        return Ok(None);
    };
    let mut caller = maker.caller();
    caller.name = format!("{}, by the key “{name}”", caller.name);
    caller.person = None;
    caller.access = match (reads_only, limited) {
        (true, _) => Access::ReadOnlyKey,
        (false, true) => Access::KeyForClients,
        (false, false) => Access::Key,
    };
    let mut too_far = false;
    if limited {
        let beyond = system_sql!(
            "SELECT k.client_id FROM reach k WHERE k.provider_id = $1 AND k.membership_id = $2 AND k.client_id NOT IN \
             (SELECT m.client_id FROM reach m WHERE m.provider_id = $1 AND m.membership_id = $3) LIMIT 1"
        );
        let beyond: Option<(Uuid,)> = tx.find(beyond, (provider, id, membership))?;
        too_far = !maker.member.everywhere && beyond.is_some();
        caller.scope = remit_db::Scope::listed(provider, id.uuid());
    }
    Ok(Some(Presented { caller, used_on, too_far }))
}

/// Only a person who is signed in has keys; a key does not make keys.
fn owner(caller: &Caller) -> Result<Id<Membership>, Refused> {
    let own = caller.membership.filter(|_| caller.person.is_some());
    own.ok_or(Refused::NotFound)
}

fn note(
    tx: &mut Tx<'_, '_, System>,
    act: &Act,
    action: &'static str,
    id: Id<ApiKey>,
    detail: &str,
) -> Result<(), Refused> {
    let event = Event { action, subject: id.to_string(), client: None, detail };
    tx.within(act.caller.scope, |tx| audit::note(tx, act, event))?
}

/// How many keys a membership has, and ending them all: see [`super::ways`].
pub(super) fn count(tx: &mut Tx<'_, '_, System>, provider: Uuid, of: Id<Membership>) -> Result<i64, Error> {
    let count = system_sql!("SELECT COUNT(*) FROM api_key WHERE provider_id = $1 AND membership_id = $2");
    Ok(tx.find::<(i64,), _>(count, (provider, of))?.map_or(0, |(count,)| count))
}

/// Ends all keys of a membership.
pub(super) fn end_all(tx: &mut Tx<'_, '_, System>, provider: Uuid, of: Id<Membership>) -> Result<(), Error> {
    let reach = system_sql!(
        "DELETE FROM reach WHERE provider_id = $1 AND membership_id IN \
         (SELECT k.id FROM api_key k WHERE k.provider_id = $1 AND k.membership_id = $2)"
    );
    tx.exec(reach, (provider, of))?;
    let keys = system_sql!("DELETE FROM api_key WHERE provider_id = $1 AND membership_id = $2");
    tx.exec(keys, (provider, of)).map(drop)
}

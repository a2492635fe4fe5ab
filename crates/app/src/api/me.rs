//! Oneself: memberships, sessions, keys.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use remit_core::{At, Id};
use remit_web::Error;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gate::Who;
use super::once::{Made, Once};
use super::operation::{For, Operation, ROOT, Routes, Sample};
use super::people::PersonOut;
use super::wire::{Named, done, id, ids, instant, maybe_id, sample_at, sample_id};
use crate::clients::Client;
use crate::people::{Membership, Permission, Role};
use crate::sign_in::{
    ApiKey, ListedKey, NewKey, Session, USUAL_DAYS, create_key_with, end, end_all, list, list_keys, others,
    revoke_key,
};
use crate::site::Site;

const GROUP: &str = "You";
const SESSIONS: &str = "Sessions";
const KEYS: &str = "Keys";

/// Whoever asks.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "You")]
pub(crate) struct You {
    /// In which membership.
    #[schemars(schema_with = "maybe_id::<Membership>")]
    pub membership: Option<Id<Membership>>,
    /// As the audit log names them.
    pub name: String,
    /// In which role.
    pub role: Role,
    /// What they may do now; a key may do less than its maker.
    pub permissions: Vec<Permission>,
    /// In which zone they are shown the time.
    pub zone: String,
    /// Whether they ask by a key.
    pub by_key: bool,
}

/// Memberships.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Memberships")]
pub(crate) struct Memberships {
    /// The other memberships of the same person, in which they could act instead.
    pub items: Vec<PersonOut>,
}

/// Sessions.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Sessions")]
pub(crate) struct Sessions {
    /// The newest first.
    pub items: Vec<SessionOut>,
}

/// A session.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Session")]
pub(crate) struct SessionOut {
    /// Its id, which is not its secret.
    #[schemars(schema_with = "id::<Session>")]
    pub id: Id<Session>,
    /// In which membership.
    #[schemars(schema_with = "id::<Membership>")]
    pub membership: Id<Membership>,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Since when.
    #[schemars(schema_with = "instant")]
    pub made_at: At,
    /// When it was last used, to within some minutes.
    #[schemars(schema_with = "instant")]
    pub seen_at: At,
    /// When it ends if it is not used any more.
    #[schemars(schema_with = "instant")]
    pub ends_at: At,
    /// What the browser said it was.
    pub agent: String,
}

/// Keys.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Keys")]
pub(crate) struct Keys {
    /// The newest first.
    pub items: Vec<KeyOut>,
}

/// An API key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Key")]
pub(crate) struct KeyOut {
    /// Its id.
    #[schemars(schema_with = "id::<ApiKey>")]
    pub id: Id<ApiKey>,
    /// What it is for.
    pub name: String,
    /// Whether it can only read.
    pub reads_only: bool,
    /// To how many clients it is limited; null for all that its maker reaches.
    pub clients: Option<i64>,
    /// Since when.
    #[schemars(schema_with = "instant")]
    pub made_at: At,
    /// When it ends.
    #[schemars(schema_with = "instant")]
    pub ends_at: At,
    /// The last day (UTC) on which it was used.
    pub used_on: Option<String>,
}

/// A key that is to be made.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "NewKey")]
pub(crate) struct KeyIn {
    /// What it is for.
    pub name: String,
    /// Whether it can only read.
    #[serde(default)]
    pub reads_only: bool,
    /// The clients that it is limited to; empty for all that its maker reaches.
    #[serde(default)]
    #[schemars(schema_with = "ids::<Client>")]
    pub clients: Vec<Id<Client>>,
    /// After how many days it ends.
    #[serde(default = "usual_days")]
    #[schemars(range(min = 1, max = 366))]
    pub days: u16,
    /// Your password, or a code of the second factor; empty if you have neither.
    #[serde(default)]
    pub proof: String,
}

/// A key that was made.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "MadeKey")]
pub(crate) struct KeyMade {
    /// The key itself: it is shown this once. Null where the request is a repetition.
    pub key: Option<String>,
}

const fn usual_days() -> u16 {
    USUAL_DAYS
}

impl From<ListedKey> for KeyOut {
    fn from(found: ListedKey) -> Self {
        let ListedKey { id, name, reads_only, clients, made_at, ends_at, used_on } = found;
        Self { id, name, reads_only, clients, made_at, ends_at, used_on }
    }
}

impl Sample for You {
    fn sample() -> Self {
        Self {
            membership: Some(sample_id()),
            name: "Ana Reyes, by the key “nightly report”".to_owned(),
            role: Role::Technician,
            permissions: vec![Permission::ReadClients, Permission::ReadMatrix],
            zone: "America/Los_Angeles".to_owned(),
            by_key: true,
        }
    }
}

impl Sample for Memberships {
    fn sample() -> Self {
        Self { items: vec![PersonOut::sample()] }
    }
}

impl Sample for Sessions {
    fn sample() -> Self {
        let session = SessionOut {
            id: sample_id(),
            membership: sample_id(),
            current: true,
            made_at: sample_at(),
            seen_at: sample_at(),
            ends_at: sample_at() + crate::sign_in::IDLE,
            agent: "Mozilla/5.0".to_owned(),
        };
        Self { items: vec![session] }
    }
}

impl Sample for Keys {
    fn sample() -> Self {
        let key = KeyOut {
            id: sample_id(),
            name: "nightly report".to_owned(),
            reads_only: true,
            clients: None,
            made_at: sample_at(),
            ends_at: sample_at() + remit_core::Millis::from_hours(24 * i64::from(USUAL_DAYS)),
            used_on: Some("2026-11-23".to_owned()),
        };
        Self { items: vec![key] }
    }
}

impl Sample for KeyIn {
    fn sample() -> Self {
        let name = "nightly report".to_owned();
        Self { name, reads_only: true, clients: Vec::new(), days: 30, proof: String::new() }
    }
}

impl Sample for KeyMade {
    fn sample() -> Self {
        Self { key: Some(format!("remit_{}", "…")) }
    }
}

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(
            Operation::get("/me", "getYou", GROUP, "Say who asks, and what they may do").ok::<You>("You."),
            show_me,
        )
        .on(
            Operation::get("/me/memberships", "listMemberships", GROUP, "List one's other memberships")
                .only(For::Person)
                .ok::<Memberships>("Memberships."),
            show_memberships,
        )
        .on(
            Operation::get("/me/sessions", "listSessions", SESSIONS, "List one's sessions")
                .only(For::Person)
                .ok::<Sessions>("Sessions."),
            show_sessions,
        )
        .on(
            Operation::delete("/me/sessions", "endSessions", SESSIONS, "End all of one's sessions at once")
                .only(For::Person),
            end_sessions,
        )
        .on(
            Operation::delete(
                "/me/sessions/{session}",
                "endSession",
                SESSIONS,
                "End one of one's sessions at once",
            )
            .only(For::Person),
            end_session,
        )
        .on(
            Operation::get("/me/keys", "listKeys", KEYS, "List one's API keys")
                .only(For::Person)
                .ok::<Keys>("Keys."),
            show_keys,
        )
        .on(
            Operation::post("/me/keys", "createKey", KEYS, "Make an API key")
                .about("It takes a proof of who one is. The key is shown in this answer alone.")
                .only(For::Person)
                .body::<KeyIn>()
                .made::<KeyMade>("The key."),
            make_key,
        )
        .on(
            Operation::delete("/me/keys/{key}", "revokeKey", KEYS, "End an API key at once")
                .only(For::Person),
            end_key,
        )
}

async fn show_me(who: Who) -> Response {
    let caller = &who.caller;
    let permissions = Permission::ALL.into_iter().filter(|permission| caller.may(*permission)).collect();
    Json(You {
        membership: caller.membership,
        name: caller.name.clone(),
        role: caller.role,
        permissions,
        zone: caller.zone.name().to_owned(),
        by_key: who.session.is_none(),
    })
    .into_response()
}

async fn show_memberships(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = others(&site.app, &who.caller).await?;
    Ok(Json(Memberships { items: found.into_iter().map(PersonOut::from).collect() }).into_response())
}

async fn show_sessions(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = list(&site.app, &who.caller).await?.into_iter().map(|session| SessionOut {
        current: Some(session.id) == who.session,
        id: session.id,
        membership: session.membership,
        made_at: session.made_at,
        seen_at: session.seen_at,
        ends_at: session.ends_at,
        agent: session.agent,
    });
    Ok(Json(Sessions { items: found.collect() }).into_response())
}

async fn end_sessions(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    end_all(&site.app, &who.caller).await?;
    Ok(done())
}

async fn end_session(
    State(site): State<Site>,
    who: Who,
    Named(session): Named<Id<Session>>,
) -> Result<Response, Error> {
    end(&site.app, &who.caller, session).await?;
    Ok(done())
}

async fn show_keys(State(site): State<Site>, who: Who) -> Result<Response, Error> {
    let found = list_keys(&site.app, &who.caller).await?;
    Ok(Json(Keys { items: found.into_iter().map(KeyOut::from).collect() }).into_response())
}

async fn make_key(once: Once<KeyIn>) -> Result<Response, Error> {
    once.make_with(async |app, who, asked: KeyIn, known| {
        let KeyIn { name, reads_only, clients, days, proof } = asked;
        let new = NewKey { name, reads_only, clients, days };
        let before = known.clone();
        let found = app.write(&who.caller, move |tx, act| before.before(tx, act)).await?;
        if let Some(ended) = found {
            return Ok(ended);
        }
        create_key_with(&app, &who.caller, &new, &proof, move |tx, act, key| {
            let made = |key| Made::at(format!("{ROOT}/me/keys"), KeyMade { key });
            // The secret is nowhere: a repetition is told that the key is made, and not what it is.
            known.keep(tx, act, &made(Some(key)), &made(None))
        })
        .await
    })
    .await
}

async fn end_key(
    State(site): State<Site>,
    who: Who,
    Named(key): Named<Id<ApiKey>>,
) -> Result<Response, Error> {
    revoke_key(&site.app, &who.caller, key).await?;
    Ok(done())
}

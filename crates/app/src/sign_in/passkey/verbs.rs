//! Adding, listing, using and removing passkeys.

use std::sync::Arc;

use remit_core::{At, Id};
use remit_db::{Error, FromRow, Row, System, Tx, system_sql};
use uuid::Uuid;

use super::credential::{self, Assertion, Made, Used};
use super::{CEREMONY, Passkey, Passkeys, handle};
use crate::App;
use crate::act::Caller;
use crate::people::Person;
use crate::refused::{Faults, Field, Refused};
use crate::sign_in::half::{self, How};
use crate::sign_in::{Begun, Secret, factor, session};

const WHY: &str = "nobody within a scope reads passkeys";
/// Passkeys of one person.
const MOST: i64 = 20;

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: Id<Passkey>,
    /// What its owner calls it.
    pub name: String,
    /// Since when.
    pub made_at: At,
    /// When it was last used.
    pub used_at: Option<At>,
}

impl FromRow for Listed {
    fn from_row(mut row: Row) -> Result<Self, Error> {
        Ok(Self { id: row.get(0)?, name: row.get(1)?, made_at: row.get(2)?, used_at: row.get(3)? })
    }
}

/// A question, and what a device needs beside it.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub challenge: [u8; 32],
    /// Whose the passkey will be; empty where one is used.
    pub user: Vec<u8>,
    /// Credentials: those that there are already, where one is added; those that will do, where it is known who asks.
    pub credentials: Vec<Vec<u8>>,
}

/// The caller's passkeys, oldest first.
pub async fn list_passkeys(app: &App, caller: &Caller) -> Result<Vec<Listed>, Refused> {
    let (provider, person) = (caller.provider, caller.person.ok_or(Refused::NotFound)?);
    let list = system_sql!(
        "SELECT id, name, made_at, used_at FROM passkey WHERE provider_id = $1 AND person_id = $2 ORDER BY made_at, id LIMIT 100"
    );
    Ok(app.db.system_read(WHY, move |tx| tx.rows(list, (provider, person))).await?)
}

/// Asks for a new passkey of the caller, after a proof of who it is.
pub(super) async fn ask_new(
    app: &App,
    caller: &Caller,
    name: &str,
    proof: &str,
) -> Result<Question, Refused> {
    factor::refuse_vouched(caller)?;
    let mut faults = Faults::default();
    let name = faults.name("name", name);
    faults.end()?;
    factor::prove(app, caller, proof).await?;
    let (provider, person) = (caller.provider.uuid(), caller.person.ok_or(Refused::NotFound)?);
    let (app, name) = (app.clone(), name.unwrap_or_default());
    let db = Arc::clone(&app.db);
    db.system(WHY, move |tx| {
        let credentials = credentials(tx, (provider, person))?;
        if credentials.len() as i64 >= MOST {
            return Err(Refused::Conflict(format!("there are {MOST} passkeys already; remove one first")));
        }
        let challenge = ask(tx, &app, provider, (Some(person), &name))?;
        Ok(Question { challenge, user: handle(provider, person).to_vec(), credentials })
    })
    .await
}

/// Adds the passkey that a device has made.
pub(super) async fn add(
    app: &App,
    passkeys: &Passkeys,
    caller: &Caller,
    (client, attestation): (Vec<u8>, Vec<u8>),
) -> Result<(), Refused> {
    factor::refuse_vouched(caller)?;
    let wrong = |why: &str| Refused::Invalid(vec![Field::new("name", why)]);
    let challenge =
        credential::challenge(&client).ok_or_else(|| wrong("the answer of the browser cannot be read"))?;
    let made = passkeys.party.made(&client, &attestation).map_err(wrong)?;
    let (act, person) = (app.act(caller), caller.person.ok_or(Refused::NotFound)?);
    let db = Arc::clone(&app.db);
    let id: Id<Passkey> = act.id();
    db.system(WHY, move |tx| {
        let provider = act.caller.provider.uuid();
        let late = || Refused::Conflict("this took too long, or was done already; begin again".to_owned());
        let (whose, name) = take(tx, (provider, challenge), act.at)?.ok_or_else(late)?;
        if whose != Some(person) {
            return Err(late());
        }
        keep(tx, (provider, person, id), (&made, &name), act.at)?;
        half::note(tx, &act, "passkey.add", person, &name)
    })
    .await
}

fn keep(
    tx: &mut Tx<'_, '_, System>,
    (provider, person, id): (Uuid, Id<Person>, Id<Passkey>),
    (made, name): (&Made, &str),
    at: At,
) -> Result<(), Refused> {
    let add = system_sql!(
        "INSERT INTO passkey (provider_id, id, person_id, credential, public, uses, name, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let row =
        (provider, id, person, made.credential.clone(), made.public.clone(), i64::from(made.uses), name, at);
    tx.exec(add, row).map_err(|error| {
        if error.is_unique("passkey.credential") {
            Refused::Conflict("this passkey is there already".to_owned())
        } else {
            error.into()
        }
    })?;
    Ok(())
}

/// Removes a passkey of the caller, after a proof of who it is.
pub async fn remove_passkey(app: &App, caller: &Caller, proof: &str, id: Id<Passkey>) -> Result<(), Refused> {
    factor::refuse_vouched(caller)?;
    factor::prove(app, caller, proof).await?;
    let (act, person) = (app.act(caller), caller.person.ok_or(Refused::NotFound)?);
    app.db
        .system(WHY, move |tx| {
            let remove = system_sql!(
                "DELETE FROM passkey WHERE provider_id = $1 AND person_id = $2 AND id = $3 RETURNING name"
            );
            let found: Option<(String,)> = tx.find(remove, (act.caller.provider, person, id))?;
            let (name,) = found.ok_or(Refused::NotFound)?;
            half::note(tx, &act, "passkey.remove", person, &name)
        })
        .await
}

/// Asks whoever it is for a passkey; with a half session, for one of that person's.
pub(super) async fn ask_any(app: &App, half: Option<&Secret>) -> Result<Question, Refused> {
    let (app, half) = (app.clone(), half.cloned());
    let db = Arc::clone(&app.db);
    db.system("nobody is in a scope before they have signed in", move |tx| {
        let credentials = match &half {
            Some(half) => match half::whose(tx, half, app.now())? {
                Some(whose) => credentials(tx, whose)?,
                None => Vec::new(),
            },
            None => Vec::new(),
        };
        let challenge = ask(tx, &app, Uuid::nil(), (None, ""))?;
        Ok(Question { challenge, user: Vec::new(), credentials })
    })
    .await
}

type Known = (Id<Passkey>, Id<Person>, Vec<u8>, i64, String);

/// Signs in with a passkey: as both proofs, as the first, or, with a half session, as the second. What is not right is none.
pub(super) async fn enter(
    app: &App,
    passkeys: &Passkeys,
    assertion: Assertion,
    (half, agent): (Option<&Secret>, &str),
) -> Result<Option<Begun>, Refused> {
    let Some(challenge) = credential::challenge(&assertion.client) else { return Ok(None) };
    let Some((provider, _)) = assertion.user.split_first_chunk::<16>() else { return Ok(None) };
    let provider = Uuid::from_bytes(*provider);
    let (app, party, half, agent) = (app.clone(), passkeys.party.clone(), half.cloned(), agent.to_owned());
    let db = Arc::clone(&app.db);
    db.system("nobody is in a scope before they have signed in", move |tx| {
        if take(tx, (Uuid::nil(), challenge), app.now())?.is_none() {
            return Ok(None);
        }
        let find = system_sql!(
            "SELECT id, person_id, public, uses, name FROM passkey WHERE provider_id = $1 AND credential = $2"
        );
        let Some((id, person, public, uses, name)) =
            tx.find::<Known, _>(find, (provider, assertion.credential.clone()))?
        else {
            return Ok(None);
        };
        let Ok(shown) = party.used(&public, &assertion) else { return Ok(None) };
        if assertion.user != handle(provider, person) {
            return Ok(None);
        }
        count(tx, &app, (provider, person, id), (shown, uses, &name))?;
        if let Some(half) = half
            && let Some(whose) = half::whose(tx, &half, app.now())?
        {
            if whose != (provider, person) {
                return Ok(None);
            }
            return half::finish(tx, &app, &half).map(|session| Some(Begun::Session(session)));
        }
        let Some(found) = session::first(tx, (provider, person))? else { return Ok(None) };
        let how = How::Passkey { is_verified: shown.verified };
        half::go_on(tx, &app, found, (how, &agent)).map(Some)
    })
    .await
}

/// Counts a use, and notes a count that went backwards.
fn count(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    (provider, person, id): (Uuid, Id<Person>, Id<Passkey>),
    (shown, before, name): (Used, i64, &str),
) -> Result<(), Refused> {
    let uses = i64::from(shown.uses);
    let set = system_sql!("UPDATE passkey SET uses = $3, used_at = $4 WHERE provider_id = $1 AND id = $2");
    tx.exec(set, (provider, id, uses.max(before), app.now()))?;
    if (uses > 0 || before > 0)
        && uses <= before
        && let Some(provider) = Id::from_uuid(provider)
    {
        let detail = format!("{name} counted {uses} uses after {before}: there may be a copy of it");
        half::note(tx, &app.act(&Caller::stranger(provider)), "passkey.regress", person, &detail)?;
    }
    Ok(())
}

fn credentials(tx: &mut Tx<'_, '_, System>, whose: (Uuid, Id<Person>)) -> Result<Vec<Vec<u8>>, Refused> {
    let list = system_sql!(
        "SELECT credential FROM passkey WHERE provider_id = $1 AND person_id = $2 ORDER BY made_at, id LIMIT 100"
    );
    Ok(tx.rows::<(Vec<u8>,), _>(list, whose)?.into_iter().map(|(credential,)| credential).collect())
}

/// Begins a ceremony. Of the question, a hash is kept.
fn ask(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    provider: Uuid,
    (person, name): (Option<Id<Person>>, &str),
) -> Result<[u8; 32], Refused> {
    let (mut challenge, now) = ([0; 32], app.now());
    app.random().fill(&mut challenge);
    let old = system_sql!("DELETE FROM ceremony WHERE ends_at <= $1");
    tx.exec(old, (now,))?;
    let add = system_sql!(
        "INSERT INTO ceremony (provider_id, hash, person_id, name, ends_at) VALUES ($1, $2, $3, $4, $5)"
    );
    tx.exec(add, (provider, *blake3::hash(&challenge).as_bytes(), person, name, now + CEREMONY))?;
    Ok(challenge)
}

/// For whom a passkey is to be added, if one is, and its name.
type Asked = (Option<Id<Person>>, String);

/// Ends a ceremony. Says whose it was and the name that was chosen, unless it is over.
fn take(
    tx: &mut Tx<'_, '_, System>,
    (provider, challenge): (Uuid, [u8; 32]),
    now: At,
) -> Result<Option<Asked>, Refused> {
    let take = system_sql!(
        "DELETE FROM ceremony WHERE provider_id = $1 AND hash = $2 AND ends_at > $3 RETURNING person_id, name"
    );
    Ok(tx.find(take, (provider, *blake3::hash(&challenge).as_bytes(), now))?)
}

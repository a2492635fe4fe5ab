//! Passwords, as Argon2id hashes with the parameters that OWASP names first (19 MiB, 2 passes).

use std::sync::Arc;

use argon2::password_hash::phc::{PasswordHash, Salt};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use remit_core::Id;
use remit_db::system_sql;
use uuid::Uuid;

use super::Secret;
use super::session::{self, Found};
use crate::App;
use crate::act::Caller;
use crate::audit::{self, Event};
use crate::people::{Membership, Person};
use crate::refused::{Field, Refused};

/// The shortest password (NIST SP 800-63B: at least 15 without a second factor; with one, 8).
const SHORTEST: usize = 15;
/// The longest; hashing more would only cost time.
const LONGEST: usize = 512;

/// Sets the caller's own password.
pub async fn set_password(app: &App, caller: &Caller, password: &str) -> Result<(), Refused> {
    let length = password.chars().count();
    if length < SHORTEST || password.len() > LONGEST {
        let message = format!(
            "write at least {SHORTEST} characters, such as four words that have nothing to do with each other"
        );
        return Err(Refused::Invalid(vec![Field::new("password", message)]));
    }
    let person = caller.person.ok_or(Refused::NotFound)?;
    let mut salt = [0; 16];
    app.random().fill(&mut salt);
    let hash = hashed(password.to_owned(), salt).await?;
    let act = app.act(caller);
    app.db
        .system("nobody within a scope reads passwords", move |tx| {
            let set = system_sql!(
                "INSERT INTO password (provider_id, person_id, hash, set_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (provider_id, person_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at"
            );
            tx.exec(set, (act.caller.provider, person, hash, act.at))?;
            let event = Event { action: "password.set", subject: person.to_string(), client: None, detail: "" };
            tx.within(act.caller.scope, |tx| audit::note(tx, &act, event))?
        })
        .await
}

/// Signs in with address and password. Says the secret of the session, or nothing: not whether it was the address or the password.
pub async fn with_password(
    app: &App,
    email: &str,
    password: &str,
    agent: &str,
) -> Result<Option<Secret>, Refused> {
    let address = email.trim().to_lowercase();
    let known: Vec<(Uuid, Id<Person>, String)> = app
        .db
        .system_read("nobody is in a scope before they have signed in", move |tx| {
            let find = system_sql!(
                "SELECT w.provider_id, w.person_id, w.hash FROM person p JOIN password w \
                 ON w.provider_id = p.provider_id AND w.person_id = p.id WHERE p.email = $1 ORDER BY p.id LIMIT 8"
            );
            tx.rows(find, (address,))
        })
        .await?;
    if known.is_empty() {
        // Takes as long as a wrong password does.
        drop(hashed(password.to_owned(), [0; 16]).await?);
    }
    for (provider, person, hash) in known {
        if fits(password.to_owned(), hash).await? {
            return begin(app, provider, person, agent).await;
        }
    }
    Ok(None)
}

async fn begin(
    app: &App,
    provider: Uuid,
    person: Id<Person>,
    agent: &str,
) -> Result<Option<Secret>, Refused> {
    let (app, agent) = (app.clone(), agent.to_owned());
    let db = Arc::clone(&app.db);
    db.system("nobody is in a scope before they have signed in", move |tx| {
        // The oldest membership; another can be chosen once inside.
        let first = system_sql!(
            "SELECT id FROM membership WHERE provider_id = $1 AND person_id = $2 AND state = 'active' ORDER BY id LIMIT 1"
        );
        let Some((first,)) = tx.find::<(Id<Membership>,), _>(first, (provider, person))? else { return Ok(None) };
        let found: Option<Found> = session::member(tx, provider, first)?;
        let found = found.ok_or(Refused::NotFound)?;
        session::begin(tx, &app.act(&found.caller()), &found, &agent).map(Some)
    })
    .await
}

/// On a thread of its own kind: it takes some tens of milliseconds of a core.
async fn hashed(password: String, salt: [u8; 16]) -> Result<String, Refused> {
    let hash = move || {
        let salt = Salt::new(&salt).expect("sixteen bytes are a salt");
        Argon2::default()
            .hash_password_with_salt(password.as_bytes(), salt.as_ref())
            .map(|hash| hash.to_string())
    };
    let done = tokio::task::spawn_blocking(hash).await;
    match done {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(_)) | Err(_) => {
            Err(remit_db::Error::Other("a password could not be hashed".to_owned()).into())
        }
    }
}

async fn fits(password: String, hash: String) -> Result<bool, Refused> {
    let verify = move || {
        let Ok(hash) = PasswordHash::new(&hash) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    };
    let verified = tokio::task::spawn_blocking(verify).await;
    verified.map_err(|_| remit_db::Error::Panicked.into())
}

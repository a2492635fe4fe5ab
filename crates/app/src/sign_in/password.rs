//! Passwords, as Argon2id hashes with the parameters that OWASP names first (19 MiB, 2 passes).

use std::net::IpAddr;
use std::sync::Arc;

use argon2::password_hash::phc::{PasswordHash, Salt};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use remit_core::Id;
use remit_db::{System, Tx, system_sql};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::attempt::{self, Counted, Tried};
use super::half::{self, How};
use super::{Begun, Factor, factor, session};
use crate::App;
use crate::act::Caller;
use crate::audit::{self, Event};
use crate::people::Person;
use crate::refused::{Field, Refused};

/// The shortest password (NIST SP 800-63B: at least 15 without a second factor; with one, 8).
const SHORTEST: usize = 15;
const BEFORE: &str = "nobody is in a scope before they have signed in";
/// The longest; hashing more would only cost time.
const LONGEST: usize = 512;

/// Sets the caller's own password. Whoever has a second factor proves who they are: a browser that was left open must not be enough to
/// get rid of it. Others need no old password, so that a link helps whoever has forgotten it.
pub async fn set_password(app: &App, caller: &Caller, proof: &str, password: &str) -> Result<(), Refused> {
    let length = password.chars().count();
    if length < SHORTEST || password.len() > LONGEST {
        let message = format!(
            "write at least {SHORTEST} characters, such as four words that have nothing to do with each other"
        );
        return Err(Refused::Invalid(vec![Field::new("password", message)]));
    }
    let person = caller.person.ok_or(Refused::NotFound)?;
    factor::refuse_vouched(caller)?;
    if matches!(factor::second_factor(app, caller).await?, Factor::Enrolled { .. }) {
        factor::prove(app, caller, proof).await?;
    }
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

/// Signs in with address and password from a place, where it is known. Says how far that came, or nothing: not whether it was the address
/// or the password. What was tried too often has to wait, the address and the place alike.
pub async fn with_password(
    app: &App,
    email: &str,
    password: &str,
    from: Option<IpAddr>,
    agent: &str,
) -> Result<Option<Begun>, Refused> {
    let address = email.trim().to_lowercase();
    let trial =
        Trial { address: Tried::address(app, &address), place: from.map(|from| Tried::remote(app, from)) };
    let (known, counted) = trial.count(app, address).await?;
    if known.is_empty() {
        // Takes as long as a wrong password does.
        drop(hashed(password.to_owned(), [0; 16]).await?);
    }
    for (provider, person, hash) in &known {
        if fits(password.to_owned(), hash.clone()).await? {
            return trial.succeed(app, (*provider, *person), agent).await;
        }
    }
    let whose = known.into_iter().map(|(provider, person, _)| (provider, person)).collect();
    trial.fail(app, whose, counted, from).await?;
    Ok(None)
}

/// One try of a password.
#[derive(Clone)]
struct Trial {
    address: Tried,
    place: Option<Tried>,
}

/// Persons with the address, each with the hash of their password.
type Known = Vec<(Uuid, Id<Person>, String)>;

impl Trial {
    /// Counts it, and finds whose it can be.
    async fn count(&self, app: &App, address: String) -> Result<(Known, Counted), Refused> {
        let (trial, now) = (self.clone(), app.now());
        app.db
            .system(BEFORE, move |tx| {
                if let Some(place) = &trial.place {
                    place.count(tx, now)?;
                }
                let counted = trial.address.count(tx, now)?;
                let find = system_sql!(
                    "SELECT w.provider_id, w.person_id, w.hash FROM person p JOIN password w \
                     ON w.provider_id = p.provider_id AND w.person_id = p.id WHERE p.email = $1 ORDER BY p.id LIMIT 8"
                );
                Ok((tx.rows(find, (address,))?, counted))
            })
            .await
    }

    async fn succeed(
        self,
        app: &App,
        whose: (Uuid, Id<Person>),
        agent: &str,
    ) -> Result<Option<Begun>, Refused> {
        let (app, agent) = (app.clone(), agent.to_owned());
        let db = Arc::clone(&app.db);
        db.system(BEFORE, move |tx| {
            self.address.clear(tx)?;
            if let Some(place) = &self.place {
                place.take_back(tx, app.now())?;
            }
            let Some(found) = session::first(tx, whose)? else { return Ok(None) };
            half::go_on(tx, &app, found, (How::Password, &agent)).map(Some)
        })
        .await
    }

    async fn fail(
        self,
        app: &App,
        whose: Vec<(Uuid, Id<Person>)>,
        counted: Counted,
        from: Option<IpAddr>,
    ) -> Result<(), Refused> {
        let app = app.clone();
        let db = Arc::clone(&app.db);
        db.system(BEFORE, move |tx| {
            self.address.was_wrong(tx, app.now())?;
            let place = from.map_or_else(|| "somewhere".to_owned(), |from| from.to_string());
            for (provider, person) in whose {
                let Some(provider) = Id::from_uuid(provider) else { continue };
                attempt::note(
                    tx,
                    &app,
                    (provider, person),
                    counted,
                    &format!("wrong password from {place}"),
                )?;
            }
            Ok(())
        })
        .await
    }
}

/// The hash of a person's password, if they have one.
pub(super) fn hash_of(
    tx: &mut Tx<'_, '_, System>,
    whose: (Uuid, Id<Person>),
) -> Result<Option<String>, Refused> {
    let find = system_sql!("SELECT hash FROM password WHERE provider_id = $1 AND person_id = $2");
    Ok(tx.find::<(String,), _>(find, whose)?.map(|(hash,)| hash))
}

/// Hashes that are computed at once: each takes 19 MiB, and whoever floods the page with passwords waits in line.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// On a thread of its own kind: it takes some tens of milliseconds of a core.
async fn hashed(password: String, salt: [u8; 16]) -> Result<String, Refused> {
    let hash = move || {
        let salt = Salt::new(&salt).expect("sixteen bytes are a salt");
        Argon2::default()
            .hash_password_with_salt(password.as_bytes(), salt.as_ref())
            .map(|hash| hash.to_string())
    };
    let _place = AT_ONCE.acquire().await.map_err(|_| remit_db::Error::Panicked)?;
    let done = tokio::task::spawn_blocking(hash).await;
    match done {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(_)) | Err(_) => {
            Err(remit_db::Error::Other("a password could not be hashed".to_owned()).into())
        }
    }
}

pub(super) async fn fits(password: String, hash: String) -> Result<bool, Refused> {
    let verify = move || {
        let Ok(hash) = PasswordHash::new(&hash) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    };
    let _place = AT_ONCE.acquire().await.map_err(|_| remit_db::Error::Panicked)?;
    let verified = tokio::task::spawn_blocking(verify).await;
    verified.map_err(|_| remit_db::Error::Panicked.into())
}

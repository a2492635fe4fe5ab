//! The second factor of somebody who is signed in: enrolling an app, confirming it, new recovery codes, removing it.
//!
//! Each of these asks for the password or a code again: whoever finds a browser open gets no further with it.

use std::sync::Arc;

use remit_core::{At, Id};
use remit_db::{System, Tx, system_sql};
use uuid::Uuid;

use super::attempt::{self, Tried};
use super::totp::Shared;
use super::{half, password, recovery, session};
use crate::App;
use crate::act::{Access, Act, Caller};
use crate::people::{Membership, Person};
use crate::refused::{Field, Refused};

/// What an app has to be told.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret, for typing.
    pub secret: String,
    /// The same as an `otpauth:` address, for a picture.
    pub address: String,
}

/// How far somebody is with their second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Factor {
    /// There is none.
    None,
    /// An app was told, and has not shown a code yet. It does not count.
    Begun(Enrolment),
    /// It is asked for.
    Enrolled {
        /// Since when.
        since: At,
        /// Recovery codes that were not used yet.
        codes: i64,
    },
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(redacted)")
    }
}

const WHY: &str = "nobody within a scope reads second factors";
/// The row of a second factor.
type Kept = (Vec<u8>, Option<At>);

/// How far the caller is.
pub async fn second_factor(app: &App, caller: &Caller) -> Result<Factor, Refused> {
    let whose = own(caller)?;
    let (app, membership) = (app.clone(), caller.membership.ok_or(Refused::NotFound)?);
    let db = Arc::clone(&app.db);
    db.system_read(WHY, move |tx| {
        let Some((sealed, confirmed)) = kept(tx, whose)? else { return Ok(Factor::None) };
        if let Some(since) = confirmed {
            return Ok(Factor::Enrolled { since, codes: recovery::left(tx, whose)? });
        }
        let found = session::member(tx, whose.0, membership)?.ok_or(Refused::NotFound)?;
        // Sealed with a key that was lost, it is as if it had not begun.
        Ok(Shared::open(&app, whose.1, &sealed).map_or(Factor::None, |shared| {
            Factor::Begun(Enrolment { secret: shared.text(), address: shared.address(&found.member.email) })
        }))
    })
    .await
}

/// Makes a secret for an app. It counts from [`confirm_factor`] on. Whoever has a password proves it.
pub async fn begin_factor(app: &App, caller: &Caller, proof: &str) -> Result<(), Refused> {
    refuse_vouched(caller)?;
    prove(app, caller, proof).await?;
    change(app, caller, |tx, app, act, whose| {
        if kept(tx, whose)?.is_some_and(|(_, confirmed)| confirmed.is_some()) {
            return Err(Refused::Conflict("there is one already; remove it first".to_owned()));
        }
        let sealed = Shared::new(app.random()).seal(app, whose.1);
        let set = system_sql!(
            "INSERT INTO totp (provider_id, person_id, sealed, last_step, made_at) VALUES ($1, $2, $3, 0, $4) \
             ON CONFLICT (provider_id, person_id) DO UPDATE SET sealed = excluded.sealed, last_step = 0, made_at = excluded.made_at"
        );
        tx.exec(set, (whose.0, whose.1, sealed, act.at))?;
        half::note(tx, act, "second-factor.begin", whose.1, "")
    })
    .await
}

/// Makes the second factor count, with a code that the app shows. Says the recovery codes, which are never shown again.
pub async fn confirm_factor(app: &App, caller: &Caller, code: &str) -> Result<Vec<String>, Refused> {
    refuse_vouched(caller)?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let done = change(app, caller, move |tx, app, act, whose| {
        let Some((sealed, None)) = kept(tx, whose)? else {
            return Err(Refused::Conflict("there is nothing to confirm; begin again".to_owned()));
        };
        let tried = Tried::person(app, whose.0, whose.1);
        tried.count(tx, act.at)?;
        let step = Shared::open(app, whose.1, &sealed).and_then(|shared| shared.step_of(&code, act.at));
        let Some(step) = step else { return Ok(None) };
        tried.clear(tx)?;
        let set = system_sql!(
            "UPDATE totp SET confirmed_at = $3, last_step = $4 WHERE provider_id = $1 AND person_id = $2"
        );
        tx.exec(set, (whose.0, whose.1, act.at, step))?;
        half::note(tx, act, "second-factor.enrol", whose.1, "authenticator app")?;
        recovery::replace(tx, app, whose).map(Some)
    });
    done.await?.ok_or_else(|| {
        wrong(
            "code",
            "This is not the code that the app shows now. If it stays so, set the clock of the phone.",
        )
    })
}

/// New recovery codes; the old ones are good no more.
pub async fn new_codes(app: &App, caller: &Caller, proof: &str) -> Result<Vec<String>, Refused> {
    refuse_vouched(caller)?;
    prove(app, caller, proof).await?;
    change(app, caller, |tx, app, act, whose| {
        if kept(tx, whose)?.is_none_or(|(_, confirmed)| confirmed.is_none()) {
            return Err(Refused::Conflict("there is no second factor to recover".to_owned()));
        }
        half::note(tx, act, "second-factor.codes", whose.1, "new recovery codes")?;
        recovery::replace(tx, app, whose)
    })
    .await
}

/// Removes the second factor.
pub async fn remove_factor(app: &App, caller: &Caller, proof: &str) -> Result<(), Refused> {
    refuse_vouched(caller)?;
    prove(app, caller, proof).await?;
    change(app, caller, |tx, _, act, whose| remove(tx, act, whose, "by themselves")).await
}

/// Removes the second factor of somebody who has lost app and recovery codes. For the operator at the command line alone, who knows by
/// other means that it is them.
pub async fn remove_factor_of(
    app: &App,
    operator: &Caller,
    membership: Id<Membership>,
) -> Result<(), Refused> {
    if operator.membership.is_some() {
        return Err(Refused::NotFound);
    }
    let act = app.act(operator);
    app.db
        .system(WHY, move |tx| {
            let found = session::member(tx, act.caller.provider.uuid(), membership)?;
            let person = found.ok_or(Refused::NotFound)?.person;
            remove(tx, &act, (act.caller.provider.uuid(), person), "by the operator")
        })
        .await
}

fn remove(
    tx: &mut Tx<'_, '_, System>,
    act: &Act,
    whose: (Uuid, Id<Person>),
    by: &str,
) -> Result<(), Refused> {
    let remove = system_sql!("DELETE FROM totp WHERE provider_id = $1 AND person_id = $2");
    if tx.exec(remove, whose)? == 0 {
        return Err(Refused::NotFound);
    }
    recovery::forget(tx, whose)?;
    half::note(tx, act, "second-factor.remove", whose.1, by)
}

/// Refuses to change a person's own ways in from a session that the issuer of a party has vouched for: they are good in other parties too.
pub(super) fn refuse_vouched(caller: &Caller) -> Result<(), Refused> {
    if caller.access == Access::Vouched { Err(vouched()) } else { Ok(()) }
}

pub(super) fn vouched() -> Refused {
    let why = "your company's sign-in brought you here; sign in with a link to change your own ways in";
    Refused::Conflict(why.to_owned())
}

/// Asks for the password or a code again. Whoever has neither has nothing to prove it with, and signed in with a link.
pub(super) async fn prove(app: &App, caller: &Caller, proof: &str) -> Result<(), Refused> {
    let code = proof.to_owned();
    let membership = caller.membership.ok_or(Refused::NotFound)?;
    let asked = change(app, caller, move |tx, app, act, whose| {
        let password = password::hash_of(tx, whose)?;
        let enrolled = kept(tx, whose)?.is_some_and(|(_, confirmed)| confirmed.is_some());
        if password.is_none() && !enrolled {
            return Ok(Asked::Proved);
        }
        let tried = Tried::person(app, whose.0, whose.1);
        let counted = tried.count(tx, act.at)?;
        let found = session::member(tx, whose.0, membership)?.ok_or(Refused::NotFound)?;
        if enrolled && half::take(tx, app, &found, &code)? {
            tried.clear(tx)?;
            return Ok(Asked::Proved);
        }
        if password.is_none() {
            attempt::note(tx, app, (act.caller.provider, whose.1), counted, "wrong proof of who it is")?;
        }
        Ok(password.map_or(Asked::Wrong, |hash| Asked::Password(hash, counted)))
    });
    let refused = || wrong("proof", "This is neither your password nor a code that was not used yet.");
    match asked.await? {
        Asked::Proved => Ok(()),
        Asked::Wrong => Err(refused()),
        Asked::Password(hash, counted) => {
            let fits = password::fits(proof.to_owned(), hash).await?;
            let settle = change(app, caller, move |tx, app, act, whose| {
                if fits {
                    return Tried::person(app, whose.0, whose.1).clear(tx);
                }
                attempt::note(tx, app, (act.caller.provider, whose.1), counted, "wrong proof of who it is")
            });
            settle.await?;
            if fits { Ok(()) } else { Err(refused()) }
        }
    }
}

enum Asked {
    Proved,
    Wrong,
    Password(String, attempt::Counted),
}

fn wrong(field: &'static str, message: &str) -> Refused {
    Refused::Invalid(vec![Field::new(field, message)])
}

fn own(caller: &Caller) -> Result<(Uuid, Id<Person>), Refused> {
    Ok((caller.provider.uuid(), caller.person.ok_or(Refused::NotFound)?))
}

fn kept(tx: &mut Tx<'_, '_, System>, whose: (Uuid, Id<Person>)) -> Result<Option<Kept>, Refused> {
    let find = system_sql!("SELECT sealed, confirmed_at FROM totp WHERE provider_id = $1 AND person_id = $2");
    Ok(tx.find(find, whose)?)
}

/// Does something to what only units of work across scopes may touch, for the caller's own person.
async fn change<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    work: impl FnOnce(&mut Tx<'_, '_, System>, &App, &Act, (Uuid, Id<Person>)) -> Result<T, Refused>
    + Send
    + 'static,
) -> Result<T, Refused> {
    let (app, act, whose) = (app.clone(), app.act(caller), own(caller)?);
    let db = Arc::clone(&app.db);
    db.system(WHY, move |tx| work(tx, &app, &act, whose)).await
}

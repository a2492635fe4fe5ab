//! Half sessions: the password or the link was right, the code is still missing. They can do nothing but ask for it.

use std::sync::Arc;

use remit_core::Id;
use remit_db::{System, Tx, system_sql};
use uuid::Uuid;

use super::attempt::{self, Tried};
use super::session::{self, Found};
use super::{Begun, CODE, Secret, link, recovery, totp};
use crate::App;
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::{Membership, Person, State};
use crate::refused::Refused;

/// Goes on after a password or a link was right: to a session, or to the question for a code where there is a second factor.
pub(super) fn go_on(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    found: Found,
    agent: &str,
) -> Result<Begun, Refused> {
    let enrolled = system_sql!(
        "SELECT confirmed_at FROM totp WHERE provider_id = $1 AND person_id = $2 AND confirmed_at IS NOT NULL"
    );
    if tx.find::<(i64,), _>(enrolled, (found.provider, found.person))?.is_none() {
        return enter(tx, app, found, agent).map(Begun::Session);
    }
    if !found.may_sign_in() {
        return Err(Refused::NotFound);
    }
    let (secret, now) = (Secret::new(found.provider.uuid(), app.random()), app.now());
    let old =
        system_sql!("DELETE FROM half_session WHERE provider_id = $1 AND person_id = $2 AND ends_at <= $3");
    tx.exec(old, (found.provider, found.person, now))?;
    let add = system_sql!(
        "INSERT INTO half_session (provider_id, hash, person_id, membership_id, ends_at, agent) VALUES ($1, $2, $3, $4, $5, $6)"
    );
    let agent = session::agent(agent);
    tx.exec(add, (found.provider, secret.hash(), found.person, found.member.id, now + CODE, agent))?;
    Ok(Begun::Half(secret))
}

/// Begins the session, in a membership that becomes active if it was only invited.
fn enter(tx: &mut Tx<'_, '_, System>, app: &App, found: Found, agent: &str) -> Result<Secret, Refused> {
    if !found.may_sign_in() {
        return Err(Refused::NotFound);
    }
    let act = app.act(&found.caller());
    if found.state == State::Invited {
        let id = found.member.id;
        tx.within(act.caller.scope, |tx| link::activate(tx, &act, id))??;
    }
    session::begin(tx, &act, &Found { state: State::Active, ..found }, agent)
}

/// Finishes signing in, with a code of the app or a recovery code. Says the secret of the session, or nothing when the code is not right.
/// A half session that is over, or never was, is [`Refused::NotFound`].
pub async fn with_code(app: &App, half: &Secret, code: &str) -> Result<Option<Secret>, Refused> {
    let (app, half, code) = (app.clone(), half.clone(), code.to_owned());
    let db = Arc::clone(&app.db);
    db.system("nobody is in a scope before they have signed in", move |tx| {
        let now = app.now();
        let find = system_sql!(
            "SELECT person_id, membership_id, agent FROM half_session WHERE provider_id = $1 AND hash = $2 AND ends_at > $3"
        );
        let found: Option<(Id<Person>, Id<Membership>, String)> =
            tx.find(find, (half.provider, half.hash(), now))?;
        let (person, membership, agent) = found.ok_or(Refused::NotFound)?;
        let found = session::member(tx, half.provider, membership)?.ok_or(Refused::NotFound)?;
        if !right(tx, &app, &found, &code)? {
            return Ok(None);
        }
        let end = system_sql!("DELETE FROM half_session WHERE provider_id = $1 AND person_id = $2");
        tx.exec(end, (half.provider, person))?;
        enter(tx, &app, found, &agent).map(Some)
    })
    .await
}

/// Whether a code of somebody is right. It is counted, used up, and noted when it is wrong.
fn right(tx: &mut Tx<'_, '_, System>, app: &App, found: &Found, code: &str) -> Result<bool, Refused> {
    let tried = Tried::person(app, found.provider.uuid(), found.person);
    let counted = tried.count(tx, app.now())?;
    if take(tx, app, found, code)? {
        tried.clear(tx)?;
        return Ok(true);
    }
    attempt::note(tx, app, (found.provider, found.person), counted, "wrong code")?;
    Ok(false)
}

/// Uses up a code of the app, or a recovery code, which is noted. The caller counts.
pub(super) fn take(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    found: &Found,
    code: &str,
) -> Result<bool, Refused> {
    let (whose, now): ((Uuid, _), _) = ((found.provider.uuid(), found.person), app.now());
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if totp::take(tx, app, whose, &digits, now)? {
        return Ok(true);
    }
    if !recovery::take(tx, app, whose, code, now)? {
        return Ok(false);
    }
    let detail = format!("{} are left", recovery::left(tx, whose)?);
    note(tx, &app.act(&found.caller()), "second-factor.recover", whose.1, &detail)?;
    Ok(true)
}

/// Notes something about the second factor of a person.
pub(super) fn note(
    tx: &mut Tx<'_, '_, System>,
    act: &Act,
    action: &'static str,
    person: Id<Person>,
    detail: &str,
) -> Result<(), Refused> {
    let event = Event { action, subject: person.to_string(), client: None, detail };
    tx.within(act.caller.scope, |tx| audit::note(tx, act, event))?
}

//! Half sessions: the password or the link was right, the code is still missing. They can do nothing but ask for it.

use std::sync::Arc;

use remit_core::{At, Id};
use remit_db::{System, Tx, system_sql};
use uuid::Uuid;

use super::attempt::{self, Tried};
use super::session::{self, Found};
use super::{Begun, CODE, Secret, issuer, link, recovery, totp};
use crate::App;
use crate::act::Act;
use crate::audit::{self, Event};
use crate::people::{Membership, Party, Person, State};
use crate::refused::Refused;

/// How somebody has proved who they are, so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// By what they know.
    Password,
    /// By a link, which was sent by mail or handed over by the operator.
    Link { mailed: bool },
    /// By the word of the issuer of their party, which has asked for a second factor or has not.
    Issuer { party: Id<Party>, is_strong: bool },
    /// By a passkey, whose device has asked for a PIN, a finger or a face, or has not.
    Passkey { is_verified: bool },
}

impl How {
    fn is_both(self) -> bool {
        match self {
            Self::Password | Self::Link { .. } => false,
            Self::Issuer { is_strong, .. } => is_strong,
            Self::Passkey { is_verified } => is_verified,
        }
    }

    fn vouched_by(self) -> Option<Id<Party>> {
        if let Self::Issuer { party, .. } = self { Some(party) } else { None }
    }
}

/// Goes on after a first proof was right: to a session, or to the question for a code where there is a second factor that was not asked
/// for. Whoever has to come through the issuer of their party, and does not, is refused; the operator's link is good all the same.
pub(super) fn go_on(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    found: Found,
    (how, agent): (How, &str),
) -> Result<Begun, Refused> {
    let vouched_by = how.vouched_by();
    let of_operator = how == How::Link { mailed: false };
    if vouched_by.is_none()
        && !of_operator
        && issuer::is_required(tx, found.provider.uuid(), found.member.party)?
    {
        return Err(issuer::required());
    }
    if how.is_both() || !has_second(tx, (found.provider.uuid(), found.person))? {
        return enter(tx, app, found, (vouched_by, agent)).map(Begun::Session);
    }
    if !found.may_sign_in() {
        return Err(Refused::NotFound);
    }
    let (secret, now) = (Secret::new(found.provider.uuid(), app.random()), app.now());
    let old =
        system_sql!("DELETE FROM half_session WHERE provider_id = $1 AND person_id = $2 AND ends_at <= $3");
    tx.exec(old, (found.provider, found.person, now))?;
    let add = system_sql!(
        "INSERT INTO half_session (provider_id, hash, person_id, membership_id, ends_at, agent, vouched_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    let (agent, member) = (session::agent(agent), found.member.id);
    tx.exec(add, (found.provider, secret.hash(), found.person, member, now + CODE, agent, vouched_by))?;
    Ok(Begun::Half(secret))
}

/// Whether somebody has a second factor that counts.
fn has_second(tx: &mut Tx<'_, '_, System>, whose: (Uuid, Id<Person>)) -> Result<bool, Refused> {
    let enrolled = system_sql!(
        "SELECT confirmed_at FROM totp WHERE provider_id = $1 AND person_id = $2 AND confirmed_at IS NOT NULL"
    );
    Ok(tx.find::<(i64,), _>(enrolled, whose)?.is_some())
}

/// Begins the session, in a membership that becomes active if it was only invited.
fn enter(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    found: Found,
    from: (Option<Id<Party>>, &str),
) -> Result<Secret, Refused> {
    if !found.may_sign_in() {
        return Err(Refused::NotFound);
    }
    let act = app.act(&found.caller());
    if found.state == State::Invited {
        let id = found.member.id;
        tx.within(act.caller.scope, |tx| link::activate(tx, &act, id))??;
    }
    session::begin(tx, &act, &Found { state: State::Active, ..found }, from)
}

/// Finishes signing in, with a code of the app or a recovery code. Says the secret of the session, or nothing when the code is not right.
/// A half session that is over, or never was, is [`Refused::NotFound`].
pub async fn with_code(app: &App, half: &Secret, code: &str) -> Result<Option<Secret>, Refused> {
    let (app, half, code) = (app.clone(), half.clone(), code.to_owned());
    let db = Arc::clone(&app.db);
    db.system("nobody is in a scope before they have signed in", move |tx| {
        let kept = find(tx, &half, app.now())?.ok_or(Refused::NotFound)?;
        if !right(tx, &app, &kept.found, &code)? {
            return Ok(None);
        }
        end(tx, &app, kept).map(Some)
    })
    .await
}

/// A half session that is still good.
struct Kept {
    found: Found,
    vouched_by: Option<Id<Party>>,
    agent: String,
}

fn find(tx: &mut Tx<'_, '_, System>, half: &Secret, now: At) -> Result<Option<Kept>, Refused> {
    let find = system_sql!(
        "SELECT membership_id, agent, vouched_by FROM half_session WHERE provider_id = $1 AND hash = $2 AND ends_at > $3"
    );
    let kept: Option<(Id<Membership>, String, Option<Id<Party>>)> =
        tx.find(find, (half.provider, half.hash(), now))?;
    let Some((membership, agent, vouched_by)) = kept else { return Ok(None) };
    let found = session::member(tx, half.provider, membership)?;
    Ok(found.map(|found| Kept { found, vouched_by, agent }))
}

fn end(tx: &mut Tx<'_, '_, System>, app: &App, kept: Kept) -> Result<Secret, Refused> {
    let end = system_sql!("DELETE FROM half_session WHERE provider_id = $1 AND person_id = $2");
    tx.exec(end, (kept.found.provider, kept.found.person))?;
    enter(tx, app, kept.found, (kept.vouched_by, &kept.agent))
}

/// Whose half session it is, if it is one, and still good.
pub(super) fn whose(
    tx: &mut Tx<'_, '_, System>,
    half: &Secret,
    now: At,
) -> Result<Option<(Uuid, Id<Person>)>, Refused> {
    Ok(find(tx, half, now)?.map(|kept| (half.provider, kept.found.person)))
}

/// Finishes signing in, after another second proof than a code.
pub(super) fn finish(tx: &mut Tx<'_, '_, System>, app: &App, half: &Secret) -> Result<Secret, Refused> {
    let kept = find(tx, half, app.now())?.ok_or(Refused::NotFound)?;
    end(tx, app, kept)
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

//! Links: a secret that is good once.

use remit_core::Id;
use remit_db::{System, Tx, sql, system_sql};
use uuid::Uuid;

use super::half::{self, How};
use super::{Begun, LINK, Secret, session};
use crate::App;
use crate::act::{Act, Caller};
use crate::audit::{self, Event};
use crate::people::{self, Member, Membership, Provider, State};
use crate::refused::{Refused, folded};

/// Makes a link for a membership. Whoever has it can sign in as that person, and sign for them: so nobody who is signed in is shown one,
/// only the operator at the command line, who hands it to that person.
pub fn make_link(tx: &mut Tx<'_, '_>, act: &Act, membership: Id<Membership>) -> Result<Secret, Refused> {
    if act.caller.membership.is_some() {
        return Err(Refused::Conflict(
            "a link is for the person it signs in, and for nobody else to see".to_owned(),
        ));
    }
    let member = people::member(tx, act, membership)?;
    if matches!(member.state, State::Suspended | State::Left) {
        return Err(Refused::Conflict(format!(
            "{} cannot sign in: the membership is not in use",
            member.name
        )));
    }
    let secret = Secret::new(act.caller.provider.uuid(), &*act.random);
    let (provider, hash, at) = (act.caller.provider, secret.hash(), act.at);
    tx.beyond("nobody within a scope reads links", move |tx| {
        let add = system_sql!(
            "INSERT INTO link (provider_id, hash, membership_id, made_at, ends_at) VALUES ($1, $2, $3, $4, $5)"
        );
        tx.exec(add, (provider, hash, membership, at, at + LINK))
    })?;
    let event = Event {
        action: "sign-in.link",
        subject: membership.to_string(),
        client: member.client,
        detail: &format!("for {}", member.email),
    };
    audit::note(tx, act, event)?;
    Ok(secret)
}

/// Makes a link for whoever has an address, in the first of their memberships that is in use, for the operator to hand to them.
pub async fn make_link_for(app: &App, email: &str) -> Result<(Member, Secret), Refused> {
    let email = folded(email);
    let why = "the operator stands above providers";
    let found: Option<(Id<Provider>, Id<Membership>)> = app
        .db
        .system_read(why, move |tx| {
            let find = system_sql!(
                "SELECT m.provider_id, m.id FROM person p JOIN membership m ON m.provider_id = p.provider_id AND m.person_id = p.id \
                 WHERE p.email = $1 AND m.state IN ('active', 'invited') ORDER BY m.state, m.created_at, m.id LIMIT 1"
            );
            tx.find(find, (email,)).map_err(Refused::from)
        })
        .await?;
    let (provider, membership) = found.ok_or(Refused::NotFound)?;
    app.write(&Caller::operator(provider), move |tx, act| {
        Ok((people::member(tx, act, membership)?, make_link(tx, act, membership)?))
    })
    .await
}

/// A link that is about to be sent to whom it is for, and to nobody else.
pub(crate) struct Mailed {
    pub secret: Secret,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Makes the link of a letter, or finds it again when the letter is sent once more; it is good from now on. Its bits are made of the id of the
/// letter's job and a key that is not in the database, so that it need not be kept anywhere. None when the membership is not in use.
pub(crate) fn link_by_mail(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    (provider, membership): (Uuid, Id<Membership>),
    job: Uuid,
) -> Result<Option<Mailed>, Refused> {
    let Some(found) = session::member(tx, provider, membership)? else { return Ok(None) };
    if matches!(found.state, State::Suspended | State::Left) {
        return Ok(None);
    }
    let key = app.key().derive("remit 2026-11 links by mail");
    let secret = Secret { provider, bits: *blake3::keyed_hash(&key, job.as_bytes()).as_bytes() };
    let caller = Caller { name: "outgoing mail".to_owned(), ..Caller::operator(found.provider) };
    let act = app.act(&caller);
    let add = system_sql!(
        "INSERT INTO link (provider_id, hash, membership_id, made_at, ends_at, mailed) VALUES ($1, $2, $3, $4, $5, TRUE) \
         ON CONFLICT (provider_id, hash) DO NOTHING"
    );
    if tx.exec(add, (provider, secret.hash(), membership, act.at, act.at + LINK))? == 1 {
        let event = Event {
            action: "sign-in.link",
            subject: membership.to_string(),
            client: found.member.client,
            detail: &format!("by mail to {}", found.member.email),
        };
        tx.within(caller.scope, |tx| audit::note(tx, &act, event))??;
    } else {
        let again = system_sql!(
            "UPDATE link SET ends_at = $3 WHERE provider_id = $1 AND hash = $2 AND used_at IS NULL"
        );
        tx.exec(again, (provider, secret.hash(), act.at + LINK))?;
    }
    Ok(Some(Mailed { secret, name: found.member.name, email: found.member.email }))
}

/// Signs in with a link, which is then used up; an invited membership becomes active. Where there is a second factor, it is asked for too.
pub async fn use_link(app: &App, link: &Secret, agent: &str) -> Result<Begun, Refused> {
    let (app, link, agent) = (app.clone(), link.clone(), agent.to_owned());
    let db = std::sync::Arc::clone(&app.db);
    db.system("nobody is in a scope before they have signed in", move |tx| {
        let take = system_sql!(
            "UPDATE link SET used_at = $3 WHERE provider_id = $1 AND hash = $2 AND used_at IS NULL AND ends_at > $3 \
             RETURNING membership_id, mailed"
        );
        let taken: Option<(Id<Membership>, bool)> = tx.find(take, (link.provider, link.hash(), app.now()))?;
        let (membership, mailed) = taken.ok_or(Refused::NotFound)?;
        let found = session::member(tx, link.provider, membership)?.ok_or(Refused::NotFound)?;
        half::go_on(tx, &app, found, (How::Link { mailed }, &agent))
    })
    .await
}

/// Notes that somebody who was invited has come.
pub(super) fn activate(tx: &mut Tx<'_, '_>, act: &Act, membership: Id<Membership>) -> Result<(), Refused> {
    let set = sql!(
        "UPDATE membership SET state = 'active', version = version + 1 \
         WHERE provider_id = $1 AND {reach?: client_id} AND id = $2 AND state = 'invited'"
    );
    if tx.exec(set, (membership,))? == 1 {
        let detail = format!("first signed in at {}", act.at);
        let event = Event {
            action: "person.activate",
            subject: membership.to_string(),
            client: None,
            detail: &detail,
        };
        audit::note(tx, act, event)?;
    }
    Ok(())
}

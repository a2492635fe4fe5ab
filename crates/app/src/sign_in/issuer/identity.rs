//! Accounts at issuers, and whose they are.

use std::sync::Arc;

use remit_core::{At, Id};
use remit_db::{System, Tx, system_sql};
use uuid::Uuid;

use super::Address;
use super::token::Vouched;
use crate::App;
use crate::act::{Access, Act, Caller};
use crate::audit::{self, Event};
use crate::people::{Membership, Party, Person, Provider};
use crate::refused::Refused;
use crate::sign_in::half::{self, How};
use crate::sign_in::session::{self, Found};
use crate::sign_in::{Begun, factor};

const WHY: &str = "identities of a person span their memberships";

/// Somebody who has come back from an issuer.
pub(super) struct Came {
    pub whose: (Uuid, Id<Party>),
    /// The issuer.
    pub url: String,
    pub vouched: Vouched,
    /// Whether the issuer says that it has asked for a second factor.
    pub is_strong: bool,
    /// What the browser says it is.
    pub agent: String,
}

/// An account of the caller at an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The party whose issuer it is.
    pub party: Id<Party>,
    /// Its name.
    pub party_name: String,
    /// The issuer.
    pub url: String,
    /// The account.
    pub subject: String,
    /// Since when.
    pub made_at: At,
    /// When it was last signed in with.
    pub used_at: At,
}

/// Signs somebody in by their identity; the first time, it is made, where the party has invited their verified address.
pub(super) fn enter(tx: &mut Tx<'_, '_, System>, app: &App, came: &Came) -> Result<Begun, Refused> {
    let (provider, party) = came.whose;
    let person = match whose(tx, came)? {
        Some(person) => person,
        None => match invited(tx, came)? {
            Ok(person) => {
                let member = first(tx, came.whose, person)?.ok_or_else(unknown)?;
                bind(tx, &app.act(&member.caller()), came, person)?;
                person
            }
            Err(why) => {
                tracing::info!(%party, why, "an issuer vouched for nobody that is known");
                return Err(unknown());
            }
        },
    };
    let found = first(tx, came.whose, person)?.ok_or_else(unknown)?;
    let used = system_sql!(
        "UPDATE identity SET used_at = $5 WHERE provider_id = $1 AND party_id = $2 AND url = $3 AND subject = $4"
    );
    tx.exec(used, (provider, party, &came.url, &came.vouched.subject, app.now()))?;
    half::go_on(tx, app, found, (How::Issuer { party, is_strong: came.is_strong }, &came.agent))
}

/// The same for whoever is unknown, whatever the reason: the issuer's people learn nothing about who is invited.
fn unknown() -> Refused {
    Refused::Conflict(
        "nobody here goes with this account of your company. Ask whoever invited you; or sign in another way, and link the account on your page"
            .to_owned(),
    )
}

fn whose(tx: &mut Tx<'_, '_, System>, came: &Came) -> Result<Option<Id<Person>>, Refused> {
    let find = system_sql!(
        "SELECT person_id FROM identity WHERE provider_id = $1 AND party_id = $2 AND url = $3 AND subject = $4"
    );
    let found: Option<(Id<Person>,)> =
        tx.find(find, (came.whose.0, came.whose.1, &came.url, &came.vouched.subject))?;
    Ok(found.map(|(person,)| person))
}

/// Whom the party has invited under the address that the issuer has verified, and may vouch for; or why nobody.
fn invited(tx: &mut Tx<'_, '_, System>, came: &Came) -> Result<Result<Id<Person>, &'static str>, Refused> {
    let (provider, party) = came.whose;
    let Some(email) = &came.vouched.email else { return Ok(Err("no verified address")) };
    let Some(domain) = Address::domain(email) else { return Ok(Err("no address")) };
    let may = system_sql!(
        "SELECT party_id FROM vouched_domain WHERE provider_id = $1 AND domain = $2 AND party_id = $3"
    );
    if tx.find::<(Uuid,), _>(may, (provider, domain, party))?.is_none() {
        return Ok(Err("not a domain that it may vouch for"));
    }
    let find = system_sql!(
        "SELECT m.person_id FROM membership m JOIN person p ON p.provider_id = m.provider_id AND p.id = m.person_id \
         WHERE m.provider_id = $1 AND m.party_id = $2 AND p.email = $3 AND m.state IN ('active', 'invited') LIMIT 1"
    );
    let Some((person,)) = tx.find::<(Id<Person>,), _>(find, (provider, party, email))? else {
        return Ok(Err("nobody is invited with this address"));
    };
    // An address goes to somebody else some day; whoever had it before is not them.
    let taken = system_sql!(
        "SELECT made_at FROM identity WHERE provider_id = $1 AND party_id = $2 AND url = $3 AND person_id = $4"
    );
    let taken: Option<(At,)> = tx.find(taken, (provider, party, &came.url, person))?;
    Ok(if taken.is_none() { Ok(person) } else { Err("the address belongs to another account") })
}

/// The oldest membership of somebody in the party that can be signed in to, first among those in use.
fn first(
    tx: &mut Tx<'_, '_, System>,
    (provider, party): (Uuid, Id<Party>),
    person: Id<Person>,
) -> Result<Option<Found>, Refused> {
    let find = system_sql!(
        "SELECT id FROM membership WHERE provider_id = $1 AND party_id = $2 AND person_id = $3 \
         AND state IN ('active', 'invited') ORDER BY state, id LIMIT 1"
    );
    match tx.find::<(Id<Membership>,), _>(find, (provider, party, person))? {
        Some((id,)) => session::member(tx, provider, id),
        None => Ok(None),
    }
}

fn bind(tx: &mut Tx<'_, '_, System>, act: &Act, came: &Came, person: Id<Person>) -> Result<(), Refused> {
    let (provider, party) = came.whose;
    let add = system_sql!(
        "INSERT INTO identity (provider_id, party_id, url, subject, person_id, made_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $6)"
    );
    tx.exec(add, (provider, party, &came.url, &came.vouched.subject, person, act.at))?;
    let detail = format!("{} at {}", shown(&came.vouched.subject), came.url);
    let event = Event { action: "identity.link", subject: person.to_string(), client: None, detail: &detail };
    tx.within(act.caller.scope, |tx| audit::note(tx, act, event))?
}

/// An account in a line of the log.
fn shown(subject: &str) -> String {
    subject.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// Links the account to somebody who is signed in, in the membership in which they set out.
pub(super) fn link(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    came: &Came,
    membership: Id<Membership>,
) -> Result<(), Refused> {
    let found = session::member(tx, came.whose.0, membership)?.ok_or(Refused::NotFound)?;
    if found.member.party != came.whose.1 || !found.may_sign_in() {
        return Err(Refused::NotFound);
    }
    match whose(tx, came)? {
        Some(person) if person == found.person => return Ok(()),
        Some(_) => {
            return Err(Refused::Conflict("this account is linked to somebody else already".to_owned()));
        }
        None => {}
    }
    bind(tx, &app.act(&found.caller()), came, found.person).map_err(|refused| match refused {
        Refused::Db(error) if error.is_unique("identity.party_id, identity.url, identity.person_id") => {
            Refused::Conflict(
                "an account of this issuer is linked to you already; remove it first".to_owned(),
            )
        }
        other => other,
    })
}

type Row = (Id<Party>, String, String, String, At, At);

/// The identities of the caller.
pub async fn identities(app: &App, caller: &Caller) -> Result<Vec<Identity>, Refused> {
    let (provider, person) = (caller.provider, caller.person.ok_or(Refused::NotFound)?);
    let list = system_sql!(
        "SELECT i.party_id, p.name, i.url, i.subject, i.made_at, i.used_at FROM identity i \
         JOIN party p ON p.provider_id = i.provider_id AND p.id = i.party_id \
         WHERE i.provider_id = $1 AND i.person_id = $2 ORDER BY i.made_at, i.party_id LIMIT 100"
    );
    let rows: Vec<Row> = app.db.system_read(WHY, move |tx| tx.rows(list, (provider, person))).await?;
    let read = |(party, party_name, url, subject, made_at, used_at)| Identity {
        party,
        party_name,
        url,
        subject,
        made_at,
        used_at,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Removes an identity of the caller. Their next visit by the same account is as the first one.
pub async fn forget_identity(
    app: &App,
    caller: &Caller,
    proof: &str,
    (party, subject): (Id<Party>, String),
) -> Result<(), Refused> {
    if caller.access == Access::Vouched {
        return Err(factor::vouched());
    }
    factor::prove(app, caller, proof).await?;
    let (act, person) = (app.act(caller), caller.person.ok_or(Refused::NotFound)?);
    let db = Arc::clone(&app.db);
    db.system(WHY, move |tx| {
        let provider: Id<Provider> = act.caller.provider;
        let remove = system_sql!(
            "DELETE FROM identity WHERE provider_id = $1 AND party_id = $2 AND subject = $3 AND person_id = $4 RETURNING url"
        );
        let found: Option<(String,)> = tx.find(remove, (provider, party, &subject, person))?;
        let (url,) = found.ok_or(Refused::NotFound)?;
        let detail = format!("{} at {url}", shown(&subject));
        let event =
            Event { action: "identity.remove", subject: person.to_string(), client: None, detail: &detail };
        tx.within(act.caller.scope, |tx| audit::note(tx, &act, event))?
    })
    .await
}

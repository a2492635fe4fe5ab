//! One way to an issuer and back.

use std::sync::Arc;

use openidconnect::url::Url;
use remit_core::Id;
use remit_db::{System, Tx, system_sql};
use uuid::Uuid;

use super::identity::{self, Came};
use super::token::{Asking, Known, Secrets, Vouched};
use super::{Issuers, TRIP, settings};
use crate::App;
use crate::act::Caller;
use crate::audit::{self, Event};
use crate::people::{Membership, Party, Provider};
use crate::refused::Refused;
use crate::sign_in::{Begun, Secret};

const WHY: &str = "nobody is in a scope before they have signed in";
/// The longest of what an issuer sends along.
const LONGEST: usize = 4_096;

/// What somebody sets out for.
#[derive(Debug, Clone)]
pub(super) enum Purpose {
    /// Signing in, and then to a page.
    SignIn { next: String },
    /// Linking an account while signed in.
    Link(Id<Membership>),
}

/// Somebody who is sent to an issuer.
pub(super) struct Sent {
    pub to: Url,
    /// What the browser keeps until it comes back.
    pub browser: Secret,
}

/// What an issuer sent along with somebody who comes back.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub error: String,
    /// Which issuer it is (RFC 9207), if it says so.
    pub iss: Option<String>,
}

/// How a trip ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// Signed in, or asked for a code; then to a page.
    Began(Begun, String),
    /// The account is linked.
    Linked,
}

/// The parties that vouch for the domain of an address; which of the providers is not known yet.
pub(super) async fn parties_for(app: &App, email: &str) -> Result<Vec<(Uuid, Id<Party>)>, Refused> {
    let Some(domain) = super::Address::domain(email) else { return Ok(Vec::new()) };
    let find = system_sql!(
        "SELECT provider_id, party_id FROM vouched_domain WHERE domain = $1 ORDER BY provider_id LIMIT 2"
    );
    Ok(app.db.system_read(WHY, move |tx| tx.rows(find, (domain,))).await?)
}

/// The parties that have a button on the page to sign in, with what stands on it.
pub(in crate::sign_in) async fn buttons(app: &App) -> Result<Vec<(Id<Party>, String)>, Refused> {
    let list =
        system_sql!("SELECT party_id, label FROM issuer WHERE label <> '' ORDER BY label, party_id LIMIT 12");
    Ok(app.db.system_read(WHY, move |tx| tx.rows(list, ())).await?)
}

/// The provider of a party that has an issuer.
pub(super) async fn provider_of(app: &App, party: Id<Party>) -> Result<Uuid, Refused> {
    let find = system_sql!("SELECT provider_id FROM issuer WHERE party_id = $1 LIMIT 1");
    let found: Option<(Uuid,)> = app.db.system_read(WHY, move |tx| tx.find(find, (party,))).await?;
    found.map(|(provider,)| provider).ok_or(Refused::NotFound)
}

/// Sets out. What does not answer is a conflict, without its reason: that is for the people of the party, and stands in the audit log.
pub(super) async fn set_out(
    app: &App,
    issuers: &Issuers,
    whose: (Uuid, Id<Party>),
    purpose: Purpose,
) -> Result<Sent, Refused> {
    issuers.each.check(&whose.1.to_string()).map_err(|_| Refused::Wait { seconds: 60 })?;
    let (asking, _) = asking(app, issuers, whose).await?;
    let known = match Known::discover(&issuers.outward, &asking).await {
        Ok(known) => known,
        Err(why) => return Err(fail(app, whose, why).await),
    };
    let state = Secret::new(whose.0, app.random());
    let browser = Secret::new(whose.0, app.random());
    let (hashes, ends_at) = ((state.hash(), browser.hash()), app.now() + TRIP);
    let (next, membership) = match purpose {
        Purpose::SignIn { next } => (next, None),
        Purpose::Link(membership) => ("/me/company".to_owned(), Some(membership)),
    };
    let now = app.now();
    let note = move |tx: &mut Tx<'_, '_, System>| {
        let old = system_sql!("DELETE FROM trip WHERE provider_id = $1 AND ends_at <= $2");
        tx.exec(old, (whose.0, now))?;
        let add = system_sql!(
            "INSERT INTO trip (provider_id, hash, browser, party_id, membership_id, next, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        );
        tx.exec(add, (whose.0, hashes.0, hashes.1, whose.1, membership, next, ends_at))
    };
    app.db.system(WHY, note).await?;
    Ok(Sent { to: known.address(&secrets(app, &state)), browser })
}

/// The secrets of a trip are made of its state and a key that is not in the database: what is kept of it is worth nothing.
fn secrets(app: &App, state: &Secret) -> Secrets {
    let made = |context| blake3::keyed_hash(&app.key().derive(context), &state.bits).to_hex().to_string();
    Secrets {
        state: state.reveal(),
        nonce: made("remit 2026-11 nonces of trips"),
        verifier: made("remit 2026-11 verifiers of trips"),
    }
}

async fn asking(app: &App, issuers: &Issuers, whose: (Uuid, Id<Party>)) -> Result<(Asking, String), Refused> {
    let (own, back) = (app.clone(), issuers.back.clone());
    let found = app.db.system_read(WHY, move |tx| settings::asking(tx, &own, whose, &back)).await?;
    found.ok_or(Refused::NotFound)
}

/// A trip as it was kept.
struct Kept {
    whose: (Uuid, Id<Party>),
    browser: [u8; 32],
    membership: Option<Id<Membership>>,
    next: String,
}

/// Comes back: with what the issuer sent along, and what the browser has kept. A trip is over at once, however it ends; one that is not
/// there, too old or of another browser is [`Refused::NotFound`].
pub(super) async fn come_back(
    app: &App,
    issuers: &Issuers,
    back: &Back,
    browser: (Option<Secret>, Option<&Caller>),
    agent: &str,
) -> Result<Ended, Refused> {
    let state = Secret::parse(&back.state).ok_or(Refused::NotFound)?;
    let kept = take(app, &state).await?.ok_or(Refused::NotFound)?;
    let own = match kept.membership {
        Some(membership) => browser.1.is_some_and(|caller| caller.membership == Some(membership)),
        None => browser.0.is_some_and(|kept_there| blake3::Hash::from(kept.browser) == kept_there.hash()),
    };
    if !own {
        return Err(Refused::NotFound);
    }
    let (vouched, asking, strong) = match vouched(app, issuers, &kept, (&state, back)).await? {
        Ok(all) => all,
        Err(why) => return Err(fail(app, kept.whose, why).await),
    };
    let is_strong = !strong.is_empty() && vouched.proofs.contains(&strong);
    let (app, agent) = (app.clone(), agent.to_owned());
    let db = Arc::clone(&app.db);
    db.system(WHY, move |tx| {
        let came = Came { whose: kept.whose, url: asking.url, vouched, is_strong, agent };
        match kept.membership {
            Some(membership) => identity::link(tx, &app, &came, membership).map(|()| Ended::Linked),
            None => identity::enter(tx, &app, &came).map(|begun| Ended::Began(begun, kept.next)),
        }
    })
    .await
}

type Row = (Id<Party>, [u8; 32], Option<Id<Membership>>, String, remit_core::At);

/// Takes the trip, so that nobody comes back twice.
async fn take(app: &App, state: &Secret) -> Result<Option<Kept>, Refused> {
    let (provider, hash, now) = (state.provider, state.hash(), app.now());
    let take = system_sql!(
        "DELETE FROM trip WHERE provider_id = $1 AND hash = $2 RETURNING party_id, browser, membership_id, next, ends_at"
    );
    let found: Option<Row> = app.db.system(WHY, move |tx| tx.find(take, (provider, hash))).await?;
    let good = found.filter(|(.., ends_at)| now < *ends_at);
    Ok(good.map(|(party, browser, membership, next, _)| Kept {
        whose: (provider, party),
        browser,
        membership,
        next,
    }))
}

/// What the issuer says, or why it is not believed.
async fn vouched(
    app: &App,
    issuers: &Issuers,
    kept: &Kept,
    (state, back): (&Secret, &Back),
) -> Result<Result<(Vouched, Asking, String), String>, Refused> {
    let (asking, strong) = asking(app, issuers, kept.whose).await?;
    if back.iss.as_ref().is_some_and(|iss| *iss != asking.url) {
        return Ok(Err("another issuer has answered".to_owned()));
    }
    if !back.error.is_empty() {
        let said: String = back.error.chars().filter(char::is_ascii_graphic).take(60).collect();
        return Ok(Err(format!("it said {said}")));
    }
    if back.code.is_empty() || back.code.len() > LONGEST {
        return Ok(Err("it sent no code along".to_owned()));
    }
    let known = match Known::discover(&issuers.outward, &asking).await {
        Ok(known) => known,
        Err(why) => return Ok(Err(why)),
    };
    let traded = known.trade(&issuers.outward, &back.code, &secrets(app, state), app.now()).await;
    Ok(traded.map(|vouched| (vouched, asking, strong)))
}

/// Notes why a trip led nowhere, for the people of the party, and says what whoever made it is told.
async fn fail(app: &App, (provider, party): (Uuid, Id<Party>), why: String) -> Refused {
    let told = Refused::Conflict("your company's sign-in did not answer as it should; try again, and tell your administrator if it stays so".to_owned());
    let Some(provider): Option<Id<Provider>> = Id::from_uuid(provider) else { return told };
    let stranger = Caller::stranger(provider);
    let noted = app.write(&stranger, move |tx, act| {
        let event = Event { action: "issuer.fail", subject: party.to_string(), client: None, detail: &why };
        audit::note(tx, act, event)
    });
    noted.await.err().unwrap_or(told)
}

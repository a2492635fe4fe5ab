//! The issuer of a party, as its own people set it.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use openidconnect::url::Url;
use remit_core::{At, Id};
use remit_db::{System, Tx, sql, system_sql};

use super::token::{Asking, Known};
use super::{Address, Issuers};
use crate::App;
use crate::act::{Act, Caller};
use crate::audit::{self, Event};
use crate::clients::Client;
use crate::people::{Party, PartyKind, Permission};
use crate::refused::{Faults, Field, Refused, folded};

/// Domains of one party.
const DOMAINS: usize = 20;
/// The longest of what is written into the form.
const LONGEST: usize = 500;
/// Bytes in front of what is sealed.
const NONCE: usize = 24;
const WHY: &str = "nobody within a scope reads secrets of issuers";

/// The issuer of a party, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Its address.
    pub url: String,
    /// As what Remit is known there: what it calls the client id.
    pub audience: String,
    /// The domains of addresses that it vouches for, in order.
    pub domains: Vec<String>,
    /// What its tokens say where a second factor was asked for, if that counts.
    pub strong: String,
    /// What stands on its button, if it has one.
    pub label: String,
    /// Whether the people of the party have to come through it.
    pub required: bool,
    /// Counts the changes.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: At,
}

/// What a party wants.
#[derive(Debug, Clone, Default)]
pub struct NewIssuer {
    /// See [`Issuer::url`].
    pub url: String,
    /// See [`Issuer::audience`].
    pub audience: String,
    /// The secret; empty keeps the one that there is.
    pub secret: String,
    /// Domains with spaces, commas or line ends between them.
    pub domains: String,
    /// See [`Issuer::strong`].
    pub strong: String,
    /// See [`Issuer::label`].
    pub label: String,
    /// See [`Issuer::required`].
    pub required: bool,
    /// The version that the caller has seen; 0 where there was none.
    pub version: i64,
}

/// The party whose issuer it is.
pub(super) struct Whose {
    pub name: String,
    pub client: Option<Id<Client>>,
}

/// Refuses whoever may not say for any party how its people sign in.
pub(super) fn may_set_any(caller: &Caller) -> Result<(), Refused> {
    let settings = caller.may(Permission::ManageSettings);
    if settings { Ok(()) } else { caller.require(Permission::ManageClientSignIn) }
}

/// A party whose issuer the caller may set: the provider's owner for the provider and for vendors; internal IT for its own company, and
/// nobody else: whoever sets the issuer of a party can sign as its people.
pub(super) fn may_set(tx: &mut Tx<'_, '_>, act: &Act, party: Id<Party>) -> Result<Whose, Refused> {
    may_set_any(&act.caller)?;
    let find = sql!(
        "SELECT kind, client_id, name FROM party WHERE provider_id = $1 AND {reach?: client_id} AND id = $2"
    );
    let found: Option<(String, Option<Id<Client>>, String)> = tx.find(find, (party,))?;
    let (kind, client, name) = found.ok_or(Refused::NotFound)?;
    match PartyKind::from_key(&kind).ok_or(Refused::NotFound)? {
        PartyKind::Provider | PartyKind::Vendor => act.require(Permission::ManageSettings)?,
        PartyKind::Internal => act.require(Permission::ManageClientSignIn)?,
    }
    // A key is no person: it changes nothing about how somebody signs in.
    act.caller.person.map(|_| Whose { name, client }).ok_or(Refused::NotFound)
}

/// The issuer of a party, if it has one, and the name of the party.
pub fn issuer_of(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    party: Id<Party>,
) -> Result<(String, Option<Issuer>), Refused> {
    let whose = may_set(tx, act, party)?;
    let provider = act.caller.provider.uuid();
    let found = tx.beyond(WHY, move |tx| read(tx, provider, party))?;
    Ok((whose.name, found))
}

type Row = (String, String, String, String, bool, i64, At);

fn read(
    tx: &mut Tx<'_, '_, System>,
    provider: uuid::Uuid,
    party: Id<Party>,
) -> Result<Option<Issuer>, remit_db::Error> {
    let find = system_sql!(
        "SELECT url, audience, strong, label, required, version, changed_at FROM issuer WHERE provider_id = $1 AND party_id = $2"
    );
    let found: Option<Row> = tx.find(find, (provider, party))?;
    let Some((url, audience, strong, label, required, version, changed_at)) = found else { return Ok(None) };
    let list = system_sql!(
        "SELECT domain FROM vouched_domain WHERE provider_id = $1 AND party_id = $2 ORDER BY domain LIMIT 100"
    );
    let domains: Vec<(String,)> = tx.rows(list, (provider, party))?;
    let domains = domains.into_iter().map(|(domain,)| domain).collect();
    Ok(Some(Issuer { url, audience, domains, strong, label, required, version, changed_at }))
}

/// Sets the issuer of a party, once it answers.
pub async fn set_issuer(
    app: App,
    caller: Caller,
    issuers: Issuers,
    party: Id<Party>,
    new: NewIssuer,
) -> Result<(), Refused> {
    let domains = check(&new)?;
    let (asked, url) = (app.clone(), new.url.trim().to_owned());
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        may_set(tx, act, party)?;
        kept_secret(tx, &asked, act, party)
    };
    // The secret that there is goes to nobody but the issuer that it is of.
    let before = app.read(&caller, read).await?.filter(|(of, _)| *of == url).map(|(_, secret)| secret);
    let secret = Some(new.secret.clone()).filter(|secret| !secret.is_empty()).or(before);
    let secret =
        secret.ok_or_else(|| wrong("secret", "write the secret that the issuer gave you for Remit"))?;
    let asking = Asking {
        url: url.clone(),
        audience: new.audience.trim().to_owned(),
        secret: secret.clone(),
        back: issuers.back.clone(),
    };
    issuers.each.check(&format!("set {party}")).map_err(|_| Refused::Wait { seconds: 60 })?;
    if let Err(why) = Known::discover(&issuers.outward, &asking).await {
        return Err(wrong("url", format!("this issuer cannot be used: {why}")));
    }
    let (new, keep) = (NewIssuer { url, secret, ..new }, app.clone());
    let write = move |tx: &mut Tx<'_, '_>, act: &Act| keep_issuer(tx, act, &keep, party, (&new, &domains));
    app.write(&caller, write).await
}

fn keep_issuer(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    app: &App,
    party: Id<Party>,
    (new, domains): (&NewIssuer, &[String]),
) -> Result<(), Refused> {
    let whose = may_set(tx, act, party)?;
    let sealed = seal(app, party, new.secret.as_bytes());
    let (provider, at, want, list) = (act.caller.provider.uuid(), act.at, new.clone(), domains.to_vec());
    let kept: Result<(), Refused> = tx.beyond(WHY, move |tx| {
        let before = read(tx, provider, party)?.map_or(0, |issuer| issuer.version);
        if before != want.version {
            return Ok(Err(Refused::Stale));
        }
        if want.required && !has_identity(tx, provider, party, &want.url)? {
            let why = "sign in through it once, or link your account to it, before you require it of everybody";
            return Ok(Err(wrong("required", why)));
        }
        let set = system_sql!(
            "INSERT INTO issuer (provider_id, party_id, url, audience, sealed, strong, label, required, version, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (provider_id, party_id) DO UPDATE SET url = excluded.url, \
             audience = excluded.audience, sealed = excluded.sealed, strong = excluded.strong, label = excluded.label, \
             required = excluded.required, version = excluded.version, changed_at = excluded.changed_at"
        );
        let (strong, label) = (want.strong.trim(), want.label.trim());
        let audience = want.audience.trim();
        tx.exec(set, (provider, party, &want.url, audience, sealed, strong, label, want.required, before + 1, at))?;
        claim(tx, provider, party, &list)
    })?;
    kept?;
    let required = if new.required { ", required" } else { "" };
    let detail = format!("{}: {} for {}{required}", whose.name, new.url, domains.join(", "));
    let event =
        Event { action: "issuer.set", subject: party.to_string(), client: whose.client, detail: &detail };
    audit::note(tx, act, event)
}

fn has_identity(
    tx: &mut Tx<'_, '_, System>,
    provider: uuid::Uuid,
    party: Id<Party>,
    url: &str,
) -> Result<bool, remit_db::Error> {
    let any = system_sql!(
        "SELECT made_at FROM identity WHERE provider_id = $1 AND party_id = $2 AND url = $3 LIMIT 1"
    );
    Ok(tx.find::<(i64,), _>(any, (provider, party, url))?.is_some())
}

/// Takes the domains. One that people of another party have addresses in is not for this party to vouch for, and would lead them astray.
fn claim(
    tx: &mut Tx<'_, '_, System>,
    provider: uuid::Uuid,
    party: Id<Party>,
    domains: &[String],
) -> Result<Result<(), Refused>, remit_db::Error> {
    let clear = system_sql!("DELETE FROM vouched_domain WHERE provider_id = $1 AND party_id = $2");
    tx.exec(clear, (provider, party))?;
    for domain in domains {
        let others = system_sql!(
            "SELECT id FROM membership WHERE provider_id = $1 AND party_id <> $2 AND state <> 'left' AND email LIKE $3 LIMIT 1"
        );
        let taken = system_sql!("SELECT party_id FROM vouched_domain WHERE provider_id = $1 AND domain = $2");
        let theirs = tx.find::<(uuid::Uuid,), _>(others, (provider, party, format!("%@{domain}")))?.is_some();
        if theirs || tx.find::<(uuid::Uuid,), _>(taken, (provider, domain))?.is_some() {
            let why = format!("{domain} is not for this party alone to vouch for");
            return Ok(Err(wrong("domains", why)));
        }
        let add =
            system_sql!("INSERT INTO vouched_domain (provider_id, domain, party_id) VALUES ($1, $2, $3)");
        tx.exec(add, (provider, domain, party))?;
    }
    Ok(Ok(()))
}

/// Takes the issuer of a party away: its people sign in with their own ways from then on. Identities stay, for the day on which it is set again.
pub fn remove_issuer(tx: &mut Tx<'_, '_>, act: &Act, party: Id<Party>, version: i64) -> Result<(), Refused> {
    let whose = may_set(tx, act, party)?;
    let provider = act.caller.provider;
    let removed = tx.beyond(WHY, move |tx| {
        let domains = system_sql!("DELETE FROM vouched_domain WHERE provider_id = $1 AND party_id = $2");
        tx.exec(domains, (provider, party))?;
        let remove =
            system_sql!("DELETE FROM issuer WHERE provider_id = $1 AND party_id = $2 AND version = $3");
        tx.exec(remove, (provider, party, version))
    })?;
    if removed == 0 {
        return Err(Refused::Stale);
    }
    let event = Event {
        action: "issuer.remove",
        subject: party.to_string(),
        client: whose.client,
        detail: &whose.name,
    };
    audit::note(tx, act, event)
}

fn check(new: &NewIssuer) -> Result<Vec<String>, Refused> {
    let mut faults = Faults::default();
    let short = |text: &str, most: usize| -> Result<(), String> {
        let fits = text.trim().chars().count() <= most && !text.chars().any(char::is_control);
        if fits { Ok(()) } else { Err(format!("write it on one line, with at most {most} characters")) }
    };
    let url = Url::parse(new.url.trim())
        .map_err(|_| "write the address of the issuer, such as https://login.example.com/tenant");
    if faults.take("url", short(&new.url, LONGEST)).is_some()
        && let Some(url) = faults.take("url", url)
    {
        let bare = url.query().is_none() && url.fragment().is_none();
        faults.take("url", if bare { Ok(()) } else { Err("write the address without ? and #") });
    }
    let audience = if new.audience.trim().is_empty() {
        Err("write the client id that the issuer gave you".to_owned())
    } else {
        short(&new.audience, LONGEST)
    };
    faults.take("audience", audience);
    faults.take("secret", short(&new.secret, LONGEST));
    faults.take("strong", short(&new.strong, 100));
    faults.take("label", short(&new.label, 60));
    let mut domains: Vec<String> = new
        .domains
        .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .map(|domain| folded(domain.trim_start_matches('@')))
        .filter(|domain| !domain.is_empty())
        .collect();
    domains.sort_unstable();
    domains.dedup();
    let odd = domains.iter().find(|domain| !is_domain(domain));
    let sound = match odd {
        Some(odd) => {
            Err(format!("{} is no domain; write example.org", odd.chars().take(60).collect::<String>()))
        }
        None if domains.is_empty() => Err("write at least one domain, such as example.org".to_owned()),
        None if domains.len() > DOMAINS => Err(format!("write at most {DOMAINS} domains")),
        None => Ok(()),
    };
    faults.take("domains", sound);
    faults.end().map(|()| domains)
}

fn is_domain(text: &str) -> bool {
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}

fn wrong(field: &'static str, why: impl Into<String>) -> Refused {
    Refused::Invalid(vec![Field::new(field, why)])
}

/// The address and the secret that a party has now.
fn kept_secret(
    tx: &mut Tx<'_, '_>,
    app: &App,
    act: &Act,
    party: Id<Party>,
) -> Result<Option<(String, String)>, Refused> {
    let provider = act.caller.provider;
    let find = system_sql!("SELECT url, sealed FROM issuer WHERE provider_id = $1 AND party_id = $2");
    let found: Option<(String, Vec<u8>)> = tx.beyond(WHY, move |tx| tx.find(find, (provider, party)))?;
    Ok(found.and_then(|(url, sealed)| Some((url, open(app, party, &sealed)?))))
}

/// What it takes to ask the issuer of a party, found before anybody is signed in.
pub(super) fn asking(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    (provider, party): (uuid::Uuid, Id<Party>),
    back: &str,
) -> Result<Option<(Asking, String)>, Refused> {
    let find = system_sql!(
        "SELECT url, audience, sealed, strong FROM issuer WHERE provider_id = $1 AND party_id = $2"
    );
    let found: Option<(String, String, Vec<u8>, String)> = tx.find(find, (provider, party))?;
    Ok(found.and_then(|(url, audience, sealed, strong)| {
        let secret = open(app, party, &sealed)?;
        Some((Asking { url, audience, secret, back: back.to_owned() }, strong))
    }))
}

fn cipher(app: &App) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&app.key().derive("remit 2026-11 secrets of issuers").into())
}

/// Seals the secret for one party.
fn seal(app: &App, party: Id<Party>, secret: &[u8]) -> Vec<u8> {
    let mut nonce = [0; NONCE];
    app.random().fill(&mut nonce);
    let party = party.uuid();
    let sealed = cipher(app).encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: party.as_bytes() });
    let mut kept = nonce.to_vec();
    kept.extend(sealed.expect("some hundred bytes are not too long to be sealed"));
    kept
}

fn open(app: &App, party: Id<Party>, kept: &[u8]) -> Option<String> {
    let (nonce, sealed) = kept.split_first_chunk::<NONCE>()?;
    let party = party.uuid();
    let payload = Payload { msg: sealed, aad: party.as_bytes() };
    String::from_utf8(cipher(app).decrypt(&XNonce::from(*nonce), payload).ok()?).ok()
}

impl Address {
    /// The domain of an address of mail, folded.
    pub(super) fn domain(email: &str) -> Option<String> {
        let folded = folded(email);
        folded.rsplit_once('@').map(|(_, domain)| domain.to_owned()).filter(|domain| is_domain(domain))
    }
}

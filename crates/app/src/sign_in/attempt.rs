//! How often somebody may be wrong. It is kept in the database, so that it holds on every node and after a restart.
//!
//! A try is counted **before** it is looked at, and taken back when it was right: many at once get no further than one after the other.

use std::net::IpAddr;

use remit_core::{At, Id, Millis};
use remit_db::{System, Tx, system_sql};
use uuid::Uuid;

use crate::App;
use crate::act::Caller;
use crate::audit::{self, Event};
use crate::people::{Person, Provider};
use crate::refused::Refused;

/// How patient we are.
#[derive(Debug)]
struct Rule {
    /// Tries without a wait.
    free: i64,
    /// The longest wait; each is twice the one before.
    longest: Millis,
    /// After so long, it begins anew.
    forgotten: Millis,
}

/// The first wait.
const FIRST: Millis = Millis::from_millis(30_000);
/// Passwords for one address. Strangers can make its owner wait, but not for long, and a link signs them in all the same.
const ADDRESS: Rule = Rule { free: 5, longest: Millis::from_minutes(15), forgotten: Millis::from_hours(24) };
/// Passwords from one place, where many people can sit.
const REMOTE: Rule = Rule { free: 20, longest: Millis::from_minutes(15), forgotten: Millis::from_hours(1) };
/// Codes and proofs of one person: six digits are few, so it takes longer. At 24 a day, a guess is right once in about 40 years.
const PERSON: Rule = Rule { free: 5, longest: Millis::from_hours(1), forgotten: Millis::from_hours(24) };

/// What is tried at.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    rule: &'static Rule,
    provider: Uuid,
    hash: [u8; 32],
}

/// The how-manieth try in a row this is, and how long the next will have to wait if it is wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub tries: i64,
    pub wait: Millis,
}

impl Tried {
    /// A password for an address, folded.
    pub fn address(app: &App, address: &str) -> Self {
        Self::at(app, &ADDRESS, Uuid::nil(), &[b"address", address.as_bytes()])
    }

    /// A password from a place. Of an IPv6 address the first half counts: the other is its owner's to choose.
    pub fn remote(app: &App, from: IpAddr) -> Self {
        match from.to_canonical() {
            IpAddr::V4(v4) => Self::at(app, &REMOTE, Uuid::nil(), &[b"remote", &v4.octets()]),
            IpAddr::V6(v6) => Self::at(app, &REMOTE, Uuid::nil(), &[b"remote", &v6.octets()[..8]]),
        }
    }

    /// A code or another proof of a person.
    pub fn person(app: &App, provider: Uuid, person: Id<Person>) -> Self {
        Self::at(app, &PERSON, provider, &[b"person", person.uuid().as_bytes()])
    }

    fn at(app: &App, rule: &'static Rule, provider: Uuid, what: &[&[u8]]) -> Self {
        let mut hash = blake3::Hasher::new_keyed(&app.key().derive("remit 2026-11 attempts"));
        for part in what {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self { rule, provider, hash: *hash.finalize().as_bytes() }
    }

    /// Counts a try, or says how long to wait.
    pub fn count(&self, tx: &mut Tx<'_, '_, System>, now: At) -> Result<Counted, Refused> {
        let find =
            system_sql!("SELECT tries, last_at, free_at FROM attempt WHERE provider_id = $1 AND hash = $2");
        let found: Option<(i64, At, At)> = tx.find(find, (self.provider, self.hash))?;
        let before = match found {
            Some((.., free_at)) if now < free_at => return Err(Refused::wait(free_at - now)),
            Some((tries, last_at, _)) if now - last_at < self.rule.forgotten => tries,
            Some(_) | None => 0,
        };
        let tries = before + 1;
        let wait = self.rule.wait(tries);
        let set = system_sql!(
            "INSERT INTO attempt (provider_id, hash, tries, last_at, free_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (provider_id, hash) DO UPDATE SET tries = excluded.tries, last_at = excluded.last_at, free_at = excluded.free_at"
        );
        tx.exec(set, (self.provider, self.hash, tries, now, now + wait))?;
        let old = system_sql!("DELETE FROM attempt WHERE last_at < $1");
        tx.exec(old, (now - Millis::from_hours(48),))?;
        Ok(Counted { tries, wait })
    }

    /// It was right: what was tried at is its owner's, and begins anew.
    pub fn clear(&self, tx: &mut Tx<'_, '_, System>) -> Result<(), Refused> {
        let clear = system_sql!("DELETE FROM attempt WHERE provider_id = $1 AND hash = $2");
        tx.exec(clear, (self.provider, self.hash))?;
        Ok(())
    }

    /// It was right, which says nothing of the other tries from the same place: this one alone is taken back.
    pub fn take_back(&self, tx: &mut Tx<'_, '_, System>, now: At) -> Result<(), Refused> {
        let set = system_sql!(
            "UPDATE attempt SET tries = tries - 1, free_at = $3 WHERE provider_id = $1 AND hash = $2 AND tries > 0"
        );
        tx.exec(set, (self.provider, self.hash, now))?;
        Ok(())
    }

    /// It was wrong. Takes as long whether or not there is anybody to note it for.
    pub fn was_wrong(&self, tx: &mut Tx<'_, '_, System>, now: At) -> Result<(), Refused> {
        let set = system_sql!("UPDATE attempt SET last_at = $3 WHERE provider_id = $1 AND hash = $2");
        tx.exec(set, (self.provider, self.hash, now))?;
        Ok(())
    }
}

impl Rule {
    /// None at first, then twice as long each time.
    fn wait(&self, tries: i64) -> Millis {
        if tries < self.free {
            return Millis::from_millis(0);
        }
        let doubled = (tries - self.free).clamp(0, 20);
        Millis::from_millis((FIRST.millis() << doubled).min(self.longest.millis()))
    }
}

/// Notes a wrong try in the log of the provider. The waits keep these lines few.
pub(super) fn note(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    whose: (Id<Provider>, Id<Person>),
    counted: Counted,
    what: &str,
) -> Result<(), Refused> {
    let (provider, person) = whose;
    let act = app.act(&Caller::stranger(provider));
    let locks = counted.wait > Millis::from_millis(0);
    let (action, next) = if locks {
        ("sign-in.lock", format!(", the next in {} s", counted.wait.millis() / 1000))
    } else {
        ("sign-in.fail", String::new())
    };
    let detail = format!("{what}; {} in a row{next}", counted.tries);
    let event = Event { action, subject: person.to_string(), client: None, detail: &detail };
    tx.within(act.caller.scope, |tx| audit::note(tx, &act, event))?
}

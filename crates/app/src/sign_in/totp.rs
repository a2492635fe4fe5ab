//! Codes of authenticator apps (RFC 6238: SHA-1, six digits, 30 seconds, what every app takes) and how their secret is kept.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE32_NOPAD;
use remit_core::{At, Id};
use remit_db::{System, Tx, system_sql};
use totp_rs::{Builder, Totp};
use uuid::Uuid;

use crate::App;
use crate::people::Person;
use crate::refused::Refused;

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET: usize = 20;
/// Bytes in front of what is sealed.
const NONCE: usize = 24;

/// The secret of an app, in the clear.
pub(crate) struct Shared([u8; SECRET]);

impl Shared {
    /// A new one.
    pub fn new(random: &dyn remit_web::Random) -> Self {
        let mut bits = [0; SECRET];
        random.fill(&mut bits);
        Self(bits)
    }

    /// For typing: in groups of four letters.
    pub fn text(&self) -> String {
        let letters = BASE32_NOPAD.encode(&self.0);
        letters.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// For the picture: the address that apps take a secret from.
    pub fn address(&self, email: &str) -> String {
        let account: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
        format!("otpauth://totp/Remit:{account}?secret={}&issuer=Remit", BASE32_NOPAD.encode(&self.0))
    }

    /// The step of time whose code this is: the present one, or one beside it.
    pub fn step_of(&self, code: &str, at: At) -> Option<i64> {
        let seconds = u64::try_from(at.millis() / 1000).ok()?;
        self.totp().check(code, seconds).and_then(|step| i64::try_from(step).ok())
    }

    /// The code of an instant.
    #[cfg(test)]
    pub fn code(&self, at: At) -> String {
        self.totp().generate(at.millis().unsigned_abs() / 1000).to_string()
    }

    /// What [`Shared::text`] wrote.
    #[cfg(test)]
    pub fn read(text: &str) -> Self {
        let bytes = BASE32_NOPAD.decode(text.replace(' ', "").as_bytes()).expect("it is base32");
        Self(bytes.try_into().expect("it has twenty bytes"))
    }

    fn totp(&self) -> Totp {
        let secret = totp_rs::Secret::new_stack(self.0);
        Builder::new().with_secret(secret).build().expect("twenty bytes are enough for a secret")
    }

    /// Seals it for one person, with a key that is not in the database.
    pub fn seal(&self, app: &App, person: Id<Person>) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        app.random().fill(&mut nonce);
        let person = person.uuid();
        let payload = Payload { msg: &self.0, aad: person.as_bytes() };
        let sealed = cipher(app).encrypt(&XNonce::from(nonce), payload);
        let mut kept = nonce.to_vec();
        kept.extend(sealed.expect("twenty bytes are not too long to be sealed"));
        kept
    }

    /// Opens what was sealed for this person; anything else is none.
    pub fn open(app: &App, person: Id<Person>, kept: &[u8]) -> Option<Self> {
        let (nonce, sealed) = kept.split_first_chunk::<NONCE>()?;
        let person = person.uuid();
        let payload = Payload { msg: sealed, aad: person.as_bytes() };
        let bits = cipher(app).decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(Self(bits.try_into().ok()?))
    }
}

fn cipher(app: &App) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&app.key().derive("remit 2026-11 second factors").into())
}

/// Takes a code of the app of a person, if it is right and neither it nor a later one was taken before.
pub(super) fn take(
    tx: &mut Tx<'_, '_, System>,
    app: &App,
    whose: (Uuid, Id<Person>),
    code: &str,
    at: At,
) -> Result<bool, Refused> {
    let (provider, person) = whose;
    let find = system_sql!(
        "SELECT sealed, last_step FROM totp WHERE provider_id = $1 AND person_id = $2 AND confirmed_at IS NOT NULL"
    );
    let Some((sealed, last)) = tx.find::<(Vec<u8>, i64), _>(find, (provider, person))? else {
        return Ok(false);
    };
    let unreadable = || remit_db::Error::Other("a second factor was sealed with another key".to_owned());
    let shared = Shared::open(app, person, &sealed).ok_or_else(unreadable)?;
    let Some(step) = shared.step_of(code, at).filter(|step| *step > last) else { return Ok(false) };
    let set = system_sql!("UPDATE totp SET last_step = $3 WHERE provider_id = $1 AND person_id = $2");
    tx.exec(set, (provider, person, step))?;
    Ok(true)
}

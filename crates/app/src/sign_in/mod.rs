//! Proving who one is, and staying signed in.
//!
//! A **link** is a secret that was sent to somebody, good once and for a while: the invitation, the first administrator's, the requester's
//! way in. Sent by mail, it is asked for on the page to sign in ([`crate::mail`]). A **password** is kept as an Argon2id hash. Either begins a **session**: a secret in a cookie, of which only a hash is kept,
//! for one membership of the person; choosing another membership begins another session and ends the old one.
//!
//! Whoever has enrolled an authenticator app is asked for a **code** too, after a password and after a link alike: until then they have a
//! **half session**, which can do nothing else. **Recovery codes** stand in for the app.
//!
//! An **issuer** of a party vouches for its people (`issuer`); a **passkey** is a key that a device holds (`passkey`).
//!
//! An **API key** is for programs: a secret that acts in the name of its maker for some months, with their role and reach as they are on
//! the day of use, or less.
//!
//! Sessions **turn**: their secret is replaced while they go on, and at once where somebody proves again who they are.
//!
//! Rules: a session ends after [`LONGEST`], and after [`IDLE`] without use, and at once when it is ended, or when the membership is
//! suspended. Whoever asks with a wrong address learns no more and waits as long as whoever asks with a wrong password.
//! After some wrong tries in a row each next one waits longer. No code is taken twice.

mod attempt;
mod device;
mod factor;
mod factor_web;
mod half;
mod issuer;
mod key;
mod key_text;
mod key_web;
mod link;
mod passkey;
mod password;
mod recovery;
mod session;
#[cfg(test)]
mod tests;
pub(crate) mod totp;
mod turn;
mod ways;
pub(crate) mod web;

use remit_core::{At, Id, Kind, Millis};
use uuid::Uuid;

pub use factor::{
    Enrolment, Factor, begin_factor, confirm_factor, new_codes, remove_factor, remove_factor_of,
    second_factor,
};
pub use half::with_code;
pub use issuer::{
    Address, Identity, Issuer, Issuers, Networks, NewIssuer, TRIP, forget_identity, identities, issuer_of,
    remove_issuer, set_issuer,
};
pub(crate) use key::create_key_with;
pub use key::{
    ApiKey, LONGEST_DAYS, ListedKey, NewKey, USUAL_DAYS, by_key, create_key, list_keys, revoke_key,
};
pub use key_text::bearer;
pub(crate) use link::{Mailed, link_by_mail};
pub use link::{make_link, make_link_for, use_link};
pub use passkey::{CEREMONY, Passkey, Passkeys, list_passkeys, remove_passkey};
pub use password::{set_password, with_password};
pub(crate) use session::mailed_member;
pub use session::{Resumed, end, end_all, list, others, resume, resume_and_turn, switch};
pub use turn::{GRACE, TURN, turn};
pub(crate) use ways::{end_ways_in, ways_in};

use crate::people::Membership;

/// Names a session in ids, as it is listed and ended. It is not its secret.
#[derive(Debug)]
pub enum Session {}

impl Kind for Session {
    const PREFIX: &'static str = "session";
}

/// The longest that a session lasts.
pub const LONGEST: Millis = Millis::from_hours(12);
/// The longest that it lasts without use.
pub const IDLE: Millis = Millis::from_hours(2);
/// How long a link is good for.
pub const LINK: Millis = Millis::from_hours(24);
/// How long the code may be waited for.
pub const CODE: Millis = Millis::from_minutes(10);

/// How far signing in has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// To a session, with this secret.
    Session(Secret),
    /// To the question for a code, which [`with_code`] answers.
    Half(Secret),
}

/// A secret and the provider that it belongs to: what a cookie or a link holds, 96 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    provider: Uuid,
    bits: [u8; 32],
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: Id<Session>,
    /// In which membership.
    pub membership: Id<Membership>,
    /// Since when.
    pub made_at: At,
    /// When it was last used, to within some minutes.
    pub seen_at: At,
    /// When it ends if it is not used any more.
    pub ends_at: At,
    /// What the browser said it was.
    pub agent: String,
}

impl Secret {
    /// A new one.
    pub(crate) fn new(provider: Uuid, random: &dyn remit_web::Random) -> Self {
        let mut bits = [0; 32];
        random.fill(&mut bits);
        Self { provider, bits }
    }

    /// Reads what [`Secret::reveal`] wrote. What is none is none; why, nobody is told.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 96 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0u8; 48];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        let (provider, bits) = bytes.split_at(16);
        Some(Self { provider: Uuid::from_slice(provider).ok()?, bits: bits.try_into().ok()? })
    }

    /// For the cookie or the link, and nothing else.
    pub fn reveal(&self) -> String {
        let mut text = String::with_capacity(96);
        for byte in self.provider.as_bytes().iter().chain(&self.bits) {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).expect("four bits are a digit"));
            }
        }
        text
    }

    /// What is kept of it. The bits are random, so a plain hash is enough.
    fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.bits).as_bytes()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

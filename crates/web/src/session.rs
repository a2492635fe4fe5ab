//! The cookie half of a session: a random token for the browser, and the hash of it that may be stored.
//!
//! Whoever reads the database cannot sign in with what it holds, and nothing that is printed shows a token.

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::Random;

/// 256 random bits that are the only proof of a session.
#[derive(Clone, Copy)]
pub struct SessionToken([u8; 32]);

/// BLAKE3 of a token: what is stored and looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl SessionToken {
    /// A new token. One is made at every change of rights: signing in, a second factor, another role.
    pub fn new(random: &dyn Random) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self(bytes)
    }

    /// Reads a token: exactly 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() != 64 || !lower {
            return None;
        }
        blake3::Hash::from_hex(text).ok().map(|bytes| Self(*bytes.as_bytes()))
    }

    /// What is stored of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash(*blake3::hash(&self.0).as_bytes())
    }

    /// The token itself, for the browser only.
    fn reveal(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

impl TokenHash {
    /// The bytes for a column.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// How browsers reach this site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// By https, here or at a proxy in front.
    Https,
    /// By plain http on this machine alone.
    Loopback,
}

impl Transport {
    /// The name of the cookie. `__Host-` makes browsers insist on https, on no other host having set it, and on the whole site.
    pub fn cookie_name(self) -> &'static str {
        match self {
            Self::Https => "__Host-remit",
            Self::Loopback => "remit",
        }
    }

    /// The `Set-Cookie` that keeps a token for so long.
    pub fn set_cookie(self, token: &SessionToken, keep: Duration) -> HeaderValue {
        self.cookie(&token.reveal(), keep.as_secs())
    }

    /// The `Set-Cookie` that makes the browser forget.
    pub fn clear_cookie(self) -> HeaderValue {
        self.cookie("", 0)
    }

    fn cookie(self, value: &str, seconds: u64) -> HeaderValue {
        let secure = if self == Self::Https { "; Secure" } else { "" };
        let name = self.cookie_name();
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        let mut header =
            HeaderValue::from_str(&text).expect("hexadecimal digits and fixed words fit a header");
        header.set_sensitive(true);
        header
    }

    /// The token that a request brings. Two cookies of the name are none: somebody else has set one of them.
    pub fn token(self, headers: &HeaderMap) -> Option<SessionToken> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(name, _)| *name == self.cookie_name()).map(|(_, value)| value);
        let value = values.next()?;
        if values.next().is_some() { None } else { SessionToken::parse(value) }
    }
}

//! The cookie that the secret of a session is kept in. What the secret is, its owner knows; here it is a short text.

#[cfg(test)]
mod tests;

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

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

    /// The `Set-Cookie` that keeps a secret for so long. It is written in letters, digits, `-` and `_`.
    pub fn set_cookie(self, secret: &str, keep: Duration) -> HeaderValue {
        self.cookie(secret, keep.as_secs())
    }

    /// The `Set-Cookie` that makes the browser forget.
    pub fn clear_cookie(self) -> HeaderValue {
        self.cookie("", 0)
    }

    fn cookie(self, value: &str, seconds: u64) -> HeaderValue {
        let secure = if self == Self::Https { "; Secure" } else { "" };
        let name = self.cookie_name();
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        let mut header = HeaderValue::from_str(&text).expect("letters, digits and fixed words fit a header");
        header.set_sensitive(true);
        header
    }

    /// The secret that a request brings. Two cookies of the name are none: somebody else has set one of them.
    pub fn secret(self, headers: &HeaderMap) -> Option<&str> {
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(name, _)| *name == self.cookie_name()).map(|(_, value)| value);
        let value = values.next()?;
        if values.next().is_some() || value.is_empty() { None } else { Some(value) }
    }
}

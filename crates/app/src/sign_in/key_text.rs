//! How an API key is written: `remit_<id>_<secret><checksum>`, all in lower-case base32, so that scanners of source code recognise it and
//! can tell a key from what only looks like one.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use data_encoding::BASE32_NOPAD;
use remit_core::Id;
use uuid::Uuid;

use super::ApiKey;

const PREFIX: &str = "remit_";

/// The key that a request brings as `Authorization: Bearer ...`. Two of them are none.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let (line, None) = (lines.next()?, lines.next()) else { return None };
    let (scheme, key) = line.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// A key as its maker copies it.
pub(super) fn written(id: Id<ApiKey>, secret: &[u8; 32]) -> String {
    let base32 = |bytes: &[u8]| BASE32_NOPAD.encode(bytes).to_ascii_lowercase();
    let text = format!("{PREFIX}{}_{}", base32(id.uuid().as_bytes()), base32(secret));
    let checksum = checksum(&text);
    text + &checksum
}

/// The first four bytes of the BLAKE3 of what stands before, as seven letters.
fn checksum(text: &str) -> String {
    BASE32_NOPAD.encode(&blake3::hash(text.as_bytes()).as_bytes()[..4]).to_ascii_lowercase()
}

/// Reads what [`written`] wrote. What is none is none; why, nobody is told.
pub(super) fn read(text: &str) -> Option<(Id<ApiKey>, [u8; 32])> {
    let rest = text.strip_prefix(PREFIX)?;
    let lower = rest.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7' | b'_'));
    if !lower || rest.len() != 26 + 1 + 52 + 7 {
        return None;
    }
    let (before, sum) = text.split_at(text.len() - 7);
    let (id, secret) = before.strip_prefix(PREFIX)?.split_once('_')?;
    let bytes = |text: &str| BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok();
    let id = Id::from_uuid(Uuid::from_slice(&bytes(id)?).ok()?)?;
    let secret = bytes(secret)?.try_into().ok()?;
    (checksum(before) == sum).then_some((id, secret))
}

/// Whether a text is a key, and the only way to write it.
#[cfg(test)]
pub(super) fn reads_back(text: &str) -> bool {
    read(text).is_some_and(|(id, secret)| written(id, &secret) == text)
}

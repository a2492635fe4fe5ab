//! Lists page by key: the next page begins after the last entry of this one, so nothing is skipped or repeated when
//! entries come and go, and no page is slower than the first.
//!
//! ```
//! use remit_web::paging::{Cursors, Key};
//! use uuid::Uuid;
//!
//! let cursors = Cursors::new([7; 32]);
//! let last = Uuid::from_u128(1);
//! let text = cursors.write("sites by age", &[Key::from(1_767_225_600_000), Key::from(last)]);
//! let (at, id): (i64, Uuid) = cursors.read("sites by age", &text)?;
//! assert_eq!((at, id), (1_767_225_600_000, last));
//! assert!(cursors.read::<(i64, Uuid)>("people by name", &text).is_err());
//! # Ok::<(), remit_web::Error>(())
//! ```

#[cfg(test)]
mod tests;

use axum::Json;
use axum::http::header::LINK;
use axum::http::{HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use uuid::Uuid;

use crate::Error;

/// One part of the key that a list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// An integer, say an instant in milliseconds.
    Int(i64),
    /// A text of at most 65,535 bytes.
    Text(String),
    /// An id.
    Id(Uuid),
}

impl From<i64> for Key {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Key {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Uuid> for Key {
    fn from(value: Uuid) -> Self {
        Self::Id(value)
    }
}

/// What parts of a key become: the types of a tuple.
pub trait FromKeys: Sized {
    /// The values, if their number and kinds fit.
    fn from_keys(keys: Vec<Key>) -> Option<Self>;
}

/// What one part becomes.
pub trait FromKey: Sized {
    /// The value, if its kind fits.
    fn from_key(key: Key) -> Option<Self>;
}

impl FromKey for i64 {
    fn from_key(key: Key) -> Option<Self> {
        if let Key::Int(value) = key { Some(value) } else { None }
    }
}

impl FromKey for String {
    fn from_key(key: Key) -> Option<Self> {
        if let Key::Text(value) = key { Some(value) } else { None }
    }
}

impl FromKey for Uuid {
    fn from_key(key: Key) -> Option<Self> {
        if let Key::Id(value) = key { Some(value) } else { None }
    }
}

impl<A: FromKey> FromKeys for (A,) {
    fn from_keys(keys: Vec<Key>) -> Option<Self> {
        let [a] = keys.try_into().ok()?;
        Some((A::from_key(a)?,))
    }
}

impl<A: FromKey, B: FromKey> FromKeys for (A, B) {
    fn from_keys(keys: Vec<Key>) -> Option<Self> {
        let [a, b] = keys.try_into().ok()?;
        Some((A::from_key(a)?, B::from_key(b)?))
    }
}

impl<A: FromKey, B: FromKey, C: FromKey> FromKeys for (A, B, C) {
    fn from_keys(keys: Vec<Key>) -> Option<Self> {
        let [a, b, c] = keys.try_into().ok()?;
        Some((A::from_key(a)?, B::from_key(b)?, C::from_key(c)?))
    }
}

/// Bytes of the seal in front of a cursor.
const SEAL: usize = 16;
/// Characters of the longest cursor that is read.
const LONGEST: usize = 4_096;

/// Writes and reads cursors. They are sealed, so that a list is only ever entered where it was left.
#[derive(Clone)]
pub struct Cursors([u8; 32]);

impl Cursors {
    /// With the key of this installation, the same on every node.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// A cursor behind an entry with these keys. `list` names the list with its order, its filter and whose list it is:
    /// elsewhere the cursor is refused.
    pub fn write(&self, list: &str, keys: &[Key]) -> String {
        let mut text = Vec::new();
        for key in keys {
            match key {
                Key::Int(value) => {
                    text.push(b'i');
                    text.extend(value.to_be_bytes());
                }
                Key::Id(value) => {
                    text.push(b'u');
                    text.extend(value.as_bytes());
                }
                Key::Text(value) => {
                    let end = value.floor_char_boundary(usize::from(u16::MAX));
                    text.push(b't');
                    text.extend((end as u16).to_be_bytes());
                    text.extend(&value.as_bytes()[..end]);
                }
            }
        }
        let mut sealed = self.seal(list, &text).to_vec();
        sealed.extend(text);
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// The keys of a cursor. What was not written here for this list is a 400.
    pub fn read<T: FromKeys>(&self, list: &str, text: &str) -> Result<T, Error> {
        let refused = || Error::malformed("The cursor is not one of this list. Start with the first page.");
        if text.len() > LONGEST {
            return Err(refused());
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        let (seal, keys) = bytes.split_at_checked(SEAL).ok_or_else(refused)?;
        // `blake3::Hash` compares in constant time; the padding makes hashes of the seals.
        let same = widen(seal) == widen(&self.seal(list, keys));
        if !same {
            return Err(refused());
        }
        parse(keys).and_then(T::from_keys).ok_or_else(refused)
    }

    fn seal(&self, list: &str, keys: &[u8]) -> [u8; SEAL] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(&(list.len() as u64).to_be_bytes()).update(list.as_bytes()).update(keys);
        let mut seal = [0; SEAL];
        hasher.finalize_xof().fill(&mut seal);
        seal
    }
}

fn widen(seal: &[u8]) -> blake3::Hash {
    let mut wide = [0; 32];
    wide[..SEAL].copy_from_slice(seal);
    blake3::Hash::from_bytes(wide)
}

fn parse(mut rest: &[u8]) -> Option<Vec<Key>> {
    let mut keys = Vec::new();
    while let Some((kind, after)) = rest.split_first() {
        let (key, after) = match kind {
            b'i' => {
                after.split_first_chunk().map(|(value, after)| (Key::Int(i64::from_be_bytes(*value)), after))
            }
            b'u' => {
                after.split_first_chunk().map(|(value, after)| (Key::Id(Uuid::from_bytes(*value)), after))
            }
            b't' => {
                let (length, after) = after.split_first_chunk()?;
                let (text, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
                Some((Key::Text(std::str::from_utf8(text).ok()?.to_owned()), after))
            }
            _ => None,
        }?;
        keys.push(key);
        rest = after;
    }
    Some(keys)
}

/// One page of a list for the API: the entries, and where the next page begins.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// The cursor of the next page; `null` on the last.
    pub next: Option<String>,
}

impl<T: Serialize> Page<T> {
    /// The answer to `uri`, with the next page as `Link: <...>; rel="next"` too.
    pub fn answer(self, uri: &Uri) -> Response {
        let link = self.next.as_deref().map(|next| format!("<{}>; rel=\"next\"", with_after(uri, next)));
        let mut response = Json(self).into_response();
        if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}

/// The same address with another `after`.
fn with_after(uri: &Uri, cursor: &str) -> String {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.filter(|(name, _)| name != "after")).append_pair("after", cursor);
    format!("{}?{}", uri.path(), query.finish())
}

/// How many entries a page has: what was asked for, or `usual`; at most `most`.
pub fn limit(asked: Option<&str>, usual: usize, most: usize) -> Result<usize, Error> {
    let Some(text) = asked else { return Ok(usual) };
    let refused = || Error::malformed(format!("`limit` is a number from 1 to {most}."));
    text.parse().ok().filter(|limit| (1..=most).contains(limit)).ok_or_else(refused)
}

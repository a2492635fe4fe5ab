//! Seals: a keyed BLAKE3 over each line and the seal of the one before.

use std::sync::Arc;

use super::Line;

/// What stands before the first line.
pub const FIRST: [u8; 32] = [0; 32];

/// The key of the audit log: 256 random bits that do not stand in the database.
#[derive(Clone)]
pub struct Key(Arc<[u8; 32]>);

impl Key {
    /// Takes the bits.
    pub fn new(bits: [u8; 32]) -> Self {
        Self(Arc::new(bits))
    }

    /// A key for something else, from which this one cannot be found.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        blake3::derive_key(purpose, &*self.0)
    }

    /// The seal of a line behind one with the seal `before`.
    pub(super) fn seal(&self, line: &Line, before: &[u8; 32]) -> [u8; 32] {
        let Line { seq, at, actor_id, actor, action, subject, client, detail, seal: _ } = line;
        let mut hash = blake3::Hasher::new_keyed(&self.0);
        hash.update(before);
        hash.update(&seq.to_le_bytes());
        hash.update(&at.millis().to_le_bytes());
        for id in [actor_id, client] {
            hash.update(&[u8::from(id.is_some())]);
            hash.update(id.unwrap_or_default().as_bytes());
        }
        for text in [actor, action, subject, detail] {
            // With its length, so that no two lines read the same.
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        *hash.finalize().as_bytes()
    }

    /// The seal of a head.
    pub(super) fn seal_head(&self, seq: i64, last: &[u8; 32]) -> [u8; 32] {
        let mut hash = blake3::Hasher::new_keyed(&self.0);
        hash.update(b"head");
        hash.update(&seq.to_le_bytes());
        hash.update(last);
        *hash.finalize().as_bytes()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(secret)")
    }
}

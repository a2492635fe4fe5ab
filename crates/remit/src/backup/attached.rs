//! The attachments of a backup: the bytes that rows of the table `attachment` name, each under its own hash.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, Write};

use blake3::{Hash, Hasher};
use remit_app::attachments::Store;
use remit_app::people::Provider;
use remit_core::Id;
use remit_db::Value;
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Fault;

/// The table that names them.
pub const TABLE: &str = "attachment";

/// How many attachments a backup holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Attachments {
    /// Files: the same bytes twice are one, within a provider.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those that were not there, or not as they were written, when the backup was made.
    pub missing: Vec<String>,
}

/// A file: whose, and the hash of its bytes.
pub type Named = (Id<Provider>, Hash);

/// Where it stands in the file.
pub fn entry((provider, hash): &Named) -> String {
    format!("attachments/{}/{}", provider.uuid().simple(), hash.to_hex())
}

/// Finds in a row of the table the file that it names.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    provider: usize,
    hash: usize,
    removed: usize,
}

impl Columns {
    /// Where they stand among the columns of the table; none, where they are not all there.
    pub fn of(columns: &[String]) -> Option<Self> {
        let find = |name: &str| columns.iter().position(|column| column == name);
        Some(Self { provider: find("provider_id")?, hash: find("hash")?, removed: find("removed_at")? })
    }

    /// The file that a row names; none, where it was taken away.
    pub fn named(self, row: &[Value]) -> Option<Named> {
        let (Value::Bytes(provider), Value::Text(hash), Value::Null) =
            (row.get(self.provider)?, row.get(self.hash)?, row.get(self.removed)?)
        else {
            return None;
        };
        let provider = uuid::Uuid::from_slice(provider).ok()?;
        Some((Id::parse(&provider.to_string()).ok()?, Hash::from_hex(hash).ok()?))
    }
}

/// Writes all of them. What is missing is said and does not keep the rest from being written.
pub fn write<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    store: &Store,
    named: &BTreeSet<(Id<Provider>, [u8; 32])>,
    told: &mut dyn FnMut(u64),
) -> Result<Attachments, Fault> {
    // Most of them are packed already.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .large_file(true)
        .unix_permissions(0o600);
    let mut all = Attachments::default();
    for (provider, hash) in named {
        let one = (*provider, Hash::from_bytes(*hash));
        let name = entry(&one);
        let mut file = match store.open(one.0, &one.1) {
            Ok(file) => file,
            Err(error) => {
                tracing::error!(%error, file = name, "an attachment is missing in this backup");
                all.missing.push(name);
                continue;
            }
        };
        zip.start_file(&name, options)?;
        let mut copy = Copy { to: zip, hasher: Hasher::new() };
        let bytes = io::copy(&mut file, &mut copy)?;
        if copy.hasher.finalize() == one.1 {
            (all.files, all.bytes) = (all.files + 1, all.bytes + bytes);
        } else {
            tracing::error!(file = name, "an attachment is not as it was written");
            all.missing.push(name);
        }
        told(all.files);
    }
    Ok(all)
}

/// Hashes what it passes on.
struct Copy<'z, W: Write + Seek> {
    to: &'z mut ZipWriter<W>,
    hasher: Hasher,
}

impl<W: Write + Seek> Write for Copy<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Whether bytes are those of a hash.
pub fn is_whole(from: &mut dyn Read, hash: &Hash) -> io::Result<bool> {
    Ok(Hasher::new().update_reader(from)?.finalize() == *hash)
}

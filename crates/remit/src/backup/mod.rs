//! A backup: one ZIP file that holds every row of every table as a line of JSON, and what is needed to trust it.
//!
//! | in the file | what it is |
//! |---|---|
//! | `tables/NAME.jsonl` | the rows of a table in the order of its primary key, each an array; bytes are `{"b": "BASE64"}` |
//! | `attachments/PROVIDER/HASH` | the bytes of an attachment, under their BLAKE3, as the table `attachment` names them |
//! | `manifest.json` | [`Manifest`]: when and of what it was made, the migrations, and each table's columns, rows and BLAKE3 |
//! | `manifest.seal` | BLAKE3 of `manifest.json`, keyed from the key of the audit log |
//!
//! The form is the same whichever engine it was made of, and it can be restored into either. It can be read without Remit. It holds
//! everything but the key: whoever finds a backup cannot forge what it says.

mod attached;
mod daily;
mod make;
mod read;
#[cfg(test)]
mod tests;
mod write;

use remit_app::attachments::Store;
use remit_app::audit::Key;
use remit_db::Place;
use serde::{Deserialize, Serialize};

pub use attached::Attachments;
pub use daily::{Daily, handlers, schedule};
pub use make::make;
pub use read::{Archive, Digesting};
pub use write::write;

use crate::failure::Failure;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// `remit-backup/1`.
    pub schema: String,
    /// The version of Remit that made it.
    pub remit: String,
    /// When, in UTC.
    pub made_at: remit_core::At,
    /// Of what: `sqlite` or `postgresql`.
    pub engine: String,
    /// Which key seals it and the audit log in it; no part of the key.
    pub key: String,
    /// The migrations that the database had had.
    pub migrations: Vec<Step>,
    /// Its tables by name.
    pub tables: Vec<Table>,
    /// The files that belong to them.
    #[serde(default)]
    pub attachments: Attachments,
}

/// A migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Step {
    /// Its number.
    pub number: u32,
    /// BLAKE3 of its text, in hexadecimal digits.
    pub hash: String,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the values.
    pub columns: Vec<String>,
    /// How many rows.
    pub rows: u64,
    /// BLAKE3 of its lines, in hexadecimal digits.
    pub blake3: String,
}

/// What a backup is made of.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'o> {
    /// Where the database is.
    pub place: &'o Place,
    /// Where the attachments are.
    pub store: &'o Store,
    /// What seals it.
    pub key: &'o Key,
}

/// The form of backups that this version writes and reads.
pub const SCHEMA: &str = "remit-backup/1";

const MANIFEST: &str = "manifest.json";
const SEAL: &str = "manifest.seal";

fn entry(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

fn seal(key: &Key, manifest: &[u8]) -> String {
    let key = key.derive("remit 2026-11 seal of a backup's manifest");
    blake3::keyed_hash(&key, manifest).to_hex().to_string()
}

/// Names a key without telling anything of it.
pub fn fingerprint(key: &Key) -> String {
    blake3::hash(&key.derive("remit 2026-11 fingerprint of the key")).to_hex()[..16].to_owned()
}

/// Why a backup could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error(transparent)]
    Db(#[from] remit_db::Error),
    /// The disk.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The form of the file.
    #[error("{0}")]
    Zip(#[from] zip::result::ZipError),
    /// What stands in it.
    #[error("{0}")]
    Form(String),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::new(fault.to_string())
    }
}

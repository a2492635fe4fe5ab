//! The file of a proof, which others can check without the engine that made it.

use remit_core::Horizon;
use serde::{Deserialize, Serialize};

use super::Report;
use crate::engine::Certificate;

/// A certificate and what it is of.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Document {
    /// The form of the file: [`Document::SCHEMA`].
    pub schema: String,
    /// Name of the client.
    pub client: String,
    /// Number of the version.
    pub version: u32,
    /// What both sides sign.
    pub hash: String,
    /// What the proof covers.
    pub horizon: Horizon,
    /// Version of the time-zone data.
    pub tz_version: String,
    /// Context-minutes, as a decimal text.
    pub volume: String,
    /// The proof.
    pub proof: Certificate,
}

impl Document {
    /// The form that this release writes and reads.
    pub const SCHEMA: &'static str = "remit-certificate/1";

    /// The certificate of a sound matrix.
    pub fn new(report: &Report, proof: Certificate) -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            client: report.client.clone(),
            version: report.version,
            hash: report.hash.clone(),
            horizon: report.horizon,
            tz_version: report.tz_version.clone(),
            volume: report.volume.clone(),
            proof,
        }
    }
}

//! Limits on everything read from outside.

use serde::{Deserialize, Serialize};

/// How much of anything a log may hold. The defaults let a log of a hundred million rows through and stop a hostile file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Bytes after unpacking.
    pub unpacked_bytes: u64,
    /// Bytes after unpacking for one byte before, looked at once 64 MiB are unpacked.
    pub unpack_ratio: u64,
    /// Bytes of one row of a table, or of one tag or text of XES.
    pub row_bytes: usize,
    /// Fields of one row, and attributes of one event.
    pub fields: usize,
    /// Levels of XML inside each other.
    pub depth: usize,
    /// Different names in one field: teams, persons, priorities, categories, statuses.
    pub names: usize,
    /// Events of one ticket.
    pub events_per_ticket: usize,
    /// Tickets open at once.
    pub open_tickets: usize,
    /// Closed tickets kept for the case that they are reopened. The oldest is folded into the figures when one more closes.
    pub closed_kept: usize,
    /// Ids of folded tickets remembered, so that a late event is found out and not taken for a new ticket.
    pub ids_remembered: usize,
    /// Rows that may be left out because they cannot be read; each is reported.
    pub bad_rows: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 64 << 30,
            unpack_ratio: 200,
            row_bytes: 1 << 20,
            fields: 4096,
            depth: 64,
            names: 200_000,
            events_per_ticket: 100_000,
            open_tickets: 5_000_000,
            closed_kept: 16_384,
            ids_remembered: 1 << 20,
            bad_rows: 0,
        }
    }
}

//! Files that come with the lines of a ticket.
//!
//! An **attachment** belongs to one line and is read by whoever reads that line, by nobody else. Its bytes stand in the **store**, a folder beside
//! the database, under their own hash; one provider's never beside another's. They are written, and on the disk, before the unit of work that
//! names them, and are never changed. What no row names any more is **collected** after a time of grace.
//!
//! Rules: what a file is, is seen in its first bytes. One that says something else is refused, and so are programs and scripts, unless they
//! are packed; what is packed is never opened. A browser shows pictures, PDF and plain text, without a right to do anything; all else it keeps.
//! An attachment that was taken away leaves its name, and a line that says who did it.
//!
//! | file | question it answers |
//! |---|---|
//! | `name`, `media` | what is it called, and what is it? |
//! | `store` | where are its bytes? |
//! | `rows` | which line has it, and who may read it? |
//! | `receive` | how does it come in? |
//! | `collect` | when do its bytes go? |
//! | `look` | is all of it there, and as it was written? |
//! | `web` | how does it go out? |

mod collect;
mod look;
mod media;
mod name;
mod receive;
mod rows;
mod store;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod web;

use remit_core::{At, Id, Kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::people::Membership;

pub(crate) use collect::{handlers, schedule};
pub(crate) use look::look;
#[cfg(any(test, feature = "testing"))]
pub(crate) use receive::received;
pub(crate) use receive::{CHOOSE_AGAIN, FIELD, Sent, Waiting, limit, receive, waiting};
pub(crate) use rows::{add, detach, few, find, may_detach, named, of, of_lines, room};
pub use store::{Found, Store};

/// Bytes of one attachment.
pub const LARGEST: usize = 25 * 1024 * 1024;
/// Attachments of one line.
pub const MOST: usize = 10;
/// Bytes of all attachments of a ticket.
pub const OF_A_TICKET: i64 = 500 * 1024 * 1024;
/// Attachments that one person may send in an hour.
pub const AN_HOUR: u32 = 200;
/// Bytes of a form with attachments: as many as there may be, and what else was typed.
pub const FORM: usize = MOST * LARGEST + 1024 * 1024;
/// A picture of at most so many bytes is shown small beside its name.
pub const SMALL_PICTURE: i64 = 2 * 1024 * 1024;

/// An attachment as the line says it that it came with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Attached")]
pub struct Attached {
    /// Its id.
    #[schemars(with = "String")]
    pub id: Id<Attachment>,
    /// What it is called.
    pub name: String,
    /// In bytes.
    pub size: i64,
    /// What it is, as a media type, by its first bytes.
    pub media: String,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id, its name, its size and what it is.
    pub about: Attached,
    /// The line that it came with.
    pub seq: i64,
    /// Who sent it.
    pub by: Option<Id<Membership>>,
    /// When.
    pub at: At,
    /// What its bytes stand under.
    pub(crate) hash: String,
    /// What it was said to be where it came from.
    pub(crate) said: String,
}

impl Kind for Attachment {
    const PREFIX: &'static str = "attachment";
}

/// A file whose bytes are in the store, and which no line names yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    pub(crate) name: String,
    pub(crate) size: i64,
    pub(crate) media: String,
    pub(crate) said: String,
    pub(crate) hash: String,
}

impl Attached {
    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        media::words(&self.media)
    }

    /// Whether it is shown small beside its name.
    pub fn is_small_picture(&self) -> bool {
        self.size <= SMALL_PICTURE && media::is_picture(&self.media)
    }

    /// How large it is, in words.
    pub fn length(&self) -> String {
        match self.size {
            bytes if bytes < 1024 => format!("{bytes} B"),
            bytes if bytes < 1024 * 1024 => format!("{} kB", bytes / 1024),
            bytes => format!("{}.{} MB", bytes / (1024 * 1024), bytes % (1024 * 1024) * 10 / (1024 * 1024)),
        }
    }
}

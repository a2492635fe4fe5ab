//! What waits for somebody, counted for the menu of every page.

use remit_core::Id;
use remit_db::Tx;

use crate::people::Membership;
use crate::refused::Refused;
use crate::{notices, tickets};

/// So many are counted at most: every page counts, and beyond that the figure says nothing more.
pub const COUNTED: u16 = 10;

/// How many things wait for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waits {
    /// Notices that they have not read.
    pub notices: i64,
    /// Approvals that wait for their word.
    pub approvals: i64,
}

impl Waits {
    /// For a membership, within the scope of the unit of work.
    pub(crate) fn of(tx: &mut Tx<'_, '_>, who: Id<Membership>) -> Result<Self, Refused> {
        Ok(Self {
            notices: notices::unread_by(tx, who, COUNTED)?,
            approvals: tickets::approvals_wait(tx, who, COUNTED)?,
        })
    }
}

//! Reports: sums over many tickets, which lead back to each of them.
//!
//! The **report of the desk** says for each month what was opened and solved, by which line or company, over how many hands, which promises
//! were kept and missed, and whose time the missed ones took. What is said of a ticket besides that it was opened is said in the month in which it was
//! solved; what is reopened leaves that month, and what was merged is counted once, in the ticket that it goes on in.
//!
//! For whoever sees the tickets of all clients within reach. Somebody of a client sees that client alone.

mod month;
mod store;
mod sum;
#[cfg(test)]
mod tests;
pub(crate) mod web;

use std::collections::BTreeMap;

use remit_core::Id;
use remit_db::Tx;

pub(crate) use crate::tickets::COUNTED as LATE;
pub use month::Month;
pub(crate) use store::tickets;
pub(crate) use sum::{Missed, Share, Which, in_minutes, window};

use crate::act::Act;
use crate::clients::{self, Client};
use crate::people::Permission;
use crate::ratings;
use crate::refused::Refused;
use crate::tickets::late;
use crate::tickets::outcome::Figures;

/// The statements here that are put together of parts, under their names.
#[cfg(test)]
pub(crate) fn texts() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    store::TEXTS.iter()
}

/// Months that are looked back on.
pub(crate) const MONTHS: usize = 12;

/// The report of the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// The month that is looked at closely.
    pub chosen: Month,
    /// Of one client; none of all within reach.
    pub client: Option<(Id<Client>, String)>,
    /// Each month, the oldest first.
    pub months: Vec<(Month, Figures)>,
    /// What was missed in the chosen month, and whose time that took.
    pub missed: Vec<Missed>,
    /// How it was, as whoever asked said in each month that has such words.
    pub ratings: BTreeMap<String, ratings::Sums>,
    /// Tickets that are late now, counted to [`LATE`]: they come into a month once they are solved.
    pub late: i64,
}

impl Report {
    /// How it was in a month.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
    pub fn rated(&self, month: &Month) -> ratings::Sums {
        self.ratings.get(&month.to_string()).copied().unwrap_or_default()
    }

    /// The numbers of the chosen month.
    pub fn figures(&self) -> &Figures {
        let found = self.months.iter().find(|(month, _)| *month == self.chosen);
        found.map_or(&crate::tickets::outcome::NOTHING, |(_, figures)| figures)
    }
}

/// What happened in the months up to the present one, and in one of them closely: the present one where none is chosen.
pub(crate) fn desk(
    tx: &mut Tx<'_, '_>,
    act: &Act,
    (chosen, client): (Option<Month>, Option<Id<Client>>),
) -> Result<Report, Refused> {
    act.require(Permission::ReadTickets)?;
    let client = client.map(|id| clients::find(tx, act, id).map(|found| (id, found.name))).transpose()?;
    let of = client.as_ref().map(|(id, _)| *id);
    let now = Month::of(&act.caller.zone, act.at);
    let chosen = chosen.unwrap_or(now);
    let months = window(chosen, now);
    let found = store::months(tx, (months[0], months[MONTHS - 1]), of)?;
    let months = sum::filled(&months, &found);
    let figures = months.iter().find(|(month, _)| *month == chosen).map(|(_, figures)| *figures);
    let used = store::used(tx, chosen, of)?;
    let missed = sum::missed(&figures.unwrap_or(crate::tickets::outcome::NOTHING), used);
    let ratings = ratings::months(tx, (&months[0].0.to_string(), &months[MONTHS - 1].0.to_string()), of)?;
    Ok(Report { chosen, client, months, missed, ratings, late: late(tx, act.at, of)? })
}

//! A year of work in the demo: the incidents of a real log, told as if they had happened at the demo's clients.
//!
//! From the log come when each incident was opened, what became of it and when, how pressing it was, what kind of thing it was about, and
//! which group and person had it. All else is invented: clients, people, subjects and lines. Who answers for an incident says the matrix
//! of its client, and it moves as the desk moves any ticket: offered, and taken by whoever is asked.
//!
//! **When.** A log has no today. Whole weeks are added to its instants, read as the wall clock of the client, so that a day late in its densest part
//! ([`Log::cut`]) becomes today: what had not been done by then is still to do. What was opened later in the log is told a year earlier
//! instead, so that all incidents are there. See [`plan`].
//!
//! **Where.** A ticket of a support line goes where the matrix sends that line. The groups of the log stand for the provider's teams: see
//! [`cast::Cast::crew`].

mod cast;
mod plan;
mod play;
mod topics;
mod words;

use std::sync::Arc;

use remit_core::{At, Millis};
use remit_db::Tx;

use super::Made;
use crate::App;
use crate::act::{Act, Caller};
use crate::refused::Refused;
use crate::tickets::{Priority, Status, Tier};
use cast::Cast;
use plan::Plan;
use play::Stage;

/// Steps that are kept in one unit of work. Many, for each page of the database that they share is then written once.
const BATCH: usize = 12_000;

/// Incidents of a log.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// Services of the catalogue, by the numbers under which moments name them.
    pub services: Vec<String>,
    /// The incidents, in any order.
    pub incidents: Vec<Incident>,
    /// The wall-clock time, as if in UTC, of the first day that may become today: late in the part of the log with the most incidents.
    pub cut: At,
}

/// An incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// When it was opened, as wall-clock time as if in UTC. No moment is before it.
    pub opened: At,
    /// What the log says about it, in the order of time; at least one.
    pub moments: Vec<Moment>,
}

/// What the log says about an incident at an instant. What it does not say is as it was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When, as wall-clock time as if in UTC.
    pub at: At,
    /// Where the work stands.
    pub status: Status,
    /// The number of the group that has it; 0 for none yet.
    pub group: u32,
    /// The line of the group.
    pub tier: Tier,
    /// The number of the person who has it; 0 for nobody yet.
    pub person: u32,
    /// How pressing it is.
    pub priority: Priority,
    /// What it is about, in [`Log::services`].
    pub service: u16,
}

/// When the first of the log happened, if this is now, with some days before it in which clients were found and matrices signed.
pub(super) fn start(log: &Log, now: At) -> At {
    const DAYS_BEFORE: i64 = 3;
    let first = log
        .incidents
        .iter()
        .map(|incident| plan::shifted(log, incident, (now, Millis::from_hours(0))).0)
        .min();
    first.unwrap_or(now).min(now) - Millis::from_hours(24 * DAYS_BEFORE)
}

/// Tells all of it. `tell` hears how many steps are done and how many there are about to be.
pub(super) async fn fill(
    app: &App,
    made: &Made,
    log: Arc<Log>,
    tell: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<(), Refused> {
    let operator = Caller::operator(made.demo.provider);
    let (about, now) = (made.clone(), app.now());
    let cast = app.read(&operator, move |tx, act| Cast::of(tx, act, &about, now)).await?;
    let cast = Arc::new(cast);
    let mut plan = Plan::new(Arc::clone(&log), Arc::clone(&cast), now);
    let mut stage = Stage::new(log, cast);
    let mut deeds = plan.next(app, &operator, BATCH).await?;
    let mut done = 0;
    while !deeds.is_empty() {
        let count = deeds.len() as u64;
        let act = Act { past: true, ..app.act(&operator) };
        let write = app.write(&operator, move |tx: &mut Tx<'_, '_>, _: &Act| {
            for deed in &deeds {
                stage.play(tx, &act, deed)?;
            }
            Ok(stage)
        });
        // What comes next is routed while this is written.
        let (kept, next) = tokio::join!(write, plan.next(app, &operator, BATCH));
        (stage, deeds) = (kept?, next?);
        done += count;
        tell(done, done + plan.left());
    }
    // What is still open is due by what was promised, as of now.
    app.write(&operator, move |tx, act| stage.end(tx, &Act { past: true, ..act.clone() })).await
}

/// A number that follows from two others and looks like none: the same in every run.
fn mixed(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ b.wrapping_add(0xD1B5_4A32_D192_ED03).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One of them.
fn chosen<T>(of: &[T], by: u64) -> Option<&T> {
    let place = by.checked_rem(of.len() as u64)?;
    of.get(usize::try_from(place).unwrap_or_default())
}

//! Work that is done later: a queue in the database of the product, workers with leases, retries, schedules.
//!
//! A **job** is added by the unit of work that causes it, so effect and job are kept together or not at all. That is the outbox: a
//! mail or a webhook is a job, and there is no second mechanism. A job is done **at least once**: whoever sends something to the outside
//! names it after the job's id, which is the same in every try, so that the other side can tell a second copy.
//!
//! ```
//! # use remit_db::{Error, Tx};
//! # use remit_core::At;
//! # use uuid::Uuid;
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Greet {
//!     whom: Uuid,
//! }
//!
//! impl remit_jobs::Work for Greet {
//!     const KIND: &'static str = "greet";
//!     const QUEUE: &'static str = "mail";
//! }
//!
//! /// Part of a verb: the greeting goes out if, and only if, what the verb did is kept.
//! fn greet(tx: &mut Tx<'_, '_>, id: Uuid, at: At, whom: Uuid) -> Result<bool, Error> {
//!     remit_jobs::enqueue(tx, &Greet { whom }, remit_jobs::Order::new(id, at).deed(format!("greet {whom}")))
//! }
//! ```
//!
//! | file | question it answers |
//! |---|---|
//! | [`job`] | what is asked for, and how can it end? |
//! | `enqueue` | how does a job get into the queue? |
//! | `lease` | who has a job, until when, and what became of it? |
//! | `turn` | whose job is next? |
//! | [`backoff`] | when is it tried again? |
//! | [`handlers`] | who does jobs of a kind? |
//! | [`worker`] | how do jobs get done, and how does that end? |
//! | [`recurrence`], [`schedule`] | when does something come again, and who sees to it? |
//! | [`upkeep`] | what is forgotten, what waits, what is dead? |

#![forbid(unsafe_code)]

pub mod backoff;
mod enqueue;
pub mod handlers;
pub mod job;
mod lease;
pub mod recurrence;
pub mod schedule;
mod turn;
pub mod upkeep;
pub mod worker;

#[cfg(test)]
mod tests;

pub use backoff::Backoff;
pub use enqueue::enqueue;
pub use handlers::Handlers;
pub use job::{Failed, Order, Task, Work};
pub use recurrence::Recurrence;
pub use worker::{Outside, Worker};

/// The tables, as the text of a migration.
pub const TABLES: &str = include_str!("../migrations/jobs.sql");

/// What is announced when there is something to do.
pub const TOPIC: &str = "jobs";

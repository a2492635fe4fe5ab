//! One SQL text on SQLite and PostgreSQL, in units of work that cannot leave their tenant.
//!
//! A unit of work is a closure over a [`Tx`]. It is synchronous, so that it reads from top to bottom and can run without a
//! runtime; it is kept as a whole or not at all; and when it returns to the caller, it is on the disk.
//!
//! ```
//! # use remit_db::{Db, Error, Scope, sql};
//! # use uuid::Uuid;
//! /// Renames a site. Says whether there is such a site within the caller's reach.
//! async fn rename(db: &Db, caller: Scope, site: Uuid, name: String) -> Result<bool, Error> {
//!     db.write(caller, move |tx| {
//!         let rename = sql!("UPDATE site SET name = $3 WHERE provider_id = $1 AND {reach: client_id} AND id = $2");
//!         Ok(tx.exec(rename, (site, name.as_str()))? == 1)
//!     })
//!     .await
//! }
//! ```
//!
//! | file | question it answers |
//! |---|---|
//! | [`scope`] | who asks, as far as rows are concerned? |
//! | [`statement`] | what may a statement say, and what does it become on each engine? |
//! | [`value`] | what crosses between Rust and a column? |
//! | `tx` | what can a unit of work do? |
//! | `work`, `group`, `readers` | who runs units of work, and when are they acknowledged? |
//! | `link` | what happens when a connection is lost, or nothing can be written? |
//! | [`migrate`] | how does the schema get from one version to the next? |
//! | [`search`] | how is a text found by its words? |
//! | [`copy`] | how do all rows come out, and in again? |
//! | `check` | is the database whole? |
//! | `tls` | how is the way to a server protected? |
//! | `statistics` | how does SQLite know which index narrows down? |
//! | `sqlite`, `pg` | what is different on this engine? |

#![forbid(unsafe_code)]

mod check;
pub mod copy;
mod db;
mod error;
mod group;
mod link;
pub mod migrate;
mod pg;
mod readers;
pub mod scope;
pub mod search;
mod sqlite;
pub mod statement;
mod statistics;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tls;
mod tx;
pub mod value;
mod work;

#[cfg(test)]
pub(crate) mod tests;

pub use check::check;
pub use db::{Db, Place};
pub use error::Error;
pub use migrate::Migration;
pub use scope::{Reach, Scope};
pub use statement::{Engine, Shared, Statement, System, Whole};
pub use tx::Tx;
pub use value::{FromRow, FromValue, IntoValue, Params, Row, Value};

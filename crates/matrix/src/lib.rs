//! The responsibility matrix of a client: who owns which duty at which hour, proved in advance.
//!
//! Words: a **matrix** is made of **rows**; a row is a box of conditions over eight **dimensions** (service, tier,
//! priority, site, asset class, requester group, kind, time) and names who is accountable and who is responsible.
//! A row **refines** another when its box lies strictly inside the other's; at every point the rows that apply and
//! that no applying row refines must agree on one owner, else the point is a **gap** or a **conflict**.
//!
//! Read in this order: [`draft`] (what a person writes), [`model`] (what it means once checked), [`time`] (wall-clock
//! words become minutes), [`engine`] (boxes, proofs, lookups: knows no words at all), [`compile`](mod@compile) (rows become boxes), then the
//! verbs: [`verify`], [`resolve`], [`diff`], [`ask`].

pub mod ask;
pub mod catalogue;
pub mod compile;
pub mod diff;
pub mod document;
pub mod draft;
pub mod engine;
pub mod forms;
pub mod model;
pub mod resolve;
pub mod sheets;
pub mod templates;
pub mod text;
pub mod time;
pub mod verify;
pub mod words;

pub use compile::{Compiled, compile};
pub use draft::Draft;
pub use model::{Dimension, Matrix, Problem, Problems};
pub use resolve::{Explanation, Query, Resolver, Taker};

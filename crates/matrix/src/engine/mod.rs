//! Boxes, proofs and lookups. This folder knows no words of the product: only dimensions, atoms, boxes and owners, so
//! it can be tested against decision tables of any origin.
//!
//! | file | question it answers |
//! |---|---|
//! | [`space`] | what is a box, how large is it, what is left of it after another is taken away? |
//! | [`table`] | which boxes have which owner? |
//! | [`overlap`] | which rows cross, and which lies inside which? |
//! | [`cover`] | what does a list of boxes leave uncovered? (the one primitive behind gaps, conflicts, dead rows, differences) |
//! | [`verdict`] | is the table sound, and if not, where and why? |
//! | [`certificate`] | a proof that somebody else can check, and the checker |
//! | [`cluster`] | which rows should stand together, so that a lookup reads few? |
//! | [`bitmap`] | who owns this point, in nanoseconds; why; and who nearly does? |
//! | [`difference`] | where do two tables disagree? |
//! | [`edit`] | the verdict after one change, without starting again |
//! | [`generate`] | tables with a known answer, for tests and benches |

pub mod bitmap;
pub mod certificate;
pub mod cluster;
pub mod cover;
pub mod difference;
pub mod edit;
pub mod generate;
pub mod overlap;
pub mod space;
pub mod table;
pub mod verdict;

pub use bitmap::Bitmap;
pub use certificate::Certificate;
pub use space::{Cuboid, DIMS, Space};
pub use table::{Answer, Row, Table};
pub use verdict::{Conflict, Dead, Redundant, Verdict};

#[cfg(test)]
mod tests;

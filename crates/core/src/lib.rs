//! The words that every other crate speaks.

pub mod holidays;

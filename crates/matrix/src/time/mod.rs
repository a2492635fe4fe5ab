//! Wall-clock words become minutes.
//!
//! [`expr`] reads what people write (`not office and not holidays(office)`), [`atoms`] cuts a horizon into time atoms:
//! classes of minutes that no word in use tells apart, each with its exact number of minutes.

pub mod atoms;
pub mod expr;

pub use atoms::TimeAtoms;
pub use expr::{Expr, ExprError, Term};

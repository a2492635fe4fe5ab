//! The binary as a user meets it: what it prints, what it writes, how it ends.

mod backups;
mod bad_input;
mod check;
mod exchange;
mod installing;
mod later;
mod outputs;
mod pages;
mod replay;
#[cfg(test)]
mod run;
mod serving;
#[cfg(feature = "otlp")]
mod traces;
mod unusable;
mod who;

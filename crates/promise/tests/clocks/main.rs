//! The clocks of tickets: worked examples, the mistakes of others, laws, and a second evaluator.

mod bugs;
mod chain;
mod desk;
mod edges;
mod laws;
mod minutes;
mod policy;
mod states;
mod world;
mod written;

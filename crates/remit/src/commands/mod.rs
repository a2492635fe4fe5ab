//! One file per command: its arguments, what it does, how it prints.

pub mod admin;
pub mod audit;
pub mod backup;
pub mod completions;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod holidays;
pub mod jobs;
pub mod man;
pub mod matrix;
pub mod replay;
pub mod restore;
pub mod schema;
pub mod serve;

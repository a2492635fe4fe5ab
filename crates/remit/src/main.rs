//! The command line of Remit. It reads files and the clock, calls the crates that know the rules, and prints.

mod backup;
mod cli;
mod clock;
mod commands;
mod config;
mod data;
mod failure;
mod files;
mod load;
mod outcome;
mod party;
mod past;
mod question;
mod screen;
mod server;
mod service;
mod table;
#[cfg(feature = "otlp")]
mod traces;

use std::process::ExitCode;

/// A server makes and drops many small things on several threads: a sixth of its time went into the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main().into()
}

//! The product. One folder per feature; each opens with what it is for, its words and its rules.
//!
//! | feature | what it is for |
//! |---|---|
//! | [`people`] | who works in which party and in what role, and what a role may do |
//! | [`clients`] | whom the provider serves, where, and under which model |
//! | [`matrix`] | who owns what: a draft, versions that both sides sign, and the answer for any instant |
//! | [`promises`] | how long something may take: to clients, between the teams, by vendors |
//! | [`tickets`] | pieces of work: routed by the matrix, held by exactly one team |
//! | `board` | who has what, and too much of it: a board to hand work out on, and the load of both IT teams |
//! | [`recurring`] | tickets that are opened again and again, by a rule of dates |
//! | [`reports`] | what became of tickets: by month, by line and company, and whose time missed promises took |
//! | [`attachments`] | files that come with the lines of a ticket |
//! | [`notices`] | what people are told, in the product and by mail |
//! | [`search`] | finding any of it by a few words |
//! | [`sign_in`] | proving who one is, and staying signed in |
//! | [`settings`] | what holds for the provider as a whole |
//! | [`mail`] | what is sent to people: invitations, links to sign in with |
//! | [`work`] | what is done later, by whom |
//! | [`api`] | the same for programs |
//! | [`site`] | the pages of all features, put together |
//! | [`demo`] | a believable provider to look around in |
//! | [`doctor`] | does what is stored still hold? |
//! | [`export`] | a whole list as a file |
//! | [`audit`] | what was done, by whom, in a log that shows when it was tampered with |
//!
//! A **verb** is a function over a unit of work ([`remit_db::Tx`]) and an [`Act`]: who does it, when. It checks what it
//! is given, changes rows, writes its line in the audit log, and all of that is kept together or not at all. Pages, the API and the
//! command line call the same verbs.

pub mod act;
pub mod api;
mod app;
pub mod attachments;
pub mod audit;
mod board;
pub mod clients;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod go;
mod keyed;
pub mod mail;
pub mod matrix;
pub mod notices;
pub mod outside;
pub mod people;
pub mod portal;
pub mod preferences;
pub mod promises;
pub mod ratings;
pub mod recurring;
mod refused;
pub mod reports;
mod schema;
pub mod search;
pub mod settings;
pub mod sign_in;
pub mod site;
mod styleguide;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tickets;
pub mod waits;
pub mod work;

pub use act::{Access, Act, Caller, Clock};
pub use app::{App, NewProvider};
pub use refused::{Field, Refused};
pub use schema::MIGRATIONS;

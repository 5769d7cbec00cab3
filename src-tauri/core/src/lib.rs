//! Kontor's core: everything that is not a window.
//!
//! Postgres is the authority: each command of the application is one SQL function in schema `api`,
//! reached through one prepared statement. This crate parses, lays out paper and starts the private
//! server of a rehearsal; it repeats no rule that the database holds.

pub mod attachments;
pub mod bench;
pub mod bindings;
pub mod capitals;
mod columns;
pub mod commands;
pub mod contents;
pub mod database;
pub mod demo;
pub mod dossier;
pub mod embedded;
pub mod error;
pub mod exports;
pub mod files;
pub mod imports;
pub mod invoices;
pub mod letters;
pub mod mail;
pub mod migrate;
pub mod money;
pub mod orders;
pub mod paper;
pub mod payouts;
pub mod people;
pub mod print_room;
pub mod printing;
pub mod rehearsal;
pub mod runs;
pub mod statements;
pub mod tax;
pub mod vectors;
pub mod worksheets;

pub use database::{Database, Profile};
pub use error::{Error, Result};

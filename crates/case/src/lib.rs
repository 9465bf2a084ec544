//! The case on disk: what was received, what was done with it, and what was derived from it.
//!
//! Comes in: files to receive, rows that stages derived. Goes out: blobs by digest, nouns by key, the custody log.
//! Invariant: ground (`case.toml`, `ground.db`, `blobs/`) is append-only and hash-chained; everything else
//! (`derived.db`, `made/`) may be deleted and comes out identical. A run and its rows are one transaction.
//! Deliberately absent: any knowledge of formats, engines or the order of work.
//!
//! This is the only crate that touches the case's folder, and the only one that reads a clock.

pub mod clock;
pub mod deeds;

mod blobs;
mod compare;
mod custody;
mod derived;
mod error;
mod folder;
mod ground;
mod receive;
mod rows;
mod search;
mod signed;
mod sum;
mod verify;

pub use blobs::{Blobs, Stored};
pub use compare::{Difference, compare};
pub use custody::{Chain, Done, Entry};
pub use deeds::Objection;
pub use derived::{Derived, Finished, Yielded};
pub use error::{Error, Result};
pub use folder::{Case, Info, Shelf};
pub use ground::Ground;
pub use receive::{Progress, Received};
pub use rows::Rows;
pub use search::Hit;
pub use signed::{Pending, Stamp, pending, stamps};
pub use verify::{Verified, verify};

//! Which pictures show the same sheet.
//!
//! Comes in: rasters of pictures. Goes out: prints, candidate pairs, matches with their measures, families.
//! Invariant: two pictures share a family only through matches, and a match rests on content that was compared, never on
//! a print alone. Deliberately absent: disk, the order of work, and anything about posts.
//!
//! The steps are the interface that every matcher fills: `print` what a picture is found again by, `propose` pairs
//! without comparing all, `verify` each pair and say why, `cluster` what was verified. The first matcher here finds
//! re-encodings and rescalings; it says nothing about crops, photographs and screenshots.

mod cluster;
mod index;
mod look;
mod pdq;
mod verify;

pub use cluster::cluster;
pub use index::{RADIUS, propose};
pub use look::{Agreement, Look};
pub use pdq::{Hash, print};
pub use verify::{MIN_QUALITY, same_pixels, verify};

//! Signatures and time stamps, and what of them can be checked without a network.
//!
//! Comes in: bytes, a token, a signature. Goes out: what was checked and how it came out. Invariant: nothing here trusts
//! anybody: a signature is held against the key that comes with it, and who stands behind that key is left to the reader.
//! Deliberately absent: roots of trust, disks, clocks, the asking of a time-stamp authority.

pub mod der;
mod key;
pub mod ssh;
pub mod tsp;

pub use key::{Hash, Key};

//! The program as people call it, on forged leaks and hostile files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod asked;
mod bench;
mod custody;
mod desk;
mod ftm;
mod gaps;
mod hostile;
mod job;
mod killed;
mod named;
mod parties;
mod python;
mod reading;
mod redact;
mod said;
mod serve;
mod words;

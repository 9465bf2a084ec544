//! Passages annotated by hand, names under noise, hostile texts.

#![allow(clippy::unwrap_used, clippy::panic)]

mod given;
mod hostile;
mod noise;
mod passages;
mod reading;

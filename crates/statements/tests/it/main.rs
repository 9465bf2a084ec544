//! Passages annotated by hand, names under noise, hostile texts.

#![allow(clippy::unwrap_used, clippy::panic)]

mod given;
mod happened;
mod held;
mod hostile;
mod kinds;
mod noise;
mod passages;
mod reading;

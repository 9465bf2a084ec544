//! Intake from outside: hostile archives, the corpus of odd exports, real samples, a leak with known truth.

#![allow(clippy::unwrap_used)]

mod archives;
mod corpus;
mod counts;
mod cuts;
mod gather;
mod mangled;
mod places;
mod samples;
mod together;

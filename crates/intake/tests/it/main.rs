//! Intake from outside: hostile archives, the corpus of odd exports, real samples, a leak with known truth.

#![allow(clippy::unwrap_used)]

mod acceptance;
mod archives;
mod claims;
mod corpus;
mod counts;
mod cuts;
mod gather;
mod mangled;
mod outlook;
mod places;
mod samples;
mod sealed;
mod together;

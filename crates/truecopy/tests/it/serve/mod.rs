//! The workbench: who is let in, what a desk does with it on day one, what hand and keys do, whether everybody can use it, and what
//! programs are told.
//!
//! The tests that need a browser drive Debian's Chromium; where it is not installed they say so and pass.

mod browser;
mod doors;
mod foreign;
mod hands;
mod keys;
mod looks;
mod material;
mod programs;
mod screens;
mod served;
mod tasks;
mod told;

//! Packages of material made by hand.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../../dossier/tests/it/material.rs"]
#[allow(dead_code)]
mod material;
mod part;

//! The dossier told from material made by hand.

#![allow(clippy::unwrap_used, clippy::panic)]

mod briefing;
mod gathered;
mod golden;
mod handed;
mod hostile;
mod live;
mod material;
mod said;
mod scorer;
mod shape;

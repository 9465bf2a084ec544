//! Passages annotated by hand, names under noise, hostile texts.

mod given;
mod hostile;
mod noise;
mod passages;
mod reading;

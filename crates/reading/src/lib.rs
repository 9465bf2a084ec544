//! What pictures of sheets say.
//!
//! Comes in: upright rasters, and the readings of a family's pictures. Goes out: words with places and doubts, markings,
//! dates and what else is printed; of a family one text, and the places where its pictures disagree.
//! Invariant: every word and every structured value names the words it rests on; a doubt is the share of words at that
//! doubt that are wrong; a difference that confident readings hold to is handed on, never voted away in silence.
//! Deliberately absent: finding the sheet and setting it upright, deciding which variant is the true one, the case on disk.
//! One file, `process`, starts processes (the reader, shut in); the rest is pure.

mod align;
mod alone;
mod clean;
mod dates;
mod doubt;
mod family;
mod filters;
mod layer;
mod letters;
mod light;
mod look;
mod marking;
mod prepare;
mod printed;
mod process;
mod reading;
mod resize;
mod script;
mod streaks;
mod tesseract;
mod tidy;
mod tsv;
mod vote;

pub use doubt::{Traits, doubt, score};
pub use family::{CONFIDENT, Member, dissenters, together};
pub use filters::wolf;
pub use layer::{Judged, Passage, judge};
pub use letters::letter_height;
pub use light::even;
pub use look::{Looked, Looks, Noted, Upright, look, look_either};
pub use prepare::{Ready, Recipe, ready};
pub use reading::{DROP, reading};
pub use script::{Unread, unread};
pub use tesseract::{Fault, Layout, Leaf, Manner, Tesseract};
pub use tsv::Seen;

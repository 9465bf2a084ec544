//! Reads pictures: upright picture files in, one JSON line a picture out.
//!
//!     read [--first NAME] [--once] FILE...
//!     read --truth TROVE ...        every whole copy, set upright by the truth's own geometry
fn main() {}

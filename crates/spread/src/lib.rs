//! When and where each sheet was seen: appearances, first appearances, and who held what.
//!
//! Comes in: posts with their times, attachments with the items that hold them, pictures with their families.
//! Goes out: one Appearance for each picture in a post, one First for each family, the channel × sheet matrix (R5),
//! sheets that may belong together, and passages of posts that stand on a sheet.
//! Invariant: two times are compared as intervals; where they overlap, the first appearance is undecided and every
//! candidate is named. Deliberately absent: hops between channels and gaps in the spread.

mod documents;
mod first;
mod matrix;
mod quotes;
mod seen;

pub use documents::{Leaf, documents, paragraphs};
pub use first::first;
pub use matrix::{Cell, matrix};
pub use quotes::{Passage, Said};
pub use seen::{Holding, appearances};

//! Which pictures show the same sheet.
//!
//! Comes in: rasters of pictures, as they are or set upright. Goes out: features and looks of each, candidate pairs,
//! outcomes with their measures and the map from one picture to the other, families.
//! Invariant: two pictures share a family only through matches or an analyst's word, and a match rests on ink that was
//! compared all over what both show, never on a print alone. Deliberately absent: disk, the order of work, words that were
//! read, and anything about posts.
//!
//! The steps: [`features`] finds places that survive photographs, crops, screenshots, turns and fax; [`Index`] (or
//! [`propose`] over all at once) names pictures that share such places, without comparing all; [`verify`] lays one picture
//! on the other and holds ink against ink, cell by cell; [`across`] asks for the pairs that a doubtful match ought to be
//! held against; [`cluster`] makes families.

mod agree;
mod cluster;
mod code;
mod even;
mod exposure;
mod features;
mod grey;
mod homography;
mod index;
mod letters;
mod look;
mod moments;
mod overlap;
mod pack;
mod pdq;
mod planted;
mod squares;
#[cfg(test)]
mod tests;
mod tie;
mod traces;
mod verify;
mod words;

pub use cluster::{Evidence, Pair, across, cluster};
pub use code::{Code, Pose};
pub use exposure::{Origin, exposures, origin};
pub use features::{Feature, MOST, features};
pub use homography::Homography;
pub use index::{Block, CANDIDATES, Candidate, Index, Shared, Sketch, blocks, choose, propose, shared};
pub use look::Look;
pub use pack::{pack, unpack};
pub use pdq::{Hash, print};
pub use verify::{Grid, Held, MIN_QUALITY, Outcome, Says, same_pixels, verify};

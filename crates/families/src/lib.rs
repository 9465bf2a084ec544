//! Which pictures show the same sheet.
mod agree;
mod cluster;
mod code;
mod features;
mod grey;
mod homography;
mod index;
mod look;
mod overlap;
mod pdq;
mod tie;
mod verify;

pub use cluster::{Evidence, across, cluster};
pub use code::{Code, Pose};
pub use features::{Feature, MOST, features};
pub use homography::{Homography, Pair};
pub use index::{Candidate, Index, propose};
pub use look::Look;
pub use pdq::{Hash, print};
pub use tie::{Tie, tie};
pub use verify::{Held, MIN_QUALITY, Outcome, Place, Says, same_pixels, verify};

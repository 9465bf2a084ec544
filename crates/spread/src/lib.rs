//! When and where each sheet was seen: appearances, first appearances, who held what, how it may have gone from channel to
//! channel, and what must have existed that nobody holds.
//!
//! Comes in: posts with their times, attachments with the items that hold them, pictures with their families and descent.
//! Goes out: one Appearance for each picture in a post, one First for each family, the channel × sheet matrix (R5), sheets that
//! may belong together, passages of posts that stand on a sheet, where they differ from it, which reading of an altered place
//! they have, hops, gaps (R6), what exports tell differently.
//! Invariant: two times are compared as intervals; where they overlap, the first appearance and the direction of a hop are
//! undecided, and every candidate is named. No hop rests on time alone, and every gap names the place in the material that tells
//! of it. Deliberately absent: whether two accounts are one person, and who handed a sheet on.

mod discrepancies;
mod documents;
mod first;
mod hops;
mod links;
mod matrix;
mod named;
mod pairs;
mod pointers;
mod quotes;
mod relations;
mod seen;
mod sheets;
mod sides;
mod sources;
mod stock;
mod supply;
mod word;
mod zones;

pub use discrepancies::discrepancies;
pub use documents::{Leaf, documents, paragraphs};
pub use first::first;
pub use hops::{Pointer, Sight, hops};
pub use links::{Link, Named, expiry, links};
pub use matrix::{Cell, matrix};
pub use named::{Missing, expires, upload_number};
pub use pairs::pairs;
pub use pointers::pointers;
pub use quotes::{Passage, Said};
pub use relations::{Open, Relation, open, relations};
pub use seen::{Holding, appearances};
pub use sheets::{PageNumber, unseen_sheets};
pub use sides::{Sided, sides};
pub use sources::{Shot, sources};
pub use stock::Stock;
pub use supply::supplies;
pub use zones::{ZoneChoice, zone_choices};

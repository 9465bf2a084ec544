//! From bytes to surfaces to pictures.
//!
//! Comes in: the bytes of an image or PDF, with their kind. Goes out: surfaces, each an RGB raster with EXIF
//! orientation applied, and what the file itself tells about it; from a surface, its page and its pictures.
//! Invariant: no raster is allocated before its size was held against the limits, and a damaged file yields what can be
//! shown of it together with a trouble. Deliberately absent: disk, processes and the sandbox that this runs in.
//!
//! `sheets` finds the sheets on a raster, `upright` draws one out to a rectangle, `even` evens its light, and `bend` tells how its
//! lines of text are bent, so that they can be read straightened.

mod bend;
mod capture;
mod even;
mod exif;
mod geometry;
mod heic;
mod jpeg;
#[cfg(test)]
mod learn;
mod lines;
mod overlap;
mod page;
mod pdf;
mod place;
mod plane;
mod quads;
mod raster;
mod sample;
mod several;
mod sheet;
mod skew;
mod surface;
mod text;
mod turn;
mod upright;
mod weights;
mod window;

pub use bend::{Bend, bend};
pub use even::even;
pub use geometry::Homography;
pub use page::{PROXY_LONGEST, kept, page, picture, proxy, whole};
pub use sheet::{Sheet, sheets};
pub use surface::{Limits, Surface, Take, Told, read};
pub use upright::{laid, upright};

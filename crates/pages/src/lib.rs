//! From bytes to surfaces to pictures.
//!
//! Comes in: the bytes of an image or PDF, with their kind. Goes out: surfaces, each an RGB raster with EXIF
//! orientation applied, and what the file itself tells about it; from a surface, its page and its pictures.
//! Invariant: no raster is allocated before its size was held against the limits, and a damaged file yields what can be
//! shown of it together with a trouble. Deliberately absent: disk, processes and the sandbox that this runs in.
//!
//! For now a picture is the whole page.

mod exif;
mod heic;
mod jpeg;
mod page;
mod pdf;
mod raster;
mod surface;
mod text;

pub use page::{PROXY_LONGEST, page, pictures, proxy};
pub use surface::{Limits, Surface, Take, Told, read};

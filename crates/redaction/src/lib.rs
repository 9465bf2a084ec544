//! What must not spread further is withheld, and what was withheld is attacked.
//!
//! Comes in: an upright raster of ours, the words read on it with their places, and what is to be withheld. Goes out: a raster
//! whose withheld pixels are all of one colour, a PNG or PDF made of nothing but those pixels, a log without the words. And:
//! the bytes and rasters of any redacted file go in, findings come out: what of it comes back, or may.
//! Invariant: of a withheld region no pixel of the source is left, nor any within a block of it that the source's encoding
//! mixed with it; how far a region was widened does not follow from the words; the log names no word and no digest of one.
//! Deliberately absent: disk, processes, the reader of letters (it is handed in), and whether something ought to be withheld.
//!
//! The steps: [`chosen`] finds the words, [`regions`] widens and joins their places, [`painted`] covers them, [`png`] and
//! [`pdf`] write what is left; [`scan`] looks into the container of a file, [`attack`] at one page of it.

mod area;
mod attack;
mod choose;
mod ink;
mod log;
mod plan;
mod write;

pub use area::Area;
pub use attack::boxes::boxes;
pub use attack::container::{Container, Part, Scan, container, scan};
pub use attack::{Finding, Page, Seen, Weakness, attack, laid_on};
pub use choose::{Pick, Term, Terms, chosen, distance, personal};
pub use log::{Log, Page as LoggedPage, Withheld};
pub use plan::{Key, Placed, Region, Widen, regions};
pub use write::{COVER, painted, pdf, png};

//! Makes leaks that never happened, with the whole truth about them: for tests, the demo and the benches.
//!
//! **In:** a seed and a [`leak::Recipe`]. **Out:** a folder with chat exports, loose picture files and `truth.json`; or, from
//! the lower levels, single sheets ([`typeset`]), altered sheets ([`edit`]), pictures of them ([`camera`], [`damage`]), PDF
//! files ([`pdf`]) and files that mean harm ([`hostile`]).
//!
//! The way of a picture: a [`typeset::Sheet`] is set in type; [`camera::photograph`] (or a scan, or a fax) makes a
//! [`shown::Shown`] of it, pixels with the homography from sheet to picture; [`edit::paint`] changes words on it;
//! [`damage::apply`] does what happens on the way; each step keeps the homography, and what is still seen or covered.
//!
//! **Invariant:** the same arguments give the same bytes, and whatever is written to the exports is in `truth.json`.
//!
//! **Deliberately absent:** real documents, real names, real places; other people's pictures; a model of how text is
//! read; camera data (EXIF); anything else of the workspace, so that no mistake is made twice in the same way.

pub mod camera;
pub mod chat;
pub mod clock;
pub mod damage;
pub mod edit;
pub mod geometry;
pub mod heap;
pub mod hostile;
pub mod ink;
pub mod kinds;
pub mod leak;
pub mod pdf;
pub mod raster;
pub mod rng;
pub mod shown;
pub mod surface;
pub mod truth;
pub mod typeset;
pub mod window;
pub mod words;

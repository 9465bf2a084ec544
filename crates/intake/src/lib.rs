//! Bytes in, items inside them out; exports in, channels, accounts and posts out.
//!
//! Comes in: the bytes of one received file, through `Read` and `Seek`. Goes out: what kind of file it is ([`sniff`]),
//! the files packed in it ([`unpack`]), the posts it tells of ([`recognise`], [`Format::read`]), and how several
//! exports of one channel become one ([`merge_posts`], [`merge_listings`]) and find their files ([`Shelf`]).
//! Invariant: whatever the bytes are, nothing panics, memory is bounded by one entry's reader, one post of at most
//! 64 MiB, or one word for each entry; the same bytes give the same answers; every record names its bytes.
//! Deliberately absent: disk, network, clock and threads; decoding of pictures; any judgement of what a post says.
#![warn(missing_docs)]

mod archive;
mod clock;
mod exports;
pub mod json;
mod merge;
mod resolve;
mod sniff;
mod stamp;

pub use archive::{Entry, Limits, is_clean, is_packed, unpack};
pub use clock::number_time;
pub use exports::{Abilities, Beside, Context, Format, Opening, Sink, Tell, formats, recognise};
pub use merge::{merge_listings, merge_posts};
pub use resolve::{Found, Shelf};
pub use sniff::sniff;

/// What a file's bytes are read through.
pub trait Input: std::io::Read + std::io::Seek {}

impl<T: std::io::Read + std::io::Seek + ?Sized> Input for T {}

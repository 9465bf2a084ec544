//! Hostile bytes are opened in a process of their own, one for each file: `truecopy --worker`.
//!
//! The child gets the file as its standard input and, through a pipe in the place of standard error, the job and what lies beside
//! an export where it asks for that; nothing else: no other file, no network, no new process, bounded memory and time. It answers
//! on standard output with frames ([`wire`]) that this side checks. Its death costs the file.

mod child;
mod probe;
mod sandbox;
mod talk;
#[cfg(test)]
mod tests;
mod wire;

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use image::RgbImage;
use intake::{Beside, Limits as ArchiveLimits};
use model::{ItemId, Kind, Listing, Record, Trouble, When};
use pages::Told;

pub use child::serve;
pub use probe::{Probed, probe};
pub use wire::frames;

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::worker::talk::Talk;
use crate::worker::wire::{Frame, MOST};

/// Calls workers.
pub(crate) struct Worker {
    /// The program that is called with `--worker`; none where files are opened in this process.
    program: Option<PathBuf>,
}

/// An entry of an archive, as the child tells of it.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct EntryTold {
    pub(crate) path: String,
    pub(crate) modified: Option<When>,
}

/// A surface's size and what the file tells; its pixels follow.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct SurfaceTold {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) told: Told,
}

/// What a child asks of what lies beside an export.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Ask {
    /// The digest of a file, if there is one.
    Digest { path: String },
    /// Its first bytes.
    Bytes { path: String, most: u64 },
}

/// A job for a child.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Job {
    /// Decode every surface.
    Surfaces { kind: Kind, size: u64 },
    /// Unpack one level.
    Entries { kind: Kind, size: u64, name: String, limits: (u64, u64, u64, u64) },
    /// Read the posts of an export.
    Posts { format: String, size: u64, item: ItemId, path: String },
    /// Try what a worker may not do.
    Probe(probe::Deed),
}

impl Job {
    /// Seconds of processor time that it may take.
    fn seconds(&self) -> u64 {
        match self {
            Self::Entries { .. } => 600,
            Self::Posts { size, .. } => 300 + (size >> 20),
            Self::Surfaces { kind: Kind::Pdf, .. } => 300,
            Self::Surfaces { .. } => 60,
            Self::Probe(_) => 1,
        }
    }
}

/// What is taken of an export.
pub(crate) trait Take {
    fn listing(&mut self, listing: Listing) -> Result<()>;
    fn record(&mut self, record: Record) -> Result<()>;
}

impl Worker {
    pub(crate) fn new(program: Option<PathBuf>) -> Self {
        Self { program }
    }

    /// Decodes the surfaces of `file` and hands them on one at a time.
    pub(crate) fn surfaces(
        &self,
        file: File,
        kind: Kind,
        budget: &Budget,
        mut take: impl FnMut(Told, RgbImage) -> Result<()>,
    ) -> Result<Vec<Trouble>> {
        let size = file.metadata().map_err(Error::Worker)?.len();
        let limits = pages::Limits::default();
        let mut talk = self.start(&Job::Surfaces { kind, size }, file)?;
        let mut count = 0;
        loop {
            match talk.next()? {
                Some(Frame::Surface(told)) => {
                    let SurfaceTold { width, height, told } = told;
                    let pixels = u64::from(width) * u64::from(height);
                    count += 1;
                    if pixels > limits.pixels || count > limits.pages {
                        return talk.refuse("it answered with more than it was asked for");
                    }
                    let _share = budget.take(pixels);
                    let Some(pixels) = talk.pixels(pixels * 3)? else {
                        return talk.end();
                    };
                    let Some(raster) = RgbImage::from_raw(width, height, pixels) else {
                        return talk.refuse("its pixels do not fit its size");
                    };
                    take(told, raster)?;
                }
                Some(Frame::Trouble(trouble)) => talk.troubles.push(trouble),
                Some(Frame::End) | None => return talk.end(),
                Some(_) => return talk.refuse("it answered out of turn"),
            }
        }
    }

    /// Unpacks one level of `file` and hands every entry on.
    pub(crate) fn entries(
        &self,
        file: File,
        kind: Kind,
        name: &str,
        limits: &ArchiveLimits,
        mut take: impl FnMut(EntryTold, &mut dyn Read) -> Result<()>,
    ) -> Result<Vec<Trouble>> {
        let size = file.metadata().map_err(Error::Worker)?.len();
        let told = (limits.entries, limits.entry_bytes, limits.total_bytes, limits.ratio);
        let mut talk = self.start(&Job::Entries { kind, size, name: name.to_owned(), limits: told }, file)?;
        let (mut count, mut total) = (0, 0);
        loop {
            match talk.next()? {
                Some(Frame::Entry(told)) => {
                    count += 1;
                    if count > limits.entries || !intake::is_clean(&told.path) {
                        return talk.refuse("it answered with more than it was asked for");
                    }
                    let most = limits.entry_bytes.min(limits.total_bytes.saturating_sub(total));
                    let mut data = EntryData::of(&mut talk, most);
                    let taken = take(told, &mut data);
                    let whole = data.whole;
                    total += data.taken;
                    if whole {
                        taken?;
                    } else if let Err(error) = taken {
                        // The entry broke off; the child says why. Only a failure of our own disk goes on.
                        if !matches!(&error, Error::Worker(cause) if cause.kind() == io::ErrorKind::UnexpectedEof)
                        {
                            return Err(error);
                        }
                    }
                }
                Some(Frame::Trouble(trouble)) => talk.troubles.push(trouble),
                Some(Frame::End) | None => return talk.end(),
                Some(_) => return talk.refuse("it answered out of turn"),
            }
        }
    }

    /// Reads the posts of an export and hands them on.
    pub(crate) fn posts(
        &self,
        file: File,
        format: &str,
        (item, path): (ItemId, &str),
        beside: &dyn Beside,
        take: &mut dyn Take,
    ) -> Result<Vec<Trouble>> {
        /// Bytes of records for each byte of the file, and beside.
        const SWELLS: u64 = 1_000;
        const SOME: u64 = 64 << 20;
        let size = file.metadata().map_err(Error::Worker)?.len();
        let job = Job::Posts { format: format.to_owned(), size, item, path: path.to_owned() };
        let mut talk = self.start(&job, file)?;
        loop {
            if talk.read > size.saturating_mul(SWELLS).saturating_add(SOME) {
                return talk.refuse("it answered with more than the file can hold");
            }
            match talk.next()? {
                Some(Frame::Record(record)) => {
                    let [(of, _)] = record.post.records[..] else {
                        return talk.refuse("a post names more than one place");
                    };
                    if of != item {
                        return talk.refuse("a post names another file");
                    }
                    take.record(*record)?;
                }
                Some(Frame::Listing(listing)) if listing.export.item == item => take.listing(*listing)?,
                Some(Frame::Ask(ask)) => {
                    let answer = match ask {
                        Ask::Digest { path } => {
                            beside.digest(&path).map(|digest| <[u8; 32]>::from(digest).to_vec())
                        }
                        Ask::Bytes { path, most } => beside.bytes(&path, most.min(MOST as u64) as usize),
                    };
                    if !talk.answer(answer.as_deref()) {
                        return talk.end();
                    }
                }
                Some(Frame::Unread(why)) => return Err(Error::Material(io::Error::other(why))),
                Some(Frame::Trouble(trouble)) => talk.troubles.push(trouble),
                Some(Frame::End) | None => return talk.end(),
                Some(_) => return talk.refuse("it answered out of turn"),
            }
        }
    }

    fn start(&self, job: &Job, file: File) -> Result<Talk> {
        match &self.program {
            Some(program) => Talk::with_child(program, job, file),
            None => Talk::within(job, file),
        }
    }
}

/// The bytes of one entry, as a reader.
struct EntryData<'a> {
    talk: &'a mut Talk,
    chunk: Vec<u8>,
    at: usize,
    over: bool,
    whole: bool,
    /// Bytes handed on, and how many may be.
    taken: u64,
    most: u64,
}

impl<'a> EntryData<'a> {
    fn of(talk: &'a mut Talk, most: u64) -> Self {
        Self { talk, chunk: Vec::new(), at: 0, over: false, whole: false, taken: 0, most }
    }
}

impl Read for EntryData<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.chunk.len() && !self.over {
            match self.talk.next() {
                Ok(Some(Frame::Data(chunk))) if self.taken + chunk.len() as u64 <= self.most => {
                    self.taken += chunk.len() as u64;
                    (self.chunk, self.at) = (chunk, 0);
                }
                Ok(Some(Frame::EntryEnd)) => (self.over, self.whole) = (true, true),
                _ => {
                    self.over = true;
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
        let count = buffer.len().min(self.chunk.len() - self.at);
        buffer[..count].copy_from_slice(&self.chunk[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};

use case::{Blobs, Case, Derived, Rows};
use model::{Digest, Hasher, Yield};

use crate::budget::Budget;
use crate::error::Result;
use crate::worker::Worker;

/// A kind of work, done for each of its inputs.
///
/// Idempotent: the run's id is made of name, version, `depends` and `with`, and a finished run is skipped. Resumable: what a
/// killed process was at leaves no row. Parallel: `work` is called from many threads, rows are written by one.
pub trait Stage: Sync {
    /// Its name, for the run's id and for people.
    const NAME: &'static str;
    /// Raise when the same input may yield something else.
    const VERSION: u32;
    /// What it does, in a few words.
    const SAYS: &'static str;
    /// One piece of work.
    type Input: Send + Sync;

    /// Every piece of work there is, finished or not.
    fn inputs(&self, case: &Case) -> Result<Vec<Self::Input>>;

    /// The name of a piece of work: unique in the stage, the same in every run.
    fn name(&self, input: &Self::Input) -> String;

    /// The material that troubles are about, in words.
    fn about(&self, input: &Self::Input) -> String {
        self.name(input)
    }

    /// All the material that the result depends on, beside name and version of the stage.
    fn depends(&self, input: &Self::Input, on: &mut Hasher);

    /// The tools from outside that the result depends on, with their settings.
    fn with(&self, _on: &mut Hasher) {}

    /// Whether the tools are at hand. Where not, no work is done, and what was done stays as long as its material does.
    fn ready(&self) -> bool {
        true
    }

    /// Does it; pure but for blobs of our own making, which are content-addressed.
    fn work(&self, input: &Self::Input, desk: &Desk) -> Result<Yield<Rows>>;

    /// Pieces of work that are best done in one go, at most.
    const BATCH: usize = 1;

    /// Does up to [`Stage::BATCH`] pieces in one go, each with a result of its own that does not depend on the others.
    fn work_batch(&self, inputs: &[&Self::Input], desk: &Desk) -> Result<Vec<Yield<Rows>>> {
        inputs.iter().map(|input| self.work(input, desk)).collect()
    }
}

/// What a stage's work may use.
pub struct Desk<'a> {
    /// Nouns of earlier stages.
    pub derived: &'a Derived,
    /// The received bytes.
    pub blobs: &'a Blobs,
    /// Bytes of our own making and those unpacked.
    pub made: &'a Blobs,
    pub(crate) worker: &'a Worker,
    pub(crate) budget: &'a Budget,
    pub(crate) stop: &'a AtomicBool,
}

impl Desk<'_> {
    /// The bytes of `digest`, received or unpacked.
    pub fn bytes(&self, digest: Digest) -> Result<File> {
        Ok(if self.blobs.holds(digest) { self.blobs.open(digest)? } else { self.made.open(digest)? })
    }

    /// The first bytes of `digest`, enough to tell what it is.
    pub fn head(&self, digest: Digest) -> Result<Vec<u8>> {
        const HEAD: u64 = 64 << 10;
        Ok(if self.blobs.holds(digest) {
            self.blobs.head(digest, HEAD)?
        } else {
            self.made.head(digest, HEAD)?
        })
    }

    /// Whether the user asked to stop.
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Reads until the buffer is full or there is no more.
pub(crate) fn fill(from: &mut dyn Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match from.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

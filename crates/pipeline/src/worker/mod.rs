//! Hostile bytes are opened in a process of their own, one for each file: `truecopy --worker`.
//!
//! The child gets the file as its standard input and nothing else: no other file, no network, no new process, bounded
//! memory and time. It answers on standard output with frames ([`wire`]) that this side checks. Its death costs the file.

mod child;
mod sandbox;
mod wire;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use image::RgbImage;
use intake::Limits as ArchiveLimits;
use model::{Code, Kind, Trouble, When};
use pages::Told;

pub use child::serve;

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::worker::wire::{Frame, read_frame};

/// Calls workers.
pub(crate) struct Worker {
    program: PathBuf,
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

/// A job for a child, as its arguments have it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Job {
    /// Decode every surface.
    Surfaces { kind: Kind, size: u64 },
    /// Unpack one level.
    Entries { kind: Kind, size: u64, name: String, limits: (u64, u64, u64, u64) },
}

impl Worker {
    pub(crate) fn new(program: PathBuf) -> Self {
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
        loop {
            match talk.next()? {
                Some(Frame::Surface(told)) => {
                    let SurfaceTold { width, height, told } = told;
                    let count = u64::from(width) * u64::from(height);
                    if count > limits.pixels {
                        return talk.refuse("it answered with more pixels than asked for");
                    }
                    let _share = budget.take(count);
                    let Some(pixels) = talk.pixels(count * 3)? else {
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
        let limits = (limits.entries, limits.entry_bytes, limits.total_bytes, limits.ratio);
        let mut talk = self.start(&Job::Entries { kind, size, name: name.to_owned(), limits }, file)?;
        loop {
            match talk.next()? {
                Some(Frame::Entry(told)) => {
                    let mut data =
                        EntryData { talk: &mut talk, chunk: Vec::new(), at: 0, over: false, whole: false };
                    let taken = take(told, &mut data);
                    let whole = data.whole;
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

    fn start(&self, job: &Job, file: File) -> Result<Talk> {
        let job = serde_json::to_string(job).map_err(|error| Error::Ours(error.to_string()))?;
        let mut child = Command::new(&self.program)
            .arg0("truecopy")
            .args(["--worker", &job])
            .env_clear()
            .current_dir("/")
            .stdin(file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(Error::Worker)?;
        let Some(stdout) = child.stdout.take() else {
            return Err(Error::Ours("a worker without output".to_owned()));
        };
        let from = BufReader::with_capacity(256 << 10, stdout);
        Ok(Talk { child, from, troubles: Vec::new(), ended: false })
    }
}

/// The talk with one child. Dropping it ends the child.
struct Talk {
    child: Child,
    from: BufReader<ChildStdout>,
    troubles: Vec<Trouble>,
    ended: bool,
}

impl Talk {
    /// The next frame; None where the child ended, or talked nonsense, before saying it was done.
    fn next(&mut self) -> Result<Option<Frame>> {
        match read_frame(&mut self.from) {
            Ok(frame) => {
                self.ended |= matches!(frame, Frame::End);
                Ok(Some(frame))
            }
            Err(_) => Ok(None),
        }
    }

    fn pixels(&mut self, count: u64) -> Result<Option<Vec<u8>>> {
        let mut pixels = vec![0; usize::try_from(count).map_err(|error| Error::Ours(error.to_string()))?];
        Ok(self.from.read_exact(&mut pixels).is_ok().then_some(pixels))
    }

    fn refuse(mut self, why: &str) -> Result<Vec<Trouble>> {
        self.troubles.push(Trouble::new(Code::WorkerCrashed, why));
        self.ended = true;
        self.end()
    }

    fn end(mut self) -> Result<Vec<Trouble>> {
        if self.ended {
            let _ = self.child.kill();
        }
        let status = self.child.wait().map_err(Error::Worker)?;
        let mut troubles = std::mem::take(&mut self.troubles);
        if !self.ended {
            troubles.push(death(status)?);
        }
        Ok(troubles)
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn death(status: ExitStatus) -> Result<Trouble> {
    match status.signal() {
        Some(libc::SIGXCPU) => Ok(Trouble::new(Code::WorkerTime, "")),
        Some(libc::SIGABRT) => Ok(Trouble::new(Code::WorkerMemory, "")),
        Some(libc::SIGKILL | libc::SIGTERM | libc::SIGINT | libc::SIGHUP) => Err(Error::CutOff),
        Some(signal) => Ok(Trouble::new(Code::WorkerCrashed, format!("signal {signal}"))),
        None if status.code() == Some(sandbox::NO_SANDBOX) => Err(Error::Worker(io::Error::other(
            "it could not shut itself in (seccomp is needed: Linux 3.17 or later); nothing was opened",
        ))),
        None => Ok(Trouble::new(Code::WorkerCrashed, "")),
    }
}

/// The bytes of one entry, as a reader.
struct EntryData<'a> {
    talk: &'a mut Talk,
    chunk: Vec<u8>,
    at: usize,
    over: bool,
    whole: bool,
}

impl Read for EntryData<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.chunk.len() && !self.over {
            match self.talk.next() {
                Ok(Some(Frame::Data(chunk))) => (self.chunk, self.at) = (chunk, 0),
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

//! The child's side: read the job, shut in, read standard input, answer, end.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::fd::FromRawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};

use intake::{Beside, Context, Limits as ArchiveLimits, Sink};
use model::{Code, Digest, Kind, Listing, Record, Trouble};

use crate::worker::sandbox;
use crate::worker::wire::{Frame, read_answer, write_frame};
use crate::worker::{Ask, EntryTold, Job, SurfaceTold};

const CHUNK: usize = 256 << 10;
/// Bytes of an image or PDF that are read into memory.
const MOST: u64 = 1 << 30;

/// Serves the job that stands in the pipe at descriptor 2, and returns the exit code.
pub fn serve() -> u8 {
    // SAFETY: descriptors 0 to 2 are open for the whole life of the process and nobody else here uses them.
    let (mut input, output, mut replies) =
        unsafe { (File::from_raw_fd(0), File::from_raw_fd(1), File::from_raw_fd(2)) };
    std::panic::set_hook(Box::new(|_| {}));
    serve_on(&mut input, output, &mut replies, sandbox::shut_in)
}

/// Serves the job that `replies` begins with, after `shut_in` has been told how many seconds it may take.
pub(super) fn serve_on(
    input: &mut File,
    output: impl Write,
    replies: &mut dyn Read,
    shut_in: fn(u64) -> io::Result<()>,
) -> u8 {
    let told = read_answer(replies).ok().flatten().unwrap_or_default();
    let Ok(job) = serde_json::from_slice::<Job>(&told) else {
        return 2;
    };
    if shut_in(job.seconds()).is_err() {
        return sandbox::NO_SANDBOX as u8;
    }
    let mut output = BufWriter::with_capacity(CHUNK, output);
    let result = catch_unwind(AssertUnwindSafe(|| match job {
        Job::Surfaces { kind, size } => surfaces(input, kind, size, &mut output),
        Job::Entries { kind, size, name, limits } => {
            let (entries, entry_bytes, total_bytes, ratio) = limits;
            let limits = ArchiveLimits { entries, entry_bytes, total_bytes, ratio };
            entries_of(input, kind, size, &name, &limits, &mut output)
        }
        Job::Posts { format, item, path, .. } => {
            let line = Line {
                output: RefCell::new(&mut output),
                replies: RefCell::new(replies),
                lost: Cell::default(),
            };
            posts(input, &format, &Context { item, path: &path }, &line)
        }
        Job::Probe(deed) => {
            let told = deed.attempt();
            write_frame(&mut output, &Frame::Unread(told)).map(|()| Vec::new())
        }
    }));
    let troubles = match result {
        Ok(Ok(troubles)) => troubles,
        // The caller went away: there is nobody to tell.
        Ok(Err(_)) => return 1,
        Err(_) => vec![Trouble::new(Code::WorkerCrashed, "")],
    };
    let told = troubles.into_iter().map(Frame::Trouble).chain([Frame::End]);
    let written: io::Result<()> = told.into_iter().try_for_each(|frame| write_frame(&mut output, &frame));
    u8::from(written.and_then(|()| output.flush()).is_err())
}

fn surfaces(input: &mut File, kind: Kind, size: u64, output: &mut dyn Write) -> io::Result<Vec<Trouble>> {
    if size > MOST {
        let detail = format!("{size} bytes; at most {MOST} are read of an image or PDF");
        return Ok(vec![Trouble::new(Code::WorkerMemory, detail)]);
    }
    let mut bytes = Vec::with_capacity(size as usize);
    input.take(MOST).read_to_end(&mut bytes)?;
    pages::read(kind, bytes, &pages::Limits::default(), &mut |surface| {
        let (width, height) = surface.raster.dimensions();
        write_frame(output, &Frame::Surface(SurfaceTold { width, height, told: surface.told }))?;
        output.write_all(surface.raster.as_raw())
    })
}

fn entries_of(
    input: &mut File,
    kind: Kind,
    size: u64,
    name: &str,
    limits: &ArchiveLimits,
    output: &mut dyn Write,
) -> io::Result<Vec<Trouble>> {
    let mut lost = None;
    let troubles = intake::unpack(kind, input, size, name, limits, &mut |entry, data| {
        let told = EntryTold { path: entry.path, modified: entry.modified };
        let copied = write_frame(output, &Frame::Entry(told)).and_then(|()| copy(data, output));
        match copied {
            Ok(Some(broken)) => Err(broken),
            Ok(None) => Ok(()),
            Err(error) => {
                let kind = error.kind();
                lost = Some(error);
                Err(kind.into())
            }
        }
    });
    lost.map_or(Ok(troubles), Err)
}

/// Copies an entry's bytes into frames. The outer error is the output's, the inner one the entry's.
fn copy(data: &mut dyn Read, output: &mut dyn Write) -> io::Result<Option<io::Error>> {
    let mut buffer = vec![0; CHUNK];
    loop {
        match data.read(&mut buffer) {
            Ok(0) => {
                write_frame(output, &Frame::EntryEnd)?;
                return Ok(None);
            }
            Ok(count) => write_frame(output, &Frame::Data(buffer[..count].to_vec()))?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                write_frame(output, &Frame::EntryBroken)?;
                return Ok(Some(error));
            }
        }
    }
}

/// Reads an export; troubles go out in the order of the posts.
fn posts(input: &mut File, format: &str, context: &Context, line: &Line) -> io::Result<Vec<Trouble>> {
    let Some(format) = intake::formats().iter().find(|one| one.name() == format) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let mut sending = Sending(line);
    match format.read_beside(input, context, line, &mut sending) {
        Err(error) if line.lost.get() => Err(error),
        Err(error) => {
            line.send(&Frame::Unread(error.to_string()))?;
            Ok(Vec::new())
        }
        Ok(()) => Ok(Vec::new()),
    }
}

/// Both directions of the talk with the caller.
struct Line<'a> {
    output: RefCell<&'a mut dyn Write>,
    replies: RefCell<&'a mut dyn Read>,
    /// The caller is gone.
    lost: Cell<bool>,
}

impl Line<'_> {
    fn send(&self, frame: &Frame) -> io::Result<()> {
        write_frame(*self.output.borrow_mut(), frame).inspect_err(|_| self.lost.set(true))
    }

    fn ask(&self, ask: Ask) -> Option<Vec<u8>> {
        self.send(&Frame::Ask(ask)).ok()?;
        self.output.borrow_mut().flush().ok()?;
        read_answer(*self.replies.borrow_mut()).inspect_err(|_| self.lost.set(true)).ok()?
    }
}

impl Beside for Line<'_> {
    fn digest(&self, path: &str) -> Option<Digest> {
        let bytes = self.ask(Ask::Digest { path: path.to_owned() })?;
        <[u8; 32]>::try_from(bytes).ok().map(Digest::from)
    }

    fn bytes(&self, path: &str, most: usize) -> Option<Vec<u8>> {
        self.ask(Ask::Bytes { path: path.to_owned(), most: most as u64 })
    }
}

/// Sends what a format reads.
struct Sending<'a, 'b>(&'a Line<'b>);

impl Sink for Sending<'_, '_> {
    fn listing(&mut self, listing: Listing) -> io::Result<()> {
        self.0.send(&Frame::Listing(Box::new(listing)))
    }

    fn record(&mut self, record: Record) -> io::Result<()> {
        self.0.send(&Frame::Record(Box::new(record)))
    }

    fn trouble(&mut self, trouble: Trouble) -> io::Result<()> {
        self.0.send(&Frame::Trouble(trouble))
    }
}

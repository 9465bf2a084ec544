//! The child's side: shut in, read standard input, answer, end.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::fd::FromRawFd;
use std::panic::{AssertUnwindSafe, catch_unwind};

use intake::Limits as ArchiveLimits;
use model::{Code, Kind, Trouble};

use crate::worker::sandbox;
use crate::worker::wire::{Frame, write_frame};
use crate::worker::{EntryTold, Job, SurfaceTold};

const CHUNK: usize = 256 << 10;
/// Bytes of an image or PDF that are read into memory.
const MOST: u64 = 1 << 30;

/// Serves one job, described by `job` as the caller wrote it, and returns the exit code.
pub fn serve(job: &str) -> u8 {
    let Ok(job) = serde_json::from_str::<Job>(job) else {
        return 2;
    };
    let seconds = match &job {
        Job::Entries { .. } => 600,
        Job::Surfaces { kind: Kind::Pdf, .. } => 300,
        Job::Surfaces { .. } => 60,
    };
    if sandbox::shut_in(seconds).is_err() {
        return sandbox::NO_SANDBOX as u8;
    }
    // SAFETY: descriptors 0 and 1 are open for the whole life of the process and nobody else here uses them.
    let (mut input, output) = unsafe { (File::from_raw_fd(0), File::from_raw_fd(1)) };
    let mut output = BufWriter::with_capacity(CHUNK, output);
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(|| match job {
        Job::Surfaces { kind, size } => surfaces(&mut input, kind, size, &mut output),
        Job::Entries { kind, size, name, limits } => {
            let (entries, entry_bytes, total_bytes, ratio) = limits;
            let limits = ArchiveLimits { entries, entry_bytes, total_bytes, ratio };
            entries_of(&mut input, kind, size, &name, &limits, &mut output)
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

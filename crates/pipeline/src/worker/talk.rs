//! The caller's side of one talk with a worker.

use std::fs::File;
use std::io::{self, BufReader, PipeWriter, Read, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use model::{Code, Trouble};

use crate::error::{Error, Result};
use crate::worker::wire::{Frame, read_frame, write_answer};
use crate::worker::{Job, child, sandbox};

/// Processor time goes by more slowly than the wall's, where others work too: after so many times as much without a word the
/// child is ended.
const PATIENCE: u64 = 4;

/// The talk with one worker. Dropping it ends the child.
pub(super) struct Talk {
    who: Who,
    from: BufReader<Patient>,
    to: PipeWriter,
    pub troubles: Vec<Trouble>,
    /// Bytes that came so far, about.
    pub read: u64,
    ended: bool,
    late: bool,
}

enum Who {
    Child(Child),
    /// Not shut in: a thread of this process.
    Here(Option<JoinHandle<u8>>),
}

impl Talk {
    /// Starts `program` as worker.
    pub fn with_child(program: &Path, job: &Job, file: File) -> Result<Self> {
        let (replies, to) = io::pipe().map_err(Error::Worker)?;
        let mut child = Command::new(program)
            .arg0("truecopy")
            .arg("--worker")
            .env_clear()
            .current_dir("/")
            .stdin(file)
            .stdout(Stdio::piped())
            .stderr(replies)
            .process_group(0)
            .spawn()
            .map_err(Error::Worker)?;
        let Some(stdout) = child.stdout.take() else {
            return Err(Error::Ours("a worker without output".to_owned()));
        };
        Self::begun(Who::Child(child), stdout.into(), to, job)
    }

    /// Does the job in a thread of this process, with the same frames.
    pub fn within(job: &Job, mut file: File) -> Result<Self> {
        let (mut replies, to) = io::pipe().map_err(Error::Worker)?;
        let (from, output) = io::pipe().map_err(Error::Worker)?;
        let thread = std::thread::Builder::new()
            .spawn(move || child::serve_on(&mut file, output, &mut replies, |_| Ok(())))
            .map_err(Error::Worker)?;
        Self::begun(Who::Here(Some(thread)), from.into(), to, job)
    }

    fn begun(who: Who, from: OwnedFd, to: PipeWriter, job: &Job) -> Result<Self> {
        let limit = job.seconds().saturating_mul(PATIENCE * 1000);
        let from = Patient { file: File::from(from), milliseconds: i32::try_from(limit).unwrap_or(i32::MAX) };
        let from = BufReader::with_capacity(256 << 10, from);
        let mut talk = Self { who, from, to, troubles: Vec::new(), read: 0, ended: false, late: false };
        let job = serde_json::to_vec(job).map_err(|error| Error::Ours(error.to_string()))?;
        // Where it died before it read the job, its death says so.
        talk.answer(Some(&job));
        Ok(talk)
    }

    /// The next frame; None where the child ended, or talked nonsense, before saying it was done.
    pub fn next(&mut self) -> Result<Option<Frame>> {
        match read_frame(&mut self.from) {
            Ok((frame, length)) => {
                self.read += length as u64;
                self.ended |= matches!(frame, Frame::End);
                Ok(Some(frame))
            }
            Err(error) => {
                self.late |= error.kind() == io::ErrorKind::TimedOut;
                Ok(None)
            }
        }
    }

    /// So many bare bytes; None where there are not so many.
    pub fn pixels(&mut self, count: u64) -> Result<Option<Vec<u8>>> {
        let mut pixels = vec![0; usize::try_from(count).map_err(|error| Error::Ours(error.to_string()))?];
        Ok(self.from.read_exact(&mut pixels).is_ok().then_some(pixels))
    }

    /// Answers what was asked; false where nobody listens any more.
    pub fn answer(&mut self, answer: Option<&[u8]>) -> bool {
        write_answer(&mut self.to, answer).and_then(|()| self.to.flush()).is_ok()
    }

    /// Ends it, for what it answered.
    pub fn refuse(mut self, why: &str) -> Result<Vec<Trouble>> {
        self.troubles.push(Trouble::new(Code::WorkerCrashed, why));
        self.ended = true;
        self.end()
    }

    /// What troubles there were, its death among them if it did not say that it was done.
    pub fn end(mut self) -> Result<Vec<Trouble>> {
        let mut troubles = std::mem::take(&mut self.troubles);
        match &mut self.who {
            Who::Child(child) => {
                if self.ended || self.late {
                    let _ = child.kill();
                }
                let status = child.wait().map_err(Error::Worker)?;
                if self.late {
                    troubles.push(Trouble::new(Code::WorkerTime, ""));
                } else if !self.ended {
                    troubles.push(death(status)?);
                }
            }
            Who::Here(_) if self.ended => {}
            Who::Here(_) => {
                let code = if self.late { Code::WorkerTime } else { Code::WorkerCrashed };
                troubles.push(Trouble::new(code, ""));
            }
        }
        Ok(troubles)
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        match &mut self.who {
            Who::Child(child) => {
                let _ = child.kill();
                let _ = child.wait();
            }
            // It ends by itself once nobody reads what it writes.
            Who::Here(thread) => drop(thread.take()),
        }
    }
}

fn death(status: ExitStatus) -> Result<Trouble> {
    match status.signal() {
        Some(libc::SIGXCPU) => Ok(Trouble::new(Code::WorkerTime, "")),
        Some(libc::SIGABRT) => Ok(Trouble::new(Code::WorkerMemory, "")),
        Some(libc::SIGKILL | libc::SIGTERM | libc::SIGINT | libc::SIGHUP) => Err(Error::CutOff),
        Some(signal) => Ok(Trouble::new(Code::WorkerCrashed, format!("signal {signal}"))),
        None if status.code() == Some(sandbox::NO_SANDBOX) => Err(Error::NoSandbox),
        None => Ok(Trouble::new(Code::WorkerCrashed, "")),
    }
}

/// A pipe that is waited for so long, and no longer.
struct Patient {
    file: File,
    milliseconds: i32,
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut wait = libc::pollfd { fd: self.file.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: the pointer is to one live struct, and the descriptor is open.
        match unsafe { libc::poll(&raw mut wait, 1, self.milliseconds) } {
            0 => Err(io::ErrorKind::TimedOut.into()),
            1.. => self.file.read(buffer),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_nothing_is_not_waited_for() {
        let (from, mut to) = io::pipe().unwrap();
        let file = File::from(OwnedFd::from(from));
        let mut patient = Patient { file, milliseconds: 50 };
        let mut byte = [0];
        to.write_all(b"a").unwrap();
        assert_eq!(patient.read(&mut byte).unwrap(), 1);
        assert_eq!(patient.read(&mut byte).unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(to);
        assert_eq!(patient.read(&mut byte).unwrap(), 0, "it ended");
    }
}

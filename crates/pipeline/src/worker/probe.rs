//! Tries what a worker may not do, each in a worker of its own: so an analyst sees whether files are shut in on this machine.

use std::fs::File;
use std::io;
use std::path::Path;

use model::Code;

use crate::error::{Error, Result};
use crate::worker::talk::Talk;
use crate::worker::wire::Frame;
use crate::worker::{Job, sandbox};

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Deed {
    Open,
    Write,
    Socket,
    Fork,
    Run,
    Signal,
    Trace,
    Code,
    Memory,
    Time,
}

/// All, with what they are called.
const DEEDS: [(Deed, &str); 10] = [
    (Deed::Open, "open a file"),
    (Deed::Write, "write a file"),
    (Deed::Socket, "open a network socket"),
    (Deed::Fork, "start a process"),
    (Deed::Run, "run a program"),
    (Deed::Signal, "signal its parent"),
    (Deed::Trace, "look into its parent's memory"),
    (Deed::Code, "have memory that can be run"),
    (Deed::Memory, "take memory beyond its bound"),
    (Deed::Time, "run on beyond its time"),
];
const DONE: &str = "done";

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// What was tried.
    pub what: &'static str,
    /// Whether it was kept from it.
    pub stopped: bool,
    /// By what, or what else happened.
    pub how: String,
}

/// Has workers of `program` try what they may not do. Error: no worker could be started, or none could shut itself in.
pub fn probe(program: &Path) -> Result<Vec<Probed>> {
    DEEDS.iter().map(|(deed, what)| tried(program, *deed, what)).collect()
}

fn tried(program: &Path, deed: Deed, what: &'static str) -> Result<Probed> {
    let nothing = File::open("/dev/null").map_err(Error::Worker)?;
    let mut talk = Talk::with_child(program, &Job::Probe(deed), nothing)?;
    if let Some(Frame::Unread(how)) = talk.next()? {
        return Ok(Probed { what, stopped: how != DONE, how });
    }
    let ended = talk.end()?;
    let by = ended.first().map_or(Code::WorkerCrashed, |trouble| trouble.code);
    Ok(Probed { what, stopped: true, how: format!("ended: {}", by.says()) })
}

impl Deed {
    /// Tries it, and says what came of it.
    pub(super) fn attempt(self) -> String {
        match self.done() {
            Ok(()) => DONE.to_owned(),
            Err(error) => error.to_string(),
        }
    }

    fn done(self) -> io::Result<()> {
        // SAFETY: plain system calls with constant arguments and pointers to live values.
        unsafe {
            match self {
                Self::Open => held(libc::open(c"/etc/hostname".as_ptr(), libc::O_RDONLY)),
                Self::Write => {
                    held(libc::open(c"/tmp/truecopy-probe".as_ptr(), libc::O_CREAT | libc::O_WRONLY, 0o600))
                }
                Self::Socket => held(libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0)),
                Self::Fork => match libc::fork() {
                    0 => libc::_exit(0),
                    result => held(result),
                },
                Self::Run => {
                    let arguments = [c"true".as_ptr(), std::ptr::null()];
                    held(libc::execv(c"/bin/true".as_ptr(), arguments.as_ptr()))
                }
                Self::Signal => held(libc::kill(libc::getppid(), 0)),
                Self::Trace => held(libc::ptrace(libc::PTRACE_ATTACH, libc::getppid(), 0, 0) as i32),
                Self::Code => {
                    let (read_run, own) =
                        (libc::PROT_READ | libc::PROT_EXEC, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
                    let at = libc::mmap(std::ptr::null_mut(), 4096, read_run, own, -1, 0);
                    held(if at == libc::MAP_FAILED { -1 } else { 0 })
                }
                Self::Memory => {
                    let most = (sandbox::MEMORY + (1 << 30)) as usize;
                    let all = vec![1_u8; most];
                    held(i32::from(std::hint::black_box(&all).is_empty()))
                }
                Self::Time => loop {
                    std::hint::spin_loop();
                },
            }
        }
    }
}

fn held(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

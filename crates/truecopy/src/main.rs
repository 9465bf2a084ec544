//! The command `truecopy`: arguments, words for people, exit codes.
//!
//! Comes in: arguments, signals. Goes out: data on standard output, talk on standard error, an exit code: 0 done,
//! 1 the user can mend it, 2 wrong usage, 3 done with problems, 70 a mistake of ours, 130 stopped.
//! Invariant: logic lives in the libraries; here are only words and their order. Deliberately absent: engines, SQL, HTML.

use std::process::ExitCode;

mod args;
mod commands;
mod fault;
mod stop;
mod talk;

fn main() -> ExitCode {
    keep_memory();
    // A worker is this same program, called before anything else is set up.
    if std::env::args_os().nth(1).is_some_and(|first| first == "--worker") {
        return ExitCode::from(pipeline::worker::serve());
    }
    let arguments = args::parse();
    match commands::carry_out(arguments) {
        Ok(end) => end.into(),
        Err(fault) => {
            talk::fault(&fault);
            fault.kind.into()
        }
    }
}

/// Has the allocator keep what is freed, up to some 100 MB. By itself it gives every plane of a picture back to the kernel and
/// asks for the next one anew, page by page: 3 % of what examining a leak takes.
fn keep_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: both only set numbers of the allocator, and no other thread runs yet.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, 64 << 20);
        libc::mallopt(libc::M_TRIM_THRESHOLD, 128 << 20);
    }
}

//! What a worker gives up before it opens anything: files, network, processes, threads, memory and time beyond bounds.
//!
//! An allow-list of system calls (seccomp-bpf, Linux 3.5 and later): whatever opens a path, a socket or a process is not
//! on it, so that it fails with "operation not permitted". Memory that can be executed cannot be had either. Behind that stands
//! Landlock, where the kernel has it (Linux 5.13 and later): no file may be read, written or run even if a path could be opened.

use std::io;

use landlock::{ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

/// The exit code of a worker that could not shut itself in.
pub(crate) const NO_SANDBOX: i32 = 79;

/// Address space, in bytes.
pub(crate) const MEMORY: u64 = 3 << 30;

/// Calls without conditions.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_tgkill,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Gives up everything but standard input and output, and all but `seconds` of processor time.
pub(crate) fn shut_in(seconds: u64) -> io::Result<()> {
    // SAFETY: prctl with these arguments only sets a flag of this process.
    let set = unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) == 0 && libc::prctl(libc::PR_SET_DUMPABLE, 0) == 0
    };
    if !set {
        return Err(io::Error::last_os_error());
    }
    limit(libc::RLIMIT_CPU, seconds, seconds + 5)?;
    limit(libc::RLIMIT_AS, MEMORY, MEMORY)?;
    limit(libc::RLIMIT_CORE, 0, 0)?;
    limit(libc::RLIMIT_FSIZE, 0, 0)?;
    limit(libc::RLIMIT_NOFILE, 16, 16)?;
    landlocked().map_err(io::Error::other)?;
    // A decoder that wants to go parallel finds a pool of this one thread.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
    seccompiler::apply_filter(&filter().map_err(io::Error::other)?).map_err(io::Error::other)
}

/// Gives up all files, as far as the kernel knows how; whether it does.
pub(crate) fn landlocked() -> Result<bool, landlock::RulesetError> {
    let rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))?;
    Ok(rules.create()?.restrict_self()?.ruleset != RulesetStatus::NotEnforced)
}

fn limit(what: libc::__rlimit_resource_t, soft: u64, hard: u64) -> io::Result<()> {
    let bounds = libc::rlimit { rlim_cur: soft, rlim_max: hard };
    // SAFETY: the pointer is to a live struct of the right type.
    match unsafe { libc::setrlimit(what, &raw const bounds) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let not_executable =
        SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64), 0)?;
    let not_executable = vec![SeccompRule::new(vec![not_executable])?];
    let mut rules: std::collections::BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    rules.insert(libc::SYS_mmap, not_executable.clone());
    rules.insert(libc::SYS_mprotect, not_executable);
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let target = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, refuse, SeccompAction::Allow, target)?.try_into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::fs::File;

    use super::*;

    /// What a thread that shut itself in so is told when it opens a file; the other threads stay as they are.
    fn opening(shut_in: impl FnOnce() -> bool + Send + 'static) -> Option<i32> {
        let told = std::thread::spawn(|| {
            if !shut_in() {
                return None;
            }
            Some(File::open("/etc/hostname").map_or_else(|error| error.raw_os_error().unwrap(), |_| 0))
        });
        told.join().unwrap()
    }

    #[test]
    fn either_of_the_two_alone_keeps_files_shut() {
        assert_eq!(opening(|| true), Some(0));
        let landlock = opening(|| landlocked().unwrap());
        if landlock.is_none() {
            println!("skipped: this kernel has no Landlock (Linux 5.13 or later)");
        }
        assert!(landlock.is_none_or(|told| told == libc::EACCES));
        let seccomp = opening(|| {
            // SAFETY: prctl with these arguments only sets a flag of this thread.
            assert_eq!(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }, 0);
            seccompiler::apply_filter(&filter().unwrap()).is_ok()
        });
        assert_eq!(seccomp, Some(libc::EPERM));
    }
}

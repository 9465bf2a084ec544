//! Running a reader shut in: the one file that starts processes.
//!
//! The child has an empty environment, a process group of its own, dies with the thread that started it, may open only
//! what it is named, may write only its folder, may not open sockets, and has bounds on memory, processor time, file
//! size and wall time. What the kernel cannot enforce (Landlock came with Linux 5.13) is left out, and said in
//! [`Ended::shut_in`].

use std::ffi::{CString, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

/// Address space of the child, in bytes.
const MEMORY: u64 = 3 << 30;
/// The largest file it may write, in bytes.
const FILE: u64 = 64 << 20;

/// What to run.
pub(crate) struct Errand<'a> {
    pub program: &'a Path,
    pub arguments: Vec<OsString>,
    /// Where it works and writes; nothing else may be written.
    pub folder: &'a Path,
    /// Folders it may read beside the system's libraries.
    pub readable: &'a [&'a Path],
    /// How long it may take, by the wall.
    pub limit: Duration,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// None if its time was up and it was killed.
    pub status: Option<ExitStatus>,
    /// The kernel kept it from other files (Landlock).
    pub shut_in: bool,
}

/// Runs it to its end. Its standard output and error go to `stdout` and `stderr` in the folder.
pub(crate) fn run(errand: &Errand) -> io::Result<Ended> {
    let ruleset = ruleset(errand).ok();
    let filter = no_network()?;
    let mut command = Command::new(errand.program);
    command
        .args(&errand.arguments)
        .env_clear()
        .env("OMP_THREAD_LIMIT", "1")
        .env("LC_ALL", "C.UTF-8")
        .current_dir(errand.folder)
        .stdin(Stdio::null())
        .stdout(File::create(errand.folder.join("stdout"))?)
        .stderr(File::create(errand.folder.join("stderr"))?)
        .process_group(0);
    let (parent, rules) = (std::process::id(), ruleset.as_ref().map(AsRawFd::as_raw_fd));
    let seconds = errand.limit.as_secs().saturating_add(5);
    // SAFETY: between fork and exec only system calls are made; nothing is allocated and no lock is taken.
    unsafe {
        command.pre_exec(move || shut_in(parent, seconds, rules, &filter));
    }
    let child = command.spawn()?;
    let status = wait(child, errand.limit)?;
    Ok(Ended { status, shut_in: ruleset.is_some() })
}

fn wait(mut child: Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    let mut nap = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() > limit {
            // SAFETY: the child has not been waited for, so that its number still names its own process group.
            unsafe { libc::kill(-(child.id() as libc::pid_t), libc::SIGKILL) };
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(nap);
        nap = (nap * 2).min(Duration::from_millis(20));
    }
}

/// In the child, before the program is loaded.
fn shut_in(parent: u32, seconds: u64, rules: Option<RawFd>, filter: &BpfProgram) -> io::Result<()> {
    // SAFETY: plain system calls with constant arguments.
    unsafe {
        if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) != 0 {
            return Err(io::Error::last_os_error());
        }
        if libc::getppid() as u32 != parent {
            return Err(io::Error::from_raw_os_error(libc::ESRCH));
        }
        if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    bound(libc::RLIMIT_CPU, seconds)?;
    bound(libc::RLIMIT_AS, MEMORY)?;
    bound(libc::RLIMIT_CORE, 0)?;
    bound(libc::RLIMIT_FSIZE, FILE)?;
    if let Some(rules) = rules {
        // SAFETY: the descriptor is a live Landlock ruleset.
        if unsafe { libc::syscall(libc::SYS_landlock_restrict_self, rules, 0u32) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    seccompiler::apply_filter(filter).map_err(|_| io::Error::from_raw_os_error(libc::EPERM))
}

fn bound(what: libc::__rlimit_resource_t, most: u64) -> io::Result<()> {
    let mut bounds = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the pointers are to a live struct of the right type.
    unsafe {
        if libc::getrlimit(what, &raw mut bounds) != 0 {
            return Err(io::Error::last_os_error());
        }
        bounds.rlim_max = bounds.rlim_max.min(most);
        bounds.rlim_cur = bounds.rlim_cur.min(most);
        match libc::setrlimit(what, &raw const bounds) {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

/// Refuses sockets, tracing and what else a reader of pictures has no use for; all other calls are left to Landlock.
fn no_network() -> io::Result<BpfProgram> {
    let refused = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_mount,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_bpf,
        libc::SYS_keyctl,
    ];
    let rules = refused.iter().map(|call| (*call, Vec::new())).collect();
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let target = TargetArch::try_from(std::env::consts::ARCH).map_err(io::Error::other)?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, target).map_err(io::Error::other)?;
    filter.try_into().map_err(io::Error::other)
}

#[repr(C)]
struct RulesetAttr {
    handled_access_fs: u64,
}

#[repr(C, packed)]
struct PathBeneath {
    allowed_access: u64,
    parent_fd: RawFd,
}

// Access rights of Landlock's first version (linux/landlock.h).
const EXECUTE: u64 = 1;
const WRITE_FILE: u64 = 1 << 1;
const READ_FILE: u64 = 1 << 2;
const READ_DIR: u64 = 1 << 3;
const REMOVE_FILE: u64 = 1 << 5;
const MAKE_REG: u64 = 1 << 8;
const ALL: u64 = (1 << 13) - 1;
const SYSTEM: &[&str] =
    &["/usr", "/lib", "/lib64", "/lib32", "/bin", "/opt", "/nix/store", "/etc/ld.so.cache"];

/// A Landlock ruleset that lets the child read the system's programs and what it is named, and write its folder.
fn ruleset(errand: &Errand) -> io::Result<OwnedFd> {
    let attr = RulesetAttr { handled_access_fs: ALL };
    // SAFETY: the pointer is to a live struct of the size given; the result is a fresh descriptor.
    let fd = unsafe {
        let fd =
            libc::syscall(libc::SYS_landlock_create_ruleset, &raw const attr, size_of::<RulesetAttr>(), 0u32);
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        OwnedFd::from_raw_fd(fd as RawFd)
    };
    let read = EXECUTE | READ_FILE | READ_DIR;
    for path in SYSTEM.iter().map(Path::new) {
        allow(&fd, path, read).or_else(absent)?;
    }
    for path in errand.readable {
        allow(&fd, path, READ_FILE | READ_DIR).or_else(absent)?;
    }
    if let Some(parent) = errand.program.parent() {
        allow(&fd, parent, read)?;
    }
    allow(&fd, Path::new("/dev/null"), READ_FILE | WRITE_FILE).or_else(absent)?;
    allow(&fd, errand.folder, READ_FILE | READ_DIR | WRITE_FILE | MAKE_REG | REMOVE_FILE)?;
    Ok(fd)
}

fn absent(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn allow(ruleset: &OwnedFd, path: &Path, access: u64) -> io::Result<()> {
    let name = CString::new(path.as_os_str().as_bytes()).map_err(io::Error::other)?;
    // SAFETY: the string ends with a zero byte; the result is a fresh descriptor.
    let parent = unsafe {
        let fd = libc::open(name.as_ptr(), libc::O_PATH | libc::O_CLOEXEC);
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        OwnedFd::from_raw_fd(fd)
    };
    let files_only = EXECUTE | WRITE_FILE | READ_FILE;
    let access = if path.is_dir() { access } else { access & files_only };
    let rule = PathBeneath { allowed_access: access, parent_fd: parent.as_raw_fd() };
    // SAFETY: 1 is LANDLOCK_RULE_PATH_BENEATH and the pointer is to a live struct of that rule's shape.
    match unsafe { libc::syscall(libc::SYS_landlock_add_rule, ruleset.as_raw_fd(), 1, &raw const rule, 0u32) }
    {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errand(program: &str, argument: &str, folder: &Path, limit: u64) -> Ended {
        let arguments = vec![OsString::from(argument)];
        let limit = Duration::from_millis(limit);
        run(&Errand { program: Path::new(program), arguments, folder, readable: &[], limit }).unwrap()
    }

    #[test]
    fn what_takes_too_long_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let started = Instant::now();
        assert!(errand("/bin/sleep", "30", folder.path(), 100).status.is_none());
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn other_files_are_closed_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let other = tempfile::NamedTempFile::new().unwrap();
        let ended = errand("/bin/cat", &other.path().to_string_lossy(), folder.path(), 5_000);
        assert_eq!(ended.status.unwrap().success(), !ended.shut_in);
        std::fs::write(folder.path().join("mine"), "x").unwrap();
        assert!(errand("/bin/cat", "mine", folder.path(), 5_000).status.unwrap().success());
    }
}

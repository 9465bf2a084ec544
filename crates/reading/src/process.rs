//! Running a reader shut in: the one file that starts processes.
//!
//! The child has an empty environment, a process group of its own, dies with the thread that started it, may open only
//! what it is named, may write only its folder, may not open sockets, start processes or signal others, and has bounds on
//! memory, processor time, file size and wall time. What the kernel cannot enforce (Landlock came with Linux 5.13) is left out, and said in
//! [`Ended::shut_in`].

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use landlock::{
    ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError,
    path_beneath_rules,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

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
    let ruleset = ruleset(errand).map_err(io::Error::other)?;
    let filter = filter()?;
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

/// Refuses sockets, processes, signals to others, tracing and what else a reader of pictures has no use for; files are left to
/// Landlock. A thread may be started where the kernel is asked by the older call (`clone`), whose arguments can be looked at.
fn filter() -> io::Result<BpfProgram> {
    let refused = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_io_uring_setup,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_fork,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_vfork,
        libc::SYS_clone3,
        libc::SYS_kill,
        libc::SYS_tkill,
        libc::SYS_tgkill,
        libc::SYS_rt_sigqueueinfo,
        libc::SYS_rt_tgsigqueueinfo,
        libc::SYS_pidfd_send_signal,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_mount,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_bpf,
        libc::SYS_keyctl,
    ];
    let both = |call: libc::c_long| [call, call | OTHER_ABI];
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        refused.into_iter().flat_map(both).map(|call| (call, Vec::new())).collect();
    let process = SeccompCmpOp::MaskedEq(libc::CLONE_THREAD as u64);
    let process = SeccompCondition::new(0, SeccompCmpArgLen::Dword, process, 0).map_err(io::Error::other)?;
    let process = SeccompRule::new(vec![process]).map_err(io::Error::other)?;
    rules.extend(both(libc::SYS_clone).map(|call| (call, vec![process.clone()])));
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let target = TargetArch::try_from(std::env::consts::ARCH).map_err(io::Error::other)?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, target).map_err(io::Error::other)?;
    filter.try_into().map_err(io::Error::other)
}

/// The same calls by the numbers of x32 (`__X32_SYSCALL_BIT`), which some kernels offer beside those of x86-64.
const OTHER_ABI: libc::c_long = 0x4000_0000;

const SYSTEM: &[&str] =
    &["/usr", "/lib", "/lib64", "/lib32", "/bin", "/opt", "/nix/store", "/etc/ld.so.cache"];

/// A Landlock ruleset that lets the child read the system's programs and what it is named, and write its folder; none where
/// the kernel has no Landlock. What is absent is not allowed either.
fn ruleset(errand: &Errand) -> Result<Option<OwnedFd>, RulesetError> {
    let look = AccessFs::ReadFile | AccessFs::ReadDir;
    let write = AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::RemoveFile | AccessFs::Truncate;
    let system = SYSTEM.iter().map(Path::new).chain(errand.program.parent());
    let rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))?
        .create()?
        .add_rules(path_beneath_rules(system, look | AccessFs::Execute))?
        .add_rules(path_beneath_rules(errand.readable, look))?
        .add_rules(path_beneath_rules(
            ["/dev/null"],
            AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::Truncate,
        ))?
        .add_rules(path_beneath_rules([errand.folder], look | write))?;
    Ok(rules.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errand(program: &str, arguments: &[&str], folder: &Path, limit: u64) -> Ended {
        let arguments = arguments.iter().map(OsString::from).collect();
        let limit = Duration::from_millis(limit);
        run(&Errand { program: Path::new(program), arguments, folder, readable: &[], limit }).unwrap()
    }

    /// Whether bash does this shut in, with words of its own alone; what it says of it.
    fn does(folder: &Path, script: &str) -> (bool, String) {
        let ended = errand("/bin/bash", &["-c", script], folder, 10_000);
        let said = std::fs::read_to_string(folder.join("stderr")).unwrap();
        (ended.status.unwrap().success(), said)
    }

    #[test]
    fn what_takes_too_long_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let started = Instant::now();
        assert!(errand("/bin/sleep", &["30"], folder.path(), 100).status.is_none());
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn other_files_are_closed_to_it() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (folder, other) = (folder.path(), elsewhere.path().join("other"));
        std::fs::write(&other, "x").unwrap();
        let ended = errand("/bin/cat", &[&other.to_string_lossy()], folder, 5_000);
        assert_eq!(ended.status.unwrap().success(), !ended.shut_in);
        assert_eq!(does(folder, &format!("echo more >> {}", other.display())).0, !ended.shut_in);
        std::fs::write(folder.join("mine"), "x").unwrap();
        assert!(errand("/bin/cat", &["mine"], folder, 5_000).status.unwrap().success());
        assert!(does(folder, "echo more >> mine").0);
    }

    #[test]
    fn it_has_no_network_starts_nothing_and_signals_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("/dev/tcp/127.0.0.1/{}", listener.local_addr().unwrap().port());
        for script in [format!("exec 3<>{address}"), "(true)".to_owned(), "kill -0 $PPID".to_owned()] {
            let free = Command::new("/bin/bash").args(["-c", &script]).status().unwrap();
            assert!(free.success(), "{script}");
            let (done, said) = does(folder.path(), &script);
            assert!(!done && said.contains("not permitted"), "{script}: {done} {said}");
        }
    }

    #[test]
    fn memory_and_files_it_writes_are_bounded() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mine"), "x").unwrap();
        let dd = |block: &str| {
            let arguments = ["if=mine", "of=out", &format!("bs={block}"), "count=1"];
            errand("/bin/dd", &arguments, folder.path(), 10_000).status.unwrap().success()
        };
        assert!(dd("1M"));
        assert!(!dd("4G"));
        let grown = |size: &str| {
            errand("/usr/bin/truncate", &["-s", size, "mine"], folder.path(), 10_000)
                .status
                .unwrap()
                .success()
        };
        assert!(grown("60M"));
        assert!(!grown("70M"));
    }
}
